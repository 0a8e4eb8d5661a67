#include "node/engine/payout_worker.hpp"

#include <gtest/gtest.h>

#include <semaphore>

#include "ledger/payout_preview.hpp"
#include "tests/support/counters/due_sale.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {
namespace {

using node::PayoutWorker;
using node::Snapshot;

// A sale whose payout is due, and the same one paid out.
struct PaidSale {
  PaidSale() {
    const LedgerWorld world;
    const ledger::State due = with_due_sale(world.state(), 1'000'003);
    ledger::BlockExecution paying(due, TimeMs{due.time().raw() + 1});
    before = std::make_shared<Snapshot>(Snapshot{due, {}});
    after = std::make_shared<Snapshot>(Snapshot{paying.finish().state, {}});
  }
  node::SnapshotPtr before;
  node::SnapshotPtr after;
};

bool becomes_ready(const PayoutWorker& worker, u64 sale) {
  for (int i = 0; i < 10'000 && !worker.ready().by_sale.contains(sale); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return worker.ready().by_sale.contains(sale);
}

TEST(PayoutWorker, ComputesAPayoutAheadAndForgetsItWhenItIsPaid) {
  const PaidSale sale;
  PayoutWorker worker;
  worker.notice(sale.before);
  ASSERT_TRUE(becomes_ready(worker, 0));
  EXPECT_EQ(worker.ready().by_sale.at(0), ledger::payout_for(sale.before->state, SaleId{0}));
  worker.notice(sale.after);
  EXPECT_TRUE(worker.ready().by_sale.empty());
}

TEST(PayoutWorker, KeepsNothingThatWasPaidWhileItComputed) {
  const PaidSale sale;
  // A second sale awaits its payout all along: when its record is ready, the first one's is through.
  ledger::State both = sale.before->state;
  both.sales.push(both.sales[0]);
  ledger::State one_paid = sale.after->state;
  one_paid.sales.push(both.sales[0]);
  std::counting_semaphore<> begun{0};
  std::counting_semaphore<> may_end{0};
  PayoutWorker worker([&](const ledger::State&, SaleId) {
    begun.release();
    may_end.acquire();
    return ledger::PayoutRecord{};
  });
  worker.notice(std::make_shared<Snapshot>(Snapshot{both, {}}));
  begun.acquire();
  worker.notice(std::make_shared<Snapshot>(Snapshot{one_paid, {}}));
  may_end.release(2);
  ASSERT_TRUE(becomes_ready(worker, 1));
  EXPECT_FALSE(worker.ready().by_sale.contains(0));
}

}  // namespace
}  // namespace moot::test
