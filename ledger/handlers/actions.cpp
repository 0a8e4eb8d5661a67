// Actions of roles, m of n (rules.md §4; docs/decisions/0010-role-actions.md).
//
// An action is known by its key, so a second holder who sends the same payload approves it as well as one who
// sends ApproveAction does. Approvals of those who have lost the role stay on record and do not count.
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

// m of one role for one kind, as it stands.
u64 needed(const RoleTable& table, Role role, TxKind kind) {
  if (kind == TxKind::revoke_units && role == Role::auditor) return 1;  // 3.6
  const u64 m = table.threshold_for(kind);
  const bool two_at_least = kind == TxKind::recover_key && table.holders.size() >= 2;  // 3.9
  return two_at_least ? std::max<u64>(m, 2) : m;
}

bool may_approve(const State& state, TxKind kind, AccountId account, TimeMs now) {
  const auto roles = roles_needed(kind);
  return std::any_of(roles.begin(), roles.end(),
                     [&](Role role) { return (*state.roles)[role].holder(account, now) != nullptr; });
}

bool holds_deciding_role(const State& state, AccountId account, TimeMs now) {
  return std::ranges::any_of(kExclusiveRoles,
                             [&](Role role) { return (*state.roles)[role].holder(account, now) != nullptr; });
}

// Whether those who approve, as far as they hold the role now, are enough of every role. One approval an account.
bool enough(const State& state, TimeMs now, TxKind kind, std::span<const Approval> approvals) {
  return std::ranges::all_of(roles_needed(kind), [&](Role role) {
    const RoleTable& table = (*state.roles)[role];
    const auto count = std::ranges::count_if(approvals, [&](const Approval& one) {
      return now < one.expires && table.holder(one.account, now) != nullptr;
    });
    return static_cast<u64>(count) >= needed(table, role, kind);
  });
}

template <class Matches>
const OpenAction* find_action(const State& state, Matches&& matches) {
  const auto& list = state.actions->list;
  const auto at = std::ranges::find_if(list, matches);
  return at == list.end() ? nullptr : &*at;
}
const OpenAction* action_by_key(const State& state, const ActionKey& key) {
  return find_action(state, [&](const OpenAction& one) { return one.key == key; });
}
const OpenAction* action_by_id(const State& state, u64 id) {
  return find_action(state, [&](const OpenAction& one) { return one.id == id; });
}
OpenAction& edit_action(State& state, u64 id) {
  return *std::ranges::find(state.actions.edit().list, id, &OpenAction::id);
}
void remove_action(State& state, u64 id) {
  std::erase_if(state.actions.edit().list, [&](const OpenAction& one) { return one.id == id; });
}

Payload payload_of(const OpenAction& action) {
  auto payload = decoded<Payload>(action.payload);
  MOOT_CHECK(payload.has_value(), "an open action holds what was encoded into it");
  return std::move(*payload);
}

// Who has approved before, the approver in front of us last.
std::vector<Approval> with_approval(const OpenAction* open, const Approval& mine) {
  std::vector<Approval> out;
  if (open) out = open->approvals;
  std::erase_if(out, [&](const Approval& one) { return one.account == mine.account; });
  out.push_back(mine);
  return out;
}

bool has_approved(const OpenAction& open, AccountId account, TimeMs now) {
  return std::ranges::any_of(
      open.approvals, [&](const Approval& one) { return one.account == account && now < one.expires; });
}

u64 opened_by(const State& state, AccountId account) {
  return static_cast<u64>(std::ranges::count(state.actions->list, account, &OpenAction::opener));
}

Verdict check_expiry(const View& view, TimeMs expires) {
  if (expires.is_zero()) return {};
  const bool past = expires <= view.now;
  if (past || expires.raw() - view.now.raw() > view.state.param(Param::action_expiry_max_ms))
    return refuse(TxError::expires_out_of_range);
  return {};
}

// 0 asks for the longest.
TimeMs expiry_of(const State& state, TimeMs now, TimeMs asked) {
  return asked.is_zero() ? later(now, DurationMs{state.param(Param::action_expiry_max_ms)}) : asked;
}

// One more approval by the sender, who holds a role that this kind needs. When it completes the count the payload
// itself is judged, its form too: parameters may have changed since the action was opened.
Verdict check_approval(const View& view, const OpenAction* open, const Payload& payload, TimeMs expires) {
  const AccountId account = *view.sender.account;
  FirstRefusal first;
  first.add(check_expiry(view, expires));
  if (open && has_approved(*open, account, view.now)) {
    first.add(refuse(TxError::already_approved));
  } else if (enough(view.state, view.now, kind_of(payload),
                    with_approval(open, {account, TimeMs{~u64{0}}}))) {
    const auto& parameters = view.state.rules->parameters;
    first.add(std::visit([&](const auto& one) { return check_shape(one, parameters); }, payload));
    first.add(check_payload(view, payload));
  } else {
    const bool full =
        !open && opened_by(view.state, account) >= view.state.param(Param::open_actions_per_holder);
    first.add_if(full, TxError::too_many_open_actions);
  }
  return first.verdict();
}

