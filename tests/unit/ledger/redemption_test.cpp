// Redemptions (rules.md §6.7), through whole blocks.
#include <gtest/gtest.h>

#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

// m0…m4 are owed 10'000, 20'000, …
class RedemptionTest : public ::testing::Test {
 protected:
  RedemptionTest() { world.paid_out(150'000); }
  RedemptionId request(std::string_view who, u128 amount) {
    return RedemptionId{world.run(who, world.redemption(amount)).detail};
  }
  [[nodiscard]] const Redemption& redemption(RedemptionId id) const {
    return world.state().redemptions[id.value];
  }
  [[nodiscard]] SettleRedemptions settle(std::vector<Settlement> items) const {
    return {.items = std::move(items), .expires = world.soon()};
  }
  MoneyWorld world;
};

TEST_F(RedemptionTest, LocksThenBurnsAgainstAReference_6_7) {
  const RedemptionId id = request("m0", 4'000);
  EXPECT_EQ(redemption(id).state, RedemptionState::open);
  EXPECT_EQ(world.stored("m0"), 6'000u);
  EXPECT_EQ(world.asset(kUsdx).locked, Amount{4'000});
  EXPECT_EQ(world.asset(kUsdx).supply, Amount{150'000});
  world.run("t0", settle({{id, true, "wire 1"}}));
  EXPECT_EQ(redemption(id).state, RedemptionState::paid);
  EXPECT_EQ(redemption(id).note, "wire 1");
  EXPECT_EQ(world.asset(kUsdx).locked, Amount{0});
  EXPECT_EQ(world.asset(kUsdx).supply, Amount{146'000});
}

TEST_F(RedemptionTest, GivesBackWithAReason_6_7) {
  const RedemptionId id = request("m0", 4'000);
  world.run("t0", settle({{id, false, "no such account"}}));
  EXPECT_EQ(redemption(id).state, RedemptionState::refunded);
  EXPECT_EQ(world.stored("m0"), 10'000u);
  EXPECT_EQ(world.asset(kUsdx).supply, Amount{150'000});
}

TEST_F(RedemptionTest, BadRecipientInASettlement) {
  const RedemptionId good = request("m0", 1'000);
  const RedemptionId done = request("m1", 1'000);
  world.run("t0", settle({{done, true, "wire 1"}}));
  const Receipt receipt = world.run("t0", settle({{done, true, "wire 2"},
                                                  {RedemptionId{99}, true, "wire 3"},
                                                  {good, true, "wire 1"},
                                                  {good, true, "wire 4"},
                                                  {good, false, "twice"}}));
  const auto skipped = [](u32 index, TxError code) { return SkippedItem{index, static_cast<u16>(code)}; };
  EXPECT_EQ(receipt.skipped,
            (std::vector<SkippedItem>{
                skipped(0, TxError::redemption_not_open), skipped(1, TxError::no_such_redemption),
                skipped(2, TxError::reference_used), skipped(4, TxError::redemption_not_open)}));
  EXPECT_EQ(receipt.detail, 1u);
  EXPECT_EQ(redemption(good).state, RedemptionState::paid);
  EXPECT_EQ(redemption(good).note, "wire 4");
}

TEST_F(RedemptionTest, ARequestIsRefusedForEachReason_6_7) {
  EXPECT_EQ(world.code("m0", world.redemption(999)), TxError::below_minimum);
  EXPECT_EQ(world.code("m0", world.redemption(1'000)), std::nullopt);
  EXPECT_EQ(world.code("m0", world.redemption(10'001)), TxError::insufficient_funds);
  EXPECT_EQ(world.code("m0", world.redemption(0)), TxError::bad_value);
  EXPECT_EQ(world.code("buyer", world.redemption(10, kTok)), TxError::not_redeemable);
  RequestRedemption request = world.redemption(1'000);
  request.asset = AssetId{9};
  EXPECT_EQ(world.code("m0", request), TxError::no_such_asset);
  request = world.redemption(1'000);
  request.amount_text = "1000 USDX";
  EXPECT_EQ(world.code("m0", request), TxError::bad_amount_text);
  request = world.redemption(1'000);
  request.destination = std::string(129, 'x');
  EXPECT_EQ(world.code("m0", request), TxError::text_too_long);
  request.destination = "";
  EXPECT_EQ(world.code("m0", request), TxError::bad_value);
}

TEST_F(RedemptionTest, OnlyPaymentsUseUpTheirReference_6_7) {
  const RedemptionId first = request("m0", 1'000);
  const RedemptionId second = request("m1", 1'000);
  const RedemptionId third = request("m2", 1'000);
  const Receipt receipt =
      world.run("t0", settle({{first, true, "wire 4"}, {second, false, "wire 4"}, {third, true, "wire 4"}}));
  EXPECT_EQ(redemption(first).state, RedemptionState::paid);
  EXPECT_EQ(redemption(second).state, RedemptionState::refunded) << "a reason may be any text";
  EXPECT_EQ(redemption(third).state, RedemptionState::open);
  EXPECT_EQ(receipt.skipped, (std::vector<SkippedItem>{{2, static_cast<u16>(TxError::reference_used)}}));
}

TEST_F(RedemptionTest, NothingIsLockedFromAFrozenAccount_3_9) {
  world.mutable_state().accounts.edit(world.account("m0").value).extra.edit().frozen_until =
      TimeMs{world.now().raw() + 5'000};
  EXPECT_EQ(world.code("m0", world.redemption(1'000), 4'999), TxError::debit_frozen);
  EXPECT_EQ(world.code("m0", world.redemption(1'000), 5'000), std::nullopt);
}

TEST_F(RedemptionTest, OneIsOpenAMemberAndAsset_6_7) {
  const RedemptionId first = request("m0", 1'000);
  EXPECT_EQ(world.code("m0", world.redemption(1'000)), TxError::redemption_already_open);
  State loaded = world.state();
  rebuild_derived(loaded);
  EXPECT_TRUE(loaded.open_redemptions.contains({world.account("m0").value, kUsdx.value}))
      << "rebuilt from records";
  world.run("t0", settle({{first, false, "no"}}));
  request("m0", 1'000);
}

TEST_F(RedemptionTest, ItsOwnerCancelsAfterTheTimeout_6_7) {
  const RedemptionId id = request("m0", 4'000);
  const u64 timeout = world.state().param(Param::redemption_timeout_ms);
  world.block(timeout - kSecond);
  EXPECT_EQ(world.code("m0", CancelRedemption{id}, kSecond - 1), TxError::timeout_not_reached);
  EXPECT_EQ(world.code("m1", CancelRedemption{id}), TxError::not_the_owner);
  EXPECT_EQ(world.code("m0", CancelRedemption{RedemptionId{99}}), TxError::no_such_redemption);
  world.run("m0", CancelRedemption{id}, kSecond);
  EXPECT_EQ(redemption(id).state, RedemptionState::canceled);
  EXPECT_EQ(world.stored("m0"), 10'000u);
  EXPECT_EQ(world.code("m0", CancelRedemption{id}), TxError::redemption_not_open);
}

TEST_F(RedemptionTest, AListIsCheckedAsAWhole_1_8) {
  EXPECT_EQ(world.code("t0", settle({})), TxError::empty_list);
  EXPECT_EQ(world.code("t0", settle(std::vector<Settlement>(501, {RedemptionId{0}, true, "x"}))),
            TxError::list_too_long);
  EXPECT_EQ(world.code("t0", settle({{RedemptionId{0}, true, ""}})), TxError::bad_value);
  EXPECT_EQ(world.code("t0", settle({{RedemptionId{0}, false, ""}})), TxError::bad_value);
  EXPECT_EQ(world.code("t0", settle({{RedemptionId{0}, true, "a\tb"}})), TxError::bad_text);
}

}  // namespace
}  // namespace moot::test
