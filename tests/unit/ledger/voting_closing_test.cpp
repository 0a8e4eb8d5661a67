// From the last ballot to the action, through whole blocks: rules 5.4, 5.6, 5.8–5.11, 2.4 and 9.
#include "ledger/handlers/handlers.hpp"
#include "tests/unit/ledger/voting_world.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

constexpr u64 kOutage = 600'000;

u64 until(const LedgerWorld& world, TimeMs time) { return time.raw() - world.now().raw(); }

// A proposal decided by the clock: two of five vote, so no early result is possible.
ProposalId half_decided(LedgerWorld& world, std::vector<Action> actions, Choice choice = Choice::in_favour) {
  const ProposalKind kind = actions.empty() ? ProposalKind::text : kind_of(actions.front());
  const ProposalId id = world.propose(kind, std::move(actions));
  cast_all(world, id, {"m1", "m2"}, choice);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  return id;
}

TEST(Close, Rule5_4FallsDueAtTheDeadlineAndNotBefore) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {});
  world.block(until(world, at(world, id).deadline) - 1);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  const BlockResult result = world.block(1);
  EXPECT_EQ(kinds_of(result), (std::vector{EventKind::proposal_closed, EventKind::proposal_executed}));
  EXPECT_EQ(at(world, id).closed_at, world.now());
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
  ASSERT_EQ(result.sealed.count(id.value), 1u);
  BallotBox box = result.sealed.at(id.value);
  EXPECT_EQ(box.chunks().root(), at(world, id).ballots_root);
  EXPECT_EQ(box.slot(world.member("m1")).choice, Choice::in_favour);
  EXPECT_EQ(world.state().box(id), nullptr);
  EXPECT_TRUE(world.state().counters->live.empty());
  expect_schedule_derived(world);
}

TEST(Close, Rule5_4DefeatedSaysWhy) {
  LedgerWorld world = world_with([](Policy& policy) {
    policy.quorum = Ppm{600'000};
    policy.approval = Ppm{600'000};
  });
  const ProposalId id = half_decided(world, {}, Choice::in_favour);
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(at(world, id).state, ProposalState::defeated);
  EXPECT_EQ(at(world, id).defeat, kFailedQuorum | kFailedApproval);
  EXPECT_TRUE(world.state().counters->live.empty());
}

TEST(Close, Rule5_4WithATimelockItIsQueuedUntilEta) {
  LedgerWorld world = world_with([](Policy& policy) { policy.timelock = DurationMs{kHour}; });
  const ProposalId id = half_decided(world, {new_class("a")});
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(at(world, id).state, ProposalState::queued);
  EXPECT_EQ(at(world, id).eta.raw(), world.now().raw() + kHour);
  EXPECT_EQ(world.state().next_due(), at(world, id).eta);
  world.block(kHour - 1);
  EXPECT_EQ(at(world, id).state, ProposalState::queued);
  world.block(1);
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
  EXPECT_EQ(at(world, id).executed, world.height());
  EXPECT_EQ(world.state().classes[2].name, "a");
}

TEST(Early, Rule5_6PassClosesInStep3AndNothingExecutesThere) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::creation, {new_class("a")});
  const BlockResult closing = cast_all(world, id, {"m0", "m1", "m2"}, Choice::in_favour);
  EXPECT_EQ(at(world, id).state, ProposalState::succeeded);
  EXPECT_EQ(at(world, id).closed_at, world.now());
  EXPECT_EQ(at(world, id).eta, world.now());
  EXPECT_EQ(world.state().classes.size(), 2u);
  EXPECT_EQ(closing.sealed.count(id.value), 1u);
  EXPECT_EQ(world.state().next_due(), world.now());
  expect_schedule_derived(world);
  world.block(1);
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
  EXPECT_EQ(world.state().classes.size(), 3u);
  EXPECT_EQ(world.code(world.ballot("m3", id, Choice::against)), TxError::voting_closed);
}

TEST(Early, Rule5_6RejectClosesAsDefeated) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::creation, {new_class("a")});
  cast_all(world, id, {"m0", "m1"}, Choice::against);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  cast_all(world, id, {"m2"}, Choice::against);
  EXPECT_EQ(at(world, id).state, ProposalState::defeated);
  EXPECT_EQ(at(world, id).defeat, kFailedSupport);
}

