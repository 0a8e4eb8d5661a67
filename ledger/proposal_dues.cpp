// When a proposal next needs the ledger's attention (rules.md §2.2, §5). One item at a time: it opens, it closes, it is
// tried, and when that failed its window ends, which is the second item of kind execution_attempt.
#include "ledger/state.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {

std::vector<DueItem> dues_of(const Proposal& proposal, u64 id) {
  switch (proposal.state) {
    case ProposalState::pending: return {{proposal.opens_at.raw(), DueKind::proposal_opening, id}};
    case ProposalState::active: return {{proposal.deadline.raw(), DueKind::proposal_close, id}};
    case ProposalState::succeeded:
    case ProposalState::queued: {
      const TimeMs due = proposal.attempted ? window_end(proposal) : proposal.eta;
      return {{due.raw(), DueKind::execution_attempt, id}};
    }
    case ProposalState::defeated:
    case ProposalState::executed:
    case ProposalState::expired:
    case ProposalState::canceled: return {};
  }
  return {};
}

}  // namespace moot::ledger