// Runs what now has its approvals; nothing of the action is left.
u64 complete(Execution& run, const OpenAction* open, const Payload& payload) {
  if (!open) return execute_payload(run, payload);
  const u64 id = open->id;
  remove_action(run.state, id);
  run.emit({.kind = EventKind::action_approved, .a = id, .b = run.sender.account->value});
  const u64 detail = execute_payload(run, payload);
  run.emit({.kind = EventKind::action_executed, .a = id});
  return detail;
}

u64 open_action(Execution& run, const Payload& payload) {
  const u64 id = run.state.counters.edit().next_action++;
  run.state.actions.edit().list.push_back({.id = id,
                                           .key = action_key(payload),
                                           .kind = kind_of(payload),
                                           .payload = encoded(payload),
                                           .opener = *run.sender.account,
                                           .opened = run.height,
                                           .approvals = {}});
  run.emit({.kind = EventKind::action_opened, .a = id, .b = static_cast<u64>(kind_of(payload))});
  return id;
}

// Gives the payload's own detail when it ran, else the action's id.
u64 approve(Execution& run, const OpenAction* open, const Payload& payload, TimeMs expires) {
  const Approval mine{*run.sender.account, expiry_of(run.state, run.now, expires)};
  auto approvals = with_approval(open, mine);
  if (enough(run.state, run.now, kind_of(payload), approvals)) return complete(run, open, payload);
  const u64 id = open ? open->id : open_action(run, payload);
  edit_action(run.state, id).approvals = std::move(approvals);
  run.emit({.kind = EventKind::action_approved, .a = id, .b = mine.account.value});
  return id;
}

bool is_stale(const State& state, TimeMs now, const OpenAction& action) {
  return std::ranges::none_of(action.approvals, [&](const Approval& one) {
    return now < one.expires && may_approve(state, action.kind, one.account, now);
  });
}

}  // namespace

Verdict check_role_payload(const View& view, const Payload& payload) {
  if (!may_approve(view.state, kind_of(payload), *view.sender.account, view.now))
    return refuse(TxError::role_needed);
  return check_approval(view, action_by_key(view.state, action_key(payload)), payload,
                        approval_expiry(payload));
}

u64 execute_role_payload(Execution& run, const Payload& payload) {
  return approve(run, action_by_key(run.state, action_key(payload)), payload, approval_expiry(payload));
}

// Not due work: whoever has no approval left waits for nothing, so no block is made for it.
void drop_stale_actions(Execution& run) {
  std::vector<u64> stale;
  for (const OpenAction& action : run.state.actions->list)
    if (is_stale(run.state, run.now, action)) stale.push_back(action.id);
  for (const u64 id : stale) {
    remove_action(run.state, id);
    run.emit({.kind = EventKind::action_dropped, .a = id});
  }
}

// ---- ApproveAction ----

Verdict check_shape(const ApproveAction&, const Parameters&) { return {}; }

Verdict check(const View& view, const ApproveAction& tx) {
  const AccountId account = *view.sender.account;
  if (!holds_deciding_role(view.state, account, view.now)) return refuse(TxError::role_needed);
  const OpenAction* open = action_by_id(view.state, tx.action);
  if (!open) return refuse(TxError::no_such_action);
  if (!may_approve(view.state, open->kind, account, view.now)) return refuse(TxError::role_needed);
  if (open->key != tx.key) return refuse(TxError::wrong_action_key);
  return check_approval(view, open, payload_of(*open), tx.expires);
}

u64 execute(Execution& run, const ApproveAction& tx) {
  const OpenAction* open = action_by_id(run.state, tx.action);
  const Payload payload = payload_of(*open);
  const u64 detail = approve(run, open, payload, tx.expires);
  if (!action_by_id(run.state, tx.action)) run.entries += weight(payload) - 1;  // it ran here (2.3)
  return detail;
}

// ---- RevokeApproval ----

Verdict check_shape(const RevokeApproval&, const Parameters&) { return {}; }

Verdict check(const View& view, const RevokeApproval& tx) {
  const OpenAction* open = action_by_id(view.state, tx.action);
  if (!open) return refuse(TxError::no_such_action);
  const bool approved = std::ranges::count(open->approvals, *view.sender.account, &Approval::account) != 0;
  return approved ? Verdict{} : refuse(TxError::not_approved);
}

u64 execute(Execution& run, const RevokeApproval& tx) {
  const AccountId account = *run.sender.account;
  OpenAction& action = edit_action(run.state, tx.action);
  std::erase_if(action.approvals, [&](const Approval& one) { return one.account == account; });
  run.emit({.kind = EventKind::approval_revoked, .a = tx.action, .b = account.value});
  if (!action.approvals.empty()) return 0;
  remove_action(run.state, tx.action);
  run.emit({.kind = EventKind::action_dropped, .a = tx.action});
  return 0;
}

}  // namespace moot::ledger