TEST(Early, Rule5_6IsOffWhereVotesMayChange) {
  LedgerWorld world = world_with([](Policy& policy) {
    policy.vote_change = true;
    policy.max_changes = 3;
  });
  const ProposalId id = world.propose(ProposalKind::text, {});
  cast_all(world, id, {"m0", "m1", "m2", "m3", "m4"}, Choice::in_favour);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
}

TEST(Extension, Rule5_8LateQuorumMovesTheClose) {
  LedgerWorld world = world_with([](Policy& policy) {
    policy.quorum = Ppm{400'000};
    policy.extension = DurationMs{60 * kSecond};
  });
  const ProposalId id = world.propose(ProposalKind::text, {});
  cast_all(world, id, {"m1"}, Choice::in_favour);
  const TimeMs first = at(world, id).deadline;
  const BlockResult result =
      cast_all(world, id, {"m2"}, Choice::in_favour, until(world, first) - 10 * kSecond);
  EXPECT_EQ(at(world, id).deadline.raw(), first.raw() + 50 * kSecond);
  EXPECT_EQ(at(world, id).first_deadline, first);
  EXPECT_EQ(
      result.events.back(),
      (Event{.kind = EventKind::deadline_moved, .a = id.value, .b = at(world, id).deadline.raw(), .c = 1}));
  world.block(10 * kSecond);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  expect_schedule_derived(world);
}

TEST(Extension, Rule5_8AQuorumOfNothingIsReachedWhenItOpens) {
  LedgerWorld world = world_with([](Policy& policy) {
    policy.quorum = Ppm{};
    policy.approval = Ppm{1};
    policy.extension = DurationMs{10 * 60 * kSecond};
  });
  const ProposalId id = world.propose(ProposalKind::text, {});
  const TimeMs deadline = at(world, id).deadline;
  cast_all(world, id, {"m1"}, Choice::against, until(world, deadline) - 60 * kSecond);
  EXPECT_EQ(at(world, id).deadline, deadline) << "the first ballot is no late quorum";
}

TEST(Outage, Rule5_9GivesBackTheVotingTimeThatWasLostOnce) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {});
  const TimeMs first = at(world, id).deadline;
  const BlockResult late = world.block(until(world, first) + kOutage);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  EXPECT_EQ(at(world, id).deadline.raw(), world.now().raw() + kOutage);
  EXPECT_EQ(late.events.back().c, 3u);
  EXPECT_EQ(world.code(world.ballot("m3", id, Choice::against)), std::nullopt);
  world.block(2 * kOutage);
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
}

TEST(Outage, Rule5_9IsNoneAMillisecondEarlier) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {});
  world.block(until(world, at(world, id).deadline) + kOutage - 1);
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
}

TEST(Outage, Rule5_9GivesBackAtMostThePeriod) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {});
  world.block(until(world, at(world, id).deadline) + 5 * kHour);
  EXPECT_EQ(at(world, id).deadline.raw(), world.now().raw() + kHour);
}

TEST(Outage, Rule5_9AProposalThatNeverOpenedIsOpenedAndGivenItsTime) {
  LedgerWorld world;
  const ProposalId id{world.run("m0", proposing(ProposalKind::text)).detail};
  world.block(3 * kHour);
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  EXPECT_EQ(at(world, id).deadline.raw(), world.now().raw() + kHour);
}

TEST(Execution, Rule5_10IsAllOrNone) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {new_class("a"), taken_symbol(), new_class("b")});
  const BlockResult result = world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(world.state().classes.size(), 2u);
  EXPECT_EQ(at(world, id).state, ProposalState::succeeded);
  EXPECT_EQ(at(world, id).failure, static_cast<u16>(TxError::symbol_taken));
  EXPECT_EQ(at(world, id).failure_height, world.height());
  EXPECT_EQ(kinds_of(result), (std::vector{EventKind::proposal_closed, EventKind::execution_failed}));
  EXPECT_EQ(world.state().next_due(), window_end(at(world, id)));
  expect_schedule_derived(world);
}

TEST(Execution, Rule5_10LaterActionsSeeWhatEarlierOnesDid) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {new_class("same"), new_class("same")});
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(at(world, id).failure, static_cast<u16>(TxError::symbol_taken));
  EXPECT_EQ(world.state().classes.size(), 2u);
}

