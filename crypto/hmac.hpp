// HMAC (RFC 2104) for key derivation.
#pragma once

#include <array>

#include "base/bytes.hpp"

namespace moot::crypto {

Hash hmac_sha256(ByteView key, ByteView message);
std::array<u8, 64> hmac_sha512(ByteView key, ByteView message);

// SHA-512 alone and RIPEMD-160(SHA-256(m)), which BIP-32 calls hash160, for key fingerprints.
std::array<u8, 64> sha512(ByteView message);
std::array<u8, 20> hash160(ByteView message);

}  // namespace moot::crypto
