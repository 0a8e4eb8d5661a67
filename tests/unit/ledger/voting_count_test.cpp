// Rules 5.2 and 5.3: counting in O(1) against the definition, over random histories of ballots, delegation, overrides and
// changes; slots and boxes; the proposal's hash (5.12).
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.hpp"
#include "tests/unit/ledger/voting_fixture.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

constexpr BasisKey kUnits{kClass.value + 1};

std::vector<Elector> arbitrary_electors() {
  const auto count = *rc::gen::inRange<std::size_t>(1, 9);
  std::vector<Elector> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].units = *rc::gen::inRange<u64>(0, 50);
    const auto delegate = *rc::gen::inRange<std::size_t>(0, count + 1);
    if (delegate < count && delegate != i) out[i].delegate = delegate;
    out[i].active = *rc::gen::inRange(0, 6) != 0;
    out[i].confirmed = out[i].delegate.has_value() || *rc::gen::inRange(0, 4) != 0;
  }
  return out;
}

// Registers may move on after the record height; counting does not see it (2.1).
void disturb_registers(Electorate& electorate) {
  Execution run = electorate.run_at(Height{7});
  const u64 count = electorate.state.members.size();
  for (u64 i = 0; i < count; ++i) {
    if (*rc::gen::inRange(0, 3) == 0) set_delegate(run, MemberId{i}, std::nullopt);
    if (*rc::gen::inRange(0, 3) == 0)
      set_units(run, MemberId{i}, kClass, Units{*rc::gen::inRange<u64>(0, 90)});
    if (*rc::gen::inRange(0, 5) == 0) set_status(run, MemberId{i}, MemberStatus::expelled);
  }
}

void expect_as_defined(const Electorate& electorate, const Proposal& proposal, const BallotBox& box) {
  RC_ASSERT(proposal.tally == tally_by_definition(electorate.state, proposal, box, false));
  RC_ASSERT(proposal.firm == tally_by_definition(electorate.state, proposal, box, true));
  RC_ASSERT(proposal.tally.cast() <= proposal.electorate);
}

RC_GTEST_PROP(CountBallot, Rule5_3AgreesWithRule5_2OverRandomHistories, ()) {
  Electorate electorate(arbitrary_electors());
  Policy policy;
  policy.confirmed_only = *rc::gen::arbitrary<bool>();
  Proposal proposal = electorate.proposal(policy, *rc::gen::arbitrary<bool>() ? kUnits : BasisKey::members());
  BallotBox box;
  const u64 count = electorate.state.members.size();
  const auto steps = *rc::gen::inRange<std::size_t>(0, 40);
  u64 first_ballots = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    if (step == 5) disturb_registers(electorate);
    const MemberId member{*rc::gen::inRange<u64>(0, count)};
    if (!eligible(electorate.state, member, policy.confirmed_only, kRecord)) continue;
    const Slot before = box.slot(member);
    first_ballots += before.choice == Choice::none ? 1 : 0;
    const BallotChange ballot{.member = member,
                              .choice = static_cast<Choice>(*rc::gen::inRange(1, 5)),
                              .revision = static_cast<u16>(before.revision + 1),
                              .height = Height{8 + step}};
    count_ballot(electorate.state, proposal, box, ballot);
    RC_ASSERT(box.slot(member) == (Slot{ballot.choice, ballot.revision, ballot.height.raw()}));
    expect_as_defined(electorate, proposal, box);
  }
  RC_ASSERT(proposal.ballots == first_ballots);

  BallotBox rebuilt = box;
  for (u64 i = 0; i < count; ++i) rebuilt.set_taken(MemberId{i}, 999);
  rebuild_taken(electorate.state, proposal, rebuilt);
  for (u64 i = 0; i < count; ++i) RC_ASSERT(rebuilt.taken(MemberId{i}) == box.taken(MemberId{i}));
}

