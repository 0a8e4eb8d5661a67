#include "crypto/verify_pool.hpp"

#include <algorithm>
#include <atomic>

#include "base/check.hpp"

namespace moot::crypto {

// Ranges are claimed by a counter. A thread that comes late finds none left and never touches fn, which may
// be gone by then.
struct VerifyPool::Region {
  std::size_t n = 0;
  std::size_t grain = 1;
  const Range* fn = nullptr;
  std::atomic<std::size_t> next_range{0};
  std::atomic<std::size_t> done{0};
  std::mutex mutex;
  std::condition_variable finished;

  void work() {
    for (;;) {
      const std::size_t range = next_range.fetch_add(1, std::memory_order_relaxed);
      if (range >= (n + grain - 1) / grain) return;
      const std::size_t begin = range * grain;
      const std::size_t end = std::min(n, begin + grain);
      (*fn)(begin, end);
      if (done.fetch_add(end - begin, std::memory_order_acq_rel) + (end - begin) != n) continue;
      const std::lock_guard lock(mutex);
      finished.notify_all();
    }
  }

  void wait() {
    std::unique_lock lock(mutex);
    finished.wait(lock, [this] { return done.load(std::memory_order_acquire) == n; });
  }
};

struct VerifyPool::Batch {
  std::vector<VerifyJob> jobs;
  std::vector<VerifyResult> results;
  Callback done;
  std::atomic<std::size_t> left;

  Batch(std::vector<VerifyJob> taken, Callback callback)
      : jobs(std::move(taken)), results(jobs.size()), done(std::move(callback)), left(jobs.size()) {}

  void work(std::size_t begin, std::size_t end) {
    const std::size_t count = end - begin;
    verify_jobs(std::span(jobs).subspan(begin, count), std::span(results).subspan(begin, count));
    if (left.fetch_sub(count, std::memory_order_acq_rel) == count) done(std::move(results));
  }
};

VerifyPool::VerifyPool() : VerifyPool(Options{}) {}

VerifyPool::VerifyPool(Options options) : max_queued_(options.max_queued) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  const unsigned count = options.threads == 0 ? cores : options.threads;
  workers_.reserve(count);
  for (unsigned i = 0; i < count; ++i) workers_.emplace_back([this] { run_worker(); });
}

VerifyPool::~VerifyPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void VerifyPool::run_worker() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !urgent_.empty() || !bulk_.empty(); });
    if (!urgent_.empty()) {
      const auto region = std::move(urgent_.front());
      urgent_.pop_front();
      lock.unlock();
      region->work();
      lock.lock();
    } else if (!bulk_.empty()) {
      BulkChunk chunk = std::move(bulk_.front());
      bulk_.pop_front();
      queued_ -= chunk.end - chunk.begin;
      lock.unlock();
      chunk.batch->work(chunk.begin, chunk.end);
      chunk.batch.reset();
      lock.lock();
    } else {
      return;  // stopping, and nothing is left
    }
  }
}

std::vector<VerifyResult> VerifyPool::verify_all(std::span<const VerifyJob> jobs) {
  std::vector<VerifyResult> results(jobs.size());
  // Several ranges a thread, so that the last one to finish keeps nobody waiting long.
  const std::size_t grain = std::clamp<std::size_t>(jobs.size() / (4 * (workers_.size() + 1)), 1, kChunk);
  parallel_for(jobs.size(), grain, [&](std::size_t begin, std::size_t end) {
    const std::size_t count = end - begin;
    verify_jobs(jobs.subspan(begin, count), std::span(results).subspan(begin, count));
  });
  return results;
}

bool VerifyPool::submit(std::vector<VerifyJob> batch, Callback done) {
  const std::size_t count = batch.size();
  if (count == 0) {
    done({});
    return true;
  }
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || count > max_queued_ - queued_) return false;
    const auto shared = std::make_shared<Batch>(std::move(batch), std::move(done));
    for (std::size_t begin = 0; begin < count; begin += kChunk)
      bulk_.push_back({shared, begin, std::min(count, begin + kChunk)});
    queued_ += count;
  }
  wake_.notify_all();
  return true;
}

void VerifyPool::parallel_for(std::size_t n, std::size_t grain, const Range& fn) {
  if (n == 0) return;
  grain = std::clamp<std::size_t>(grain, 1, n);
  const std::size_t ranges = (n - 1) / grain + 1;
  if (ranges == 1) return fn(0, n);
  const auto region = std::make_shared<Region>();
  region->n = n;
  region->grain = grain;
  region->fn = &fn;
  {
    const std::lock_guard lock(mutex_);
    // The caller takes ranges too, so one helper fewer than ranges is enough.
    const std::size_t helpers = std::min(workers_.size(), ranges - 1);
    for (std::size_t i = 0; i < helpers; ++i) urgent_.push_back(region);
  }
  wake_.notify_all();
  region->work();
  region->wait();
}

}  // namespace moot::crypto
