// Where to listen: "127.0.0.1:9090", "localhost:0", "[::1]:9090".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace moot::node::api {

struct ListenAddress {
  std::string host;  // without brackets
  u16 port = 0;

  // Reached from this machine alone: 127.0.0.0/8, ::1, localhost.
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string text(int bound_port) const;
};

// Nothing unless it is host:port with a port of 0…65535.
std::optional<ListenAddress> parse_listen_address(std::string_view text);
// What to say of one that is not.
std::string not_an_address(std::string_view text);

}  // namespace moot::node::api
