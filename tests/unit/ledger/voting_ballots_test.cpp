// Ballots through whole blocks: rules 1.6, 3.2, 3.8, 3.9, 5.1, 5.2 and 5.7.
#include "ledger/state_records.hpp"
#include "tests/unit/ledger/voting_world.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

Vote vote_on(const LedgerWorld& world, ProposalId id, Choice choice = Choice::in_favour) {
  return Vote{
      .proposal = id, .proposal_hash = at(world, id).hash, .title = at(world, id).title, .choice = choice};
}

std::optional<TxError> code_of(const LedgerWorld& world, std::string_view label, Vote vote, u64 nonce = 1,
                               u64 step_ms = kSecond) {
  return world.code(world.sign(label, std::move(vote), {.nonce = nonce, .valid_until = {}}), step_ms);
}

TEST(Ballot, Rule5_3FillsTheSlotAndTouchesNoAccount) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const u64 nonce = world.state().accounts[world.account("m3").value].next_nonce;
  const BlockResult result = cast_all(world, id, {"m3"}, Choice::against);
  EXPECT_EQ(result.receipts[0].detail, 0u);
  const Slot slot{Choice::against, 1, world.height().raw()};
  EXPECT_EQ(world.state().box(id)->slot(world.member("m3")), slot);
  EXPECT_EQ(world.state().accounts[world.account("m3").value].next_nonce, nonce);
  EXPECT_TRUE(result.changes.accounts.empty());
  EXPECT_EQ(at(world, id).tally[Choice::against], Power{1});
  EXPECT_EQ(at(world, id).ballots, 1u);
  EXPECT_EQ(world.state().counters->ballots, 1u);
  BallotBox box = *world.state().box(id);
  EXPECT_EQ(at(world, id).ballots_root, box.chunks().root());
  EXPECT_EQ(kinds_of(result), (std::vector{EventKind::ballot_cast, EventKind::confirmed}));
  EXPECT_EQ(result.events[0], (Event{.kind = EventKind::ballot_cast,
                                     .a = id.value,
                                     .b = world.member("m3").value,
                                     .c = slot.packed(),
                                     .tx_index = 0}));
}

u64 rows_of(std::span<const StateRow> rows, StateTable table) {
  return static_cast<u64>(std::ranges::count(rows, table, &StateRow::table));
}

// A ballot costs what it costs, however many members have lower ids.
TEST(Ballot, Rule5_3OfTheHighestIdWritesItsOwnChunksAlone) {
  LedgerWorld world(test::WorldOptions{.members = 3'000});
  const ProposalId id = world.propose(ProposalKind::text, {});
  const State before = world.state();
  const BlockResult result = cast_all(world, id, {"m2999"}, Choice::against);
  EXPECT_EQ(result.changes.slots, (std::vector{std::pair{id.value, u64{93}}}));
  EXPECT_EQ(result.changes.confirmations, std::vector<u64>{93});
  const auto changed = changed_rows(before, result);
  EXPECT_EQ(rows_of(changed, StateTable::slots), 1u);
  EXPECT_EQ(rows_of(changed, StateTable::confirmations), 1u);

  std::vector<StateRow> rows;
  StateLoader loader;
  for_each_row(world.state(), [&](const StateRow& row) {
    rows.push_back(row);
    EXPECT_TRUE(loader.add(row)) << loader.problem();
  });
  EXPECT_EQ(rows_of(rows, StateTable::slots), 1u);
  EXPECT_EQ(rows_of(rows, StateTable::confirmations), 2u) << "the proposer's chunk and the voter's";
  const auto loaded = loader.finish();
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->root, world.root());
  EXPECT_EQ(loaded->state.box(id)->slot(MemberId{2'999}).choice, Choice::against);
  EXPECT_EQ(loaded->state.confirmed(MemberId{2'998}), std::nullopt);
}

TEST(Ballot, Rule5_1NoneInTheBlockThatOpensTheProposal) {
  LedgerWorld world;
  BlockExecution block(world.state(), TimeMs{world.now().raw() + kSecond});
  const auto receipt = block.add(world.sign("m0", proposing(ProposalKind::text)));
  ASSERT_TRUE(receipt && !receipt->failed());
  const Proposal& opened = block.state().proposals[receipt->detail];
  const Vote vote{.proposal = ProposalId{receipt->detail},
                  .proposal_hash = opened.hash,
                  .title = opened.title,
                  .choice = Choice::in_favour};
  const auto ballot = block.add(world.sign("m1", vote, {.nonce = 1, .valid_until = {}}));
  ASSERT_FALSE(ballot.has_value());
  EXPECT_EQ(ballot.error().code, TxError::not_yet_open);
}

TEST(Ballot, Rule5_1IsTakenFromOpensAtOnAndUpToTheDeadline) {
  LedgerWorld world = world_with([](Policy& policy) { policy.delay = DurationMs{10 * kSecond}; });
  const ProposalId id{world.run("m0", proposing(ProposalKind::text)).detail};
  const u64 opens = at(world, id).opens_at.raw() - world.now().raw();
  EXPECT_EQ(opens, 10 * kSecond);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 1, opens - 1), TxError::not_yet_open);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 1, opens), std::nullopt);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 1, opens + kHour - 1), std::nullopt);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 1, opens + kHour), TxError::voting_closed);
}

