// The example's plan and the small model that its numbers are held against.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "wallet/example/model.hpp"

namespace moot::wallet::example {
namespace {

using ledger::Choice;

Plan plan_of(u64 seed, u64 members) {
  auto plan = make_plan(seed, members);
  EXPECT_TRUE(plan.has_value()) << (plan ? "" : plan.error());
  return plan ? std::move(*plan) : Plan{};
}

TEST(ExamplePlan, HasTheNumbersOfTheCaseItWasMadeFor) {
  const auto numbers = numbers_for(kDefaultMembers);
  ASSERT_TRUE(numbers);
  EXPECT_EQ(numbers->sale_ballots, 10'120);
  EXPECT_EQ(numbers->in_favour, 10'069);
  EXPECT_EQ(numbers->abstain, 20);
  EXPECT_EQ(numbers->against, 31);
  EXPECT_EQ(numbers->sale_support, Ppm{560'000});
}

// (M − t)·y > t·(W − y − a), the strict test of rule 5.6 with firm power.
bool certain(const Numbers& n, u64 in_favour) {
  const u64 t = n.sale_support.raw();
  return (kMillion - t) * in_favour > t * (n.members - in_favour - n.abstain);
}

TEST(ExamplePlan, TheLastBallotForAndNoEarlierOneMakesTheResultCertain) {
  for (const u64 members :
       {kLeastMembers, u64{451}, u64{999}, u64{1'800}, u64{18'000}, u64{123'457}, kMostMembers}) {
    const auto numbers = numbers_for(members);
    ASSERT_TRUE(numbers) << members;
    EXPECT_TRUE(certain(*numbers, numbers->in_favour)) << members;
    EXPECT_FALSE(certain(*numbers, numbers->in_favour - 1)) << members;
    EXPECT_GE(numbers->sale_support.raw(), 500'000U) << members;
  }
}

TEST(ExamplePlan, RefusesNumbersItCannotPlay) {
  EXPECT_FALSE(make_plan(1, kLeastMembers - 1));
  EXPECT_FALSE(make_plan(1, kMostMembers + 1));
}

TEST(ExamplePlan, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const Plan one = plan_of(7, 1'800);
  const Plan same = plan_of(7, 1'800);
  const Plan other = plan_of(8, 1'800);
  EXPECT_EQ(one.units, same.units);
  EXPECT_EQ(one.delegates, same.delegates);
  EXPECT_EQ(one.sale_ballots, same.sale_ballots);
  EXPECT_EQ(one.poll_first, same.poll_first);
  EXPECT_EQ(one.poll_changes, same.poll_changes);
  EXPECT_EQ(one.transfers, same.transfers);
  EXPECT_NE(one.units, other.units);
  EXPECT_NE(one.sale_ballots, other.sale_ballots);
}

// Frozen: a change of the draw changes what every later run of the documented seed shows.
TEST(ExamplePlan, DrawsTheUnitsOfTheDocumentedSeed) {
  const Plan plan = plan_of(kDefaultSeed, kDefaultMembers);
  const u64 total = std::accumulate(plan.units.begin(), plan.units.end(), u64{0});
  EXPECT_EQ(total, 2'931'015U);
}

TEST(ExamplePlan, UnitsAreSkewedWithinTheirBounds) {
  const Plan plan = plan_of(kDefaultSeed, kDefaultMembers);
  auto sorted = plan.units;
  std::ranges::sort(sorted);
  EXPECT_GE(sorted.front(), kLeastUnits);
  EXPECT_LE(sorted.back(), kMostUnits);
  EXPECT_LT(sorted[sorted.size() / 2], 3 * kLeastUnits);
  EXPECT_GT(sorted.back(), 100 * sorted[sorted.size() / 2]);
}

TEST(ExamplePlan, EachVotesOnceInTheSaleAndTheLastIsFor) {
  for (const u64 members : {kLeastMembers, u64{1'800}, kDefaultMembers}) {
    const Plan plan = plan_of(3, members);
    std::set<u64> voters;
    u64 in_favour = 0;
    for (const PlannedBallot& ballot : plan.sale_ballots) {
      EXPECT_TRUE(voters.insert(ballot.member).second);
      in_favour += ballot.choice == Choice::in_favour ? 1 : 0;
    }
    EXPECT_EQ(voters.size(), plan.numbers.sale_ballots);
    EXPECT_EQ(in_favour, plan.numbers.in_favour);
    EXPECT_EQ(plan.sale_ballots.back().choice, Choice::in_favour);
    EXPECT_FALSE(voters.contains(plan.quiet_member));
    EXPECT_FALSE(voters.contains(plan.leaving));
  }
}

TEST(ExamplePlan, NobodySendsMoneyTwiceOrPlaysTwoParts) {
  const Plan plan = plan_of(5, kDefaultMembers);
  std::set<u64> seen{plan.rotating,      plan.leaving,       plan.quiet_member,
                     plan.sale_proposer, plan.poll_proposer, plan.poor_member};
  EXPECT_EQ(seen.size(), 6U);
  for (const Pair& pair : plan.transfers) {
    EXPECT_TRUE(seen.insert(pair.from).second);
    EXPECT_TRUE(seen.insert(pair.to).second);
  }
  for (const u64 member : plan.redeemers) EXPECT_TRUE(seen.insert(member).second);
}

TEST(ExamplePlan, HasOverridesSilentDelegatesAndSecondHops) {
  const Plan plan = plan_of(kDefaultSeed, kDefaultMembers);
  const std::vector<u64> weights(plan.units.size(), 1);
  const ExpectedTally tally = count_votes(plan.sale_ballots, plan.delegates, weights);
  EXPECT_GT(tally.overrides, 100U);
  EXPECT_GT(tally.delegated, 500U);
  std::set<u64> voted;
  for (const PlannedBallot& ballot : plan.sale_ballots) voted.insert(ballot.member);
  u64 lost_at_second_hop = 0;
  for (u64 member = 0; member < plan.delegates.size(); ++member) {
    const auto first = plan.delegates[member];
    if (!first || voted.contains(member) || voted.contains(*first) || !plan.delegates[*first]) continue;
    lost_at_second_hop += voted.contains(*plan.delegates[*first]) ? 1 : 0;
  }
  EXPECT_GT(lost_at_second_hop, 0U);
  EXPECT_EQ(tally.counted.cast(), tally.ballots + tally.delegated);
}

TEST(ExampleModel, CountsADelegatesBallotForWhoCastNoneAndNoSecondHop) {
  // 0 votes; 1 delegates to 0; 2 delegates to 1, who did not vote; 3 delegates to 0 and votes itself.
  const std::vector<std::optional<u64>> delegates{std::nullopt, 0, 1, 0};
  const std::vector<u64> weights{1, 10, 100, 1'000};
  const std::vector<PlannedBallot> ballots{{0, Choice::in_favour, 1}, {3, Choice::against, 1}};
  const ExpectedTally tally = count_votes(ballots, delegates, weights);
  EXPECT_EQ(tally.counted, (Counts{.against = 1'000, .in_favour = 11, .abstain = 0}));
  EXPECT_EQ(tally.own, (Counts{.against = 1'000, .in_favour = 1, .abstain = 0}));
  EXPECT_EQ(tally.electorate, 1'111U);
  EXPECT_EQ(tally.overrides, 1U);
  EXPECT_EQ(tally.delegated, 1U);
}

TEST(ExampleModel, OfOneMembersBallotsTheHighestRevisionCounts) {
  const std::vector<std::optional<u64>> none(1);
  const std::vector<u64> weights{5};
  const std::vector<PlannedBallot> ballots{{0, Choice::abstain, 2}, {0, Choice::in_favour, 1}};
  EXPECT_EQ(count_votes(ballots, none, weights).counted,
            (Counts{.against = 0, .in_favour = 0, .abstain = 5}));
}

TEST(ExampleModel, SharesAddUpAndAreWithinOneUnitOfExact) {
  const std::vector<u64> units{1, 1, 1, 0, 7};
  const auto shares = share_out(101, units, LedgerId{}, 0);
  EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), u64{0}), 101U);
  EXPECT_EQ(shares[3], 0U);
  for (std::size_t i = 0; i < units.size(); ++i) {
    EXPECT_LE(101 * units[i] / 10, shares[i]);
    EXPECT_LE(shares[i], 101 * units[i] / 10 + 1);
  }
}

TEST(ExampleModel, TheMedianIsTheLowerMiddleShare) {
  const ShareFigures figures = figures_of({4, 1, 3, 2});
  EXPECT_EQ(figures.smallest, 1U);
  EXPECT_EQ(figures.median, 2U);
  EXPECT_EQ(figures.largest, 4U);
  EXPECT_EQ(figures.sum, 10U);
}

}  // namespace
}  // namespace moot::wallet::example
