// Actions of roles, m of n (rules.md §4; docs/decisions/0010-role-actions.md).
#include "tests/unit/ledger/members_world.hpp"

namespace moot::test {
namespace {

// Registrars r0, r1, r2, of whom two must agree; one alone may admit.
Genesis two_of_three() {
  return genesis_with([](Genesis& genesis) {
    GenesisRole& registrars = genesis.roles[Role::registrar];
    registrars.holders.push_back(
        {.address = test_address("r2"), .expires = {}, .validator_key = {}, .comet_key = {}});
    registrars.threshold = 2;
    registrars.thresholds = {{TxKind::admit_members, 1}};
  });
}

const OpenAction& action(const MembersWorld& world, u64 id) {
  return *std::ranges::find(world.state().actions->list, id, &OpenAction::id);
}

std::vector<EventKind> action_events(const BlockResult& result) {
  std::vector<EventKind> out;
  for (const Event& event : result.events)
    if (event.kind >= EventKind::action_opened) out.push_back(event.kind);
  return out;
}

RoleChange change(RoleChangeKind kind, Role role, std::string_view holder) {
  return {.change = kind, .role = role, .holder = test_address(holder)};
}

TEST(Action, WaitsUntilMHoldersAgreeAndRunsInThatTransaction_4) {
  MembersWorld world(two_of_three());
  const GrantUnits grant = world.grant("m0", 5);
  const Receipt opened = world.run("r0", grant);
  EXPECT_EQ(opened.detail, 1u) << "the action's id while it waits";
  EXPECT_EQ(world.units("m0", kHouse), 0u);
  const OpenAction& open = action(world, 1);
  EXPECT_EQ(open.key, action_key(grant));
  EXPECT_EQ(open.kind, TxKind::grant_units);
  EXPECT_EQ(open.opener, world.account("r0"));
  EXPECT_EQ(open.opened, world.height());
  ASSERT_EQ(open.approvals.size(), 1u);
  EXPECT_EQ(open.approvals[0].expires, world.in(30 * kDay)) << "0 asks for the longest";

  const VerifiedTransaction second = world.sign("r1", world.approval(1));
  const BlockResult result = world.block(std::span(&second, 1));
  EXPECT_EQ(world.units("m0", kHouse), 5u);
  EXPECT_EQ(world.open_actions(), 0u);
  EXPECT_EQ(action_events(result), (std::vector{EventKind::action_approved, EventKind::action_executed}));
  expect_sound(world);
}

TEST(Action, MIsThatOfTheKind_4) {
  MembersWorld world(two_of_three());
  const Receipt receipt = world.run("r0", world.admission({world.entry("x0")}));
  EXPECT_EQ(receipt.detail, 5u) << "ran at once: the new member's id";
  EXPECT_EQ(world.open_actions(), 0u);
}

TEST(Action, TheSamePayloadFromAnotherHolderIsAnApproval_4) {
  MembersWorld world(two_of_three());
  GrantUnits grant = world.grant("m0", 5);
  grant.expires = world.in(kDay);
  world.run("r0", grant);
  grant.expires = world.in(2 * kDay);
  world.run("r1", grant);
  EXPECT_EQ(world.units("m0", kHouse), 5u) << "the approval's expiry is no part of the action";
  EXPECT_EQ(world.open_actions(), 0u);
  world.run("r0", grant);
  EXPECT_EQ(world.units("m0", kHouse), 5u) << "once done, the same words open a new action";
  EXPECT_EQ(action(world, 2).kind, TxKind::grant_units);
}

TEST(Action, AnotherPayloadIsAnotherAction_4) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  world.run("r1", world.grant("m0", 6));
  EXPECT_EQ(world.units("m0", kHouse), 0u);
  EXPECT_EQ(world.open_actions(), 2u);
}

TEST(Action, OneHolderIsOneApproval_4) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  EXPECT_EQ(world.code("r0", world.approval(1)), TxError::already_approved);
  EXPECT_EQ(world.code("r0", world.grant("m0", 5)), TxError::already_approved);
}

TEST(Action, OnlyHoldersOfItsRoleApprove_4) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  EXPECT_EQ(world.code("m0", world.approval(1)), TxError::role_needed);
  EXPECT_EQ(world.code("t0", world.approval(1)), TxError::role_needed);
  EXPECT_EQ(world.code("t0", world.approval(9)), TxError::no_such_action);
  EXPECT_EQ(world.code("m0", world.approval(9)), TxError::role_needed) << "role comes before the object";
  ApproveAction wrong = world.approval(1);
  wrong.key.bytes[0] ^= 1;
  EXPECT_EQ(world.code("r1", wrong), TxError::wrong_action_key);
}

