#include "node/machine/block_builder.hpp"

namespace moot::node {
namespace {

using ledger::BlockExecution;
using ledger::LawBreach;
using ledger::Refusal;
using ledger::TxError;

// A search costs a few blocks' work for each one found, and the search for many would hold the ledger up.
constexpr std::size_t kMostQuarantined = 16;

// A transaction that does not fit this block, or whose turn has not come, waits; anything else will never get in.
bool can_wait(TxError code) {
  return code == TxError::block_full || code == TxError::account_block_limit || code == TxError::nonce_ahead;
}

// Of the block if it ended here. Finishes a copy, which costs nothing to make; the execution itself may go on.
std::vector<LawBreach> breaches_so_far(BlockExecution execution) { return execution.finish().breaches; }

// Parts the transactions of a block that breaks a law into those that do not and those to blame.
class Sieve {
 public:
  // `empty` has done what is due and breaks nothing.
  Sieve(BlockExecution empty, Logger& log) : log_(log) { kept_.emplace(std::move(empty)); }

  // Tries these together on top of what is kept; if they break a law each half for itself, down to the one that does. One
  // that cannot be included where another is missing is left over, for its time may come.
  void sift(std::span<const PooledTx> candidates) {
    if (quarantined_.size() >= kMostQuarantined) {
      left_over_.insert(left_over_.end(), candidates.begin(), candidates.end());
      return;
    }
    BlockExecution trial = *kept_;
    std::vector<PooledTx> added;
    std::vector<PooledTx> refused;
    for (const PooledTx& one : candidates) (trial.add(*one.tx) ? added : refused).push_back(one);
    if (const auto breaches = breaches_so_far(trial); breaches.empty()) {
      kept_.emplace(std::move(trial));
      std::ranges::move(added, std::back_inserter(included_));
      std::ranges::move(refused, std::back_inserter(left_over_));
    } else if (candidates.size() == 1) {
      quarantine(candidates.front(), breaches.front());
    } else {
      sift(candidates.first(candidates.size() / 2));
      sift(candidates.subspan(candidates.size() / 2));
    }
  }

  [[nodiscard]] BlockExecution& kept() { return *kept_; }
  [[nodiscard]] std::vector<PooledTx>& included() { return included_; }
  [[nodiscard]] std::vector<PooledTx>& left_over() { return left_over_; }
  [[nodiscard]] const std::vector<TxId>& quarantined() const { return quarantined_; }

 private:
  void quarantine(const PooledTx& pooled, const LawBreach& breach) {
    quarantined_.push_back(pooled.tx->id);
    log_.error("a transaction would break a law; quarantined", {{"id", pooled.tx->id},
                                                                {"height", kept_->state().height()},
                                                                {"law", breach.law},
                                                                {"what", breach.what}});
  }

  Logger& log_;
  std::optional<BlockExecution> kept_;
  std::vector<PooledTx> included_;
  std::vector<PooledTx> left_over_;
  std::vector<TxId> quarantined_;
};

// What the mempool offers and the block takes, in order.
std::vector<PooledTx> fill(BlockExecution& execution, Mempool& mempool) {
  execution.expect(mempool.next_ballots(execution.state().param(ledger::Param::max_block_transactions)));
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
  return included;
}

ExecutedBlock built_of(ledger::BlockResult result, std::vector<PooledTx>& included) {
  ExecutedBlock built{std::move(result), {}};
  for (PooledTx& pooled : included) built.envelopes.push_back(std::move(pooled.envelope));
  return built;
}

}  // namespace

std::expected<std::optional<ExecutedBlock>, BrokenDueWork> build_block(
    const ledger::State& state, TimeMs time, Mempool& mempool, const ledger::PreparedPayouts& prepared,
    Logger& log) {
  BlockExecution execution(state, time, &prepared);
  const bool due = execution.did_due_work();
  // Asked before a transaction is taken, so that none is blamed for it.
  if (due)
    if (auto breaches = breaches_so_far(execution); !breaches.empty())
      return std::unexpected(BrokenDueWork{std::move(breaches)});
  std::vector<PooledTx> included = fill(execution, mempool);
  if (included.empty() && !due) return std::nullopt;
  ledger::BlockResult result = execution.finish();
  if (result.breaches.empty()) return built_of(std::move(result), included);

  BlockExecution empty(state, time, &prepared);
  if (auto breaches = breaches_so_far(empty); !breaches.empty()) {
    mempool.put_back(std::move(included));
    return std::unexpected(BrokenDueWork{std::move(breaches)});
  }
  Sieve sieve(std::move(empty), log);
  sieve.sift(included);
  for (const TxId& id : sieve.quarantined()) mempool.quarantine(id);
  mempool.put_back(std::move(sieve.left_over()));
  if (sieve.included().empty() && !due) return std::nullopt;
  return built_of(sieve.kept().finish(), sieve.included());
}

}  // namespace moot::node
