// A LedgerNode for tests: the real ledger's rules over a LedgerWorld, blocks kept in memory and made when the test says.
#pragma once

#include <map>
#include <mutex>

#include "node/engine/ledger_node.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

class FakeNode final : public node::LedgerNode {
 public:
  explicit FakeNode(const WorldOptions& options = {});

  // ---- for the test ----
  [[nodiscard]] LedgerWorld& world() { return world_; }
  // A block of everything pending.
  void commit(u64 step_ms = kSecond);
  void commit(std::span<const ledger::VerifiedTransaction> txs, u64 step_ms = kSecond);
  // One signed transaction in a block of its own.
  void run(std::string_view label, ledger::Payload payload, u64 step_ms = kSecond);
  // Opened, and voting open: two blocks.
  ProposalId propose(ledger::ProposalKind kind, std::vector<ledger::Action> actions);
  // The mempool gives a transaction up.
  void drop(const TxId& id, ledger::TxError why);
  void set_ready(bool ready);
  void set_capacity(std::size_t pending) { capacity_ = pending; }  // more is answered with busy
  void set_padding(std::size_t bytes) {
    padding_ = bytes;
  }  // junk in every block's envelopes, for large streams
  void set_halted(std::string why);
  void set_payouts(ledger::PreparedPayouts ready);
  [[nodiscard]] std::size_t pending_count() const;

  // ---- LedgerNode ----
  [[nodiscard]] const node::LedgerIdentity& identity() const override { return identity_; }
  [[nodiscard]] node::SnapshotPtr snapshot() const override;
  [[nodiscard]] node::NodeStatus status() const override;
  void submit(std::vector<Bytes> envelopes, SubmitDone done) override;
  [[nodiscard]] node::TxStatus transaction(const TxId& id) const override;
  [[nodiscard]] Bytes genesis() const override { return genesis_; }
  [[nodiscard]] std::optional<node::BlockSummary> summary(Height height) const override;
  [[nodiscard]] std::shared_ptr<const node::FinalBlock> block(Height height) const override;
  [[nodiscard]] std::vector<ledger::Receipt> receipts(Height height) const override;
  [[nodiscard]] std::vector<ledger::Event> events(Height height) const override;
  [[nodiscard]] std::shared_ptr<const ledger::BallotBox> sealed_box(ProposalId proposal) const override;
  [[nodiscard]] std::vector<Hash> history_leaves(u64 count) const override;
  [[nodiscard]] ledger::PreparedPayouts payouts() const override;
  [[nodiscard]] std::unique_ptr<node::Subscription> on_commit(OnCommit callback) override;

 private:
  struct Stored {
    std::shared_ptr<node::FinalBlock> block;
    std::vector<ledger::Receipt> receipts;
    std::vector<ledger::Event> events;
    Hash leaf;
  };
  class Listener;
  void store(const ledger::BlockRoots& roots, std::span<const ledger::VerifiedTransaction> txs,
             Stored stored);
  node::SubmitResult offer(const Bytes& envelope);

  mutable std::recursive_mutex mutex_;
  LedgerWorld world_;
  node::LedgerIdentity identity_;
  Bytes genesis_;
  node::SnapshotPtr snapshot_;
  std::vector<Stored> blocks_;
  std::vector<ledger::VerifiedTransaction> pending_;
  std::map<TxId, node::TxStatus> known_;
  std::map<u64, std::shared_ptr<const ledger::BallotBox>> sealed_;
  std::map<u64, OnCommit> listeners_;
  u64 next_listener_ = 0;
  std::size_t capacity_ = 1'000'000;
  std::size_t padding_ = 0;
  ledger::PreparedPayouts payouts_;
  std::string halted_;
  bool ready_ = true;
};

}  // namespace moot::test
