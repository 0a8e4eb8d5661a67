#include "node/engine/block_builder.hpp"

namespace moot::node {
namespace {

using ledger::BlockExecution;
using ledger::Refusal;
using ledger::TxError;

// A transaction that does not fit this block, or whose turn has not come, waits; anything else will never get in.
bool can_wait(TxError code) {
  return code == TxError::block_full || code == TxError::account_block_limit || code == TxError::nonce_ahead;
}

void log_breaches(const ledger::BlockResult& result, Logger& log) {
  for (const ledger::LawBreach& breach : result.breaches)
    log.error("a transaction would break a law; left out",
              {{"height", result.roots.height}, {"law", breach.law}, {"what", breach.what}});
}

// Which of these transactions a block on `state` may hold: each is tried after the ones kept before it.
std::vector<PooledTx> without_breakers(const ledger::State& state, TimeMs time,
                                       std::span<const PooledTx> candidates,
                                       const ledger::PreparedPayouts& prepared, Logger& log) {
  std::vector<PooledTx> kept;
  for (const PooledTx& candidate : candidates) {
    BlockExecution trial(state, time, &prepared);
    bool good = true;
    for (const PooledTx& one : kept) good = good && trial.add(*one.tx).has_value();
    good = good && trial.add(*candidate.tx).has_value();
    if (good && trial.finish().breaches.empty()) {
      kept.push_back(candidate);
    } else {
      log.error("quarantined a transaction", {{"id", candidate.tx->id}});
    }
  }
  return kept;
}

}  // namespace

std::optional<BuiltBlock> build_block(const ledger::State& state, TimeMs time, Mempool& mempool,
                                      const ledger::PreparedPayouts& prepared, Logger& log) {
  BlockExecution execution(state, time, &prepared);
  execution.expect(mempool.next_ballots(state.param(ledger::Param::max_block_transactions)));
  std::vector<PooledTx> included;
  mempool.offer_all([&](const PooledTx& pooled, Refusal& refusal) {
    const auto receipt = execution.add(*pooled.tx);
    if (receipt) {
      included.push_back(pooled);
      return Mempool::Taken::included;
    }
    refusal = receipt.error();
    return can_wait(refusal.code) ? Mempool::Taken::later : Mempool::Taken::dropped;
  });
  if (included.empty() && !execution.did_due_work()) return std::nullopt;

  BuiltBlock built{execution.finish(), {}};
  if (!built.result.breaches.empty()) {
    log_breaches(built.result, log);
    included = without_breakers(state, time, included, prepared, log);
    BlockExecution again(state, time, &prepared);
    for (const PooledTx& pooled : included)
      MOOT_CHECK(again.add(*pooled.tx).has_value(), "it was included before");
    built.result = again.finish();
    MOOT_CHECK(built.result.breaches.empty(), "due work breaks a law");
  }
  for (PooledTx& pooled : included) built.envelopes.push_back(std::move(pooled.envelope));
  return built;
}

}  // namespace moot::node
