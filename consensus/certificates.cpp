#include "consensus/certificates.hpp"

#include <bit>

#include "crypto/sha256.hpp"

namespace moot::consensus {
namespace {

constexpr std::size_t bitmap_bytes(std::size_t n) { return (n + 7) / 8; }  // rounded up

bool has_bit(ByteView bitmap, std::size_t signer) { return (bitmap[signer / 8] >> (signer % 8) & 1) != 0; }

std::size_t popcount(ByteView bitmap) {
  std::size_t count = 0;
  for (const u8 byte : bitmap) count += static_cast<std::size_t>(std::popcount(byte));
  return count;
}

// Everything about a certificate that needs no cryptography.
std::expected<void, CertificateError> check_shape(const Certificate& certificate, std::size_t n) {
  if (!certificate.statement.well_formed()) return std::unexpected(CertificateError::block_named_wrongly);
  if (certificate.bitmap.size() != bitmap_bytes(n)) return std::unexpected(CertificateError::bitmap_length);
  for (std::size_t bit = n; bit < certificate.bitmap.size() * 8; ++bit)
    if (has_bit(certificate.bitmap, bit)) return std::unexpected(CertificateError::tail_bits);
  const std::size_t signers = popcount(certificate.bitmap);
  if (signers < Quorum{static_cast<u32>(n)}.votes()) return std::unexpected(CertificateError::below_quorum);
  if (certificate.signatures.size() != signers) return std::unexpected(CertificateError::signature_count);
  return {};
}

}  // namespace

std::string_view describe(CertificateError error) {
  switch (error) {
    case CertificateError::block_named_wrongly:
      return "it names a block where its kind names none, or the reverse";
    case CertificateError::bitmap_length: return "its bitmap does not have one bit for each validator";
    case CertificateError::tail_bits: return "its bitmap has a bit past the last validator";
    case CertificateError::below_quorum: return "it has fewer signers than a quorum";
    case CertificateError::signature_count: return "it does not have one signature for each signer";
    case CertificateError::bad_signature: return "a signature in it is not that validator's";
  }
  return "";
}

std::expected<void, CertificateError> verify(const Certificate& certificate, const ValidatorSet& validators,
                                             const LedgerId& chain_id) {
  if (auto shape = check_shape(certificate, validators.size()); !shape) return shape;
  const Hash digest = vote_digest(chain_id, certificate.statement);
  std::size_t next = 0;
  for (std::size_t signer = 0; signer < validators.size(); ++signer) {
    if (!has_bit(certificate.bitmap, signer)) continue;
    if (!crypto::schnorr_verify(validators.key(static_cast<u16>(signer)), digest,
                                certificate.signatures[next++]))
      return std::unexpected(CertificateError::bad_signature);
  }
  return {};
}

std::string_view describe(VotesError error) {
  switch (error) {
    case VotesError::mixed: return "the votes are not all for one statement";
    case VotesError::signer_range: return "a vote is from an index that no validator has";
    case VotesError::signer_twice: return "one validator's vote stands twice";
    case VotesError::below_quorum: return "there are fewer votes than a quorum";
  }
  return "";
}

std::expected<Certificate, VotesError> make_certificate(const Statement& statement,
                                                        std::span<const Vote> votes,
                                                        const ValidatorSet& validators) {
  std::vector<const Vote*> by_signer(validators.size());
  for (const Vote& vote : votes) {
    if (vote.statement != statement) return std::unexpected(VotesError::mixed);
    if (vote.signer >= validators.size()) return std::unexpected(VotesError::signer_range);
    if (by_signer[vote.signer] != nullptr) return std::unexpected(VotesError::signer_twice);
    by_signer[vote.signer] = &vote;
  }
  if (votes.size() < validators.quorum().votes()) return std::unexpected(VotesError::below_quorum);

  Certificate out{.statement = statement, .bitmap = Bytes(bitmap_bytes(validators.size())), .signatures = {}};
  for (std::size_t signer = 0; signer < by_signer.size(); ++signer) {
    if (by_signer[signer] == nullptr) continue;
    out.bitmap[signer / 8] = static_cast<u8>(out.bitmap[signer / 8] | 1U << (signer % 8));
    out.signatures.push_back(by_signer[signer]->signature);
  }
  return out;
}

Hash certificate_hash(const Certificate& certificate) {
  return crypto::tagged_hash("moot/v1/certificate", encoded(certificate));
}

Hash justification_root(const Justification& justification) {
  std::optional<Hash> parent;
  if (justification.parent) parent = certificate_hash(*justification.parent);
  std::vector<Hash> nullifications;
  for (const auto& certificate : justification.nullifications)
    nullifications.push_back(certificate_hash(certificate));
  Writer out;
  encode(out, parent);
  encode(out, nullifications);
  return crypto::tagged_hash("moot/v1/justification", out.view());
}

}  // namespace moot::consensus
