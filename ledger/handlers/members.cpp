// Joining, admission, consent, delegation, leaving (rules.md §3.2, §3.8, §5.2).
#include <set>

#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/membership.hpp"
#include "ledger/money.hpp"
#include "ledger/registers.hpp"
#include "ledger/settlement.hpp"

namespace moot::ledger {
namespace {

bool asked_to_join(const State& state, const Address& address) {
  return std::ranges::binary_search(state.joins->list, address, {}, &PendingJoin::address);
}

// A fresh address, one whose account is nobody's membership yet, or a former member's (3.1, 3.2).
std::optional<TxError> may_be_admitted(const State& state, const Address& address) {
  const auto leaf = state.leaf_of(address);
  if (!leaf) return std::nullopt;
  const Account& account = state.accounts[leaf->value];
  if (account.retired()) return TxError::address_taken;
  if (account.member != kNone && !is_former(state.members[account.member])) return TxError::already_member;
  return std::nullopt;
}

MemberId readmit(Execution& run, MemberId member) {
  set_status(run, member, MemberStatus::active);
  run.emit({.kind = EventKind::member_admitted,
            .a = member.value,
            .b = run.state.members[member.value].account.value});
  return member;
}

// What the person stated when asking to join stands, unless the registrar carries a newer consent.
MemberId admit(Execution& run, const Admission& one) {
  const PendingJoin asked = take_join(run, one.address).value_or(PendingJoin{});
  const auto former = run.state.member_of(one.address);
  const MemberId id = former ? readmit(run, *former) : add_member(run, account_for(run, one.address), Hash{});
  Member& member = run.state.members.edit(id.value);
  member.consent_hash = one.consent_hash.is_zero() ? asked.consent_hash : one.consent_hash;
  if (!asked.profile_hash.is_zero()) member.extra.edit().profile_hash = asked.profile_hash;
  return id;
}

}  // namespace

// ---- Join ----

Verdict check_shape(const Join&, const Parameters&) { return {}; }

Verdict check(const View& view, const Join& tx) {
  FirstRefusal first;
  const State& state = view.state;
  const Address& applicant = view.sender.address;
  first.add_if(!holds_role(view, Role::registrar, tx.registrar), TxError::registrar_needed);
  first.add_if(state.param(Param::invites) == 0, TxError::invites_off);
  first.add_if(!tx.invite_valid_until.is_zero() && view.now >= tx.invite_valid_until,
               TxError::attestation_expired);
  first.add_if(state.member_of(applicant).has_value(), TxError::already_member);
  first.add_if(state.leaf_of(applicant).has_value(), TxError::address_taken);
  first.add_if(is_used(state, UsedDomain::invite, tx.invite_code), TxError::invite_used);
  first.add_if(asked_to_join(state, applicant), TxError::already_joined);
  first.add_if(state.joins->list.size() >= state.param(Param::max_pending_joins),
               TxError::too_many_pending_joins);
  return first.verdict();
}

u64 execute(Execution& run, const Join& tx) {
  const bool fresh = use_key(run.state, UsedDomain::invite, tx.invite_code);
  MOOT_CHECK(fresh, "the invite was checked");
  auto& list = run.state.joins.edit().list;
  const Address& applicant = run.sender.address;
  list.insert(std::ranges::lower_bound(list, applicant, {}, &PendingJoin::address),
              {.address = applicant,
               .profile_hash = tx.profile_hash,
               .consent_hash = tx.consent_hash,
               .asked = run.height});
  run.emit({.kind = EventKind::join_asked});
  return 0;
}

// ---- AdmitMembers ----

Verdict check_shape(const AdmitMembers& tx, const Parameters& parameters) {
  if (tx.members.empty()) return refuse(TxError::empty_list);
  for (std::size_t i = 0; i < tx.members.size(); ++i)
    if (tx.members[i].address.is_zero()) return refuse_at(TxError::bad_value, i);
  if (tx.members.size() > parameters[Param::admissions_per_transaction])
    return refuse(TxError::list_too_long);
  return {};
}

Verdict check(const View& view, const AdmitMembers& tx) {
  const State& state = view.state;
  const ShareClass* share_class = state.classes.find(tx.share_class.value);
  if (!share_class) return refuse(TxError::no_such_class);
  FirstRefusal first;
  std::set<Address> seen;
  AddedUnits added{.share_class = tx.share_class, .by_registrars = true};
  for (std::size_t i = 0; i < tx.members.size(); ++i) {
    const Admission& one = tx.members[i];
    first.add_if(share_class->attested_only && !one.units.is_zero(), TxError::grants_need_attestation, i);
    if (const auto code = may_be_admitted(state, one.address)) first.add(refuse_at(*code, i));
    first.add_if(!seen.insert(one.address).second, TxError::duplicate_in_list, i);
    added.units += one.units.raw();
    const auto former = state.member_of(one.address);
    if (former && !one.units.is_zero()) added.unsettled += unsettled_count(state, *former, tx.share_class);
  }
  first.add(check_added_units(view, added));
  return first.verdict();
}

// The detail is the first id that was given; when all come back, the id of the first.
u64 execute(Execution& run, const AdmitMembers& tx) {
  const u64 first_new = run.state.members.size();
  for (const Admission& one : tx.members) grant_units(run, admit(run, one), tx.share_class, one.units);
  if (run.state.members.size() > first_new) return first_new;
  return run.state.member_of(tx.members.front().address)->value;
}

// ---- Confirm ----

Verdict check_shape(const Confirm&, const Parameters&) { return {}; }

Verdict check(const View& view, const Confirm& tx) {
  if (!view.sender.member) return refuse(TxError::not_a_member);
  const Member& member = view.state.members[view.sender.member->value];
  if (is_former(member)) return refuse(TxError::not_active);
  if (view.state.confirmed(*view.sender.member) && member.consent_hash == tx.consent_hash)
    return refuse(TxError::already_confirmed);
  return {};
}

u64 execute(Execution& run, const Confirm& tx) {
  confirm_member(run, *run.sender.member);
  run.state.members.edit(run.sender.member->value).consent_hash = tx.consent_hash;
  return 0;
}

// ---- SetDelegate ----

Verdict check_shape(const SetDelegate&, const Parameters&) { return {}; }

Verdict check(const View& view, const SetDelegate& tx) {
  if (!view.sender.member) return refuse(TxError::not_a_member);
  const State& state = view.state;
  const Member& member = state.members[view.sender.member->value];
  if (!member.is_active()) return refuse(TxError::not_active);
  const auto present = member.extra->delegate.last();
  if (tx.delegate.is_zero()) return present == 0 ? refuse(TxError::same_delegate) : Verdict{};
  const auto delegate = state.member_of(tx.delegate);
  if (!delegate) return refuse(TxError::no_such_member);
  if (*delegate == *view.sender.member) return refuse(TxError::self_delegation);
  if (!state.members[delegate->value].is_active()) return refuse(TxError::delegate_not_active);
  if (present == delegate->value + 1) return refuse(TxError::same_delegate);
  return {};
}

u64 execute(Execution& run, const SetDelegate& tx) {
  set_delegate(run, *run.sender.member, run.state.member_of(tx.delegate));
  return 0;
}

// ---- Leave ----

Verdict check_shape(const Leave&, const Parameters&) { return {}; }

Verdict check(const View& view, const Leave&) {
  if (!view.sender.member) return refuse(TxError::not_a_member);
  if (is_former(view.state.members[view.sender.member->value])) return refuse(TxError::not_active);
  return check_settles(view, unsettled_by_leaving(view.state, *view.sender.member));
}

u64 execute(Execution& run, const Leave&) {
  set_status(run, *run.sender.member, MemberStatus::left);
  return 0;
}

}  // namespace moot::ledger
