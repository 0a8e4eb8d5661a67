#include "node/api/acceptor.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/check.hpp"

namespace moot::node::api {
namespace {

constexpr u64 kMsNs = 1'000'000;
constexpr u64 kPauseMs = 100;              // before trying again where the system had no room
constexpr u64 kCountEveryNs = 20 * kMsNs;  // while full; a flood must not buy a count with each connection
constexpr u64 kTellEveryMs = 10'000;
constexpr int kAcceptedInARow = 64;  // of one socket, before the others have their turn

// What a socket is, whatever number it has; nothing when the number is nobody's.
std::optional<ino_t> identity_of(int fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return std::nullopt;
  return about.st_ino;
}

bool has_no_room(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Acceptor::Acceptor(Listener listener, u32 max_connections, HandOver hand_over, const Clock& clock,
                   Logger& log)
    : listener_(std::move(listener)),
      max_connections_(max_connections),
      hand_over_(std::move(hand_over)),
      clock_(clock),
      log_(log),
      stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  MOOT_CHECK(stop_.get() >= 0, "a descriptor to stop by");
  thread_ = std::thread([this] { run(); });
}

Acceptor::~Acceptor() { stop(); }

void Acceptor::stop() {
  if (stopping_.exchange(true)) return;
  ::eventfd_write(stop_.get(), 1);
  thread_.join();
  listener_ = Listener{};
}

void Acceptor::run() {
  while (!stopping_.load()) {
    // A refusal that was not told yet is told when its time has come, even if nobody else connects.
    const bool untold = refused_.load() != told_refused_ || no_room_ != 0;
    wait(true, untold ? kTellEveryMs : 0);
    bool room = true;
    for (const Descriptor& socket : listener_.sockets()) room = accept_from(socket.get()) && room;
    tell();
    if (!room) wait(false, kPauseMs);
  }
  told_ns_ = 0;  // what was not told yet is told at the end
  tell();
}

void Acceptor::wait(bool for_connections, u64 timeout_ms) {
  std::vector<pollfd> watched{{.fd = stop_.get(), .events = POLLIN, .revents = 0}};
  if (for_connections)
    for (const Descriptor& socket : listener_.sockets())
      watched.push_back({.fd = socket.get(), .events = POLLIN, .revents = 0});
  ::poll(watched.data(), watched.size(), timeout_ms == 0 ? -1 : static_cast<int>(timeout_ms));
}

bool Acceptor::accept_from(int listening) {
  for (int i = 0; i < kAcceptedInARow && !stopping_.load(); ++i) {
    Descriptor connection(::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection.get() >= 0) {
      take(std::move(connection));
    } else if (has_no_room(errno)) {
      no_room_ = errno;
      return false;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      // Nobody waits (EAGAIN), or the network below failed for the one who did; accept(2) lists many such numbers.
      return true;
    }
  }
  return true;
}

void Acceptor::take(Descriptor connection) {
  const auto identity = identity_of(connection.get());
  if (!identity) return;
  if (is_full()) {
    refused_.fetch_add(1);
    return;
  }
  handed_.push_back({connection.get(), *identity});
  hand_over_(connection.release());
}

bool Acceptor::is_full() {
  if (handed_.size() < max_connections_) return false;
  const u64 now = clock_.steady_ns();
  if (counted_ns_ != 0 && now - counted_ns_ < kCountEveryNs) return true;
  counted_ns_ = now;
  std::erase_if(handed_, [](const Handed& one) { return identity_of(one.fd) != one.socket; });
  return handed_.size() >= max_connections_;
}

void Acceptor::tell() {
  const u64 refused = refused_.load();
  if (refused == told_refused_ && no_room_ == 0) return;
  const u64 now = clock_.steady_ns();
  if (told_ns_ != 0 && now - told_ns_ < kTellEveryMs * kMsNs) return;
  told_ns_ = now;
  if (refused != told_refused_)
    log_.warn("connections refused: as many as api.max_connections are open",
              {{"max", max_connections_}, {"refused", refused - told_refused_}, {"since_start", refused}});
  if (no_room_ != 0)
    log_.warn("no room for a connection, trying on", {{"reason", std::strerror(std::exchange(no_room_, 0))}});
  told_refused_ = refused;
}

}  // namespace moot::node::api
