// Opening and canceling proposals through whole blocks: rules 1.8, 3.5, 5.1, 5.5, 5.10 and 5.12.
#include "tests/unit/ledger/voting_world.hpp"

namespace moot::ledger {
namespace {

using namespace voting_test;

SaleTerms sale_terms(ClassId share_class) {
  return {.share_class = share_class,
          .buyer = test::test_address("buyer"),
          .asset = AssetId{0},
          .min_price = Amount{1},
          .max_price = Amount{9},
          .funding = DurationMs{kDay}};
}

TEST(Opening, Rule5_1CopiesItsPolicyAndFixesItsElectorate) {
  LedgerWorld world = world_with([](Policy& policy) { policy.delay = DurationMs{kSecond}; });
  world.block();
  const auto receipt = world.run("m2", proposing(ProposalKind::text));
  const ProposalId id{receipt.detail};
  const Proposal& proposal = at(world, id);
  EXPECT_EQ(proposal.proposer, world.member("m2"));
  EXPECT_EQ(proposal.policy, world.state().rules->policy(ProposalKind::text));
  EXPECT_EQ(proposal.state, ProposalState::pending);
  EXPECT_EQ(proposal.opened, world.height());
  EXPECT_EQ(proposal.record_height.raw(), world.height().raw() - 1);
  EXPECT_EQ(proposal.electorate, Power{5});
  EXPECT_EQ(proposal.opens_at.raw(), world.now().raw() + kSecond);
  EXPECT_EQ(proposal.deadline.raw(), world.now().raw() + kSecond + kHour);
  EXPECT_EQ(proposal.first_deadline, proposal.deadline);
  EXPECT_EQ(proposal.hash, proposal_hash(world.state().chain->ledger_id, id, proposal));
  EXPECT_EQ(proposal.ballots_root, vacant_root(kTreeDepth));
  EXPECT_EQ(world.state().counters->live, std::vector{id});
  ASSERT_NE(world.state().box(id), nullptr);
  EXPECT_EQ(world.state().next_due(), proposal.opens_at);
  expect_schedule_derived(world);
}

TEST(Opening, Rule5_1IsDueWorkAndWakesAnIdleChain) {
  LedgerWorld world;
  const ProposalId id{world.run("m0", proposing(ProposalKind::text)).detail};
  EXPECT_EQ(world.state().next_due(), world.now());  // with no delay: the next block, at once
  const BlockResult result = world.block(1);
  EXPECT_EQ(kinds_of(result), std::vector{EventKind::voting_opened});
  EXPECT_EQ(at(world, id).state, ProposalState::active);
  EXPECT_EQ(world.state().next_due(), at(world, id).deadline);
}

TEST(Opening, Rule3_5UnitsGrantedWithinTheRecordLagDoNotCount) {
  LedgerWorld world = world_with([](Policy& policy) {
    policy.basis = BasisKind::units_of_class;
    policy.record_lag = DurationMs{2 * kHour};
  });
  world.block(3 * kHour);
  world.run("r0", GrantUnits{.share_class = ClassId{0},
                             .grants = {{world.member("m0"), Units{100}}},
                             .expires = TimeMs{world.now().raw() + kHour}});
  const ProposalId id{world.run("m0", proposing(ProposalKind::text)).detail};
  EXPECT_EQ(at(world, id).record_height, Height{0});
  EXPECT_EQ(at(world, id).electorate, Power{150});
}

TEST(Opening, Rule5_1TheProposerIsActiveNowAndAtTheRecordHeight) {
  LedgerWorld world = world_with([](Policy& policy) { policy.record_lag = DurationMs{kDay}; });
  EXPECT_EQ(world.code("r0", proposing(ProposalKind::text)), TxError::not_a_member);
  world.run("r0", AdmitMembers{.share_class = ClassId{0},
                               .members = {{.address = test::test_address("new")}},
                               .expires = TimeMs{world.now().raw() + kHour}});
  EXPECT_EQ(world.code("new", proposing(ProposalKind::text)), TxError::not_in_electorate);
  change_registers(world,
                   [&](Execution& run) { set_status(run, world.member("m1"), MemberStatus::suspended); });
  EXPECT_EQ(world.code("m1", proposing(ProposalKind::text)), TxError::not_active);
}

TEST(Opening, Rule5_1TheProposerHoldsTheMinimumUnitsAtTheRecordHeight) {
  LedgerWorld world = world_with([](Policy& policy) { policy.minimum_units = Units{20}; });
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::text)), TxError::units_below_minimum);
  EXPECT_EQ(world.code("m1", proposing(ProposalKind::text)), std::nullopt);
}

