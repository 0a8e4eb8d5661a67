#include "node/api/page_token.hpp"

#include "base/codec.hpp"
#include "base/random.hpp"
#include "crypto/hmac.hpp"
#include "crypto/sha256.hpp"

namespace moot::node::api {
namespace {

constexpr u8 kVersion = 1;
constexpr std::size_t kBodySize = 1 + 8 + 8 + 32;
constexpr std::size_t kMacSize = 16;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// base64url without padding (RFC 4648 §5). Token sizes leave trailing bits, which must be zero.
std::string to_base64url(ByteView bytes) {
  std::string out;
  u32 buffer = 0;
  int bits = 0;
  for (const u8 byte : bytes) {
    buffer = buffer << 8 | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += kAlphabet[buffer >> bits & 63];
    }
  }
  if (bits > 0) out += kAlphabet[buffer << (6 - bits) & 63];
  return out;
}

std::optional<Bytes> from_base64url(std::string_view text) {
  Bytes out;
  u32 buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    buffer = buffer << 6 | static_cast<u32>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<u8>(buffer >> bits));
    }
  }
  if (bits >= 6 || (buffer & ((1u << bits) - 1)) != 0) return std::nullopt;
  return out;
}

// Takes the same time wherever the first difference stands.
bool equal(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  u8 difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference = static_cast<u8>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace

PageTokens::PageTokens() : key_(random_array<32>()) {}

std::array<u8, 16> PageTokens::mac(ByteView body) const {
  const Hash full = crypto::hmac_sha256(key_, body);
  std::array<u8, kMacSize> out;
  std::copy_n(full.bytes.begin(), out.size(), out.begin());
  return out;
}

std::string PageTokens::seal(const PageMark& mark) const {
  Writer out;
  out.put(kVersion);
  out.put(mark.height);
  out.put(mark.position);
  out.put(mark.request);
  out.put(mac(out.view()));
  return to_base64url(out.view());
}

std::optional<PageMark> PageTokens::open(std::string_view token) const {
  if (token.size() > 2 * (kBodySize + kMacSize)) return std::nullopt;
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() != kBodySize + kMacSize) return std::nullopt;
  const ByteView view(*bytes);
  if (!equal(mac(view.first(kBodySize)), view.last(kMacSize))) return std::nullopt;
  Reader in(view.first(kBodySize));
  PageMark mark;
  const u8 version = in.get_uint<u8>();
  in.get(mark.height);
  in.get(mark.position);
  in.get(mark.request);
  if (!in.finish() || version != kVersion) return std::nullopt;
  return mark;
}

Hash PageTokens::request_hash(std::string_view method, std::string_view request) {
  Writer out;
  out.put(method);
  out.put(request);
  return crypto::tagged_hash("moot/page", out.view());
}

}  // namespace moot::node::api
