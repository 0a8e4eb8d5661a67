// Who holds a role, what auditors state, and members' suspension and expulsion (rules.md §3.2, §3.10, §5.11;
// docs/decisions/0011-roles-that-lose-holders.md).
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/membership.hpp"
#include "ledger/money.hpp"
#include "ledger/registers.hpp"
#include "ledger/settlement.hpp"
#include "ledger/text.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

// EventKind::role_changed, c, beside the values of RoleChangeKind.
constexpr u64 kResigned = 5;
constexpr u64 kExpired = 6;

// A holder whose key was rotated is meant by the old address too, or rotating would be a way out of a removal.
std::optional<AccountId> named_account(const State& state, const Address& address) {
  const auto leaf = state.leaf_of(address);
  if (!leaf) return std::nullopt;
  const Account& account = state.accounts[leaf->value];
  return account.retired() ? AccountId{account.extra->retired_of} : *leaf;
}

bool holds(const RoleTable& table, AccountId account) {
  return std::ranges::count(table.holders, account, &Holder::account) != 0;
}

// 3.10: one holder fewer must still be enough for every m.
bool can_spare_one(const RoleTable& table) {
  u64 highest = table.threshold;
  for (const KindThreshold& own : table.thresholds) highest = std::max<u64>(highest, own.threshold);
  return table.holders.size() > highest;
}

void remove_holder(Execution& run, Role role, AccountId account, u64 why) {
  change_roles(run.state, [&](Roles& roles) {
    std::erase_if(roles[role].holders, [&](const Holder& one) { return one.account == account; });
  });
  run.emit({.kind = EventKind::role_changed, .a = static_cast<u64>(role), .b = account.value, .c = why});
}

// 5.11: guardians serve for a time. 0 is no end for every other role.
Verdict check_term(const View& view, const RoleChange& change) {
  if (change.role != Role::guardian) return {};
  if (change.term.is_zero() || change.term.raw() > view.state.param(Param::guardian_term_max_ms))
    return refuse(TxError::parameter_out_of_range);
  return {};
}

TimeMs end_of(const RoleChange& change, TimeMs now) {
  return change.term.is_zero() ? TimeMs{} : later(now, change.term);
}

// Conflicts of a new holder: the role it has already, another exclusive one, a validator's key that somebody uses.
Verdict check_grant(const View& view, const RoleChange& change) {
  const Roles& roles = *view.state.roles;
  FirstRefusal first;
  if (const auto account = named_account(view.state, change.holder)) {
    first.add_if(holds(roles[change.role], *account), TxError::role_conflict);
    for (const Role other : kExclusiveRoles)
      first.add_if(is_exclusive(change.role) && holds(roles[other], *account), TxError::role_conflict);
  }
  const auto& validators = roles[Role::validator].holders;
  first.add_if(change.role == Role::validator &&
                   std::ranges::count(validators, change.validator_key, &Holder::validator_key) != 0,
               TxError::role_conflict);
  first.add(check_term(view, change));
  return first.verdict();
}

Verdict check_present(const View& view, const RoleChange& change) {
  const auto account = named_account(view.state, change.holder);
  if (!account) return refuse(TxError::no_account);
  if (!holds((*view.state.roles)[change.role], *account)) return refuse(TxError::role_needed);
  return {};
}

// The m that stands for what a change of threshold names.
u64 present_threshold(const RoleTable& table, const RoleChange& change) {
  return change.tx_kind == 0 ? table.threshold : table.threshold_for(static_cast<TxKind>(change.tx_kind));
}

// A lower m is allowed whatever n is: it brings a role that has lost holders nearer to acting (3.10).
Verdict check_threshold(const View& view, const RoleChange& change) {
  const RoleTable& table = (*view.state.roles)[change.role];
  if (change.tx_kind != 0) {
    const TxKind kind = static_cast<TxKind>(change.tx_kind);
    const bool fixed = kind == TxKind::revoke_units && change.role == Role::auditor;  // always 1 (3.6)
    if (fixed || std::ranges::count(roles_needed(kind), change.role) == 0) return refuse(TxError::wrong_kind);
  }
  const bool raises = change.threshold > present_threshold(table, change);
  const bool unreachable = raises && change.threshold > table.holders.size();
  const bool acts_alone = !is_exclusive(change.role) && change.threshold != 1;
  if (change.threshold == 0 || unreachable || acts_alone) return refuse(TxError::role_threshold);
  return {};
}

void set_threshold(RoleTable& table, const RoleChange& change) {
  if (change.tx_kind == 0) {
    table.threshold = change.threshold;
    return;
  }
  const TxKind kind = static_cast<TxKind>(change.tx_kind);
  const auto at = std::ranges::lower_bound(table.thresholds, kind, {}, &KindThreshold::kind);
  if (at != table.thresholds.end() && at->kind == kind)
    at->threshold = change.threshold;
  else
    table.thresholds.insert(at, {kind, change.threshold});
}

