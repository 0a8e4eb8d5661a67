// A payout's cut off the strand (G8b), and the block that executes it (G8).
#include "bench/goals/goals.hpp"
#include "ledger/payout_preview.hpp"
#include "ledger/settlement.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::bench {
namespace {

constexpr u64 kProceeds = 55'000'000'000;  // $55,000.000000

// A state in which sale 0 is funded and approved, due at once; money added up as the laws want it.
ledger::State with_due_sale(const BigLedger& big) {
  ledger::State state = big.state;
  ledger::BlockExecution empty(state, TimeMs{state.time().raw() + 1'000});
  state = empty.finish().state;
  ledger::Sale sale;
  sale.terms = {.share_class = ClassId{0},
                .buyer = test::test_address("buyer"),
                .asset = AssetId{0},
                .min_price = Amount{kProceeds},
                .max_price = Amount{kProceeds},
                .terms_hash = {},
                .reserve = Ppm{},
                .funding = DurationMs{1'000}};
  sale.buyer = *state.account_of(test::test_address("buyer"));
  sale.record_height = Height{0};
  sale.authorised = state.time();
  sale.state = ledger::SaleState::approved;
  sale.recorded = Amount{kProceeds};
  sale.funded_at = state.time();
  sale.due = TimeMs{state.time().raw() + 1};
  state.sales.push(sale);
  ledger::reschedule(state, {}, ledger::dues_of(state.sales[0], 0, state.rules->parameters));
  ledger::Asset& asset = state.assets.edit(0);
  asset.supply = Amount{kProceeds};
  asset.escrow = Amount{kProceeds};
  ledger::state_root(state);
  return state;
}

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
  const std::string scale = ", " + std::to_string(members) + " members";
  const double millions = static_cast<double>(members) / 1e6;
  const BigLedger big = big_ledger(members);
  const ledger::State state = with_due_sale(big);
  ledger::PreparedPayouts prepared;
  const Seconds cut = timed([&] { prepared.by_sale.emplace(0, ledger::payout_for(state, SaleId{0})); });
  table.add({.goal = "G8b",
             .what = "computing the cut and checking it" + scale,
             .value = cut,
             .unit = "s",
             .better = Better::lower,
             .floor = std::max(0.05, 0.5 * millions),
             .target = std::max(0.01, 0.1 * millions),
             .limit = "off the strand"});

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
             .what = "executing a payout, extra block time" + scale,
             .value = (with_payout - without) * 1e3,
             .unit = "ms",
             .better = Better::lower,
             .floor = 50,
             .target = 5,
             .limit = "an empty block: " + std::to_string(without * 1e3) + " ms"});
}

}  // namespace moot::bench
