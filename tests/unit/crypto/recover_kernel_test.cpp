// Recovering eight keys at once against libsecp256k1, which recovers one. Two things hold: what the kernel finds is what
// the library finds, for every input; and for inputs without a special structure it does find it.
#include "crypto/recover_kernel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <optional>

#include "crypto/context.hpp"
#include "crypto/parsed_key_access.hpp"
#include "crypto/scalar.hpp"
#include "crypto/verify_job.hpp"
#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto::kernel {
namespace {

using test::numbered_hash;
using test::numbered_key;

#define MOOT_IFMA_OR_SKIP() \
  if (recover_ifma() == nullptr) GTEST_SKIP() << "this processor has no AVX-512 IFMA"

using Bytes32 = std::array<u8, 32>;

Bytes32 bytes_of(const Scalar& scalar) {
  Bytes32 out;
  for (std::size_t i = 0; i < 32; ++i) out[31 - i] = static_cast<u8>(scalar.words[i / 8] >> (i % 8 * 8));
  return out;
}

Scalar small(u64 value) { return Scalar{{value, 0, 0, 0}}; }
Scalar inverse(const Scalar& scalar) {
  Scalar out = scalar;
  invert_each({&out, 1});
  return out;
}

PointBytes point_of(const secp256k1_pubkey& key) {
  std::array<u8, 65> bytes;
  std::size_t size = bytes.size();
  secp256k1_ec_pubkey_serialize(context(), bytes.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
  PointBytes out;
  std::copy(bytes.begin() + 1, bytes.end(), out.begin());
  return out;
}

// k·G, k not 0.
PointBytes generator_times(const Scalar& k) {
  secp256k1_pubkey key;
  EXPECT_EQ(secp256k1_ec_pubkey_create(context(), &key, bytes_of(k).data()), 1);
  return point_of(key);
}

struct Question {
  Signature signature;
  Hash digest;
};

Question question_of(const PointBytes& r_point, const Scalar& s, const Scalar& digest) {
  Question out;
  std::copy_n(r_point.begin(), 32, out.signature.bytes.begin());
  std::ranges::copy(bytes_of(s), out.signature.bytes.begin() + 32);
  out.signature.bytes[64] = r_point[63] & 1;
  out.digest.bytes = bytes_of(digest);
  return out;
}

// The question whose answer is u1·G + u2·R, for R = k·G.
Question question_for(const Scalar& k, const Scalar& u1, const Scalar& u2) {
  const PointBytes r_point = generator_times(k);
  const Scalar r = scalar_from(r_point.data());
  return question_of(r_point, multiply(u2, r), negate(multiply(u1, r)));
}

std::optional<PointBytes> by_library(const Question& question) {
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_pubkey key;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &parsed, question.signature.bytes.data(),
                                                          question.signature.bytes[64]) != 1 ||
      secp256k1_ecdsa_recover(context(), &key, &parsed, question.digest.bytes.data()) != 1)
    return std::nullopt;
  return point_of(key);
}

std::vector<RecoveredPoint> at_once(std::span<const Question> questions) {
  std::vector<RecoverJob> jobs;
  for (const Question& question : questions)
    jobs.push_back({.signature = &question.signature, .digest = &question.digest});
  std::vector<RecoveredPoint> out(jobs.size());
  recover_ifma()(jobs, out);
  return out;
}

// How many were found; each that was is the library's.
std::size_t found_as_library_finds(std::span<const Question> questions) {
  const auto points = at_once(questions);
  std::size_t found = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (!points[i].found) continue;
    ++found;
    const auto expected = by_library(questions[i]);
    EXPECT_TRUE(expected.has_value()) << i << " " << to_hex(questions[i].signature.view());
    if (expected)
      EXPECT_EQ(to_hex(points[i].bytes), to_hex(*expected))
          << i << " " << to_hex(questions[i].signature.view());
  }
  return found;
}

std::vector<Question> signed_questions(std::size_t count, u64 first = 0) {
  std::vector<Question> out;
  for (u64 i = first; i < first + count; ++i)
    out.push_back({.signature = sign(numbered_key(i), numbered_hash(i)), .digest = numbered_hash(i)});
  return out;
}

