// Base58Check: Bitcoin's alphabet and a four-byte double SHA-256 checksum, the form of BIP-32's extended
// keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace moot::crypto {

inline constexpr std::size_t kMaxBase58 = 256;  // characters accepted: decoding costs their square

std::string base58check_encode(ByteView payload);
// Nothing when a character is foreign, the text is too long or the checksum is wrong.
std::optional<Bytes> base58check_decode(std::string_view text);

}  // namespace moot::crypto
