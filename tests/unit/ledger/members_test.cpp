// Members: joining, admission, consent, delegation, leaving, status (rules.md §3.1, §3.2, §3.8, §5.2).
#include "tests/unit/ledger/members_world.hpp"

#include "ledger/registers.hpp"

namespace moot::test {
namespace {

// ---- Join ----

TEST(Join, AsksWithAnInviteAndWaitsForAdmission_3_8) {
  MembersWorld world;
  const VerifiedTransaction join = world.sign("x0", world.invited("code"));
  EXPECT_EQ(world.at_the_door(join), std::nullopt);
  world.block(std::span(&join, 1));
  ASSERT_EQ(world.state().joins->list.size(), 1u);
  EXPECT_EQ(world.state().joins->list[0].address, test_address("x0"));
  EXPECT_FALSE(world.state().leaf_of(test_address("x0"))) << "an account comes with admission only";

  world.run("r0", world.admission({world.entry("x0")}));
  EXPECT_TRUE(world.state().joins->list.empty());
  EXPECT_EQ(world.of("x0").extra->profile_hash, text_hash("profile"));
  EXPECT_EQ(world.of("x0").consent_hash, text_hash("consent"));
  expect_sound(world);
}

TEST(Join, ARegistrarsNewerConsentStandsAboveTheApplicants_3_8) {
  MembersWorld world;
  world.run("x0", world.invited("code"));
  Admission entry = world.entry("x0");
  entry.consent_hash = text_hash("newer");
  world.run("r0", world.admission({entry}));
  EXPECT_EQ(world.of("x0").consent_hash, text_hash("newer"));
}

TEST(Join, AnInviteServesOnce_3_8) {
  MembersWorld world;
  world.run("x0", world.invited("code"));
  EXPECT_EQ(world.code("x1", world.invited("code")), TxError::invite_used);
  EXPECT_EQ(world.code("x0", world.invited("another code")), TxError::already_joined);
  world.run("r0", world.admission({world.entry("x0")}));
  EXPECT_EQ(world.code("x1", world.invited("code")), TxError::invite_used) << "admission does not free it";
}

TEST(Join, TheInvitesSignerMustBeARegistrarWhenItIsUsed_3_8) {
  MembersWorld world;
  EXPECT_EQ(world.code("x0", world.invited("code", "m1")), TxError::registrar_needed);
  EXPECT_EQ(world.code("x0", world.invited("code", "nobody")), TxError::registrar_needed);
  EXPECT_EQ(world.code("x0", world.invited("code", "r1")), std::nullopt);
  world.run("r1", ResignRole{Role::registrar});
  EXPECT_EQ(world.code("x0", world.invited("code", "r1")), TxError::registrar_needed);
}

TEST(Join, AForgedInviteDoesNotPassTheDoor) {
  MembersWorld world;
  Join join = world.invited("code", "m1");
  join.registrar = test_address("r0");
  EXPECT_EQ(world.at_the_door(world.sign("x0", join)), TxError::carried_signature_mismatch);
}

TEST(Join, AnInviteIsGoodUntilItsTime_3_8) {
  MembersWorld world;
  const TimeMs until = world.in(kSecond);
  EXPECT_EQ(world.code("x0", world.invited("code", "r0", until), kSecond - 1), std::nullopt);
  EXPECT_EQ(world.code("x0", world.invited("code", "r0", until), kSecond), TxError::attestation_expired);
}

TEST(Join, IsForPeopleWithoutAnAccount_3_8) {
  MembersWorld world;
  EXPECT_EQ(world.code("m0", world.invited("code")), TxError::already_member);
  EXPECT_EQ(world.code("t0", world.invited("code")), TxError::address_taken);
  world.run("m1", world.rotation("m1", "m1b"));
  EXPECT_EQ(world.code("m1", world.invited("code")), TxError::address_taken);
}

TEST(Join, IsOffWhereInvitesAreAndBoundedWhereTheyAreOn_3_8) {
  MembersWorld off(genesis_with([](Genesis& genesis) { genesis.rules.parameters.set(Param::invites, 0); }));
  EXPECT_EQ(off.code("x0", off.invited("code")), TxError::invites_off);
  MembersWorld one(
      genesis_with([](Genesis& genesis) { genesis.rules.parameters.set(Param::max_pending_joins, 1); }));
  one.run("x0", one.invited("code"));
  EXPECT_EQ(one.code("x1", one.invited("other")), TxError::too_many_pending_joins);
}

TEST(Join, ListStaysByAddressWhateverTheOrderOfAsking) {
  MembersWorld world;
  for (const char* label : {"x3", "x0", "x4", "x1", "x2"}) world.run(label, world.invited(label));
  const auto& list = world.state().joins->list;
  EXPECT_EQ(list.size(), 5u);
  EXPECT_TRUE(std::ranges::is_sorted(list, {}, &PendingJoin::address));
  for (const char* label : {"x0", "x1", "x2", "x3", "x4"})
    EXPECT_EQ(world.code(label, world.invited("again")), TxError::already_joined) << label;
}

// ---- AdmitMembers ----

TEST(Admission, GivesIdsInListOrder_3_8) {
  MembersWorld world;
  const Receipt receipt = world.run("r0", world.admission({world.entry("x1", 7), world.entry("x0", 0)}));
  EXPECT_EQ(receipt.detail, 5u);
  EXPECT_EQ(world.member("x1"), MemberId{5});
  EXPECT_EQ(world.member("x0"), MemberId{6});
  EXPECT_EQ(world.units("x1", kHouse), 7u);
  EXPECT_EQ(world.state().counters->active_members.last(), 7u);
  expect_sound(world);
}

TEST(Admission, IsAllOrNothingAndNamesTheFirstBadEntry_3_8) {
  MembersWorld world;
  const VerifiedTransaction tx = world.sign(
      "r0", world.admission({world.entry("x0"), world.entry("m1"), world.entry("x1"), world.entry("m2")}));
  const BlockResult result = world.block(std::span(&tx, 1));
  ASSERT_EQ(result.receipts.size(), 1u);
  EXPECT_EQ(result.receipts[0].code, static_cast<u16>(TxError::already_member));
  EXPECT_EQ(result.receipts[0].bad_index, 1u);
  EXPECT_EQ(world.state().members.size(), 5u);
  EXPECT_FALSE(world.state().leaf_of(test_address("x0")));
}

TEST(Admission, RefusesWhatIsNotAPersonToAdmit_1_8) {
  MembersWorld world;
  world.run("m4", world.rotation("m4", "m4b"));
  EXPECT_EQ(world.code("r0", world.admission({})), TxError::empty_list);
  EXPECT_EQ(world.code("r0", world.admission({{.address = {}, .units = {}, .consent_hash = {}}})),
            TxError::bad_value);
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0"), world.entry("x0")})),
            TxError::duplicate_in_list);
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0")}, ClassId{9})), TxError::no_such_class);
  EXPECT_EQ(world.code("r0", world.admission({world.entry("m4")})), TxError::address_taken) << "rotated away";
  EXPECT_EQ(world.code("r0", world.admission({world.entry("m4b")})), TxError::already_member);
  EXPECT_EQ(world.code("m0", world.admission({world.entry("x0")})), TxError::role_needed);
  EXPECT_EQ(world.code("t0", world.admission({world.entry("x0")})), TxError::role_needed);
}

TEST(Admission, TakesNoMoreThanTheParameterSays) {
  MembersWorld world(genesis_with(
      [](Genesis& genesis) { genesis.rules.parameters.set(Param::admissions_per_transaction, 2); }));
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0"), world.entry("x1")})), std::nullopt);
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0"), world.entry("x1"), world.entry("x2")})),
            TxError::list_too_long);
}

