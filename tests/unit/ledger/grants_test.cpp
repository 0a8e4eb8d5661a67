// Units: grants and their cap, attested contributions, revocation (rules.md §3.2, §3.6, §3.7).
#include "tests/unit/ledger/members_world.hpp"

#include "ledger/registers.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

RecordContributions carrying(std::vector<Contribution> contributions, ClassId share_class = kDataSet) {
  return {.share_class = share_class, .contributions = std::move(contributions)};
}

MembersWorld capped(u64 ppm) {
  return MembersWorld(
      genesis_with([&](Genesis& genesis) { genesis.rules.parameters.set(Param::grant_cap_ppm, ppm); }));
}

// ---- GrantUnits ----

TEST(Grant, AddsToWhatIsHeldFromThisBlockOn_2_1) {
  MembersWorld world;
  const Height before = world.height();
  world.run("r0", GrantUnits{.share_class = kDataSet,
                             .grants = {{world.member("m0"), Units{5}}, {world.member("m1"), Units{7}}},
                             .expires = {}});
  EXPECT_EQ(world.units("m0"), 15u);
  EXPECT_EQ(world.units("m1"), 27u);
  EXPECT_EQ(world.total(kDataSet), 162u);
  EXPECT_EQ(world.of("m0").units_at(kDataSet, before), Units{10});
  EXPECT_EQ(world.of("m0").units_at(kDataSet, world.height()), Units{15});
  expect_sound(world);
}

TEST(Grant, IsRefusedForWhatItIs_1_8) {
  MembersWorld world;
  const MemberId m0 = world.member("m0");
  const auto code = [&](std::vector<Grant> grants, ClassId share_class = kDataSet,
                        const char* sender = "r0") {
    return world.code(sender,
                      GrantUnits{.share_class = share_class, .grants = std::move(grants), .expires = {}});
  };
  world.run("m4", Leave{});
  EXPECT_EQ(code({}), TxError::empty_list);
  EXPECT_EQ(code({{m0, Units{0}}}), TxError::bad_value);
  EXPECT_EQ(code({{m0, Units{1}}}, kDataSet, "u0"), TxError::role_needed);
  EXPECT_EQ(code({{MemberId{99}, Units{1}}}), TxError::no_such_member);
  EXPECT_EQ(code({{m0, Units{1}}}, ClassId{9}), TxError::no_such_class);
  EXPECT_EQ(code({{MemberId{99}, Units{1}}}, ClassId{9}), TxError::no_such_member) << "precedence";
  EXPECT_EQ(code({{m0, Units{1}}, {MemberId{4}, Units{1}}}), TxError::not_active);
  EXPECT_EQ(code({{m0, Units{1}}, {m0, Units{1}}}), TxError::duplicate_in_list);
  EXPECT_EQ(code({{m0, Units{~u64{0}}}}), TxError::overflow)
      << "the founding day has no cap, but the total has an end";
  EXPECT_EQ(code({{m0, Units{~u64{0} - 100}}}), std::nullopt) << "m4's units are gone, so this just fits";
  EXPECT_EQ(code({{m0, Units{~u64{0} - 99}}}), TxError::overflow);
  EXPECT_EQ(code({{m0, Units{1}}, {MemberId{1}, Units{~u64{0} - 100}}}), TxError::overflow)
      << "the sum counts";
}

TEST(Grant, OfAnAttestedClassIsRefused_3_6) {
  MembersWorld world(WorldOptions{.members = 5, .attested_only = true});
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet)), TxError::grants_need_attestation);
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kHouse)), std::nullopt);
}

