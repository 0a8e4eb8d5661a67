// Blocks that somebody else proposed: what comes of good ones, what is said of bad ones, and the bytes that pass the border.
#include "node/machine/judge.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/unit/ledger/money_world.hpp"

namespace moot::node {
namespace {

using namespace ledger;
using test::LedgerWorld;
using test::MoneyWorld;

ProposedBlock block_of(const State& parent, std::span<const VerifiedTransaction> txs,
                       u64 step_ms = test::kSecond) {
  ProposedBlock out{.height = Height{parent.height().raw() + 1},
                    .time = TimeMs{parent.time().raw() + step_ms},
                    .envelopes = {},
                    .faults = {}};
  for (const VerifiedTransaction& tx : txs) out.envelopes.push_back(encode_transaction(tx.tx));
  return out;
}

// Judges each block of a world's history on a state of its own.
class Follower {
 public:
  explicit Follower(LedgerWorld& world) : state_(world.state()), context_(world.signing()) {
    world.observe(
        [this](std::span<const VerifiedTransaction> txs, const BlockResult& made) { follow(txs, made); });
  }

  [[nodiscard]] const State& state() const { return state_; }
  // A line a block: what went in and what came out.
  [[nodiscard]] const std::string& trace() const { return trace_; }

 private:
  void follow(std::span<const VerifiedTransaction> txs, const BlockResult& made) {
    const ProposedBlock block = block_of(state_, txs, made.roots.time.raw() - state_.time().raw());
    auto executed = judge(state_, context_, block, Signatures::checked_by(pool_));
    ASSERT_TRUE(executed.has_value()) << executed.error().what;
    EXPECT_EQ(executed->result.roots.state_root, made.roots.state_root);
    EXPECT_EQ(executed->result.roots.receipts_root, made.roots.receipts_root);
    EXPECT_EQ(executed->envelopes, block.envelopes);
    note(block, *executed);
    state_ = std::move(executed->result.state);
  }

  void note(const ProposedBlock& block, const ExecutedBlock& executed) {
    const BlockRoots& roots = executed.result.roots;
    trace_ += "block height=" + std::to_string(block.height.raw()) +
              " time_ms=" + std::to_string(block.time.raw()) + '\n';
    for (const Bytes& envelope : block.envelopes) trace_ += "  envelope " + to_hex(envelope) + '\n';
    trace_ += "  tx_root " + to_hex(roots.tx_root.view()) + "\n  faults_root " +
              to_hex(roots.faults_root.view()) + "\n  receipts_root " + to_hex(roots.receipts_root.view()) +
              "\n  state_root " + to_hex(roots.state_root.view()) + '\n';
    if (const auto due = executed.due()) trace_ += "  due_ms " + std::to_string(due->raw()) + '\n';
    for (const crypto::XOnlyKey& key : next_validators(executed.result.state))
      trace_ += "  next_validator " + to_hex(key.view()) + '\n';
  }

