#include "node/api/context.hpp"

namespace moot::node::api {

void PinnedSnapshots::pin(const SnapshotPtr& snapshot) {
  const std::lock_guard lock(mutex_);
  const u64 now = clock_.steady_ns();
  entries_.remove_if([&](const Entry& entry) {
    return entry.snapshot->block.height == snapshot->block.height || now - entry.used_ns > kKeepNs;
  });
  entries_.push_front({snapshot, now});
  if (entries_.size() > kMost) entries_.pop_back();
}

SnapshotPtr PinnedSnapshots::find(Height height) {
  const std::lock_guard lock(mutex_);
  for (auto at = entries_.begin(); at != entries_.end(); ++at) {
    if (at->snapshot->block.height != height) continue;
    at->used_ns = clock_.steady_ns();
    entries_.splice(entries_.begin(), entries_, at);
    return at->snapshot;
  }
  return nullptr;
}

SlowLane::SlowLane()
    : thread_([this] {
        std::unique_lock lock(mutex_);
        for (;;) {
          wake_.wait(lock, [this] { return ended_ || !queue_.empty(); });
          if (queue_.empty()) return;
          Task task = std::move(queue_.front());
          queue_.pop_front();
          lock.unlock();
          task();
          lock.lock();
        }
      }) {}

SlowLane::~SlowLane() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool SlowLane::run(Task& task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= kMostQueued) return false;
    queue_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

}  // namespace moot::node::api
