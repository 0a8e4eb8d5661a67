#include "node/api/listener.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "node/api/listen_address.hpp"

namespace moot::node::api {
namespace {

// Data that a client does not acknowledge for so long ends its connection.
constexpr unsigned kUnacknowledgedMs = 20'000;

std::unexpected<std::string> cannot_listen(const std::string& listen, const std::string& why) {
  return std::unexpected(fmt::format(
      "the API cannot listen on {}: {}; set api.listen to an address of this machine and a free port", listen,
      why));
}

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::expected<Addresses, std::string> resolve(const std::string& listen, const ListenAddress& address) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0) return cannot_listen(listen, ::gai_strerror(error));
  return Addresses(found, &::freeaddrinfo);
}

void set_port(sockaddr_storage& address, int port) {
  const auto network = htons(static_cast<std::uint16_t>(port));
  if (address.ss_family == AF_INET6)
    reinterpret_cast<sockaddr_in6&>(address).sin6_port = network;
  else
    reinterpret_cast<sockaddr_in&>(address).sin_port = network;
}

int bound_port(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  const auto network = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                                     : reinterpret_cast<sockaddr_in&>(address).sin_port;
  return ntohs(network);
}

// A socket bound to one address, on `port` unless that is 0; the error is the system's number.
std::expected<Descriptor, int> bind_one(const addrinfo& where, int port) {
  Descriptor out(::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (out.get() < 0) return std::unexpected(errno);
  const auto set = [&out](int level, int option, int value) {
    ::setsockopt(out.get(), level, option, &value, sizeof value);
  };
  // Connections of the process before may linger on the port; a second process that listens there is still refused.
  set(SOL_SOCKET, SO_REUSEADDR, 1);
  set(IPPROTO_TCP, TCP_NODELAY, 1);  // this and the next are handed down to what is accepted
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, kUnacknowledgedMs);
  if (where.ai_family == AF_INET6) set(IPPROTO_IPV6, IPV6_V6ONLY, 0);
  sockaddr_storage address{};
  std::memcpy(&address, where.ai_addr, where.ai_addrlen);
  if (port != 0) set_port(address, port);
  if (::bind(out.get(), reinterpret_cast<const sockaddr*>(&address), where.ai_addrlen) != 0)
    return std::unexpected(errno);
  return out;
}

// A name may stand for an address of a family that this machine lacks; another of its addresses serves then.
bool is_absent(int error) { return error == EADDRNOTAVAIL || error == EAFNOSUPPORT; }

}  // namespace

std::expected<Listener, std::string> Listener::bind(const std::string& listen) {
  const auto address = parse_listen_address(listen);
  if (!address) return std::unexpected(not_an_address(listen));
  const auto found = resolve(listen, *address);
  if (!found) return std::unexpected(found.error());
  Listener out;
  int absent = EADDRNOTAVAIL;
  for (const addrinfo* where = found->get(); where != nullptr; where = where->ai_next) {
    auto socket = bind_one(*where, out.port_);
    if (socket) {
      out.port_ = bound_port(socket->get());
      out.sockets_.push_back(std::move(*socket));
    } else if (is_absent(socket.error())) {
      absent = socket.error();
    } else {
      return cannot_listen(listen, std::strerror(socket.error()));
    }
  }
  if (out.sockets_.empty()) return cannot_listen(listen, std::strerror(absent));
  out.address_ = address->text(out.port_);
  return out;
}

std::expected<void, std::string> Listener::listen() {
  for (const Descriptor& socket : sockets_)
    if (::listen(socket.get(), SOMAXCONN) != 0) return cannot_listen(address_, std::strerror(errno));
  return {};
}

}  // namespace moot::node::api
