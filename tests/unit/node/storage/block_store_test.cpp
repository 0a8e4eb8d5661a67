#include "node/storage/block_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/node/storage/fixture.hpp"

namespace moot::node::test {
namespace {

class Blocks : public ::testing::Test {
 protected:
  Blocks() { blocks_ = open(); }

  std::unique_ptr<BlockStore> open() { return BlockStore::open(store_, id_of).value(); }

  StoredBlock append(std::vector<Bytes> envelopes) {
    StoredBlock block = chain_.next(std::move(envelopes));
    blocks_->append(block, ids_of(block));
    return block;
  }

  void change(Family family, Height height, std::optional<std::string_view> value) {
    KvBatch batch;
    if (value)
      batch.put(family, height_key(height), as_bytes(*value));
    else
      batch.erase(family, height_key(height));
    store_.write(batch, Durability::synced);
  }

  MemoryStore store_;
  ChainBuilder chain_;
  std::unique_ptr<BlockStore> blocks_;
};

TEST_F(Blocks, AreNoneAtGenesis) {
  EXPECT_FALSE(blocks_->tip().has_value());
  EXPECT_FALSE(blocks_->block(Height{1}).has_value());
}

TEST_F(Blocks, ComeBackByHeight) {
  const auto first = append({bytes_of("a"), bytes_of("b")});
  const auto second = append({});
  EXPECT_EQ(blocks_->block(Height{1}), first);
  EXPECT_EQ(blocks_->block(Height{2}), second);
  EXPECT_EQ(blocks_->link(Height{2}), second.link);
  EXPECT_EQ(blocks_->body(Height{1}), first.body);
  EXPECT_FALSE(blocks_->block(Height{3}).has_value());
  EXPECT_FALSE(blocks_->block(Height{0}).has_value());
}

TEST_F(Blocks, HaveATipThatMoves) {
  append({});
  const auto second = append({});
  ASSERT_TRUE(blocks_->tip().has_value());
  EXPECT_EQ(blocks_->tip()->height, Height{2});
  EXPECT_EQ(blocks_->tip()->hash, consensus::block_hash(second.link.header));
  EXPECT_EQ(blocks_->tip()->position, second.link.header.position());
}

TEST_F(Blocks, CostOneSyncedWriteEach_0_11) {
  const u64 before = store_.stats().syncs;
  for (int i = 0; i < 10; ++i) append({bytes_of(std::to_string(i))});
  EXPECT_EQ(store_.stats().syncs - before, 10U);
}

TEST_F(Blocks, AreThereAfterACrashAndTheIndexIsBuiltAgain) {
  const auto first = append({bytes_of("a"), bytes_of("b")});
  store_.flush();
  append({bytes_of("c")});
  const auto third = append({bytes_of("d")});
  store_.crash();
  const auto again = open();
  EXPECT_EQ(again->tip()->height, Height{3});
  EXPECT_EQ(again->block(Height{1}), first);
  EXPECT_EQ(again->block(Height{3}), third);
  EXPECT_EQ(again->reindexed(), 2U);
  EXPECT_EQ(again->find(id_of(as_bytes("b"))), (TxLocation{Height{1}, 1}));
  EXPECT_EQ(again->find(id_of(as_bytes("c"))), (TxLocation{Height{2}, 0}));
  EXPECT_EQ(again->find(id_of(as_bytes("d"))), (TxLocation{Height{3}, 0}));
  EXPECT_EQ(open()->reindexed(), 0U);
}

TEST_F(Blocks, FindATransactionOrSayThatItIsNotThere) {
  append({bytes_of("a"), bytes_of("b")});
  EXPECT_EQ(blocks_->find(id_of(as_bytes("b"))), (TxLocation{Height{1}, 1}));
  EXPECT_EQ(blocks_->find(id_of(as_bytes("z"))), std::nullopt);
}

TEST_F(Blocks, AreVisitedInOrderFromAHeight) {
  for (int i = 0; i < 300; ++i) append({bytes_of(std::to_string(i))});
  u64 due = 250;
  blocks_->for_each_block(Height{250}, [&](const StoredBlock& block) {
    EXPECT_EQ(block.link.header.height, Height{due});
    EXPECT_EQ(block.body.envelopes[0], bytes_of(std::to_string(due - 1)));
    return ++due <= 280;
  });
  EXPECT_EQ(due, 281U);
}

TEST_F(Blocks, MakeAChainThatVerifies) {
  for (int i = 0; i < 5; ++i) append({});
  ChainBuilder check;
  blocks_->for_each_link(Height{1}, [&](const BlockLink& link) {
    const auto ok = consensus::verify_link(check.tip(), link.header, link.justification, link.finalization,
                                           check.validators());
    EXPECT_TRUE(ok.has_value()) << ok.error().text;
    check.follow(link);
    return true;
  });
  EXPECT_EQ(check.tip().height, Height{5});
}

TEST_F(Blocks, WithAGapOrATornEndAreRefused) {
  for (int i = 0; i < 3; ++i) append({});
  const auto good = store_.get(Family::headers, height_key(Height{2})).value();
  change(Family::headers, Height{2}, std::nullopt);
  const auto gap = BlockStore::open(store_, id_of);
  ASSERT_FALSE(gap.has_value());
  EXPECT_EQ(gap.error().kind, StorageErrorKind::damaged);
  EXPECT_THAT(gap.error().text, ::testing::HasSubstr("block 2 is missing"));
  change(Family::headers, Height{2}, as_string(good));
  change(Family::bodies, Height{3}, std::nullopt);
  EXPECT_EQ(BlockStore::open(store_, id_of).error().kind, StorageErrorKind::damaged);
}

TEST_F(Blocks, WithAnUnreadableTipAreRefused) {
  append({});
  change(Family::headers, Height{1}, "garbage");
  EXPECT_EQ(BlockStore::open(store_, id_of).error().kind, StorageErrorKind::damaged);
}

using BlocksDeathTest = Blocks;

TEST_F(BlocksDeathTest, StopTheProcessRatherThanAnswerWithDamage) {
  append({});
  append({});
  change(Family::bodies, Height{1}, "garbage");
  EXPECT_EXIT((void)blocks_->block(Height{1}), ::testing::ExitedWithCode(kDamagedDataExit),
              "reading block 1");
}

TEST_F(BlocksDeathTest, AreAppendedInOrderToTheirParent) {
  const auto first = append({});
  EXPECT_DEATH(blocks_->append(first, {}), "in order");
  auto orphan = chain_.next({});
  orphan.link.header.parent.bytes[0] ^= 1;
  EXPECT_DEATH(blocks_->append(orphan, {}), "to its parent");
}

}  // namespace
}  // namespace moot::node::test
