#include "node/api/hub.hpp"

#include <chrono>
#include <vector>

namespace moot::node::api {

Hub::Hub(LedgerNode& node) : thread_([this] { run(); }) {
  subscription_ = node.on_commit([this](const SnapshotPtr&) {
    {
      const std::lock_guard lock(mutex_);
      committed_ = true;
    }
    wake_.notify_one();
  });
}

Hub::~Hub() {
  subscription_.reset();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Hub::add(const std::shared_ptr<Sleeper>& sleeper) {
  const std::lock_guard lock(mutex_);
  sleepers_.emplace(sleeper.get(), sleeper);
  wake_.notify_one();
}

void Hub::remove(const Sleeper* sleeper) {
  const std::lock_guard lock(mutex_);
  sleepers_.erase(sleeper);
}

void Hub::stop() {
  stopping_.store(true);
  const std::lock_guard lock(mutex_);
  committed_ = true;
  wake_.notify_one();
}

void Hub::run() {
  std::unique_lock lock(mutex_);
  std::vector<std::shared_ptr<Sleeper>> awake;
  while (!ended_) {
    const auto due = [this] { return ended_ || committed_; };
    if (sleepers_.empty())
      wake_.wait(lock, [&] { return due() || !sleepers_.empty(); });
    else
      wake_.wait_for(lock, std::chrono::milliseconds(kTickMs), due);
    committed_ = false;
    for (const auto& [key, weak] : sleepers_)
      if (auto sleeper = weak.lock()) awake.push_back(std::move(sleeper));
    const bool stopping = stopping_.load();
    lock.unlock();
    for (const auto& sleeper : awake) sleeper->wake(stopping);
    awake.clear();
    lock.lock();
  }
}

}  // namespace moot::node::api