TEST(Opening, Rule5_1RefusesAnEmptyElectorate) {
  LedgerWorld world = world_with([](Policy& policy) {
    policy.basis = BasisKind::units_of_class;
    policy.basis_class = ClassId{1};  // nobody has units of it
  });
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::text)), TxError::electorate_empty);
}

TEST(Opening, Rule5_1RefusesASaleOfAClassWithoutUnits) {
  LedgerWorld world;
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::sale, {sale_terms(ClassId{1})})),
            TxError::electorate_empty);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::sale, {sale_terms(ClassId{0})})), std::nullopt);
}

TEST(Opening, Rule5_2TheBasisMayBeTheClassOfTheSale) {
  Genesis genesis = test::test_genesis();
  genesis.rules.policies[static_cast<std::size_t>(ProposalKind::sale)].basis = BasisKind::units_of_sale_class;
  LedgerWorld world(genesis);
  const ProposalId id{world.run("m0", proposing(ProposalKind::sale, {sale_terms(ClassId{0})})).detail};
  EXPECT_EQ(at(world, id).basis, BasisKey::units_of(ClassId{0}));
  EXPECT_EQ(at(world, id).electorate, Power{150});
}

TEST(Opening, Rule5_10ActionsAreOfTheProposalsKind) {
  LedgerWorld world;
  const Action spend =
      Spend{.asset = AssetId{0}, .recipient = test::test_address("buyer"), .amount = Amount{1}};
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::text, {spend})), TxError::wrong_actions);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::spend)), TxError::wrong_actions);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::spend, {spend, new_class("x")})),
            TxError::wrong_actions);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::sale, {sale_terms(ClassId{0}), sale_terms(ClassId{0})})),
            TxError::wrong_actions);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::spend, std::vector<Action>(257, spend))),
            TxError::list_too_long);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::spend, std::vector<Action>(256, spend))), std::nullopt);
}

TEST(Opening, Rule5_10TheReceiptNamesTheFirstBadAction) {
  LedgerWorld world;
  const VerifiedTransaction tx =
      world.sign("m0", proposing(ProposalKind::creation, {new_class("a"), new_class(""), new_class("")}));
  const BlockResult result = world.block(std::span(&tx, 1));
  EXPECT_EQ(result.receipts[0].code, static_cast<u16>(TxError::bad_value));
  EXPECT_EQ(result.receipts[0].bad_index, 1u);
}

struct BadAction {
  const char* name;
  ProposalKind kind;
  Action action;
  TxError code;
};

SaleTerms with_prices(u64 low, u64 high) {
  SaleTerms terms = sale_terms(ClassId{0});
  terms.min_price = Amount{low};
  terms.max_price = Amount{high};
  return terms;
}