TEST(Ballot, Rule1_6TheNonceIsFrom1To65535) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 0), TxError::bad_value);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 1), std::nullopt);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 65'535), std::nullopt);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 65'536), TxError::bad_value);
}

TEST(Ballot, Rule1_6ASecondOneIsRefusedWhereVoteChangeIsOff) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.vote("m1", id, Choice::in_favour);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id, Choice::against), 2), TxError::already_voted);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id), 1), TxError::already_voted);
}

LedgerWorld changing_world(u8 changes) {
  return world_with([=](Policy& policy) {
    policy.vote_change = true;
    policy.max_changes = changes;
  });
}

TEST(Ballot, Rule5_7AHigherNonceChangesIt) {
  LedgerWorld world = changing_world(5);
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.vote("m1", id, Choice::in_favour, 2);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id, Choice::against), 1), TxError::ballot_nonce_stale);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id, Choice::against), 2), TxError::ballot_nonce_stale);
  world.vote("m1", id, Choice::against, 3);
  EXPECT_EQ(at(world, id).tally, at(world, id).firm);
  EXPECT_EQ(at(world, id).tally[Choice::against], Power{1});
  EXPECT_EQ(at(world, id).tally[Choice::in_favour], Power{0});
  EXPECT_EQ(at(world, id).ballots, 1u);
}

TEST(Ballot, Rule5_7NobodyChangesMoreOftenThanThePolicyAllows) {
  LedgerWorld world = changing_world(2);
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.vote("m1", id, Choice::in_favour, 1);
  world.vote("m1", id, Choice::against, 2);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id, Choice::abstain), 4), TxError::vote_changes_exhausted);
  world.vote("m1", id, Choice::in_favour, 3);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id, Choice::against), 4), TxError::vote_changes_exhausted);
}

TEST(Ballot, Rule5_7TheSameChoiceWithAHigherNonceKillsOlderOnes) {
  LedgerWorld world = changing_world(1);
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.vote("m1", id, Choice::in_favour, 1);
  world.vote("m1", id, Choice::in_favour, 500);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id, Choice::against), 2), TxError::ballot_nonce_stale);
  EXPECT_EQ(world.state().box(id)->slot(world.member("m1")).revision, 500);
}

TEST(Ballot, Rule5_12IsBoundToTheProposalAndItsTitle) {
  LedgerWorld world;
  const ProposalId first = world.propose(ProposalKind::text, {}, "m0");
  const ProposalId second = world.propose(ProposalKind::text, {}, "m1");
  Vote replayed = vote_on(world, first);
  replayed.proposal = second;
  EXPECT_EQ(code_of(world, "m2", replayed), TxError::wrong_proposal_hash);
  Vote retitled = vote_on(world, first);
  retitled.title = "Another title";
  EXPECT_EQ(code_of(world, "m2", retitled), TxError::wrong_title);
}

TEST(Ballot, IsRefusedForWhatItIs) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  Vote vote = vote_on(world, id, Choice::none);
  EXPECT_EQ(code_of(world, "m1", vote), TxError::bad_value);
  vote = vote_on(world, id, Choice::veto);
  EXPECT_EQ(code_of(world, "m1", vote), TxError::veto_not_allowed);
  vote = vote_on(world, id);
  vote.reason = std::string(281, 'x');
  EXPECT_EQ(code_of(world, "m1", vote), TxError::text_too_long);
  vote.title = "tab\there";
  EXPECT_EQ(code_of(world, "m1", vote), TxError::bad_text);
  vote = vote_on(world, id);
  vote.proposal = ProposalId{77};
  EXPECT_EQ(code_of(world, "m1", vote), TxError::no_such_proposal);
  EXPECT_EQ(code_of(world, "r0", vote_on(world, id)), TxError::not_a_member);
}