TEST(Action, ApprovalsExpire_4) {
  MembersWorld world(two_of_three());
  GrantUnits grant = world.grant("m0", 5);
  grant.expires = world.in(kSecond + kHour);
  world.run("r0", grant);
  EXPECT_EQ(world.code("r1", world.approval(1), kHour - 1), std::nullopt) << "good until u means T < u";
  world.wait(kHour - kSecond);
  EXPECT_EQ(world.code("r1", world.approval(1), kSecond), TxError::no_such_action);
  const BlockResult result = world.block();
  EXPECT_EQ(action_events(result), std::vector{EventKind::action_dropped});
  EXPECT_EQ(world.open_actions(), 0u);
}

TEST(Action, AnExpiredApprovalDoesNotCountButMayBeRenewed_4) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    auto& registrars = genesis.roles[Role::registrar];
    registrars.holders.push_back(
        {.address = test_address("r2"), .expires = {}, .validator_key = {}, .comet_key = {}});
    registrars.threshold = 3;
  }));
  GrantUnits grant = world.grant("m0", 5);
  grant.expires = world.in(kHour);
  world.run("r0", grant);
  world.run("r1", world.approval(1));
  world.wait(kHour);
  ASSERT_EQ(world.open_actions(), 1u);
  world.run("r2", world.approval(1));
  EXPECT_EQ(world.units("m0", kHouse), 0u) << "three approved, two still do";
  world.run("r0", world.approval(1));
  EXPECT_EQ(world.units("m0", kHouse), 5u);
}

TEST(Action, ExpiryIsAheadAndNotTooFar_4) {
  MembersWorld world(two_of_three());
  const auto code = [&](u64 ms_after_block) {
    GrantUnits grant = world.grant("m0", 5);
    grant.expires = world.in(kSecond + ms_after_block);
    return world.code("r0", grant);
  };
  EXPECT_EQ(code(0), TxError::expires_out_of_range);
  EXPECT_EQ(code(1), std::nullopt);
  EXPECT_EQ(code(30 * kDay), std::nullopt);
  EXPECT_EQ(code(30 * kDay + 1), TxError::expires_out_of_range);
  world.run("r1", world.grant("m0", 5));
  EXPECT_EQ(world.code("r0", world.approval(1, world.in(kSecond))), TxError::expires_out_of_range);
}

TEST(Action, AnApprovalIsTakenBack_4) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  EXPECT_EQ(world.code("r1", RevokeApproval{1}), TxError::not_approved);
  EXPECT_EQ(world.code("r1", RevokeApproval{7}), TxError::no_such_action);
  world.run("r0", RevokeApproval{1});
  EXPECT_EQ(world.open_actions(), 0u) << "nobody is left who wants it";
  EXPECT_EQ(
      world.code("r1", ApproveAction{.action = 1, .key = action_key(world.grant("m0", 5)), .expires = {}}),
      TxError::no_such_action);
}

TEST(Action, ARevokedApprovalDoesNotCount_4) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    auto& registrars = genesis.roles[Role::registrar];
    registrars.holders.push_back(
        {.address = test_address("r2"), .expires = {}, .validator_key = {}, .comet_key = {}});
    registrars.threshold = 3;
  }));
  world.run("r0", world.grant("m0", 5));
  world.run("r1", world.approval(1));
  world.run("r0", RevokeApproval{1});
  world.run("r2", world.approval(1));
  EXPECT_EQ(world.units("m0", kHouse), 0u);
  world.run("r0", world.approval(1));
  EXPECT_EQ(world.units("m0", kHouse), 5u);
}

TEST(Action, IfItFailsTheApprovalIsNotRecordedAndItStaysOpen_4) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m4", 5));
  world.run("m4", Leave{});
  const VerifiedTransaction second = world.sign("r1", world.approval(1));
  const BlockResult result = world.block(std::span(&second, 1));
  ASSERT_EQ(result.receipts.size(), 1u);
  EXPECT_EQ(result.receipts[0].code, static_cast<u16>(TxError::not_active));
  EXPECT_TRUE(action_events(result).empty());
  ASSERT_EQ(world.open_actions(), 1u);
  EXPECT_EQ(action(world, 1).approvals.size(), 1u);
  EXPECT_EQ(world.state().accounts[world.account("r1").value].next_nonce, 2u) << "the nonce is spent";

  world.run("r0", world.admission({world.entry("m4")}));
  world.run("r1", world.approval(1));
  EXPECT_EQ(world.units("m4", kHouse), 5u);
}

TEST(Action, OpensAnythingWellFormedAndJudgesItWhenItRuns_4) {
  MembersWorld world(two_of_three());
  const GrantUnits nobody{.share_class = kHouse, .grants = {{MemberId{5}, Units{1}}}, .expires = {}};
  world.run("r0", nobody);
  EXPECT_EQ(world.code("r1", nobody), TxError::no_such_member);
  world.run("r2", world.admission({world.entry("x0")}));
  world.run("r1", nobody);
  EXPECT_EQ(world.units("x0", kHouse), 1u);
}

