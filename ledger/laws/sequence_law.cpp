// Proposals and sales go forward, end once, and act only inside their windows (rules.md §5.10, §6.2, §6.3,
// §7).
#include "ledger/laws/laws.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

bool is_terminal(ProposalState state) {
  return state == ProposalState::defeated || state == ProposalState::executed ||
         state == ProposalState::expired || state == ProposalState::canceled;
}
bool is_terminal(SaleState state) {
  return state == SaleState::paid_out || state == SaleState::expired || state == SaleState::canceled;
}

// How far along a proposal is; ends are told apart by is_terminal.
int stage(ProposalState state) {
  switch (state) {
    case ProposalState::pending: return 0;
    case ProposalState::active: return 1;
    case ProposalState::succeeded: return 2;
    case ProposalState::queued: return 3;
    case ProposalState::defeated:
    case ProposalState::executed:
    case ProposalState::expired:
    case ProposalState::canceled: return 4;
  }
  return 4;
}

// A proposal that executed had passed, waited, and was in time. The ledger's own attempt may come after the
// window, once.
void check_execution(const Step& step, u64 id, const Proposal* before, const Proposal& after,
                     Findings& findings) {
  const TimeMs now = step.after.time();
  findings.expect(defeat_mask(after.policy, after.tally, after.electorate) == 0,
                  "a proposal executed without passing", id);
  findings.expect(now >= after.eta && after.eta >= after.closed_at, "a proposal executed before its time",
                  id);
  findings.expect(after.opened < step.after.height(), "a proposal executed in the block that opened it", id);
  const bool retried = before && before->attempted;
  findings.expect(!retried || now < window_end(after), "a proposal executed after its window", id);
}

void check_proposal(const Step& step, u64 id, const Proposal* before, const Proposal& after,
                    Findings& findings) {
  if (before && is_terminal(before->state))
    return findings.expect(after == *before, "a proposal changed after its end", id);
  if (before) findings.expect(stage(after.state) >= stage(before->state), "a proposal went backwards", id);
  if (!before)
    findings.expect(after.opened == step.after.height() && after.ballots == 0, "a new proposal with a past",
                    id);
  findings.expect((after.state == ProposalState::executed) == (!after.executed.is_zero()),
                  "a proposal's state and its execution disagree", id);
  if (after.state != ProposalState::executed) return;
  findings.expect(executed_here(step, after), "a proposal executed in another block", id);
  check_execution(step, id, before, after, findings);
}

// Apart from what settlement takes, a sale's end is its end.
bool same_but_settled(const Sale& before, Sale after) {
  if (before.payout.has_value() != after.payout.has_value()) return false;
  if (before.payout) {
    after.payout->remaining = before.payout->remaining;
    after.payout->extra_left = before.payout->extra_left;
  }
  return before == after;
}

// 6.3: approved and waited, or long unapproved; not paused; never in the block that funds it.
void check_payout(const Step& step, u64 id, const Sale* before, const Sale& after, Findings& findings) {
  const bool was_funded =
      before && (before->state == SaleState::funded || before->state == SaleState::approved);
  if (!was_funded) return findings.expect(false, "a payout in the block that funded it", id);
  const u64 now = step.after.time().raw();
  const bool approved = before->state == SaleState::approved && now >= before->due.raw();
  // A block that changes the rules may have changed the time-out before this payout or after it.
  const u64 timeout = step.after.param(Param::approval_timeout_ms);
  const bool same_rules = step.before.rules.same(step.after.rules);
  const bool timed_out = timeout != 0 && now >= before->funded_at.raw() + timeout;
  const bool overdue = before->state == SaleState::funded && (timed_out || !same_rules);
  findings.expect(approved || overdue, "a payout before its time", id);
  findings.expect(now >= before->paused_until.raw(), "a payout during its pause", id);
  findings.expect(after.paid_out == step.after.height(), "a payout of another block", id);
}

void check_new_sale(const Step& step, u64 id, const Sale& sale, Findings& findings) {
  const Proposal* proposal = step.after.proposals.find(sale.proposal.value);
  findings.expect(proposal && proposal->kind == ProposalKind::sale && executed_here(step, *proposal) &&
                      sale.record_height == proposal->record_height &&
                      proposal->actions == std::vector<Action>{sale.terms},
                  "a sale that no proposal authorised", id);
  findings.expect(sale.state != SaleState::paid_out && sale.state != SaleState::expired,
                  "a sale born at its end", id);
}

void check_sale(const Step& step, u64 id, const Sale* before, const Sale& after, Findings& findings) {
  if (!before) return check_new_sale(step, id, after, findings);
  if (is_terminal(before->state))
    return findings.expect(same_but_settled(*before, after), "a sale changed after its end", id);
  findings.expect(after.terms == before->terms && after.proposal == before->proposal &&
                      after.buyer == before->buyer && after.record_height == before->record_height &&
                      after.funding_deadline == before->funding_deadline,
                  "a sale's terms changed", id);
  if (before->state == SaleState::authorised) {
    findings.expect(after.state != SaleState::expired || step.after.time() >= before->funding_deadline,
                    "a sale expired before its deadline", id);
    findings.expect(after.proceeds() >= before->proceeds() && after.proceeds() <= after.terms.max_price,
                    "a sale's proceeds fell, or passed the highest price", id);
    const bool funded = after.state != SaleState::authorised && !is_terminal(after.state);
    findings.expect(!funded || after.proceeds() >= after.terms.min_price,
                    "a sale funded below its least price", id);
  } else {
    findings.expect(after.proceeds() == before->proceeds() && after.reserve == before->reserve &&
                        after.funded_at == before->funded_at,
                    "a funded sale's proceeds changed", id);
    findings.expect(after.state >= before->state && after.state <= SaleState::paid_out,
                    "a sale went backwards", id);
  }
  if (after.state == SaleState::paid_out) check_payout(step, id, before, after, findings);
}

void after_block(const Step& step, Findings& findings) {
  findings.expect(
      step.after.height().raw() == step.before.height().raw() + 1 && step.after.time() > step.before.time(),
      "a block follows its parent", step.after.height().raw());
  for_touched(step.before.proposals, step.after.proposals, step.changes.proposals,
              [&](u64 id, const Proposal* before, const Proposal& after) {
                check_proposal(step, id, before, after, findings);
              });
  for_touched(
      step.before.sales, step.after.sales, step.changes.sales,
      [&](u64 id, const Sale* before, const Sale& after) { check_sale(step, id, before, after, findings); });
  for_touched(step.before.redemptions, step.after.redemptions, step.changes.redemptions,
              [&](u64 id, const Redemption* before, const Redemption& after) {
                if (before && before->state != RedemptionState::open)
                  findings.expect(after == *before, "a redemption changed after its end", id);
              });
}

}  // namespace

const Law kSequenceLaw{"sequence", after_block, nullptr};

}  // namespace moot::ledger