TEST(Admission, AnAccountThatIsNobodysBecomesAMember_3_1) {
  MembersWorld world;
  const AccountId treasurer = world.account("t0");
  world.run("r0", world.admission({world.entry("t0", 3)}));
  EXPECT_EQ(world.account("t0"), treasurer) << "the account stays";
  EXPECT_EQ(world.of("t0").account, treasurer);
  EXPECT_EQ(world.code("r0", world.admission({world.entry("t0")})), TxError::already_member);
  expect_sound(world);
}

TEST(Admission, UnitsOfAnAttestedClassComeOnlyByAttestation_3_6) {
  MembersWorld world(WorldOptions{.members = 5, .attested_only = true});
  EXPECT_EQ(world.code("r0", world.admission({world.entry("x0"), world.entry("x1", 1)}, kDataSet)),
            TxError::grants_need_attestation);
  world.run("r0", world.admission({world.entry("x0")}, kDataSet));
  EXPECT_EQ(world.units("x0"), 0u);
}

TEST(Admission, ReAdmissionGivesTheSameIdBackWithoutUnits_3_2) {
  MembersWorld world;
  const MemberId id = world.member("m3");
  world.run("m3", Leave{});
  world.expel("m4");
  const Receipt receipt = world.run("r0", world.admission({world.entry("m3"), world.entry("m4", 5)}));
  EXPECT_EQ(receipt.detail, id.value);
  EXPECT_EQ(world.member("m3"), id);
  EXPECT_TRUE(world.of("m3").is_active());
  EXPECT_EQ(world.units("m3"), 0u);
  EXPECT_EQ(world.units("m4"), 0u);
  EXPECT_EQ(world.units("m4", kHouse), 5u);
  EXPECT_EQ(world.state().members.size(), 5u);
  expect_sound(world);
}