TEST(Execution, Rule5_10AnyAccountMayRetryWithinTheWindow) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {taken_symbol()});
  EXPECT_EQ(world.code("buyer", Execute{id}), TxError::proposal_not_queued);
  EXPECT_EQ(world.code("buyer", Execute{ProposalId{9}}), TxError::no_such_proposal);
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(world.run("buyer", Execute{id}).detail, static_cast<u64>(TxError::symbol_taken));
  EXPECT_EQ(at(world, id).attempts, 1);
  EXPECT_EQ(at(world, id).failure_height, world.height());
  world.mutable_state().assets.edit(0).symbol = "OTHER";  // what stood in the way goes away
  EXPECT_EQ(world.run("buyer", Execute{id}).detail, 0u);
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
  EXPECT_EQ(at(world, id).attempts, 2);
  EXPECT_EQ(world.code("buyer", Execute{id}), TxError::already_executed);
  EXPECT_TRUE(world.state().counters->live.empty());
}

TEST(Execution, Rule5_10RetriesAreCounted) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {taken_symbol()});
  world.block(until(world, at(world, id).deadline));
  for (int i = 0; i < 16; ++i) world.run("buyer", Execute{id});
  EXPECT_EQ(world.code("buyer", Execute{id}), TxError::attempts_exhausted);
}

TEST(Execution, Rule5_10TheWindowEndsAndTheProposalExpires) {
  LedgerWorld world;
  const ProposalId id = half_decided(world, {taken_symbol()});
  world.block(until(world, at(world, id).deadline));
  world.block(kDay - 1);
  EXPECT_EQ(at(world, id).state, ProposalState::succeeded);
  const BlockResult result = world.block(1);
  EXPECT_EQ(kinds_of(result), std::vector{EventKind::proposal_expired});
  EXPECT_EQ(at(world, id).state, ProposalState::expired);
  EXPECT_TRUE(world.state().counters->live.empty());
  EXPECT_EQ(world.code("buyer", Execute{id}), TxError::proposal_not_queued);
  expect_schedule_derived(world);
}

LedgerWorld slow_world() {
  return world_with([](Policy& policy) { policy.timelock = DurationMs{kHour}; });
}

TEST(Execution, Rule5_10TheAutomaticAttemptIsMadeEvenPastTheWindow) {
  LedgerWorld world = slow_world();
  const ProposalId id = half_decided(world, {new_class("late")});
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(world.code("buyer", Execute{id}), TxError::outside_window);
  world.block(kHour + 5 * kDay);
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
}

TEST(Execution, Rule5_10AFailedAttemptPastTheWindowExpiresInTheSameBlock) {
  LedgerWorld world = slow_world();
  const ProposalId id = half_decided(world, {taken_symbol()});
  world.block(until(world, at(world, id).deadline));
  const BlockResult result = world.block(kHour + 5 * kDay);
  EXPECT_EQ(kinds_of(result), (std::vector{EventKind::execution_failed, EventKind::proposal_expired}));
  EXPECT_EQ(at(world, id).state, ProposalState::expired);
}

// ---- guardians ----

GuardianCancel cancel_of(const LedgerWorld& world, ProposalId id) {
  return {.proposal = id, .reason = "a mistake", .expires = TimeMs{world.now().raw() + kHour}};
}

ProposalId queued(LedgerWorld& world, ProposalKind kind, std::vector<Action> actions) {
  const ProposalId id = world.propose(kind, std::move(actions));
  cast_all(world, id, {"m0", "m1", "m2", "m3"}, Choice::in_favour);
  EXPECT_EQ(at(world, id).state, ProposalState::queued);
  return id;
}

TEST(Execution, Rule5_10AWindowWithoutLengthHoldsOneAttempt) {
  for (const u64 timelock : {u64{0}, kHour}) {
    LedgerWorld world = world_with([&](Policy& policy) {
      policy.grace = DurationMs{};
      policy.timelock = DurationMs{timelock};
    });
    const ProposalId failing = half_decided(world, {taken_symbol()});
    world.block(until(world, at(world, failing).deadline));
    if (timelock != 0) world.block(until(world, at(world, failing).eta));
    EXPECT_EQ(at(world, failing).state, ProposalState::expired);
    EXPECT_EQ(at(world, failing).failure, static_cast<u16>(TxError::symbol_taken));
    EXPECT_TRUE(world.state().counters->live.empty());
    const ProposalId good = half_decided(world, {new_class("a")});
    world.block(until(world, at(world, good).deadline));
    if (timelock != 0) world.block(until(world, at(world, good).eta));
    EXPECT_EQ(at(world, good).state, ProposalState::executed);
    expect_schedule_derived(world);
  }
}

