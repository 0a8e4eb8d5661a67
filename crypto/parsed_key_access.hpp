// ParsedKey as libsecp256k1's own type. For crypto/ sources only.
#pragma once

#include <secp256k1.h>

#include <cstring>

#include "crypto/keys.hpp"

namespace moot::crypto {

struct ParsedKeyAccess {
  static ParsedKey wrap(const secp256k1_pubkey& key) {
    static_assert(sizeof key.data == sizeof(ParsedKey));
    ParsedKey out;
    std::memcpy(out.opaque_.data(), key.data, sizeof key.data);
    return out;
  }
  static secp256k1_pubkey unwrap(const ParsedKey& key) {
    secp256k1_pubkey out;
    std::memcpy(out.data, key.opaque_.data(), sizeof out.data);
    return out;
  }
};

}  // namespace moot::crypto
