// What the builder puts into a block, and what becomes of the rest (rules.md 2.4, 2.5).
#include "node/machine/block_builder.hpp"

#include <gtest/gtest.h>

#include "tests/unit/ledger/money_world.hpp"

namespace moot::node {
namespace {

using namespace ledger;
using test::kTok;
using test::MoneyWorld;

constexpr unsigned kOwners = 40;  // accounts "o0" … with a little of asset 2
const AssetId kCoin{2};

Genesis genesis_with_owners() {
  Genesis genesis = test::money_genesis();
  genesis.assets.push_back({.symbol = "COIN",
                            .decimals = 0,
                            .kind = AssetKind::fixed,
                            .supply = Amount{1'000},
                            .minimum_redemption = {}});
  for (unsigned i = 0; i < kOwners; ++i)
    genesis.accounts.push_back(
        {.address = test::test_address("o" + std::to_string(i)), .balances = {{kCoin, Amount{10}}}});
  return genesis;
}

class BlockBuilder : public testing::Test {
 protected:
  // One unit too many in the books of TOK: of whoever touches an account that has some, the law of money finds it.
  void break_the_books() {
    world_.mutable_state().assets.edit(kTok.value).supply = Amount{1'000'001};
    state_root(world_.mutable_state());
  }
  std::shared_ptr<const VerifiedTransaction> offer(VerifiedTransaction signed_tx) {
    auto tx = std::make_shared<const VerifiedTransaction>(std::move(signed_tx));
    EXPECT_EQ(add(tx).added, Mempool::Added::accepted);
    return tx;
  }
  Mempool::Outcome add(const std::shared_ptr<const VerifiedTransaction>& tx) {
    return mempool_.add({tx, encode_transaction(tx->tx)}, world_.state(), world_.now());
  }
  TxId harmless(std::string_view label) { return offer(world_.sign(label, AdvanceNonce{3}))->id; }
  // The buyer, who gets a coin, has TOK.
  VerifiedTransaction breaker(std::string_view label) {
    return world_.sign(label, world_.transfer(kCoin, "buyer", 1));
  }
  std::expected<std::optional<ExecutedBlock>, BrokenDueWork> build(u64 step_ms = test::kSecond) {
    Logger log(LogLevel::info, nullptr, [this](LogLevel, std::string_view line) { said_.append(line); });
    return build_block(world_.state(), TimeMs{world_.now().raw() + step_ms}, mempool_, {}, log);
  }
  // The ids in the block that comes of it; it must break nothing.
  std::set<TxId> included_in(const std::expected<std::optional<ExecutedBlock>, BrokenDueWork>& built) {
    std::set<TxId> ids;
    if (!built || !*built) return ids;
    EXPECT_TRUE((*built)->result.breaches.empty());
    for (const Receipt& receipt : (*built)->result.receipts) ids.insert(receipt.id);
    EXPECT_EQ((*built)->envelopes.size(), ids.size());
    return ids;
  }

  MoneyWorld world_{genesis_with_owners()};
  Mempool mempool_;
  std::string said_;
};

TEST_F(BlockBuilder, LeavesOutWhatWouldBreakALawAndSaysSo_2_5) {
  break_the_books();
  const TxId good = harmless("m0");
  const auto bad = offer(breaker("o0"));
  const TxId better = harmless("m1");
  EXPECT_EQ(included_in(build()), (std::set{good, better}));
  EXPECT_NE(said_.find("law=money"), std::string::npos) << said_;
  EXPECT_NE(said_.find(to_hex(bad->id.view())), std::string::npos) << said_;
}

TEST_F(BlockBuilder, WhatWasLeftOutHasAReasonAndIsNotTakenAgain_2_5) {
  break_the_books();
  const auto bad = offer(breaker("o0"));
  const auto built = build();
  ASSERT_TRUE(built.has_value());
  EXPECT_FALSE(built->has_value()) << "nothing is left to make a block of";
  EXPECT_FALSE(mempool_.is_pending(bad->id));
  EXPECT_EQ(mempool_.status().transactions, 0u);
  ASSERT_TRUE(mempool_.drop_reason(bad->id).has_value());
  EXPECT_EQ(mempool_.drop_reason(bad->id)->code, TxError::breaks_a_law);
  const auto again = add(bad);
  EXPECT_EQ(again.added, Mempool::Added::refused);
  EXPECT_EQ(again.refusal.code, TxError::breaks_a_law);
}

TEST_F(BlockBuilder, SuccessorsOfWhatWasLeftOutWaitForAnotherOfItsNonce_2_5) {
  break_the_books();
  const TimeMs soon{world_.now().raw() + test::kHour};
  offer(breaker("o0"));
  const auto second = offer(world_.sign("o0", AdvanceNonce{4}, {.nonce = 2, .valid_until = soon}));
  const TxId good = harmless("m4");
  EXPECT_EQ(included_in(build()), std::set{good});
  EXPECT_TRUE(mempool_.is_pending(second->id));
  EXPECT_FALSE(mempool_.drop_reason(second->id).has_value());

  const auto first = offer(world_.sign("o0", AdvanceNonce{2}, {.nonce = 1, .valid_until = soon}));
  EXPECT_EQ(included_in(build()), (std::set{first->id, second->id}));
}

TEST_F(BlockBuilder, SearchesOutSoManyABlockAndTheRestWaits_2_5) {
  break_the_books();
  std::vector<TxId> bad;
  std::set<TxId> good;
  for (unsigned i = 0; i < kOwners; i += 2) {
    bad.push_back(offer(breaker("o" + std::to_string(i)))->id);
    good.insert(harmless("o" + std::to_string(i + 1)));
  }
  std::set<TxId> included = included_in(build());
  const auto left_out = [&] {
    return std::ranges::count_if(bad, [&](const TxId& id) { return mempool_.drop_reason(id).has_value(); });
  };
  EXPECT_EQ(left_out(), 16);
  EXPECT_EQ(mempool_.status().transactions, kOwners - 16 - included.size());
  included.merge(included_in(build()));
  EXPECT_EQ(left_out(), kOwners / 2);
  EXPECT_EQ(included, good);
  EXPECT_TRUE(mempool_.empty());
}

TEST_F(BlockBuilder, DueWorkThatBreaksALawIsAResultAndNobodyIsBlamed_2_5) {
  const SaleId sale = world_.authorise(MoneyWorld::terms(kTok, 500, 900));
  world_.run("buyer", world_.payment(sale, 300));
  break_the_books();
  const TxId waiting = harmless("m0");
  EXPECT_EQ(included_in(build()), std::set{waiting}) << "nothing is due yet";
  mempool_.prune(world_.state(), world_.now());
  const TxId another = harmless("m1");

  const auto built = build(test::kDay);  // the sale expires, and the buyer's money goes back
  ASSERT_FALSE(built.has_value());
  ASSERT_FALSE(built.error().breaches.empty());
  EXPECT_EQ(built.error().breaches.front().law, "money");
  EXPECT_TRUE(mempool_.is_pending(another));
  EXPECT_EQ(mempool_.status().transactions, 1u);
  EXPECT_EQ(included_in(build()), std::set{another}) << "it still waits where nothing is due";
  EXPECT_EQ(said_, "");
}

TEST_F(BlockBuilder, RulesThatAreNotKnownHereEndTheBuilding_2_4) {
  const TimeMs when{world_.now().raw() + test::kHour};
  world_.pass(ProposalKind::upgrade, {RulesUpgrade{.version = 2, .activates = when}});
  const TxId waiting = harmless("m0");
  const auto built = build(test::kDay);
  ASSERT_FALSE(built.has_value());
  EXPECT_EQ(built.error().breaches.front().law, "rules");
  EXPECT_TRUE(mempool_.is_pending(waiting));
}

}  // namespace
}  // namespace moot::node
