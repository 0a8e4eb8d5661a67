#include "crypto/base58.hpp"

#include <algorithm>

#include "crypto/sha256.hpp"

namespace moot::crypto {
namespace {

constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t kChecksum = 4;

// The number in another base, least significant digit first; leading zeros are the caller's.
Bytes convert(ByteView digits, unsigned from, unsigned to) {
  Bytes out;
  for (const u8 digit : digits) {
    unsigned carry = digit;
    for (u8& place : out) {
      carry += place * from;
      place = static_cast<u8>(carry % to);
      carry /= to;
    }
    for (; carry != 0; carry /= to) out.push_back(static_cast<u8>(carry % to));
  }
  return out;
}

Hash double_sha256(ByteView payload) { return sha256(sha256(payload).view()); }

}  // namespace

std::string base58check_encode(ByteView payload) {
  Bytes whole(payload.begin(), payload.end());
  const Hash check = double_sha256(payload);
  whole.insert(whole.end(), check.bytes.begin(), check.bytes.begin() + kChecksum);
  const auto zeros = static_cast<std::size_t>(
      std::find_if(whole.begin(), whole.end(), [](u8 b) { return b != 0; }) - whole.begin());
  const Bytes digits = convert(whole, 256, 58);
  std::string out(zeros, kAlphabet[0]);
  std::for_each(digits.rbegin(), digits.rend(), [&out](u8 digit) { out.push_back(kAlphabet[digit]); });
  return out;
}

std::optional<Bytes> base58check_decode(std::string_view text) {
  if (text.size() > kMaxBase58) return std::nullopt;
  Bytes digits;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    digits.push_back(static_cast<u8>(digit));
  }
  const std::size_t zeros = std::min(text.find_first_not_of(kAlphabet[0]), text.size());
  Bytes whole(zeros, 0);
  const Bytes tail = convert(digits, 58, 256);
  whole.insert(whole.end(), tail.rbegin(), tail.rend());
  if (whole.size() < kChecksum) return std::nullopt;
  const ByteView payload = ByteView(whole).first(whole.size() - kChecksum);
  if (!std::equal(whole.end() - kChecksum, whole.end(), double_sha256(payload).bytes.begin()))
    return std::nullopt;
  return Bytes(payload.begin(), payload.end());
}

}  // namespace moot::crypto
