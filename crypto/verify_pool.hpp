// A fixed set of threads for what has no order: checking signatures and hashing trees. Every member function
// may be called from any thread, the pool's own included.
//
// Two classes of work share the threads. verify_all and parallel_for are urgent (a block waits for them):
// they go first and the caller works too, so they always advance, even when every thread is busy. submit is
// bulk (clients' transactions): it waits its turn in a queue bounded in signatures, and refuses when the
// queue is full, so that the caller pushes back on its client.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "crypto/verify_job.hpp"

namespace moot::crypto {

class VerifyPool {
 public:
  static constexpr std::size_t kChunk = 64;  // signatures one thread takes at a time: 0.3 to 3 ms

  struct Options {
    unsigned threads = 0;             // 0: one for each core
    std::size_t max_queued = 65'536;  // signatures accepted by submit and not yet begun
  };
  using Callback = std::move_only_function<void(std::vector<VerifyResult>)>;
  using Range = std::function<void(std::size_t begin, std::size_t end)>;

  VerifyPool();
  explicit VerifyPool(Options options);
  // Finishes everything accepted, callbacks included, then joins the threads.
  ~VerifyPool();
  VerifyPool(const VerifyPool&) = delete;
  VerifyPool& operator=(const VerifyPool&) = delete;

  [[nodiscard]] unsigned threads() const { return static_cast<unsigned>(workers_.size()); }

  // Results in the order of the jobs. Returns when all are done.
  std::vector<VerifyResult> verify_all(std::span<const VerifyJob> jobs);

  // Calls `done` once, on a pool thread, with the results in order; at once on this thread when the batch is
  // empty. False, and nothing is taken or called, when the batch does not fit the queue (a batch larger than
  // the whole queue never does). `done` must not throw.
  [[nodiscard]] bool submit(std::vector<VerifyJob> batch, Callback done);

  // Calls fn(begin, end) for consecutive ranges of at most `grain` that cover [0, n), on all threads and this
  // one; returns when all are done, with their effects visible. fn must not throw. Ranges come in no order.
  void parallel_for(std::size_t n, std::size_t grain, const Range& fn);

 private:
  struct Region;  // one parallel_for
  struct Batch;   // one submit
  struct BulkChunk {
    std::shared_ptr<Batch> batch;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void run_worker();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Region>> urgent_;  // one entry for each thread invited to help
  std::deque<BulkChunk> bulk_;
  const std::size_t max_queued_;
  std::size_t queued_ = 0;  // signatures in bulk_
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace moot::crypto
