// The treasury's side: a sale from its proposal to balances, as clients see it.
#include "node/api/convert.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

using grpc::StatusCode;
using ledger::Choice;

class MoneyTest : public ApiTest {
 protected:
  // Sale 0 of class 0 for 100…2,000 units of TOK, 10 % of it for the treasury; decided by m0…m4.
  void authorise() {
    const ProposalId id =
        node.propose(ledger::ProposalKind::sale, {ledger::SaleTerms{.share_class = ClassId{0},
                                                                    .buyer = test_address("buyer"),
                                                                    .asset = AssetId{0},
                                                                    .min_price = Amount{100},
                                                                    .max_price = Amount{2'000},
                                                                    .terms_hash = {},
                                                                    .reserve = Ppm{100'000},
                                                                    .funding = DurationMs{kDay}}});
    std::vector<ledger::VerifiedTransaction> ballots;
    for (const char* label : {"m0", "m1", "m2", "m3", "m4"})
      ballots.push_back(node.world().ballot(label, id, Choice::in_favour));
    node.commit(ballots);
    node.commit(2 * kHour);
    ASSERT_EQ(node.world().state().sales.size(), 1u);
  }

  // 1,001 base units arrive outside; two treasurers say so.
  void fund() {
    const TimeMs expires{node.world().now().raw() + kHour};
    const ledger::RecordProceeds proceeds{.sale = SaleId{0},
                                          .amount = Amount{1'001},
                                          .amount_text = "0.001001 USDX",
                                          .reference = "bank 1",
                                          .expires = expires};
    node.run("t0", proceeds);
    pending_action();
    node.run("t1", ledger::ApproveAction{node.world().state().actions->list.at(0).id,
                                         node.world().state().actions->list.at(0).key, expires});
  }

  void pending_action() {
    const auto actions = MOOT_CALL(governance, ListActions, pb::ListActionsRequest{});
    ASSERT_EQ(actions.actions_size(), 1);
    EXPECT_EQ(actions.actions(0).tx_name(), "RecordProceeds");
    EXPECT_EQ(actions.actions(0).payload().record_proceeds().amount(), "1001");
    EXPECT_EQ(actions.actions(0).needed(), 2u);
    EXPECT_EQ(actions.actions(0).counting(), 1u);
  }

  pb::PreviewPayoutResponse preview(const std::string& suppose = {}) {
    pb::PreviewPayoutRequest request;
    request.set_suppose_proceeds(suppose);
    return MOOT_CALL(treasury, PreviewPayout, request);
  }

  // The payout falls due a second later.
  void approve(const std::string& digest) {
    const TimeMs expires{node.world().now().raw() + kHour};
    const ledger::ApprovePayout approval{.payout = SaleId{0},
                                         .payout_digest = *node::api::fixed_from<Hash>(digest),
                                         .total = Amount{1'001},
                                         .total_text = "0.001001 USDX",
                                         .expires = expires};
    node.run("t0", approval);
    node.run("t2", ledger::ApproveAction{node.world().state().actions->list.at(0).id,
                                         node.world().state().actions->list.at(0).key, expires});
  }

  void pay_out(const std::string& digest) {
    approve(digest);
    node.commit(2 * kSecond);
    ASSERT_EQ(node.world().state().sales[0].state, ledger::SaleState::paid_out);
  }
};

TEST_F(MoneyTest, APreviewIsWhatIsPaid) {
  authorise();
  preview();
  EXPECT_EQ(last.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(reason_of(last), "NOT_FUNDED");
  const auto supposed = preview("1001");
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(supposed.payout().digest(), "") << "nothing to approve before the money is there";
  EXPECT_TRUE(preview("4").draw()) << "four base units for five members";
  EXPECT_FALSE(preview("5").draw()) << "one for each, though they hold 150 units";
  preview("ten");
  EXPECT_EQ(reason_of(last), "FIELD_INVALID");

  fund();
  const auto funded = preview();
  ASSERT_TRUE(last.ok()) << last.error_message();
  EXPECT_EQ(funded.payout().amount().amount(), "901") << "1,001 less the treasury's 100";
  EXPECT_EQ(funded.sum().amount(), "901");
  EXPECT_EQ(funded.members(), 5u);
  EXPECT_EQ(funded.smallest().amount(), "60");
  EXPECT_EQ(funded.largest().amount(), "301") << "the unit left over goes to the largest remainder";
  u64 sum = 0;
  for (const auto& share : funded.shares()) sum += std::stoull(share.amount().amount());
  EXPECT_EQ(sum, 901u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(funded.shares(i).amount().text(), supposed.shares(i).amount().text());
  preview("1000");
  EXPECT_EQ(reason_of(last), "FIELD_INVALID") << "a funded sale's proceeds are known";

  pay_out(funded.payout().digest());
  pb::GetPayoutRequest payout;
  EXPECT_EQ(MOOT_CALL(treasury, GetPayout, payout).payout().digest(), funded.payout().digest());
  EXPECT_EQ(preview().payout().digest(), funded.payout().digest());
  pb::GetSaleRequest sale;
  EXPECT_EQ(MOOT_CALL(treasury, GetSale, sale).sale().state(), pb::SALE_STATE_PAID_OUT);
  for (const auto& share : funded.shares()) {
    pb::GetEntitlementRequest request;
    request.mutable_member()->set_member(share.member());
    const auto entitlement = MOOT_CALL(treasury, GetEntitlement, request);
    EXPECT_EQ(entitlement.share().amount().amount(), share.amount().amount());
    EXPECT_EQ(entitlement.share().extra(), share.extra());
    EXPECT_FALSE(entitlement.settled());
  }
}

TEST_F(MoneyTest, ASimulationTakesAPayoutThatIsReadyAsItIs) {
  authorise();
  fund();
  approve(preview().payout().digest());
  node.commit(kSecond - 1);  // so that a block a millisecond later begins by paying
  const ledger::Settle settle{.member = node.world().member("m4"), .share_class = ClassId{0}, .limit = 0};
  pb::SimulateRequest request;
  request.mutable_transaction()->set_envelope(
      text_of(ledger::encode_transaction(node.world().sign("m4", settle).tx)));
  EXPECT_TRUE(MOOT_CALL(txs, Simulate, request).would_be_done());
  ledger::PreparedPayouts of_nothing;
  of_nothing.by_sale.emplace(0, ledger::PayoutRecord{});
  node.set_payouts(of_nothing);
  EXPECT_EQ(MOOT_CALL(txs, Simulate, request).reason(), "NOTHING_TO_SETTLE");
}

TEST_F(MoneyTest, ABalanceTellsStoredEntitledAndLockedApart) {
  authorise();
  fund();
  pay_out(preview().payout().digest());
  pb::GetBalanceRequest request;
  request.set_address(text_of(test_address("m4").view()));
  const auto before = MOOT_CALL(treasury, GetBalance, request);
  ASSERT_EQ(before.balances_size(), 1);
  EXPECT_EQ(before.balances(0).stored().amount(), "0");
  EXPECT_EQ(before.balances(0).spendable().text(), before.balances(0).entitled().text());
  EXPECT_EQ(before.balances(0).unsettled_payouts(), 1u);
  const u64 entitled = std::stoull(before.balances(0).entitled().amount());
  EXPECT_EQ(entitled, 301u);

  node.run("m4", ledger::Settle{.member = node.world().member("m4"), .share_class = ClassId{0}, .limit = 0});
  const auto settled = MOOT_CALL(treasury, GetBalance, request);
  EXPECT_EQ(settled.balances(0).stored().amount(), std::to_string(entitled));
  EXPECT_EQ(settled.balances(0).entitled().amount(), "0");
  request.set_member(99);
  MOOT_CALL(treasury, GetBalance, request);
  EXPECT_EQ(last.error_code(), StatusCode::NOT_FOUND);
  pb::GetAssetRequest asset;
  asset.set_symbol("USDX");
  const auto usdx = MOOT_CALL(treasury, GetAsset, asset).asset();
  EXPECT_EQ(usdx.supply(), "1001");
  EXPECT_EQ(usdx.treasury(), "100");
  EXPECT_EQ(usdx.stored(), std::to_string(entitled));
}

}  // namespace
}  // namespace moot::test
