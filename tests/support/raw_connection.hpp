// A TCP connection that says nothing, as a client makes it that only takes up room.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <string>

#include "node/api/descriptor.hpp"

namespace moot::test {

class RawConnection {
 public:
  // To "127.0.0.1:port".
  explicit RawConnection(const std::string& address)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }

  [[nodiscard]] bool is_connected() const { return connected_; }

  // Whether the other side has ended it, or does so within `limit`. What it says meanwhile is thrown away.
  [[nodiscard]] bool is_closed(std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (connected_) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd watched{.fd = socket_.get(), .events = POLLIN, .revents = 0};
      if (left.count() < 0 || ::poll(&watched, 1, static_cast<int>(left.count())) == 0) return false;
      char buffer[512];
      connected_ = ::recv(socket_.get(), buffer, sizeof buffer, 0) > 0;
    }
    return true;
  }

 private:
  node::api::Descriptor socket_;
  bool connected_ = false;
};

}  // namespace moot::test
