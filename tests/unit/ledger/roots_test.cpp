// The same histories give the same state roots for ever, and with every compiler. The roots are frozen in
// tests/vectors/roots_<history>.txt: every leaf, tree and hash under them is protocol. MOOT_BLESS=1 writes the files anew, for a
// change of protocol that is meant. scripts/compare_compilers compares the lines `root <history> <height> <hex>` that are printed.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ledger/state_records.hpp"
#include "tests/unit/ledger/members_world.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

class FrozenRoots {
 public:
  FrozenRoots(std::string history, LedgerWorld& world) : history_(std::move(history)) {
    add(Height{0}, world.root());
    world.observe([this](std::span<const VerifiedTransaction>, const BlockResult& result) {
      add(result.roots.height, result.roots.state_root);
    });
  }

  void expect_unchanged(const LedgerWorld& world) const {
    EXPECT_EQ(std::ranges::count(lines_, '\n'), static_cast<long>(world.height().raw()) + 1);
    std::fputs(lines_.c_str(), stdout);
    const std::string path = std::string(MOOT_SOURCE_DIR) + "/tests/vectors/roots_" + history_ + ".txt";
    if (std::getenv("MOOT_BLESS")) std::ofstream(path) << lines_;
    std::stringstream frozen;
    frozen << std::ifstream(path).rdbuf();
    EXPECT_EQ(lines_, frozen.str());
  }

 private:
  void add(Height height, const StateRoot& root) {
    lines_ += "root " + history_ + ' ' + std::to_string(height.raw()) + ' ' + to_hex(root.view()) + '\n';
  }
  std::string history_;
  std::string lines_;
};

TEST(Roots, OfAHistoryOfMembers) {
  MembersWorld world;
  const FrozenRoots roots("members", world);
  world.run("r0", MembersWorld::admission({MembersWorld::entry("n0", 7), MembersWorld::entry("n1", 9)}));
  world.run("m0", RecordContributions{.share_class = kDataSet,
                                      .contributions = {world.contribution("n0", 25, "first")}});
  world.run("m1", SetDelegate{test_address("m4")});
  world.run("m2", world.rotation("m2", "m2 later"));
  world.suspend("m3", kDay);
  world.wait(2 * kDay);
  world.expel("m3");
  world.run("n1", Leave{});
  roots.expect_unchanged(world);
  expect_sound(world);
}

