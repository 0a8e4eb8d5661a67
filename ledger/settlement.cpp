#include "ledger/settlement.hpp"

#include "ledger/money.hpp"
#include "ledger/payout.hpp"

namespace moot::ledger {
namespace {

PayoutTerms terms_of(const State& state, SaleId id, const PayoutRecord& record) {
  return {.ledger_id = state.chain->ledger_id,
          .sale = id,
          .amount = record.amount,
          .record_height = record.record_height};
}

// One executed payout from the point of view of one member.
struct Due {
  SaleId sale;
  AssetId asset;
  Amount amount;
  bool extra = false;  // one unit more than floor(A·w/U)
};

Due due_to(const State& state, SaleId id, MemberId member, const Holding& holding) {
  const Sale& sale = state.sales[id.value];
  MOOT_CHECK(sale.payout.has_value(), "a class lists payouts that have executed");
  const PayoutRecord& record = *sale.payout;
  const PayoutTerms terms = terms_of(state, id, record);
  const Units units{holding.units.at(record.record_height)};
  const Amount whole =
      entitlement(terms, PayoutRecord{.amount = record.amount, .total = record.total}, member, units);
  const Amount exact = entitlement(terms, record, member, units);
  return {.sale = id, .asset = sale.terms.asset, .amount = exact, .extra = exact != whole};
}

void add_to(std::vector<std::pair<AssetId, Amount>>& amounts, AssetId asset, Amount amount) {
  for (auto& [known, sum] : amounts) {
    if (known != asset) continue;
    const auto total = sum.checked_add(amount);
    MOOT_CHECK(total.has_value(), "what is owed is a part of the supply");
    sum = *total;
    return;
  }
  amounts.emplace_back(asset, amount);
}

void take_from_record(Sale& sale, const Due& due) {
  PayoutRecord& record = *sale.payout;
  const auto remaining = record.remaining.checked_sub(due.amount);
  MOOT_CHECK(remaining.has_value(), "a payout never gives out more than it has");
  MOOT_CHECK(!due.extra || record.extra_left > 0, "no more extras are settled than there are");
  record.remaining = *remaining;
  record.extra_left -= due.extra ? 1 : 0;
}

}  // namespace

Amount entitlement(const State& state, SaleId id, MemberId member, Units units) {
  const Sale& sale = state.sales[id.value];
  if (!sale.payout) return Amount{};
  return entitlement(terms_of(state, id, *sale.payout), *sale.payout, member, units);
}

Unsettled unsettled(const State& state, MemberId member, ClassId share_class, u64 limit) {
  Unsettled out;
  const Holding* holding = state.members[member.value].holding(share_class);
  if (!holding) return out;
  const auto& payouts = state.classes[share_class.value].payouts;
  out.payouts = std::min<u64>(payouts.size() - holding->settled, limit);
  for (u64 i = 0; i < out.payouts; ++i) {
    const Due due = due_to(state, payouts[holding->settled + i], member, *holding);
    add_to(out.amounts, due.asset, due.amount);
  }
  return out;
}

Amount spendable(const State& state, AccountId account, AssetId asset) {
  const Account& own = state.accounts[account.value];
  Amount total = own.balance(asset);
  if (own.member == kNone) return total;
  for (const Holding& holding : state.members[own.member].holdings) {
    for (const auto& [owed, amount] :
         unsettled(state, MemberId{own.member}, holding.share_class, ~u64{0}).amounts) {
      if (owed != asset) continue;
      const auto sum = total.checked_add(amount);
      MOOT_CHECK(sum.has_value(), "what one may spend is a part of the supply");
      total = *sum;
    }
  }
  return total;
}

u64 unsettled_count(const State& state, AccountId account) {
  const u64 member = state.accounts[account.value].member;
  if (member == kNone) return 0;
  u64 count = 0;
  for (const Holding& holding : state.members[member].holdings)
    count += state.classes[holding.share_class.value].payouts.size() - holding.settled;
  return count;
}

u64 unsettled_count(const State& state, MemberId member, ClassId share_class) {
  const Holding* holding = state.members[member.value].holding(share_class);
  return holding ? state.classes[share_class.value].payouts.size() - holding->settled : 0;
}

u64 unsettled_by_leaving(const State& state, MemberId member) {
  u64 count = 0;
  for (const Holding& holding : state.members[member.value].holdings)
    if (holding.units.last() != 0) count += unsettled_count(state, member, holding.share_class);
  return count;
}

u64 settle_class(Execution& run, MemberId member, ClassId share_class, u64 limit) {
  State& state = run.state;
  const u64 count = std::min(unsettled_count(state, member, share_class), limit);
  if (count == 0) return 0;
  const AccountId account = state.members[member.value].account;
  const Holding holding = *state.members[member.value].holding(share_class);
  std::vector<std::pair<AssetId, Amount>> amounts;
  for (u64 i = 0; i < count; ++i) {
    const SaleId sale = state.classes[share_class.value].payouts[holding.settled + i];
    const Due due = due_to(state, sale, member, holding);
    add_to(amounts, due.asset, due.amount);
    if (due.amount.is_zero()) continue;
    change_sale(state, sale, [&due](Sale& record) { take_from_record(record, due); });
    pay_out(state, &Asset::owed, account, {due.asset, due.amount});
  }
  change_member(state, member, [&](Member& record) {
    for (Holding& own : record.holdings)
      if (own.share_class == share_class) own.settled += static_cast<u32>(count);
  });
  run.settled += count;
  for (const auto& [asset, amount] : amounts)
    run.emit({.kind = EventKind::settled,
              .a = member.value,
              .b = share_class.value,
              .c = asset.value,
              .amount = amount});
  return count;
}

void settle_account(Execution& run, AccountId account) {
  const u64 member = run.state.accounts[account.value].member;
  if (member == kNone) return;
  std::vector<ClassId> classes;
  for (const Holding& holding : run.state.members[member].holdings) classes.push_back(holding.share_class);
  for (const ClassId share_class : classes) settle_class(run, MemberId{member}, share_class, ~u64{0});
}

}  // namespace moot::ledger
