// The auditor's replay: a ledger from its genesis to its newest block, every claim in it checked again, by nothing but the
// blocks themselves. The node's database plays no part.
//
//   source ── read ahead ──▶ decode, links, certificates, signatures (all cores) ──▶ execute in order (caller's thread)
//
// Each block is executed by the ledger's own rules, and its four roots are compared with the header. Laws are looked at after
// every block; where a vote closes it is recounted from its ballots, and where a payout executes it is recomputed and the full
// sums are made. Both queues are bounded in bytes. The first problem ends the replay.
#pragma once

#include "audit/report.hpp"
#include "audit/source.hpp"
#include "base/clock.hpp"

namespace moot::audit {

struct ReplayOptions {
  bool signatures = true;                          // of transactions; certificates are always verified
  std::optional<Height> stop_at;                   // the last height wanted
  std::optional<LedgerId> expected_ledger;         // refuse another one
  unsigned threads = 0;                            // 0: one for each core
  std::size_t look_ahead = std::size_t{64} << 20;  // bytes of blocks that may wait, twice
};

struct ReplayProgress {
  Height height;  // found good
  Height last;    // 0: unknown
  u64 transactions = 0;
  u64 signatures = 0;
};
using ReplayCallback =
    std::function<void(const ReplayProgress&)>;  // on the caller's thread, after each block

// Never throws and never stops at bad input: what is wrong is the report's problem.
Report replay(BlockSource& source, const ReplayOptions& options, const Clock& clock,
              const ReplayCallback& progress = {});

// Reads the whole source and checks form, order, links and certificates; executes nothing. Gives what it ends with.
std::expected<Footer, Problem> verify_chain(BlockSource& source, const ReplayOptions& options,
                                            const ReplayCallback& progress = {});

}  // namespace moot::audit
