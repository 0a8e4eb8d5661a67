// The engine of a ledger with one validator: takes transactions in, makes blocks when there is work or a deadline is due,
// none when idle, and publishes each once it is durable.
//
// Threads. One core strand owns mempool, state and disk writes. Callers of submit() decode on their own thread; the verify
// pool checks signatures and posts back. A worker computes payouts ahead as soon as a sale is funded (rule 6.5).
//
//   submit ─ decode, digests ─▶ verify pool ─▶ core strand: mempool ─▶ build ─▶ sign ─▶ one synced write ─▶ publish
//
// A node without a validator's key serves what it has and makes no block; nor does, until it is started again, one whose next
// block would break a law by what is due alone (rule 2.5): NodeStatus says which.
#pragma once

#include <atomic>

#include "base/clock.hpp"
#include "consensus/solo.hpp"
#include "crypto/keys.hpp"
#include "crypto/verify_pool.hpp"
#include "node/engine/chain_store.hpp"
#include "node/mempool/mempool.hpp"
#include "node/storage/safety_log.hpp"

namespace moot::node {

struct EngineOptions {
  std::string data_directory;   // the database is in <data_directory>/db
  std::string safety_log_path;  // beside the validator's key; unused without one
  ledger::Genesis genesis;      // has passed check_genesis
  std::optional<crypto::SecretKey> validator_key;
  Mempool::Limits mempool;
  unsigned verify_threads = 0;      // 0: one for each core
  bool allow_clock_behind = false;  // start although the wall clock is behind the newest block
};

class Engine final : public LedgerNode {
 public:
  // Opens and recovers the data directory. Nothing has changed there when it is refused. `clock` and `log` outlive the
  // engine.
  static std::expected<std::unique_ptr<Engine>, StorageError> open(EngineOptions options, const Clock& clock,
                                                                   Logger& log, StartReport& report);
  ~Engine() override;

  void start();
  // Finishes the block under way, makes everything durable, ends the threads. Idempotent.
  void stop();

  [[nodiscard]] const LedgerIdentity& identity() const override;
  [[nodiscard]] SnapshotPtr snapshot() const override;
  [[nodiscard]] NodeStatus status() const override;
  void submit(std::vector<Bytes> envelopes, SubmitDone done) override;
  [[nodiscard]] TxStatus transaction(const TxId& id) const override;
  [[nodiscard]] Bytes genesis() const override;
  [[nodiscard]] std::optional<BlockSummary> summary(Height height) const override;
  [[nodiscard]] std::shared_ptr<const FinalBlock> block(Height height) const override;
  [[nodiscard]] std::vector<ledger::Receipt> receipts(Height height) const override;
  [[nodiscard]] std::vector<ledger::Event> events(Height height) const override;
  [[nodiscard]] std::shared_ptr<const ledger::BallotBox> sealed_box(ProposalId proposal) const override;
  [[nodiscard]] std::vector<Hash> history_leaves(u64 count) const override;
  [[nodiscard]] ledger::PreparedPayouts payouts() const override;
  [[nodiscard]] std::unique_ptr<Subscription> on_commit(OnCommit callback) override;

  // Synced writes, bytes and keys written since the start: exact counters for tests and benchmarks.
  [[nodiscard]] StorageStats storage_stats() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot::node
