// The auditor's own count of votes: ballots are taken from the transactions as they come, and a vote is counted from its
// definition (rules.md §5.2), elector by elector. It shares no code with the ledger's counting in O(1).
#pragma once

#include <expected>
#include <map>

#include "audit/report.hpp"
#include "ledger/state.hpp"

namespace moot::audit {

// Every ballot on the ledger in votes that are not closed yet, the last one of each member.
class BallotBook {
 public:
  struct Ballot {
    ledger::Choice choice = ledger::Choice::none;
    u16 nonce = 0;
    u64 height = 0;
  };

  // A ballot that stands in a block, in order.
  void add(ProposalId proposal, MemberId voter, const Ballot& ballot);
  // By member id; members past the end cast none.
  [[nodiscard]] const std::vector<Ballot>& of(ProposalId proposal) const;
  void drop(ProposalId proposal) { books_.erase(proposal.value); }

 private:
  std::map<u64, std::vector<Ballot>> books_;
};

// Recounts a proposal and compares all that the ledger says of it: slots, tallies, electorate, number of ballots, and for a
// vote that `closed` the outcome. The error is one sentence.
struct Recount {
  const ledger::State& state;
  ProposalId proposal;
  const ledger::BallotBox& box;
  bool closed = false;
};
std::expected<ProposalFinding, std::string> recount(const Recount& what,
                                                    const std::vector<BallotBook::Ballot>& ballots);

}  // namespace moot::audit
