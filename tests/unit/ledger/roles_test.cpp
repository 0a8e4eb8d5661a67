// Who holds a role, and what auditors state (rules.md §3.10, §5.11;
// docs/decisions/0011-roles-that-lose-holders.md).
#include "tests/unit/ledger/members_world.hpp"

namespace moot::test {
namespace {

RoleChange grant(Role role, std::string_view label, u64 term = 0) {
  return {
      .change = RoleChangeKind::grant, .role = role, .holder = test_address(label), .term = DurationMs{term}};
}
RoleChange removal(Role role, std::string_view label) {
  return {.change = RoleChangeKind::remove, .role = role, .holder = test_address(label)};
}
RoleChange renewal(Role role, std::string_view label, u64 term = 0) {
  return {
      .change = RoleChangeKind::renew, .role = role, .holder = test_address(label), .term = DurationMs{term}};
}
RoleChange threshold(Role role, u16 m, u8 kind = 0) {
  return {.change = RoleChangeKind::set_threshold, .role = role, .threshold = m, .tx_kind = kind};
}
RoleChange validator(std::string_view label, std::string_view key) {
  RoleChange out = grant(Role::validator, label);
  out.validator_key = text_hash(key);
  return out;
}

// A proposal that fails stays live for a day, in the way of the next one: it is tried on a copy.
std::optional<TxError> decided(MembersWorld& world, std::vector<Action> actions) {
  MembersWorld copy = world;
  const auto failure = copy.decide(ProposalKind::roles, std::move(actions));
  if (!failure) world = copy;
  return failure;
}
bool holds(const MembersWorld& world, Role role, std::string_view label) {
  const auto account = world.state().account_of(test_address(label));
  return account && world.role(role).holder(*account, world.now());
}

// ---- grants ----

TEST(RoleGrant, MakesAnAccountWhereThereIsNone_3_1) {
  MembersWorld world;
  ASSERT_FALSE(world.state().leaf_of(test_address("new")));
  world.pass(ProposalKind::roles, {grant(Role::registrar, "new"), grant(Role::attestor, "m1")});
  EXPECT_TRUE(holds(world, Role::registrar, "new"));
  EXPECT_TRUE(holds(world, Role::attestor, "m1")) << "a member may hold one";
  world.run("new", world.grant("m0", 5));
  EXPECT_TRUE(std::ranges::is_sorted(world.role(Role::registrar).holders, {}, &Holder::account));
  expect_sound(world);
}

TEST(RoleGrant, OneAccountHoldsOneExclusiveRole_3_10) {
  MembersWorld world;
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "r0")}), TxError::role_conflict);
  EXPECT_EQ(decided(world, {grant(Role::guardian, "u0", kDay)}), TxError::role_conflict);
  EXPECT_EQ(decided(world, {grant(Role::registrar, "r0")}), TxError::role_conflict) << "it is one already";
  EXPECT_EQ(decided(world, {grant(Role::attestor, "a0")}), TxError::role_conflict);
  EXPECT_EQ(decided(world, {grant(Role::attestor, "r0")}), std::nullopt)
      << "attestors are no part of the four";
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "a0")}), std::nullopt);
  EXPECT_EQ(decided(world, {removal(Role::registrar, "r0"), grant(Role::treasurer, "r0")}), std::nullopt)
      << "later actions see what earlier ones did";
}

TEST(RoleGrant, ARotatedKeyIsStillTheSamePerson_3_10) {
  MembersWorld world;
  world.run("r0", world.rotation("r0", "r0b"));
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "r0")}), TxError::role_conflict);
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "r0b")}), TxError::role_conflict);
}

TEST(RoleGrant, GuardiansServeAYearAtMost_5_11) {
  MembersWorld world;
  EXPECT_EQ(decided(world, {grant(Role::guardian, "g1")}), TxError::parameter_out_of_range);
  EXPECT_EQ(decided(world, {grant(Role::guardian, "g1", 365 * kDay + 1)}), TxError::parameter_out_of_range);
  EXPECT_EQ(decided(world, {grant(Role::guardian, "g1", 365 * kDay)}), std::nullopt);
  EXPECT_EQ(decided(world, {renewal(Role::guardian, "g0")}), TxError::parameter_out_of_range);
  EXPECT_EQ(decided(world, {renewal(Role::guardian, "g0", 30 * kDay)}), std::nullopt);
  EXPECT_EQ(world.role(Role::guardian).holder(world.account("g0"), world.now())->expires,
            world.in(30 * kDay));
}

TEST(RoleGrant, AValidatorBringsAKeyOfItsOwn) {
  MembersWorld world;
  world.pass(ProposalKind::roles, {validator("v1", "one")});
  EXPECT_EQ(world.role(Role::validator).holder(world.account("v1"), world.now())->validator_key,
            text_hash("one"));
  EXPECT_EQ(decided(world, {validator("v2", "one")}), TxError::role_conflict);
  EXPECT_EQ(world.code("m0", Propose{.title = "no key",
                                     .kind = ProposalKind::roles,
                                     .actions = {grant(Role::validator, "v2")}}),
            TxError::bad_value);
}

