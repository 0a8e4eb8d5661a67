// Counting and deciding (rules.md §5): pure functions over a proposal, for the ledger, the API and the auditor alike.
#pragma once

#include "ledger/state.hpp"

namespace moot::ledger {

// The four tests of 5.4 against the tally; 0: succeeded, else the mask of DefeatReason.
u8 defeat_mask(const Policy& policy, const Tally& tally, Power electorate);
bool quorum_reached(const Policy& policy, const Tally& tally, Power electorate);
// 5.6, only where vote change is off. `now` and opens_at bound the early pass.
bool passes_early(const Proposal& proposal, TimeMs now);
bool rejects_early(const Proposal& proposal);

// 5.13: further For power needed; cannot_pass when it exceeds W − cast.
struct StillNeeded {
  Power power;
  bool cannot_pass = false;
};
StillNeeded still_needed(const Policy& policy, const Tally& tally, Power electorate);

// 5.3: one elector's own ballot, first or changed, on tally, firm, taken and slot. O(1).
struct BallotChange {
  MemberId member;
  Choice choice;
  u16 revision;
  Height height;
};
void count_ballot(const State& state, Proposal& proposal, BallotBox& box, const BallotChange& ballot);
// Rebuilds `taken` from the slots (it is never stored).
void rebuild_taken(const State& state, const Proposal& proposal, BallotBox& box);

// 5.12.
Hash proposal_hash(const LedgerId& ledger_id, ProposalId id, const Proposal& proposal);

}  // namespace moot::ledger
