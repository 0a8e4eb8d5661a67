// What one block can hold (rules.md 2.3): transactions, bytes, weight, the part kept for ballots, and each account's share.
#include <gtest/gtest.h>

#include "ledger/apply.hpp"
#include "tests/support/ledger_world.hpp"

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
    return added ? TxError{} : added.error().code;
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

}  // namespace
}  // namespace moot::ledger