TEST(RecoverKernel, FindsTheKeyOfEverySignatureWhateverTheirNumber) {
  MOOT_IFMA_OR_SKIP();
  for (const std::size_t count : {0U, 1U, 2U, 7U, 8U, 9U, 63U, 64U, 65U, 130U})
    EXPECT_EQ(found_as_library_finds(signed_questions(count, 1'000 * count)), count);
}

TEST(RecoverKernel, FindsTheKeysOfTenThousandSignatures) {
  MOOT_IFMA_OR_SKIP();
  EXPECT_EQ(found_as_library_finds(signed_questions(10'000, 1'000'000)), 10'000U);
}

TEST(RecoverKernel, EveryEntryOfItsTableIsTheMultipleItStandsFor) {
  MOOT_IFMA_OR_SKIP();
  for (std::size_t row = 0; row < kCombDigits; ++row) {
    for (std::size_t digit = 1; digit <= 128; ++digit) {
      Scalar k;
      k.words[row / 8] = u64{digit} << (row % 8 * 8);
      ASSERT_EQ(comb_entry(row, digit), generator_times(scalar_from(bytes_of(k).data())))
          << row << " " << digit;
    }
  }
}

// Each scalar at the ends of what its digits can be, with points R that are near what the sum begins at and passes.
TEST(RecoverKernel, IsNeverWrongAboutScalarsAtTheEndsOfTheirRanges) {
  MOOT_IFMA_OR_SKIP();
  const Scalar lambda{{0xdf02967c1b23bd72, 0x122e22ea20816678, 0xa5261c028812645a, 0x5363ad4cc05c30e0}};
  std::vector<Scalar> scalars;
  for (const Scalar& base :
       {small(1), small(2), small(7), small(8), small(9), small(127), small(128), small(129), lambda,
        multiply(lambda, lambda), Scalar{{0, 1, 0, 0}}, Scalar{{0, 0, 1, 0}}, Scalar{{0, 0, 0, 1}},
        Scalar{{~0ULL, ~0ULL, 0, 0}}, Scalar{{0x8888888888888888, 0x0888888888888888, 0, 0}},
        Scalar{{0x8080808080808080, 0x8080808080808080, 0x8080808080808080, 0x7f80808080808080}}}) {
    scalars.push_back(base);
    scalars.push_back(negate(base));
  }
  std::vector<Question> questions;
  for (const Scalar& k :
       {small(1), small(3), negate(small(1)), lambda, scalar_from(numbered_hash(5).bytes.data())}) {
    for (const Scalar& u2 : scalars) {
      questions.push_back(question_for(k, Scalar{}, u2));
      for (const Scalar& u1 : scalars) questions.push_back(question_for(k, u1, u2));
    }
  }
  // Nearly all: left out are sums that pass through equal or opposite points, u1·G = ±u2·R among them.
  const std::size_t found = found_as_library_finds(questions);
  EXPECT_GT(found, questions.size() * 9 / 10) << "of " << questions.size();
}

TEST(RecoverKernel, SaysNothingWhereThereIsNoKey) {
  MOOT_IFMA_OR_SKIP();
  auto questions = signed_questions(24);
  // u1·G + u2·R = 0: a digest of s·k, for R = k·G.
  for (const std::size_t i : {3U, 8U, 9U}) {
    const Scalar k = scalar_from(numbered_hash(i).bytes.data());
    const Scalar s = small(12'345 + i);
    questions[i] = question_of(generator_times(k), s, multiply(s, k));
    ASSERT_FALSE(by_library(questions[i]).has_value());
  }
  // No point has this x.
  for (const std::size_t i : {4U, 16U}) {
    do ++questions[i].signature.bytes[31];
    while (by_library(questions[i]).has_value());
  }
  const auto points = at_once(questions);
  for (const std::size_t i : {3U, 8U, 9U, 4U, 16U}) EXPECT_FALSE(points[i].found) << i;
  // The others in the same lanes and groups are not disturbed.
  EXPECT_EQ(found_as_library_finds(questions), questions.size() - 5);
}

// R near the point that the sum begins at, so that an early addition meets equal or opposite points.
TEST(RecoverKernel, IsNeverWrongWhenASumMeetsWhatItCannotAdd) {
  MOOT_IFMA_OR_SKIP();
  const Scalar begin =
      scalar_from(test::hex("9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251f86c6a11d0c18e95").data());
  std::vector<Question> questions;
  // The last digit of a half is 0 or 1 and the one before it −8 to 7, so these multiples of B's parts are met at once.
  for (u64 part = 1; part <= 8; ++part) {
    const Scalar k = multiply(begin, inverse(small(part)));
    for (const Scalar& r : {k, negate(k)})
      for (u64 digit = 1; digit <= 15; ++digit)
        for (const std::size_t word : {0U, 1U})
          for (const unsigned shift : {0U, 56U, 60U}) {
            Scalar u2;
            u2.words[word] = digit << shift;
            questions.push_back(question_for(r, small(9), u2));
          }
  }
  const std::size_t found = found_as_library_finds(questions);
  EXPECT_LT(found, questions.size()) << "none of them met such a case: B is another";
  EXPECT_GT(found, questions.size() / 2);
}

RC_GTEST_PROP(RecoverKernel, IsNeverWrongAboutAnyBytes, ()) {
  if (recover_ifma() == nullptr) return;
  std::vector<Question> questions(*rc::gen::inRange<std::size_t>(1, 20));
  for (Question& question : questions) {
    question.signature.bytes = *rc::gen::container<std::array<u8, 65>>(rc::gen::arbitrary<u8>());
    question.signature.bytes[64] &= 1;
    question.signature.bytes[32] &= 0x7f;
    question.signature.bytes[63] |= 1;  // s is not 0
    question.signature.bytes[31] |= 1;
    question.digest.bytes = *rc::gen::container<Bytes32>(rc::gen::arbitrary<u8>());
  }
  std::erase_if(questions,
                [](const Question& question) { return !check_canonical(question.signature).has_value(); });
  RC_ASSERT(found_as_library_finds(questions) ==
            static_cast<std::size_t>(
                std::ranges::count_if(questions, [](const auto& q) { return by_library(q).has_value(); })));
}

}  // namespace
}  // namespace moot::crypto::kernel