// ---- removal, renewal, m ----

TEST(RoleRemoval, LeavesEnoughForEveryM_3_10) {
  MembersWorld world;
  EXPECT_EQ(decided(world, {removal(Role::treasurer, "t0")}), std::nullopt)
      << "two of three are enough for m = 2";
  EXPECT_EQ(decided(world, {removal(Role::treasurer, "t1")}), TxError::role_threshold);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 1), removal(Role::treasurer, "t1")}), std::nullopt);
  EXPECT_EQ(decided(world, {removal(Role::treasurer, "t2")}), TxError::role_threshold) << "not the last one";
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "t9"), removal(Role::treasurer, "t2")}), std::nullopt);
}

TEST(RoleRemoval, CountsTheMOfEachKind_3_10) {
  MembersWorld world(genesis_with(
      [](Genesis& genesis) { genesis.roles[Role::registrar].thresholds = {{TxKind::admit_members, 2}}; }));
  EXPECT_EQ(decided(world, {removal(Role::registrar, "r0")}), TxError::role_threshold);
}

TEST(RoleRemoval, IsOfSomebodyWhoHoldsTheRole) {
  MembersWorld world;
  EXPECT_EQ(decided(world, {removal(Role::treasurer, "r0")}), TxError::role_needed);
  EXPECT_EQ(decided(world, {removal(Role::treasurer, "nobody")}), TxError::no_account);
  EXPECT_EQ(decided(world, {renewal(Role::treasurer, "r0")}), TxError::role_needed);
}

TEST(Attack, RotatingAKeyIsNoWayOutOfARemoval_3_9) {
  MembersWorld world;
  const ProposalId id = world.propose(ProposalKind::roles, {removal(Role::treasurer, "t0")});
  world.run("t0", world.rotation("t0", "t0b"));
  for (const char* voter : {"m0", "m1", "m2"}) world.vote(voter, id, Choice::in_favour);
  world.block();
  EXPECT_EQ(world.state().proposals[id.value].state, ProposalState::executed);
  EXPECT_FALSE(holds(world, Role::treasurer, "t0b"));
}

TEST(Threshold, IsAtLeastOneAndAtMostN_3_10) {
  MembersWorld world;
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 0)}), TxError::role_threshold);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 4)}), TxError::role_threshold);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 3)}), std::nullopt);
  EXPECT_EQ(decided(world, {threshold(Role::attestor, 2)}), TxError::role_threshold) << "attestors act alone";
  EXPECT_EQ(decided(world, {grant(Role::attestor, "a1"), threshold(Role::attestor, 2)}),
            TxError::role_threshold);
}

TEST(Threshold, MayBeOfOneKind_4) {
  MembersWorld world;
  const u8 pay = static_cast<u8>(TxKind::approve_payout);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 4, pay)}), TxError::role_threshold);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 3, pay)}), std::nullopt);
  EXPECT_EQ(world.role(Role::treasurer).threshold_for(TxKind::approve_payout), 3);
  EXPECT_EQ(world.role(Role::treasurer).threshold_for(TxKind::record_proceeds), 2);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 1, pay)}), std::nullopt);
  EXPECT_EQ(world.role(Role::treasurer).thresholds.size(), 1u);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 1, static_cast<u8>(TxKind::admit_members))}),
            TxError::wrong_kind);
  EXPECT_EQ(decided(world, {threshold(Role::auditor, 2, static_cast<u8>(TxKind::revoke_units))}),
            TxError::wrong_kind);
  EXPECT_EQ(decided(world, {threshold(Role::registrar, 2, static_cast<u8>(TxKind::revoke_units))}),
            std::nullopt);
}

// ---- terms ----

TEST(RoleTerm, IsHalfOpen_3_10) {
  const AccountId account{7};
  const RoleTable table{.holders = {{.account = account, .expires = TimeMs{100}}}};
  EXPECT_TRUE(table.holder(account, TimeMs{99}));
  EXPECT_FALSE(table.holder(account, TimeMs{100}));
  EXPECT_FALSE(table.holder(AccountId{8}, TimeMs{99}));
}

TEST(RoleTerm, EndsByItselfAtItsTime_2_2) {
  MembersWorld world;
  world.pass(ProposalKind::roles, {grant(Role::registrar, "new", kDay)});
  EXPECT_EQ(world.code("new", world.grant("m0", 5), 1), std::nullopt);
  world.wait(kDay - 1);
  EXPECT_TRUE(holds(world, Role::registrar, "new"));
  EXPECT_EQ(world.code("new", world.grant("m0", 5), 1), TxError::role_needed)
      << "step 1 of the block at its time";
  const BlockResult result = world.block(1);
  ASSERT_EQ(result.events.size(), 1u);
  EXPECT_EQ(result.events[0].kind, EventKind::role_changed);
  EXPECT_EQ(result.events[0].c, 6u);
  EXPECT_EQ(world.role(Role::registrar).holders.size(), 2u);
  expect_sound(world);
}