TEST(Ballot, Rule5_4AVetoIsTakenWhereThePolicyHasOne) {
  LedgerWorld world = world_with([](Policy& policy) { policy.veto = Ppm{333'333}; });
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.vote("m1", id, Choice::veto);
  EXPECT_EQ(at(world, id).tally[Choice::veto], Power{1});
}

TEST(Ballot, Rule5_2OnlyThoseActiveAtTheRecordHeightVote) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.run("r0", AdmitMembers{.share_class = ClassId{0},
                               .members = {{.address = test::test_address("new")}},
                               .expires = TimeMs{world.now().raw() + kHour}});
  EXPECT_EQ(code_of(world, "new", vote_on(world, id)), TxError::not_in_electorate);
}

TEST(Ballot, Rule3_2WhoIsSuspendedOrLeavesStillVotesOnWhatWasOpen) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  change_registers(world, [&](Execution& run) {
    set_status(run, world.member("m1"), MemberStatus::suspended);
    set_status(run, world.member("m2"), MemberStatus::left);
  });
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id)), std::nullopt);
  EXPECT_EQ(code_of(world, "m2", vote_on(world, id)), std::nullopt);
  const ProposalId later_one = world.propose(ProposalKind::text, {}, "m3");
  EXPECT_EQ(at(world, later_one).electorate, Power{3});
  EXPECT_EQ(code_of(world, "m1", vote_on(world, later_one)), TxError::not_in_electorate);
}

TEST(Ballot, Rule3_9AKeyRecoveredAfterTheRecordHeightDoesNotVote) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const u64 record = at(world, id).record_height.raw();
  Member& member = world.mutable_state().members.edit(world.member("m1").value);
  member.extra.edit().recovered_height = record + 1;
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id)), TxError::recovered_too_late);
  world.mutable_state().members.edit(world.member("m1").value).extra.edit().recovered_height = record;
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id)), std::nullopt);
}

TEST(Ballot, Rule3_8ConfirmsItsMember) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  EXPECT_FALSE(world.state().confirmed(world.member("m4")).has_value());
  world.vote("m4", id, Choice::in_favour);
  EXPECT_EQ(world.state().confirmed(world.member("m4")), world.height());
}

TEST(Ballot, Rule3_8OnlyConfirmedMembersCountWhereThePolicySaysSo) {
  LedgerWorld world = world_with([](Policy& policy) { policy.confirmed_only = true; });
  for (const char* member : {"m0", "m1"}) world.run(member, Confirm{});
  const ProposalId id = world.propose(ProposalKind::text, {});
  EXPECT_EQ(at(world, id).electorate, Power{2});
  EXPECT_EQ(code_of(world, "m2", vote_on(world, id)), TxError::not_in_electorate);
  EXPECT_EQ(code_of(world, "m1", vote_on(world, id)), std::nullopt);
}

TEST(Ballot, MembershipChangedUnderAnOpenVoteMovesNothing) {
  LedgerWorld world = world_with([](Policy& policy) { policy.basis = BasisKind::units_of_class; });
  const ProposalId id = world.propose(ProposalKind::text, {});
  EXPECT_EQ(at(world, id).electorate, Power{150});
  world.run("r0", GrantUnits{.share_class = ClassId{0},
                             .grants = {{world.member("m1"), Units{100}}},
                             .expires = TimeMs{world.now().raw() + kHour}});
  world.vote("m1", id, Choice::against);
  EXPECT_EQ(at(world, id).tally[Choice::against], Power{20});
  EXPECT_EQ(at(world, id).electorate, Power{150});
}

TEST(Ballot, Rule5_2DelegatedPowerFollowsUntilItsOwnerVotes) {
  LedgerWorld world;
  for (const char* member : {"m1", "m2"}) world.run(member, SetDelegate{test::test_address("m3")});
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.vote("m3", id, Choice::against);
  EXPECT_EQ(at(world, id).tally[Choice::against], Power{3});
  world.vote("m1", id, Choice::in_favour);
  EXPECT_EQ(at(world, id).tally[Choice::against], Power{2});
  EXPECT_EQ(at(world, id).tally[Choice::in_favour], Power{1});
  EXPECT_EQ(at(world, id).firm[Choice::against], Power{1});
}

}  // namespace
}  // namespace moot::ledger
