// What the mempool offers to the builder, and when it stops.
#include "node/mempool/mempool.hpp"

#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"

namespace moot::node {
namespace {

using namespace ledger;
using test::LedgerWorld;

struct Queue {
  LedgerWorld world{test::WorldOptions{.members = 6}};
  Mempool mempool;
  std::vector<TxId> ids;

  Queue() {
    const ProposalId id = world.propose(ProposalKind::text, {});
    for (unsigned i = 0; i < 6; ++i) {
      auto tx =
          std::make_shared<VerifiedTransaction>(world.ballot("m" + std::to_string(i), id, Choice::in_favour));
      ids.push_back(tx->id);
      Bytes envelope = encode_transaction(tx->tx);
      EXPECT_EQ(mempool.add({std::move(tx), std::move(envelope)}, world.state(), world.now()).added,
                Mempool::Added::accepted);
    }
  }
  // Offers everything to a block with room for `room`; gives what was offered.
  std::vector<TxId> offer(std::size_t room, TxError without_room) {
    std::vector<TxId> offered;
    mempool.offer_all([&](const PooledTx& pooled, Refusal& refusal) {
      offered.push_back(pooled.tx->id);
      if (offered.size() <= room) return Mempool::Taken::included;
      refusal.code = without_room;
      return Mempool::Taken::later;
    });
    return offered;
  }
};

TEST(Mempool, AFullBlockEndsTheOfferAndTheNextBeginsWhereItEnded) {
  Queue queue;
  const auto& ids = queue.ids;
  EXPECT_EQ(queue.offer(2, TxError::block_full), (std::vector{ids[0], ids[1], ids[2]}));
  EXPECT_EQ(queue.offer(3, TxError::block_full), (std::vector{ids[2], ids[3], ids[4], ids[5]}));
  EXPECT_EQ(queue.offer(3, TxError::block_full), (std::vector{ids[5]}));
  EXPECT_TRUE(queue.mempool.empty());
}

TEST(Mempool, ABallotThatWaitsForAnotherReasonHoldsNobodyUp) {
  Queue queue;
  EXPECT_EQ(queue.offer(2, TxError::nonce_ahead), queue.ids);
  EXPECT_EQ(queue.offer(6, TxError::block_full), std::vector(queue.ids.begin() + 2, queue.ids.end()));
}

TEST(Mempool, WhatWasTakenAndNotUsedWaitsAgainInItsPlace) {
  Queue queue;
  const std::size_t bytes = queue.mempool.status().bytes;
  std::vector<PooledTx> unused;
  queue.mempool.offer_all([&](const PooledTx& pooled, Refusal& refusal) {
    refusal.code = TxError::block_full;
    if (unused.size() == 3) return Mempool::Taken::later;
    unused.push_back(pooled);
    return Mempool::Taken::included;
  });
  unused.erase(unused.begin() + 1);
  queue.mempool.put_back(std::move(unused));
  EXPECT_EQ(queue.mempool.status().transactions, 5u);
  EXPECT_LT(queue.mempool.status().bytes, bytes);
  EXPECT_TRUE(queue.mempool.is_pending(queue.ids[0]));
  queue.mempool.prune(queue.world.state(), queue.world.now());
  EXPECT_TRUE(queue.mempool.is_pending(queue.ids[0]));
  EXPECT_FALSE(queue.mempool.is_pending(queue.ids[1])) << "that one was used";
  EXPECT_EQ(queue.offer(6, TxError::block_full),
            (std::vector{queue.ids[0], queue.ids[2], queue.ids[3], queue.ids[4], queue.ids[5]}));
}

TEST(Mempool, SaysWhichBallotsAreNext) {
  Queue queue;
  const auto next = queue.mempool.next_ballots(4);
  ASSERT_EQ(next.size(), 4u);
  for (std::size_t i = 0; i < next.size(); ++i) EXPECT_EQ(next[i]->id, queue.ids[i]);
  EXPECT_EQ(queue.mempool.next_ballots(100).size(), 6u);
}

}  // namespace
}  // namespace moot::node
