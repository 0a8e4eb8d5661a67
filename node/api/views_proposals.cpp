#include "base/math.hpp"
#include "ledger/registers.hpp"
#include "ledger/voting.hpp"
#include "node/api/views.hpp"

namespace moot::node::api {

using ledger::Choice;
using ledger::Proposal;
using ledger::State;

namespace {

void view_counts(const ledger::Tally& tally, pb::TallyCounts& out) {
  out.set_against(tally[Choice::against].raw());
  out.set_in_favour(tally[Choice::in_favour].raw());
  out.set_abstain(tally[Choice::abstain].raw());
  out.set_veto(tally[Choice::veto].raw());
  out.set_cast(tally.cast().raw());
}

template <class Add>
void for_each_reason(u8 mask, Add add) {
  if (mask & ledger::kFailedQuorum) add(pb::DEFEAT_REASON_QUORUM);
  if (mask & ledger::kFailedApproval) add(pb::DEFEAT_REASON_APPROVAL);
  if (mask & ledger::kFailedSupport) add(pb::DEFEAT_REASON_SUPPORT);
  if (mask & ledger::kFailedVeto) add(pb::DEFEAT_REASON_VETO);
}

u64 part_of(Power whole, Ppm part) {
  return static_cast<u64>(mul_div_ceil(whole.raw(), part.raw(), kMillion));
}

// The lowest nonce a further ballot of this member may carry; 0 when none is taken (rules 1.6, 5.7).
u32 next_ballot_nonce(const Proposal& proposal, const ledger::Slot& slot, bool eligible) {
  constexpr u32 kLargest = 65'535;
  if (!eligible || !proposal.takes_ballots()) return 0;
  if (slot.choice != Choice::none && !proposal.policy.vote_change) return 0;
  return slot.revision == kLargest ? 0 : slot.revision + 1u;
}

}  // namespace

void view_tally(const Proposal& proposal, pb::Tally& out) {
  view_counts(proposal.tally, *out.mutable_counts());
  view_counts(proposal.firm, *out.mutable_firm());
  out.set_electorate(proposal.electorate.raw());
  out.set_ballots(proposal.ballots);
  out.set_quorum_needed(part_of(proposal.electorate, proposal.policy.quorum));
  out.set_approval_needed(part_of(proposal.electorate, proposal.policy.approval));
  const u8 mask = ledger::defeat_mask(proposal.policy, proposal.tally, proposal.electorate);
  out.set_would_pass(mask == 0);
  for_each_reason(mask, [&out](pb::DefeatReason reason) { out.add_failing(reason); });
  const auto needed = ledger::still_needed(proposal.policy, proposal.tally, proposal.electorate);
  out.set_further_for_needed(needed.power.raw());
  out.set_cannot_pass(needed.cannot_pass);
}

void view_proposal(const State& state, ProposalId id, Detail detail, pb::Proposal& out) {
  const Proposal& proposal = state.proposals[id.value];
  out.set_id(id.value);
  out.set_proposer(proposal.proposer.value);
  out.set_proposer_address(address_of(state, state.members[proposal.proposer.value].account));
  out.set_kind(enum_to_proto<pb::ProposalKind>(proposal.kind));
  out.set_title(proposal.title);
  if (detail == Detail::whole) out.set_body(proposal.body.text);
  out.set_body_hash(to_bytes(ledger::text_hash(proposal.body.text).bytes));
  for (const ledger::Action& action : proposal.actions) to_proto(action, *out.add_actions());
  to_proto(proposal.policy, *out.mutable_policy());
  out.set_rules_version(proposal.rules_version);
  out.set_opened_height(proposal.opened.raw());
  out.set_record_height(proposal.record_height.raw());
  out.set_proposal_hash(to_bytes(proposal.hash.bytes));
  out.set_opens_at_ms(proposal.opens_at.raw());
  out.set_first_deadline_ms(proposal.first_deadline.raw());
  out.set_deadline_ms(proposal.deadline.raw());
  out.set_state(enum_to_proto<pb::ProposalState>(proposal.state));
  out.set_by_units(proposal.basis.is_units());
  if (proposal.basis.is_units()) out.set_basis_class(proposal.basis.share_class().value);
  view_tally(proposal, *out.mutable_tally());
  out.set_ballots_root(to_bytes(proposal.ballots_root.bytes));
  out.set_quorum_extended(proposal.quorum_extended);
  out.set_flip_extended(proposal.flip_extended);
  out.set_outage_extended(proposal.outage_extended);
  for_each_reason(proposal.defeat, [&out](pb::DefeatReason reason) { out.add_defeat(reason); });
  out.set_closed_at_ms(proposal.closed_at.raw());
  out.set_eta_ms(proposal.eta.raw());
  out.set_window_end_ms(proposal.eta.is_zero() ? 0 : ledger::window_end(proposal).raw());
  out.set_attempts(proposal.attempts);
  if (proposal.failure != 0)
    out.set_failure(std::string(reason(static_cast<ledger::TxError>(proposal.failure))));
  out.set_failure_height(proposal.failure_height.raw());
  out.set_executed_height(proposal.executed.raw());
}

pb::Ballot view_ballot(const State& state, ProposalId id, MemberId member, ledger::Slot slot) {
  const Proposal& proposal = state.proposals[id.value];
  pb::Ballot out;
  out.set_proposal(id.value);
  out.set_member(member.value);
  out.set_choice(enum_to_proto<pb::Choice>(slot.choice));
  out.set_revision(slot.revision);
  out.set_height(slot.height);
  out.set_power(ledger::weight_of(state.members[member.value], proposal.basis, proposal.record_height).raw());
  return out;
}

void view_ballot_status(const State& state, ProposalId id, MemberId member, const ledger::BallotBox* box,
                        pb::BallotStatus& out) {
  const Proposal& proposal = state.proposals[id.value];
  const ledger::Member& elector = state.members[member.value];
  const ledger::Slot slot = box ? box->slot(member) : ledger::Slot{};
  if (slot.choice != Choice::none) *out.mutable_ballot() = view_ballot(state, id, member, slot);
  const bool eligible =
      ledger::eligible(state, member, proposal.policy.confirmed_only, proposal.record_height);
  out.set_eligible(eligible);
  out.set_next_nonce(next_ballot_nonce(proposal, slot, eligible));
  if (!eligible) return;
  out.set_power(ledger::weight_of(elector, proposal.basis, proposal.record_height).raw());
  out.set_delegated_power(elector.delegated_at(proposal.basis, proposal.record_height).raw());
  if (box) out.set_taken_back(box->taken(member));
  const auto delegate = ledger::counting_delegate(state, proposal, member);
  if (delegate) out.set_delegate(delegate->value);
  Choice counted = slot.choice;
  if (counted == Choice::none && delegate && box) counted = box->slot(*delegate).choice;
  out.set_counted(enum_to_proto<pb::Choice>(counted));
}

}  // namespace moot::node::api
