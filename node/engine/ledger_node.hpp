// What a running node offers to whoever serves clients: immutable snapshots, final blocks, a way in for transactions, and
// word of each commit. The API is written against this and nothing else of the engine; tests give a small one of their own.
//
// Every member function may be called from any thread, and none blocks on the core strand. Those that read the disk say so.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/block.hpp"
#include "ledger/event.hpp"
#include "ledger/execution.hpp"
#include "ledger/state.hpp"
#include "ledger/typed_data.hpp"

namespace moot::node {

// A final block, without its bodies. Block 0 is genesis: its hash and parent are zero, and it has no proposer.
struct BlockSummary {
  Height height;
  TimeMs time;
  BlockHash hash;
  BlockHash parent;
  u32 epoch = 0;
  u64 view = 0;
  u16 proposer = 0;  // index in the epoch's validators
  Hash tx_root;
  Hash faults_root;
  Hash receipts_root;
  StateRoot state_root;  // after this block
  u32 transactions = 0;
  u64 bytes = 0;  // of its transactions' envelopes
};

// A final block with all that proves it, each part in its canonical encoding.
struct FinalBlock {
  BlockSummary summary;
  Bytes header;                  // consensus::Header
  Bytes justification;           // consensus::Justification
  Bytes finalization;            // consensus::Certificate
  std::vector<Bytes> envelopes;  // transactions, in order
  std::vector<ledger::Fault> faults;
};

// The ledger after one block. Cheap to hold: states share what they have in common.
struct Snapshot {
  ledger::State state;
  BlockSummary block;
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

struct LedgerIdentity {
  ledger::SigningContext signing;  // organisation, ledger id
  TimeMs created;
};

enum class SubmitOutcome : u8 {
  accepted,  // in the mempool
  pending,   // was there already: the same id, whatever its signature
  final,     // was on the ledger already
  refused,   // `refusal` says why; nothing is recorded
  busy,      // a queue is full: the same bytes may be sent again a little later
};

struct SubmitResult {
  SubmitOutcome outcome = SubmitOutcome::refused;
  TxId id;  // zero when the bytes could not be decoded
  ledger::Refusal refusal;
};

enum class TxPhase : u8 { unknown, pending, final };

// `unknown` covers what was never seen here and what left the mempool without getting on the ledger; for the latter, while
// the node still remembers, `dropped` says why.
struct TxStatus {
  TxPhase phase = TxPhase::unknown;
  Height height;  // final: its block, and its place in it
  u32 index = 0;
  std::optional<ledger::Refusal> dropped;
};

struct NodeStatus {
  Height height;
  TimeMs time;              // of the newest final block
  bool ready = false;       // recovered and serving; not ready: syncing or stopping
  bool validating = false;  // this node's key is a validator's, and it makes blocks
  std::string halted;  // why a validator's node makes no more blocks until it is started again; else empty
  Bytes node_key;      // the node's BIP-340 key, 32 bytes; empty when it has none
  u64 mempool_transactions = 0;
  u64 mempool_bytes = 0;
  u64 verify_queue = 0;            // signatures that wait for the pool
  std::optional<TimeMs> next_due;  // when the ledger next acts by itself
  u32 peers = 0;
  u64 started_ms = 0;  // wall time
  u64 rejected = 0;    // transactions refused since the start
};

// Ends its subscription when it goes; after that no call is running and none will come.
class Subscription {
 public:
  virtual ~Subscription() = default;
};

class LedgerNode {
 public:
  // Called with what became of each envelope, in order, once, on an unspecified thread; perhaps before submit returns.
  using SubmitDone = std::move_only_function<void(std::vector<SubmitResult>)>;
  // Called after each final block, in order of height, once it is durable and snapshot() shows it. Must be quick: it runs
  // on the thread that publishes.
  using OnCommit = std::function<void(const SnapshotPtr&)>;

  virtual ~LedgerNode() = default;

  [[nodiscard]] virtual const LedgerIdentity& identity() const = 0;
  // After the newest final block; never null.
  [[nodiscard]] virtual SnapshotPtr snapshot() const = 0;
  [[nodiscard]] virtual NodeStatus status() const = 0;

  // Canonical envelopes, in any number; checks, verifies and offers each to the mempool.
  virtual void submit(std::vector<Bytes> envelopes, SubmitDone done) = 0;
  // `final` only once snapshot() shows the block.
  [[nodiscard]] virtual TxStatus transaction(const TxId& id) const = 0;

  // These read the disk. Nothing above the newest final height; block 0 has a summary and no more.
  [[nodiscard]] virtual Bytes genesis() const = 0;  // canonical ledger::Genesis
  [[nodiscard]] virtual std::optional<BlockSummary> summary(Height height) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const FinalBlock> block(Height height) const = 0;
  [[nodiscard]] virtual std::vector<ledger::Receipt> receipts(Height height) const = 0;
  [[nodiscard]] virtual std::vector<ledger::Event> events(Height height) const = 0;
  // The ballots of a proposal that has closed; null while it is open (its ballots are in the state) or when nobody voted.
  // Its tree's root has been computed, so that slots can be proved.
  [[nodiscard]] virtual std::shared_ptr<const ledger::BallotBox> sealed_box(ProposalId proposal) const = 0;
  // The history leaf of each block 0 … count − 1 (rules.md §8), for proofs that an old block is under a newer state root.
  [[nodiscard]] virtual std::vector<Hash> history_leaves(u64 count) const = 0;

  // Payouts of funded sales as far as they have been computed ahead. One that is missing is computed by whoever needs it.
  [[nodiscard]] virtual ledger::PreparedPayouts payouts() const = 0;

  [[nodiscard]] virtual std::unique_ptr<Subscription> on_commit(OnCommit callback) = 0;
};

}  // namespace moot::node
