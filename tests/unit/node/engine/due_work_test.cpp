// Judging at the door while something is due: its cost is paid once, not by each transaction.
#include <gtest/gtest.h>

#include "ledger/payout_preview.hpp"
#include "node/mempool/mempool.hpp"
#include "tests/support/counters/counting.hpp"
#include "tests/support/counters/due_sale.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {
namespace {

using namespace ledger;
using node::Mempool;

constexpr unsigned kMembers = 2'000;
constexpr unsigned kBatch = 50;
constexpr TimeMs kTermEnds{kGenesisTime + 10 * kSecond};  // the guardian's

// A payout to two thousand members is due, and no block has done it.
class DueWork : public testing::Test {
 protected:
  DueWork() {
    count_kernels();
    world_.mutable_state() = with_due_sale(world_.state(), 1'000'003);
  }
  static Genesis genesis() {
    Genesis genesis = test_genesis({.members = kMembers});
    genesis.roles[Role::guardian].holders[0].expires = kTermEnds;
    // Alike, so that a hash decides for each who gets a unit more (6.4): the computing can be counted.
    for (GenesisMember& member : genesis.members) member.holdings[0].units = Units{10};
    return genesis;
  }
  // One transaction of each of some members, all at once.
  std::vector<node::PooledTx> batch(unsigned from) {
    std::vector<node::PooledTx> out;
    for (unsigned i = from; i < from + kBatch; ++i) {
      auto tx = std::make_shared<VerifiedTransaction>(world_.sign("m" + std::to_string(i), AdvanceNonce{3}));
      Bytes envelope = encode_transaction(tx->tx);
      out.push_back({std::move(tx), std::move(envelope)});
    }
    return out;
  }
  u64 compressions_of_adding(std::vector<node::PooledTx> batch, const PreparedPayouts& payouts = {}) {
    const Work before = work_so_far();
    for (node::PooledTx& pooled : batch)
      EXPECT_EQ(pool_.add(std::move(pooled), world_.state(), now_, payouts).added, Mempool::Added::accepted);
    return (work_so_far() - before).compressions;
  }
  Mempool::Outcome add(std::string_view label, Payload payload, TimeMs now) {
    auto tx = std::make_shared<VerifiedTransaction>(world_.sign(label, std::move(payload)));
    Bytes envelope = encode_transaction(tx->tx);
    return pool_.add({std::move(tx), std::move(envelope)}, world_.state(), now);
  }
  // What computing the payout takes.
  u64 compressions_of_a_payout() const {
    const Work before = work_so_far();
    payout_for(world_.state(), SaleId{0});
    return (work_so_far() - before).compressions;
  }

  LedgerWorld world_{genesis()};
  const TimeMs now_{world_.now().raw() + 2 * kSecond};
  Mempool pool_;
};

TEST_F(DueWork, IsDoneOnceForABatch) {
  const u64 once = compressions_of_a_payout();
  ASSERT_GE(once, kMembers);
  EXPECT_LT(compressions_of_adding(batch(0)), 2 * once);
  EXPECT_LT(compressions_of_adding(batch(kBatch)), once / 4) << "and not for the next one either";
}

TEST_F(DueWork, TakesAPayoutThatIsReadyAsItIs) {
  PreparedPayouts ready;
  ready.by_sale.emplace(0, payout_for(world_.state(), SaleId{0}));
  EXPECT_LT(compressions_of_adding(batch(0), ready), compressions_of_a_payout() / 10);
}

TEST_F(DueWork, IsSeenByWhatIsJudgedAfterIt) {
  const Settle settle{.member = world_.member("m7"), .share_class = ClassId{0}, .limit = 0};
  EXPECT_EQ(add("m7", settle, now_).added, Mempool::Added::accepted);
  EXPECT_EQ(add("nobody", Leave{}, now_).refusal.code, TxError::no_account);
}

TEST_F(DueWork, IsDoneAgainWhenMoreFallsDue) {
  EXPECT_EQ(add("m0", AdvanceNonce{3}, now_).added, Mempool::Added::accepted);
  EXPECT_EQ(add("g0", ResignRole{Role::guardian}, kTermEnds).refusal.code, TxError::role_needed);
}

}  // namespace
}  // namespace moot::test
