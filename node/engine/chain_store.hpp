// The chain on disk: opening and recovering it, committing a block, and reading what is final (state.md §3).
//
// Recovery: the records stand at some block at or below the tip; the blocks above are executed again, without signatures,
// and every root must come out as its header says, and every law hold. Nothing is guessed: what does not fit is a
// StorageError.
#pragma once

#include <deque>
#include <mutex>

#include "base/log.hpp"
#include "consensus/chain.hpp"
#include "ledger/genesis.hpp"
#include "ledger/state_records.hpp"
#include "node/engine/ledger_node.hpp"
#include "node/storage/block_store.hpp"
#include "node/storage/file_lock.hpp"
#include "node/storage/rocksdb_store.hpp"
#include "node/storage/state_store.hpp"

namespace moot::node {

// What start-up found and did, a sentence each, for the log and `mootd doctor`.
struct StartReport {
  std::vector<std::string> lines;
};

// A block ready to become final: the ledger's result, the engine's signatures, and the envelopes.
struct SignedBlock {
  const ledger::BlockResult& result;
  BlockLink link;
  BlockHash hash;
  std::vector<Bytes> envelopes;
};

class ChainStore {
 public:
  struct Options {
    std::string directory;
    ledger::Genesis genesis;
    bool create = true;  // false: refuse a directory without a ledger in it
    bool read_only =
        false;  // recover in memory and leave the database as it is; commit() is then not for use
  };
  static std::expected<std::unique_ptr<ChainStore>, StorageError> open(const Options& options,
                                                                       StartReport& report);

  [[nodiscard]] const LedgerIdentity& identity() const { return identity_; }
  [[nodiscard]] const InstanceId& instance() const { return instance_; }
  [[nodiscard]] const consensus::ValidatorSet& validators() const { return *validators_; }

  // The newest final state and what the next block must fit. Core strand only.
  [[nodiscard]] const ledger::State& state() const { return state_; }
  [[nodiscard]] const consensus::ChainTip& tip() const { return tip_; }
  [[nodiscard]] SnapshotPtr snapshot() const {
    return std::make_shared<Snapshot>(Snapshot{state_, summary_});
  }

  // Makes the block, which breaks no law, final: one synced write, then the records, unlogged. `steady` is the monotonic
  // clock, for flushing.
  void commit(const SignedBlock& block, TimeMs steady);
  // Everything durable; at a clean stop, and now and then.
  void flush();

  // ---- any thread; these read the disk ----
  [[nodiscard]] Bytes genesis() const;
  [[nodiscard]] std::optional<TxLocation> find(const TxId& id) const { return blocks_->find(id); }
  [[nodiscard]] std::optional<BlockSummary> summary(Height height) const;
  [[nodiscard]] std::shared_ptr<const FinalBlock> block(Height height) const;
  [[nodiscard]] std::vector<ledger::Receipt> receipts(Height height) const;
  [[nodiscard]] std::vector<ledger::Event> events(Height height) const;
  [[nodiscard]] std::shared_ptr<const ledger::BallotBox> sealed_box(ProposalId proposal) const;
  [[nodiscard]] std::vector<Hash> history_leaves(u64 count) const;
  [[nodiscard]] StorageStats stats() const { return kv_->stats(); }

 private:
  ChainStore(const Options& options, FileLock lock, std::unique_ptr<RocksDbStore> kv);
  std::expected<void, StorageError> recover(const ledger::Genesis& genesis, StartReport& report);
  std::expected<void, StorageError> load_state(StartReport& report);
  std::expected<void, StorageError> check_links(Height from, StartReport& report);
  std::expected<void, StorageError> replay(Height from, StartReport& report);
  [[nodiscard]] std::expected<ledger::BlockResult, StorageError> execute(const StoredBlock& block) const;
  [[nodiscard]] std::unexpected<StorageError> breaks_a_law(Height height,
                                                           const ledger::LawBreach& breach) const;
  void begin_ledger(const ledger::Genesis& genesis, StartReport& report);
  std::expected<void, StorageError> read_beginning(const ledger::Genesis& genesis, StartReport& report);
  void write_records(const ledger::State& before, const ledger::BlockResult& result);
  [[nodiscard]] std::unexpected<StorageError> damaged(const std::string& what) const;
  void remember(Height height, const std::vector<ledger::Receipt>& receipts);

  std::string directory_;
  FileLock lock_;
  std::unique_ptr<RocksDbStore> kv_;
  std::unique_ptr<BlockStore> blocks_;
  std::unique_ptr<StateStore> records_;
  FlushPolicy flush_policy_;
  ledger::BlockRoots initial_roots_;  // of block 0
  LedgerIdentity identity_;
  InstanceId instance_;
  std::optional<consensus::ValidatorSet> validators_;
  ledger::State state_;
  BlockSummary summary_;
  consensus::ChainTip tip_;

  // Receipts of the newest blocks: everybody who waits for a transaction asks for them at once, and from the disk each would
  // compute every id of the block again.
  mutable std::mutex recent_mutex_;
  std::deque<std::pair<Height, std::vector<ledger::Receipt>>> recent_;
};

}  // namespace moot::node
