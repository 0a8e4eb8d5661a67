// A payout's approval, pause, time-out and execution (rules.md §6.3–6.5), through whole blocks.
#include <gtest/gtest.h>

#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

// Units are 10, 20, 30, 40, 50 of 150.
TEST(PayoutLife, PaysTheWholeAmountByUnitsInTheBlockAfterItsDelay_6_3) {
  MoneyWorld world;
  const SaleId id = world.funded(1'501, 1'000);  // reserve 1.501 → 1
  world.run("t0", world.approval(id));
  EXPECT_EQ(world.sale(id).state, SaleState::approved);
  EXPECT_EQ(world.sale(id).due.raw(), world.now().raw() + kSecond);
  world.block(kSecond - 1);
  EXPECT_EQ(world.sale(id).state, SaleState::approved);
  const BlockResult result = world.block(1);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
  EXPECT_EQ(world.sale(id).paid_out, world.height());
  EXPECT_EQ(result.changes.members.size(), 0u) << "one record, whatever the number of members";
  EXPECT_EQ(result.changes.sales.size(), 1u);
  EXPECT_EQ(world.asset(kUsdx).treasury, Amount{1});
  EXPECT_EQ(world.asset(kUsdx).owed, Amount{1'500});
  EXPECT_EQ(world.asset(kUsdx).escrow, Amount{0});
  for (u64 i = 0; i < 5; ++i) EXPECT_EQ(world.owns("m" + std::to_string(i)), 100 * (i + 1));
}

TEST(PayoutLife, AnApprovalNamesThePayoutThatWillBe_6_3) {
  MoneyWorld world;
  const SaleId open = world.authorise(world.terms(kUsdx, 100, 200));
  ApprovePayout early{.payout = open,
                      .payout_digest = {},
                      .total = Amount{100},
                      .total_text = world.text(kUsdx, 100),
                      .expires = world.soon()};
  EXPECT_EQ(world.code("t0", early), TxError::sale_not_funded);
  world.run("t0", world.proceeds(open, 150));

  ApprovePayout digest = world.approval(open);
  digest.payout_digest.bytes[0] ^= 1;
  EXPECT_EQ(world.code("t0", digest), TxError::wrong_payout_digest);
  ApprovePayout total = world.approval(open);
  total.total = Amount{149};
  total.total_text = world.text(kUsdx, 149);
  EXPECT_EQ(world.code("t0", total), TxError::wrong_payout_digest);
  ApprovePayout text = world.approval(open);
  text.total_text = world.text(kUsdx, 149);
  EXPECT_EQ(world.code("t0", text), TxError::bad_amount_text);
  ApprovePayout zero = world.approval(open);
  zero.total = Amount{};
  EXPECT_EQ(world.code("t0", zero), TxError::bad_value);
  ApprovePayout nowhere = world.approval(open);
  nowhere.payout = SaleId{9};
  EXPECT_EQ(world.code("t0", nowhere), TxError::no_such_sale);

  const ApprovePayout good = world.approval(open);
  world.run("t0", good);
  EXPECT_EQ(world.code("t1", good, 1), TxError::payout_not_payable) << "approved already";
}

TEST(PayoutLife, TheLastOfTwoTreasurersSetsTheClock_6_3) {
  Genesis genesis = money_genesis();
  genesis.roles[Role::treasurer].thresholds = {{TxKind::approve_payout, 2}};
  MoneyWorld world(genesis);
  const SaleId id = world.funded(1'000);
  const ApprovePayout approval = world.approval(id);
  world.run("t0", approval);
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
  EXPECT_EQ(world.code("t0", approval), TxError::already_approved);
  EXPECT_EQ(world.code("m0", approval), TxError::role_needed);
  world.run("t2", approval, kHour / 2);
  EXPECT_EQ(world.sale(id).state, SaleState::approved);
  EXPECT_EQ(world.sale(id).due.raw(), world.now().raw() + kSecond);
}

TEST(PayoutLife, DoublePayout) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  const ApprovePayout approval = world.approval(id);
  world.run("t0", approval);
  world.block();
  const State before = world.state();
  EXPECT_EQ(world.code("t0", approval), TxError::payout_not_payable);
  world.block(40 * kDay);
  EXPECT_EQ(world.asset(kUsdx), before.assets[kUsdx.value]);
  EXPECT_EQ(world.sale(id), before.sales[id.value]);
}

TEST(PayoutLife, APauseHoldsItToTheMillisecond_6_3) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  world.run("t0", world.approval(id), 1);
  const PausePayout pause = world.pause(id, 10'000);
  world.run("u0", pause, 1);
  world.block(pause.until.raw() - 1 - world.now().raw());
  EXPECT_EQ(world.sale(id).state, SaleState::approved);
  world.block(1);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
}

TEST(PayoutLife, APauseIsOneAndBounded_6_3) {
  MoneyWorld world;
  const SaleId open = world.authorise(world.terms(kUsdx, 100, 200));
  EXPECT_EQ(world.code("u0", world.pause(open, kHour)), TxError::sale_not_funded);
  EXPECT_EQ(world.code("u0", world.pause(SaleId{9}, kHour)), TxError::no_such_sale);
  world.run("t0", world.proceeds(open, 150));
  const auto until = [&world, open](u64 after_block) {
    return world.code("u0", world.pause(open, kSecond + after_block));
  };
  EXPECT_EQ(until(0), TxError::outside_window);
  EXPECT_EQ(until(1), std::nullopt);
  EXPECT_EQ(until(14 * kDay), std::nullopt);
  EXPECT_EQ(until(14 * kDay + 1), TxError::outside_window);
  const ResumePayout resume{.payout = open, .expires = world.soon()};
  EXPECT_EQ(world.code("u0", resume), TxError::not_paused);
  world.run("u0", world.pause(open, kDay));
  EXPECT_EQ(world.code("u1", world.pause(open, kDay)), TxError::already_paused);
  world.run("u1", resume);
  EXPECT_EQ(world.code("u1", resume), TxError::not_paused);
  EXPECT_EQ(world.code("u1", world.pause(open, kDay)), TxError::already_paused)
      << "once, even after a resume";
}

TEST(PayoutLife, APauseThatIsOverIsNoPause_6_3) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  world.run("u0", world.pause(id, kHour));
  const u64 left = world.sale(id).paused_until.raw() - world.now().raw();
  const ResumePayout resume{.payout = id, .expires = {}};
  EXPECT_EQ(world.code("u0", resume, left - 1), std::nullopt);
  EXPECT_EQ(world.code("u0", resume, left), TxError::not_paused);
}

TEST(PayoutLife, AResumeLetsItGoAtItsOwnTime_6_3) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  world.run("t0", world.approval(id), 1);
  world.run("u0", world.pause(id, 5 * kDay), 1);
  world.block(kHour);
  EXPECT_EQ(world.sale(id).state, SaleState::approved);
  world.run("u0", ResumePayout{.payout = id, .expires = world.soon()});
  EXPECT_EQ(world.sale(id).state, SaleState::approved) << "step 1 of the next block";
  world.block(1);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
}

