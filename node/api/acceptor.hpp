// Accepts connections and hands each to the gRPC server, up to a maximum.
//
// gRPC's own accept loop has no maximum, and ends for good the first time the process has no descriptor left. This one never
// ends by itself: where the system has no room it waits a moment and goes on. A connection above the maximum is closed at
// once, so that its client hears of it instead of waiting; refusals are counted and logged, a line in ten seconds at most.
//
// One thread of its own. stop() ends it; what has been handed over is the server's.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "node/api/listener.hpp"

namespace moot::node::api {

class Acceptor {
 public:
  // Takes a connected, non-blocking socket and closes it some day.
  using HandOver = std::function<void(int fd)>;

  // The listener listens already. Clock and logger outlive the acceptor.
  Acceptor(Listener listener, u32 max_connections, HandOver hand_over, const Clock& clock, Logger& log);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  // Nobody is accepted from here on, and the port is free. Idempotent.
  void stop();
  // Connections closed because there were too many, since the start.
  [[nodiscard]] u64 refused() const { return refused_.load(); }

 private:
  // A socket that was handed over. gRPC does not say when it closes one: its number then names nothing, or something else.
  struct Handed {
    int fd;
    ino_t socket;
  };

  void run();
  void wait(bool for_connections, u64 timeout_ms);
  // False when the system has no room for another.
  bool accept_from(int listening);
  void take(Descriptor connection);
  [[nodiscard]] bool is_full();
  void tell();

  Listener listener_;
  const u32 max_connections_;
  const HandOver hand_over_;
  const Clock& clock_;
  Logger& log_;
  const Descriptor stop_;  // readable once the thread is to end
  std::atomic<bool> stopping_{false};
  std::atomic<u64> refused_{0};
  std::vector<Handed> handed_;
  u64 counted_ns_ = 0;  // when `handed_` was last compared with what is open
  u64 told_ns_ = 0;
  u64 told_refused_ = 0;
  int no_room_ = 0;  // the system's number, until it has been told
  std::thread thread_;
};

}  // namespace moot::node::api
