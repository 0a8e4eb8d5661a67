// Byte strings, 32-byte digests told apart by what they digest, 20-byte addresses, and hexadecimal.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace moot {

using Bytes = std::vector<u8>;
using ByteView = std::span<const u8>;

template <class Tag>
struct Digest {
  std::array<u8, 32> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  [[nodiscard]] bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](u8 b) { return b == 0; });
  }
  // The same 32 bytes under another name; the caller says what they digest.
  template <class Other>
  [[nodiscard]] Other as() const {
    return Other{bytes};
  }
  friend auto operator<=>(const Digest&, const Digest&) = default;
};

using Hash = Digest<struct HashTag>;  // any other digest
using TxId = Digest<struct TxIdTag>;  // EIP-712 digest of a transaction
using WitnessId =
    Digest<struct WitnessIdTag>;              // TH("moot/envelope", canonical envelope): covers the signature
using LedgerId = Digest<struct LedgerIdTag>;  // TH("moot/genesis", canonical genesis)
using StateRoot = Digest<struct StateRootTag>;
using BlockHash = Digest<struct BlockHashTag>;
using ActionKey = Digest<struct ActionKeyTag>;  // TH("moot/action", kind ‖ payload)

struct Address {
  std::array<u8, 20> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  [[nodiscard]] bool is_zero() const {
    return std::all_of(bytes.begin(), bytes.end(), [](u8 b) { return b == 0; });
  }
  // In the order of the bytes; three words, because ordered look-ups spend their time here.
  friend std::strong_ordering operator<=>(const Address& a, const Address& b) {
    for (const std::size_t at : {0, 8}) {
      const u64 left = a.word<u64>(at);
      const u64 right = b.word<u64>(at);
      if (left != right) return left <=> right;
    }
    return a.word<u32>(16) <=> b.word<u32>(16);
  }
  friend bool operator==(const Address&, const Address&) = default;

 private:
  // The big-endian number at a place.
  template <class Word>
  [[nodiscard]] Word word(std::size_t at) const {
    Word out = 0;
    for (std::size_t i = 0; i < sizeof(Word); ++i) out = static_cast<Word>(out << 8 | bytes[at + i]);
    return out;
  }
};

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const u8*>(text.data()), text.size()};
}
inline std::string as_string(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// Lower-case hexadecimal without a prefix.
std::string to_hex(ByteView bytes);
// Accepts an optional 0x prefix and either case; nothing on an odd length or another character.
std::optional<Bytes> from_hex(std::string_view text);

// A fixed number of bytes from hexadecimal (optional 0x); nothing when the length differs.
template <class Fixed>
std::optional<Fixed> fixed_from_hex(std::string_view text) {
  Fixed out;
  const auto raw = from_hex(text);
  if (!raw || raw->size() != out.bytes.size()) return std::nullopt;
  std::copy(raw->begin(), raw->end(), out.bytes.begin());
  return out;
}

// Hash functors for unordered look-up tables outside the ledger (mempool, caches): the bytes are already uniform.
struct DigestHasher {
  template <class Fixed>
  std::size_t operator()(const Fixed& value) const noexcept {
    std::size_t out = 0;
    std::memcpy(&out, value.bytes.data(), sizeof out);
    return out;
  }
};

}  // namespace moot
