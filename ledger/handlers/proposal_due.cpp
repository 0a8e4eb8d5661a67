// What time does to a proposal: it opens, it closes, it is executed or expires (rules.md §5.4–5.10).
#include "ledger/handlers/handlers.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

enum class Extension : u8 { late_quorum = 1, late_flip = 2, outage = 3 };  // EventKind::deadline_moved, c

void tell_deadline(Execution& run, ProposalId id, Extension why) {
  run.emit({.kind = EventKind::deadline_moved,
            .a = id.value,
            .b = run.state.proposals[id.value].deadline.raw(),
            .c = static_cast<u64>(why)});
}

// Counts and decides. Nothing executes here: with a timelock it is queued until eta, without one it succeeded and its
// attempt falls due at once.
void close_voting(Execution& run, ProposalId id) {
  seal_box(run, id);
  change_proposal(run.state, id, [&](Proposal& proposal) {
    const Policy& policy = proposal.policy;
    proposal.defeat = defeat_mask(policy, proposal.tally, proposal.electorate);
    proposal.closed_at = run.now;
    if (proposal.defeat != 0) {
      proposal.state = ProposalState::defeated;
      return;
    }
    proposal.eta = later(run.now, policy.timelock);
    proposal.state = policy.timelock.is_zero() ? ProposalState::succeeded : ProposalState::queued;
  });
  const Proposal& proposal = run.state.proposals[id.value];
  if (!proposal.is_live()) retire_proposal(run, id);
  run.emit({.kind = EventKind::proposal_closed,
            .a = id.value,
            .b = static_cast<u64>(proposal.state),
            .c = proposal.defeat});
}

// 5.9: the close falls due this late because no block was made; the voting time that was lost is given back, once.
bool outage(const Proposal& proposal, const State& state, TimeMs now) {
  return !proposal.outage_extended && now.raw() - proposal.deadline.raw() >= state.param(Param::outage_ms);
}

// The first refusal among the actions, each run after it has passed against what those before it left. All of them
// together settle no more payouts than one transaction may (6.6).
std::optional<TxError> run_actions(Execution& run, ProposalId id) {
  const std::vector<Action> actions = run.state.proposals[id.value].actions;
  const ActionContext context{id};
  const u64 settled_before = run.settled;
  for (const Action& action : actions) {
    if (const Verdict may = check_action(run.view(), context, action); !may) return may.error().code;
    execute_action(run, context, action);
    if (run.settled - settled_before > run.state.param(Param::settle_max)) return TxError::settle_first;
  }
  return std::nullopt;
}

}  // namespace

void retire_proposal(Execution& run, ProposalId id) { std::erase(run.state.counters.edit().live, id); }

void seal_box(Execution& run, ProposalId id) {
  auto box = run.state.boxes.edit().extract(id.value);
  MOOT_CHECK(!box.empty(), "a box is sealed once");
  run.sealed.insert(std::move(box));
}

void run_proposal_opening(Execution& run, ProposalId id) {
  change_proposal(run.state, id, [](Proposal& proposal) { proposal.state = ProposalState::active; });
  run.emit({.kind = EventKind::voting_opened, .a = id.value});
}

void run_proposal_close(Execution& run, ProposalId id) {
  if (!outage(run.state.proposals[id.value], run.state, run.now)) return close_voting(run, id);
  change_proposal(run.state, id, [&](Proposal& proposal) {
    const DurationMs lost{run.now.raw() - proposal.deadline.raw()};
    proposal.deadline = later(run.now, std::min(proposal.policy.period, lost));
    proposal.outage_extended = true;
  });
  tell_deadline(run, id, Extension::outage);
}

void run_early(Execution& run, ProposalId id) {
  if (!run.state.proposals[id.value].takes_ballots()) return;
  Extensions moved;
  change_proposal(run.state, id, [&](Proposal& proposal) { moved = extend_late(proposal, run.now); });
  if (moved.by_quorum) tell_deadline(run, id, Extension::late_quorum);
  if (moved.by_flip) tell_deadline(run, id, Extension::late_flip);
  const Proposal& proposal = run.state.proposals[id.value];
  if (passes_early(proposal, run.now) || rejects_early(proposal)) close_voting(run, id);
}

u16 attempt_execution(Execution& run, ProposalId id) {
  const Savepoint before(run);
  const auto failure = run_actions(run, id);
  if (!failure) {
    change_proposal(run.state, id, [&](Proposal& proposal) {
      proposal.state = ProposalState::executed;
      proposal.attempted = true;
      proposal.executed = run.height;
    });
    retire_proposal(run, id);
    run.emit({.kind = EventKind::proposal_executed, .a = id.value});
    return 0;
  }
  before.take_back(run);
  const u16 code = static_cast<u16>(*failure);
  change_proposal(run.state, id, [&](Proposal& proposal) {
    proposal.attempted = true;
    proposal.failure = code;
    proposal.failure_height = run.height;
  });
  run.emit({.kind = EventKind::execution_failed, .a = id.value, .b = code});
  return code;
}

void run_execution_attempt(Execution& run, ProposalId id) {
  const bool first = !run.state.proposals[id.value].attempted;
  if (first && attempt_execution(run, id) == 0) return;
  // A window without length ends where it begins, so that its end is no later item of the schedule.
  if (first && run.now < window_end(run.state.proposals[id.value])) return;
  // The attempt failed, and so did every Execute: this is the window's end.
  change_proposal(run.state, id, [](Proposal& proposal) { proposal.state = ProposalState::expired; });
  retire_proposal(run, id);
  run.emit({.kind = EventKind::proposal_expired, .a = id.value});
}

}  // namespace moot::ledger
