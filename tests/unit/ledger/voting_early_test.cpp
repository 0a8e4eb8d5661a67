// Rule 5.6 by brute force: for every state of every small electorate with delegation, an early result is given exactly when
// no completion could end otherwise. A completion gives any of those without an own ballot any choice, or none.
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/ledger/voting_fixture.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

// Own ballots of everybody as one number in base 5, digit i being the Choice of member i.
struct Small {
  std::vector<u64> weights;
  std::vector<std::size_t> delegates;  // itself: none
  Policy policy;

  [[nodiscard]] std::size_t count() const { return weights.size(); }
  [[nodiscard]] u64 total() const {
    u64 sum = 0;
    for (const u64 weight : weights) sum += weight;
    return sum;
  }
  [[nodiscard]] Proposal proposal(const std::vector<unsigned>& ballots) const {
    Proposal out;
    out.policy = policy;
    out.electorate = Power{total()};
    for (std::size_t i = 0; i < count(); ++i) {
      const unsigned counted = ballots[i] != 0 ? ballots[i] : ballots[delegates[i]];
      out.tally.power[counted] = Power{out.tally.power[counted].raw() + weights[i]};
      out.firm.power[ballots[i]] = Power{out.firm.power[ballots[i]].raw() + weights[i]};
    }
    out.tally[Choice::none] = out.firm[Choice::none] = Power{};
    return out;
  }
};

struct Fate {
  bool all_pass = true;
  bool all_fail = true;
};

std::vector<unsigned> digits(u64 code, std::size_t count) {
  std::vector<unsigned> out(count);
  for (unsigned& digit : out) {
    digit = static_cast<unsigned>(code % 5);
    code /= 5;
  }
  return out;
}

// A further ballot raises the code, so fates are found from the highest code down.
void check_every_state(const Small& small) {
  const unsigned choices = small.policy.veto.is_zero() ? 3 : 4;
  u64 codes = 1;
  for (std::size_t i = 0; i < small.count(); ++i) codes *= 5;
  std::vector<Fate> fates(codes);
  for (u64 code = codes; code-- > 0;) {
    const auto ballots = digits(code, small.count());
    if (std::any_of(ballots.begin(), ballots.end(), [&](unsigned c) { return c > choices; })) continue;
    const Proposal proposal = small.proposal(ballots);
    const bool passes = defeat_mask(small.policy, proposal.tally, proposal.electorate) == 0;
    Fate fate{passes, !passes};
    u64 place = 1;
    for (std::size_t i = 0; i < small.count(); ++i, place *= 5) {
      if (ballots[i] != 0) continue;
      for (unsigned choice = 1; choice <= choices; ++choice) {
        fate.all_pass = fate.all_pass && fates[code + place * choice].all_pass;
        fate.all_fail = fate.all_fail && fates[code + place * choice].all_fail;
      }
    }
    fates[code] = fate;
    ASSERT_EQ(passes_early(proposal, TimeMs{0}), fate.all_pass) << "state " << code;
    ASSERT_EQ(rejects_early(proposal), fate.all_fail) << "state " << code;
  }
}

std::vector<Policy> policies() {
  std::vector<Policy> out;
  for (const u32 quorum : {0u, 400'000u, 1'000'000u})
    for (const u32 approval : {0u, 400'000u})
      for (const u32 support : {0u, 500'000u, 666'666u})
        for (const u32 veto : {0u, 250'000u}) out.push_back(policy_of({quorum, approval, support, veto}));
  return out;
}

TEST(EarlyResult, Rule5_6IsGivenExactlyWhenNoCompletionEndsOtherwiseUpToThreeMembers) {
  const std::vector<std::vector<u64>> weightings{{1}, {1, 1}, {3, 1}, {1, 1, 1}, {1, 2, 4}, {5, 0, 1}};
  for (const Policy& policy : policies())
    for (const auto& weights : weightings) {
      const std::size_t n = weights.size();
      u64 graphs = 1;
      for (std::size_t i = 0; i < n; ++i) graphs *= n;
      for (u64 graph = 0; graph < graphs; ++graph) {
        Small small{weights, std::vector<std::size_t>(n), policy};
        u64 rest = graph;
        for (auto& delegate : small.delegates) {
          delegate = rest % n;
          rest /= n;
        }
        check_every_state(small);
        if (HasFatalFailure()) return;
      }
    }
}

TEST(EarlyResult, Rule5_6IsGivenExactlyWhenNoCompletionEndsOtherwiseForFourAndFiveMembers) {
  std::mt19937_64 random(20'240'601);
  for (const Policy& policy : policies())
    for (int round = 0; round < 60; ++round) {
      const std::size_t n = 4 + random() % 2;
      Small small{std::vector<u64>(n), std::vector<std::size_t>(n), policy};
      for (auto& weight : small.weights) weight = 1 + random() % 4;
      for (auto& delegate : small.delegates) delegate = random() % n;
      check_every_state(small);
      if (HasFatalFailure()) return;
    }
}

Proposal unanimous(Policy policy) {
  Proposal out;
  out.policy = policy;
  out.electorate = Power{3};
  out.tally = out.firm = tally_of({.in_favour = 3});
  return out;
}

TEST(EarlyResult, Rule5_6IsOffWhereVoteChangeIsOn) {
  Policy policy = policy_of({});
  EXPECT_TRUE(passes_early(unanimous(policy), TimeMs{0}));
  policy.vote_change = true;
  EXPECT_FALSE(passes_early(unanimous(policy), TimeMs{0}));

  Proposal rejected = unanimous(policy);
  rejected.tally = rejected.firm = tally_of({.against = 3});
  EXPECT_FALSE(rejects_early(rejected));
  rejected.policy.vote_change = false;
  EXPECT_TRUE(rejects_early(rejected));
}

TEST(EarlyResult, Rule5_6WaitsForMinOpenToPassButNotToReject) {
  Policy policy = policy_of({});
  policy.min_open = DurationMs{1'000};
  Proposal proposal = unanimous(policy);
  proposal.opens_at = TimeMs{5'000};
  EXPECT_FALSE(passes_early(proposal, TimeMs{5'999}));
  EXPECT_TRUE(passes_early(proposal, TimeMs{6'000}));
  proposal.tally = proposal.firm = tally_of({.against = 3});
  EXPECT_TRUE(rejects_early(proposal));
}

TEST(EarlyResult, Rule5_6DoesNotTrustDelegatedPower) {
  Proposal proposal = unanimous(policy_of({}));
  proposal.firm = tally_of({.in_favour = 1});
  EXPECT_FALSE(passes_early(proposal, TimeMs{0}));
}

TEST(EarlyResult, Rule5_6HoldsForTheLargestElectorate) {
  constexpr u64 kMax = ~u64{0};
  Proposal proposal;
  proposal.policy = policy_of({.quorum = 1'000'000, .approval = 500'000, .veto = 999'999});
  proposal.electorate = Power{kMax};
  proposal.tally = proposal.firm = tally_of({.against = kMax / 2, .in_favour = kMax / 2});
  EXPECT_FALSE(passes_early(proposal, TimeMs{0}));
  EXPECT_FALSE(rejects_early(proposal));
  proposal.tally = proposal.firm = tally_of({.against = kMax / 2, .in_favour = kMax / 2 + 1});
  EXPECT_TRUE(passes_early(proposal, TimeMs{0}));
  proposal.tally = proposal.firm = tally_of({.against = kMax / 2 + 1, .in_favour = kMax / 2});
  EXPECT_TRUE(rejects_early(proposal));
}

}  // namespace
}  // namespace moot::ledger