std::vector<BadAction> bad_actions() {
  Policy weak = default_policy(ProposalKind::spend);
  weak.support = Ppm{499'999};
  Policy slow = default_policy(ProposalKind::text);
  slow.period = DurationMs{15 * kDay};
  Policy unclassed = default_policy(ProposalKind::text);
  unclassed.basis = BasisKind::units_of_class;
  unclassed.basis_class = ClassId{9};
  const Address buyer = test::test_address("buyer");
  return {
      {"a price of 0", ProposalKind::sale, with_prices(0, 5), TxError::bad_value},
      {"prices crossed", ProposalKind::sale, with_prices(6, 5), TxError::bad_value},
      {"no such class", ProposalKind::sale, sale_terms(ClassId{9}), TxError::no_such_class},
      {"spending nothing", ProposalKind::spend, Spend{.asset = AssetId{0}, .recipient = buyer},
       TxError::bad_value},
      {"no such asset", ProposalKind::spend,
       Spend{.asset = AssetId{9}, .recipient = buyer, .amount = Amount{1}}, TxError::no_such_asset},
      {"a role change with a stray field", ProposalKind::roles,
       RoleChange{.change = RoleChangeKind::remove, .holder = buyer, .threshold = 2}, TxError::bad_value},
      {"a policy below its floor", ProposalKind::policy, PolicyChange{ProposalKind::spend, weak},
       TxError::policy_too_weak},
      {"a vote that outlasts a key recovery", ProposalKind::policy, PolicyChange{ProposalKind::text, slow},
       TxError::policy_too_weak},
      {"a policy of no class", ProposalKind::policy, PolicyChange{ProposalKind::text, unclassed},
       TxError::no_such_class},
      {"no such parameter", ProposalKind::policy, ParameterChange{"max_magic", 1},
       TxError::no_such_parameter},
      {"a parameter out of range", ProposalKind::policy, ParameterChange{"max_actions", 257},
       TxError::parameter_out_of_range},
      {"no such member", ProposalKind::membership, MemberAction{.member = MemberId{99}, .expel = true},
       TxError::no_such_member},
      {"a suspension of no time", ProposalKind::membership, MemberAction{.member = MemberId{1}},
       TxError::bad_value},
      {"a suspension too long", ProposalKind::membership,
       MemberAction{.member = MemberId{1}, .suspension = DurationMs{181 * kDay}},
       TxError::parameter_out_of_range},
      {"a symbol in small letters", ProposalKind::creation, AssetCreation{.symbol = "usd"},
       TxError::bad_text},
      {"39 decimals", ProposalKind::creation, AssetCreation{.symbol = "X", .decimals = 39},
       TxError::bad_value},
      {"outside money made here", ProposalKind::creation, AssetCreation{.symbol = "X", .supply = Amount{1}},
       TxError::bad_value},
      {"version 0", ProposalKind::upgrade, RulesUpgrade{}, TxError::bad_value},
      {"no such sale", ProposalKind::cancel_sale, SaleCancellation{SaleId{3}}, TxError::no_such_sale},
  };
}

TEST(Opening, RefusesActionsThatCouldNeverRun) {
  const LedgerWorld world;
  for (const BadAction& bad : bad_actions())
    EXPECT_EQ(world.code("m0", proposing(bad.kind, {bad.action})), bad.code) << bad.name;
}

TEST(Opening, Rule1_8GivesTheFirstRefusalByStage) {
  LedgerWorld world;
  const ParameterChange out_of_range{"max_actions", 257};
  // The bound is a limit, so who asks comes first; the form of a text comes before both.
  EXPECT_EQ(world.code("r0", proposing(ProposalKind::policy, {out_of_range})), TxError::not_a_member);
  EXPECT_EQ(world.code("r0", proposing(ProposalKind::policy, {out_of_range}, "a\nb")), TxError::bad_text);
  Propose both = proposing(ProposalKind::text, {}, std::string(81, 'x'));
  both.body.text = "\x01";
  EXPECT_EQ(world.code("m0", both), TxError::bad_text);
  both.body.text = "fine";
  EXPECT_EQ(world.code("m0", both), TxError::text_too_long);
  // What does not exist comes before limits, whatever their order in the list.
  EXPECT_EQ(
      world.code("m0", proposing(ProposalKind::policy, {out_of_range, ParameterChange{"max_magic", 1}})),
      TxError::no_such_parameter);
}

TEST(Opening, Rule5_2ABasisThatDoesNotExistIsNamed) {
  LedgerWorld world;
  Policy& text = world.mutable_state().rules.edit().policies[0];
  text.basis = BasisKind::units_of_class;
  text.basis_class = ClassId{9};
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::text)), TxError::no_such_class);
}

