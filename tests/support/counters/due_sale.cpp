#include "tests/support/counters/due_sale.hpp"

#include "ledger/settlement.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

ledger::State with_due_sale(const ledger::State& before, u64 proceeds) {
  ledger::BlockExecution empty(before, TimeMs{before.time().raw() + 1'000});
  ledger::State state = empty.finish().state;
  ledger::Sale sale;
  sale.terms = {.share_class = ClassId{0},
                .buyer = test_address("buyer"),
                .asset = AssetId{0},
                .min_price = Amount{proceeds},
                .max_price = Amount{proceeds},
                .terms_hash = {},
                .reserve = Ppm{},
                .funding = DurationMs{1'000}};
  sale.buyer = *state.account_of(test_address("buyer"));
  sale.record_height = Height{0};
  sale.authorised = state.time();
  sale.state = ledger::SaleState::approved;
  sale.recorded = Amount{proceeds};
  sale.funded_at = state.time();
  sale.due = TimeMs{state.time().raw() + 1};
  state.sales.push(sale);
  ledger::reschedule(state, {}, ledger::dues_of(state.sales[0], 0, state.rules->parameters));
  ledger::Asset& asset = state.assets.edit(0);
  asset.supply = Amount{proceeds};
  asset.escrow = Amount{proceeds};
  ledger::state_root(state);
  return state;
}

}  // namespace moot::test
