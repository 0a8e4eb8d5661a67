// Recoverable ECDSA over secp256k1 as the ledger accepts it (docs/protocol.md, "Signatures"): 65 bytes r ‖ s
// ‖ recid, recid 0 or 1, 1 ≤ r < n, 1 ≤ s ≤ n/2. Exactly one byte string is canonical for one (r, s, R), so a
// witness id that covers the signature cannot be changed by anyone but the signer.
//
// There is one acceptance rule: `recover` gives the expected key. `verify` with a known key is the same
// computation, because plain ECDSA verification ignores recid and also accepts x(R) = r + n; two nodes of
// which one recovers and the other verifies would then disagree about a signature with a flipped recid.
// Recovery costs a fifth more than verification, and that is the price of one acceptance set.
#pragma once

#include <array>
#include <expected>
#include <string_view>

#include "crypto/keys.hpp"

namespace moot::crypto {

struct Signature {
  std::array<u8, 65> bytes{};  // r ‖ s ‖ recid

  [[nodiscard]] ByteView view() const { return bytes; }
  friend auto operator<=>(const Signature&, const Signature&) = default;
  // Any 65 bytes decode; is_canonical and recover judge them.
  friend void encode_value(Writer& out, const Signature& value) { out.put(value.bytes); }
  friend void decode_value(Reader& in, Signature& value) { in.get(value.bytes); }
};

// Declaration order is precedence: the first that applies is given.
enum class SignatureError : u8 { length = 1, recovery_id, scalar_range, high_s, unrecoverable };

// One sentence part for people, such as "signature is not 65 bytes".
std::string_view text(SignatureError error);

// What a wallet returned, made canonical: 65 bytes, v of 0, 1, 27 or 28 written as recid 0 or 1. High s is
// refused, not repaired: the repaired signature would be one its maker never gave.
std::expected<Signature, SignatureError> canonical_signature(ByteView wallet_bytes);

// Whether the bytes already are the canonical form (recid 0 or 1, scalars in range, low s).
std::expected<void, SignatureError> check_canonical(const Signature& signature);

// The key that signed `digest`. Refuses every non-canonical signature.
std::expected<ParsedKey, SignatureError> recover(const Signature& signature, const Hash& digest);

// True exactly when recover(signature, digest) == key.
[[nodiscard]] bool verify(const ParsedKey& key, const Signature& signature, const Hash& digest);

// Deterministic (RFC 6979) and canonical.
Signature sign(const SecretKey& key, const Hash& digest);

// For wallets that print 27 or 28 in the last byte.
std::array<u8, 65> with_ethereum_v(const Signature& signature);

}  // namespace moot::crypto
