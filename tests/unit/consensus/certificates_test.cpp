#include "consensus/certificates.hpp"

#include <gtest/gtest.h>

#include "tests/unit/consensus/fixture.hpp"

namespace moot::consensus::test {
namespace {

std::optional<CertificateError> fault(const Certificate& certificate, const ValidatorSet& validators,
                                      const LedgerId& chain = kChain) {
  const auto result = verify(certificate, validators, chain);
  if (result) return std::nullopt;
  return result.error();
}

TEST(Certificate, OfAQuorumProvesItsStatement) {
  const Validators ten(10);
  EXPECT_EQ(fault(ten.certificate({0, 2, 3, 5, 7, 8, 9}, finalize_at(1, 2)), ten.set()), std::nullopt);
  EXPECT_EQ(fault(ten.certificate({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, nullify_at(1, 2)), ten.set()),
            std::nullopt);
}

TEST(Certificate, OfOneValidatorNeedsThatOne) {
  const Validators one(1);
  EXPECT_EQ(fault(one.certificate({0}, finalize_at(0, 1)), one.set()), std::nullopt);
}

TEST(Certificate, BitmapCountsFromTheLowestBitOfTheFirstByte_0_15) {
  const Validators ten(10);
  const auto certificate = ten.certificate({9, 0, 3, 2, 7, 8, 5}, finalize_at(1, 2));
  EXPECT_EQ(certificate.bitmap, (Bytes{0b10101101, 0b00000011}));
  ASSERT_EQ(certificate.signatures.size(), 7U);
  EXPECT_EQ(certificate.signatures[1], ten.vote(2, finalize_at(1, 2)).signature);
  EXPECT_EQ(certificate.signatures[6], ten.vote(9, finalize_at(1, 2)).signature);
}

TEST(Certificate, ComesBackFromItsBytes) {
  const Validators four(4);
  for (const auto& statement : {finalize_at(1, 2), nullify_at(1, 2)}) {
    const auto certificate = four.certificate({0, 1, 3}, statement);
    EXPECT_EQ(decoded<Certificate>(encoded(certificate)), certificate);
  }
}

TEST(Certificate, WithABitmapOfAnotherLengthIsRefused) {
  const Validators ten(10);
  auto certificate = ten.certificate({0, 1, 2, 3, 4, 5, 6}, finalize_at(1, 2));
  certificate.bitmap.push_back(0);
  EXPECT_EQ(fault(certificate, ten.set()), CertificateError::bitmap_length);
  certificate.bitmap.resize(1);
  EXPECT_EQ(fault(certificate, ten.set()), CertificateError::bitmap_length);
  certificate.bitmap.clear();
  EXPECT_EQ(fault(certificate, ten.set()), CertificateError::bitmap_length);
}

TEST(Certificate, WithAnyBitPastTheLastValidatorIsRefused) {
  const Validators ten(10);
  for (unsigned bit = 2; bit < 8; ++bit) {
    auto certificate = ten.certificate({0, 1, 2, 3, 4, 5, 6}, finalize_at(1, 2));
    certificate.bitmap[1] = static_cast<u8>(certificate.bitmap[1] | 1U << bit);
    EXPECT_EQ(fault(certificate, ten.set()), CertificateError::tail_bits) << bit;
  }
}

TEST(Certificate, WithOneSignerLessThanAQuorumIsRefused) {
  const Validators ten(10);
  auto certificate = ten.certificate({0, 1, 2, 3, 4, 5, 6}, finalize_at(1, 2));
  certificate.bitmap[0] = 0b00111111;
  certificate.signatures.pop_back();
  EXPECT_EQ(fault(certificate, ten.set()), CertificateError::below_quorum);
}

TEST(Certificate, NeedsOneSignatureForEachSigner) {
  const Validators four(4);
  const auto good = four.certificate({0, 1, 3}, finalize_at(1, 2));
  auto less = good;
  less.signatures.pop_back();
  EXPECT_EQ(fault(less, four.set()), CertificateError::signature_count);
  auto more = good;
  more.signatures.push_back(good.signatures[0]);
  EXPECT_EQ(fault(more, four.set()), CertificateError::signature_count);
}

TEST(Certificate, WithItsSignersInAnotherOrderIsRefused) {
  const Validators four(4);
  auto certificate = four.certificate({0, 1, 3}, finalize_at(1, 2));
  std::swap(certificate.signatures[0], certificate.signatures[1]);
  EXPECT_EQ(fault(certificate, four.set()), CertificateError::bad_signature);
}

TEST(Certificate, WithOneSignatureStandingForTwoSignersIsRefused) {
  const Validators four(4);
  auto certificate = four.certificate({0, 1, 3}, finalize_at(1, 2));
  certificate.signatures[1] = certificate.signatures[0];
  EXPECT_EQ(fault(certificate, four.set()), CertificateError::bad_signature);
}

TEST(Certificate, BySomebodyElsesKeyIsRefused) {
  const Validators four(4);
  const Validators five(5);
  // The stranger is the one key of the five that is not among the four.
  u16 stranger = 0;
  while (four.set().index_of(five.set().key(stranger))) ++stranger;
  auto certificate = four.certificate({0, 1, 3}, finalize_at(1, 2));
  certificate.signatures[2] = five.vote(stranger, finalize_at(1, 2)).signature;
  EXPECT_EQ(fault(certificate, four.set()), CertificateError::bad_signature);
}

TEST(Certificate, OfAnotherChainIsRefused) {
  const Validators four(4);
  const auto certificate = four.certificate({0, 1, 3}, finalize_at(1, 2));
  EXPECT_EQ(fault(certificate, four.set(), kOtherChain), CertificateError::bad_signature);
}

TEST(Certificate, MovedToAnotherEpochViewBlockOrKindIsRefused) {
  const Validators four(4);
  const auto good = four.certificate({0, 1, 3}, finalize_at(1, 2));
  for (const auto& statement : {finalize_at(2, 2), finalize_at(1, 3), finalize_at(1, 2, 0xb2)}) {
    auto moved = good;
    moved.statement = statement;
    EXPECT_EQ(fault(moved, four.set()), CertificateError::bad_signature);
  }
  auto notarization = good;
  notarization.statement.kind = VoteKind::notarize;
  EXPECT_EQ(fault(notarization, four.set()), CertificateError::bad_signature);
}

TEST(Certificate, NamesABlockExactlyWhenItsKindDoes) {
  const Validators four(4);
  auto nameless = four.certificate({0, 1, 3}, finalize_at(1, 2));
  nameless.statement.block.reset();
  EXPECT_EQ(fault(nameless, four.set()), CertificateError::block_named_wrongly);
  auto named = four.certificate({0, 1, 3}, nullify_at(1, 2));
  named.statement.block = filled(1).as<BlockHash>();
  EXPECT_EQ(fault(named, four.set()), CertificateError::block_named_wrongly);
}

TEST(Certificate, WithEveryByteChangedOneByOneIsNeverGood) {
  const Validators four(4);
  const Bytes good = encoded(four.certificate({0, 1, 3}, finalize_at(1, 2)));
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 1;
    const auto certificate = decoded<Certificate>(bad);
    if (!certificate) continue;
    EXPECT_TRUE(fault(*certificate, four.set()).has_value()) << i;
  }
}

TEST(MakeCertificate, RefusesVotesThatDoNotBelongTogether) {
  const Validators four(4);
  const auto statement = finalize_at(1, 2);
  auto mixed = four.votes({0, 1}, statement);
  mixed.push_back(four.vote(2, finalize_at(1, 3)));
  EXPECT_EQ(make_certificate(statement, mixed, four.set()).error(), VotesError::mixed);
  EXPECT_EQ(make_certificate(statement, four.votes({0, 1, 1}, statement), four.set()).error(),
            VotesError::signer_twice);
  EXPECT_EQ(make_certificate(statement, four.votes({0, 3}, statement), four.set()).error(),
            VotesError::below_quorum);
  auto outside = four.votes({0, 1, 2}, statement);
  outside[2].signer = 4;
  EXPECT_EQ(make_certificate(statement, outside, four.set()).error(), VotesError::signer_range);
}

TEST(JustificationRoot, CoversEveryCertificateAndTheirOrder) {
  const Validators four(4);
  Justification base{.parent = four.certificate({0, 1, 3}, finalize_at(1, 2)),
                     .nullifications = {four.certificate({0, 1, 3}, nullify_at(1, 3)),
                                        four.certificate({0, 1, 2}, nullify_at(1, 4))}};
  const Hash root = justification_root(base);
  auto other = base;
  other.parent.reset();
  EXPECT_NE(justification_root(other), root);
  other = base;
  other.nullifications.pop_back();
  EXPECT_NE(justification_root(other), root);
  other = base;
  std::swap(other.nullifications[0], other.nullifications[1]);
  EXPECT_NE(justification_root(other), root);
  // Another quorum for the same view is another certificate.
  other = base;
  other.nullifications[0] = four.certificate({1, 2, 3}, nullify_at(1, 3));
  EXPECT_NE(justification_root(other), root);
  EXPECT_EQ(justification_root(*decoded<Justification>(encoded(base))), root);
}

}  // namespace
}  // namespace moot::consensus::test
