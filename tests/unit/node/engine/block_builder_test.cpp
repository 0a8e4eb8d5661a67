// What the builder puts into a block (rules.md 2.5).
#include "node/engine/block_builder.hpp"

#include <gtest/gtest.h>

#include "tests/support/ledger_world.hpp"

namespace moot::node {
namespace {

using namespace ledger;

TEST(BlockBuilder, LeavesOutWhatWouldBreakALawAndSaysSo_2_5) {
  test::LedgerWorld world;
  // One unit too many in the books of TOK: whoever touches it, the law of money finds it.
  world.mutable_state().assets.edit(1).supply = Amount{1'000'001};
  state_root(world.mutable_state());
  Mempool mempool;
  const auto add = [&](std::string_view label, Payload payload) {
    auto tx = std::make_shared<VerifiedTransaction>(world.sign(label, std::move(payload)));
    const TxId id = tx->id;
    Bytes envelope = encode_transaction(tx->tx);
    EXPECT_EQ(mempool.add({std::move(tx), std::move(envelope)}, world.state(), world.now()).added,
              Mempool::Added::accepted);
    return id;
  };
  const TxId good = add("m0", AdvanceNonce{3});
  add("buyer", Transfer{AssetId{1}, test::test_address("m0"), Amount{1}, "1 TOK"});
  const TxId better = add("m1", AdvanceNonce{3});

  std::string said;
  Logger log(LogLevel::info, nullptr, [&](LogLevel, std::string_view line) { said.append(line); });
  const TimeMs time{world.now().raw() + 1'000};
  const auto built = build_block(world.state(), time, mempool, {}, log);
  ASSERT_TRUE(built);
  EXPECT_TRUE(built->result.breaches.empty());
  std::set<TxId> included;
  for (const Receipt& receipt : built->result.receipts) included.insert(receipt.id);
  EXPECT_EQ(included, (std::set{good, better}));
  EXPECT_EQ(built->envelopes.size(), 2u);
  EXPECT_NE(said.find("law"), std::string::npos) << said;
}

}  // namespace
}  // namespace moot::node
