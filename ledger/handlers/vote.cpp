// Ballots (rules.md §1.6, §5.2–5.3, §5.7): the hot path. A ballot changes one slot and two tallies; it touches no account
// leaf, and no due time, so the schedule is left alone.
#include "ledger/handlers/handlers.hpp"
#include "ledger/registers.hpp"
#include "ledger/text.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

Verdict check_elector(const State& state, const Proposal& proposal, MemberId id) {
  if (!eligible(state, id, proposal.policy.confirmed_only, proposal.record_height))
    return refuse(TxError::not_in_electorate);
  // A key recovered after R says nothing about what its owner wanted at R (3.9).
  if (proposal.record_height.raw() < state.members[id.value].extra->recovered_height)
    return refuse(TxError::recovered_too_late);
  return {};
}

// Stages object state and time window.
Verdict check_open(const Proposal& proposal, const Vote& tx) {
  if (tx.proposal_hash != proposal.hash) return refuse(TxError::wrong_proposal_hash);
  if (tx.title != proposal.title) return refuse(TxError::wrong_title);
  if (proposal.state == ProposalState::canceled) return refuse(TxError::proposal_not_active);
  if (tx.choice == Choice::veto && proposal.policy.veto.is_zero()) return refuse(TxError::veto_not_allowed);
  if (proposal.state == ProposalState::pending) return refuse(TxError::not_yet_open);
  if (!proposal.takes_ballots()) return refuse(TxError::voting_closed);
  return {};
}

// Stages duplicate and limits.
Verdict check_revision(const Policy& policy, const Slot& standing, const Vote& tx, u64 nonce) {
  if (standing.choice == Choice::none) return {};
  if (!policy.vote_change) return refuse(TxError::already_voted);
  if (nonce <= standing.revision) return refuse(TxError::ballot_nonce_stale);
  if (tx.choice != standing.choice && nonce > last_changing_revision(policy))
    return refuse(TxError::vote_changes_exhausted);
  return {};
}

}  // namespace

// The nonce's range is a matter of shape too, but stands in the envelope: check_form.
Verdict check_shape(const Vote& tx, const Parameters&) {
  if (tx.choice == Choice::none) return refuse(TxError::bad_value);
  const auto title = check_text(TextUse::title, tx.title);
  const auto reason = check_text(TextUse::reason, tx.reason);
  if (title && reason) return {};
  if (title) return refuse(reason.error());
  return refuse(reason ? title.error() : std::min(title.error(), reason.error()));
}

Verdict check(const View& view, const Vote& tx) {
  if (!view.sender.member) return refuse(TxError::not_a_member);
  const Proposal* proposal = view.state.proposals.find(tx.proposal.value);
  if (!proposal) return refuse(TxError::no_such_proposal);
  if (const Verdict elector = check_elector(view.state, *proposal, *view.sender.member); !elector)
    return elector;
  if (const Verdict open = check_open(*proposal, tx); !open) return open;
  const BallotBox* box = view.state.box(tx.proposal);
  MOOT_CHECK(box, "a proposal that takes ballots has a box");
  return check_revision(proposal->policy, box->slot(*view.sender.member), tx, view.sender.nonce);
}

u64 execute(Execution& run, const Vote& tx) {
  const MemberId member = *run.sender.member;
  Proposal& proposal = run.state.proposals.edit(tx.proposal.value);
  BallotBox& box = run.state.boxes.edit().at(tx.proposal.value);
  const BallotChange ballot{.member = member,
                            .choice = tx.choice,
                            .revision = static_cast<u16>(run.sender.nonce),
                            .height = run.height};
  count_ballot(run.state, proposal, box, ballot);
  run.emit({.kind = EventKind::ballot_cast,
            .a = tx.proposal.value,
            .b = member.value,
            .c = box.slot(member).packed()});
  if (run.voted.empty() || run.voted.back() != tx.proposal) run.voted.push_back(tx.proposal);
  confirm_member(run, member);
  return 0;
}

}  // namespace moot::ledger