TEST(GrantCap, IsAShareOfTheTotalAtTheDaysStart_3_6) {
  MembersWorld world = capped(100'000);  // a tenth
  world.wait_for_tomorrow();
  ASSERT_EQ(world.total(kDataSet), 150u);
  EXPECT_EQ(world.code("r0", world.grant("m0", 16, kDataSet)), TxError::grant_cap);
  world.run("r0", world.grant("m0", 10, kDataSet));
  EXPECT_EQ(world.code("r1", world.grant("m1", 6, kDataSet)), TxError::grant_cap)
      << "one cap for all registrars";
  world.run("r1", world.grant("m1", 5, kDataSet));
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet)), TxError::grant_cap);
  world.wait_for_tomorrow();
  EXPECT_EQ(world.code("r0", world.grant("m0", 17, kDataSet)), TxError::grant_cap)
      << "a tenth of 165, rounded down";
  EXPECT_EQ(world.code("r0", world.grant("m0", 16, kDataSet)), std::nullopt);
}

TEST(GrantCap, ADayBeginsOnceAtItsFirstMillisecond_3_6) {
  MembersWorld world = capped(100'000);
  world.wait_for_tomorrow();
  world.wait(kDay - 1);
  world.run("r0", world.grant("m0", 15, kDataSet), 1);
  ASSERT_EQ(world.now().raw() % kDay, 0u);
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet), 1), TxError::grant_cap);
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet), 2), TxError::grant_cap);
  world.wait(kDay - 2);
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet), 1), TxError::grant_cap);
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet), 2), std::nullopt);
}

TEST(GrantCap, CountsAdmissionsToo_3_6) {
  MembersWorld world = capped(100'000);
  world.wait_for_tomorrow();
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0", 8), world.entry("x1", 8)}, kDataSet)),
            TxError::grant_cap);
  world.run("r0", world.admission({world.entry("x0", 8), world.entry("x1", 7)}, kDataSet));
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet)), TxError::grant_cap);
}

