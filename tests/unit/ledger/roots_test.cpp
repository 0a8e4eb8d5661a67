// The same histories give the same state roots with every compiler: scripts/compare_compilers compares the lines
// `root <history> <height> <hex>` that these print.
#include <cstdio>

#include "tests/unit/ledger/members_world.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

class RootPrinter {
 public:
  RootPrinter(const char* history, LedgerWorld& world) {
    print(history, Height{0}, world.root());
    world.observe([this, history](std::span<const VerifiedTransaction>, const BlockResult& result) {
      print(history, result.roots.height, result.roots.state_root);
    });
  }
  [[nodiscard]] u64 printed() const { return printed_; }

 private:
  void print(const char* history, Height height, const StateRoot& root) {
    std::printf("root %s %llu %s\n", history, static_cast<unsigned long long>(height.raw()),
                to_hex(root.view()).c_str());
    ++printed_;
  }
  u64 printed_ = 0;
};

TEST(Roots, OfAHistoryOfMembers) {
  MembersWorld world;
  const RootPrinter printer("members", world);
  world.run("r0", MembersWorld::admission({MembersWorld::entry("n0", 7), MembersWorld::entry("n1", 9)}));
  world.run("m0", RecordContributions{.share_class = kDataSet,
                                      .contributions = {world.contribution("n0", 25, "first")}});
  world.run("m1", SetDelegate{test_address("m4")});
  world.run("m2", world.rotation("m2", "m2 later"));
  world.suspend("m3", kDay);
  world.wait(2 * kDay);
  world.expel("m3");
  world.run("n1", Leave{});
  EXPECT_EQ(printer.printed(), world.height().raw() + 1);
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
  const RootPrinter printer("votes", world);
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
  EXPECT_EQ(printer.printed(), world.height().raw() + 1);
}

TEST(Roots, OfAHistoryOfMoney) {
  MoneyWorld world;
  const RootPrinter printer("money", world);
  world.paid_out(55'000'000'001, 50'000);
  world.paid_out(3);
  world.run("m4", world.transfer(kUsdx, "m0", 1'234'567));
  world.run("m3", world.redemption(5'000'000));
  world.run("t0", SettleRedemptions{.items = {{RedemptionId{0}, true, "bank 77"}}, .expires = world.soon()});
  world.run("m2", Settle{.member = world.member("m2"), .share_class = kData});
  EXPECT_EQ(printer.printed(), world.height().raw() + 1);
  expect_sound(world);
}

}  // namespace
}  // namespace moot::test
