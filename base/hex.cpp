#include <array>

#include "base/bytes.hpp"

namespace moot {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

// What a character is worth, or -1. A table: a genesis of a million members has a hundred million digits.
constexpr std::array<std::int8_t, 256> nibbles() {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (int i = 0; i < 16; ++i) {
    const char digit = kDigits[i];
    out[static_cast<u8>(digit)] = static_cast<std::int8_t>(i);
    if (digit >= 'a') out[static_cast<u8>(digit - 'a' + 'A')] = static_cast<std::int8_t>(i);
  }
  return out;
}
constexpr std::array<std::int8_t, 256> kNibbles = nibbles();

int nibble(char c) { return kNibbles[static_cast<u8>(c)]; }

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out(bytes.size() * 2, '0');
  std::size_t at = 0;
  for (const u8 b : bytes) {
    out[at++] = kDigits[b >> 4];
    out[at++] = kDigits[b & 15];
  }
  return out;
}

std::optional<Bytes> from_hex(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes out(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i / 2] = static_cast<u8>(high << 4 | low);
  }
  return out;
}

}  // namespace moot
