// The registers of rules.md §3.3, and the one place that changes them. A change of units, status or delegate changes class
// totals, member counts and the delegate's delegated-in power in the same block.
#pragma once

#include "ledger/execution.hpp"

namespace moot::ledger {

// ---- reading, at a record height ----
// Active at R, and confirmed where the policy asks it (5.2, 3.8).
bool eligible(const State& state, MemberId member, bool confirmed_only, Height record_height);
// w_i: 1, or the member's units in the basis class at R. Says nothing of eligibility.
Power weight_of(const Member& member, BasisKey basis, Height record_height);
// W: Σ w_i over the electorate.
Power electorate_power(const State& state, BasisKey basis, bool confirmed_only, Height record_height);
// The newest mark with time ≤ now − lag gives its height (0 if none); lag 0 gives height − 1 (3.5).
Height record_height_for(const State& state, Height height, TimeMs now, DurationMs lag);
// Appends (T(H−1), H−1) when block H, of time `now`, is the first of a new mark interval (3.5). Called before the chain record
// moves on, so that state.height() and state.time() are still the parent's.
void append_mark(State& state, TimeMs now);

// What registrars may still grant in a class on the day of `now` (3.6); nothing when there is no cap: none is set, or the
// class started the day without a unit.
std::optional<Units> grant_room(const State& state, ClassId share_class, TimeMs now);
// Days of 24 hours since the epoch, in UTC.
constexpr u64 day_of(TimeMs now) { return now.raw() / kDayMs; }

// ---- changing, in block run.height; settle first where 6.6 asks it ----
MemberId add_member(Execution& run, AccountId account, const Hash& consent_hash);
void set_units(Execution& run, MemberId member, ClassId share_class, Units units);
// A registrar's grant: added to the member's units, and counted against the day's cap.
void grant_units(Execution& run, MemberId member, ClassId share_class, Units units);
void set_status(Execution& run, MemberId member, MemberStatus status);
void set_delegate(Execution& run, MemberId member, std::optional<MemberId> delegate);
// The member's first own transaction or Confirm (3.8); later calls do nothing.
void confirm_member(Execution& run, MemberId member);
// Ends a recovery under way: the old key has spoken (3.9). Does nothing when there is none.
void end_recovery(Execution& run, MemberId member);

}  // namespace moot::ledger