TEST(Admission, AsksForTheFirstNewIdAmongThoseWhoComeBack) {
  MembersWorld world;
  world.run("m3", Leave{});
  EXPECT_EQ(world.run("r0", world.admission({world.entry("m3"), world.entry("x0")})).detail, 5u);
}

TEST(Admission, ASuspendedMemberIsStillOne_3_2) {
  MembersWorld world;
  world.suspend("m3", kDay);
  EXPECT_EQ(world.code("r0", world.admission({world.entry("m3")})), TxError::already_member);
}

TEST(Admission, LeavingAndComingBackInOneBlockLeavesOneStatus_2_1) {
  MembersWorld world;
  const std::vector txs{world.sign("m3", Leave{}), world.sign("r0", world.admission({world.entry("m3")}))};
  world.block(txs);
  EXPECT_EQ(world.of("m3").status.at(Height{0}), static_cast<u64>(MemberStatus::active));
  EXPECT_EQ(world.of("m3").status.at(world.height()), static_cast<u64>(MemberStatus::active));
  EXPECT_EQ(world.units("m3"), 0u);
  expect_sound(world);
}

// ---- Confirm ----

TEST(Confirm, AMemberCountsAsConfirmedFromItsFirstOwnTransaction_3_8) {
  MembersWorld world;
  EXPECT_EQ(world.state().counters->confirmed_members.last(), 0u);
  world.run("m0", Confirm{.consent_hash = text_hash("yes")});
  world.run("m1", SetDelegate{test_address("m0")});
  EXPECT_EQ(world.of("m0").consent_hash, text_hash("yes"));
  EXPECT_EQ(world.state().confirmed(world.member("m1")), world.height());
  EXPECT_EQ(world.state().counters->confirmed_members.last(), 2u);
  EXPECT_EQ(world.state().classes[0].confirmed_active.last(), 10u + 20u);
  EXPECT_FALSE(world.state().confirmed_at(world.member("m0"), Height{0}));
  expect_sound(world);
}

