// The auditor's own count and arithmetic, on states that were broken on purpose.
#include "audit/recompute.hpp"

#include "audit/recount.hpp"
#include "tests/unit/audit/fixture.hpp"

namespace moot::audit {
namespace {

using ledger::State;

State final_state() { return story().world().state(); }

template <class Change>
std::string payout_problem(Change&& change) {
  State state = final_state();
  change(state.sales.edit(story().sold().value));
  const auto found = recompute_payout(state, story().sold());
  return found ? "" : found.error();
}

TEST(RecomputePayout, FindsAnyWrongNumber) {
  using ledger::Sale;
  EXPECT_EQ(payout_problem([](Sale&) {}), "");
  const std::vector<std::function<void(Sale&)>> changes{
      [](Sale& s) { s.reserve = Amount{s.reserve.raw() + 1}; },
      [](Sale& s) { s.recorded = Amount{s.recorded.raw() + 1}; },
      [](Sale& s) { s.payout->amount = Amount{s.payout->amount.raw() + 1}; },
      [](Sale& s) { s.payout->total = Units{s.payout->total.raw() + 1}; },
      [](Sale& s) { s.payout->extras += 1; },
      [](Sale& s) { s.payout->cut.remainder += 1; },
      [](Sale& s) { s.payout->cut.hash.bytes[0] ^= 1; },
      [](Sale& s) { s.payout->cut.member = MemberId{s.payout->cut.member.value + 1}; },
      [](Sale& s) { s.payout->record_height = Height{s.payout->record_height.raw() - 1}; },
      [](Sale& s) { s.record_height = Height{s.record_height.raw() - 8}; },
      [](Sale& s) { s.payout.reset(); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i)
    EXPECT_NE(payout_problem(changes[i]), "") << "change " << i;
}

TEST(SumAssets, FindsACounterThatIsNotItsSum) {
  ASSERT_TRUE(sum_assets(final_state()));
  for (const auto pool : {&ledger::Asset::stored, &ledger::Asset::owed, &ledger::Asset::treasury,
                          &ledger::Asset::escrow, &ledger::Asset::locked, &ledger::Asset::supply}) {
    State state = final_state();
    ledger::Asset& asset = state.assets.edit(0);
    asset.*pool = Amount{(asset.*pool).raw() + 1};
    EXPECT_FALSE(sum_assets(state));
    // Moved into the supply too, the equation holds and only the records tell.
    if (pool == &ledger::Asset::supply || pool == &ledger::Asset::treasury) continue;
    asset.supply = Amount{asset.supply.raw() + 1};
    EXPECT_FALSE(sum_assets(state));
  }
}

// The story's open vote: m4 For with two delegated units' worth, n0 Against.
struct OpenVote {
  State state = final_state();
  ProposalId id = story().open();
  BallotBook book;

  OpenVote() {
    const auto at = [&](std::string_view label) {
      return state.box(id)->slot(story().world().member(label));
    };
    for (const char* label : {"m4", "n0"})
      book.add(id, story().world().member(label), {at(label).choice, at(label).revision, at(label).height});
  }
  [[nodiscard]] std::string problem(bool closed = false) const {
    const auto found =
        recount({.state = state, .proposal = id, .box = *state.box(id), .closed = closed}, book.of(id));
    return found ? "" : found.error();
  }
  ledger::Proposal& edit() { return state.proposals.edit(id.value); }
};

TEST(Recount, AgreesWithAnHonestTally) { EXPECT_EQ(OpenVote().problem(), ""); }

TEST(Recount, FindsAWrongTallyElectorateOrNumberOfBallots) {
  const std::vector<std::function<void(ledger::Proposal&)>> changes{
      [](ledger::Proposal& p) { p.tally.power[1] = Power{p.tally.power[1].raw() + 1}; },
      [](ledger::Proposal& p) { p.tally.power[2] = Power{p.tally.power[2].raw() - 1}; },
      [](ledger::Proposal& p) { p.firm.power[2] = Power{p.firm.power[2].raw() - 1}; },
      [](ledger::Proposal& p) { p.electorate = Power{p.electorate.raw() - 1}; },
      [](ledger::Proposal& p) { ++p.ballots; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    OpenVote vote;
    changes[i](vote.edit());
    EXPECT_NE(vote.problem(), "") << "change " << i;
  }
}

TEST(Recount, FindsABallotThatNobodySent) {
  OpenVote vote;
  auto& box = vote.state.boxes.edit().at(vote.id.value);
  box.set(MemberId{3},
          {.choice = ledger::Choice::against, .revision = 1, .height = vote.state.height().raw()});
  EXPECT_NE(vote.problem().find("member 3"), std::string::npos) << vote.problem();
}

TEST(Recount, FindsABallotThatWasDropped) {
  OpenVote vote;
  vote.book.add(vote.id, MemberId{3}, {ledger::Choice::against, 1, vote.state.height().raw()});
  EXPECT_NE(vote.problem().find("member 3"), std::string::npos) << vote.problem();
}

// The four tests of 5.4 at their edges, through an outcome that the ledger claims.
TEST(Recount, FindsAnOutcomeThatTheCountDoesNotGive) {
  // For 60 (m4 and m0 by delegation), Against 25, of 182.
  const struct {
    u32 quorum, approval, support, veto;
    u8 failed;
  } cases[] = {
      {0, 0, 500'000, 0, 0},
      {467'032, 0, 500'000, 0, 0},  // 85/182 = 0.46703296…
      {467'033, 0, 500'000, 0, ledger::kFailedQuorum},
      {0, 329'670, 500'000, 0, 0},  // 60/182 = 0.32967032…
      {0, 329'671, 500'000, 0, ledger::kFailedApproval},
      {0, 0, 705'882, 0, 0},  // 60/85 = 0.70588235…
      {0, 0, 705'883, 0, ledger::kFailedSupport},
      {1'000'000, 1'000'000, 999'999, 0,
       ledger::kFailedQuorum | ledger::kFailedApproval | ledger::kFailedSupport},
      {0, 0, 500'000, 1, 0},  // nobody cast a veto
  };
  for (const auto& one : cases) {
    OpenVote vote;
    ledger::Proposal& proposal = vote.edit();
    ASSERT_EQ(proposal.tally.power[2].raw(), 60u);
    ASSERT_EQ(proposal.tally.power[1].raw(), 25u);
    proposal.policy.quorum = Ppm{one.quorum};
    proposal.policy.approval = Ppm{one.approval};
    proposal.policy.support = Ppm{one.support};
    proposal.policy.veto = Ppm{one.veto};
    proposal.state = one.failed ? ledger::ProposalState::defeated : ledger::ProposalState::queued;
    proposal.defeat = one.failed;
    EXPECT_EQ(vote.problem(true), "") << unsigned{one.failed};
    proposal.defeat = one.failed ^ ledger::kFailedQuorum;
    EXPECT_NE(vote.problem(true), "") << unsigned{one.failed};
    proposal.defeat = one.failed;
    proposal.state = one.failed ? ledger::ProposalState::queued : ledger::ProposalState::defeated;
    EXPECT_NE(vote.problem(true), "") << unsigned{one.failed};
  }
}

}  // namespace
}  // namespace moot::audit