Slot cast(Electorate& electorate, Proposal& proposal, BallotBox& box, u64 member, Choice choice) {
  const u16 revision = static_cast<u16>(box.slot(MemberId{member}).revision + 1);
  count_ballot(electorate.state, proposal, box,
               {.member = MemberId{member}, .choice = choice, .revision = revision, .height = Height{3}});
  return box.slot(MemberId{member});
}

TEST(CountBallot, Rule5_2ADelegateSpeaksForThoseWhoDoNot) {
  Electorate electorate({{.units = 10}, {.units = 5, .delegate = 0}, {.units = 3, .delegate = 0}});
  Proposal proposal = electorate.proposal(policy_of({}), kUnits);
  BallotBox box;
  cast(electorate, proposal, box, 0, Choice::in_favour);
  EXPECT_EQ(proposal.tally, tally_of({.in_favour = 18}));
  EXPECT_EQ(proposal.firm, tally_of({.in_favour = 10}));
  cast(electorate, proposal, box, 1, Choice::against);
  EXPECT_EQ(proposal.tally, tally_of({.against = 5, .in_favour = 13}));
  cast(electorate, proposal, box, 0, Choice::abstain);
  EXPECT_EQ(proposal.tally, tally_of({.against = 5, .abstain = 13}));
  EXPECT_EQ(proposal.ballots, 2u);
}

TEST(CountBallot, Rule5_2DelegationIsOneHop) {
  Electorate electorate({{.units = 1, .delegate = 1}, {.units = 1, .delegate = 2}, {.units = 1}});
  Proposal proposal = electorate.proposal(policy_of({}), kUnits);
  BallotBox box;
  cast(electorate, proposal, box, 2, Choice::in_favour);
  EXPECT_EQ(proposal.tally, tally_of({.in_favour = 2}));
}

TEST(CountBallot, Rule5_2ADelegateWhoIsNotEligibleCountsAsNone) {
  Electorate electorate({{.units = 4, .delegate = 1}, {.units = 2, .active = false}});
  Proposal proposal = electorate.proposal(policy_of({}), kUnits);
  EXPECT_EQ(counting_delegate(electorate.state, proposal, MemberId{0}), std::nullopt);
  EXPECT_EQ(proposal.electorate, Power{4});
  BallotBox box;
  cast(electorate, proposal, box, 0, Choice::in_favour);
  EXPECT_EQ(box.taken(MemberId{1}), 0u);
  EXPECT_EQ(proposal.tally, tally_of({.in_favour = 4}));
}

TEST(CountBallot, Rule5_7TheSameChoiceAgainMovesNoPower) {
  Electorate electorate({{.units = 4}, {.units = 2, .delegate = 0}});
  Proposal proposal = electorate.proposal(policy_of({}), kUnits);
  BallotBox box;
  cast(electorate, proposal, box, 0, Choice::in_favour);
  const Tally before = proposal.tally;
  EXPECT_EQ(cast(electorate, proposal, box, 0, Choice::in_favour).revision, 2u);
  EXPECT_EQ(proposal.tally, before);
  EXPECT_EQ(proposal.ballots, 1u);
}

TEST(CountBallot, Rule5_3HoldsTheLargestElectorate) {
  constexpr u64 kMax = ~u64{0};
  Electorate electorate({{.units = kMax - 1}, {.units = 1, .delegate = 0}});
  Proposal proposal = electorate.proposal(policy_of({}), kUnits);
  EXPECT_EQ(proposal.electorate, Power{kMax});
  BallotBox box;
  cast(electorate, proposal, box, 0, Choice::in_favour);
  EXPECT_EQ(proposal.tally.cast(), Power{kMax});
  cast(electorate, proposal, box, 1, Choice::against);
  EXPECT_EQ(proposal.tally, tally_of({.against = 1, .in_favour = kMax - 1}));
}

