// Every bound in Mempool::Limits: what still fits, what does not, and what the answer is.
#include <gtest/gtest.h>

#include "node/mempool/mempool.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::node {
namespace {

using namespace ledger;
using Added = Mempool::Added;

struct Pool {
  explicit Pool(const Mempool::Limits& limits) : mempool(limits) {}

  Mempool::Outcome add(VerifiedTransaction verified) {
    auto tx = std::make_shared<VerifiedTransaction>(std::move(verified));
    Bytes envelope = encode_transaction(tx->tx);
    return mempool.add({std::move(tx), std::move(envelope)}, world.state(), world.now());
  }
  VerifiedTransaction numbered(std::string_view label, u64 nonce) const {
    return world.sign(label, AdvanceNonce{nonce + 1},
                      {.nonce = nonce, .valid_until = TimeMs{world.now().raw() + test::kHour}});
  }
  Mempool::Outcome add_numbered(std::string_view label, u64 nonce) { return add(numbered(label, nonce)); }
  // Offers everything, and everything is dropped.
  void drop_all() {
    mempool.offer_all([](const PooledTx&, Refusal& refusal) {
      refusal.code = TxError::expired;
      return Mempool::Taken::dropped;
    });
  }

  test::LedgerWorld world;
  Mempool mempool;
};

TEST(MempoolLimits, TransactionsAreCountedAndAFullPoolEvictsNobody) {
  Pool pool({.max_transactions = 2});
  const VerifiedTransaction first = pool.numbered("m0", 1);
  EXPECT_EQ(pool.add(first).added, Added::accepted);
  EXPECT_EQ(pool.add_numbered("m1", 1).added, Added::accepted);
  const VerifiedTransaction third = pool.numbered("m2", 1);
  EXPECT_EQ(pool.add(third).added, Added::full);
  EXPECT_TRUE(pool.mempool.is_pending(first.id));
  EXPECT_FALSE(pool.mempool.is_pending(third.id));
  EXPECT_EQ(pool.add(first).added, Added::known) << "what waits already is no newcomer";
  EXPECT_EQ(pool.mempool.status().transactions, 2u);
  pool.drop_all();
  EXPECT_EQ(pool.add(third).added, Added::accepted);
}

TEST(MempoolLimits, BytesAreCountedToTheLastOne) {
  const u64 size = Pool({}).numbered("m0", 1).bytes;
  Pool fits({.max_bytes = 2 * size});
  EXPECT_EQ(fits.add_numbered("m0", 1).added, Added::accepted);
  EXPECT_EQ(fits.add_numbered("m1", 1).added, Added::accepted);
  EXPECT_EQ(fits.mempool.status().bytes, 2 * size);
  EXPECT_EQ(fits.add_numbered("m2", 1).added, Added::full);
  fits.drop_all();
  EXPECT_EQ(fits.mempool.status().bytes, 0u);

  Pool lacks_one({.max_bytes = 2 * size - 1});
  EXPECT_EQ(lacks_one.add_numbered("m0", 1).added, Added::accepted);
  EXPECT_EQ(lacks_one.add_numbered("m1", 1).added, Added::full);
}

TEST(MempoolLimits, AnAccountMayNotRunFurtherAheadThanItsQueue) {
  Pool pool({.per_account = 3});
  EXPECT_EQ(pool.add_numbered("m0", 3).added, Added::accepted) << "a gap counts, and is no refusal";
  EXPECT_EQ(pool.add_numbered("m0", 1).added, Added::accepted);
  const auto ahead = pool.add_numbered("m0", 4);
  EXPECT_EQ(ahead.added, Added::refused);
  EXPECT_EQ(ahead.refusal.code, TxError::nonce_ahead);
  EXPECT_EQ(pool.add_numbered("m1", 3).added, Added::accepted) << "another account has a queue of its own";
}

TEST(MempoolLimits, AVoterWaitsWithSoManyBallotsOnOneProposal) {
  Pool pool({.per_voter = 2});
  const ProposalId first = pool.world.propose(ProposalKind::text, {});
  const ProposalId second = pool.world.propose(ProposalKind::text, {}, "m1");
  const auto reasoned = [&](ProposalId id, std::string reason) {
    return pool.add(pool.world.ballot("m1", id, Choice::in_favour, 1, std::move(reason)));
  };
  EXPECT_EQ(reasoned(first, "a").added, Added::accepted);
  EXPECT_EQ(reasoned(first, "b").added, Added::accepted);
  const auto third = reasoned(first, "c");
  EXPECT_EQ(third.added, Added::refused);
  EXPECT_EQ(third.refusal.code, TxError::account_block_limit);
  EXPECT_EQ(reasoned(second, "a").added, Added::accepted) << "another proposal is counted for itself";
  EXPECT_EQ(pool.add(pool.world.ballot("m2", first, Choice::in_favour)).added, Added::accepted);
  pool.drop_all();
  EXPECT_EQ(reasoned(first, "c").added, Added::accepted) << "what has left is not counted";
}

TEST(MempoolLimits, TheOldestDropIsForgottenFirst) {
  Pool pool({.remembered_drops = 2});
  std::vector<TxId> ids;
  for (const char* label : {"m0", "m1", "m2"}) {
    const VerifiedTransaction tx = pool.numbered(label, 1);
    ids.push_back(tx.id);
    EXPECT_EQ(pool.add(tx).added, Added::accepted);
    pool.drop_all();
  }
  EXPECT_EQ(pool.mempool.drop_reason(ids[0]), std::nullopt);
  for (std::size_t i : {1u, 2u}) {
    ASSERT_TRUE(pool.mempool.drop_reason(ids[i]).has_value());
    EXPECT_EQ(pool.mempool.drop_reason(ids[i])->code, TxError::expired);
  }
}

}  // namespace
}  // namespace moot::node
