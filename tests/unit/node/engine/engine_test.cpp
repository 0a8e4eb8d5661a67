#include "node/storage/rocksdb_store.hpp"
#include "node/storage/state_store.hpp"
#include "tests/unit/node/engine/engine_fixture.hpp"

namespace moot::test {
namespace {

using ledger::Choice;
using ledger::ProposalKind;
using ledger::ProposalState;
using ledger::TxError;
using node::SubmitOutcome;
using node::TxPhase;

TEST_F(EngineTest, AnIdleChainMakesNoBlocks) {
  start();
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  EXPECT_EQ(engine_->snapshot()->block.height, Height{0});
}

TEST_F(EngineTest, ATransactionBecomesFinalAndCanBeFound) {
  start();
  const auto sent = submit_one(envelope("m0", ledger::SetDelegate{test_address("m1")}, 1));
  ASSERT_EQ(sent.outcome, SubmitOutcome::accepted);
  ASSERT_TRUE(wait_final(sent.id));
  const auto status = engine_->transaction(sent.id);
  EXPECT_EQ(status.height, Height{1});
  const auto receipts = engine_->receipts(status.height);
  ASSERT_EQ(receipts.size(), 1u);
  EXPECT_EQ(receipts[0].id, sent.id);
  EXPECT_FALSE(receipts[0].failed());
  const auto events = engine_->events(status.height);
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const auto& event) {
    return event.kind == ledger::EventKind::delegate_changed;
  }));
  EXPECT_EQ(engine_->block(status.height)->envelopes.size(), 1u);
}

TEST_F(EngineTest, TheSameTransactionTwiceIsAnsweredWithWhatItIs) {
  start();
  const Bytes once = envelope("m0", ledger::SetDelegate{test_address("m1")}, 1);
  const auto sent = submit_one(once);
  ASSERT_TRUE(wait_final(sent.id));
  EXPECT_EQ(submit_one(once).outcome, SubmitOutcome::final);
  EXPECT_EQ(engine_->snapshot()->block.height, Height{1});
}

TEST_F(EngineTest, RefusalsCarryTheirCodeAndRecordNothing) {
  start();
  EXPECT_EQ(submit_one(Bytes{1, 2, 3}).refusal.code, TxError::malformed);
  EXPECT_EQ(submit_one(envelope("nobody", ledger::Leave{}, 1)).refusal.code, TxError::no_account);
  EXPECT_EQ(submit_one(envelope("m0", ledger::SetDelegate{test_address("m0")}, 1)).refusal.code,
            TxError::self_delegation);
  Bytes broken = envelope("m0", ledger::SetDelegate{test_address("m1")}, 1);
  broken[broken.size() - 40] ^= 1;
  const TxError code = submit_one(broken).refusal.code;
  EXPECT_TRUE(code == TxError::signer_mismatch || code == TxError::bad_signature);
  EXPECT_EQ(engine_->snapshot()->block.height, Height{0});
}

TEST_F(EngineTest, NoBlocksAreMadeWhileTheClockIsADayAheadOfUptime_8) {
  start();
  clock_.ahead = kDay + kHour;
  const auto held = submit_one(envelope("m0", ledger::SetDelegate{test_address("m1")}, 1));
  ASSERT_EQ(held.outcome, SubmitOutcome::accepted);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(engine_->snapshot()->block.height, Height{0});
  clock_.ahead = kDay - kHour;
  const auto next = submit_one(envelope("m2", ledger::SetDelegate{test_address("m1")}, 1));
  EXPECT_TRUE(wait_final(next.id));
  EXPECT_TRUE(wait_final(held.id)) << "nothing that was accepted is lost";
}

TEST_F(EngineTest, NoBlocksAreMadeWhileTheClockIsSetBackBehindTheNewestBlock) {
  start();
  const auto first = submit_one(envelope("m0", ledger::SetDelegate{test_address("m1")}, 1));
  ASSERT_TRUE(wait_final(first.id));
  clock_.ahead = u64{0} - kHour / 2;
  const auto held = submit_one(envelope("m2", ledger::SetDelegate{test_address("m1")}, 1));
  ASSERT_EQ(held.outcome, SubmitOutcome::accepted) << ledger::reason(held.refusal.code);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(engine_->snapshot()->block.height, Height{1});
  clock_.ahead = u64{0} - kSecond;
  EXPECT_TRUE(wait_final(held.id)) << "a second is no more than clocks differ";
  EXPECT_GT(engine_->block(Height{2})->summary.time, engine_->block(Height{1})->summary.time);
}

TEST_F(EngineTest, WhatIsDueIsDoneInABlockBeforeABatchIsJudged) {
  start();
  const ProposalId id = propose(ProposalKind::text, {});
  const Height before = engine_->snapshot()->block.height;
  clock_.ahead = kHour + kSecond;
  std::vector<Bytes> late;
  for (const char* label : {"m0", "m1", "m2"}) late.push_back(ballot(label, id, Choice::in_favour));
  late.push_back(envelope("nobody", ledger::Leave{}, 1));
  const auto results = submit(std::move(late));
  EXPECT_EQ(engine_->snapshot()->block.height, Height{before.raw() + 1});
  EXPECT_EQ(engine_->snapshot()->state.proposals[id.value].state, ProposalState::defeated);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(results[i].refusal.code, TxError::voting_closed);
  EXPECT_EQ(results[3].refusal.code, TxError::no_account);
}

