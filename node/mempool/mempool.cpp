#include "node/mempool/mempool.hpp"

namespace moot::node {

using ledger::Refusal;
using ledger::TxError;
using ledger::Verdict;

namespace {

constexpr u64 kDueWorkKept =
    60'000;  // ms that a block's due work, done for judging, is taken for what it would be now

u64 proposal_of(const ledger::VerifiedTransaction& tx) {
  const auto* vote = std::get_if<ledger::Vote>(&tx.tx.payload);
  return vote ? vote->proposal.value : ~u64{0};
}

}  // namespace

Mempool::Mempool() : Mempool(Limits{}) {}

std::optional<u64> Mempool::next_nonce(const ledger::State& state, const Address& address) {
  const auto account = state.account_of(address);
  if (!account) return std::nullopt;
  return state.accounts[account->value].next_nonce;
}

// While something is due and no block does it, everything is judged as it will stand after it: that is worked out once, and
// each candidate is tried on a copy, which costs nothing.
const ledger::BlockExecution& Mempool::with_due_work(const Moment& moment) {
  const auto still_good = [&](const DueWork& done) {
    const auto next = done.block.state().next_due();
    return done.parent == moment.state.height() && moment.at.raw() - done.at.raw() < kDueWorkKept &&
           (!done.block.breaches().empty() || !next || *next > moment.at);
  };
  if (!due_work_ || !still_good(*due_work_)) {
    due_work_.reset();
    due_payouts_ = moment.payouts;
    due_work_.emplace(moment.state.height(), moment.at,
                      ledger::BlockExecution(moment.state, moment.at, &due_payouts_));
  }
  return due_work_->block;
}

Verdict Mempool::judge(const ledger::VerifiedTransaction& tx, const Moment& moment) {
  const ledger::Transaction& envelope = tx.tx;
  const auto due = moment.state.next_due();
  const ledger::BlockExecution* after_due = due && *due <= moment.at ? &with_due_work(moment) : nullptr;
  const ledger::State& state = after_due ? after_due->state() : moment.state;
  const ledger::Sender sender =
      ledger::sender_at(state, state.leaf_of(envelope.signer), envelope.signer, envelope.nonce);
  const ledger::View view{state, Height{moment.state.height().raw() + 1}, moment.at, sender, &moment.payouts};
  if (const Verdict inside = ledger::check_inclusion(view, envelope); !inside)
    return inside.error().code == TxError::nonce_ahead ? Verdict{} : inside;
  if (ledger::has_no_account_nonce(envelope.kind())) return {};
  ledger::BlockExecution trial =
      after_due ? *after_due : ledger::BlockExecution(moment.state, moment.at, &moment.payouts);
  const auto receipt = trial.add(tx);
  if (!receipt) return std::unexpected(receipt.error());
  if (receipt->failed())
    return std::unexpected(Refusal{static_cast<TxError>(receipt->code), receipt->bad_index});
  return {};
}

Verdict Mempool::judge_queue(const ledger::VerifiedTransaction& tx, const ledger::State& state) const {
  const ledger::Transaction& envelope = tx.tx;
  if (ledger::has_no_account_nonce(envelope.kind())) {
    const auto waiting = per_voter_.find({proposal_of(tx), envelope.signer});
    if (waiting != per_voter_.end() && waiting->second >= limits_.per_voter)
      return ledger::refuse(TxError::account_block_limit);
    return {};
  }
  const auto next = next_nonce(state, envelope.signer);
  if (next && envelope.nonce >= *next + limits_.per_account) return ledger::refuse(TxError::nonce_ahead);
  const auto queue = accounts_.find(envelope.signer);
  // Another transaction of this nonce waits: the first one stands.
  if (queue != accounts_.end() && queue->second.contains(envelope.nonce))
    return ledger::refuse(TxError::nonce_stale);
  return {};
}

Mempool::Outcome Mempool::add(PooledTx pooled, const ledger::State& state, TimeMs now,
                              const ledger::PreparedPayouts& payouts) {
  const ledger::VerifiedTransaction& tx = *pooled.tx;
  if (is_pending(tx.id)) return {Added::known, {}};
  if (const auto dropped = drop_reason(tx.id); dropped && dropped->code == TxError::breaks_a_law)
    return {Added::refused, *dropped};
  const Moment moment{state, ledger::next_block_time(state, now), payouts};
  if (const Verdict good = judge(tx, moment); !good) return {Added::refused, good.error()};
  if (const Verdict good = judge_queue(tx, state); !good) return {Added::refused, good.error()};
  const Status at = status();
  if (at.transactions >= limits_.max_transactions || at.bytes + tx.bytes > limits_.max_bytes)
    return {Added::full, {}};
  count_in(pooled);
  if (ledger::has_no_account_nonce(tx.tx.kind()))
    ballots_.push_back(std::move(pooled));
  else
    accounts_[tx.tx.signer].emplace(tx.tx.nonce, std::move(pooled));
  return {Added::accepted, {}};
}

void Mempool::count_in(const PooledTx& pooled) {
  const ledger::VerifiedTransaction& tx = *pooled.tx;
  if (ledger::has_no_account_nonce(tx.tx.kind())) ++per_voter_[{proposal_of(tx), tx.tx.signer}];
  ++count_;
  const std::lock_guard lock(mutex_);
  ids_.insert(tx.id);
  leaving_.erase(tx.id);
  bytes_ += tx.bytes;
}

void Mempool::forget(const PooledTx& pooled) {
  const ledger::VerifiedTransaction& tx = *pooled.tx;
  if (ledger::has_no_account_nonce(tx.tx.kind())) {
    const auto waiting = per_voter_.find({proposal_of(tx), tx.tx.signer});
    if (--waiting->second == 0) per_voter_.erase(waiting);
  }
  --count_;
  const std::lock_guard lock(mutex_);
  ids_.erase(tx.id);
  bytes_ -= tx.bytes;
}

void Mempool::leave(const PooledTx& pooled) {
  {
    const std::lock_guard lock(mutex_);
    leaving_.insert(pooled.tx->id);
  }
  forget(pooled);
}

void Mempool::drop(const PooledTx& pooled, const Refusal& refusal) {
  forget(pooled);
  const std::lock_guard lock(mutex_);
  remember_drop(pooled.tx->id, refusal);
}

void Mempool::put_back(std::vector<PooledTx> unused) {
  std::vector<PooledTx> ballots;
  for (PooledTx& pooled : unused) {
    const ledger::VerifiedTransaction& tx = *pooled.tx;
    count_in(pooled);
    if (ledger::has_no_account_nonce(tx.tx.kind()))
      ballots.push_back(std::move(pooled));
    else
      accounts_[tx.tx.signer].emplace(tx.tx.nonce, std::move(pooled));
  }
  ballots_.insert(ballots_.begin(), std::make_move_iterator(ballots.begin()),
                  std::make_move_iterator(ballots.end()));
}

void Mempool::quarantine(const TxId& id) {
  const std::lock_guard lock(mutex_);
  leaving_.erase(id);
  remember_drop(id, {TxError::breaks_a_law, std::nullopt});
}

// Under the mutex.
void Mempool::remember_drop(const TxId& id, const Refusal& refusal) {
  if (!dropped_.insert_or_assign(id, refusal).second) return;
  drop_order_.push_back(id);
  if (drop_order_.size() <= limits_.remembered_drops) return;
  dropped_.erase(drop_order_.front());
  drop_order_.pop_front();
}

void Mempool::offer_all(const Offer& offer) {
  for (auto account = accounts_.begin(); account != accounts_.end();) {
    auto& queue = account->second;
    while (!queue.empty()) {
      Refusal refusal;
      const Taken taken = offer(queue.begin()->second, refusal);
      if (taken == Taken::later) break;
      taken == Taken::included ? leave(queue.begin()->second) : drop(queue.begin()->second, refusal);
      queue.erase(queue.begin());
    }
    account = queue.empty() ? accounts_.erase(account) : std::next(account);
  }
  // A full block ends the offering: a mempool holds many blocks' worth, and checking them all for each would be work squared.
  std::deque<PooledTx> kept;
  bool full = false;
  for (; !ballots_.empty() && !full; ballots_.pop_front()) {
    PooledTx& pooled = ballots_.front();
    Refusal refusal;
    switch (offer(pooled, refusal)) {
      case Taken::included: leave(pooled); break;
      case Taken::dropped: drop(pooled, refusal); break;
      case Taken::later:
        // A join may find its part of the block full where ballots still fit.
        full = refusal.code == TxError::block_full && ledger::is_ballot(pooled.tx->tx.kind());
        kept.push_back(std::move(pooled));
        break;
    }
  }
  ballots_.insert(ballots_.begin(), std::make_move_iterator(kept.begin()),
                  std::make_move_iterator(kept.end()));
}

std::vector<const ledger::VerifiedTransaction*> Mempool::next_ballots(std::size_t most) const {
  std::vector<const ledger::VerifiedTransaction*> out;
  out.reserve(std::min(most, ballots_.size()));
  for (auto pooled = ballots_.begin(); pooled != ballots_.end() && out.size() < most; ++pooled)
    out.push_back(pooled->tx.get());
  return out;
}

void Mempool::prune(const ledger::State& state, TimeMs now) {
  due_work_.reset();
  {
    const std::lock_guard lock(mutex_);
    leaving_.clear();
  }
  const auto expired = [&](const PooledTx& pooled) {
    const TimeMs until = pooled.tx->tx.valid_until;
    return !until.is_zero() && now >= until;
  };
  for (auto account = accounts_.begin(); account != accounts_.end();) {
    auto& queue = account->second;
    const auto next = next_nonce(state, account->first);
    std::erase_if(queue, [&](const auto& item) {
      const bool stale = !next || item.first < *next;
      if (!stale && !expired(item.second)) return false;
      drop(item.second, {stale ? TxError::nonce_stale : TxError::expired, std::nullopt});
      return true;
    });
    account = queue.empty() ? accounts_.erase(account) : std::next(account);
  }
}

bool Mempool::has_candidates(const ledger::State& state) const {
  if (!ballots_.empty()) return true;
  for (const auto& [address, queue] : accounts_)
    if (const auto next = next_nonce(state, address); !next || queue.begin()->first <= *next) return true;
  return false;
}

Mempool::Status Mempool::status() const {
  const std::lock_guard lock(mutex_);
  return {ids_.size(), bytes_};
}

bool Mempool::is_pending(const TxId& id) const {
  const std::lock_guard lock(mutex_);
  return ids_.contains(id) || leaving_.contains(id);
}

std::optional<Refusal> Mempool::drop_reason(const TxId& id) const {
  const std::lock_guard lock(mutex_);
  const auto it = dropped_.find(id);
  if (it == dropped_.end()) return std::nullopt;
  return it->second;
}

}  // namespace moot::node