TEST(Guardian, Rule5_11CancelsOnlyWhatIsQueued) {
  LedgerWorld world = slow_world();
  const ProposalId open = world.propose(ProposalKind::text, {}, "m4");
  EXPECT_EQ(world.code("g0", cancel_of(world, open)), TxError::proposal_not_queued);
  EXPECT_EQ(world.code("g0", cancel_of(world, ProposalId{9})), TxError::no_such_proposal);
  const ProposalId id = queued(world, ProposalKind::creation, {new_class("a")});
  world.run("g0", cancel_of(world, id));
  EXPECT_EQ(at(world, id).state, ProposalState::canceled);
  EXPECT_EQ(world.state().counters->live, std::vector{open});
  world.block(2 * kHour);
  EXPECT_EQ(world.state().classes.size(), 2u);
  expect_schedule_derived(world);
}

TEST(Guardian, Rule5_11NeverTouchesRolesOrPolicies) {
  LedgerWorld world = slow_world();
  const ProposalId policy = queued(world, ProposalKind::policy, {ParameterChange{"max_actions", 8}});
  EXPECT_EQ(world.code("g0", cancel_of(world, policy)), TxError::guardian_may_not);
  world.block(kHour);
  const ProposalId roles = queued(
      world, ProposalKind::roles,
      {RoleChange{
          .change = RoleChangeKind::remove, .role = Role::guardian, .holder = test::test_address("g0")}});
  EXPECT_EQ(world.code("g0", cancel_of(world, roles)), TxError::guardian_may_not);
}

TEST(Guardian, Rule5_11TwiceInThirtyDays) {
  LedgerWorld world = slow_world();
  world.run("g0", cancel_of(world, queued(world, ProposalKind::creation, {new_class("a")})));
  const TimeMs first = world.now();
  world.run("g0", cancel_of(world, queued(world, ProposalKind::creation, {new_class("b")})));
  world.block(until(world, TimeMs{first.raw() + 30 * kDay}) - 10 * kSecond);
  const ProposalId third = queued(world, ProposalKind::creation, {new_class("c")});
  EXPECT_EQ(world.code("g0", cancel_of(world, third), until(world, TimeMs{first.raw() + 30 * kDay}) - 1),
            TxError::guardian_limit);
  EXPECT_EQ(world.code("g0", cancel_of(world, third), until(world, TimeMs{first.raw() + 30 * kDay})),
            std::nullopt);
}

// ---- what the actions of this room do ----

ProposalId decided(LedgerWorld& world, std::vector<Action> actions) {
  const ProposalKind kind = kind_of(actions.front());
  const ProposalId id = world.propose(kind, std::move(actions));
  cast_all(world, id, {"m0", "m1", "m2", "m3", "m4"}, Choice::in_favour);
  world.block();
  return id;
}

// What the one attempt came to, with nothing left live after it.
TxError outcome(LedgerWorld& world, std::vector<Action> actions) {
  const u16 failure = at(world, decided(world, std::move(actions))).failure;
  if (failure != 0) world.block(kDay);
  EXPECT_TRUE(world.state().counters->live.empty());
  return static_cast<TxError>(failure);
}

TEST(Execution, Rule5_10WhatIsTakenBackIsEverythingThatWasLent) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  change_registers(world, [id](Execution& run) {
    run.emit({});
    const Savepoint before(run);
    run.emit({});
    run.voted.push_back(id);
    run.skipped.emplace_back(0u, TxError::overflow);
    run.settled = run.entries = 1;
    seal_box(run, id);
    before.take_back(run);
    EXPECT_EQ(run.events.size(), 1u);
    EXPECT_TRUE(run.voted.empty());
    EXPECT_TRUE(run.skipped.empty());
    EXPECT_EQ(run.settled + run.entries, 0u);
    EXPECT_TRUE(run.sealed.empty());
    EXPECT_NE(run.state.box(id), nullptr);
  });
}