void add_holder(Execution& run, const RoleChange& change, AccountId account) {
  change_roles(run.state, [&](Roles& roles) {
    auto& holders = roles[change.role].holders;
    holders.insert(std::ranges::lower_bound(holders, account, {}, &Holder::account),
                   {.account = account,
                    .expires = end_of(change, run.now),
                    .validator_key = change.validator_key,
                    .comet_key = {}});
  });
}

void set_term(Execution& run, Role role, AccountId account, TimeMs expires) {
  change_roles(run.state, [&](Roles& roles) {
    std::ranges::find(roles[role].holders, account, &Holder::account)->expires = expires;
  });
}

}  // namespace

// ---- a proposal's changes of roles ----

Verdict check_role_change(const View& view, const RoleChange& change) {
  switch (change.change) {
    case RoleChangeKind::grant: return check_grant(view, change);
    case RoleChangeKind::renew: {
      if (const Verdict present = check_present(view, change); !present) return present;
      return check_term(view, change);
    }
    case RoleChangeKind::remove: {
      if (const Verdict present = check_present(view, change); !present) return present;
      if (!can_spare_one((*view.state.roles)[change.role])) return refuse(TxError::role_threshold);
      return {};
    }
    case RoleChangeKind::set_threshold: return check_threshold(view, change);
  }
  return refuse(TxError::bad_value);
}

void execute_role_change(Execution& run, const RoleChange& change) {
  const u64 kind = static_cast<u64>(change.change);
  if (change.change == RoleChangeKind::set_threshold) {
    change_roles(run.state, [&](Roles& roles) { set_threshold(roles[change.role], change); });
    run.emit({.kind = EventKind::role_changed, .a = static_cast<u64>(change.role), .b = kNone, .c = kind});
    return;
  }
  const auto known = named_account(run.state, change.holder);
  const AccountId account = known ? *known : account_for(run, change.holder);
  if (change.change == RoleChangeKind::remove) return remove_holder(run, change.role, account, kind);
  if (change.change == RoleChangeKind::grant)
    add_holder(run, change, account);
  else
    set_term(run, change.role, account, end_of(change, run.now));
  run.emit(
      {.kind = EventKind::role_changed, .a = static_cast<u64>(change.role), .b = account.value, .c = kind});
}

// The term ends whatever n and m are: a role that is left with too few waits for the members to replace it. Only
// the last validator stays, without a term, because without one no block could ever appoint another.
void run_role_expiry(Execution& run, Role role, AccountId account) {
  const bool last_validator = role == Role::validator && (*run.state.roles)[role].holders.size() == 1;
  if (last_validator) return set_term(run, role, account, TimeMs{});
  remove_holder(run, role, account, kExpired);
}

// ---- ResignRole ----

Verdict check_shape(const ResignRole&, const Parameters&) { return {}; }

Verdict check(const View& view, const ResignRole& tx) {
  const RoleTable& table = (*view.state.roles)[tx.role];
  if (!table.holder(*view.sender.account, view.now)) return refuse(TxError::role_needed);
  if (!can_spare_one(table)) return refuse(TxError::role_threshold);
  return {};
}

u64 execute(Execution& run, const ResignRole& tx) {
  remove_holder(run, tx.role, *run.sender.account, kResigned);
  return 0;
}

// ---- AttestAudit ----

Verdict check_shape(const AttestAudit& tx, const Parameters&) {
  FirstRefusal first;
  if (const auto text = check_text(TextUse::reason, tx.verdict); !text) first.add(refuse(text.error()));
  first.add_if(tx.from_height > tx.to_height || tx.state_root.is_zero(), TxError::bad_value);
  return first.verdict();
}

// Whether the root is right is for readers to compare: a state does not hold the roots of those before it.
Verdict check(const View& view, const AttestAudit& tx) {
  if (!(*view.state.roles)[Role::auditor].holder(*view.sender.account, view.now))
    return refuse(TxError::role_needed);
  if (tx.to_height >= view.height) return refuse(TxError::wrong_state_root);
  return {};
}

u64 execute(Execution& run, const AttestAudit& tx) {
  run.emit({.kind = EventKind::audit_attested,
            .a = tx.from_height.raw(),
            .b = tx.to_height.raw(),
            .c = run.sender.account->value});
  return 0;
}

// ---- a proposal's measures against members ----

// Only an Active member is suspended, so that no suspension outlasts its limit by being renewed before its end (3.2).
Verdict check_member_action(const View& view, const MemberAction& action) {
  const Member& member = view.state.members[action.member.value];
  const bool may = action.expel ? !is_former(member) : member.is_active();
  if (!may) return refuse(TxError::not_active);
  if (!action.expel) return {};
  return check_settles(view, unsettled_by_leaving(view.state, action.member));
}

void execute_member_action(Execution& run, const MemberAction& action) {
  if (action.expel) return set_status(run, action.member, MemberStatus::expelled);
  set_status(run, action.member, MemberStatus::suspended);
  change_member(run.state, action.member, [&](Member& member) {
    member.extra.edit().suspended_until = later(run.now, action.suspension);
  });
}

void run_suspension_end(Execution& run, MemberId member) { set_status(run, member, MemberStatus::active); }

}  // namespace moot::ledger
