// Totals, counts and delegated power are the sums of what members hold, and no register's past changes
// (rules.md §3.3, §3.4).
#include <map>

#include "ledger/laws/laws.hpp"

namespace moot::ledger {
namespace {

struct ClassSums {
  u64 total = 0;
  u64 active = 0;
  u64 confirmed_active = 0;
};

// Sums over members; differences of sums are taken modulo 2^64.
struct Registers {
  u64 active_members = 0;
  u64 confirmed_members = 0;
  std::map<u64, ClassSums> classes;
  std::map<std::pair<u64, u64>, u64> delegated;  // (delegate, basis)
};

void add_member(Registers& sums, const State& state, u64 id, u64 sign) {
  const Member& member = state.members[id];
  const bool active = member.is_active();
  const bool confirmed = active && state.confirmed(MemberId{id}).has_value();
  const u64 delegate = active ? member.extra->delegate.last() : 0;
  sums.active_members += active ? sign : 0;
  sums.confirmed_members += confirmed ? sign : 0;
  if (delegate != 0) sums.delegated[{delegate - 1, BasisKey::members().value}] += sign;
  for (const Holding& holding : member.holdings) {
    const u64 units = sign * holding.units.last();
    ClassSums& of = sums.classes[holding.share_class.value];
    of.total += units;
    of.active += active ? units : 0;
    of.confirmed_active += confirmed ? units : 0;
    if (delegate != 0) sums.delegated[{delegate - 1, BasisKey::units_of(holding.share_class).value}] += units;
  }
}

// What the members' own records say stands in their hands.
void add_in_hand(Registers& sums, u64 id, const Member& member, u64 sign) {
  for (const DelegatedPower& one : member.extra->delegated)
    sums.delegated[{id, one.basis.value}] += sign * one.power.last();
}

void check_delegated(const Registers& given, const Registers& in_hand, Findings& findings) {
  auto difference = given.delegated;
  for (const auto& [key, power] : in_hand.delegated) difference[key] -= power;
  for (const auto& [key, power] : difference)
    findings.expect(power == 0, "delegated power is not what delegators hold, delegate", key.first);
}

bool keeps_past(const History* before, const History& after, Height last_block) {
  return after.at(last_block) == (before ? before->last() : 0);
}

void check_members_past(const Step& step, Findings& findings) {
  const Height past = step.before.height();
  for_touched(
      step.before.members, step.after.members, step.changes.members,
      [&](u64 id, const Member* before, const Member& after) {
        bool kept = keeps_past(before ? &before->status : nullptr, after.status, past) &&
                    keeps_past(before ? &before->extra->delegate : nullptr, after.extra->delegate, past);
        for (const Holding& holding : after.holdings) {
          const Holding* was = before ? before->holding(holding.share_class) : nullptr;
          kept = kept && keeps_past(was ? &was->units : nullptr, holding.units, past);
        }
        for (const DelegatedPower& one : after.extra->delegated)
          kept = kept && one.power.at(past) == (before ? before->delegated_at(one.basis, past).raw() : 0);
        findings.expect(kept, "a member's past changed", id);
      });
}

void check_classes(const Step& step, Registers& flows, Findings& findings) {
  for (const u64 id : step.changes.classes) flows.classes.try_emplace(id);
  const Height past = step.before.height();
  for (const auto& [id, flow] : flows.classes) {
    const ShareClass none;
    const ShareClass* known = step.before.classes.find(id);
    const ShareClass& before = known ? *known : none;
    const ShareClass& after = step.after.classes[id];
    findings.expect(
        after.total.last() - before.total.last() == flow.total &&
            after.active.last() - before.active.last() == flow.active &&
            after.confirmed_active.last() - before.confirmed_active.last() == flow.confirmed_active,
        "a class total did not move by what its members' units moved", id);
    findings.expect(
        after.total.last() >= after.active.last() && after.active.last() >= after.confirmed_active.last(),
        "a part of a class is more than the whole", id);
    findings.expect(keeps_past(&before.total, after.total, past) &&
                        keeps_past(&before.active, after.active, past) &&
                        keeps_past(&before.confirmed_active, after.confirmed_active, past),
                    "a class's past changed", id);
  }
}

// visit(member, height + 1 before, height + 1 after) for each confirmation that this block changed. Whole chunks are compared:
// a ballot changes one of 32, so looking each member up by itself would cost more than all else this law does.
template <class Visit>
void for_confirmations(const Step& step, Visit&& visit) {
  static constexpr ConfirmedChunk kNobody{};
  for_touched(step.before.confirmations, step.after.confirmations, step.changes.confirmations,
              [&](u64 chunk, const ConfirmedChunk* before, const ConfirmedChunk& after) {
                const ConfirmedChunk& was = before ? *before : kNobody;
                for (u64 i = 0; i < ConfirmedChunk::kMembers; ++i)
                  if (was.heights[i] != after.heights[i])
                    visit(chunk * ConfirmedChunk::kMembers + i, was.heights[i], after.heights[i]);
              });
}

// Once confirmed, confirmed for ever, since that block.
void check_confirmations_past(const Step& step, Findings& findings) {
  for_confirmations(step, [&](u64 member, u64 before, u64 after) {
    findings.expect(before == 0 && after == step.after.height().raw() + 1,
                    "a confirmation changed, or is of another block, member", member);
  });
}

// What confirming a member adds whose record this block left alone.
void add_confirmation(Registers& flows, const Member& member) {
  if (!member.is_active()) return;
  ++flows.confirmed_members;
  for (const Holding& holding : member.holdings)
    flows.classes[holding.share_class.value].confirmed_active += holding.units.last();
}

void collect_flows(const Step& step, Registers& flows, Registers& in_hand) {
  constexpr u64 kMinus = ~u64{0};
  for (const u64 id : step.changes.members) {
    if (step.before.members.contains(id)) {
      add_member(flows, step.before, id, kMinus);
      add_in_hand(in_hand, id, step.before.members[id], kMinus);
    }
    add_member(flows, step.after, id, 1);
    add_in_hand(in_hand, id, step.after.members[id], 1);
  }
  std::vector<u64> confirmed;  // and otherwise as they were
  for_confirmations(step, [&](u64 member, u64 before, u64 after) {
    const bool counted = std::binary_search(step.changes.members.begin(), step.changes.members.end(), member);
    if (!counted && before == 0 && after != 0) confirmed.push_back(member);
  });
  for_each_fetched(step.after.members, confirmed,
                   [&](u64, const Member& member) { add_confirmation(flows, member); });
}

void after_block(const Step& step, Findings& findings) {
  Registers flows;
  Registers in_hand;
  collect_flows(step, flows, in_hand);
  const Counters& was = *step.before.counters;
  const Counters& is = *step.after.counters;
  findings.expect(is.active_members.last() - was.active_members.last() == flows.active_members &&
                      is.confirmed_members.last() - was.confirmed_members.last() == flows.confirmed_members,
                  "the count of members did not move by the members", 0);
  check_classes(step, flows, findings);
  check_delegated(flows, in_hand, findings);
  check_members_past(step, findings);
  check_confirmations_past(step, findings);
}

void full_sums(const State& state, Findings& findings) {
  Registers sums;
  Registers in_hand;
  for (u64 i = 0; i < state.members.size(); ++i) {
    add_member(sums, state, i, 1);
    add_in_hand(in_hand, i, state.members[i], 1);
  }
  findings.expect(state.counters->active_members.last() == sums.active_members &&
                      state.counters->confirmed_members.last() == sums.confirmed_members,
                  "the count of members is the members", 0);
  for (u64 id = 0; id < state.classes.size(); ++id) {
    const ShareClass& share_class = state.classes[id];
    const ClassSums& of = sums.classes[id];
    findings.expect(share_class.total.last() == of.total && share_class.active.last() == of.active &&
                        share_class.confirmed_active.last() == of.confirmed_active,
                    "a class total is the sum of its members' units", id);
  }
  check_delegated(sums, in_hand, findings);
}

}  // namespace

const Law kRegisterLaw{"registers", after_block, full_sums};

}  // namespace moot::ledger