TEST(PayoutLife, PauseAfterTheFact) {
  MoneyWorld world;
  const SaleId id = world.paid_out(1'000);
  EXPECT_EQ(world.code("u0", world.pause(id, kHour)), TxError::payout_not_payable);
}

TEST(PayoutLife, NobodyHoldsItHostage_6_3) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  const u64 timeout = world.state().param(Param::approval_timeout_ms);
  world.block(timeout - 1);
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
  world.block(1);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
  EXPECT_EQ(world.owns("m4"), 333u);
}

TEST(PayoutLife, ALateApprovalDoesNotPutItOff_6_3) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::approval_timeout_ms, 2 * kDay);
  genesis.rules.parameters.set(Param::payout_delay_ms, 90 * kDay);
  MoneyWorld world(genesis);
  const SaleId id = world.funded(1'000);
  world.block(2 * kDay - kSecond - 1);
  EXPECT_EQ(world.code("t0", world.approval(id), kSecond), std::nullopt)
      << "a millisecond before the time-out";
  world.run("u0", world.pause(id, kDay), 1);
  EXPECT_EQ(world.code("t0", world.approval(id), kSecond), TxError::payout_not_payable);
  world.block(world.sale(id).paused_until.raw() - world.now().raw());
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out) << "when its pause ends, approved or not";
}

