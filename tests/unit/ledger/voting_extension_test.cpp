// Rule 5.8: late quorum and late flip, and when a proposal falls due.
#include <gtest/gtest.h>

#include "tests/unit/ledger/voting_fixture.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

constexpr TimeMs kDeadline{10'000};

Proposal open_proposal() {
  Proposal out;
  out.policy = policy_of({.quorum = 500'000});
  out.policy.extension = DurationMs{2'000};
  out.state = ProposalState::active;
  out.electorate = Power{10};
  out.deadline = out.first_deadline = kDeadline;
  return out;
}

TEST(LateQuorum, Rule5_8MovesTheDeadlineInTheFirstBlockThatReachesIt) {
  Proposal proposal = open_proposal();
  proposal.tally = tally_of({.against = 4});
  EXPECT_FALSE(extend_late(proposal, TimeMs{9'000}).by_quorum);
  proposal.tally = tally_of({.against = 5});
  EXPECT_TRUE(extend_late(proposal, TimeMs{9'500}).by_quorum);
  EXPECT_EQ(proposal.deadline, TimeMs{11'500});
  EXPECT_TRUE(proposal.quorum_extended);
  proposal.tally = tally_of({.against = 6});
  EXPECT_FALSE(extend_late(proposal, TimeMs{11'400}).by_quorum);
  EXPECT_EQ(proposal.deadline, TimeMs{11'500});
}

TEST(LateQuorum, Rule5_8LeavesTheDeadlineWhenReachedEarly) {
  Proposal proposal = open_proposal();
  proposal.tally = tally_of({.against = 5});
  EXPECT_FALSE(extend_late(proposal, TimeMs{8'000}).by_quorum);  // T + extension is the deadline
  EXPECT_EQ(proposal.deadline, kDeadline);
  EXPECT_TRUE(proposal.quorum_seen);
  EXPECT_FALSE(proposal.quorum_extended);
}

TEST(LateFlip, Rule5_8MovesTheDeadlineOnceWhenTheResultTurnsInTheLastExtension) {
  Proposal proposal = open_proposal();
  proposal.tally = tally_of({.against = 2, .in_favour = 3});
  extend_late(proposal, TimeMs{1'000});
  EXPECT_TRUE(proposal.would_pass);
  proposal.tally = tally_of({.against = 3, .in_favour = 3});
  EXPECT_TRUE(extend_late(proposal, TimeMs{8'001}).by_flip);
  EXPECT_EQ(proposal.deadline, TimeMs{10'001});
  proposal.tally = tally_of({.against = 3, .in_favour = 4});
  EXPECT_FALSE(extend_late(proposal, TimeMs{9'999}).by_flip);
  EXPECT_EQ(proposal.deadline, TimeMs{10'001});
  EXPECT_TRUE(proposal.would_pass);
}

TEST(LateFlip, Rule5_8IgnoresATurnBeforeTheLastExtension) {
  Proposal proposal = open_proposal();
  proposal.tally = tally_of({.against = 2, .in_favour = 3});
  EXPECT_FALSE(extend_late(proposal, TimeMs{7'999}).by_flip);
  proposal.tally = tally_of({.against = 3, .in_favour = 3});
  EXPECT_FALSE(extend_late(proposal, TimeMs{8'000}).by_flip);
  EXPECT_EQ(proposal.deadline, kDeadline);
  EXPECT_FALSE(proposal.flip_extended);
}

TEST(LateFlip, Rule5_8OneBlockThatReachesTheQuorumAndFlipsUsesOneOfTheTwo) {
  Proposal proposal = open_proposal();
  proposal.tally = tally_of({.in_favour = 5});
  const Extensions moved = extend_late(proposal, TimeMs{9'000});
  EXPECT_TRUE(moved.by_quorum);
  EXPECT_FALSE(moved.by_flip);
  proposal.tally = tally_of({.against = 5, .in_favour = 5});
  EXPECT_TRUE(extend_late(proposal, TimeMs{10'900}).by_flip);
  EXPECT_EQ(proposal.deadline, TimeMs{12'900});
}

TEST(LateFlip, Rule5_8WithoutAnExtensionNothingMoves) {
  Proposal proposal = open_proposal();
  proposal.policy.extension = DurationMs{0};
  proposal.tally = tally_of({.in_favour = 5});
  const Extensions moved = extend_late(proposal, TimeMs{9'999});
  EXPECT_FALSE(moved.by_quorum || moved.by_flip);
  EXPECT_EQ(proposal.deadline, kDeadline);
}

struct Due {
  ProposalState state;
  bool attempted;
  std::vector<DueItem> items;
};

TEST(ProposalDues, Rule2_2OneItemForEachThingThatTimeDoes) {
  Proposal proposal = open_proposal();
  proposal.opens_at = TimeMs{5};
  proposal.eta = TimeMs{20'000};
  proposal.policy.grace = DurationMs{300};
  const std::vector<Due> table{
      {ProposalState::pending, false, {{5, DueKind::proposal_opening, 7}}},
      {ProposalState::active, false, {{10'000, DueKind::proposal_close, 7}}},
      {ProposalState::succeeded, false, {{20'000, DueKind::execution_attempt, 7}}},
      {ProposalState::queued, false, {{20'000, DueKind::execution_attempt, 7}}},
      {ProposalState::queued, true, {{20'300, DueKind::execution_attempt, 7}}},
      {ProposalState::succeeded, true, {{20'300, DueKind::execution_attempt, 7}}},
      {ProposalState::defeated, false, {}},
      {ProposalState::executed, true, {}},
      {ProposalState::expired, true, {}},
      {ProposalState::canceled, false, {}},
  };
  for (const Due& due : table) {
    proposal.state = due.state;
    proposal.attempted = due.attempted;
    EXPECT_EQ(dues_of(proposal, 7), due.items) << word(due.state);
  }
}

}  // namespace
}  // namespace moot::ledger