TEST(Opening, Rule5_1OneLiveProposalAProposer) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::text)), TxError::live_proposal_exists);
  EXPECT_EQ(world.code("m1", proposing(ProposalKind::text)), std::nullopt);
  cast_all(world, id, {"m0", "m1", "m2"}, Choice::against);
  EXPECT_EQ(at(world, id).state, ProposalState::defeated);
  EXPECT_EQ(world.code("m0", proposing(ProposalKind::text)), std::nullopt);
}

// Three places: one kept for creation proposals, so that others have two.
LedgerWorld crowded_world() {
  Genesis genesis = test::test_genesis();
  genesis.rules.parameters.set(Param::max_live_proposals, 3);
  genesis.rules.policies[static_cast<std::size_t>(ProposalKind::creation)].reserved_live = 1;
  return LedgerWorld(genesis);
}

TEST(Opening, Rule5_1SomePlacesAreReservedForAKind) {
  LedgerWorld world = crowded_world();
  world.propose(ProposalKind::text, {}, "m0");
  world.propose(ProposalKind::text, {}, "m1");
  EXPECT_EQ(world.code("m2", proposing(ProposalKind::text)), TxError::too_many_live_proposals);
  world.propose(ProposalKind::creation, {new_class("a")}, "m2");
  EXPECT_EQ(world.code("m3", proposing(ProposalKind::creation, {new_class("b")})),
            TxError::too_many_live_proposals);
}

TEST(Opening, Rule5_1AKindUsesItsOwnPlacesAndThenTheFreeOnes) {
  LedgerWorld world = crowded_world();
  world.propose(ProposalKind::creation, {new_class("a")}, "m0");
  world.propose(ProposalKind::creation, {new_class("b")}, "m1");
  world.propose(ProposalKind::text, {}, "m2");
  EXPECT_EQ(world.code("m3", proposing(ProposalKind::text)), TxError::too_many_live_proposals);
  EXPECT_EQ(world.code("m3", proposing(ProposalKind::creation, {new_class("c")})),
            TxError::too_many_live_proposals);
}

TEST(Opening, Rule5_1WhoHasUsedItsOwnPlacesTakesNobodyElses) {
  Genesis genesis = test::test_genesis();
  genesis.rules.parameters.set(Param::max_live_proposals, 3);
  for (const ProposalKind kind : {ProposalKind::creation, ProposalKind::membership})
    genesis.rules.policies[static_cast<std::size_t>(kind)].reserved_live = 1;
  LedgerWorld world(genesis);
  world.propose(ProposalKind::text, {}, "m0");
  world.propose(ProposalKind::creation, {new_class("a")}, "m1");
  EXPECT_EQ(world.code("m2", proposing(ProposalKind::creation, {new_class("b")})),
            TxError::too_many_live_proposals)
      << "the third place is kept for a membership proposal";
  const MemberAction expel{.member = MemberId{4}, .expel = true, .suspension = {}};
  EXPECT_EQ(world.code("m2", proposing(ProposalKind::membership, {expel})), std::nullopt);
}

TEST(Opening, Rule5_1AKindWithAPlaceOfItsOwnWaitsWhileMoreAreLiveThanThereArePlaces) {
  Genesis genesis = test::test_genesis();
  genesis.rules.policies[static_cast<std::size_t>(ProposalKind::membership)].reserved_live = 1;
  LedgerWorld world(genesis);
  world.propose(ProposalKind::text, {}, "m0");
  world.propose(ProposalKind::text, {}, "m1");
  const ProposalId fewer =
      world.propose(ProposalKind::policy, {ParameterChange{"max_live_proposals", 2}}, "m2");
  cast_all(world, fewer, {"m0", "m1", "m2"}, Choice::in_favour);
  world.block();
  ASSERT_EQ(at(world, fewer).state, ProposalState::executed);
  const MemberAction expel{.member = MemberId{4}, .expel = true, .suspension = {}};
  EXPECT_EQ(world.code("m3", proposing(ProposalKind::membership, {expel})), TxError::too_many_live_proposals);
}