TEST(Confirm, ATransactionThatFailsConfirmsNothing_1_4) {
  MembersWorld world;
  const VerifiedTransaction tx = world.sign("m1", SetDelegate{test_address("m1")});
  EXPECT_EQ(world.codes_of(std::span(&tx, 1)), std::vector<u16>{static_cast<u16>(TxError::self_delegation)});
  EXPECT_EQ(world.state().confirmed(world.member("m1")), std::nullopt);
}

TEST(Confirm, AnotherConsentIsTakenAndTheSameOneIsNot_3_8) {
  MembersWorld world;
  world.run("m0", Confirm{.consent_hash = text_hash("one")});
  EXPECT_EQ(world.code("m0", Confirm{.consent_hash = text_hash("one")}), TxError::already_confirmed);
  world.run("m0", Confirm{.consent_hash = text_hash("two")});
  EXPECT_EQ(world.of("m0").consent_hash, text_hash("two"));
  EXPECT_EQ(world.code("t0", Confirm{}), TxError::not_a_member);
  world.run("m0", Leave{});
  EXPECT_EQ(world.code("m0", Confirm{}), TxError::not_active);
}

// ---- SetDelegate ----

TEST(Delegation, PutsPowerInAnothersHands_3_3) {
  MembersWorld world;
  world.run("m0", SetDelegate{test_address("m1")});
  const auto in_hand = [&](std::string_view label, BasisKey basis) {
    return world.of(label).delegated_at(basis, world.height()).raw();
  };
  EXPECT_EQ(in_hand("m1", BasisKey::members()), 1u);
  EXPECT_EQ(in_hand("m1", BasisKey::units_of(kDataSet)), 10u);

  world.run("r0", world.grant("m0", 6));
  EXPECT_EQ(in_hand("m1", BasisKey::units_of(kHouse)), 6u) << "units follow in the same block";
  world.run("m0", SetDelegate{test_address("m2")});
  EXPECT_EQ(in_hand("m1", BasisKey::units_of(kDataSet)), 0u);
  EXPECT_EQ(in_hand("m2", BasisKey::units_of(kDataSet)), 10u);
  world.run("m0", SetDelegate{});
  EXPECT_EQ(in_hand("m2", BasisKey::members()), 0u);
  expect_sound(world);
}

TEST(Delegation, StatusOfTheDelegatorMovesItsPower_3_3) {
  MembersWorld world;
  world.run("m3", SetDelegate{test_address("m1")});
  world.suspend("m3", kDay);
  EXPECT_EQ(world.of("m1").delegated_at(BasisKey::units_of(kDataSet), world.height()).raw(), 0u);
  world.wait(kDay);
  EXPECT_EQ(world.of("m1").delegated_at(BasisKey::units_of(kDataSet), world.height()).raw(), 40u);
  world.run("m3", Leave{});
  EXPECT_EQ(world.of("m1").delegated_at(BasisKey::members(), world.height()).raw(), 0u);
  expect_sound(world);
}

TEST(Delegation, IsRefusedForWhatItIs) {
  MembersWorld world;
  EXPECT_EQ(world.code("t0", SetDelegate{test_address("m1")}), TxError::not_a_member);
  EXPECT_EQ(world.code("m0", SetDelegate{test_address("nobody")}), TxError::no_such_member);
  EXPECT_EQ(world.code("m0", SetDelegate{test_address("t0")}), TxError::no_such_member);
  EXPECT_EQ(world.code("m0", SetDelegate{test_address("m0")}), TxError::self_delegation);
  EXPECT_EQ(world.code("m0", SetDelegate{}), TxError::same_delegate);
  world.run("m0", SetDelegate{test_address("m1")});
  EXPECT_EQ(world.code("m0", SetDelegate{test_address("m1")}), TxError::same_delegate);
  world.run("m2", Leave{});
  EXPECT_EQ(world.code("m0", SetDelegate{test_address("m2")}), TxError::delegate_not_active);
  EXPECT_EQ(world.code("m2", SetDelegate{test_address("m0")}), TxError::not_active);
}

