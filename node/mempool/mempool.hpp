// Transactions that wait for a block. Belongs to the core strand; only status() and is_pending() may be asked elsewhere.
//
// Ballots queue in order of arrival. Everything else queues per account, in the order of its nonces. Every bound has a
// name in Limits; what exceeds one is answered `busy` (a full pool) or refused (an account's own queue), and nothing is
// evicted for a newcomer: whoever was acknowledged as accepted stays until it is final, expires or becomes impossible.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "ledger/apply.hpp"

namespace moot::node {

using TxPtr = std::shared_ptr<const ledger::VerifiedTransaction>;

struct PooledTx {
  TxPtr tx;
  Bytes envelope;
};

class Mempool {
 public:
  struct Limits {
    u64 max_transactions = 200'000;
    u64 max_bytes = u64{64} << 20;
    u64 per_account = 64;  // waiting nonces of one account, gaps included
    u64 per_voter = 4;     // waiting ballots of one voter on one proposal
    u64 remembered_drops = 10'000;
  };
  enum class Added { accepted, known, full, refused };
  struct Outcome {
    Added added = Added::refused;
    ledger::Refusal refusal;
  };
  // What the builder did with a candidate.
  enum class Taken { included, later, dropped };

  Mempool();
  explicit Mempool(const Limits& limits) : limits_(limits) {}

  // Judges the transaction against the newest final state, as if in a block at `now`, and keeps it. A nonce ahead of the
  // account's next is kept unjudged, since it depends on what waits before it. What is due by then is done first, once a
  // state and not for each transaction; `payouts` spares it the computing of those that it pays.
  Outcome add(PooledTx pooled, const ledger::State& state, TimeMs now,
              const ledger::PreparedPayouts& payouts = {});

  // Offers candidates: first account by account in nonce order, then ballots by arrival. `later` keeps one and ends that
  // account's turn; a ballot that finds the block full ends everybody's. `dropped` removes it, remembering the refusal.
  // What was included counts as pending until prune() says that its block is durable.
  using Offer = std::function<Taken(const PooledTx& pooled, ledger::Refusal& refusal)>;
  void offer_all(const Offer& offer);
  // The first ballots that offer_all will offer, in its order.
  [[nodiscard]] std::vector<const ledger::VerifiedTransaction*> next_ballots(std::size_t most) const;

  // What the builder took and did not use waits again: in the order of the offering, before all ballots that wait.
  void put_back(std::vector<PooledTx> unused);
  // The builder took it, and it broke a law: it does not wait, and is refused with breaks_a_law for as long as that is
  // remembered as the reason why it was dropped (remembered_drops).
  void quarantine(const TxId& id);

  // After a block: forgets what it included, and removes what can no longer be: expired, or of a nonce that has passed.
  void prune(const ledger::State& state, TimeMs now);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // True when something could enter the next block (an account's queue with a gap at its front cannot).
  [[nodiscard]] bool has_candidates(const ledger::State& state) const;

  // ---- any thread ----
  struct Status {
    u64 transactions = 0;
    u64 bytes = 0;
  };
  [[nodiscard]] Status status() const;
  [[nodiscard]] bool is_pending(const TxId& id) const;
  [[nodiscard]] std::optional<ledger::Refusal> drop_reason(const TxId& id) const;

 private:
  using VoterKey = std::pair<u64, Address>;
  // What a transaction is judged against: the newest final state, the time that its next block would have, and the payouts
  // that are ready.
  struct Moment {
    const ledger::State& state;
    TimeMs at;
    const ledger::PreparedPayouts& payouts;
  };
  ledger::Verdict judge(const ledger::VerifiedTransaction& tx, const Moment& moment);
  const ledger::BlockExecution& with_due_work(const Moment& moment);
  ledger::Verdict judge_queue(const ledger::VerifiedTransaction& tx, const ledger::State& state) const;
  void count_in(const PooledTx& pooled);
  void forget(const PooledTx& pooled);
  void remember_drop(const TxId& id, const ledger::Refusal& refusal);
  void leave(const PooledTx& pooled);
  void drop(const PooledTx& pooled, const ledger::Refusal& refusal);
  [[nodiscard]] static std::optional<u64> next_nonce(const ledger::State& state, const Address& address);

  Limits limits_;
  std::deque<PooledTx> ballots_;  // and joins: both have no account nonce
  struct VoterHash {
    std::size_t operator()(const VoterKey& key) const { return DigestHasher{}(key.second) ^ key.first; }
  };
  std::unordered_map<VoterKey, u64, VoterHash> per_voter_;
  std::map<Address, std::map<u64, PooledTx>> accounts_;
  u64 count_ = 0;

  // A block on the newest final state that has done what is due and holds nothing else.
  struct DueWork {
    Height parent;
    TimeMs at;
    ledger::BlockExecution block;
  };
  ledger::PreparedPayouts due_payouts_;  // what `block` was lent
  std::optional<DueWork> due_work_;

  mutable std::mutex mutex_;  // over what follows
  u64 bytes_ = 0;
  std::unordered_set<TxId, DigestHasher> ids_;
  std::unordered_set<TxId, DigestHasher> leaving_;  // in the block under way
  std::unordered_map<TxId, ledger::Refusal, DigestHasher> dropped_;
  std::deque<TxId> drop_order_;
};

}  // namespace moot::node
