// Wakes calls that wait: after each commit, and every 50 ms while anybody waits (heartbeats, stalls, time-outs). One thread
// of its own, so that neither the publishing thread nor a call ever waits for another call.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/clock.hpp"
#include "node/engine/ledger_node.hpp"

namespace moot::node::api {

// Something that waits. Kept alive by whoever waits; the hub holds it weakly, so a wake may meet one whose call has ended.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  // `stopping`: end the call.
  virtual void wake(bool stopping) = 0;
};

class Hub {
 public:
  static constexpr u64 kTickMs = 50;

  explicit Hub(LedgerNode& node);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  void add(const std::shared_ptr<Sleeper>& sleeper);
  void remove(const Sleeper* sleeper);
  // Wakes everybody with stopping = true, at once and for whoever comes later.
  void stop();
  [[nodiscard]] bool stopping() const { return stopping_.load(); }

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable wake_;
  bool committed_ = false;
  bool ended_ = false;
  std::atomic<bool> stopping_{false};
  std::unordered_map<const Sleeper*, std::weak_ptr<Sleeper>> sleepers_;
  std::unique_ptr<Subscription> subscription_;
  std::thread thread_;
};

// A count with a bound: how many calls of one kind are served at once.
class Slots {
 public:
  explicit Slots(u32 limit) : limit_(limit) {}
  [[nodiscard]] bool take() {
    if (used_.fetch_add(1) < limit_) return true;
    used_.fetch_sub(1);
    return false;
  }
  void give_back() { used_.fetch_sub(1); }
  [[nodiscard]] u32 used() const { return used_.load(); }

 private:
  const u32 limit_;
  std::atomic<u32> used_{0};
};

}  // namespace moot::node::api
