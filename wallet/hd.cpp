#include "wallet/hd.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "base/check.hpp"
#include "base/codec.hpp"
#include "crypto/base58.hpp"
#include "crypto/hmac.hpp"

namespace moot::wallet {
namespace {

constexpr u32 kXprvVersion = 0x0488ADE4;  // BIP-32, mainnet: the text begins with "xprv"
constexpr u32 kXpubVersion = 0x0488B21E;
constexpr std::size_t kExtendedBytes = 78;

// HMAC-SHA512 in two halves: IL changes the key, IR is the next chain code.
struct Halves {
  std::array<u8, 64> bytes;

  Halves(ByteView key, ByteView message) : bytes(crypto::hmac_sha512(key, message)) {}
  ~Halves() { crypto::wipe(bytes); }
  Halves(const Halves&) = delete;
  Halves& operator=(const Halves&) = delete;

  [[nodiscard]] ByteView left() const { return ByteView(bytes).first(32); }
  [[nodiscard]] std::array<u8, 32> right() const {
    std::array<u8, 32> out{};
    std::copy_n(bytes.begin() + 32, 32, out.begin());
    return out;
  }
};

std::array<u8, 4> fingerprint(const crypto::PublicKey& key) {
  const auto hash = crypto::hash160(key.view());
  return {hash[0], hash[1], hash[2], hash[3]};
}

ExtendedMeta child_meta(const ExtendedMeta& meta, const crypto::PublicKey& key, u32 number,
                        const Halves& halves) {
  return {.depth = static_cast<u8>(meta.depth + 1),
          .parent = fingerprint(key),
          .number = number,
          .chain = halves.right()};
}

// The 78 bytes of BIP-32's serialization; `key33` is 00 ‖ k or the compressed point.
std::string serialized(u32 version, const ExtendedMeta& meta, ByteView key33) {
  std::array<u8, kExtendedBytes> out{};
  Writer head;
  head.put(version);
  head.put(meta.depth);
  head.put(meta.parent);
  head.put(meta.number);
  auto at = std::copy(head.view().begin(), head.view().end(), out.begin());
  at = std::copy(meta.chain.begin(), meta.chain.end(), at);
  std::copy(key33.begin(), key33.end(), at);
  auto text = crypto::base58check_encode(out);
  crypto::wipe(out);
  return text;
}

struct Parsed {
  ExtendedMeta meta;
  std::array<u8, 33> key{};
  ~Parsed() { crypto::wipe(key); }
};

std::unexpected<Failure> not_extended(std::string_view why) {
  return fail("this is not an extended key of BIP-32: " + std::string(why), "Check that it was copied whole");
}

Result<void> parse_extended(std::string_view text, u32 version, Parsed& out) {
  auto bytes = crypto::base58check_decode(text);
  if (!bytes || bytes->size() != kExtendedBytes) return not_extended("wrong characters, length or checksum");
  Reader in(*bytes);
  const u32 found = in.get_uint<u32>();
  in.get(out.meta.depth);
  in.get(out.meta.parent);
  in.get(out.meta.number);
  in.get(out.meta.chain);
  in.get(out.key);
  crypto::wipe(*bytes);
  if (found != version)
    return not_extended("it is of another version or network, or the other half of the pair");
  const bool orphan =
      std::all_of(out.meta.parent.begin(), out.meta.parent.end(), [](u8 b) { return b == 0; });
  if (out.meta.depth == 0 && (!orphan || out.meta.number != 0))
    return not_extended("a master key with a parent");
  return {};
}

std::optional<u32> parse_step(std::string_view step) {
  if (step.empty()) return std::nullopt;
  const bool hardened = step.back() == '\'' || step.back() == 'h' || step.back() == 'H';
  if (hardened) step.remove_suffix(1);
  u32 number = 0;
  const char* end = step.data() + step.size();
  const auto parsed = std::from_chars(step.data(), end, number);
  if (parsed.ec != std::errc{} || parsed.ptr != end || number >= kHardened) return std::nullopt;
  return hardened ? number | kHardened : number;
}

}  // namespace

Result<DerivationPath> parse_path(std::string_view text) {
  const auto wrong = [&] {
    return fail("\"" + std::string(text.substr(0, 80)) + "\" is not a derivation path",
                "Write it like m/44'/60'/0'/0/0, each number below 2147483648", ExitCode::usage);
  };
  DerivationPath path;
  if (text == "m") return path;
  if (!text.starts_with("m/")) return wrong();
  std::string_view rest = text.substr(2);
  while (true) {
    const auto slash = rest.find('/');
    const auto step = parse_step(rest.substr(0, slash));
    if (!step || path.size() == kMaxPathDepth) return wrong();
    path.push_back(*step);
    if (slash == std::string_view::npos) return path;
    rest.remove_prefix(slash + 1);
  }
}

std::string to_text(const DerivationPath& path) {
  std::string out = "m";
  for (const u32 step : path) {
    out += "/" + std::to_string(step & ~kHardened);
    if ((step & kHardened) != 0) out += '\'';
  }
  return out;
}

DerivationPath ethereum_path(u32 index) {
  MOOT_CHECK(index < kHardened, "the caller has checked the index");
  return {44 | kHardened, 60 | kHardened, kHardened, 0, index};
}

std::optional<ExtendedPublicKey> ExtendedPublicKey::child(u32 number) const {
  if (number >= kHardened || meta.depth == kMaxPathDepth) return std::nullopt;
  Writer message;
  message.raw(key.view());
  message.put(number);
  const Halves halves(meta.chain, message.view());
  const auto next = crypto::pubkey_tweak_add(key, halves.left());
  if (!next) return std::nullopt;
  return ExtendedPublicKey{.meta = child_meta(meta, key, number, halves), .key = *next};
}

std::string ExtendedPublicKey::to_xpub() const { return serialized(kXpubVersion, meta, key.view()); }

Result<ExtendedPublicKey> ExtendedPublicKey::from_xpub(std::string_view text) {
  Parsed parsed;
  if (auto read = parse_extended(text, kXpubVersion, parsed); !read) return std::unexpected(read.error());
  ExtendedPublicKey out{.meta = parsed.meta, .key = {parsed.key}};
  if (!crypto::ParsedKey::from(out.key)) return not_extended("its public key is not a point of the curve");
  return out;
}

std::optional<ExtendedKey> ExtendedKey::master(ByteView seed) {
  if (seed.size() < 16 || seed.size() > 64) return std::nullopt;
  const Halves halves(as_bytes("Bitcoin seed"), seed);
  auto key = crypto::SecretKey::from_bytes(halves.left());
  if (!key) return std::nullopt;
  return ExtendedKey{.meta = {.chain = halves.right()}, .key = std::move(*key)};
}

std::optional<ExtendedKey> ExtendedKey::child(u32 number) const {
  if (meta.depth == kMaxPathDepth) return std::nullopt;
  const auto point = crypto::public_key(key);
  std::array<u8, 37> message{};  // 00 ‖ k ‖ number when hardened, else point ‖ number
  const ByteView body = number >= kHardened ? key.view() : point.view();
  std::copy(body.begin(), body.end(), message.begin() + (number >= kHardened ? 1 : 0));
  for (int i = 0; i < 4; ++i) message[33 + i] = static_cast<u8>(number >> (24 - 8 * i));
  const Halves halves(meta.chain, message);
  crypto::wipe(message);
  auto next = crypto::seckey_tweak_add(key, halves.left());
  if (!next) return std::nullopt;
  return ExtendedKey{.meta = child_meta(meta, point, number, halves), .key = std::move(*next)};
}

Result<ExtendedKey> ExtendedKey::derive(const DerivationPath& path) const {
  auto copy = crypto::SecretKey::from_bytes(key.view());
  MOOT_CHECK(copy.has_value(), "a secret key is a valid scalar");
  ExtendedKey at{.meta = meta, .key = std::move(*copy)};
  for (const u32 step : path) {
    auto next = at.child(step);
    if (!next) return fail("no key exists at " + to_text(path), "Take the next index");
    at = std::move(*next);
  }
  return at;
}

ExtendedPublicKey ExtendedKey::neutered() const { return {.meta = meta, .key = crypto::public_key(key)}; }

std::string ExtendedKey::to_xprv() const {
  std::array<u8, 33> padded{};
  std::copy(key.view().begin(), key.view().end(), padded.begin() + 1);
  auto text = serialized(kXprvVersion, meta, padded);
  crypto::wipe(padded);
  return text;
}

Result<ExtendedKey> ExtendedKey::from_xprv(std::string_view text) {
  Parsed parsed;
  if (auto read = parse_extended(text, kXprvVersion, parsed); !read) return std::unexpected(read.error());
  if (parsed.key[0] != 0) return not_extended("its private key does not begin with 00");
  auto key = crypto::SecretKey::from_bytes(ByteView(parsed.key).subspan(1));
  if (!key) return not_extended("its private key is zero or too large");
  return ExtendedKey{.meta = parsed.meta, .key = std::move(*key)};
}

}  // namespace moot::wallet
