#include "node/api/listen_address.hpp"

#include <charconv>

namespace moot::node::api {
namespace {

// Four decimal bytes; "127.0.0.1.example" and "127.1" are names, not addresses of this machine.
bool is_loopback_v4(std::string_view host) {
  int parts = 0;
  int first = -1;
  while (true) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(host.data(), host.data() + host.size(), value);
    if (error != std::errc{} || value > 255) return false;
    if (parts++ == 0) first = static_cast<int>(value);
    host.remove_prefix(static_cast<std::size_t>(end - host.data()));
    if (host.empty()) return parts == 4 && first == 127;
    if (host.front() != '.') return false;
    host.remove_prefix(1);
  }
}

}  // namespace

bool ListenAddress::is_loopback() const {
  return host == "localhost" || host == "::1" || is_loopback_v4(host);
}

std::string ListenAddress::text(int bound_port) const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(bound_port);
}

std::optional<ListenAddress> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  if (host.front() == '[') {
    if (host.back() != ']' || host.size() < 3) return std::nullopt;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  ListenAddress out{.host = std::string(host)};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return out;
}

std::string not_an_address(std::string_view text) {
  return "api.listen is \"" + std::string(text) + "\", not host:port such as 127.0.0.1:9090";
}

}  // namespace moot::node::api