TEST(PayoutLife, WithoutATimeoutItWaitsForApproval_6_3) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::approval_timeout_ms, 0);
  MoneyWorld world(genesis);
  const SaleId id = world.funded(1'000);
  EXPECT_TRUE(dues_of(world.sale(id), id.value, world.state().rules->parameters).empty());
  world.block(300 * kDay);
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
}

TEST(PayoutLife, NeverExecutesInTheBlockThatFundsIt_6_3) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::approval_timeout_ms, 1);
  genesis.rules.parameters.set(Param::payout_delay_ms, 1);
  MoneyWorld world(genesis);
  const SaleId id = world.funded(1'000);
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
  world.block(1);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
}

TEST(PayoutLife, ATimeoutChangedByVoteMovesTheSchedule_9) {
  MoneyWorld world;
  const SaleId id = world.funded(1'000);
  world.pass(ProposalKind::policy, {ParameterChange{.name = "approval_timeout_ms", .value = kHour}});
  EXPECT_EQ(world.state().next_due(), TimeMs{world.sale(id).funded_at.raw() + kHour});
  State loaded = world.state();
  rebuild_derived(loaded);
  EXPECT_EQ(loaded.next_due(), world.state().next_due());
  world.block(kHour);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
}

// The payout falls due before the change does, and both run in one block: the old time-out is the one that counted.
TEST(PayoutLife, ATimeoutLiftedInTheBlockOfAPayoutIsTooLate_9) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::approval_timeout_ms, kHour / 2);
  genesis.rules.policies[static_cast<std::size_t>(ProposalKind::policy)].timelock = DurationMs{kHour};
  MoneyWorld world(genesis);
  const SaleId id = world.funded(1'000);
  const ProposalId change =
      world.propose(ProposalKind::policy, {ParameterChange{.name = "approval_timeout_ms", .value = 0}});
  for (const char* voter : {"m0", "m1", "m2"}) world.vote(voter, change, Choice::in_favour);
  world.block(2 * kHour);
  EXPECT_EQ(world.state().param(Param::approval_timeout_ms), 0u);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
}

TEST(PayoutLife, WhatTheReserveTakesWholeLeavesNoRecord_6_4) {
  MoneyWorld world;
  const SaleId id = world.paid_out(1'000, 1'000'000);
  EXPECT_EQ(world.sale(id).state, SaleState::paid_out);
  EXPECT_FALSE(world.sale(id).payout.has_value());
  EXPECT_EQ(world.asset(kUsdx).treasury, Amount{1'000});
  EXPECT_TRUE(world.state().classes[0].payouts.empty());
}

TEST(PayoutLife, UnitsGivenAfterTheRecordHeightDoNotCount_6_4) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kUsdx, 1'500, 1'500));
  world.run("r0",
            GrantUnits{
                .share_class = kData, .grants = {{world.member("m0"), Units{100}}}, .expires = world.soon()});
  world.run("t0", world.proceeds(id, 1'500));
  world.run("t0", world.approval(id));
  world.block();
  EXPECT_EQ(world.owns("m0"), 100u);
  EXPECT_EQ(world.sale(id).payout->total, Units{150});
}

TEST(PayoutLife, APreparedRecordIsTheRecord_6_5) {
  MoneyWorld world;
  const SaleId id = world.funded(1'003);
  world.run("t0", world.approval(id), 1);
  PreparedPayouts prepared;
  prepared.by_sale[id.value] = payout_for(world.state(), id);
  const TimeMs next{world.now().raw() + kSecond};
  BlockExecution alone(world.state(), next);
  BlockExecution helped(world.state(), next, &prepared);
  EXPECT_EQ(alone.finish().roots.state_root, helped.finish().roots.state_root);
}

}  // namespace
}  // namespace moot::test
