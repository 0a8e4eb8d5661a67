#include "consensus/types.hpp"

#include <gtest/gtest.h>

#include "consensus/validator_set.hpp"
#include "crypto/sha256.hpp"
#include "tests/unit/consensus/fixture.hpp"

namespace moot::consensus::test {
namespace {

TEST(Position, IsComparedByEpochBeforeView_0_1) {
  EXPECT_LT((Position{Epoch{1}, View{900}}), (Position{Epoch{2}, View{1}}));
  EXPECT_LT((Position{Epoch{1}, View{1}}), (Position{Epoch{1}, View{2}}));
}

TEST(Header, ComesBackFromItsBytes) {
  Header header{.chain_id = kChain, .epoch = Epoch{3}, .view = View{9}, .height = Height{7}};
  header.flags = HeaderFlag::seal;
  EXPECT_EQ(decoded<Header>(encoded(header)), header);
}

TEST(Header, HasTheSizeOfItsFieldsInOrder) {
  const std::size_t integers = 2 + 4 + 8 + 8 + 8 + 8 + 2 + 1;
  const std::size_t digests = 9 * 32;
  EXPECT_EQ(encoded(Header{}).size(), integers + digests);
}

TEST(Header, WithAnUnknownFlagIsRefused) {
  Bytes bytes = encoded(Header{});
  bytes.back() = 3;
  EXPECT_FALSE(decoded<Header>(bytes).has_value());
}

TEST(Header, HashChangesWithEveryByte) {
  const Bytes bytes = encoded(Header{});
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    Bytes other = bytes;
    other[i] ^= 1;
    const auto header = decoded<Header>(other);
    ASSERT_TRUE(header.has_value()) << i;
    EXPECT_NE(block_hash(*header), block_hash(Header{})) << i;
  }
}

TEST(VoteDigest, IsTheTaggedHashThatTheProtocolNames_2_1) {
  Writer message;
  message.put(kChain);
  message.put(u32{2});
  message.put(u64{5});
  EXPECT_EQ(vote_digest(kChain, nullify_at(2, 5)), crypto::tagged_hash("moot/v1/nullify", message.view()));
  message.put(filled(0xb1));
  EXPECT_EQ(vote_digest(kChain, finalize_at(2, 5)), crypto::tagged_hash("moot/v1/finalize", message.view()));
}

TEST(VoteDigest, DiffersByKindChainEpochViewAndBlock) {
  const Hash base = vote_digest(kChain, finalize_at(1, 2));
  Statement notarize = finalize_at(1, 2);
  notarize.kind = VoteKind::notarize;
  EXPECT_NE(base, vote_digest(kChain, notarize));
  EXPECT_NE(base, vote_digest(kOtherChain, finalize_at(1, 2)));
  EXPECT_NE(base, vote_digest(kChain, finalize_at(2, 2)));
  EXPECT_NE(base, vote_digest(kChain, finalize_at(1, 3)));
  EXPECT_NE(base, vote_digest(kChain, finalize_at(1, 2, 0xb2)));
}

TEST(VoteDigestDeathTest, OfAStatementThatNamesNoBlockStopsTheProcess) {
  Statement wrong = finalize_at(1, 2);
  wrong.block.reset();
  EXPECT_DEATH((void)vote_digest(kChain, wrong), "names a block");
}

TEST(Quorum, FollowsTheTableOfTheProtocol_2_1) {
  struct Row {
    u32 n, faults, votes, join;
  };
  const Row rows[] = {{1, 0, 1, 1}, {2, 0, 2, 1}, {3, 0, 3, 1},  {4, 1, 3, 2},     {5, 1, 4, 2},
                      {6, 1, 5, 2}, {7, 2, 5, 3}, {10, 3, 7, 4}, {31, 10, 21, 11}, {100, 33, 67, 34}};
  for (const Row& row : rows) {
    const Quorum quorum{row.n};
    EXPECT_EQ(quorum.faults(), row.faults) << row.n;
    EXPECT_EQ(quorum.votes(), row.votes) << row.n;
    EXPECT_EQ(quorum.join(), row.join) << row.n;
    // Two quorums share more than f validators, so at least one honest one.
    EXPECT_GT(2 * quorum.votes(), row.n + row.faults) << row.n;
  }
}

TEST(ValidatorSet, SortsItsKeysAndHashesThemInThatOrder_0_15) {
  const Validators four(4);
  const auto keys = four.set().keys();
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  Writer message;
  message.put(u16{4});
  for (const auto& key : keys) message.raw(key.view());
  EXPECT_EQ(four.set().hash(), crypto::tagged_hash("moot/validators", message.view()));
  std::vector<crypto::XOnlyKey> reversed(keys.rbegin(), keys.rend());
  EXPECT_EQ(ValidatorSet::from(reversed)->hash(), four.set().hash());
}

TEST(ValidatorSet, IsNotEmptyNorHoldsAKeyTwiceNorTooMany) {
  EXPECT_FALSE(ValidatorSet::from({}).has_value());
  const auto key = Validators(1).set().key(0);
  EXPECT_FALSE(ValidatorSet::from({key, key}).has_value());
  std::vector<crypto::XOnlyKey> many(kMaxValidators + 1);
  for (std::size_t i = 0; i < many.size(); ++i) {
    many[i].bytes[0] = static_cast<u8>(i >> 8);
    many[i].bytes[1] = static_cast<u8>(i);
  }
  EXPECT_FALSE(ValidatorSet::from(many).has_value());
  many.pop_back();
  EXPECT_TRUE(ValidatorSet::from(many).has_value());
}

TEST(ValidatorSet, FindsTheIndexOfAKey) {
  const Validators four(4);
  for (u16 i = 0; i < 4; ++i) EXPECT_EQ(four.set().index_of(four.set().key(i)), i);
  EXPECT_EQ(four.set().index_of(crypto::XOnlyKey{}), std::nullopt);
}

// The rule of §0.15, written out a second time.
TEST(LeaderOrder, IsTheShuffleThatTheProtocolNames_0_15) {
  const EpochStart start{.chain_id = kChain, .epoch = Epoch{1}, .seal = filled(0x5e).as<BlockHash>()};
  Bytes message(kChain.bytes.begin(), kChain.bytes.end());
  message.insert(message.end(), {0, 0, 0, 1});
  message.insert(message.end(), 32, 0x5e);
  const Hash seed = crypto::tagged_hash("moot/leaders", message);
  std::vector<u16> expected = {0, 1, 2, 3, 4, 5, 6};
  for (u8 i = 6; i >= 1; --i) {
    Bytes draw(seed.bytes.begin(), seed.bytes.end());
    draw.push_back(0);
    draw.push_back(i);
    const Hash hash = crypto::sha256(draw);
    u64 number = 0;
    for (int b = 0; b < 8; ++b) number = number * 256 + hash.bytes[static_cast<std::size_t>(b)];
    std::swap(expected[i], expected[number % (i + 1U)]);
  }
  EXPECT_EQ(leader_order(start, 7), expected);
}

TEST(LeaderOrder, GivesEachValidatorOneTurnAndDependsOnTheSeal) {
  EpochStart start{.chain_id = kChain, .epoch = Epoch{1}, .seal = filled(1).as<BlockHash>()};
  const auto order = leader_order(start, 31);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (u16 i = 0; i < 31; ++i) EXPECT_EQ(sorted[i], i);
  EXPECT_EQ(leader_of(order, View{31}), order[0]);
  EXPECT_EQ(leader_of(order, View{33}), order[2]);
  start.seal = filled(2).as<BlockHash>();
  EXPECT_NE(leader_order(start, 31), order);
}

TEST(LeaderOrder, OfOneValidatorIsThatValidator) {
  EXPECT_EQ(leader_order({.chain_id = kChain, .epoch = kFirstEpoch, .seal = {}}, 1), std::vector<u16>{0});
}

}  // namespace
}  // namespace moot::consensus::test
