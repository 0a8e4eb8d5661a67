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
  Power power;  // 2⁶⁴ − 1 when it would be more
  bool cannot_pass = false;
};
StillNeeded still_needed(const Policy& policy, const Tally& tally, Power electorate);

// d_i (5.2): the delegate at the proposal's record height if eligible, else none.
std::optional<MemberId> counting_delegate(const State& state, const Proposal& proposal, MemberId member);

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

// 5.7: a changed choice needs a revision of at most this. Revisions start at 1 and rise, so nobody changes more than
// max_changes times, and the slot alone decides: no counter stands beside it. The same choice again is not a change.
constexpr u32 last_changing_revision(const Policy& policy) { return u32{policy.max_changes} + 1; }

// 5.8, after a block with ballots: moves the deadline for a late quorum and for a late flip, once each. A rule is used up
// only when it moved the deadline, so that one block which reaches the quorum and flips the result does not burn both.
struct Extensions {
  bool by_quorum = false;
  bool by_flip = false;
};
Extensions extend_late(Proposal& proposal, TimeMs now);

// The end of the execution window [eta, eta + grace) (5.10).
inline TimeMs window_end(const Proposal& proposal) { return later(proposal.eta, proposal.policy.grace); }

// 5.12.
Hash proposal_hash(const LedgerId& ledger_id, ProposalId id, const Proposal& proposal);

}  // namespace moot::ledger