TEST(Actions, Rule6_1CreatesAssetsAndClasses) {
  LedgerWorld world;
  const ProposalId id = decided(
      world,
      {AssetCreation{.symbol = "VOTE", .decimals = 2, .kind = AssetKind::fixed, .supply = Amount{~u128{0}}},
       new_class("songs")});
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
  const Asset& asset = world.state().assets[2];
  EXPECT_EQ(asset.symbol, "VOTE");
  EXPECT_EQ(asset.supply, Amount{~u128{0}});
  EXPECT_EQ(asset.treasury, asset.supply);
  EXPECT_EQ(world.state().classes[2].name, "songs");
  EXPECT_FALSE(world.state().classes[2].attested_only);
}

TEST(Actions, Rule9ChangesAParameter) {
  LedgerWorld world;
  decided(world, {ParameterChange{"approval_timeout_ms", 5 * kDay}});
  EXPECT_EQ(world.state().param(Param::approval_timeout_ms), 5 * kDay);
  expect_schedule_derived(world);
}

TEST(Actions, Rule5_5AFloorDoesNotRiseAboveAStandingPolicy) {
  LedgerWorld world;
  const ProposalId id = decided(world, {ParameterChange{"min_timelock_ms", kDay}});
  EXPECT_EQ(at(world, id).failure, static_cast<u16>(TxError::parameter_out_of_range));
  EXPECT_EQ(world.state().param(Param::min_timelock_ms), 0u);
}

TEST(Actions, Rule5_5AFloorRisesToAStandingPolicyAndARecoveryFallsToAVotingPeriod) {
  Genesis genesis = test::test_genesis();
  for (Policy& policy : genesis.rules.policies) policy.timelock = DurationMs{kHour};
  genesis.rules.policies[0].period = DurationMs{15 * kDay};
  genesis.rules.parameters.set(Param::recovery_delay_ms, 20 * kDay);
  LedgerWorld world(genesis);
  const auto outcome = [&](const char* name, u64 value) {
    const ProposalId id = half_decided(world, {ParameterChange{name, value}});
    world.block(until(world, at(world, id).deadline));
    world.block(until(world, at(world, id).eta));
    const u16 failure = at(world, id).failure;
    if (failure != 0) world.block(kDay);
    return static_cast<TxError>(failure);
  };
  EXPECT_EQ(outcome("min_timelock_ms", kHour + 1), TxError::parameter_out_of_range);
  EXPECT_EQ(outcome("min_timelock_ms", kHour), TxError{});
  EXPECT_EQ(outcome("recovery_delay_ms", 15 * kDay - 1), TxError::parameter_out_of_range);
  EXPECT_EQ(outcome("recovery_delay_ms", 15 * kDay), TxError{});
}

// Else nobody could ever propose to give a place back.
TEST(Actions, Rule5_1ReservedPlacesLeaveOneThatAPolicyProposalMayHave) {
  LedgerWorld world;
  const auto keep = [&](ProposalKind kind, u8 places) -> Action {
    Policy policy = world.state().rules->policy(kind);
    policy.reserved_live = places;
    return PolicyChange{kind, policy};
  };
  EXPECT_EQ(outcome(world, {keep(ProposalKind::text, 64)}), TxError::policy_too_weak);
  EXPECT_EQ(outcome(world, {keep(ProposalKind::text, 63)}), TxError{});
  EXPECT_EQ(outcome(world, {keep(ProposalKind::spend, 1)}), TxError::policy_too_weak);
  EXPECT_EQ(outcome(world, {keep(ProposalKind::policy, 1)}), TxError{}) << "the last place is kept for it";
  EXPECT_EQ(outcome(world, {keep(ProposalKind::spend, 1)}), TxError::policy_too_weak) << "65 of 64";
  EXPECT_EQ(outcome(world, {keep(ProposalKind::text, 0), keep(ProposalKind::spend, 63)}), TxError{});
}

TEST(Actions, Rule5_1PlacesDoNotBecomeFewerThanPoliciesReserve) {
  Genesis genesis = test::test_genesis();
  genesis.rules.policies[static_cast<std::size_t>(ProposalKind::text)].reserved_live = 2;
  LedgerWorld world(genesis);
  EXPECT_EQ(outcome(world, {ParameterChange{"max_live_proposals", 2}}), TxError::parameter_out_of_range);
  EXPECT_EQ(outcome(world, {ParameterChange{"max_live_proposals", 3}}), TxError{});
  EXPECT_EQ(world.state().param(Param::max_live_proposals), 3u);
}