TEST(GrantCap, IsMeasuredBeforeTheDaysFirstChangeWhoeverMakesIt_3_6) {
  MembersWorld world = capped(1'000'000);
  world.wait_for_tomorrow();
  world.run("m0", carrying({world.contribution("m0", 1'000, "song")}));
  EXPECT_EQ(world.code("r0", world.grant("m0", 151, kDataSet)), TxError::grant_cap)
      << "an attestor's units do not widen the registrars' day";
  EXPECT_EQ(world.code("r0", world.grant("m0", 150, kDataSet)), std::nullopt);
}

TEST(GrantCap, IsNotGivenBackByRevocation_3_6) {
  MembersWorld world = capped(100'000);
  world.wait_for_tomorrow();
  world.run("r0", world.grant("m0", 15, kDataSet));
  world.run("r0", world.revocation("m0", 15));
  world.run("u0", world.approval(1));
  ASSERT_EQ(world.units("m0"), 10u);
  EXPECT_EQ(world.code("r0", world.grant("m0", 1, kDataSet)), TxError::grant_cap);
}

TEST(GrantCap, LeavesAFoundingDayFree_3_6) {
  MembersWorld world = capped(1'000);
  world.wait_for_tomorrow();
  world.run("r0", world.grant("m0", 1'000'000));
  world.run("r0", world.grant("m1", 5'000'000));
  world.wait_for_tomorrow();
  EXPECT_EQ(world.code("r0", world.grant("m0", 6'001)), TxError::grant_cap);
  EXPECT_EQ(world.code("r0", world.grant("m0", 6'000)), std::nullopt);
}

TEST(GrantCap, OfZeroIsNone_3_6) {
  MembersWorld world = capped(0);
  world.wait_for_tomorrow();
  EXPECT_EQ(world.code("r0", world.grant("m0", 1'000'000'000, kDataSet)), std::nullopt);
}

TEST(GrantCap, UnitsGrantedAndRevokedAgainAndAgainDoNotOverflowTheDay_3_6) {
  MembersWorld world = capped(0);
  for (int round = 0; round < 3; ++round) {
    world.run("r0", world.grant("m0", ~u64{0} - 1));
    world.run("r0", world.revocation("m0", ~u64{0} - 1, kHouse));
    world.run("u0", world.approval(static_cast<u64>(round) + 1));
    ASSERT_EQ(world.units("m0", kHouse), 0u);
  }
  expect_sound(world);
}

// ---- RecordContributions ----

TEST(Contributions, AnybodyMayCarryWhatAnAttestorSigned_1_7_3_6) {
  MembersWorld world(WorldOptions{.members = 5, .attested_only = true});
  const VerifiedTransaction tx =
      world.sign("buyer", carrying({world.contribution("m0", 3, "song"), world.contribution("m0", 4, "verse"),
                                    world.contribution("m1", 5, "chorus")}));
  EXPECT_EQ(world.at_the_door(tx), std::nullopt);
  world.block(std::span(&tx, 1));
  EXPECT_EQ(world.units("m0"), 17u);
  EXPECT_EQ(world.units("m1"), 25u);
  EXPECT_EQ(world.total(kDataSet), 162u);
  expect_sound(world);
}

TEST(Contributions, AForgedOrAlteredStatementDoesNotPassTheDoor) {
  MembersWorld world;
  Contribution more = world.contribution("m0", 3, "song");
  more.units = Units{4};
  EXPECT_EQ(world.at_the_door(world.sign("m0", carrying({more}))), TxError::carried_signature_mismatch);
  const Contribution other_class = world.contribution("m0", 3, "song", kHouse);
  EXPECT_EQ(world.at_the_door(world.sign("m0", carrying({other_class}, kDataSet))),
            TxError::carried_signature_mismatch);
}

TEST(Contributions, AContentCountsOnceInAClass_3_7) {
  MembersWorld world;
  world.run("m0", carrying({world.contribution("m0", 3, "song")}));
  EXPECT_EQ(world.code("m1", carrying({world.contribution("m1", 3, "song")})), TxError::contribution_used);
  EXPECT_EQ(world.code("m1", carrying({world.contribution("m1", 3, "song", kHouse)}, kHouse)), std::nullopt)
      << "another class may count it";
  EXPECT_EQ(
      world.code("m1", carrying({world.contribution("m1", 3, "new"), world.contribution("m0", 3, "new")})),
      TxError::duplicate_in_list);
  world.wait(30 * kDay);
  EXPECT_EQ(world.code("m1", carrying({world.contribution("m1", 3, "song")})), TxError::contribution_used);
}

TEST(Contributions, TheSignerMustBeAnAttestorWhenTheyAreRecorded_3_6) {
  MembersWorld world;
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", 3, "song", kDataSet, "r0")})),
            TxError::attestor_needed);
  const RecordContributions signed_before = carrying({world.contribution("m0", 3, "song")});
  EXPECT_EQ(world.code("m0", signed_before), std::nullopt);
  world.pass(
      ProposalKind::roles,
      {RoleChange{.change = RoleChangeKind::grant, .role = Role::attestor, .holder = test_address("a1")},
       RoleChange{.change = RoleChangeKind::remove, .role = Role::attestor, .holder = test_address("a0")}});
  EXPECT_EQ(world.code("m0", signed_before), TxError::attestor_needed);
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", 3, "song", kDataSet, "a1")})), std::nullopt);
}

TEST(Contributions, AnAttestorsOldKeySpeaksNoMore_3_9) {
  MembersWorld world;
  const RecordContributions old = carrying({world.contribution("m0", 3, "song")});
  world.run("a0", world.rotation("a0", "a0b"));
  EXPECT_EQ(world.code("m0", old), TxError::attestor_needed);
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", 3, "song", kDataSet, "a0b")})), std::nullopt);
}

TEST(Contributions, AStatementIsGoodUntilItsTime_3_6) {
  MembersWorld world;
  const RecordContributions tx =
      carrying({world.contribution("m0", 3, "song", kDataSet, "a0", world.in(2 * kSecond))});
  EXPECT_EQ(world.code("m0", tx, 2 * kSecond - 1), std::nullopt);
  EXPECT_EQ(world.code("m0", tx, 2 * kSecond), TxError::attestation_expired);
}

TEST(Contributions, AreAllOrNothingAndRefusedForWhatTheyAre_1_8) {
  MembersWorld world;
  world.run("m4", Leave{});
  EXPECT_EQ(world.code("m0", carrying({})), TxError::empty_list);
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", 0, "song")})), TxError::bad_value);
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", 1, "a", ClassId{7})}, ClassId{7})),
            TxError::no_such_class);
  Contribution nobody = world.contribution("m0", 1, "a");
  nobody.member = MemberId{77};
  EXPECT_EQ(world.code("m0", carrying({nobody})), TxError::no_such_member);
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", ~u64{0}, "a")})), TxError::overflow);

  const VerifiedTransaction tx =
      world.sign("m0", carrying({world.contribution("m0", 1, "a"), world.contribution("m4", 1, "b")}));
  const BlockResult result = world.block(std::span(&tx, 1));
  EXPECT_EQ(result.receipts[0].code, static_cast<u16>(TxError::not_active));
  EXPECT_EQ(result.receipts[0].bad_index, 1u);
  EXPECT_EQ(world.units("m0"), 10u);
  EXPECT_EQ(world.code("m0", carrying({world.contribution("m0", 1, "a")})), std::nullopt)
      << "the content is not used up";
}

// ---- RevokeUnits ----

TEST(Revocation, NeedsARegistrarAndAnAuditorInEitherOrder_3_6) {
  for (const auto& [first, second] : {std::pair{"r0", "u0"}, std::pair{"u1", "r1"}}) {
    MembersWorld world;
    const u64 action = world.run(first, world.revocation("m4", 20)).detail;
    EXPECT_EQ(world.units("m4"), 50u);
    const char* same_role = first[0] == 'r' ? "r1" : "u0";
    world.run(same_role, world.approval(action));
    EXPECT_EQ(world.units("m4"), 50u) << "two of one role are not one of each";
    world.run(second, world.approval(action));
    EXPECT_EQ(world.units("m4"), 30u);
    EXPECT_EQ(world.total(kDataSet), 130u);
    EXPECT_EQ(world.open_actions(), 0u);
    expect_sound(world);
  }
}

TEST(Revocation, AsksForTheRegistrarsOwnNumber_3_6) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    genesis.roles[Role::registrar].thresholds = {{TxKind::revoke_units, 2}};
    genesis.roles[Role::auditor].threshold = 2;
  }));
  const u64 action = world.run("r0", world.revocation("m4", 20)).detail;
  world.run("u0", world.approval(action));
  EXPECT_EQ(world.units("m4"), 50u);
  world.run("r1", world.approval(action));
  EXPECT_EQ(world.units("m4"), 30u) << "one auditor is enough whatever the auditors' m";
}

TEST(Revocation, ActsOnLaterRecordHeightsOnly_3_6) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    for (Policy& policy : genesis.rules.policies) {
      policy.basis = BasisKind::units_of_class;
      policy.basis_class = kDataSet;
    }
  }));
  const ProposalId id = world.propose(ProposalKind::text, {});
  const u64 action = world.run("r0", world.revocation("m3", 40)).detail;
  world.run("u0", world.approval(action));
  world.vote("m3", id, Choice::against);
  EXPECT_EQ(world.state().proposals[id.value].tally[Choice::against], Power{40});
  EXPECT_EQ(electorate_power(world.state(), BasisKey::units_of(kDataSet), false, world.height()), Power{110});
}

TEST(Revocation, IsRefusedForWhatItIs) {
  MembersWorld world;
  EXPECT_EQ(world.code("m0", world.revocation("m4", 1)), TxError::role_needed);
  EXPECT_EQ(world.code("t0", world.revocation("m4", 1)), TxError::role_needed);
  EXPECT_EQ(world.code("r0", world.revocation("m4", 0)), TxError::bad_value);
  RevokeUnits wordy = world.revocation("m4", 1);
  wordy.reason = std::string(281, 'x');
  EXPECT_EQ(world.code("r0", wordy), TxError::text_too_long);
  const u64 action = world.run("r0", world.revocation("m4", 51)).detail;
  EXPECT_EQ(world.code("u0", world.approval(action)), TxError::insufficient_units);
  const u64 nobody =
      world.run("r0", RevokeUnits{.share_class = kDataSet, .member = MemberId{99}, .units = Units{1}}).detail;
  EXPECT_EQ(world.code("u0", world.approval(nobody)), TxError::no_such_member);
  const u64 nothing = world.run("r0", world.revocation("m4", 1, ClassId{9})).detail;
  EXPECT_EQ(world.code("u0", world.approval(nothing)), TxError::no_such_class);
}

TEST(Revocation, ReachesASuspendedMember_3_2) {
  MembersWorld world;
  world.suspend("m4", kDay);
  const u64 action = world.run("r0", world.revocation("m4", 50)).detail;
  world.run("u0", world.approval(action));
  EXPECT_EQ(world.units("m4"), 0u);
  expect_sound(world);
}

// ---- what is owed is settled before units change ----

TEST(UnitsChange, MorePayoutsThanOneTransactionMaySettleComeFirst_6_6) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::settle_max, 2);
  MoneyWorld world(genesis);
  for (int i = 0; i < 3; ++i) world.paid_out(1'500);
  const TimeMs soon = world.soon();
  const MemberId m0 = world.member("m0");
  EXPECT_EQ(world.code("m0", Leave{}), TxError::settle_first);
  EXPECT_EQ(world.code("r0", GrantUnits{.share_class = kData, .grants = {{m0, Units{1}}}, .expires = soon}),
            TxError::settle_first);
  const u64 action =
      world.run("r0", RevokeUnits{.share_class = kData, .member = m0, .units = Units{1}, .expires = soon})
          .detail;
  const ApproveAction approval{.action = action, .key = world.state().actions->list[0].key, .expires = soon};
  EXPECT_EQ(world.code("u0", approval), TxError::settle_first);

  world.run("buyer", Settle{.member = m0, .share_class = kData});
  EXPECT_EQ(world.owns("m0"), 300u);
  world.run("u0", approval);
  EXPECT_EQ(world.stored("m0"), 300u) << "the last payout by the units that earned it";
  world.run("m0", Leave{});
  EXPECT_EQ(world.owns("m0"), 300u) << "own money stays";
}

TEST(UnitsChange, PayoutsWhileAwayAreSettledBeforeUnitsComeBack_6_6) {
  Genesis genesis = money_genesis();
  genesis.rules.parameters.set(Param::settle_max, 2);
  MoneyWorld world(genesis);
  world.run("m4", Leave{});
  for (int i = 0; i < 3; ++i) world.paid_out(1'000);
  const auto admission = [&](u64 units) {
    return AdmitMembers{
        .share_class = kData,
        .members = {{.address = test_address("m4"), .units = Units{units}, .consent_hash = {}}},
        .expires = world.soon()};
  };
  EXPECT_EQ(world.code("r0", admission(1)), TxError::settle_first);
  EXPECT_EQ(world.code("r0", admission(0)), std::nullopt) << "status alone changes no units";
  world.run("buyer", Settle{.member = MemberId{4}, .share_class = kData});
  world.run("r0", admission(1));
  EXPECT_EQ(world.owns("m4"), 0u);
}

TEST(UnitsChange, WhoLeavesIsPaidForWhatTheyHeldBefore_3_2) {
  MoneyWorld world;
  const SaleId id = world.funded(1'500);
  world.run("m4", Leave{});
  world.run("t0", world.approval(id));
  world.block();
  EXPECT_EQ(world.owns("m4"), 500u) << "the record height lies before";
  world.paid_out(1'000);
  EXPECT_EQ(world.owns("m4"), 500u) << "and this one after";
  EXPECT_EQ(world.owns("m3"), 400u + 400u);
}

TEST(UnitsChange, WhoComesBackEarnsOnlyFromThenOn_3_2) {
  MoneyWorld world;
  world.run("m4", Leave{});
  world.paid_out(1'000);
  world.run("r0", AdmitMembers{
                      .share_class = kData,
                      .members = {{.address = test_address("m4"), .units = Units{100}, .consent_hash = {}}},
                      .expires = world.soon()});
  EXPECT_EQ(world.owns("m4"), 0u);
  world.paid_out(2'000);
  EXPECT_EQ(world.owns("m4"), 1'000u);
}

}  // namespace
}  // namespace moot::test
