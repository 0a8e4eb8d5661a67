// The ledger's records on disk, behind the blocks: written unlogged after each final block, made durable by a flush now
// and then. After a crash the records stand at an earlier block, whole; the engine loads them and replays the blocks
// above (state.md §3). Records are opaque: the ledger owns their bytes and their tables' meaning.
//
// One thread writes; load() is for start-up, before that thread runs.
#pragma once

#include <span>

#include "node/storage/schema.hpp"

namespace moot::node {

// One record written or erased. (table, a, b) is its key; records of a table sort by a, then b.
struct RecordChange {
  u8 table = 0;
  u64 a = 0;
  u64 b = 0;
  Bytes value;
  bool erased = false;
};

// A proposal's ballots once it has closed: the slot array as one string of bytes (state.md §2).
struct SealedBallots {
  ProposalId proposal;
  ByteView slots;
};

// Everything that one block changes, written together.
struct StateBatch {
  Height height;
  StateRoot root;  // after the block
  std::span<const RecordChange> changes;
  std::span<const SealedBallots> sealed;
};

// Which block the records stand at.
struct AppliedState {
  Height height;
  StateRoot root;
  friend bool operator==(const AppliedState&, const AppliedState&) = default;
};

// When unflushed work is enough to be worth a flush: recovery replays what was not flushed, so these two numbers bound
// it. The time comes from the caller's monotonic clock.
class FlushPolicy {
 public:
  static constexpr DurationMs kInterval{30'000};
  static constexpr u64 kTransactions = 1'000'000;

  // A block's transactions were written at `now`.
  void wrote(u64 transactions, TimeMs now);
  // Never before something was written.
  [[nodiscard]] bool due(TimeMs now) const;
  void flushed();

 private:
  u64 transactions_ = 0;
  std::optional<TimeMs> oldest_;  // of what was written and not flushed
};

class StateStore {
 public:
  // `store` outlives this object and is bound to the ledger (bind_schema).
  explicit StateStore(KvStore& store);

  // Above the height applied before; heights between may be left out, when one batch carries several blocks' changes.
  // The first batch may be genesis, height 0.
  void apply(const StateBatch& batch);
  // Rows that no block changes, written beside those of the newest block. Their tables are the caller's own.
  void add(std::span<const RecordChange> rows);
  void flush() { store_.flush(); }

  // Nothing before the first apply.
  [[nodiscard]] std::optional<AppliedState> applied() const { return applied_; }

  // One record, from any thread; nothing when there is none.
  [[nodiscard]] std::optional<Bytes> get(u8 table, u64 a, u64 b) const;

  using RecordVisitor = std::function<bool(u64 a, u64 b, ByteView value)>;
  // Every record of a table in key order, until the visitor says false.
  void load(u8 table, const RecordVisitor& visit) const;

  // The slots of a closed proposal; nothing when it was never sealed. Damaged parts end the process.
  [[nodiscard]] std::optional<Bytes> sealed(ProposalId proposal) const;

 private:
  KvStore& store_;
  std::optional<AppliedState> applied_;
};

}  // namespace moot::node
