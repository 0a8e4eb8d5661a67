// What may stand in a block, and who is behind it (rules.md 1.2, 1.3, 1.4, 1.7): refused ones leave no trace, nothing runs twice,
// and attacks on the envelope come to nothing.
#include <gtest/gtest.h>

#include "tests/unit/ledger/members_world.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

StateRoot root_of_block(const LedgerWorld& world, std::span<const VerifiedTransaction> txs) {
  BlockExecution execution(world.state(), TimeMs{world.now().raw() + kSecond});
  for (const VerifiedTransaction& tx : txs) (void)execution.add(tx);
  return execution.finish().roots.state_root;
}

TEST(Includable, WhatIsRefusedLeavesNoTrace_1_3) {
  MembersWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const TimeMs soon = world.in(kHour);
  const std::vector refused{
      world.sign("m0", AdvanceNonce{9}, {.nonce = 77, .valid_until = soon}),
      world.sign("m0", AdvanceNonce{9}, {.nonce = 0, .valid_until = soon}),
      world.sign("stranger", Leave{}, {.nonce = 1, .valid_until = soon}),
      world.sign("m1", Leave{}, {.nonce = 1, .valid_until = world.now()}),
      world.sign("x0", world.invited("code", "m0"), {.nonce = 1, .valid_until = soon}),
      world.ballot("buyer", id, Choice::in_favour),
      world.ballot("m1", ProposalId{0}, Choice::veto),
  };
  for (const VerifiedTransaction& tx : refused) {
    BlockExecution execution(world.state(), world.in(kSecond));
    EXPECT_FALSE(execution.add(tx)) << word(tx.tx.kind());
    EXPECT_EQ(execution.transactions(), 0u);
    EXPECT_TRUE(execution.events().empty());
  }
  EXPECT_EQ(root_of_block(world, refused), root_of_block(world, {}));
}

TEST(Includable, OneIdIsNotIncludableTwice_1_3) {
  Genesis genesis = test_genesis();
  for (Policy& policy : genesis.rules.policies) {
    policy.vote_change = true;
    policy.max_changes = 255;
  }
  MembersWorld world(genesis);
  const ProposalId id = world.propose(ProposalKind::text, {});
  const std::vector txs{
      world.ballot("m1", id, Choice::in_favour),
      world.sign("x0", world.invited("code"), {.nonce = 1, .valid_until = {}}),
      world.sign("m2", SetDelegate{test_address("m2")}),  // fails, and is on the ledger all the same (1.4)
      world.sign("m3", Leave{}),
  };
  BlockExecution execution(world.state(), world.in(kSecond));
  for (const VerifiedTransaction& tx : txs) ASSERT_TRUE(execution.add(tx));
  const std::vector again{TxError::ballot_nonce_stale, TxError::invite_used, TxError::nonce_stale,
                          TxError::nonce_stale};
  for (std::size_t i = 0; i < txs.size(); ++i) {
    const auto second = execution.add(txs[i]);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, again[i]);
  }
  world.block(txs);
  for (std::size_t i = 0; i < txs.size(); ++i) EXPECT_EQ(world.code(txs[i]), again[i]) << "in a later block";
}

TEST(Includable, ABallotDoesNotRunAgainAfterItsVoteHasEnded_1_4) {
  MembersWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const VerifiedTransaction ballot = world.ballot("m1", id, Choice::in_favour);
  world.block(std::span(&ballot, 1));
  world.wait(kHour);
  EXPECT_EQ(world.code(ballot), TxError::voting_closed);
}

TEST(Attack, ASignatureSwappedUnderAKnownDigestIsAnotherEnvelope_1_2) {
  MembersWorld world;
  const VerifiedTransaction known = world.sign("m1", Leave{});
  Transaction swapped = known.tx;
  swapped.signature = world.sign("m2", Leave{}).tx.signature;
  const auto carried = trust_transaction(world.signing(), encode_transaction(swapped));
  ASSERT_TRUE(carried);
  EXPECT_EQ(carried->id, known.id) << "the digest does not cover it";
  EXPECT_NE(carried->witness, known.witness) << "what was verified is another envelope";
  EXPECT_NE(tx_root(std::vector{carried->witness}), tx_root(std::vector{known.witness}));
  EXPECT_NE(world.at_the_door(*carried), std::nullopt);
}

TEST(Attack, ABallotReplayedInAnotherProposalIsNotByItsVoter_5_12) {
  MembersWorld world;
  const ProposalId first = world.propose(ProposalKind::text, {}, "m0");
  const ProposalId second = world.propose(ProposalKind::text, {}, "m1");
  const VerifiedTransaction ballot = world.ballot("m2", first, Choice::in_favour);
  const auto moved = [&](auto change) {
    VerifiedTransaction out = ballot;
    change(std::get<Vote>(out.tx.payload));
    return out;
  };
  const auto elsewhere = moved([&](Vote& vote) { vote.proposal = second; });
  EXPECT_EQ(world.at_the_door(elsewhere), TxError::signer_mismatch);
  EXPECT_EQ(world.code(elsewhere), TxError::wrong_proposal_hash) << "even with a signature that passed";
  const auto with_its_hash = moved([&](Vote& vote) {
    vote.proposal = second;
    vote.proposal_hash = world.state().proposals[second.value].hash;
  });
  EXPECT_EQ(world.at_the_door(with_its_hash), TxError::signer_mismatch);
  EXPECT_EQ(world.code(ballot), std::nullopt);
}

TEST(Attack, TheHighSTwinOfASignatureIsNoSecondEnvelope_1_1) {
  // n − s for s, of the group's order n, with the other recovery id: the same key signs, and the form is refused.
  constexpr std::array<u8, 32> kOrder{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                      0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48,
                                      0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41};
  MembersWorld world;
  VerifiedTransaction twin = world.sign("m1", Leave{});
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int digit = kOrder[i] - twin.tx.signature[32 + i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    twin.tx.signature[32 + i] = static_cast<u8>(digit + 256 * borrow);
  }
  twin.tx.signature[64] ^= 1;
  EXPECT_EQ(world.at_the_door(twin), TxError::bad_signature);
}

TEST(Attack, MoneyGoesToNobodyByAWrongRecipient_3_1) {
  MoneyWorld world;
  EXPECT_EQ(world.code("buyer", world.transfer(kTok, "stranger", 1)), TxError::no_account);
  const ProposalId id =
      world.propose(ProposalKind::spend, {Spend{kTok, test_address("m1"), Amount{1}}}, "m0");
  const Transfer to_old = world.transfer(kTok, "m1", 1);
  for (const char* voter : {"m0", "m1"}) world.vote(voter, id, Choice::in_favour);
  world.run("m1", RotateKey{test_address("m1 anew"), {}});
  world.vote("m2", id, Choice::in_favour);
  world.block();
  EXPECT_EQ(world.state().proposals[id.value].failure, static_cast<u16>(TxError::account_retired));
  EXPECT_EQ(world.code("buyer", to_old), TxError::account_retired);
  EXPECT_EQ(world.stored("m1 anew", kTok), 0u);
}

}  // namespace
}  // namespace moot::test