// ---- Leave, and what status means ----

TEST(Leave, UnitsGoAtOnceAndStayAtEarlierHeights_3_2) {
  MembersWorld world;
  world.run("m1", SetDelegate{test_address("m4")});
  const Height before = world.height();
  world.run("m4", Leave{});
  EXPECT_EQ(world.of("m4").status_now(), MemberStatus::left);
  EXPECT_EQ(world.units("m4"), 0u);
  EXPECT_EQ(world.of("m4").units_at(kDataSet, before), Units{50});
  EXPECT_EQ(world.total(kDataSet), 100u);
  EXPECT_FALSE(eligible(world.state(), world.member("m4"), false, world.height()));
  EXPECT_TRUE(eligible(world.state(), world.member("m4"), false, before));
  EXPECT_EQ(world.code("m4", Leave{}), TxError::not_active);
  EXPECT_EQ(world.code("t0", Leave{}), TxError::not_a_member);
  expect_sound(world);
}

TEST(Leave, ASuspendedMemberMayLeave_3_2) {
  MembersWorld world;
  world.suspend("m4", kDay);
  world.run("m4", Leave{});
  EXPECT_EQ(world.of("m4").status_now(), MemberStatus::left);
  world.wait(2 * kDay);
  EXPECT_EQ(world.of("m4").status_now(), MemberStatus::left) << "the suspension's end is off the schedule";
  expect_sound(world);
}

TEST(Status, SuspensionKeepsUnitsAndEndsByItself_3_2) {
  MembersWorld world;
  world.suspend("m4", kDay);
  const TimeMs until = world.of("m4").extra->suspended_until;
  EXPECT_EQ(until, world.in(kDay));
  EXPECT_EQ(world.units("m4"), 50u);
  EXPECT_EQ(world.state().classes[0].active.last(), 100u);
  EXPECT_EQ(world.total(kDataSet), 150u);
  EXPECT_EQ(world.code("r0", world.grant("m4", 1)), TxError::not_active);
  EXPECT_EQ(world.code("m4", SetDelegate{test_address("m0")}), TxError::not_active);

  world.wait(kDay - 1);
  EXPECT_EQ(world.of("m4").status_now(), MemberStatus::suspended);
  world.wait(1);
  EXPECT_TRUE(world.of("m4").is_active());
  EXPECT_EQ(world.state().classes[0].active.last(), 150u);
  expect_sound(world);
}

TEST(Status, ASuspensionIsNotExtendedBeforeItsEnd_3_2) {
  MembersWorld world;
  world.suspend("m4", kDay);
  EXPECT_EQ(world.decide(
                ProposalKind::membership,
                {MemberAction{.member = world.member("m4"), .expel = false, .suspension = DurationMs{kDay}}}),
            TxError::not_active);
}

TEST(Status, ExpulsionTakesUnitsAndTheElectorate_3_2) {
  MembersWorld world;
  world.suspend("m3", kDay);
  world.expel("m3");
  world.expel("m4");
  for (const char* label : {"m3", "m4"}) {
    EXPECT_EQ(world.of(label).status_now(), MemberStatus::expelled);
    EXPECT_EQ(world.units(label), 0u);
  }
  EXPECT_EQ(world.state().counters->active_members.last(), 3u);
  EXPECT_EQ(world.decide(ProposalKind::membership,
                         {MemberAction{.member = world.member("m4"), .expel = true, .suspension = {}}}),
            TxError::not_active);
  expect_sound(world);
}

TEST(Status, TheSubjectOfAProposalMayVoteOnIt_3_2) {
  MembersWorld world;
  const ProposalId id =
      world.propose(ProposalKind::membership,
                    {MemberAction{.member = world.member("m4"), .expel = true, .suspension = {}}});
  EXPECT_EQ(world.code(world.ballot("m4", id, Choice::against)), std::nullopt);
}

// ---- attacks ----

