// A payout's cut off the strand (G8b), and the block that executes it (G8).
#include "bench/goals/goals.hpp"
#include "ledger/payout_preview.hpp"
#include "ledger/settlement.hpp"
#include "tests/support/counters/due_sale.hpp"

namespace moot::bench {
namespace {

constexpr u64 kProceeds = 55'000'000'000;  // $55,000.000000

Seconds block_time(const ledger::State& state, const ledger::PreparedPayouts* prepared,
                   ledger::State& after) {
  return timed([&] {
    ledger::BlockExecution execution(state, TimeMs{state.time().raw() + 2}, prepared);
    auto result = execution.finish();
    MOOT_CHECK(result.breaches.empty(), "no law is broken");
    after = std::move(result.state);
  });
}

}  // namespace

void payout_goals(Table& table, u64 members) {
  progress("a payout to " + std::to_string(members) + " members");
  const double millions = static_cast<double>(members) / 1e6;
  const BigLedger big = big_ledger(members);
  const ledger::State state = test::with_due_sale(big.state, kProceeds);
  ledger::PreparedPayouts prepared;
  const Seconds cut = timed([&] { prepared.by_sale.emplace(0, ledger::payout_for(state, SaleId{0})); });
  table.add({.goal = "G8b",
             .what = "computing the cut and checking it",
             .members = members,
             .value = cut,
             .unit = "s",
             .better = Better::lower,
             .floor = std::max(0.05, 0.5 * millions),
             .target = std::max(0.01, 0.1 * millions),
             .limit = "off the strand",
             .clock = true,
             .work = cut});

  ledger::State after;
  ledger::State unused;
  const Seconds with_payout = block_time(state, &prepared, after);
  MOOT_CHECK(after.sales[0].state == ledger::SaleState::paid_out, "the payout executed");
  const Seconds without = block_time(big.state, nullptr, unused);
  u128 sum = 0;
  for (u64 i = 0; i < members; ++i) {
    const Units units = after.members[i].units_at(ClassId{0}, Height{0});
    sum += ledger::entitlement(after, SaleId{0}, MemberId{i}, units).raw();
  }
  MOOT_CHECK(sum == kProceeds, "the shares add up to the amount, to the unit");
  table.add({.goal = "G8",
             .what = "executing a payout, extra block time",
             .members = members,
             .value = (with_payout - without) * 1e3,
             .unit = "ms",
             .better = Better::lower,
             .floor = 50,
             .target = 5,
             .limit = text("an empty block: %.3f ms", without * 1e3),
             .clock = true,
             .work = with_payout});
}

}  // namespace moot::bench
