// What the services share: the node, the bounds, page tokens with the snapshots they are pinned to, the hub, and a lane for
// slow answers. Lives as long as the server.
#pragma once

#include <deque>
#include <list>

#include "node/api/hub.hpp"
#include "node/api/page_token.hpp"
#include "node/api/server.hpp"

namespace moot::node::api {

// Snapshots that listings under way are pinned to. Holds the newest 32 heights asked for, each for at most five minutes
// after its last page; a snapshot shares all that has not changed since.
class PinnedSnapshots {
 public:
  static constexpr std::size_t kMost = 32;
  static constexpr u64 kKeepNs = 300ull * 1'000'000'000;

  explicit PinnedSnapshots(const Clock& clock) : clock_(clock) {}
  void pin(const SnapshotPtr& snapshot);
  // Null when it is no longer held.
  [[nodiscard]] SnapshotPtr find(Height height);

 private:
  struct Entry {
    SnapshotPtr snapshot;
    u64 used_ns;
  };
  const Clock& clock_;
  std::mutex mutex_;
  std::list<Entry> entries_;  // most recently used first
};

// One thread for answers that take long (a preview over a million members), so that gRPC's own threads never do.
class SlowLane {
 public:
  static constexpr std::size_t kMostQueued = 64;
  using Task = std::move_only_function<void()>;

  SlowLane();
  ~SlowLane();  // runs what was accepted
  SlowLane(const SlowLane&) = delete;
  SlowLane& operator=(const SlowLane&) = delete;
  // False when the lane is full; the task is then not taken.
  [[nodiscard]] bool run(Task& task);

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> queue_;
  bool ended_ = false;
  std::thread thread_;
};

struct Context {
  Context(LedgerNode& ledger_node, const ApiOptions& api_options, const Clock& system_clock, Logger& logger)
      : node(ledger_node),
        options(api_options),
        clock(system_clock),
        log(logger),
        pinned(clock),
        hub(node),
        watchers(options.max_watchers),
        waiters(options.max_waiters),
        bulk_streams(options.max_bulk_streams) {}

  LedgerNode& node;
  const ApiOptions options;
  const Clock& clock;
  Logger& log;
  const PageTokens tokens;
  PinnedSnapshots pinned;
  SlowLane slow;
  Hub hub;
  Slots watchers;
  Slots waiters;
  Slots bulk_streams;
};

}  // namespace moot::node::api
