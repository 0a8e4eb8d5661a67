#include "tests/unit/node/api/fake_node.hpp"

#include <gtest/gtest.h>

#include "crypto/sha256.hpp"

namespace moot::test {

using namespace node;

class FakeNode::Listener final : public Subscription {
 public:
  Listener(FakeNode& node, u64 id) : node_(node), id_(id) {}
  ~Listener() override {
    const std::lock_guard lock(node_.mutex_);
    node_.listeners_.erase(id_);
  }

 private:
  FakeNode& node_;
  u64 id_;
};

FakeNode::FakeNode(const WorldOptions& options)
    : world_(options),
      identity_{world_.signing(), TimeMs{kGenesisTime}},
      genesis_(encoded(test_genesis(options))) {
  const auto first = ledger::initial_block(test_genesis(options));
  store(first.roots, {},
        {.block = nullptr, .receipts = {}, .events = {}, .leaf = ledger::history_leaf(first.roots)});
}

void FakeNode::store(const ledger::BlockRoots& roots, std::span<const ledger::VerifiedTransaction> txs,
                     Stored stored) {
  auto block = std::make_shared<FinalBlock>();
  block->summary = {.height = roots.height,
                    .time = roots.time,
                    .hash = crypto::tagged_hash("test/block", roots.state_root.view()).as<BlockHash>(),
                    .parent = blocks_.empty() ? BlockHash{} : blocks_.back().block->summary.hash,
                    .tx_root = roots.tx_root,
                    .faults_root = roots.faults_root,
                    .receipts_root = roots.receipts_root,
                    .state_root = roots.state_root,
                    .transactions = static_cast<u32>(txs.size())};
  block->header = encoded(roots.time);
  block->justification = {1};
  block->finalization = {2};
  for (u32 index = 0; index < txs.size(); ++index) {
    block->envelopes.push_back(ledger::encode_transaction(txs[index].tx));
    known_[txs[index].id] = {.phase = TxPhase::final, .height = roots.height, .index = index, .dropped = {}};
  }
  if (padding_ > 0) block->envelopes.emplace_back(padding_, u8{7});
  stored.block = std::move(block);
  snapshot_ = std::make_shared<Snapshot>(Snapshot{world_.state(), stored.block->summary});
  blocks_.push_back(std::move(stored));
}

void FakeNode::commit(u64 step_ms) {
  std::vector<ledger::VerifiedTransaction> txs;
  {
    const std::lock_guard lock(mutex_);
    txs = std::exchange(pending_, {});
  }
  commit(txs, step_ms);
}

void FakeNode::commit(std::span<const ledger::VerifiedTransaction> txs, u64 step_ms) {
  const std::lock_guard lock(mutex_);
  ledger::BlockResult result = world_.block(txs, step_ms);
  for (auto& [id, box] : result.sealed) {
    box.chunks().root();
    sealed_[id] = std::make_shared<ledger::BallotBox>(std::move(box));
  }
  const Hash leaf = ledger::history_leaf(result.roots);
  store(result.roots, txs,
        {.block = nullptr,
         .receipts = std::move(result.receipts),
         .events = std::move(result.events),
         .leaf = leaf});
  for (const auto& [id, callback] : listeners_) callback(snapshot_);
}

void FakeNode::run(std::string_view label, ledger::Payload payload, u64 step_ms) {
  const auto tx = world_.sign(label, std::move(payload));
  commit(std::span(&tx, 1), step_ms);
  EXPECT_FALSE(blocks_.back().receipts.front().failed())
      << reason(static_cast<ledger::TxError>(blocks_.back().receipts.front().code));
}

ProposalId FakeNode::propose(ledger::ProposalKind kind, std::vector<ledger::Action> actions) {
  run("m0", ledger::Propose{
                .title = "A proposal", .body = {"Its text"}, .kind = kind, .actions = std::move(actions)});
  commit();
  return ProposalId{world_.state().proposals.size() - 1};
}

void FakeNode::drop(const TxId& id, ledger::TxError why) {
  const std::lock_guard lock(mutex_);
  std::erase_if(pending_, [&](const auto& tx) { return tx.id == id; });
  known_[id] = {
      .phase = TxPhase::unknown, .height = {}, .index = 0, .dropped = ledger::Refusal{why, std::nullopt}};
}

void FakeNode::set_ready(bool ready) {
  const std::lock_guard lock(mutex_);
  ready_ = ready;
}

void FakeNode::set_halted(std::string why) {
  const std::lock_guard lock(mutex_);
  halted_ = std::move(why);
}

void FakeNode::set_payouts(ledger::PreparedPayouts ready) {
  const std::lock_guard lock(mutex_);
  payouts_ = std::move(ready);
}

ledger::PreparedPayouts FakeNode::payouts() const {
  const std::lock_guard lock(mutex_);
  return payouts_;
}

std::size_t FakeNode::pending_count() const {
  const std::lock_guard lock(mutex_);
  return pending_.size();
}

SnapshotPtr FakeNode::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

NodeStatus FakeNode::status() const {
  const std::lock_guard lock(mutex_);
  NodeStatus out;
  out.height = snapshot_->block.height;
  out.time = snapshot_->block.time;
  out.ready = ready_;
  out.halted = halted_;
  out.mempool_transactions = pending_.size();
  return out;
}

SubmitResult FakeNode::offer(const Bytes& envelope) {
  auto tx = ledger::verify_transaction(world_.signing(), world_.state().rules->parameters, envelope);
  if (!tx) return {.outcome = SubmitOutcome::refused, .id = {}, .refusal = tx.error()};
  const auto known = known_.find(tx->id);
  if (known != known_.end() && known->second.phase != TxPhase::unknown)
    return {.outcome = known->second.phase == TxPhase::final ? SubmitOutcome::final : SubmitOutcome::pending,
            .id = tx->id,
            .refusal = {}};
  if (pending_.size() >= capacity_) return {.outcome = SubmitOutcome::busy, .id = tx->id, .refusal = {}};
  if (!world_.state().account_of(tx->tx.signer))
    return {.outcome = SubmitOutcome::refused,
            .id = tx->id,
            .refusal = {ledger::TxError::no_account, std::nullopt}};
  known_[tx->id] = {.phase = TxPhase::pending, .height = {}, .index = 0, .dropped = {}};
  pending_.push_back(std::move(*tx));
  return {.outcome = SubmitOutcome::accepted, .id = pending_.back().id, .refusal = {}};
}

void FakeNode::submit(std::vector<Bytes> envelopes, SubmitDone done) {
  std::vector<SubmitResult> results;
  {
    const std::lock_guard lock(mutex_);
    for (const Bytes& envelope : envelopes) results.push_back(offer(envelope));
  }
  done(std::move(results));
}

TxStatus FakeNode::transaction(const TxId& id) const {
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(id);
  return known == known_.end() ? TxStatus{} : known->second;
}

std::optional<BlockSummary> FakeNode::summary(Height height) const {
  const std::lock_guard lock(mutex_);
  if (height.raw() >= blocks_.size()) return std::nullopt;
  return blocks_[height.raw()].block->summary;
}

std::shared_ptr<const FinalBlock> FakeNode::block(Height height) const {
  const std::lock_guard lock(mutex_);
  if (height.raw() == 0 || height.raw() >= blocks_.size()) return nullptr;
  return blocks_[height.raw()].block;
}

std::vector<ledger::Receipt> FakeNode::receipts(Height height) const {
  const std::lock_guard lock(mutex_);
  return height.raw() < blocks_.size() ? blocks_[height.raw()].receipts : std::vector<ledger::Receipt>{};
}

std::vector<ledger::Event> FakeNode::events(Height height) const {
  const std::lock_guard lock(mutex_);
  return height.raw() < blocks_.size() ? blocks_[height.raw()].events : std::vector<ledger::Event>{};
}

std::shared_ptr<const ledger::BallotBox> FakeNode::sealed_box(ProposalId proposal) const {
  const std::lock_guard lock(mutex_);
  const auto at = sealed_.find(proposal.value);
  return at == sealed_.end() ? nullptr : at->second;
}

std::vector<Hash> FakeNode::history_leaves(u64 count) const {
  const std::lock_guard lock(mutex_);
  std::vector<Hash> out;
  for (u64 height = 0; height < count; ++height) out.push_back(blocks_[height].leaf);
  return out;
}

std::unique_ptr<Subscription> FakeNode::on_commit(OnCommit callback) {
  const std::lock_guard lock(mutex_);
  listeners_[next_listener_] = std::move(callback);
  return std::make_unique<Listener>(*this, next_listener_++);
}

}  // namespace moot::test
