// Sales from authorisation to funding or to their end (rules.md §6.2), through whole blocks.
#include <gtest/gtest.h>

#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

TEST(Sale, IsAuthorisedByAPassedProposal_6_2) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kUsdx, 100, 200, 50'000));
  const Sale& sale = world.sale(id);
  EXPECT_EQ(sale.state, SaleState::authorised);
  EXPECT_EQ(sale.buyer, world.account("buyer"));
  EXPECT_EQ(sale.record_height, world.state().proposals[sale.proposal.value].record_height);
  EXPECT_EQ(sale.authorised, world.now());
  EXPECT_EQ(sale.funding_deadline.raw(), world.now().raw() + kDay);
}

TEST(Sale, MakesAnAccountForABuyerWithoutOne_3_1) {
  MoneyWorld world;
  SaleTerms terms = world.terms(kUsdx, 100, 200);
  terms.buyer = test_address("stranger");
  ASSERT_FALSE(world.state().account_of(terms.buyer));
  const SaleId id = world.authorise(terms);
  EXPECT_EQ(world.state().account_of(terms.buyer), world.sale(id).buyer);
}

TEST(Sale, IsFundedExactlyFromItsLeastPriceOn_6_2) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kUsdx, 100, 200, 50'000));
  world.run("t0", world.proceeds(id, 99));
  EXPECT_EQ(world.sale(id).state, SaleState::authorised);
  EXPECT_EQ(world.asset(kUsdx).escrow, Amount{99});
  EXPECT_EQ(world.code("t0", world.proceeds(id, 102)), TxError::above_maximum_price);
  world.run("t0", world.proceeds(id, 1));
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
  EXPECT_EQ(world.sale(id).funded_at, world.now());
  EXPECT_EQ(world.sale(id).proceeds(), Amount{100});
  EXPECT_EQ(world.sale(id).reserve, Amount{5});
  EXPECT_EQ(world.asset(kUsdx).supply, Amount{100});
  EXPECT_EQ(world.code("t0", world.proceeds(id, 1)), TxError::sale_not_authorised) << "closed once funded";
}

TEST(Sale, TakesUpToItsHighestPrice_6_2) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kUsdx, 100, 200));
  EXPECT_EQ(world.code("t0", world.proceeds(id, 201)), TxError::above_maximum_price);
  world.run("t0", world.proceeds(id, 200));
  EXPECT_EQ(world.sale(id).proceeds(), Amount{200});
}

TEST(Sale, ExpiresAtItsDeadlineAndGivesEverythingBack_6_2) {
  MoneyWorld world;
  const SaleId tok = world.authorise(world.terms(kTok, 500, 900));
  world.run("buyer", world.payment(tok, 499));
  const SaleId usdx = world.authorise(world.terms(kUsdx, 500, 900));
  world.run("t0", world.proceeds(usdx, 300));
  EXPECT_EQ(world.stored("buyer", kTok), 501u);
  EXPECT_EQ(world.asset(kTok).escrow, Amount{499});

  const u64 deadline = world.sale(tok).funding_deadline.raw();
  world.block(deadline - 1 - world.now().raw());
  EXPECT_EQ(world.sale(tok).state, SaleState::authorised);
  world.block(1);
  EXPECT_EQ(world.sale(tok).state, SaleState::expired);
  EXPECT_EQ(world.stored("buyer", kTok), 1'000u);
  EXPECT_EQ(world.asset(kTok).escrow, Amount{0});
  EXPECT_EQ(world.asset(kTok).supply, Amount{1'000'000});

  world.block(kDay);
  EXPECT_EQ(world.sale(usdx).state, SaleState::expired);
  EXPECT_EQ(world.asset(kUsdx).supply, Amount{0});
  EXPECT_EQ(world.code("buyer", world.payment(tok, 1)), TxError::sale_not_authorised);
}

TEST(Sale, IsCanceledByProposalBeforeItIsFunded_6_2) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kTok, 500, 900));
  world.run("buyer", world.payment(id, 100));
  world.pass(ProposalKind::cancel_sale, {SaleCancellation{id}});
  EXPECT_EQ(world.sale(id).state, SaleState::canceled);
  EXPECT_EQ(world.stored("buyer", kTok), 1'000u);
}

TEST(Sale, CannotBeCanceledOnceFunded_6_2) {
  MoneyWorld world;
  const SaleId id = world.funded(100);
  const ProposalId cancel = world.propose(ProposalKind::cancel_sale, {SaleCancellation{id}});
  for (const char* voter : {"m0", "m1", "m2"}) world.vote(voter, cancel, Choice::in_favour);
  world.block();
  EXPECT_EQ(world.state().proposals[cancel.value].failure, static_cast<u16>(TxError::sale_not_authorised));
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
}