TEST_F(EngineTest, WhereNoBlockCanDoWhatIsDueABatchIsJudgedAllTheSame) {
  start();
  const ProposalId id = propose(ProposalKind::text, {});
  const Height before = engine_->snapshot()->block.height;
  std::vector<Bytes> batch;
  batch.push_back(ballot("m0", id, Choice::in_favour));
  batch.push_back(envelope("m1", ledger::SetDelegate{test_address("m2")}, 1));
  clock_.ahead = kDay + kHour;
  batch.push_back(envelope("m2", ledger::SetDelegate{test_address("m1")}, 1));
  const auto results = submit(std::move(batch));
  EXPECT_EQ(results[0].refusal.code, TxError::expired);
  EXPECT_EQ(results[1].refusal.code, TxError::expired);
  EXPECT_EQ(results[2].outcome, SubmitOutcome::accepted);
  EXPECT_EQ(engine_->snapshot()->block.height, before);
}

TEST_F(EngineTest, ADeadlineClosesAProposalOnAnIdleChain) {
  start();
  const ProposalId id = propose(ProposalKind::text, {});
  for (const char* label : {"m0", "m1"}) {
    const auto sent = submit_one(ballot(label, id, Choice::in_favour));
    ASSERT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
    ASSERT_TRUE(wait_final(sent.id));
  }
  // Nobody sends anything from here on, and the deadline comes in a second and a half.
  const TimeMs deadline = engine_->snapshot()->state.proposals[id.value].deadline;
  clock_.ahead = deadline.raw() - clock_.now_ms().raw() - 1'500;
  EXPECT_TRUE(wait_until([&](const node::Snapshot& at) {
    const ProposalState state = at.state.proposals[id.value].state;
    return state == ProposalState::succeeded || state == ProposalState::executed;
  }));
  ASSERT_NE(engine_->sealed_box(id), nullptr);
  EXPECT_EQ(engine_->sealed_box(id)->slot(MemberId{1}).choice, Choice::in_favour);
  EXPECT_EQ(engine_->sealed_box(id)->slot(MemberId{2}).choice, Choice::none);
}

TEST_F(EngineTest, ANodeThatDoesNotValidateServesAndLeavesUndoneWhatIsDue) {
  something_is_due_at_once();
  for (const char* label : {"another", ""}) {
    key_ = label;
    start();
    EXPECT_FALSE(engine_->status().validating);
    const auto sent = submit_one(envelope("m1", ledger::SetDelegate{test_address("m2")}, 1));
    EXPECT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(engine_->snapshot()->block.height, Height{0});
    stop();
  }
}

TEST_F(EngineTest, ALedgerOfTwoValidatorsIsServedByEachAndMadeByNone) {
  something_is_due_at_once();
  ledger::GenesisHolder second = genesis_.roles[ledger::Role::validator].holders[0];
  second.address = test_address("v1");
  second.validator_key = Hash{crypto::x_only(test_key("v1")).bytes};
  genesis_.roles[ledger::Role::validator].holders.push_back(second);
  start();
  EXPECT_FALSE(engine_->status().validating);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(engine_->snapshot()->block.height, Height{0});
}

TEST_F(EngineTest, RulesThatAreNotKnownHereHaltTheNodeWhichGoesOnServing_2_4) {
  start();
  const TimeMs activates{clock_.now_ms().raw() + 1'000};
  const ProposalId id =
      propose(ProposalKind::upgrade, {ledger::RulesUpgrade{.version = 2, .activates = activates}});
  std::vector<Bytes> ballots;
  for (const char* label : {"m0", "m1", "m2", "m3", "m4"})
    ballots.push_back(ballot(label, id, Choice::in_favour));
  submit(std::move(ballots));
  const auto halts = [this] {
    return wait_until([this](const auto&) { return !engine_->status().halted.empty(); });
  };
  ASSERT_TRUE(halts());
  EXPECT_NE(engine_->status().halted.find("rules version 2"), std::string::npos) << engine_->status().halted;
  EXPECT_FALSE(engine_->status().validating);
  EXPECT_TRUE(engine_->status().ready);
  const auto stands = engine_->snapshot();
  EXPECT_EQ(stands->state.chain->rules_version, 1u);
  const auto sent = submit_one(envelope("m1", ledger::SetDelegate{test_address("m2")}, 1));
  EXPECT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);

  stop();
  start();
  ASSERT_TRUE(halts()) << "the same program stops there again";
  EXPECT_EQ(engine_->snapshot()->block.hash, stands->block.hash);
}

