#include "crypto/keys.hpp"

#include <secp256k1.h>
#include <secp256k1_extrakeys.h>

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/check.hpp"
#include "crypto/context.hpp"
#include "crypto/keccak.hpp"
#include "crypto/parsed_key_access.hpp"
#include "crypto/point_bytes.hpp"
#include "crypto/secret.hpp"

namespace moot::crypto {

namespace {

PointBytes point_bytes(const ParsedKey& key) {
  MOOT_CHECK(key != ParsedKey{}, "a default ParsedKey is no key");
  std::array<u8, 65> uncompressed;  // 04, then x ‖ y
  std::size_t size = uncompressed.size();
  const secp256k1_pubkey parsed = ParsedKeyAccess::unwrap(key);
  secp256k1_ec_pubkey_serialize(context(), uncompressed.data(), &size, &parsed, SECP256K1_EC_UNCOMPRESSED);
  PointBytes out;
  std::copy(uncompressed.begin() + 1, uncompressed.end(), out.begin());
  return out;
}

}  // namespace

std::optional<SecretKey> SecretKey::from_bytes(ByteView bytes) {
  if (bytes.size() != 32 || secp256k1_ec_seckey_verify(context(), bytes.data()) != 1) return std::nullopt;
  SecretKey out;
  std::copy(bytes.begin(), bytes.end(), out.bytes_.begin());
  return out;
}

SecretKey::~SecretKey() { wipe(bytes_); }

SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  wipe(other.bytes_);
  return *this;
}

std::optional<ParsedKey> ParsedKey::from(const PublicKey& key) {
  secp256k1_pubkey parsed;
  if (secp256k1_ec_pubkey_parse(context(), &parsed, key.bytes.data(), key.bytes.size()) != 1)
    return std::nullopt;
  return ParsedKeyAccess::wrap(parsed);
}

PublicKey ParsedKey::compressed() const {
  MOOT_CHECK(*this != ParsedKey{}, "a default ParsedKey is no key");
  PublicKey out;
  std::size_t size = out.bytes.size();
  const secp256k1_pubkey parsed = ParsedKeyAccess::unwrap(*this);
  secp256k1_ec_pubkey_serialize(context(), out.bytes.data(), &size, &parsed, SECP256K1_EC_COMPRESSED);
  return out;
}

ParsedKey parsed_key(const SecretKey& key) {
  secp256k1_pubkey parsed;
  MOOT_CHECK(secp256k1_ec_pubkey_create(context(), &parsed, key.view().data()) == 1,
             "secret key was moved from");
  return ParsedKeyAccess::wrap(parsed);
}

PublicKey public_key(const SecretKey& key) { return parsed_key(key).compressed(); }

XOnlyKey x_only(const SecretKey& key) {
  // The compressed form is the parity of y and then x.
  const PublicKey whole = public_key(key);
  XOnlyKey out;
  std::copy(whole.bytes.begin() + 1, whole.bytes.end(), out.bytes.begin());
  return out;
}

Address address_of(const ParsedKey& key) {
  Address out;
  addresses_of({&key, 1}, {&out, 1});
  return out;
}

void addresses_of(std::span<const ParsedKey> keys, std::span<Address> out) {
  std::vector<PointBytes> points(keys.size());
  std::ranges::transform(keys, points.begin(), point_bytes);
  addresses_of(points, out);
}

void addresses_of(std::span<const PointBytes> points, std::span<Address> out) {
  MOOT_CHECK(points.size() == out.size(), "a place for each address");
  constexpr std::size_t kMany = 32;  // what the stack holds of messages and digests
  std::array<ByteView, kMany> messages;
  std::array<Hash, kMany> hashes;
  for (std::size_t begin = 0; begin < points.size(); begin += kMany) {
    const std::size_t count = std::min(kMany, points.size() - begin);
    std::ranges::copy(points.subspan(begin, count), messages.begin());
    keccak256_each(std::span(messages).first(count), std::span(hashes).first(count));
    for (std::size_t i = 0; i < count; ++i)
      std::copy(hashes[i].bytes.begin() + 12, hashes[i].bytes.end(), out[begin + i].bytes.begin());
  }
}

Address address_of(const SecretKey& key) { return address_of(parsed_key(key)); }

std::optional<Address> address_of(const PublicKey& key) {
  const auto parsed = ParsedKey::from(key);
  if (!parsed) return std::nullopt;
  return address_of(*parsed);
}

std::string to_eip55(const Address& address) {
  std::string digits = to_hex(address.view());
  const Hash hash = keccak256(as_bytes(digits));
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int nibble = i % 2 == 0 ? hash.bytes[i / 2] >> 4 : hash.bytes[i / 2] & 15;
    // Without a branch, which would be guessed wrong every second time.
    const int upper = static_cast<int>(digits[i] >= 'a') & static_cast<int>(nibble >= 8);
    digits[i] = static_cast<char>(digits[i] - ('a' - 'A') * upper);
  }
  return "0x" + digits;
}

std::optional<Address> parse_address(std::string_view text) {
  if (!text.starts_with("0x") || text.size() != 42) return std::nullopt;
  const std::string_view digits = text.substr(2);
  // from_hex would take a second 0x for its prefix, but then the length is short by one byte.
  const auto address = fixed_from_hex<Address>(digits);
  if (!address) return std::nullopt;
  const bool lower = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'a' && c <= 'f'; });
  const bool upper = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  if (lower && upper && to_eip55(*address) != text) return std::nullopt;
  return address;
}

std::optional<SecretKey> seckey_tweak_add(const SecretKey& key, ByteView tweak32) {
  if (tweak32.size() != 32) return std::nullopt;
  std::array<u8, 32> sum;
  std::copy(key.view().begin(), key.view().end(), sum.begin());
  std::optional<SecretKey> out;
  if (secp256k1_ec_seckey_tweak_add(context(), sum.data(), tweak32.data()) == 1)
    out = SecretKey::from_bytes(sum);
  wipe(sum);
  return out;
}

std::optional<PublicKey> pubkey_tweak_add(const PublicKey& key, ByteView tweak32) {
  const auto parsed = ParsedKey::from(key);
  if (!parsed || tweak32.size() != 32) return std::nullopt;
  secp256k1_pubkey point = ParsedKeyAccess::unwrap(*parsed);
  if (secp256k1_ec_pubkey_tweak_add(context(), &point, tweak32.data()) != 1) return std::nullopt;
  return ParsedKeyAccess::wrap(point).compressed();
}

}  // namespace moot::crypto