TEST(RoleTerm, ARenewalReplacesIt_5_11) {
  MembersWorld world;
  world.pass(ProposalKind::roles, {grant(Role::registrar, "new", kDay)});
  world.pass(ProposalKind::roles, {renewal(Role::registrar, "new", 3 * kDay)});
  world.wait(2 * kDay);
  EXPECT_TRUE(holds(world, Role::registrar, "new"));
  world.wait(kDay);
  EXPECT_FALSE(holds(world, Role::registrar, "new"));
  expect_sound(world);
}

TEST(RoleTerm, EndsEvenWhenTooFewAreLeftAndMembersReplaceTheHolder_3_10) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    genesis.roles[Role::treasurer].threshold = 2;
    genesis.roles[Role::treasurer].holders.resize(2);
    for (auto& holder : genesis.roles[Role::treasurer].holders) holder.expires = TimeMs{kGenesisTime + kDay};
  }));
  world.wait(kDay);
  EXPECT_TRUE(world.role(Role::treasurer).holders.empty());
  EXPECT_EQ(world.role(Role::treasurer).threshold, 2);
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 3)}), TxError::role_threshold);
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "t5")}), std::nullopt) << "a step nearer is never refused";
  EXPECT_EQ(decided(world, {threshold(Role::treasurer, 1)}), std::nullopt);
  EXPECT_EQ(decided(world, {grant(Role::treasurer, "t6"), threshold(Role::treasurer, 2)}), std::nullopt);
  expect_sound(world);
}

TEST(RoleTerm, TheLastValidatorStays) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    auto& validators = genesis.roles[Role::validator].holders;
    validators.push_back(validators.front());
    validators[1].address = test_address("v1");
    validators[1].validator_key = text_hash("v1");
    for (auto& holder : validators) holder.expires = TimeMs{kGenesisTime + kDay};
  }));
  world.wait(kDay);
  ASSERT_EQ(world.role(Role::validator).holders.size(), 1u);
  EXPECT_EQ(world.role(Role::validator).holders[0].account, world.account("v1"));
  EXPECT_TRUE(world.role(Role::validator).holders[0].expires.is_zero());
  expect_sound(world);
}

// ---- resignation ----

TEST(Resignation, LeavesEnough_3_10) {
  MembersWorld world;
  EXPECT_EQ(world.code("r0", ResignRole{Role::treasurer}), TxError::role_needed);
  EXPECT_EQ(world.code("m0", ResignRole{Role::registrar}), TxError::role_needed);
  EXPECT_EQ(world.code("g0", ResignRole{Role::guardian}), TxError::role_threshold);
  EXPECT_EQ(world.code("v0", ResignRole{Role::validator}), TxError::role_threshold);
  world.run("t0", ResignRole{Role::treasurer});
  EXPECT_EQ(world.code("t1", ResignRole{Role::treasurer}), TxError::role_threshold);
  EXPECT_FALSE(holds(world, Role::treasurer, "t0"));
}

TEST(Resignation, TakesTheTermOffTheSchedule) {
  MembersWorld world;
  world.pass(ProposalKind::roles, {grant(Role::guardian, "g1", kDay)});
  world.run("g1", ResignRole{Role::guardian});
  expect_sound(world);
  world.wait(2 * kDay);
  expect_sound(world);
}

// ---- audits ----

TEST(Audit, IsAnAuditorsWordOnBlocksThatAre) {
  MembersWorld world;
  world.block();
  world.block();
  const auto attest = [&](u64 from, u64 to) {
    return AttestAudit{.from_height = Height{from},
                       .to_height = Height{to},
                       .state_root = world.root(),
                       .report_hash = {},
                       .verdict = "nothing found"};
  };
  const u64 height = world.height().raw();
  EXPECT_EQ(world.code("u0", attest(0, height)), std::nullopt);
  EXPECT_EQ(world.code("u0", attest(0, height + 1)), TxError::wrong_state_root) << "the block it stands in";
  EXPECT_EQ(world.code("u0", attest(2, 1)), TxError::bad_value);
  EXPECT_EQ(world.code("t0", attest(0, 1)), TxError::role_needed);
  AttestAudit empty = attest(0, 1);
  empty.state_root = {};
  EXPECT_EQ(world.code("u0", empty), TxError::bad_value);
  AttestAudit wordy = attest(0, 1);
  wordy.verdict = "turned \xE2\x80\xAE around";
  EXPECT_EQ(world.code("u0", wordy), TxError::bad_text);
}

}  // namespace
}  // namespace moot::test
