// The sockets of the address that clients reach. Bound first, so that nobody else gets the port while the node opens its
// ledger; listening only once the server is there to accept.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "node/api/descriptor.hpp"

namespace moot::node::api {

class Listener {
 public:
  // Takes every address that the host part of "host:port" stands for ("localhost" is often two), all on one port; port 0
  // takes a free one. "0.0.0.0" is every IPv4 address of the machine, "[::]" every address. The error is one sentence.
  static std::expected<Listener, std::string> bind(const std::string& listen);

  // From here on clients can connect; they wait in the kernel until somebody accepts.
  std::expected<void, std::string> listen();

  [[nodiscard]] const std::vector<Descriptor>& sockets() const { return sockets_; }
  [[nodiscard]] int port() const { return port_; }
  // host:port to connect to.
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  std::vector<Descriptor> sockets_;
  std::string address_;
  int port_ = 0;
};

}  // namespace moot::node::api
