#include "ledger/handlers/membership.hpp"

#include "ledger/handlers/first_refusal.hpp"
#include "ledger/registers.hpp"

namespace moot::ledger {

bool holds_role(const View& view, Role role, const Address& address) {
  const auto account = view.state.account_of(address);
  return account && (*view.state.roles)[role].holder(*account, view.now);
}

bool holds_any_role(const State& state, AccountId account, TimeMs now) {
  const auto& tables = state.roles->tables;
  return std::any_of(tables.begin(), tables.end(),
                     [&](const RoleTable& table) { return table.holder(account, now) != nullptr; });
}

bool is_former(const Member& member) {
  const MemberStatus status = member.status_now();
  return status == MemberStatus::left || status == MemberStatus::expelled;
}

Verdict check_added_units(const View& view, const AddedUnits& added) {
  FirstRefusal first;
  if (added.by_registrars) {
    const auto room = grant_room(view.state, added.share_class, view.now);
    first.add_if(room && added.units > room->raw(), TxError::grant_cap);
  }
  first.add(check_settles(view, added.unsettled));
  const u64 total = view.state.classes[added.share_class.value].total.last();
  first.add_if(added.units > ~u64{0} - total, TxError::overflow);
  return first.verdict();
}

Verdict check_settles(const View& view, u64 unsettled) {
  if (unsettled > view.state.param(Param::settle_max)) return refuse(TxError::settle_first);
  return {};
}

std::optional<PendingJoin> take_join(Execution& run, const Address& address) {
  const auto& waiting = run.state.joins->list;
  const auto at =
      std::lower_bound(waiting.begin(), waiting.end(), address,
                       [](const PendingJoin& one, const Address& key) { return one.address < key; });
  if (at == waiting.end() || at->address != address) return std::nullopt;
  const PendingJoin join = *at;
  const auto index = at - waiting.begin();
  auto& list = run.state.joins.edit().list;
  list.erase(list.begin() + index);
  return join;
}

}  // namespace moot::ledger