TEST(Action, ItsFormIsJudgedAgainByTheParametersOfTheDay_4) {
  MembersWorld world(two_of_three());
  GrantUnits pair = world.grant("m0", 5);
  pair.grants.push_back({world.member("m1"), Units{5}});
  world.run("r0", pair);
  world.pass(ProposalKind::policy, {ParameterChange{.name = "admissions_per_transaction", .value = 1}});
  EXPECT_EQ(world.code("r1", world.approval(1)), TxError::list_too_long);
}

TEST(Action, OnlyCurrentHoldersCount_4) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  world.run("r0", ResignRole{Role::registrar});
  ASSERT_EQ(world.open_actions(), 1u);
  EXPECT_EQ(world.code("r0", world.approval(1)), TxError::role_needed);
  world.block();
  EXPECT_EQ(world.open_actions(), 0u) << "nobody who holds the role approves it";

  world.run("r1", world.grant("m0", 5));
  world.pass(ProposalKind::roles, {change(RoleChangeKind::grant, Role::registrar, "r3"),
                                   change(RoleChangeKind::remove, Role::registrar, "r1")});
  EXPECT_EQ(world.units("m0", kHouse), 0u);
  EXPECT_EQ(world.code("r1", world.grant("m0", 6)), TxError::role_needed);
}

TEST(Action, AFormerHoldersApprovalIsNotAmongTheM_4) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    auto& registrars = genesis.roles[Role::registrar];
    for (const char* label : {"r2", "r3"})
      registrars.holders.push_back(
          {.address = test_address(label), .expires = {}, .validator_key = {}, .comet_key = {}});
    registrars.threshold = 3;
  }));
  world.run("r0", world.grant("m0", 5));
  world.run("r1", world.approval(1));
  world.run("r0", ResignRole{Role::registrar});
  world.run("r2", world.approval(1));
  EXPECT_EQ(world.units("m0", kHouse), 0u) << "three approvals, two of current holders";
  world.run("r3", world.approval(1));
  EXPECT_EQ(world.units("m0", kHouse), 5u);
}

TEST(Action, MIsTheCurrentOne_4) {
  const auto set_threshold = [](u16 m) {
    return RoleChange{.change = RoleChangeKind::set_threshold, .role = Role::registrar, .threshold = m};
  };
  MembersWorld raised(two_of_three());
  raised.run("r0", raised.grant("m0", 5));
  raised.pass(ProposalKind::roles, {set_threshold(3)});
  raised.run("r1", raised.approval(1));
  EXPECT_EQ(raised.units("m0", kHouse), 0u);
  raised.run("r2", raised.approval(1));
  EXPECT_EQ(raised.units("m0", kHouse), 5u);

  MembersWorld lowered(two_of_three());
  lowered.run("r0", lowered.grant("m0", 5));
  lowered.pass(ProposalKind::roles, {set_threshold(1)});
  EXPECT_EQ(lowered.units("m0", kHouse), 0u) << "a change of m is no approval";
  lowered.run("r0", RevokeApproval{1});
  lowered.run("r0", lowered.grant("m0", 5));
  EXPECT_EQ(lowered.units("m0", kHouse), 5u);
}

TEST(Action, AHolderOpensSixteenAtMost_4) {
  MembersWorld world(two_of_three());
  for (u64 i = 0; i < 16; ++i) world.run("r0", world.grant("m0", 1 + i));
  EXPECT_EQ(world.code("r0", world.grant("m0", 100)), TxError::too_many_open_actions);
  EXPECT_EQ(world.code("r1", world.grant("m0", 100)), std::nullopt) << "each holder has its own";
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0")})), std::nullopt) << "this one opens nothing";
  world.run("r1", world.approval(3));
  EXPECT_EQ(world.code("r0", world.grant("m0", 100)), std::nullopt) << "one has run";
}

TEST(Action, ApprovalsNameAnEndOfTheirTransaction_1_5) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  EXPECT_EQ(world.code(world.sign("r1", world.approval(1), {.nonce = 1, .valid_until = {}})),
            TxError::valid_until_needed);
}

TEST(Action, TheFirstRefusalIsGivenWhenSeveralApply_1_8) {
  MembersWorld world(two_of_three());
  world.run("r0", GrantUnits{.share_class = kHouse, .grants = {{MemberId{77}, Units{1}}}, .expires = {}});
  EXPECT_EQ(world.code("r1", world.approval(1, world.in(1))), TxError::no_such_member)
      << "an object that is missing comes before a time that is wrong";
}

TEST(Action, SurvivesInTheRecordsAlone) {
  MembersWorld world(two_of_three());
  world.run("r0", world.grant("m0", 5));
  const Bytes stored = encoded(*world.state().actions);
  const auto again = decoded<OpenActions>(stored);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, *world.state().actions);
  EXPECT_EQ(decoded<Payload>(again->list[0].payload), Payload{world.grant("m0", 5)});
}

}  // namespace
}  // namespace moot::test
