// Units: registrars' grants, attested contributions, revocation (rules.md §3.6).
#include <set>

#include "crypto/sha256.hpp"
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/membership.hpp"
#include "ledger/registers.hpp"
#include "ledger/settlement.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

// A content counts once in a class; another class may count it again.
Hash contribution_key(ClassId share_class, const Hash& content) {
  static const crypto::TaggedHasher hasher("moot/contribution");
  Writer out;
  out.put(share_class);
  out.put(content);
  return hasher(out.view());
}

// Units enter only Active members' hands (3.2). Stages status and object exists.
std::optional<TxError> may_receive(const State& state, MemberId id) {
  const Member* member = state.members.find(id.value);
  if (!member) return TxError::no_such_member;
  if (!member->is_active()) return TxError::not_active;
  return std::nullopt;
}

u64 unsettled_of(const State& state, const std::set<MemberId>& members, ClassId share_class) {
  u64 sum = 0;
  for (const MemberId member : members) sum += unsettled_count(state, member, share_class);
  return sum;
}

}  // namespace

// ---- GrantUnits ----

Verdict check_shape(const GrantUnits& tx, const Parameters& parameters) {
  if (tx.grants.empty()) return refuse(TxError::empty_list);
  for (std::size_t i = 0; i < tx.grants.size(); ++i)
    if (tx.grants[i].units.is_zero()) return refuse_at(TxError::bad_value, i);
  if (tx.grants.size() > parameters[Param::admissions_per_transaction]) return refuse(TxError::list_too_long);
  return {};
}

Verdict check(const View& view, const GrantUnits& tx) {
  const State& state = view.state;
  const ShareClass* share_class = state.classes.find(tx.share_class.value);
  FirstRefusal first;
  std::set<MemberId> seen;
  AddedUnits added{.share_class = tx.share_class, .by_registrars = true};
  for (std::size_t i = 0; i < tx.grants.size(); ++i) {
    const Grant& one = tx.grants[i];
    if (const auto code = may_receive(state, one.member)) first.add(refuse_at(*code, i));
    first.add_if(!seen.insert(one.member).second, TxError::duplicate_in_list, i);
    added.units += one.units.raw();
  }
  first.add_if(!share_class, TxError::no_such_class);
  first.add_if(share_class && share_class->attested_only, TxError::grants_need_attestation);
  if (!first.verdict()) return first.verdict();
  added.unsettled = unsettled_of(state, seen, tx.share_class);
  return check_added_units(view, added);
}

u64 execute(Execution& run, const GrantUnits& tx) {
  for (const Grant& one : tx.grants) grant_units(run, one.member, tx.share_class, one.units);
  return 0;
}

// ---- RecordContributions ----

Verdict check_shape(const RecordContributions& tx, const Parameters& parameters) {
  if (tx.contributions.empty()) return refuse(TxError::empty_list);
  for (std::size_t i = 0; i < tx.contributions.size(); ++i)
    if (tx.contributions[i].units.is_zero()) return refuse_at(TxError::bad_value, i);
  if (tx.contributions.size() > parameters[Param::contributions_per_transaction])
    return refuse(TxError::list_too_long);
  return {};
}

Verdict check(const View& view, const RecordContributions& tx) {
  const State& state = view.state;
  FirstRefusal first;
  std::set<Hash> contents;
  std::set<MemberId> members;
  AddedUnits added{.share_class = tx.share_class};
  for (std::size_t i = 0; i < tx.contributions.size(); ++i) {
    const Contribution& one = tx.contributions[i];
    if (const auto code = may_receive(state, one.member)) first.add(refuse_at(*code, i));
    first.add_if(!holds_role(view, Role::attestor, one.attestor), TxError::attestor_needed, i);
    first.add_if(!one.valid_until.is_zero() && view.now >= one.valid_until, TxError::attestation_expired, i);
    first.add_if(is_used(state, UsedDomain::contribution, contribution_key(tx.share_class, one.content_hash)),
                 TxError::contribution_used, i);
    first.add_if(!contents.insert(one.content_hash).second, TxError::duplicate_in_list, i);
    members.insert(one.member);
    added.units += one.units.raw();
  }
  first.add_if(!state.classes.contains(tx.share_class.value), TxError::no_such_class);
  if (!first.verdict()) return first.verdict();
  added.unsettled = unsettled_of(state, members, tx.share_class);
  return check_added_units(view, added);
}

u64 execute(Execution& run, const RecordContributions& tx) {
  for (const Contribution& one : tx.contributions) {
    const bool fresh =
        use_key(run.state, UsedDomain::contribution, contribution_key(tx.share_class, one.content_hash));
    const auto sum = run.state.members[one.member.value].units_now(tx.share_class).checked_add(one.units);
    MOOT_CHECK(fresh && sum, "the contents and the class total were checked");
    set_units(run, one.member, tx.share_class, *sum);
  }
  return 0;
}

// ---- RevokeUnits ----

Verdict check_shape(const RevokeUnits& tx, const Parameters&) {
  FirstRefusal first;
  if (const auto text = check_text(TextUse::reason, tx.reason); !text) first.add(refuse(text.error()));
  first.add_if(tx.units.is_zero(), TxError::bad_value);
  return first.verdict();
}

Verdict check(const View& view, const RevokeUnits& tx) {
  const Member* member = view.state.members.find(tx.member.value);
  if (!member) return refuse(TxError::no_such_member);
  if (!view.state.classes.contains(tx.share_class.value)) return refuse(TxError::no_such_class);
  if (const Verdict settles = check_settles(view, unsettled_count(view.state, tx.member, tx.share_class));
      !settles)
    return settles;
  if (member->units_now(tx.share_class) < tx.units) return refuse(TxError::insufficient_units);
  return {};
}

u64 execute(Execution& run, const RevokeUnits& tx) {
  const auto rest = run.state.members[tx.member.value].units_now(tx.share_class).checked_sub(tx.units);
  MOOT_CHECK(rest.has_value(), "the units were checked");
  set_units(run, tx.member, tx.share_class, *rest);
  return 0;
}

}  // namespace moot::ledger