TEST_F(EngineTest, ARestartGivesTheSameRootAndGoesOn) {
  start();
  const ProposalId id = propose(ProposalKind::text, {});
  ASSERT_TRUE(wait_final(submit_one(ballot("m3", id, Choice::against)).id));
  const auto before = engine_->snapshot();
  stop();
  start();
  const auto after = engine_->snapshot();
  EXPECT_EQ(after->block.state_root, before->block.state_root);
  EXPECT_EQ(after->block.hash, before->block.hash);
  EXPECT_EQ(submit_one(ballot("m3", id, Choice::in_favour, 2)).refusal.code, TxError::already_voted);
  ASSERT_TRUE(wait_final(submit_one(ballot("m4", id, Choice::in_favour)).id));
  EXPECT_GT(engine_->snapshot()->block.height, before->block.height);
}

TEST_F(EngineTest, ADatabaseThatDoesNotSayWhatBlock0WasLearnsIt) {
  constexpr u8 kBeginningTable = 241;
  start();
  const Bytes genesis = engine_->genesis();
  EXPECT_EQ(decoded<ledger::Genesis>(genesis), genesis_);
  const auto beginning = engine_->summary(Height{0});
  stop();
  const auto erase_rows = [&] {
    auto kv = node::RocksDbStore::open((directory_ / "data/db").string(), {});
    ASSERT_TRUE(kv.has_value());
    const std::vector<node::RecordChange> rows = {
        {.table = kBeginningTable, .a = 0, .b = 0, .value = {}, .erased = true},
        {.table = kBeginningTable, .a = 1, .b = 0, .value = {}, .erased = true}};
    node::StateStore(**kv).add(rows);
    (*kv)->flush();
  };
  ASSERT_NO_FATAL_FAILURE(erase_rows());
  start();
  EXPECT_EQ(engine_->genesis(), genesis);
  EXPECT_EQ(engine_->summary(Height{0})->state_root, beginning->state_root);
  EXPECT_EQ(engine_->summary(Height{0})->receipts_root, beginning->receipts_root);
}

TEST_F(EngineTest, EverySubmissionIsAnsweredWhenTheEngineStopsMeanwhile) {
  for (int round = 0; round < 10; ++round) {
    start();
    std::atomic<u64> sent{0};
    std::atomic<u64> answered{0};
    // Long to decode and without a signature to check, so that the end comes while one is on its way.
    Bytes cut_off = envelope("nobody", ledger::Leave{}, 1);
    cut_off.pop_back();
    const std::vector<Bytes> batch(20'000, cut_off);
    std::jthread client([&](const std::stop_token& enough) {
      while (!enough.stop_requested()) {
        ++sent;
        engine_->submit(batch, [&](const auto&) { ++answered; });
        while (answered < sent && !enough.stop_requested()) std::this_thread::yield();
      }
    });
    while (sent < 3) std::this_thread::yield();
    engine_->stop();
    client.request_stop();
    client.join();
    EXPECT_EQ(answered, sent) << "in round " << round;
    stop();
  }
}

TEST_F(EngineTest, ASecondEngineOnTheSameDirectoryIsRefused) {
  start();
  const auto second = try_open();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, node::StorageErrorKind::in_use);
}

TEST_F(EngineTest, ADatabaseOfAnotherLedgerIsRefused) {
  start();
  stop();
  genesis_.salt.bytes[0] ^= 1;
  const auto other = try_open();
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().kind, node::StorageErrorKind::wrong_ledger);
}

TEST_F(EngineTest, TheSameGenesisStartedTwiceWithOneKeyIsRefused) {
  start();
  ASSERT_TRUE(wait_final(submit_one(envelope("m0", ledger::SetDelegate{test_address("m1")}, 1)).id));
  stop();
  std::filesystem::remove_all(directory_ / "data");
  const auto again = try_open();
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, node::StorageErrorKind::already_run);
}

TEST_F(EngineTest, ABlockIsOneSyncedWrite) {
  start();
  const auto before = engine_->storage_stats();
  const ProposalId id = propose(ProposalKind::text, {});
  ASSERT_TRUE(wait_final(submit_one(ballot("m0", id, Choice::in_favour)).id));
  const auto after = engine_->storage_stats();
  EXPECT_EQ(after.syncs - before.syncs, engine_->snapshot()->block.height.raw());
}

TEST_F(EngineTest, SubscribersHearEveryBlockInOrder) {
  start();
  std::mutex mutex;
  std::vector<u64> heard;
  const auto subscription = engine_->on_commit([&](const node::SnapshotPtr& at) {
    const std::lock_guard lock(mutex);
    heard.push_back(at->block.height.raw());
  });
  for (u64 nonce = 1; nonce <= 5; ++nonce) {
    const auto sent =
        submit_one(envelope("m0", ledger::Confirm{.consent_hash = Hash{{static_cast<u8>(nonce)}}}, nonce));
    ASSERT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
    ASSERT_TRUE(wait_final(sent.id));
  }
  const std::lock_guard lock(mutex);
  ASSERT_GE(heard.size(), 1u);
  for (std::size_t i = 0; i < heard.size(); ++i) EXPECT_EQ(heard[i], i + 1);
}

}  // namespace
}  // namespace moot::test
