// Rules 5.4 and 5.13: each comparator at its boundary, and what is still needed against a search.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/unit/ledger/voting_fixture.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

constexpr u64 kMax = ~u64{0};

struct Case {
  const char* name;
  Thresholds policy;
  u64 electorate;
  Counts counts;
  unsigned mask;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class DefeatMask : public testing::TestWithParam<Case> {};

TEST_P(DefeatMask, IsAsRule5_4Says) {
  const Case& one = GetParam();
  EXPECT_EQ(defeat_mask(policy_of(one.policy), tally_of(one.counts), Power{one.electorate}), one.mask);
}

INSTANTIATE_TEST_SUITE_P(
    Support, DefeatMask,
    testing::Values(
        Case{"a tie is defeated", {}, 10, {.against = 5, .in_favour = 5}, kFailedSupport},
        Case{"one more For than Against", {}, 11, {.against = 5, .in_favour = 6}, 0},
        Case{"one less", {}, 11, {.against = 6, .in_favour = 5}, kFailedSupport},
        Case{"Veto opposes too", {}, 10, {.against = 2, .in_favour = 4, .veto = 2}, kFailedSupport},
        Case{"abstain only", {}, 10, {.abstain = 10}, kFailedSupport},
        Case{"abstentions do not oppose", {}, 10, {.in_favour = 1, .abstain = 9}, 0},
        Case{"nobody voted", {}, 10, {}, kFailedSupport}, Case{"one voter For", {}, 1, {.in_favour = 1}, 0},
        Case{"one voter Against", {}, 1, {.against = 1}, kFailedSupport},
        Case{"one voter abstains", {}, 1, {.abstain = 1}, kFailedSupport},
        Case{"W = 0", {}, 0, {}, kFailedSupport},
        Case{"exactly two thirds is not more",
             {.support = 666'667},
             3,
             {.against = 1, .in_favour = 2},
             kFailedSupport},
        Case{"a hair above a threshold just below two thirds",
             {.support = 666'666},
             3,
             {.against = 1, .in_favour = 2},
             0},
        Case{"exactly three quarters is not more",
             {.support = 750'000},
             4,
             {.against = 1, .in_favour = 3},
             kFailedSupport},
        Case{"three quarters and one", {.support = 750'000}, 5, {.against = 1, .in_favour = 4}, 0},
        Case{"t = 0 needs one For", {.support = 0}, 5, {.against = 4, .in_favour = 1}, 0},
        Case{"t = 0 and no For", {.support = 0}, 5, {.against = 5}, kFailedSupport},
        Case{"t just below the whole, unanimous", {.support = 999'999}, 5, {.in_favour = 5}, 0},
        Case{"t just below the whole, one of a million opposes",
             {.support = 999'999},
             1'000'000,
             {.against = 1, .in_favour = 999'999},
             kFailedSupport},
        Case{"half of the largest electorate",
             {},
             kMax,
             {.against = kMax / 2, .in_favour = kMax / 2},
             kFailedSupport},
        Case{"and one more", {}, kMax, {.against = kMax / 2, .in_favour = kMax / 2 + 1}, 0}));

INSTANTIATE_TEST_SUITE_P(
    Quorum, DefeatMask,
    testing::Values(
        Case{"quorum less one", {.quorum = 200'000}, 100, {.in_favour = 19}, kFailedQuorum},
        Case{"quorum", {.quorum = 200'000}, 100, {.in_favour = 20}, 0},
        Case{"quorum rounds up, below", {.quorum = 200'000}, 101, {.in_favour = 20}, kFailedQuorum},
        Case{"quorum rounds up, at", {.quorum = 200'000}, 101, {.in_favour = 21}, 0},
        Case{"every choice is cast",
             {.quorum = 1'000'000},
             10,
             {.against = 2, .in_favour = 5, .abstain = 1, .veto = 2},
             0},
        Case{"abstain only reaches the quorum", {.quorum = 500'000}, 10, {.abstain = 5}, kFailedSupport},
        Case{"the whole, one missing", {.quorum = 1'000'000}, 10, {.in_favour = 9}, kFailedQuorum},
        Case{"the smallest share of a small electorate is one",
             {.quorum = 1},
             3,
             {},
             kFailedQuorum | kFailedSupport},
        Case{"W = 0 reaches any quorum", {.quorum = 1'000'000}, 0, {}, kFailedSupport},
        Case{"largest electorate, whole", {.quorum = 1'000'000}, kMax, {.in_favour = kMax}, 0},
        Case{"largest electorate, one missing",
             {.quorum = 1'000'000},
             kMax,
             {.in_favour = kMax - 1},
             kFailedQuorum}));

INSTANTIATE_TEST_SUITE_P(
    Approval, DefeatMask,
    testing::Values(
        Case{"approval less one", {.approval = 500'000}, 10, {.in_favour = 4, .abstain = 6}, kFailedApproval},
        Case{"approval", {.approval = 500'000}, 10, {.in_favour = 5, .abstain = 5}, 0},
        Case{"approval rounds up", {.approval = 500'000}, 11, {.in_favour = 5}, kFailedApproval},
        Case{"approval rounded up", {.approval = 500'000}, 11, {.in_favour = 6}, 0},
        Case{"quorum, approval and support fail together",
             {.quorum = 500'000, .approval = 500'000},
             10,
             {.against = 2, .in_favour = 2},
             kFailedQuorum | kFailedApproval | kFailedSupport},
        Case{"largest electorate, one short",
             {.approval = 1'000'000},
             kMax,
             {.in_favour = kMax - 1},
             kFailedApproval}));

INSTANTIATE_TEST_SUITE_P(
    Veto, DefeatMask,
    testing::Values(Case{"a third exactly does not veto",
                         {.veto = 333'333},
                         1'000'000,
                         {.in_favour = 666'667, .veto = 333'333},
                         0},
                    Case{"one more does",
                         {.veto = 333'333},
                         1'000'000,
                         {.in_favour = 666'666, .veto = 333'334},
                         kFailedVeto},
                    Case{"the share is of what is cast, not of W",
                         {.veto = 250'000},
                         1'000'000,
                         {.in_favour = 2, .veto = 1},
                         kFailedVeto},
                    Case{"abstentions dilute a veto",
                         {.veto = 250'000},
                         1'000,
                         {.in_favour = 2, .abstain = 1, .veto = 1},
                         0},
                    Case{"z = 0 means no veto", {.veto = 0}, 10, {.in_favour = 6, .veto = 4}, 0},
                    Case{"nobody voted, nobody vetoed", {.veto = 1}, 10, {}, kFailedSupport},
                    Case{"largest electorate",
                         {.support = 0, .veto = 999'999},
                         kMax,
                         {.in_favour = 1, .veto = kMax - 1},
                         kFailedVeto}));

// 5.13 against its meaning: the least further For power with which the four tests hold.
u64 search_needed(const Policy& policy, Tally tally, Power electorate, u64 limit) {
  for (u64 more = 0; more <= limit; ++more) {
    if (defeat_mask(policy, tally, electorate) == 0) return more;
    tally[Choice::in_favour] = Power{tally[Choice::in_favour].raw() + 1};
  }
  return limit + 1;
}

TEST(StillNeeded, Rule5_13AgreesWithASearch) {
  const std::vector<Thresholds> policies{
      {},
      {.quorum = 200'000},
      {.quorum = 1'000'000},
      {.approval = 400'000},
      {.support = 666'666},
      {.support = 0},
      {.veto = 333'333},
      {.quorum = 500'000, .approval = 300'000, .support = 750'000, .veto = 100'000}};
  constexpr u64 kLimit = 200;
  for (const Thresholds& thresholds : policies)
    for (u64 electorate = 1; electorate <= 6; ++electorate)
      for (u64 code = 0; code < 7 * 7 * 7 * 7; ++code) {
        const Counts counts{code % 7, code / 7 % 7, code / 49 % 7, code / 343};
        const Tally tally = tally_of(counts);
        if (tally.cast().raw() > electorate) continue;
        const Policy policy = policy_of(thresholds);
        const StillNeeded got = still_needed(policy, tally, Power{electorate});
        const u64 found = search_needed(policy, tally, Power{electorate}, kLimit);
        ASSERT_LE(found, kLimit);
        EXPECT_EQ(got.power.raw(), found);
        EXPECT_EQ(got.cannot_pass, found > electorate - tally.cast().raw());
      }
}

TEST(StillNeeded, Rule5_13IsExactForTheLargestElectorate) {
  const Policy policy = policy_of({.quorum = 1'000'000});
  EXPECT_EQ(still_needed(policy, {}, Power{kMax}).power.raw(), kMax);
  EXPECT_FALSE(still_needed(policy, {}, Power{kMax}).cannot_pass);
}

TEST(StillNeeded, Rule5_13SaysCannotPassWhereTheNumberDoesNotFit) {
  // 1 ppm of veto allowed, half of the largest electorate vetoes: far more than 2⁶⁴ would have to be cast.
  const StillNeeded got = still_needed(policy_of({.veto = 1}), tally_of({.veto = kMax / 2}), Power{kMax});
  EXPECT_EQ(got.power.raw(), kMax);
  EXPECT_TRUE(got.cannot_pass);
}

TEST(QuorumReached, Rule5_4CountsEveryChoice) {
  const Policy policy = policy_of({.quorum = 400'000});
  for (const Choice choice : {Choice::against, Choice::in_favour, Choice::abstain, Choice::veto}) {
    Tally tally;
    tally[choice] = Power{3};
    EXPECT_FALSE(quorum_reached(policy, tally, Power{10}));
    tally[choice] = Power{4};
    EXPECT_TRUE(quorum_reached(policy, tally, Power{10}));
  }
}

}  // namespace
}  // namespace moot::ledger
