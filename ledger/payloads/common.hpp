// What payloads are made of. Each kind of transaction is a plain struct with
//   kKind      its protocol number
//   kSigner    the name of the signer's field in the EIP-712 message ("voter"); its value is the envelope's signer
//   describe   its fields in order, by their EIP-712 names: the one description that drives the canonical encoding, the
//              typed data a wallet shows, JSON and protobuf (ledger/typed_data.hpp, node/api/convert).
#pragma once

#include <string>
#include <vector>

#include "base/codec.hpp"
#include "ledger/types.hpp"

namespace moot::ledger {

// A long text, carried whole and signed as the bytes32 TH("moot/text", text) in the field "<name>Hash".
struct HashedText {
  std::string text;
  friend bool operator==(const HashedText&, const HashedText&) = default;
};
inline void encode_value(Writer& out, const HashedText& value) { out.put(value.text); }
inline void decode_value(Reader& in, HashedText& value) { in.get(value.text); }

// A 65-byte signature by somebody else that travels inside a payload (attestation, invite, new key's consent). It is
// checked with the envelope's own signature, and not part of what the outer signer signs.
struct CarriedSignature {
  std::array<u8, 65> bytes{};
  friend bool operator==(const CarriedSignature&, const CarriedSignature&) = default;
};
inline void encode_value(Writer& out, const CarriedSignature& value) { out.put(value.bytes); }
inline void decode_value(Reader& in, CarriedSignature& value) { in.get(value.bytes); }

// Short for the fixed shape of describe().
#define MOOT_DESCRIBE            \
  template <class Self, class V> \
  static void describe([[maybe_unused]] Self& self, [[maybe_unused]] V&& v)

}  // namespace moot::ledger