TEST(Slot, Rule5_3PacksIntoEightBytes) {
  const Slot slot{.choice = Choice::veto, .revision = 65'535, .height = (u64{1} << 40) - 1};
  EXPECT_EQ(slot.packed(), 0x04ff'ffff'ffff'ffffu);
  EXPECT_EQ(Slot::unpacked(slot.packed()), slot);
  EXPECT_EQ(Slot::unpacked(0), Slot{});
}

TEST(BallotBox, GrowsUpToTheMembersChunk) {
  BallotBox box;
  EXPECT_EQ(box.slot(MemberId{1'000'000}), Slot{});
  const Slot slot{.choice = Choice::abstain, .revision = 1, .height = 9};
  box.set(MemberId{100}, slot);
  EXPECT_EQ(box.chunks().size(), 4u);
  EXPECT_EQ(box.slot(MemberId{100}), slot);
  EXPECT_EQ(box.slot(MemberId{99}), Slot{});
  EXPECT_EQ(box.slot(MemberId{128}), Slot{});
}

TEST(BallotBox, TheRootDoesNotDependOnTheOrderOfBallots) {
  BallotBox one;
  BallotBox other;
  const Slot slot{.choice = Choice::in_favour, .revision = 1, .height = 9};
  for (const u64 member : {1u, 64u, 33u}) one.set(MemberId{member}, slot);
  for (const u64 member : {64u, 33u, 1u}) other.set(MemberId{member}, slot);
  EXPECT_EQ(one.chunks().root(), other.chunks().root());
  other.set(MemberId{2}, slot);
  EXPECT_NE(one.chunks().root(), other.chunks().root());
}

// The definition: every chunk below the highest one is a leaf, whoever voted first.
TEST(BallotBox, TheRootIsThatOfEveryChunkUpToTheHighestInAnyOrder) {
  for (u64 seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    SeededRandom random(seed);
    BallotBox box;
    std::vector<SlotChunk> dense;
    for (int i = 0; i < 40; ++i) {
      const u64 member = random.below(random.below(3) == 0 ? 300'000 : 2'000);
      const Slot slot{.choice = Choice::against, .revision = static_cast<u16>(i + 1), .height = 9};
      box.set(MemberId{member}, slot);
      if (dense.size() <= member / 32) dense.resize(member / 32 + 1);
      dense[member / 32].slots[member % 32] = slot.packed();
      if (random.below(4) == 0) box.chunks().root();
    }
    MerkleTable<SlotChunk> table;
    for (const SlotChunk& chunk : dense) table.push(chunk);
    EXPECT_EQ(box.chunks().root(), table.root());
  }
}

TEST(ProposalHash, Rule5_12CoversEverythingThatABallotMeans) {
  Proposal proposal;
  proposal.title = "Sell the 2024 survey";
  proposal.body.text = "All of it.";
  proposal.actions.push_back(Spend{.amount = Amount{5}});
  const LedgerId ledger{.bytes = {1}};
  const Hash hash = proposal_hash(ledger, ProposalId{3}, proposal);
  const auto differs = [&](auto&& change) {
    Proposal changed = proposal;
    change(changed);
    return proposal_hash(ledger, ProposalId{3}, changed) != hash;
  };
  EXPECT_EQ(proposal_hash(ledger, ProposalId{3}, proposal), hash);
  EXPECT_NE(proposal_hash(LedgerId{.bytes = {2}}, ProposalId{3}, proposal), hash);
  EXPECT_NE(proposal_hash(ledger, ProposalId{4}, proposal), hash);
  EXPECT_TRUE(differs([](Proposal& p) { p.opened = Height{1}; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.record_height = Height{1}; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.proposer = MemberId{1}; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.kind = ProposalKind::spend; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.title += "!"; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.body.text += "!"; }));
  EXPECT_TRUE(differs([](Proposal& p) { std::get<Spend>(p.actions[0]).amount = Amount{6}; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.policy.quorum = Ppm{1}; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.opens_at = TimeMs{1}; }));
  EXPECT_TRUE(differs([](Proposal& p) { p.first_deadline = TimeMs{1}; }));
  // What changes while people vote is not in it, or a ballot signed early would not count late.
  EXPECT_FALSE(differs([](Proposal& p) { p.deadline = TimeMs{9}; }));
  EXPECT_FALSE(differs([](Proposal& p) { p.tally = tally_of({.against = 1}); }));
}

}  // namespace
}  // namespace moot::ledger
