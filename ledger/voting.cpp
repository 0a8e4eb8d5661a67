#include "ledger/voting.hpp"

#include "base/math.hpp"
#include "ledger/registers.hpp"
#include "ledger/typed_data.hpp"

namespace moot::ledger {
namespace {

// Power and its sums are at most W < 2⁶⁴ and shares at most 10⁶ < 2²⁰, so every product here fits 128 bits.

u128 share_of(Power electorate, Ppm share) { return mul_div_ceil(electorate.raw(), share.raw(), kMillion); }

// The strict test of 5.4, (M − t)·y > t·(n + v). It cannot hold with y = 0, so y + n + v > 0 follows.
bool supported(Ppm support, u128 in_favour, u128 opposed) {
  return (kMillion - support.raw()) * in_favour > support.raw() * opposed;
}

bool vetoed(Ppm veto, u128 vetoes, u128 cast) {
  return !veto.is_zero() && vetoes * kMillion > u128{veto.raw()} * cast;
}

u128 opposed_in(const Tally& tally) { return u128{tally[Choice::against].raw()} + tally[Choice::veto].raw(); }

u64 unfirm(const Proposal& proposal) { return proposal.electorate.raw() - proposal.firm.cast().raw(); }

void add(Power& to, u64 power) { to = Power{to.raw() + power}; }
void take(Power& from, u64 power) {
  MOOT_CHECK(from.raw() >= power, "a tally never falls below zero");
  from = Power{from.raw() - power};
}

}  // namespace

bool quorum_reached(const Policy& policy, const Tally& tally, Power electorate) {
  return tally.cast().raw() >= share_of(electorate, policy.quorum);
}

u8 defeat_mask(const Policy& policy, const Tally& tally, Power electorate) {
  const u64 in_favour = tally[Choice::in_favour].raw();
  unsigned mask = 0;
  if (!quorum_reached(policy, tally, electorate)) mask |= kFailedQuorum;
  if (in_favour < share_of(electorate, policy.approval)) mask |= kFailedApproval;
  if (!supported(policy.support, in_favour, opposed_in(tally))) mask |= kFailedSupport;
  if (vetoed(policy.veto, tally[Choice::veto].raw(), tally.cast().raw())) mask |= kFailedVeto;
  return static_cast<u8>(mask);
}

// What is not firm may still turn against: delegated power is taken back by its owner's own ballot.
bool passes_early(const Proposal& proposal, TimeMs now) {
  const Policy& policy = proposal.policy;
  if (policy.vote_change || now < later(proposal.opens_at, policy.min_open)) return false;
  const u64 in_favour = proposal.firm[Choice::in_favour].raw();
  const u64 could_oppose = proposal.electorate.raw() - in_favour - proposal.firm[Choice::abstain].raw();
  const u128 could_veto = u128{proposal.firm[Choice::veto].raw()} + unfirm(proposal);
  return quorum_reached(policy, proposal.tally, proposal.electorate) &&
         in_favour >= share_of(proposal.electorate, policy.approval) &&
         supported(policy.support, in_favour, could_oppose) &&
         !vetoed(policy.veto, could_veto, proposal.electorate.raw());
}

bool rejects_early(const Proposal& proposal) {
  const Policy& policy = proposal.policy;
  if (policy.vote_change) return false;
  const u128 could_favour = u128{proposal.firm[Choice::in_favour].raw()} + unfirm(proposal);
  return !supported(policy.support, could_favour, opposed_in(proposal.firm)) ||
         could_favour < share_of(proposal.electorate, policy.approval) ||
         vetoed(policy.veto, proposal.firm[Choice::veto].raw(), proposal.electorate.raw());
}

StillNeeded still_needed(const Policy& policy, const Tally& tally, Power electorate) {
  const u64 cast = tally.cast().raw();
  const u64 in_favour = tally[Choice::in_favour].raw();
  u128 needed = 0;
  const auto reach = [&needed](u128 goal, u64 standing) {
    if (goal > standing) needed = std::max(needed, goal - standing);
  };
  reach(share_of(electorate, policy.quorum), cast);
  reach(share_of(electorate, policy.approval), in_favour);
  // The quotient rounds down: one more than it is the least y that is strictly above.
  reach(policy.support.raw() * opposed_in(tally) / (kMillion - policy.support.raw()) + 1, in_favour);
  if (!policy.veto.is_zero())
    reach(mul_div_ceil(tally[Choice::veto].raw(), kMillion, policy.veto.raw()), cast);
  const bool cannot_pass = needed > electorate.raw() - cast;
  return {Power{static_cast<u64>(std::min<u128>(needed, ~u64{0}))}, cannot_pass};
}

std::optional<MemberId> counting_delegate(const State& state, const Proposal& proposal, MemberId member) {
  const auto delegate = state.members[member.value].delegate_at(proposal.record_height);
  if (!delegate || !eligible(state, *delegate, proposal.policy.confirmed_only, proposal.record_height))
    return std::nullopt;
  return delegate;
}

void count_ballot(const State& state, Proposal& proposal, BallotBox& box, const BallotChange& ballot) {
  const Member& member = state.members[ballot.member.value];
  const Choice before = box.slot(ballot.member).choice;
  const u64 own = weight_of(member, proposal.basis, proposal.record_height).raw();
  const u64 lent = member.delegated_at(proposal.basis, proposal.record_height).raw();
  const u64 in_hand = own + lent - box.taken(ballot.member);
  if (before == Choice::none) {
    if (const auto delegate = counting_delegate(state, proposal, ballot.member)) {
      box.set_taken(*delegate, box.taken(*delegate) + own);
      const Choice spoken_for = box.slot(*delegate).choice;
      if (spoken_for != Choice::none) take(proposal.tally[spoken_for], own);
    }
    ++proposal.ballots;
  } else {
    take(proposal.tally[before], in_hand);
    take(proposal.firm[before], own);
  }
  add(proposal.tally[ballot.choice], in_hand);
  add(proposal.firm[ballot.choice], own);
  box.set(ballot.member, {ballot.choice, ballot.revision, ballot.height.raw()});
}

void rebuild_taken(const State& state, const Proposal& proposal, BallotBox& box) {
  BallotBox rebuilt;
  rebuilt.chunks() = box.chunks();
  for (u64 chunk = 0; chunk < box.chunks().size(); ++chunk) {
    const SlotChunk& slots = box.chunks()[chunk];
    for (unsigned place = 0; place < kChunkSize; ++place) {
      if (Slot::unpacked(slots.slots[place]).choice == Choice::none) continue;
      const MemberId member{chunk * kChunkSize + place};
      const auto delegate = counting_delegate(state, proposal, member);
      if (!delegate) continue;
      const u64 own = weight_of(state.members[member.value], proposal.basis, proposal.record_height).raw();
      rebuilt.set_taken(*delegate, rebuilt.taken(*delegate) + own);
    }
  }
  box = std::move(rebuilt);
}

Extensions extend_late(Proposal& proposal, TimeMs now) {
  const Policy& policy = proposal.policy;
  const TimeMs extended = later(now, policy.extension);
  const bool quorum = quorum_reached(policy, proposal.tally, proposal.electorate);
  const bool pass = defeat_mask(policy, proposal.tally, proposal.electorate) == 0;
  Extensions out;
  if (quorum && !proposal.quorum_seen && extended > proposal.deadline) {
    proposal.deadline = extended;
    proposal.quorum_extended = out.by_quorum = true;
  }
  // extended > deadline says that `now` is inside the last `extension`.
  if (pass != proposal.would_pass && !proposal.flip_extended && extended > proposal.deadline) {
    proposal.deadline = extended;
    proposal.flip_extended = out.by_flip = true;
  }
  proposal.quorum_seen = quorum;
  proposal.would_pass = pass;
  return out;
}

Hash proposal_hash(const LedgerId& ledger_id, ProposalId id, const Proposal& proposal) {
  Writer out;
  out.put(ledger_id);
  out.put(id);
  out.put(proposal.opened);
  out.put(proposal.record_height);
  out.put(proposal.proposer);
  out.put(proposal.kind);
  out.put(text_hash(proposal.title));
  out.put(text_hash(proposal.body.text));
  out.put(list_hash(encoded(proposal.actions)));
  encode(out, proposal.policy);
  out.put(proposal.opens_at);
  out.put(proposal.first_deadline);
  return crypto::tagged_hash("moot/proposal", out.view());
}

}  // namespace moot::ledger
