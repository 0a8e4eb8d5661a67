#include "ledger/payout_preview.hpp"

namespace moot::ledger {
namespace {

std::vector<Share> shares_at(const State& state, ClassId share_class, Height record_height) {
  std::vector<Share> shares;
  shares.reserve(state.members.size());
  for (u64 i = 0; i < state.members.size(); ++i) {
    const Units units = state.members[i].units_at(share_class, record_height);
    if (!units.is_zero()) shares.push_back({MemberId{i}, units});
  }
  return shares;
}

}  // namespace

PayoutTerms payout_terms(const State& state, SaleId id) {
  const Sale& sale = state.sales[id.value];
  const auto amount = sale.proceeds().checked_sub(sale.reserve);
  MOOT_CHECK(amount.has_value(), "a reserve is a part of the proceeds");
  return {.ledger_id = state.chain->ledger_id,
          .sale = id,
          .amount = *amount,
          .record_height = sale.record_height};
}

PayoutRecord payout_for(const State& state, SaleId id) {
  const Sale& sale = state.sales[id.value];
  MOOT_CHECK(sale.awaits_payout(), "a payout follows from a funded sale");
  const PayoutTerms terms = payout_terms(state, id);
  const Units total{state.classes[sale.terms.share_class.value].total.at(sale.record_height)};
  if (terms.amount.is_zero()) {
    PayoutRecord nothing;
    nothing.total = total;
    nothing.record_height = terms.record_height;
    return nothing;
  }
  const auto shares = shares_at(state, sale.terms.share_class, sale.record_height);
  const PayoutRecord record = compute_payout(terms, shares);
  MOOT_CHECK(record.total == total, "the class total is the sum of its units");
  MOOT_CHECK(payout_adds_up(terms, shares, record), "a payout adds up to the unit");
  return record;
}

PayoutRecord payout_for(const State& state, const PreparedPayouts* prepared, SaleId id) {
  if (prepared) {
    const auto found = prepared->by_sale.find(id.value);
    if (found != prepared->by_sale.end()) return found->second;
  }
  return payout_for(state, id);
}

PayoutPreview preview_payout(const State& state, const PreparedPayouts* prepared, SaleId id) {
  const Sale& sale = state.sales[id.value];
  PayoutPreview out{.proceeds = sale.proceeds(),
                    .reserve = sale.reserve,
                    .record = payout_for(state, prepared, id),
                    .digest = {}};
  out.digest = payout_digest(state.chain->ledger_id, id, out.proceeds, out.reserve, out.record);
  return out;
}

}  // namespace moot::ledger