TEST(Roots, OfAHistoryOfVotes) {
  Genesis genesis = test_genesis();
  for (Policy& policy : genesis.rules.policies) {
    policy.vote_change = true;
    policy.max_changes = 3;
    policy.veto = Ppm{300'000};
    policy.basis = BasisKind::units_of_class;
  }
  LedgerWorld world(genesis);
  const FrozenRoots roots("votes", world);
  world.run("m0", SetDelegate{test_address("m4")});
  const ProposalId passing =
      world.propose(ProposalKind::creation, {ClassCreation{.name = "art", .attested_only = true}}, "m1");
  const ProposalId failing = world.propose(ProposalKind::text, {}, "m2");
  world.vote("m4", passing, Choice::in_favour);
  world.vote("m3", passing, Choice::against);
  world.vote("m3", passing, Choice::in_favour, 2);
  world.vote("m0", failing, Choice::veto);
  world.vote("m4", failing, Choice::veto);
  world.block(kHour);
  world.block();
  EXPECT_EQ(world.state().proposals[passing.value].state, ProposalState::executed);
  EXPECT_EQ(world.state().proposals[failing.value].state, ProposalState::defeated);
  roots.expect_unchanged(world);
}

TEST(Roots, OfAHistoryOfMoney) {
  MoneyWorld world;
  const FrozenRoots roots("money", world);
  world.paid_out(55'000'000'001, 50'000);
  world.paid_out(3);
  world.run("m4", world.transfer(kUsdx, "m0", 1'234'567));
  world.run("m3", world.redemption(5'000'000));
  world.run("t0", SettleRedemptions{.items = {{RedemptionId{0}, true, "bank 77"}}, .expires = world.soon()});
  world.run("m2", Settle{.member = world.member("m2"), .share_class = kData});
  roots.expect_unchanged(world);
  expect_sound(world);
}

// One of everything else that a state can hold: waiting joins and actions, a recovery, changed roles, parameters and policies,
// new assets and classes, an upgrade decided, sales that ended without a payout, a failed transaction.
TEST(Roots, OfAHistoryOfRules) {
  Genesis genesis = money_genesis();
  genesis.roles[Role::registrar].thresholds = {{TxKind::grant_units, 2}};
  MembersWorld world(genesis);
  const FrozenRoots roots("rules", world);
  world.run("x0", world.invited("a code"));
  world.run("r0", world.grant("m0", 5));
  const u64 recovery = world.run("r0", world.recovery("m2", "m2 anew")).detail;
  world.run("r1", world.approval(recovery));
  const RoleChange attestor{.change = RoleChangeKind::grant,
                            .role = Role::attestor,
                            .holder = test_address("a1"),
                            .term = DurationMs{kDay}};
  const RoleChange threshold{.change = RoleChangeKind::set_threshold,
                             .role = Role::auditor,
                             .threshold = 2,
                             .tx_kind = static_cast<u8>(TxKind::pause_payout)};
  world.pass(ProposalKind::roles, {attestor, threshold}, "m1");
  Policy policy = world.state().rules->policy(ProposalKind::text);
  policy.quorum = Ppm{300'000};
  world.pass(ProposalKind::policy,
             {PolicyChange{ProposalKind::text, policy}, ParameterChange{"settle_max", 200}}, "m1");
  world.pass(ProposalKind::creation,
             {AssetCreation{.symbol = "EUR", .decimals = 2, .kind = AssetKind::external},
              ClassCreation{.name = "art", .attested_only = true}},
             "m1");
  world.pass(ProposalKind::upgrade, {RulesUpgrade{2, TimeMs{kGenesisTime + 900 * kDay}}}, "m1");
  const SaleTerms terms = MoneyWorld::terms(AssetId{1}, 300, 400);
  world.pass(ProposalKind::sale, {terms}, "m1");
  world.run("buyer", PaySale{SaleId{0}, Amount{100}, "100 TOK"});
  world.pass(ProposalKind::cancel_sale, {SaleCancellation{SaleId{0}}}, "m1");
  world.pass(ProposalKind::sale, {terms}, "m1");
  world.wait(2 * kDay);
  const std::vector failing{world.sign("m3", SetDelegate{test_address("m3")})};
  world.block(failing);
  EXPECT_EQ(world.state().joins->list.size(), 1u);
  EXPECT_EQ(world.open_actions(), 1u);
  EXPECT_TRUE(world.of("m2").extra->recovery.has_value());
  EXPECT_EQ(world.state().sales[1].state, SaleState::expired);
  EXPECT_FALSE(world.state().marks->ring.empty());
  roots.expect_unchanged(world);
  expect_sound(world);
}

// Two loaders that share the rows give what one gives; and a row that one of them refuses is everybody's.
TEST(StateRows, MembersMayBeReadByAnotherLoader) {
  LedgerWorld world({.members = 100});
  world.run("m7", SetDelegate{test_address("m8")});
  const auto load = [&world](StateLoader& all, StateLoader& members) {
    for_each_row(world.state(),
                 [&](const StateRow& row) { (row.table == StateTable::members ? members : all).add(row); });
    all.hash();
    members.hash();
    all.take_members(std::move(members));
    return all.finish();
  };
  StateLoader all, members;
  const auto loaded = load(all, members);
  ASSERT_TRUE(loaded.has_value()) << all.problem();
  EXPECT_EQ(loaded->root, world.root());
  EXPECT_EQ(loaded->state.members.size(), 100u);

  StateLoader others, damaged;
  EXPECT_FALSE(damaged.add({StateTable::members, 5, 0, {}}));
  const std::string problem = damaged.problem();
  EXPECT_FALSE(load(others, damaged).has_value());
  EXPECT_EQ(others.problem(), problem);
}

// What a state keeps of its small records' hashes is the same that their records give (rules.md §7).
TEST(Roots, DoNotDependOnWhatWasHashedBefore) {
  MembersWorld world;
  const auto from_records = [&world] {
    StateLoader loader;
    for_each_row(world.state(),
                 [&](const StateRow& row) { EXPECT_TRUE(loader.add(row)) << loader.problem(); });
    const auto loaded = loader.finish();
    return loaded ? loaded->root : StateRoot{};
  };
  world.run("x0", world.invited("one"));
  EXPECT_EQ(world.root(), from_records());
  world.run("x1", world.invited("two"));
  EXPECT_EQ(world.root(), from_records());
  world.run("r0", world.recovery("m2", "n2"));
  EXPECT_EQ(world.root(), from_records());
  world.wait(kHour);
  EXPECT_EQ(world.root(), from_records());
  world.pass(ProposalKind::policy, {ParameterChange{"settle_max", 200}});
  EXPECT_EQ(world.root(), from_records());
  world.run("r1", ResignRole{Role::registrar});
  EXPECT_EQ(world.root(), from_records());
}

}  // namespace
}  // namespace moot::test
