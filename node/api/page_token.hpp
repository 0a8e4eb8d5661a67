// Page tokens (AIP-158): where a listing goes on, at which height, for which request; sealed so that nobody can make or
// bend one.
//
//   token = base64url(version u8 ‖ height u64 ‖ position u64 ‖ request hash ‖ first 16 bytes of HMAC-SHA256 over what stands before)
//
// The key is drawn when the node starts: tokens do not outlive it. Thread-safe, because immutable.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace moot::node::api {

struct PageMark {
  Height height;     // whose state the whole listing shows
  u64 position = 0;  // of the first item of the next page, in the listing's order
  Hash request;      // of the method and the request without its paging fields
  friend bool operator==(const PageMark&, const PageMark&) = default;
};

class PageTokens {
 public:
  PageTokens();  // draws a key
  explicit PageTokens(const std::array<u8, 32>& key) : key_(key) {}

  [[nodiscard]] std::string seal(const PageMark& mark) const;
  // Nothing when a byte is not as seal() made it.
  [[nodiscard]] std::optional<PageMark> open(std::string_view token) const;

  // Of a method's name and the serialised request.
  static Hash request_hash(std::string_view method, std::string_view request);

 private:
  [[nodiscard]] std::array<u8, 16> mac(ByteView body) const;
  std::array<u8, 32> key_;
};

}  // namespace moot::node::api
