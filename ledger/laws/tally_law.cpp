// No more power is counted than there is, own ballots are part of what is counted, and the tally is what §5.2
// defines (rules.md §5.2, §7).
#include "ledger/laws/laws.hpp"
#include "ledger/registers.hpp"

namespace moot::ledger {
namespace {

constexpr Choice kCast[] = {Choice::against, Choice::in_favour, Choice::abstain, Choice::veto};

u128 sum_of(const Tally& tally) {
  u128 sum = 0;
  for (const Choice choice : kCast) sum += tally[choice].raw();
  return sum;
}

void check_bounds(u64 id, const Proposal& proposal, Findings& findings) {
  findings.expect(proposal.tally[Choice::none].is_zero() && proposal.firm[Choice::none].is_zero(),
                  "power counted for no choice, proposal", id);
  findings.expect(sum_of(proposal.tally) <= proposal.electorate.raw(),
                  "more power counted than there is, proposal", id);
  for (const Choice choice : kCast)
    findings.expect(proposal.firm[choice] <= proposal.tally[choice],
                    "an own ballot that is not counted, proposal", id);
}

void after_block(const Step& step, Findings& findings) {
  for_touched(step.before.proposals, step.after.proposals, step.changes.proposals,
              [&](u64 id, const Proposal* before, const Proposal& after) {
                check_bounds(id, after, findings);
                if (!before) return;
                findings.expect(after.hash == before->hash && after.electorate == before->electorate &&
                                    after.record_height == before->record_height &&
                                    after.policy == before->policy && after.actions == before->actions &&
                                    after.basis == before->basis,
                                "a proposal changed after it opened", id);
                findings.expect(after.tally == before->tally || before->state == ProposalState::active ||
                                    before->state == ProposalState::pending,
                                "a tally changed after voting closed, proposal", id);
                findings.expect(after.ballots >= before->ballots, "ballots disappeared, proposal", id);
              });
}

// By definition: every elector's own ballot, else the delegate's.
void recount(const State& state, u64 id, const BallotBox& box, Findings& findings) {
  const Proposal& proposal = state.proposals[id];
  const Height at = proposal.record_height;
  const bool confirmed_only = proposal.policy.confirmed_only;
  std::array<u128, kChoiceSlots> tally{};
  std::array<u128, kChoiceSlots> firm{};
  u128 electorate = 0;
  u64 ballots = 0;
  for (u64 i = 0; i < state.members.size(); ++i) {
    const Member& member = state.members[i];
    if (!eligible(state, MemberId{i}, confirmed_only, at)) continue;
    const u64 weight = weight_of(member, proposal.basis, at).raw();
    electorate += weight;
    const Choice own = box.slot(MemberId{i}).choice;
    const auto delegate = member.delegate_at(at);
    const bool follows = own == Choice::none && delegate && eligible(state, *delegate, confirmed_only, at);
    tally[static_cast<std::size_t>(follows ? box.slot(*delegate).choice : own)] += weight;
    firm[static_cast<std::size_t>(own)] += weight;
    ballots += own == Choice::none ? 0 : 1;
  }
  bool same = electorate == proposal.electorate.raw() && ballots == proposal.ballots;
  for (const Choice choice : kCast)
    same = same && tally[static_cast<std::size_t>(choice)] == proposal.tally[choice].raw() &&
           firm[static_cast<std::size_t>(choice)] == proposal.firm[choice].raw();
  findings.expect(same, "the tally is not what the ballots say, proposal", id);
}

void full_sums(const State& state, Findings& findings) {
  for (u64 i = 0; i < state.proposals.size(); ++i) check_bounds(i, state.proposals[i], findings);
  for (const auto& [id, box] : *state.boxes) recount(state, id, box, findings);
}

}  // namespace

const Law kTallyLaw{"tallies", after_block, full_sums};

}  // namespace moot::ledger
