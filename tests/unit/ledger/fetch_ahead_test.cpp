// Telling a block what is coming makes it faster and nothing else.
#include <gtest/gtest.h>

#include "ledger/apply.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::ledger {
namespace {

using test::kSecond;
using test::LedgerWorld;

BlockResult block_of(const LedgerWorld& world, std::span<const VerifiedTransaction> txs,
                     std::vector<const VerifiedTransaction*> expected) {
  BlockExecution execution(world.state(), TimeMs{world.now().raw() + kSecond});
  execution.expect(std::move(expected));
  for (const VerifiedTransaction& tx : txs) (void)execution.add(tx);
  return execution.finish();
}

void expect_same(const BlockResult& one, const BlockResult& other) {
  EXPECT_EQ(one.roots.state_root, other.roots.state_root);
  EXPECT_EQ(one.roots.tx_root, other.roots.tx_root);
  EXPECT_EQ(one.receipts, other.receipts);
}

TEST(FetchAhead, ABlockThatExpectsItsTransactionsIsTheBlock) {
  LedgerWorld world({.members = 80});
  const ProposalId id = world.propose(ProposalKind::text, {});
  std::vector<VerifiedTransaction> txs;
  for (unsigned i = 0; i < 80; ++i)
    txs.push_back(world.ballot("m" + std::to_string(i), id, i % 3 ? Choice::in_favour : Choice::against));
  txs.push_back(world.ballot("nobody", id, Choice::abstain));  // no account: refused with and without
  txs.push_back(world.sign("buyer", Transfer{AssetId{1}, test::test_address("m0"), Amount{1}, "1 TOK"}));
  std::vector<const VerifiedTransaction*> all;
  std::vector<const VerifiedTransaction*> some;  // others come among them
  for (std::size_t i = 0; i < txs.size(); ++i) {
    all.push_back(&txs[i]);
    if (i % 4 != 1) some.push_back(&txs[i]);
  }
  std::vector<const VerifiedTransaction*> wrong(all.rbegin(), all.rend());
  const BlockResult plain = block_of(world, txs, {});
  EXPECT_EQ(plain.receipts.size(), 81u);
  expect_same(block_of(world, txs, all), plain);
  expect_same(block_of(world, txs, some), plain);
  expect_same(block_of(world, txs, wrong), plain);
}

// What was found when the block began may be another's by the time it is needed.
TEST(FetchAhead, AnAddressThatRotatesMeanwhileIsLookedUpAgain) {
  LedgerWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  RotateKey rotate{.new_address = test::test_address("m1 new")};
  const AcceptKey accept{.previous = test::test_address("m1"), .next = rotate.new_address, .nonce = 1};
  rotate.new_signature.bytes =
      crypto::sign(test::test_key("m1 new"), statement_digest(world.signing(), accept)).bytes;
  const std::vector<VerifiedTransaction> txs{world.sign("m1", rotate),
                                             world.ballot("m1", id, Choice::in_favour),
                                             world.ballot("m1 new", id, Choice::in_favour)};
  const BlockResult plain = block_of(world, txs, {});
  EXPECT_EQ(plain.receipts.size(), 2u);  // the old key votes no more
  expect_same(block_of(world, txs, {&txs[0], &txs[1], &txs[2]}), plain);
}

}  // namespace
}  // namespace moot::ledger
