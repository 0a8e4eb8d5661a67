// A poll by units in which members change their ballots, and which ends when its time has come: nobody sends anything, and
// the idle chain makes the closing block by itself.
#include <fmt/format.h>

#include "base/math.hpp"
#include "wallet/example/votes.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

using ledger::Choice;
using ledger::TxError;

constexpr Milliseconds kClosing{kPollMs + 20'000};

std::vector<Attempt> attempts(const Stage& stage, const OpenProposal& on) {
  const PlannedBallot& changed = stage.plan.poll_changes.front();
  const Choice other = changed.choice == Choice::against ? Choice::in_favour : Choice::against;
  PlannedBallot stale{.member = changed.member, .choice = other, .revision = changed.revision};
  PlannedBallot beyond{.member = changed.member, .choice = other, .revision = kMaxChanges + 2};
  return {{"an older ballot in place of a newer one", stage.ballot(on, stale), TxError::ballot_nonce_stale},
          {"one change of a ballot more than allowed", stage.ballot(on, beyond),
           TxError::vote_changes_exhausted}};
}

// The state that the rules give (5.4), from the model's tally: a text proposal that passes is executed at once.
pb::ProposalState expected_state(const ExpectedTally& tally) {
  const bool quorum = tally.counted.cast() >= mul_div_ceil(tally.electorate, 50'000, kMillion);
  const bool support = tally.counted.in_favour > tally.counted.against;
  return quorum && support ? pb::PROPOSAL_STATE_EXECUTED : pb::PROPOSAL_STATE_DEFEATED;
}

// The closing block: the next one after the last ballot's, empty, and not before the deadline.
void check_closing(Stage& stage, const pb::Proposal& closed, u64 height_before) {
  stage.expect("closed at its deadline or later", 1, closed.closed_at_ms() >= closed.deadline_ms() ? 1 : 0);
  stage.expect("the deadline was not moved", closed.first_deadline_ms(), closed.deadline_ms());
  pb::GetBlockRequest request;
  request.set_height(height_before + 1);
  const auto block = stage.call(&pb::LedgerService::Stub::GetBlock, stage.client.ledger(), request).block();
  stage.expect("time of the next block after the last ballot", closed.closed_at_ms(), block.time_ms());
  stage.expect("transactions in the closing block", 0, block.transactions());
  if (!stage.ok()) return;
  stage.say.line(fmt::format(
      "nobody sent anything for the rest of the time; block {} closed it {} ms after the deadline",
      grouped(height_before + 1), closed.closed_at_ms() - closed.deadline_ms()));
}

std::vector<PlannedBallot> all_ballots(const Plan& plan) {
  std::vector<PlannedBallot> out = plan.poll_first;
  out.insert(out.end(), plan.poll_changes.begin(), plan.poll_changes.end());
  return out;
}

void cast_ballots(Stage& stage, const OpenProposal& on) {
  const Plan& plan = stage.plan;
  const std::vector<Bytes> first = stage.sign_ballots(on, plan.poll_first);
  const std::vector<Bytes> changes = stage.sign_ballots(on, plan.poll_changes);
  const Milliseconds took = stage.send("Voting in the poll", first);
  const Milliseconds again = stage.send("Changing ballots", changes);
  if (!stage.ok()) return;
  stage.ballots += first.size() + changes.size();
  stage.say.work(
      fmt::format("{} ballots, then {} changes of ballots", grouped(first.size()), grouped(changes.size())),
      first.size() + changes.size(), took + again);
  stage.refuse(attempts(stage, on));
}

}  // namespace

void play_poll(Stage& stage) {
  if (!stage.ok()) return;
  stage.say.act("A poll by units, in which ballots may change");
  const OpenProposal on = open_proposal(stage, stage.plan.poll_proposer,
                                        {.title = "Next year: podcasts too?",
                                         .body = {"An opinion for the record; nothing is executed."},
                                         .kind = ledger::ProposalKind::text,
                                         .actions = {}});
  if (!stage.ok()) return;
  cast_ballots(stage, on);
  const u64 height = stage.head().height();
  const auto ballots = all_ballots(stage.plan);
  const ExpectedTally tally = count_votes(ballots, stage.plan.delegates, stage.plan.units);
  const pb::ProposalState end = expected_state(tally);
  pb::Proposal closed;
  stage.wait_until("the close of the poll", kClosing, [&] {
    closed = stage.proposal(on.id);
    return closed.state() == end || closed.state() == pb::PROPOSAL_STATE_DEFEATED;
  });
  stage.expect("state of the poll", static_cast<u64>(end), static_cast<u64>(closed.state()));
  check_closing(stage, closed, height);
  check_tally(stage, on, tally);
  check_ballots(stage, on, ballots);
  if (!stage.ok()) return;
  const char* const result = end == pb::PROPOSAL_STATE_EXECUTED ? "passed" : "defeated";
  stage.say.line(fmt::format("{}: {} units", result, counts_text(tally.counted)));
  stage.say.fact("poll", "Poll by units",
                 fmt::format("{}: {}; {} ballots changed", result, counts_text(tally.counted),
                             grouped(stage.plan.poll_changes.size())),
                 result);
}

}  // namespace moot::wallet::example
