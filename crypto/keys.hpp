// secp256k1 keys and the Ethereum addresses that name them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/codec.hpp"

namespace moot::crypto {

// A scalar 1 ≤ k < n. Move-only; wiped when it ends and when it is moved from.
class SecretKey {
 public:
  // Nothing unless the bytes are 32 and a valid scalar, big-endian.
  static std::optional<SecretKey> from_bytes(ByteView bytes);

  ~SecretKey();
  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;

  [[nodiscard]] ByteView view() const { return bytes_; }

 private:
  SecretKey() = default;
  std::array<u8, 32> bytes_{};
};

// Compressed: 02 or 03, then x. The bytes may come from outside: ParsedKey::from says whether they are a
// point.
struct PublicKey {
  std::array<u8, 33> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
  friend void encode_value(Writer& out, const PublicKey& value) { out.put(value.bytes); }
  friend void decode_value(Reader& in, PublicKey& value) { in.get(value.bytes); }
};

// The x coordinate of a BIP-340 key, whose y is even.
struct XOnlyKey {
  std::array<u8, 32> bytes{};

  [[nodiscard]] ByteView view() const { return bytes; }
  friend auto operator<=>(const XOnlyKey&, const XOnlyKey&) = default;
  friend void encode_value(Writer& out, const XOnlyKey& value) { out.put(value.bytes); }
  friend void decode_value(Reader& in, XOnlyKey& value) { in.get(value.bytes); }
};

// A point known to be on the curve, in the library's own form: for caches, never for files or wires. A
// default value is no key; it equals no key and verifies nothing.
class ParsedKey {
 public:
  static std::optional<ParsedKey> from(const PublicKey& key);
  [[nodiscard]] PublicKey compressed() const;
  friend bool operator==(const ParsedKey&, const ParsedKey&) = default;

 private:
  friend struct ParsedKeyAccess;  // crypto/ sources only
  std::array<u8, 64> opaque_{};
};

PublicKey public_key(const SecretKey& key);
ParsedKey parsed_key(const SecretKey& key);
XOnlyKey x_only(const SecretKey& key);

// The last 20 bytes of keccak256(x ‖ y).
Address address_of(const ParsedKey& key);
Address address_of(const SecretKey& key);
// Nothing when the bytes are not a point.
std::optional<Address> address_of(const PublicKey& key);
// out[i] = address_of(keys[i]), each with its place in `out`: several at once where the processor can (keccak256_each).
void addresses_of(std::span<const ParsedKey> keys, std::span<Address> out);

// "0x" and 40 digits whose case is the EIP-55 checksum.
std::string to_eip55(const Address& address);
// "0x" and 40 hexadecimal digits: all lower case, all upper case, or mixed case with the right EIP-55
// checksum.
std::optional<Address> parse_address(std::string_view text);

// BIP-32 child keys: (key + tweak) mod n, and key + tweak·G. Nothing when the tweak is not 32 bytes below n
// or when the result is no key; BIP-32 then goes to the next index.
std::optional<SecretKey> seckey_tweak_add(const SecretKey& key, ByteView tweak32);
std::optional<PublicKey> pubkey_tweak_add(const PublicKey& key, ByteView tweak32);

}  // namespace moot::crypto
