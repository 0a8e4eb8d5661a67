// What members.cpp, grants.cpp, keys.cpp and roles.cpp share.
#pragma once

#include "ledger/handlers/handlers.hpp"

namespace moot::ledger {

// The address's account holds the role now. False for unknown and retired addresses.
bool holds_role(const View& view, Role role, const Address& address);
bool holds_any_role(const State& state, AccountId account, TimeMs now);
// Left and Expelled: no longer of the organisation, until admitted again (3.2).
bool is_former(const Member& member);

// What a list adds to one class, before any of it is added.
struct AddedUnits {
  ClassId share_class;
  u128 units = 0;              // a sum of u64
  u64 unsettled = 0;           // payouts that the additions settle (6.6)
  bool by_registrars = false;  // counts against the day's cap (3.6)
};
// Stages limits and overflow: grant_cap, settle_first, overflow.
Verdict check_added_units(const View& view, const AddedUnits& added);
// More payouts than one transaction may settle (6.6).
Verdict check_settles(const View& view, u64 unsettled);

// Takes an address off the list of those who asked to join.
std::optional<PendingJoin> take_join(Execution& run, const Address& address);

}  // namespace moot::ledger