  State state_;
  SigningContext context_;
  crypto::VerifyPool pool_{{.threads = 2}};
  std::string trace_;
};

// Every input of the border and every answer, frozen: any engine that gives these inputs gets these roots (cometbft.md §7).
// MOOT_BLESS=1 writes the file anew, for a change of protocol that is meant.
TEST(Judge, AHistoryIsTheSameForEveryEngine) {
  MoneyWorld world;
  Follower follower(world);
  world.paid_out(55'000'000'001, 50'000);
  world.run("m4", world.transfer(test::kUsdx, "m0", 1'234'567));
  Policy policy = world.state().rules->policy(ProposalKind::text);
  policy.quorum = Ppm{300'000};
  world.pass(ProposalKind::roles,
             {RoleChange{.change = RoleChangeKind::grant,
                         .role = Role::validator,
                         .holder = test::test_address("v1"),
                         .validator_key = Hash{crypto::x_only(test::test_key("v1 signs")).bytes}}});
  EXPECT_EQ(next_validators(follower.state()).size(), 2U);
  const std::string path = MOOT_SOURCE_DIR "/tests/vectors/machine.txt";
  if (std::getenv("MOOT_BLESS")) std::ofstream(path) << follower.trace();
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  const std::string kept{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(follower.trace(), kept);
}

class JudgeBad : public testing::Test {
 protected:
  [[nodiscard]] Rejection rejection(ProposedBlock block) {
    auto executed = judge(world_.state(), world_.signing(), std::move(block), Signatures::checked_by(pool_));
    EXPECT_FALSE(executed.has_value());
    return executed ? Rejection{.defect = Defect::height, .transaction = {}, .what = "none", .breaches = {}}
                    : executed.error();
  }
  [[nodiscard]] ProposedBlock good_block() {
    const std::vector txs{world_.sign("m0", AdvanceNonce{3}), world_.sign("m1", AdvanceNonce{3}),
                          world_.sign("m2", AdvanceNonce{3})};
    return block_of(world_.state(), txs);
  }

  MoneyWorld world_;
  crypto::VerifyPool pool_{{.threads = 2}};
};

TEST_F(JudgeBad, APlaceThatIsNotTheNext) {
  ProposedBlock block = good_block();
  block.height = Height{block.height.raw() + 1};
  EXPECT_EQ(rejection(block).defect, Defect::height);
  block = good_block();
  block.time = world_.now();
  EXPECT_EQ(rejection(block).defect, Defect::time);
}

TEST_F(JudgeBad, AnEnvelopeThatIsNotCanonicalIsNamed) {
  ProposedBlock block = good_block();
  block.envelopes[1].push_back(0);
  const Rejection rejected = rejection(block);
  EXPECT_EQ(rejected.defect, Defect::envelope);
  EXPECT_EQ(rejected.transaction, 1U);
}

// 1.4: what breaks a rule of form in a block that may hold it has failed there; it is no reason to refuse the block.
TEST_F(JudgeBad, ATransactionOfAWrongFormFailsInItsBlockAsTheLedgerHasIt) {
  const std::vector wrong{world_.sign("m0", world_.transfer(test::kUsdx, "m1", 0))};
  const VerifiedTransaction& tx = wrong.front();
  ASSERT_FALSE(check_form(tx.tx, tx.bytes, world_.state().rules->parameters).has_value());
  BlockExecution execution(world_.state(), TimeMs{world_.now().raw() + test::kSecond});
  const auto receipt = execution.add(tx);
  ASSERT_TRUE(receipt.has_value());
  ASSERT_TRUE(receipt->failed());
  const auto executed =
      judge(world_.state(), world_.signing(), block_of(world_.state(), wrong), Signatures::checked_by(pool_));
  ASSERT_TRUE(executed.has_value()) << executed.error().what;
  EXPECT_EQ(executed->result.receipts, std::vector{*receipt});
  EXPECT_EQ(executed->result.roots.state_root, execution.finish().roots.state_root);
}

TEST_F(JudgeBad, ASignatureOfSomebodyElseIsNamed) {
  ProposedBlock block = good_block();
  Transaction tx = *decode_transaction(block.envelopes[2]);
  tx.signature = decode_transaction(block.envelopes[0])->signature;
  block.envelopes[2] = encode_transaction(tx);
  const Rejection rejected = rejection(block);
  EXPECT_EQ(rejected.defect, Defect::signature);
  EXPECT_EQ(rejected.transaction, 2U);
}

// 1.2, 1.3: one id twice, and a nonce whose turn has not come.
TEST_F(JudgeBad, ATransactionThatNoBlockMayHoldThereIsNamed) {
  ProposedBlock block = good_block();
  block.envelopes.push_back(block.envelopes[0]);
  Rejection rejected = rejection(block);
  EXPECT_EQ(rejected.defect, Defect::inclusion);
  EXPECT_EQ(rejected.transaction, 3U);

  const std::vector early{world_.sign("m3", AdvanceNonce{9}, {.nonce = 5, .valid_until = world_.soon()})};
  rejected = rejection(block_of(world_.state(), early));
  EXPECT_EQ(rejected.defect, Defect::inclusion);
  EXPECT_EQ(rejected.transaction, 0U);
}

// 2.5, consensus.md 0.12: a verdict, not the end of the program.
TEST_F(JudgeBad, ABrokenLawIsAVerdict) {
  world_.mutable_state().assets.edit(test::kTok.value).supply = Amount{1'000'001};
  state_root(world_.mutable_state());
  const std::vector moves{world_.sign("buyer", world_.transfer(test::kTok, "m0", 1))};
  const Rejection rejected = rejection(block_of(world_.state(), moves));
  EXPECT_EQ(rejected.defect, Defect::law);
  ASSERT_FALSE(rejected.breaches.empty());
  EXPECT_EQ(rejected.breaches.front().law, "money");
}

TEST_F(JudgeBad, ARejectedBlockChangesNothing) {
  const StateRoot before = state_root(world_.mutable_state());
  ProposedBlock block = good_block();
  block.envelopes.push_back(block.envelopes[0]);
  EXPECT_EQ(rejection(block).defect, Defect::inclusion);
  EXPECT_EQ(state_root(world_.mutable_state()), before);
  EXPECT_TRUE(judge(world_.state(), world_.signing(), good_block(), Signatures::trusted()).has_value());
}

TEST(Judge, FaultsStandInTheBlocksRootsAndNothingOfWhoProposedIt) {
  MoneyWorld world;
  ProposedBlock block = block_of(world.state(), {});
  block.faults = {{.validator = 0, .kind = 1}};
  const auto with = judge(world.state(), world.signing(), block, Signatures::trusted());
  block.faults.clear();
  const auto without = judge(world.state(), world.signing(), block, Signatures::trusted());
  ASSERT_TRUE(with && without);
  EXPECT_NE(with->result.roots.faults_root, without->result.roots.faults_root);
}

}  // namespace
}  // namespace moot::node