TEST(Actions, Rule5_5ChangesAPolicy) {
  LedgerWorld world;
  Policy policy = world.state().rules->policy(ProposalKind::text);
  policy.quorum = Ppm{500'000};
  const ProposalId id = decided(world, {PolicyChange{ProposalKind::text, policy}});
  EXPECT_EQ(at(world, id).state, ProposalState::executed);
  EXPECT_EQ(world.state().rules->policy(ProposalKind::text), policy);
}

TEST(Actions, Rule5_5APolicyThatGrewStricterMeanwhileHoldsTheChangeToItself) {
  LedgerWorld world;
  const Policy before = world.state().rules->policy(ProposalKind::text);
  const ProposalId id = half_decided(world, {PolicyChange{ProposalKind::text, before}});
  world.mutable_state().rules.edit().policies[0].quorum = Ppm{600'000};  // three of five; two have voted
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(at(world, id).state, ProposalState::succeeded);
  EXPECT_EQ(at(world, id).failure, static_cast<u16>(TxError::policy_too_weak));
  EXPECT_EQ(world.state().rules->policy(ProposalKind::text).quorum, Ppm{600'000});
}

TEST(Actions, Rule5_5ALongerTimelockMeanwhileIsWaitedFor) {
  LedgerWorld world;
  const Policy before = world.state().rules->policy(ProposalKind::text);
  const ProposalId id = half_decided(world, {PolicyChange{ProposalKind::text, before}});
  world.mutable_state().rules.edit().policies[0].timelock = DurationMs{kHour};
  world.block(until(world, at(world, id).deadline));
  EXPECT_EQ(at(world, id).failure, static_cast<u16>(TxError::policy_too_weak));
  world.block(kHour - 2 * kSecond);
  EXPECT_EQ(world.run("buyer", Execute{id}).detail, static_cast<u64>(TxError::policy_too_weak));
  EXPECT_EQ(world.run("buyer", Execute{id}).detail, 0u);
}

TEST(Actions, Rule2_4AnUpgradeIsDecidedAndFallsDue) {
  LedgerWorld world;
  const TimeMs when{world.now().raw() + kDay};
  decided(world, {RulesUpgrade{.version = 2, .activates = when}});
  ASSERT_TRUE(world.state().chain->upgrade.has_value());
  EXPECT_EQ(world.state().next_due(), when);
  expect_schedule_derived(world);
  // The same version at another time puts it off.
  decided(world, {RulesUpgrade{.version = 2, .activates = TimeMs{when.raw() + kDay}}});
  EXPECT_EQ(world.state().next_due(), TimeMs{when.raw() + kDay});
  const ProposalId old = decided(world, {RulesUpgrade{.version = 1, .activates = when}});
  EXPECT_EQ(at(world, old).failure, static_cast<u16>(TxError::version_not_newer));
}

TEST(Actions, Rule2_4WithoutTheVersionDecidedOnThereIsNoSuchBlock) {
  LedgerWorld world;
  const TimeMs when{world.now().raw() + kDay};
  decided(world, {RulesUpgrade{.version = 2, .activates = when}});
  EXPECT_TRUE(BlockExecution(world.state(), TimeMs{when.raw() - 1}).finish().breaches.empty());
  BlockExecution execution(world.state(), when);
  EXPECT_TRUE(execution.did_due_work());
  EXPECT_EQ(execution.state().chain->rules_version, 1u);
  const BlockResult result = execution.finish();
  ASSERT_EQ(result.breaches.size(), 1u);
  EXPECT_EQ(result.breaches[0].law, "rules");
  EXPECT_TRUE(result.breaches[0].what.contains("version 2")) << result.breaches[0].what;
}

TEST(Actions, Rule2_4AKnownVersionActsWhenDue) {
  LedgerWorld world;
  const TimeMs when{world.now().raw() + kDay};
  change_chain(world.mutable_state(), [&](Chain& chain) {
    chain.rules_version = 0;
    chain.upgrade = RulesUpgrade{.version = 1, .activates = when};
  });
  world.block(until(world, when) - 1);
  EXPECT_EQ(world.state().chain->rules_version, 0u);
  const BlockResult result = world.block(1);
  EXPECT_EQ(world.state().chain->rules_version, 1u);
  EXPECT_FALSE(world.state().chain->upgrade.has_value());
  EXPECT_EQ(kinds_of(result), std::vector{EventKind::upgrade_active});
}

}  // namespace
}  // namespace moot::ledger
