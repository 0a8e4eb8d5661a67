// A real engine on a real RocksDB in a temporary directory, for tests of node/engine.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>

#include "crypto/ecdsa.hpp"
#include "node/engine/engine.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

// The machine's clock, whose wall time somebody sets ahead, or back: a negative number, modulo 2^64.
class LeapingClock final : public Clock {
 public:
  [[nodiscard]] TimeMs now_ms() const override { return TimeMs{machine_.now_ms().raw() + ahead.load()}; }
  [[nodiscard]] u64 steady_ns() const override { return machine_.steady_ns(); }
  std::atomic<u64> ahead{0};  // ms

 private:
  SystemClock machine_;
};

class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    directory_ = std::filesystem::temp_directory_path() /
                 ("moot-engine-" + std::string(info->name()) + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    genesis_ = test_genesis();
    genesis_.created = clock_.now_ms();
    genesis_.roles[ledger::Role::guardian].holders[0].expires = TimeMs{genesis_.created.raw() + 300 * kDay};
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::expected<std::unique_ptr<node::Engine>, node::StorageError> try_open() {
    report_.lines.clear();
    node::EngineOptions options;
    options.data_directory = (directory_ / "data").string();
    options.safety_log_path = (directory_ / (key_ + ".safety")).string();
    options.genesis = genesis_;
    if (!key_.empty()) options.validator_key = test_key(key_);
    options.verify_threads = 2;
    return node::Engine::open(std::move(options), clock_, log_, report_);
  }
  void start() {
    auto opened = try_open();
    ASSERT_TRUE(opened.has_value()) << opened.error().text;
    engine_ = std::move(*opened);
    engine_->start();
  }
  void stop() { engine_.reset(); }

  // The guardian's term of the ledger to be started ends with its first moment.
  void something_is_due_at_once() {
    genesis_.roles[ledger::Role::guardian].holders[0].expires = TimeMs{genesis_.created.raw() + 1};
  }

  [[nodiscard]] Bytes envelope(std::string_view label, ledger::Payload payload, u64 nonce) const {
    const ledger::SigningContext& signing = engine_->identity().signing;
    ledger::Transaction tx{.payload = std::move(payload),
                           .signer = test_address(label),
                           .nonce = nonce,
                           .valid_until = TimeMs{clock_.now_ms().raw() + kHour}};
    tx.signature = crypto::sign(test_key(label), ledger::transaction_id(signing, tx).as<Hash>()).bytes;
    return ledger::encode_transaction(tx);
  }
  [[nodiscard]] Bytes ballot(std::string_view label, ProposalId proposal, ledger::Choice choice,
                             u64 nonce = 1) const {
    const auto at = engine_->snapshot();
    const ledger::Proposal& record = at->state.proposals[proposal.value];
    return envelope(label,
                    ledger::Vote{.proposal = proposal,
                                 .proposal_hash = record.hash,
                                 .title = record.title,
                                 .choice = choice,
                                 .reason = ""},
                    nonce);
  }

  // What became of each, once the node has answered.
  std::vector<node::SubmitResult> submit(std::vector<Bytes> envelopes) {
    std::promise<std::vector<node::SubmitResult>> promise;
    auto future = promise.get_future();
    engine_->submit(std::move(envelopes), [&promise](std::vector<node::SubmitResult> results) {
      promise.set_value(std::move(results));
    });
    return future.get();
  }
  node::SubmitResult submit_one(Bytes envelope) {
    std::vector<Bytes> one;
    one.push_back(std::move(envelope));
    return submit(std::move(one)).front();
  }
  // Waits until `done` holds of a snapshot, at most ten seconds.
  bool wait_until(const std::function<bool(const node::Snapshot&)>& done) {
    for (int i = 0; i < 2'000; ++i) {
      if (done(*engine_->snapshot())) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }
  bool wait_final(const TxId& id) {
    return wait_until(
        [&](const node::Snapshot&) { return engine_->transaction(id).phase == node::TxPhase::final; });
  }
  // Opens a proposal by m0 and waits until it takes ballots.
  ProposalId propose(ledger::ProposalKind kind, std::vector<ledger::Action> actions, u64 nonce = 1) {
    const auto sent = submit_one(envelope(
        "m0",
        ledger::Propose{
            .title = "A proposal", .body = {"Because."}, .kind = kind, .actions = std::move(actions)},
        nonce));
    EXPECT_EQ(sent.outcome, node::SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
    EXPECT_TRUE(wait_final(sent.id));
    const ProposalId id{engine_->snapshot()->state.proposals.size() - 1};
    EXPECT_TRUE(wait_until([&](const node::Snapshot& at) {
      return at.state.proposals[id.value].state == ledger::ProposalState::active;
    }));
    return id;
  }

  LeapingClock clock_;
  Logger log_{LogLevel::error, &clock_, Logger::stderr_sink()};
  node::StartReport report_;
  std::filesystem::path directory_;
  ledger::Genesis genesis_;
  std::string key_ = "v0";  // label of the node's key; empty: it has none
  std::unique_ptr<node::Engine> engine_;
};

}  // namespace moot::test
