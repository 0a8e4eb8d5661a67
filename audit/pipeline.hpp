// Two threads and a pool between a source and whoever takes its blocks in order.
#pragma once

#include <thread>

#include "audit/prepare.hpp"
#include "audit/queue.hpp"

namespace moot::audit {

struct PipelineOptions {
  std::optional<Height> stop_at;
  unsigned threads = 0;        // that verify; 0: one for each core
  std::size_t look_ahead = 0;  // bytes that each of the two queues may hold
  Depth depth = Depth::signatures;
};

// A run of blocks; the last run says how the source ended.
struct PreparedRun {
  std::vector<PreparedBlock> blocks;
  bool last = false;
  bool exhausted = false;            // the source had no more; else `stop_at` was reached
  std::optional<SourceError> error;  // why there is no more
  std::optional<Height>
      suspect;  // the block that is what can be read of the damage `error` tells of; the last one
};

// Begins at once. Dropping it cancels the source and joins. The source is the pipeline's alone while it lives.
class Pipeline {
 public:
  Pipeline(BlockSource& source, const ledger::Genesis& genesis, const PipelineOptions& options);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // In order; nothing after the last run.
  std::optional<PreparedRun> next() { return prepared_.pop(); }
  [[nodiscard]] unsigned threads() const { return pool_.threads() + 1; }

 private:
  struct RawRun {
    std::vector<RawBlock> blocks;
    std::size_t bytes = 0;
    std::size_t transactions = 0;
    PreparedRun end;
  };
  void read_all();
  bool read_into(RawRun& run);
  static bool fail_with(SourceError error, RawRun& run);
  void prepare_all();

  BlockSource& source_;
  PipelineOptions options_;
  crypto::VerifyPool pool_;
  Preparer preparer_;
  u64 wanted_ = 1;
  BoundedQueue<RawRun> raw_;
  BoundedQueue<PreparedRun> prepared_;
  std::jthread preparing_;
  std::jthread reading_;
};

}  // namespace moot::audit
