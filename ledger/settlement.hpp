// Money that a member is owed, and moving it into the stored balance (rules.md §6.4–6.6).
#pragma once

#include "ledger/execution.hpp"

namespace moot::ledger {

// e_i of one payout for `units` held at its record height. O(1).
Amount entitlement(const State& state, SaleId sale, MemberId member, Units units);

struct Unsettled {
  u64 payouts = 0;                                  // not yet settled, those of zero included
  std::vector<std::pair<AssetId, Amount>> amounts;  // by asset
};
// What is owed to a member for one class, over at most `limit` payouts.
Unsettled unsettled(const State& state, MemberId member, ClassId share_class, u64 limit);
// What an account could spend if everything were settled: stored + owed.
Amount spendable(const State& state, AccountId account, AssetId asset);

// 6.6: how many payouts a debit of this account would settle (all classes of its member). > settle_max:
// SETTLE_FIRST.
u64 unsettled_count(const State& state, AccountId account);
u64 unsettled_count(const State& state, MemberId member, ClassId share_class);
// How many payouts are settled when all units of the member fall to 0 (3.2); classes without units do not change.
u64 unsettled_by_leaving(const State& state, MemberId member);

// Settles up to `limit` payouts of one class, exactly; gives how many. Adds to run.settled.
u64 settle_class(Execution& run, MemberId member, ClassId share_class, u64 limit);
// Settles everything of the account, before a debit.
void settle_account(Execution& run, AccountId account);

}  // namespace moot::ledger