TEST(Opening, Rule5_5APolicyChangeOpensUnderTheStricterPolicy) {
  Genesis genesis = test::test_genesis();
  Policy& spend = genesis.rules.policies[static_cast<std::size_t>(ProposalKind::spend)];
  spend.quorum = Ppm{700'000};
  spend.support = Ppm{600'000};
  spend.timelock = DurationMs{kHour};
  LedgerWorld world(genesis);
  Policy easier = spend;
  easier.quorum = Ppm{100'000};
  const ProposalId id{
      world.run("m0", proposing(ProposalKind::policy, {PolicyChange{ProposalKind::spend, easier}})).detail};
  EXPECT_EQ(at(world, id).policy.quorum, Ppm{700'000});
  EXPECT_EQ(at(world, id).policy.support, Ppm{600'000});
  EXPECT_EQ(at(world, id).policy.timelock, DurationMs{kHour});
}

// The bounds themselves are allowed, and nothing past them.
TEST(Opening, Rule9_ActionsMayGoToTheirBounds) {
  LedgerWorld world;
  const auto code = [&](ProposalKind kind, const Action& action) {
    return world.code("m0", proposing(kind, {action}));
  };
  const auto asset = [](u8 decimals) {
    return AssetCreation{.symbol = "NEW", .decimals = decimals, .kind = AssetKind::external};
  };
  EXPECT_EQ(code(ProposalKind::creation, asset(38)), std::nullopt);
  EXPECT_EQ(code(ProposalKind::creation, asset(39)), TxError::bad_value);
  const auto suspension = [](u64 ms) {
    return MemberAction{.member = MemberId{1}, .expel = false, .suspension = DurationMs{ms}};
  };
  EXPECT_EQ(code(ProposalKind::membership, suspension(180 * kDay)), std::nullopt);
  EXPECT_EQ(code(ProposalKind::membership, suspension(180 * kDay + 1)), TxError::parameter_out_of_range);
  EXPECT_EQ(code(ProposalKind::policy, ParameterChange{"max_actions", 256}), std::nullopt);
  EXPECT_EQ(code(ProposalKind::policy, ParameterChange{"max_actions", 257}), TxError::parameter_out_of_range);
  EXPECT_EQ(code(ProposalKind::policy, ParameterChange{"max_actions", 1}), std::nullopt);
  EXPECT_EQ(code(ProposalKind::policy, ParameterChange{"max_actions", 0}), TxError::parameter_out_of_range);
  const auto period = [&](u64 ms) {
    Policy policy = world.state().rules->policy(ProposalKind::text);
    policy.period = DurationMs{ms};
    return PolicyChange{ProposalKind::text, policy};
  };
  EXPECT_EQ(code(ProposalKind::policy, period(14 * kDay)), std::nullopt) << "as long as a recovery (3.9)";
  EXPECT_EQ(code(ProposalKind::policy, period(14 * kDay + 1)), TxError::policy_too_weak);
}

TEST(Cancel, IsForTheProposerBeforeVotingOpens) {
  LedgerWorld world = world_with([](Policy& policy) { policy.delay = DurationMs{10 * kSecond}; });
  const ProposalId id{world.run("m0", proposing(ProposalKind::text)).detail};
  EXPECT_EQ(world.code("r0", CancelProposal{id}), TxError::not_a_member);
  EXPECT_EQ(world.code("m1", CancelProposal{ProposalId{9}}), TxError::no_such_proposal);
  EXPECT_EQ(world.code("m1", CancelProposal{id}), TxError::not_the_proposer);
  EXPECT_EQ(world.code("m0", CancelProposal{id}, 10 * kSecond), TxError::proposal_not_pending);
  const VerifiedTransaction ballot = world.ballot("m1", id, Choice::in_favour);
  world.run("m0", CancelProposal{id});
  EXPECT_EQ(at(world, id).state, ProposalState::canceled);
  EXPECT_TRUE(world.state().counters->live.empty());
  EXPECT_EQ(world.state().box(id), nullptr);
  EXPECT_EQ(world.state().next_due() < std::optional(at(world, id).deadline), false);
  EXPECT_EQ(world.code(ballot, 10 * kSecond), TxError::proposal_not_active);
  expect_schedule_derived(world);
}

}  // namespace
}  // namespace moot::ledger
