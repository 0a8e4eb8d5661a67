// A payout is written once, adds up, and what remains of it falls exactly by what members settle (rules.md
// §6.4–6.6).
#include <map>

#include "base/math.hpp"
#include "ledger/laws/laws.hpp"
#include "ledger/payout.hpp"

namespace moot::ledger {
namespace {

struct Taken {
  u128 amount = 0;
  u64 extras = 0;
};
using TakenBySale = std::map<u64, Taken>;

PayoutTerms terms_of(const State& state, u64 sale, const PayoutRecord& record) {
  return {.ledger_id = state.chain->ledger_id,
          .sale = SaleId{sale},
          .amount = record.amount,
          .record_height = record.record_height};
}

void add_entitlement(TakenBySale& taken, const State& state, u64 sale, MemberId member,
                     const Holding& holding) {
  const PayoutRecord& record = *state.sales[sale].payout;
  const Units units{holding.units.at(record.record_height)};
  const Amount exact = entitlement(terms_of(state, sale, record), record, member, units);
  const u128 whole = mul_div(record.amount.raw(), units.raw(), record.total.raw())->quotient;
  Taken& sum = taken[sale];
  sum.amount += exact.raw();
  sum.extras += exact.raw() == whole ? 0 : 1;
}

// What the block's settlements should have taken from each payout.
TakenBySale taken_here(const Step& step, Findings& findings) {
  TakenBySale taken;
  for_touched(step.before.members, step.after.members, step.changes.members,
              [&](u64 id, const Member* before, const Member& after) {
                for (const Holding& holding : after.holdings) {
                  const Holding* was = before ? before->holding(holding.share_class) : nullptr;
                  const auto& payouts = step.after.classes[holding.share_class.value].payouts;
                  findings.expect(holding.settled <= payouts.size(),
                                  "a member settled payouts that do not exist", id);
                  if (!was || holding.settled > payouts.size()) continue;
                  findings.expect(holding.settled >= was->settled, "a member's settled payouts came back",
                                  id);
                  for (u64 i = was->settled; i < holding.settled; ++i)
                    add_entitlement(taken, step.after, payouts[i].value, MemberId{id}, holding);
                }
              });
  return taken;
}

void check_record(const State& state, u64 id, const Sale& sale, Findings& findings) {
  const PayoutRecord& record = *sale.payout;
  findings.expect(sale.state == SaleState::paid_out, "a payout record without a payout", id);
  findings.expect(record.remaining <= record.amount && record.extra_left <= record.extras &&
                      record.extra_left <= record.remaining.raw(),
                  "what remains of a payout is more than it was", id);
  findings.expect(record.amount.raw() + sale.reserve.raw() == sale.proceeds().raw(),
                  "reserve and payout are not the proceeds", id);
  const u64 total = state.classes[sale.terms.share_class.value].total.at(sale.record_height);
  findings.expect(record.total.raw() == total && record.record_height == sale.record_height,
                  "a payout over other units than the class had at the record height", id);
}

// The record without what settlement changes.
PayoutRecord fixed_part(PayoutRecord record) {
  record.remaining = record.amount;
  record.extra_left = record.extras;
  return record;
}

void check_sales(const Step& step, TakenBySale taken, Findings& findings) {
  for_touched(step.before.sales, step.after.sales, step.changes.sales,
              [&](u64 id, const Sale* before, const Sale& after) {
                const bool had = before && before->payout;
                findings.expect(
                    !had || (after.payout && fixed_part(*after.payout) == fixed_part(*before->payout)),
                    "a payout's record changed", id);
                if (!after.payout) return;
                check_record(step.after, id, after, findings);
                const PayoutRecord was = had ? *before->payout : fixed_part(*after.payout);
                const Taken expected = taken[id];
                taken.erase(id);
                findings.expect(was.remaining.raw() - after.payout->remaining.raw() == expected.amount &&
                                    was.extra_left - after.payout->extra_left == expected.extras,
                                "what remains of a payout did not fall by what was settled", id);
              });
  for (const auto& [id, rest] : taken)
    findings.expect(rest.amount == 0, "a settlement that its payout does not know of", id);
}

// A class's list of payouts only grows, by payouts of this class that this block executed.
void check_lists(const Step& step, Findings& findings) {
  for_touched(step.before.classes, step.after.classes, step.changes.classes,
              [&](u64 id, const ShareClass* before, const ShareClass& after) {
                const std::size_t had = before ? before->payouts.size() : 0;
                const bool kept = had <= after.payouts.size() &&
                                  (had == 0 || std::equal(before->payouts.begin(), before->payouts.end(),
                                                          after.payouts.begin()));
                findings.expect(kept, "a class forgot payouts", id);
                for (std::size_t i = had; kept && i < after.payouts.size(); ++i) {
                  const Sale* sale = step.after.sales.find(after.payouts[i].value);
                  findings.expect(sale && sale->payout && sale->terms.share_class.value == id &&
                                      sale->paid_out == step.after.height(),
                                  "a class lists a payout that is not its own", id);
                }
              });
}

void after_block(const Step& step, Findings& findings) {
  const std::size_t before = findings.breaches().size();
  check_lists(step, findings);
  TakenBySale taken = taken_here(step, findings);
  if (findings.breaches().size() == before) check_sales(step, std::move(taken), findings);
}

// Every payout again from every member's units: the parts are the whole, and what is not settled is what
// remains.
void check_whole(const State& state, u64 class_id, std::size_t index, Findings& findings) {
  const u64 id = state.classes[class_id].payouts[index].value;
  const PayoutRecord& record = *state.sales[id].payout;
  std::vector<Share> shares;
  TakenBySale left;
  for (u64 i = 0; i < state.members.size(); ++i) {
    const Holding* holding = state.members[i].holding(ClassId{class_id});
    if (!holding) continue;
    shares.push_back({MemberId{i}, Units{holding->units.at(record.record_height)}});
    if (holding->settled <= index) add_entitlement(left, state, id, MemberId{i}, *holding);
  }
  findings.expect(payout_adds_up(terms_of(state, id, record), shares, fixed_part(record)), "a payout adds up",
                  id);
  findings.expect(left[id].amount == record.remaining.raw() && left[id].extras == record.extra_left,
                  "what is not settled is what remains of a payout", id);
}

void full_sums(const State& state, Findings& findings) {
  for (u64 i = 0; i < state.sales.size(); ++i)
    if (state.sales[i].payout) check_record(state, i, state.sales[i], findings);
  for (u64 i = 0; i < state.classes.size(); ++i)
    for (std::size_t n = 0; n < state.classes[i].payouts.size(); ++n) check_whole(state, i, n, findings);
}

}  // namespace

const Law kPayoutLaw{"payouts", after_block, full_sums};

}  // namespace moot::ledger