TEST(RecordProceeds, IsRefusedForEachReason_6_2) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kUsdx, 100, 200));
  const SaleId tok = world.authorise(world.terms(kTok, 100, 200));
  world.run("t0", world.proceeds(id, 10, "wire A"));

  RecordProceeds none = world.proceeds(id, 1);
  none.amount = Amount{};
  EXPECT_EQ(world.code("t0", none), TxError::bad_value);
  RecordProceeds text = world.proceeds(id, 11);
  text.amount = Amount{12};
  EXPECT_EQ(world.code("t0", text), TxError::bad_amount_text);
  RecordProceeds nowhere = world.proceeds(id, 11);
  nowhere.sale = SaleId{99};
  EXPECT_EQ(world.code("t0", nowhere), TxError::no_such_sale);
  EXPECT_EQ(world.code("t0", world.proceeds(tok, 11)), TxError::wrong_kind) << "a fixed supply never rises";
  EXPECT_EQ(world.code("t0", world.proceeds(id, 11, "wire A")), TxError::reference_used);
  EXPECT_EQ(world.code("t0", world.proceeds(id, 11, "wire\nB")), TxError::bad_text);
  EXPECT_EQ(world.code("t0", world.proceeds(id, 11, std::string(129, 'x'))), TxError::text_too_long);
  EXPECT_EQ(world.code("t0", world.proceeds(id, 11, "wire B")), std::nullopt);
}

TEST(RecordProceeds, NeverPassesWhatASupplyCanBe_6_1) {
  MoneyWorld world;
  const SaleId first = world.authorise(world.terms(kUsdx, 1, kMaxU128));
  world.run("t0", world.proceeds(first, kMaxU128 - 5));
  const SaleId second = world.authorise(world.terms(kUsdx, 1, kMaxU128));
  EXPECT_EQ(world.code("t0", world.proceeds(second, 6)), TxError::overflow);
  world.run("t0", world.proceeds(second, 5));
  EXPECT_EQ(world.asset(kUsdx).supply, Amount{kMaxU128});
}

TEST(PaySale, IsTheBuyersOwnMoney_6_2) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kTok, 600, 2'000));
  EXPECT_EQ(world.code("m0", world.payment(id, 10)), TxError::not_the_buyer);
  EXPECT_EQ(world.code("buyer", world.payment(id, 1'001)), TxError::insufficient_funds);
  EXPECT_EQ(world.code("buyer", world.payment(SaleId{id.value}, 0)), TxError::bad_value);
  PaySale text = world.payment(id, 10);
  text.amount_text = "10.0 TOK";
  EXPECT_EQ(world.code("buyer", text), TxError::bad_amount_text);
  world.run("buyer", world.payment(id, 1'000));
  EXPECT_EQ(world.sale(id).state, SaleState::funded);
  EXPECT_EQ(world.sale(id).paid, Amount{1'000});
  EXPECT_EQ(world.stored("buyer", kTok), 0u);
}

TEST(PaySale, StopsAtTheHighestPriceAndWhileTheAccountIsFrozen_3_9) {
  MoneyWorld world;
  const SaleId id = world.authorise(world.terms(kTok, 600, 700));
  EXPECT_EQ(world.code("buyer", world.payment(id, 701)), TxError::above_maximum_price);
  world.mutable_state().accounts.edit(world.account("buyer").value).extra.edit().frozen_until =
      TimeMs{world.now().raw() + 5'000};
  EXPECT_EQ(world.code("buyer", world.payment(id, 700), 4'999), TxError::debit_frozen);
  EXPECT_EQ(world.code("buyer", world.payment(id, 700), 5'000), std::nullopt);
}

TEST(SaleTerms, AreCheckedWhenTheyAreProposed) {
  MoneyWorld world;
  const auto propose = [&world](auto change) {
    SaleTerms terms = world.terms(kUsdx, 100, 200);
    change(terms);
    return world.code("m0",
                      Propose{.title = "A sale", .body = {}, .kind = ProposalKind::sale, .actions = {terms}});
  };
  EXPECT_EQ(propose([](SaleTerms&) {}), std::nullopt);
  EXPECT_EQ(propose([](SaleTerms& t) { t.min_price = Amount{0}; }), TxError::bad_value);
  EXPECT_EQ(propose([](SaleTerms& t) { t.max_price = Amount{99}; }), TxError::bad_value);
  EXPECT_EQ(propose([](SaleTerms& t) { t.reserve = Ppm{1'000'001}; }), TxError::bad_value);
  EXPECT_EQ(propose([](SaleTerms& t) { t.funding = DurationMs{}; }), TxError::bad_value);
  EXPECT_EQ(propose([](SaleTerms& t) { t.buyer = {}; }), TxError::bad_value);
  EXPECT_EQ(propose([](SaleTerms& t) { t.share_class = ClassId{9}; }), TxError::no_such_class);
  EXPECT_EQ(propose([](SaleTerms& t) { t.asset = AssetId{9}; }), TxError::no_such_asset);
  EXPECT_EQ(propose([](SaleTerms& t) { t.share_class = ClassId{1}; }), TxError::electorate_empty)
      << "nobody holds it";
}

}  // namespace
}  // namespace moot::test
