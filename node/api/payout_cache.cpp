#include "node/api/payout_cache.hpp"

#include <algorithm>

#include "base/math.hpp"

namespace moot::node::api {
namespace {

PayoutSharesPtr compute(const ledger::State& state, SaleId id, Amount amount) {
  const ledger::Sale& sale = state.sales[id.value];
  auto out = std::make_shared<PayoutShares>();
  out->terms = {
      .ledger_id = state.chain->ledger_id, .sale = id, .amount = amount, .record_height = sale.record_height};
  for (u64 member = 0; member < state.members.size(); ++member) {
    const Units units = state.members[member].units_at(sale.terms.share_class, sale.record_height);
    if (!units.is_zero()) out->shares.push_back({MemberId{member}, units});
  }
  if (out->shares.empty()) return nullptr;
  out->record = ledger::compute_payout(out->terms, out->shares);
  std::vector<Amount> amounts;
  amounts.reserve(out->shares.size());
  u128 sum = 0;
  for (const ledger::Share& share : out->shares) {
    amounts.push_back(out->amount_of(share));
    sum += amounts.back().raw();
    if (amounts.back().is_zero()) ++out->without_share;
  }
  out->sum = Amount{sum};
  const auto middle = amounts.begin() + static_cast<std::ptrdiff_t>((amounts.size() - 1) / 2);
  std::nth_element(amounts.begin(), middle, amounts.end());
  out->median = *middle;
  out->smallest = *std::min_element(amounts.begin(), middle + 1);
  out->largest = *std::max_element(middle, amounts.end());
  return out;
}

}  // namespace

Amount PayoutShares::amount_of(const ledger::Share& share) const {
  return ledger::entitlement(terms, record, share.member, share.units);
}

bool PayoutShares::has_extra(const ledger::Share& share) const {
  // amount·units/total, rounded down, is the whole part; an extra is one more than that.
  const auto whole = mul_div(terms.amount.raw(), share.units.raw(), record.total.raw());
  return whole && amount_of(share).raw() > whole->quotient;
}

PayoutSharesPtr PayoutCache::shares(const ledger::State& state, SaleId sale, Amount amount) {
  {
    const std::lock_guard lock(mutex_);
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (at->sale != sale || at->amount != amount) continue;
      entries_.splice(entries_.begin(), entries_, at);
      return at->value;
    }
  }
  PayoutSharesPtr value = compute(state, sale, amount);
  const std::lock_guard lock(mutex_);
  entries_.push_front({sale, amount, value});
  if (entries_.size() > kMost) entries_.pop_back();
  return value;
}

}  // namespace moot::node::api
