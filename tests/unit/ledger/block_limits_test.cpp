// What one block can hold (rules.md 2.3): transactions, bytes, weight, the part kept for ballots, and each account's share.
#include <gtest/gtest.h>

#include "tests/unit/ledger/members_world.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::ledger {
namespace {

using test::LedgerWorld;

class BlockLimits : public testing::Test {
 protected:
  void limit(Param id, u64 value) { world_.mutable_state().rules.edit().parameters.set(id, value); }
  BlockExecution block() const { return {world_.state(), TimeMs{world_.now().raw() + 1'000}}; }
  // The smallest transaction that is no ballot.
  VerifiedTransaction small(std::string_view label) {
    const u64 next = world_.state().accounts[world_.account(label).value].next_nonce;
    return signed_at(label, next);
  }
  VerifiedTransaction signed_at(std::string_view label, u64 nonce) {
    return world_.sign(label, AdvanceNonce{.to = nonce + 1},
                       {.nonce = nonce, .valid_until = TimeMs{world_.now().raw() + 60'000}});
  }
  static TxError refusal(BlockExecution& block, const VerifiedTransaction& tx) {
    const auto added = block.add(tx);
    EXPECT_FALSE(added) << "it fits";
    if (added) return {};
    test::note_refusal(added.error().code);
    return added.error().code;
  }

  LedgerWorld world_;
};

TEST_F(BlockLimits, AnAccountHasSixteenPlacesAndOthersKeepTheirs_2_3) {
  ASSERT_EQ(world_.state().rules->parameters[Param::account_block_limit], 16u);
  BlockExecution block = this->block();
  const u64 first = world_.state().accounts[world_.account("m0").value].next_nonce;
  for (u64 i = 0; i < 16; ++i) ASSERT_TRUE(block.add(signed_at("m0", first + i))) << i;
  EXPECT_EQ(refusal(block, signed_at("m0", first + 16)), TxError::account_block_limit);
  EXPECT_EQ(block.transactions(), 16u);
  EXPECT_TRUE(block.add(small("m1")));
}

TEST_F(BlockLimits, BallotsDoNotCountForAnAccount_2_3) {
  const ProposalId proposal = world_.propose(ProposalKind::text, {});
  limit(Param::account_block_limit, 1);
  BlockExecution block = this->block();
  ASSERT_TRUE(block.add(small("m1")));
  EXPECT_TRUE(block.add(world_.ballot("m1", proposal, Choice::in_favour)));
}

TEST_F(BlockLimits, TransactionsAreCounted_2_3) {
  limit(Param::max_block_transactions, 2);
  BlockExecution block = this->block();
  ASSERT_TRUE(block.add(small("m0")));
  ASSERT_TRUE(block.add(small("m1")));
  EXPECT_EQ(refusal(block, small("m2")), TxError::block_full);
}

TEST_F(BlockLimits, BytesAreCountedToTheLast_2_3) {
  const VerifiedTransaction first = small("m0");
  const VerifiedTransaction second = small("m1");
  limit(Param::max_block_bytes, first.bytes + second.bytes);
  BlockExecution exact = block();
  ASSERT_TRUE(exact.add(first));
  EXPECT_TRUE(exact.add(second));
  limit(Param::max_block_bytes, first.bytes + second.bytes - 1);
  BlockExecution less = block();
  ASSERT_TRUE(less.add(first));
  EXPECT_EQ(refusal(less, second), TxError::block_full);
}

TEST_F(BlockLimits, HalfTheWeightIsOpenToBallotsOnly_2_3) {
  const ProposalId proposal = world_.propose(ProposalKind::text, {});
  limit(Param::max_block_weight, 4);
  BlockExecution block = this->block();
  ASSERT_TRUE(block.add(small("m0")));
  ASSERT_TRUE(block.add(small("m1")));
  EXPECT_EQ(refusal(block, small("m2")), TxError::block_full);
  EXPECT_TRUE(block.add(world_.ballot("m3", proposal, Choice::in_favour)));
  EXPECT_TRUE(block.add(world_.ballot("m4", proposal, Choice::in_favour)));
  EXPECT_EQ(refusal(block, world_.ballot("m2", proposal, Choice::in_favour)), TxError::block_full);
}

TEST_F(BlockLimits, BallotsLeaveTheOtherHalfAlone_2_3) {
  const ProposalId proposal = world_.propose(ProposalKind::text, {});
  limit(Param::max_block_weight, 4);
  BlockExecution block = this->block();
  ASSERT_TRUE(block.add(world_.ballot("m3", proposal, Choice::in_favour)));
  ASSERT_TRUE(block.add(world_.ballot("m4", proposal, Choice::in_favour)));
  EXPECT_TRUE(block.add(small("m0")));
  EXPECT_TRUE(block.add(small("m1")));
}

// Weight that shows only in the execution.
class HiddenWeight : public testing::Test {
 protected:
  template <class World>
  static BlockExecution block(World& world, u64 weight) {
    auto& parameters = world.mutable_state().rules.edit().parameters;
    parameters.set(Param::ballot_share_ppm, 0);
    parameters.set(Param::max_block_weight, weight);
    return {world.state(), TimeMs{world.now().raw() + 1'000}};
  }
};

TEST_F(HiddenWeight, EachPayoutSettledWeighsOne_2_3) {
  test::MoneyWorld world;
  for (int i = 0; i < 3; ++i) world.paid_out(1'500);
  const auto settle = world.sign("m0", Settle{.member = world.member("m0"), .share_class = test::kData});
  EXPECT_TRUE(block(world, 4).add(settle));
  BlockExecution full = block(world, 3);
  const auto refused = full.add(settle);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, TxError::block_full);
  EXPECT_TRUE(full.events().empty());
  EXPECT_EQ(full.state().accounts[world.account("m0").value].next_nonce, settle.tx.nonce)
      << "nothing has changed (1.3)";
  Settle part = std::get<Settle>(settle.tx.payload);
  part.limit = 2;
  EXPECT_TRUE(full.add(world.sign("m0", part))) << "a lighter one still fits";
  const BlockResult result = full.finish();
  EXPECT_TRUE(result.breaches.empty());
  EXPECT_EQ(result.receipts.size(), 1u);

  BlockExecution two = block(world, 5);
  ASSERT_TRUE(two.add(settle));
  EXPECT_TRUE(two.add(world.sign("m1", AdvanceNonce{2})));
  EXPECT_FALSE(two.add(world.sign("m2", AdvanceNonce{2}))) << "what was settled counts for those after it";
}

TEST_F(HiddenWeight, AnApprovalWeighsTheListThatItSetsGoing_2_3) {
  Genesis genesis = test::test_genesis();
  genesis.roles[Role::registrar].threshold = 2;
  test::MembersWorld world(genesis);
  const auto admission = world.admission({world.entry("n0"), world.entry("n1"), world.entry("n2")});
  const u64 action = world.run("r0", admission).detail;
  const auto approval = world.sign("r1", world.approval(action));
  EXPECT_EQ(weight(approval.tx.payload), 1u);
  EXPECT_TRUE(block(world, 4).add(approval));
  BlockExecution full = block(world, 3);
  const auto refused = full.add(approval);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, TxError::block_full);
  EXPECT_EQ(full.state().members.size(), 5u);
  EXPECT_EQ(full.state().actions->list.size(), 1u);
  EXPECT_EQ(full.finish().roots.state_root, block(world, 3).finish().roots.state_root);
}

TEST_F(HiddenWeight, AnApprovalThatSetsNothingGoingWeighsOne_2_3) {
  Genesis genesis = test::test_genesis();
  genesis.roles[Role::registrar].holders.push_back(
      {.address = test::test_address("r2"), .expires = {}, .validator_key = {}, .comet_key = {}});
  genesis.roles[Role::registrar].threshold = 3;
  test::MembersWorld world(genesis);
  const u64 action = world.run("r0", world.admission({world.entry("n0"), world.entry("n1")})).detail;
  EXPECT_TRUE(block(world, 1).add(world.sign("r1", world.approval(action))));
}

TEST_F(HiddenWeight, WhatAFailedExecutionSettledIsTakenBackWithItsWeight_2_3) {
  test::MoneyWorld world;
  world.paid_out(1'500);
  const MemberAction expel{.member = world.member("m4"), .expel = true, .suspension = {}};
  const ProposalId id = world.propose(ProposalKind::membership, {expel, expel});
  for (const char* voter : {"m0", "m1", "m2"}) world.vote(voter, id, Choice::in_favour);
  world.block();
  ASSERT_EQ(world.state().proposals[id.value].failure, static_cast<u16>(TxError::not_active))
      << "nobody is expelled twice";
  BlockExecution execution = block(world, 1);
  const auto receipt = execution.add(world.sign("m1", Execute{id}));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->detail, static_cast<u64>(TxError::not_active));
}

}  // namespace
}  // namespace moot::ledger
