// BIP-340 Schnorr signatures: validators, certificates, receipts. Signing is deterministic (auxiliary
// randomness of zeros), so the same message gives the same bytes on every machine.
#pragma once

#include <array>
#include <optional>

#include "crypto/keys.hpp"

namespace moot::crypto {

struct SchnorrSignature {
  std::array<u8, 64> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  friend auto operator<=>(const SchnorrSignature&, const SchnorrSignature&) = default;
  friend void encode_value(Writer& out, const SchnorrSignature& value) { out.put(value.bytes); }
  friend void decode_value(Reader& in, SchnorrSignature& value) { in.get(value.bytes); }
};

// A secret key with its point, for whoever signs often. Wiped when it ends.
class SchnorrSigner {
 public:
  explicit SchnorrSigner(const SecretKey& key);
  ~SchnorrSigner();
  SchnorrSigner(const SchnorrSigner&) = delete;
  SchnorrSigner& operator=(const SchnorrSigner&) = delete;

  [[nodiscard]] const XOnlyKey& key() const { return key_; }
  [[nodiscard]] SchnorrSignature sign(const Hash& message) const;
  // A message of any length, empty included; for 32 bytes the same as sign(Hash).
  [[nodiscard]] SchnorrSignature sign(ByteView message) const;
  // With auxiliary randomness of the caller's, which hardens the nonce against fault attacks; zeros give sign(message).
  [[nodiscard]] SchnorrSignature sign_with(const Hash& auxiliary, ByteView message) const;

 private:
  std::array<u8, 96> pair_{};
  XOnlyKey key_;
};

SchnorrSignature schnorr_sign(const SecretKey& key, const Hash& message);
SchnorrSignature schnorr_sign(const SecretKey& key, ByteView message);

// False for a key that is not on the curve as well as for a wrong signature.
[[nodiscard]] bool schnorr_verify(const XOnlyKey& key, const Hash& message,
                                  const SchnorrSignature& signature);
[[nodiscard]] bool schnorr_verify(const XOnlyKey& key, ByteView message, const SchnorrSignature& signature);

}  // namespace moot::crypto
