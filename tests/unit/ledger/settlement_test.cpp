// Settlement and transfers (rules.md §6.6, §6.8), through whole blocks.
#include <gtest/gtest.h>

#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

TEST(Settlement, HappensBeforeADebitAndNotBefore_6_6) {
  MoneyWorld world;
  const SaleId id = world.paid_out(1'500);
  EXPECT_EQ(world.stored("m4"), 0u);
  EXPECT_EQ(world.owns("m4"), 500u);
  world.run("m0", world.transfer(kUsdx, "m4", 40));
  EXPECT_EQ(world.stored("m0"), 60u);
  EXPECT_EQ(world.stored("m4"), 40u) << "a credit does not settle";
  EXPECT_EQ(world.owns("m4"), 540u);
  EXPECT_EQ(world.asset(kUsdx).owed, Amount{1'400});
  EXPECT_EQ(world.sale(id).payout->remaining, Amount{1'400});
}

TEST(Settlement, LeavesNothingBehindWhenAllHaveSettled_6_6) {
  MoneyWorld world;
  const SaleId id = world.paid_out(1'003);
  ASSERT_GT(world.sale(id).payout->extras, 0u);
  u128 sum = 0;
  for (u64 i = 0; i < 5; ++i) {
    world.run("buyer", Settle{.member = MemberId{i}, .share_class = kData});
    sum += world.stored("m" + std::to_string(i));
  }
  EXPECT_EQ(sum, 1'003u);
  EXPECT_EQ(world.sale(id).payout->remaining, Amount{0});
  EXPECT_EQ(world.sale(id).payout->extra_left, 0u);
  EXPECT_EQ(world.asset(kUsdx).owed, Amount{0});
  EXPECT_EQ(world.code("buyer", Settle{.member = MemberId{0}, .share_class = kData}),
            TxError::nothing_to_settle);
}

TEST(Settlement, HappensBeforeAChangeOfUnits_6_6) {
  MoneyWorld world;
  world.paid_out(1'500);
  world.run(
      "r0",
      GrantUnits{.share_class = kData, .grants = {{world.member("m1"), Units{5}}}, .expires = world.soon()});
  EXPECT_EQ(world.stored("m1"), 200u);
  EXPECT_EQ(world.owns("m1"), 200u);
}

TEST(Settlement, GoesInStepsWhenThereIsTooMuch_6_6) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::settle_max, 2);
  MoneyWorld world(genesis);
  for (int i = 0; i < 3; ++i) world.paid_out(1'500);
  EXPECT_EQ(world.owns("m0"), 300u);
  EXPECT_EQ(world.code("m0", world.transfer(kUsdx, "m4", 1)), TxError::settle_first);
  const Settle settle{.member = world.member("m0"), .share_class = kData};
  EXPECT_EQ(world.run("m0", settle).detail, 2u);
  EXPECT_EQ(world.stored("m0"), 200u);
  world.run("m0", world.transfer(kUsdx, "m4", 300));
  EXPECT_EQ(world.owns("m0"), 0u);
}

TEST(Settlement, WeighsOneAPayout_2_3) {
  MoneyWorld world;
  for (int i = 0; i < 3; ++i) world.paid_out(1'500);
  std::vector<Event> events;
  std::vector<ProposalId> voted;
  std::vector<std::pair<u32, TxError>> skipped;
  std::map<u64, BallotBox> sealed;
  State state = world.state();
  Execution run{.state = state,
                .height = Height{state.height().raw() + 1},
                .now = state.time(),
                .sender = {},
                .events = events,
                .voted = voted,
                .skipped = skipped,
                .sealed = sealed};
  EXPECT_EQ(settle_class(run, MemberId{0}, kData, 2), 2u);
  EXPECT_EQ(run.settled, 2u);
  settle_account(run, world.account("m0"));
  EXPECT_EQ(run.settled, 3u);
  EXPECT_EQ(settle_class(run, MemberId{0}, kData, 256), 0u);
  EXPECT_EQ(run.settled, 3u);
}

TEST(Settlement, TheLimitIsWithinIt_6_6) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::settle_max, 3);
  MoneyWorld world(genesis);
  for (int i = 0; i < 3; ++i) world.paid_out(1'500);
  EXPECT_EQ(world.code("m0", world.transfer(kUsdx, "m4", 300)), std::nullopt);
  EXPECT_EQ(world.code("m0", Settle{.member = world.member("m0"), .share_class = kData, .limit = 3}),
            std::nullopt);
  const GrantUnits grant{
      .share_class = kData, .grants = {{world.member("m0"), Units{1}}}, .expires = world.soon()};
  EXPECT_EQ(world.code("r0", grant), std::nullopt);
  EXPECT_EQ(world.code("m0", Leave{}), std::nullopt);
  world.paid_out(1'500);
  EXPECT_EQ(world.code("r0", grant), TxError::settle_first);
  EXPECT_EQ(world.code("m0", Leave{}), TxError::settle_first);
}

TEST(Settlement, AProposalSettlesNoMoreThanATransactionMay_6_6) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::settle_max, 3);
  MoneyWorld world(genesis);
  for (int i = 0; i < 2; ++i) world.paid_out(1'500);
  const auto expel = [&](const char* who) {
    return MemberAction{.member = world.member(who), .expel = true, .suspension = {}};
  };
  const ProposalId id = world.propose(ProposalKind::membership, {expel("m3"), expel("m4")});
  for (const char* voter : {"m0", "m1", "m2"}) world.vote(voter, id, Choice::in_favour);
  world.block();
  EXPECT_EQ(world.state().proposals[id.value].failure, static_cast<u16>(TxError::settle_first))
      << "four of two members";
  EXPECT_TRUE(world.state().members[3].is_active()) << "all or none";
  world.run("m0", Settle{.member = world.member("m4"), .share_class = kData, .limit = 1});
  world.run("m0", Execute{id});
  EXPECT_EQ(world.state().proposals[id.value].state, ProposalState::executed);
  EXPECT_EQ(world.stored("m4"), 1'000u);
}

// Never on a change of status (6.6): what falls from 0 to 0 does not change.
TEST(Settlement, LeavingWithoutUnitsSettlesNothing_6_6) {
  MoneyWorld world;
  const SaleId id = world.funded(1'500);
  const RevokeUnits all{kData, world.member("m4"), Units{50}, "an error", world.soon()};
  world.run("r0", all);
  world.run("u0", all);
  world.run("t0", world.approval(id));
  world.block();
  ASSERT_EQ(unsettled_count(world.state(), world.member("m4"), kData), 1u);
  world.mutable_state().rules.edit().parameters.set(Param::settle_max, 0);
  world.run("m4", Leave{});
  EXPECT_EQ(world.stored("m4"), 0u);
  EXPECT_EQ(world.owns("m4"), 500u) << "paid for the time before (3.2)";
}

TEST(Settlement, TellsEachAssetApart_6_6) {
  MoneyWorld world;
  world.paid_out(1'500);
  world.run("buyer", world.transfer(kTok, "m0", 1));
  const SaleId id = world.authorise(MoneyWorld::terms(kTok, 300, 300));
  world.run("buyer", world.payment(id, 300));
  world.run("t0", world.approval(id));
  world.block();
  const auto tx = world.sign("m4", Settle{.member = world.member("m4"), .share_class = kData});
  std::vector<std::pair<u64, Amount>> told;
  for (const Event& event : world.block(std::span(&tx, 1)).events)
    if (event.kind == EventKind::settled) told.emplace_back(event.c, event.amount);
  EXPECT_EQ(told, (std::vector<std::pair<u64, Amount>>{{0, Amount{500}}, {1, Amount{100}}}));
}

TEST(Settlement, AsksForWhatExists) {
  MoneyWorld world;
  world.paid_out(1'500);
  EXPECT_EQ(world.code("buyer", Settle{.member = MemberId{99}, .share_class = kData}),
            TxError::no_such_member);
  EXPECT_EQ(world.code("buyer", Settle{.member = MemberId{0}, .share_class = ClassId{9}}),
            TxError::no_such_class);
  EXPECT_EQ(world.code("buyer", Settle{.member = MemberId{0}, .share_class = ClassId{1}}),
            TxError::nothing_to_settle);
  EXPECT_EQ(world.code("buyer", Settle{.member = MemberId{0}, .share_class = kData, .limit = 257}),
            TxError::bad_value);
  EXPECT_EQ(world.run("buyer", Settle{.member = MemberId{0}, .share_class = kData, .limit = 1}).detail, 1u);
}

TEST(Settlement, StartsWithTheFirstGrant_6_6) {
  MoneyWorld world;
  const ClassId house{1};
  const auto grant = [&](const char* who) {
    return GrantUnits{
        .share_class = house, .grants = {{world.member(who), Units{7}}}, .expires = world.soon()};
  };
  world.run("r0", grant("m0"));
  SaleTerms terms = world.terms(kUsdx, 900, 900);
  terms.share_class = house;
  const SaleId id = world.authorise(terms);
  world.run("t0", world.proceeds(id, 900));
  world.run("t0", world.approval(id));
  world.block();
  world.run("r0", grant("m1"));
  EXPECT_EQ(unsettled_count(world.state(), world.member("m0"), house), 1u);
  EXPECT_EQ(unsettled_count(world.state(), world.member("m1"), house), 0u);
  EXPECT_EQ(world.owns("m0"), 900u);
}

TEST(Transfer, MovesMoneyBetweenAccounts) {
  MoneyWorld world;
  world.run("buyer", world.transfer(kTok, "m0", 1'000));
  EXPECT_EQ(world.stored("buyer", kTok), 0u);
  EXPECT_EQ(world.stored("m0", kTok), 1'000u);
  EXPECT_TRUE(world.state().accounts[world.account("buyer").value].balances.empty());
}

TEST(Transfer, IsRefusedForEachReason) {
  MoneyWorld world;
  const auto with = [&world](auto change) {
    Transfer transfer = world.transfer(kTok, "m0", 10);
    change(transfer);
    return world.code("buyer", transfer);
  };
  EXPECT_EQ(with([](Transfer& t) { t.amount = Amount{}; }), TxError::bad_value);
  EXPECT_EQ(with([](Transfer& t) { t.to = {}; }), TxError::bad_value);
  EXPECT_EQ(with([](Transfer& t) { t.to = test_address("buyer"); }), TxError::bad_value);
  EXPECT_EQ(with([](Transfer& t) { t.amount_text = "10 USDX"; }), TxError::bad_amount_text);
  EXPECT_EQ(with([](Transfer& t) { t.amount_text = "010 TOK"; }), TxError::bad_amount_text);
  EXPECT_EQ(with([](Transfer& t) { t.to = test_address("stranger"); }), TxError::no_account);
  EXPECT_EQ(with([](Transfer& t) { t.asset = AssetId{9}; }), TxError::no_such_asset);
  EXPECT_EQ(with([&](Transfer& t) { t = world.transfer(kTok, "m0", 1'001); }), TxError::insufficient_funds);
  EXPECT_EQ(with([&](Transfer& t) { t = world.transfer(kTok, "m0", 1'000); }), std::nullopt);
  world.mutable_state().accounts.edit(world.account("buyer").value).extra.edit().frozen_until =
      TimeMs{world.now().raw() + kHour};
  EXPECT_EQ(with([](Transfer&) {}), TxError::debit_frozen);
}

TEST(Transfer, GoesToNobodysOldAddress_3_1) {
  MoneyWorld world;
  const Transfer to_old = world.transfer(kTok, "m0", 10);
  world.run("m0", RotateKey{test_address("m0 anew"), {}});
  EXPECT_EQ(world.code("buyer", to_old), TxError::account_retired);
  EXPECT_EQ(world.code("buyer", world.transfer(kTok, "m0 anew", 10)), std::nullopt);
}

TEST(Transfer, FailedOnesTakeOnlyTheirNonce_1_4) {
  MoneyWorld world;
  const auto tx = world.sign("buyer", world.transfer(kTok, "m0", 1'001));
  const BlockResult result = world.block(std::span(&tx, 1));
  EXPECT_EQ(result.receipts.front().code, static_cast<u16>(TxError::insufficient_funds));
  EXPECT_EQ(world.state().accounts[world.account("buyer").value].next_nonce, 2u);
  EXPECT_EQ(world.stored("buyer", kTok), 1'000u);
}

TEST(Spend, PaysFromTheTreasuryToAnAddressItMayMake_3_1) {
  MoneyWorld world;
  world.pass(ProposalKind::spend,
             {Spend{.asset = kTok, .recipient = test_address("stranger"), .amount = Amount{500}},
              Spend{.asset = kTok, .recipient = test_address("m0"), .amount = Amount{1}}});
  EXPECT_EQ(world.stored("stranger", kTok), 500u);
  EXPECT_EQ(world.stored("m0", kTok), 1u);
  EXPECT_EQ(world.asset(kTok).treasury, Amount{999'000 - 501});
}

TEST(Spend, TakesTheTreasuryToTheLastUnit_5_10) {
  MoneyWorld world;
  world.pass(ProposalKind::spend,
             {Spend{.asset = kTok, .recipient = test_address("m0"), .amount = Amount{999'000}}});
  EXPECT_EQ(world.asset(kTok).treasury, Amount{0});
}

TEST(Spend, IsAllOrNothing_5_10) {
  MoneyWorld world;
  const ProposalId id = world.propose(
      ProposalKind::spend, {Spend{.asset = kTok, .recipient = test_address("m0"), .amount = Amount{998'999}},
                            Spend{.asset = kTok, .recipient = test_address("m1"), .amount = Amount{2}}});
  for (const char* voter : {"m0", "m1", "m2"}) world.vote(voter, id, Choice::in_favour);
  world.block();
  EXPECT_EQ(world.state().proposals[id.value].failure, static_cast<u16>(TxError::insufficient_funds));
  EXPECT_EQ(world.stored("m0", kTok), 0u);
  EXPECT_EQ(world.asset(kTok).treasury, Amount{999'000});
}

}  // namespace
}  // namespace moot::test
