#include "crypto/ecdsa.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>

#include "base/check.hpp"
#include "crypto/context.hpp"
#include "crypto/parsed_key_access.hpp"

namespace moot::crypto {
namespace {

using Scalar = std::array<u8, 32>;

// SEC 2, section 2.4.1.
constexpr Scalar kOrder = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                           0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                           0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
// (n − 1) / 2, the largest low s.
constexpr Scalar kHalfOrder = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                               0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4,
                               0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};

bool in_range(const Scalar& scalar) { return scalar != Scalar{} && scalar < kOrder; }

Scalar scalar_at(const Signature& signature, std::size_t offset) {
  Scalar out;
  std::copy_n(signature.bytes.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
  return out;
}

}  // namespace

std::string_view text(SignatureError error) {
  switch (error) {
    case SignatureError::length: return "signature is not 65 bytes";
    case SignatureError::recovery_id: return "signature's last byte is none of 0, 1, 27, 28";
    case SignatureError::scalar_range: return "signature's r or s is zero or not below the group order";
    case SignatureError::high_s: return "signature's s is in the upper half of its range";
    case SignatureError::unrecoverable: return "no public key comes out of the signature";
  }
  return "unknown signature error";
}

std::expected<Signature, SignatureError> canonical_signature(ByteView wallet_bytes) {
  Signature out;
  if (wallet_bytes.size() != out.bytes.size()) return std::unexpected(SignatureError::length);
  std::copy(wallet_bytes.begin(), wallet_bytes.end(), out.bytes.begin());
  u8& v = out.bytes.back();
  if (v == 27 || v == 28) v = static_cast<u8>(v - 27);
  if (const auto ok = check_canonical(out); !ok) return std::unexpected(ok.error());
  return out;
}

std::expected<void, SignatureError> check_canonical(const Signature& signature) {
  if (signature.bytes.back() > 1) return std::unexpected(SignatureError::recovery_id);
  const Scalar s = scalar_at(signature, 32);
  if (!in_range(scalar_at(signature, 0)) || !in_range(s))
    return std::unexpected(SignatureError::scalar_range);
  if (s > kHalfOrder) return std::unexpected(SignatureError::high_s);
  return {};
}

std::expected<ParsedKey, SignatureError> recover(const Signature& signature, const Hash& digest) {
  if (const auto ok = check_canonical(signature); !ok) return std::unexpected(ok.error());
  secp256k1_ecdsa_recoverable_signature parsed;
  secp256k1_pubkey key;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &parsed, signature.bytes.data(),
                                                          signature.bytes.back()) != 1 ||
      secp256k1_ecdsa_recover(context(), &key, &parsed, digest.bytes.data()) != 1) {
    return std::unexpected(SignatureError::unrecoverable);
  }
  return ParsedKeyAccess::wrap(key);
}

bool verify(const ParsedKey& key, const Signature& signature, const Hash& digest) {
  return recover(signature, digest) == key;
}

Signature sign(const SecretKey& key, const Hash& digest) {
  secp256k1_ecdsa_recoverable_signature made;
  MOOT_CHECK(secp256k1_ecdsa_sign_recoverable(context(), &made, digest.bytes.data(), key.view().data(),
                                              nullptr, nullptr) == 1,
             "secret key was moved from");
  Signature out;
  int recid = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), out.bytes.data(), &recid, &made);
  MOOT_CHECK(recid <= 1, "a nonce point with x above the group order: one chance in 2^127");
  out.bytes.back() = static_cast<u8>(recid);
  return out;
}

std::array<u8, 65> with_ethereum_v(const Signature& signature) {
  std::array<u8, 65> out = signature.bytes;
  out.back() = static_cast<u8>(out.back() + 27);
  return out;
}

}  // namespace moot::crypto