TEST(Attack, UnitsGrantedOneBlockBeforeAProposalDoNotCount_3_5) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    Policy& policy = genesis.rules.policies[static_cast<std::size_t>(ProposalKind::text)];
    policy.basis = BasisKind::units_of_class;
    policy.basis_class = kHouse;
    policy.record_lag = DurationMs{7 * kDay};
    genesis.rules.parameters.set(Param::grant_cap_ppm, 0);
  }));
  world.run("r0", world.grant("m1", 100));
  for (int day = 0; day < 9; ++day) world.wait(kDay);
  world.run("r0", world.grant("m0", 1'000'000));
  const ProposalId id = world.propose(ProposalKind::text, {});
  const Proposal& proposal = world.state().proposals[id.value];
  EXPECT_EQ(proposal.electorate, Power{100});
  EXPECT_LE(proposal.record_height.raw(), 3u);
  world.vote("m0", id, Choice::in_favour);
  EXPECT_EQ(world.state().proposals[id.value].tally[Choice::in_favour], Power{0});
  world.vote("m1", id, Choice::against);
  EXPECT_EQ(world.state().proposals[id.value].tally[Choice::against], Power{100});
}

TEST(Attack, MembersAdmittedUnderAnOpenVoteDoNotVote_5_2) {
  MembersWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  world.run("r0", world.admission({world.entry("x0"), world.entry("x1"), world.entry("x2")}));
  EXPECT_EQ(world.code(world.ballot("x0", id, Choice::in_favour)), TxError::not_in_electorate);
  EXPECT_EQ(world.state().proposals[id.value].electorate, Power{5});
}

TEST(Attack, MembershipChangedUnderAnOpenVoteMovesNoPower_5_2) {
  MembersWorld world(genesis_with([](Genesis& genesis) {
    for (Policy& policy : genesis.rules.policies) {
      policy.basis = BasisKind::units_of_class;
      policy.basis_class = kDataSet;
      policy.period = DurationMs{2 * kHour};
    }
  }));
  world.run("m0", SetDelegate{test_address("m1")});
  world.block();
  const ProposalId id = world.propose(ProposalKind::text, {}, "m2");
  world.vote("m1", id, Choice::in_favour);
  EXPECT_EQ(world.state().proposals[id.value].tally[Choice::in_favour], Power{30});

  world.run("m0", SetDelegate{test_address("m3")});
  world.run("m1", Leave{});
  world.run("m3", Leave{});
  world.run("r0", world.grant("m0", 100, kDataSet));
  EXPECT_EQ(world.state().proposals[id.value].tally[Choice::in_favour], Power{30})
      << "delegation is that of R";
  world.vote("m0", id, Choice::against);
  world.vote("m3", id, Choice::against);
  const Proposal& proposal = world.state().proposals[id.value];
  EXPECT_EQ(proposal.tally[Choice::in_favour], Power{20});
  EXPECT_EQ(proposal.tally[Choice::against], Power{10 + 40})
      << "units are those of R, and who has left still votes";
  EXPECT_EQ(proposal.electorate, Power{150});
  expect_sound(world);
}

TEST(Attack, ABallotReplayedInAnotherLedgerIsNotByItsVoter_8) {
  MembersWorld ours;
  MembersWorld theirs(genesis_with([](Genesis& genesis) { genesis.salt.bytes[0] ^= 1; }));
  const ProposalId id = ours.propose(ProposalKind::text, {});
  ASSERT_EQ(theirs.propose(ProposalKind::text, {}), id);
  const VerifiedTransaction ballot = ours.ballot("m1", id, Choice::in_favour);
  EXPECT_EQ(ours.at_the_door(ballot), std::nullopt);
  EXPECT_EQ(theirs.at_the_door(ballot), TxError::signer_mismatch);
  EXPECT_EQ(theirs.code(ballot), TxError::wrong_proposal_hash) << "even with a signature that passed";
}

}  // namespace
}  // namespace moot::test
