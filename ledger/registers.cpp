#include "ledger/registers.hpp"

#include "ledger/settlement.hpp"

namespace moot::ledger {
namespace {

u64 moved(u64 value, u64 from, u64 to) {
  MOOT_CHECK(value >= from, "a register holds what is taken from it");
  const u64 rest = value - from;
  MOOT_CHECK(to <= ~u64{0} - rest, "a register does not overflow");
  return rest + to;
}

// register := register − from + to, after this block.
void move_register(History& history, Height height, u64 from, u64 to) {
  if (from != to) history.set(height, moved(history.last(), from, to));
}

History& delegated_register(Member& member, BasisKey basis) {
  auto& list = member.extra.edit().delegated;
  auto it = std::lower_bound(list.begin(), list.end(), basis,
                             [](const DelegatedPower& one, BasisKey key) { return one.basis < key; });
  if (it == list.end() || it->basis != basis)
    it = list.insert(it, DelegatedPower{.basis = basis, .power = {}});
  return it->power;
}

void move_delegated(Execution& run, const Member& delegator, BasisKey basis, u64 from, u64 to) {
  const u64 delegate = delegator.extra->delegate.last();
  if (delegate == 0 || from == to) return;
  move_register(delegated_register(run.state.members.edit(delegate - 1), basis), run.height, from, to);
}

// The power of an Active member enters (or leaves) every total and its delegate's hands.
void count_active(Execution& run, MemberId id, bool entering) {
  const Member member = run.state.members[id.value];
  const bool confirmed = run.state.confirmed(id).has_value();
  const auto step = [&](History& total, u64 power) {
    move_register(total, run.height, entering ? 0 : power, entering ? power : 0);
  };
  Counters& counters = run.state.counters.edit();
  step(counters.active_members, 1);
  if (confirmed) step(counters.confirmed_members, 1);
  move_delegated(run, member, BasisKey::members(), entering ? 0 : 1, entering ? 1 : 0);
  for (const Holding& holding : member.holdings) {
    const u64 units = holding.units.last();
    if (units == 0) continue;
    ShareClass& share_class = run.state.classes.edit(holding.share_class.value);
    step(share_class.active, units);
    if (confirmed) step(share_class.confirmed_active, units);
    move_delegated(run, member, BasisKey::units_of(holding.share_class), entering ? 0 : units,
                   entering ? units : 0);
  }
}

Holding& holding_of(Member& member, const ShareClass& share_class, ClassId id) {
  auto& list = member.holdings;
  auto it = std::lower_bound(list.begin(), list.end(), id,
                             [](const Holding& one, ClassId key) { return one.share_class < key; });
  if (it == list.end() || it->share_class != id)
    it = list.insert(
        it, Holding{.share_class = id, .units = {}, .settled = static_cast<u32>(share_class.payouts.size())});
  return *it;
}

// Before a day's first change of the total: what the day's grants are measured against (3.6).
void begin_day(ShareClass& share_class, TimeMs now) {
  const u64 day = day_of(now);
  if (share_class.grant_day == day) return;
  share_class.grant_day = day;
  share_class.day_start_total = Units{share_class.total.last()};
  share_class.day_granted = Units{};
}

}  // namespace

bool eligible(const State& state, MemberId member, bool confirmed_only, Height record_height) {
  return state.members[member.value].status_at(record_height) == MemberStatus::active &&
         (!confirmed_only || state.confirmed_at(member, record_height));
}

Power weight_of(const Member& member, BasisKey basis, Height record_height) {
  if (!basis.is_units()) return Power{1};
  return Power{member.units_at(basis.share_class(), record_height).raw()};
}

Power electorate_power(const State& state, BasisKey basis, bool confirmed_only, Height record_height) {
  if (!basis.is_units()) {
    const Counters& counters = *state.counters;
    return Power{(confirmed_only ? counters.confirmed_members : counters.active_members).at(record_height)};
  }
  const ShareClass& share_class = state.classes[basis.share_class().value];
  return Power{(confirmed_only ? share_class.confirmed_active : share_class.active).at(record_height)};
}

Height record_height_for(const State& state, Height height, TimeMs now, DurationMs lag) {
  if (lag.is_zero()) return Height{height.raw() - 1};
  if (now.raw() < lag.raw()) return Height{0};
  const u64 latest = now.raw() - lag.raw();
  const auto& ring = state.marks->ring;
  for (auto mark = ring.rbegin(); mark != ring.rend(); ++mark)
    if (mark->time.raw() <= latest) return mark->height;
  return Height{0};
}

void append_mark(State& state, TimeMs now) {
  const u64 interval = state.param(Param::mark_interval_ms);
  if (now.raw() / interval == state.time().raw() / interval) return;
  auto& ring = state.marks.edit().ring;
  if (ring.size() == kMarkRing) ring.erase(ring.begin());
  ring.push_back({.time = state.time(), .height = state.height()});
}

MemberId add_member(Execution& run, AccountId account, const Hash& consent_hash) {
  Member member;
  member.account = account;
  member.joined = run.height;
  member.consent_hash = consent_hash;
  member.status.set(run.height, static_cast<u64>(MemberStatus::active));
  const MemberId id{run.state.members.push(std::move(member))};
  run.state.accounts.edit(account.value).member = id.value;
  count_active(run, id, true);
  run.emit({.kind = EventKind::member_admitted, .a = id.value, .b = account.value});
  return id;
}

void set_units(Execution& run, MemberId id, ClassId class_id, Units units) {
  if (run.state.members[id.value].units_now(class_id) == units) return;
  settle_class(run, id, class_id, ~u64{0});
  ShareClass& share_class = run.state.classes.edit(class_id.value);
  Member& member = run.state.members.edit(id.value);
  Holding& holding = holding_of(member, share_class, class_id);
  const u64 from = holding.units.last();
  const u64 to = units.raw();
  begin_day(share_class, run.now);
  holding.units.set(run.height, to);
  move_register(share_class.total, run.height, from, to);
  if (member.is_active()) {
    move_register(share_class.active, run.height, from, to);
    if (run.state.confirmed(id)) move_register(share_class.confirmed_active, run.height, from, to);
    move_delegated(run, member, BasisKey::units_of(class_id), from, to);
  }
  run.emit({.kind = EventKind::units_changed, .a = id.value, .b = class_id.value, .c = to});
}

std::optional<Units> grant_room(const State& state, ClassId class_id, TimeMs now) {
  const ShareClass& share_class = state.classes[class_id.value];
  const bool begun = share_class.grant_day == day_of(now);
  const u64 start = begun ? share_class.day_start_total.raw() : share_class.total.last();
  const u64 granted = begun ? share_class.day_granted.raw() : 0;
  const u64 ppm = state.param(Param::grant_cap_ppm);
  if (ppm == 0 || start == 0) return std::nullopt;
  const u128 cap = static_cast<u128>(start) * ppm / kMillion;  // rounds down
  return Units{cap <= granted ? 0 : static_cast<u64>(std::min<u128>(cap - granted, ~u64{0}))};
}

void grant_units(Execution& run, MemberId id, ClassId class_id, Units units) {
  if (units.is_zero()) return;
  const auto sum = run.state.members[id.value].units_now(class_id).checked_add(units);
  MOOT_CHECK(sum.has_value(), "the class total, which is no less, was checked");
  set_units(run, id, class_id, *sum);
  ShareClass& share_class = run.state.classes.edit(class_id.value);
  // Units that are granted, revoked and granted again count twice, so an uncapped day may reach the end of the number.
  share_class.day_granted = share_class.day_granted.checked_add(units).value_or(Units{~u64{0}});
}

void set_status(Execution& run, MemberId id, MemberStatus status) {
  const MemberStatus from = run.state.members[id.value].status_now();
  if (from == status) return;
  const bool leaving = status == MemberStatus::left || status == MemberStatus::expelled;
  if (leaving) {
    const auto holdings = run.state.members[id.value].holdings;
    for (const Holding& holding : holdings) set_units(run, id, holding.share_class, Units{});
    set_delegate(run, id, std::nullopt);
  }
  if (from == MemberStatus::active) count_active(run, id, false);
  change_member(run.state, id, [&](Member& member) {
    member.status.set(run.height, static_cast<u64>(status));
    if (status != MemberStatus::suspended) member.extra.edit().suspended_until = TimeMs{};
    member.settle();
  });
  if (status == MemberStatus::active) count_active(run, id, true);
  run.emit({.kind = EventKind::status_changed, .a = id.value, .b = static_cast<u64>(status)});
}

void set_delegate(Execution& run, MemberId id, std::optional<MemberId> delegate) {
  const u64 to = delegate ? delegate->value + 1 : 0;
  const Member before = run.state.members[id.value];
  if (before.extra->delegate.last() == to) return;
  const auto move_all = [&](const Member& member, bool entering) {
    if (!member.is_active()) return;
    move_delegated(run, member, BasisKey::members(), entering ? 0 : 1, entering ? 1 : 0);
    for (const Holding& holding : member.holdings) {
      const u64 units = holding.units.last();
      move_delegated(run, member, BasisKey::units_of(holding.share_class), entering ? 0 : units,
                     entering ? units : 0);
    }
  };
  move_all(before, false);
  run.state.members.edit(id.value).extra.edit().delegate.set(run.height, to);
  move_all(Member(run.state.members[id.value]), true);
  run.emit({.kind = EventKind::delegate_changed, .a = id.value, .b = to});
}

void confirm_member(Execution& run, MemberId id) {
  if (run.state.confirmed(id)) return;
  set_confirmed(run.state, id, run.height);
  run.emit({.kind = EventKind::confirmed, .a = id.value});
  const Member& member = run.state.members[id.value];
  if (!member.is_active()) return;
  move_register(run.state.counters.edit().confirmed_members, run.height, 0, 1);
  for (const Holding& holding : member.holdings)
    move_register(run.state.classes.edit(holding.share_class.value).confirmed_active, run.height, 0,
                  holding.units.last());
}

void end_recovery(Execution& run, MemberId id) {
  if (!run.state.members[id.value].extra->recovery) return;
  change_member(run.state, id, [](Member& member) {
    member.extra.edit().recovery.reset();
    member.settle();
  });
  run.emit({.kind = EventKind::recovery_ended, .a = id.value});
}

}  // namespace moot::ledger
