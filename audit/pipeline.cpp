#include "audit/pipeline.hpp"

#include <algorithm>
#include <utility>

namespace moot::audit {
namespace {

// A run is large enough that its end, where cores wait for the last of them, is a small part of it.
constexpr std::size_t kRunTransactions = 4'096;
constexpr std::size_t kRunBlocks = 512;
constexpr std::size_t kRunBytes = std::size_t{2} << 20;
constexpr std::size_t kBlockOverhead = 1'024;  // what a block weighs in a queue beside its bytes

// The thread that shares a run out works too.
unsigned pool_threads(unsigned asked) {
  const unsigned all = asked != 0 ? asked : std::thread::hardware_concurrency();
  return std::max(all, 2u) - 1;
}

}  // namespace

Pipeline::Pipeline(BlockSource& source, const ledger::Genesis& genesis, const PipelineOptions& options)
    : source_(source),
      options_(options),
      pool_({.threads = pool_threads(options.threads)}),
      preparer_(genesis, options.depth, pool_),
      raw_(options.look_ahead),
      prepared_(options.look_ahead),
      preparing_([this] { prepare_all(); }),
      reading_([this] { read_all(); }) {}

Pipeline::~Pipeline() {
  raw_.stop();
  prepared_.stop();
  source_.cancel();
}

bool Pipeline::fail_with(SourceError error, RawRun& run) {
  if (error.suspect) {
    run.end.suspect = error.suspect->height;
    run.blocks.push_back(*std::exchange(error.suspect, std::nullopt));
  }
  run.end.error = std::move(error);
  return false;
}

// True while there is more to read.
bool Pipeline::read_into(RawRun& run) {
  while (run.transactions < kRunTransactions && run.bytes < kRunBytes && run.blocks.size() < kRunBlocks) {
    if (options_.stop_at && wanted_ > options_.stop_at->raw()) return false;
    auto block = source_.next();
    if (!block) return fail_with(std::move(block.error()), run);
    if (!*block) {
      run.end.exhausted = true;
      return false;
    }
    ++wanted_;
    run.bytes += (*block)->bytes() + kBlockOverhead;
    run.transactions += (*block)->envelopes.size();
    run.blocks.push_back(std::move(**block));
  }
  return true;
}

void Pipeline::read_all() {
  for (bool more = true; more;) {
    RawRun run;
    more = read_into(run);
    run.end.last = !more;
    const std::size_t weight = run.bytes;
    if (!raw_.push(std::move(run), weight)) return;
  }
  raw_.close();
}

void Pipeline::prepare_all() {
  while (auto run = raw_.pop()) {
    PreparedRun out = std::move(run->end);
    out.blocks = preparer_.prepare(std::move(run->blocks));
    if (!prepared_.push(std::move(out), run->bytes)) return;
  }
  prepared_.close();
}

}  // namespace moot::audit
