// A database whose newest block breaks a law: nobody makes one, and nobody goes on from one (rules.md 2.5).
#include "node/engine/chain_store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "consensus/solo.hpp"
#include "node/engine/outcome_codec.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {
namespace {

using namespace ledger;
using node::ChainStore;
using node::StorageErrorKind;

class LawlessChain : public testing::Test {
 protected:
  LawlessChain() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    // One unit too many in the books of TOK: whoever touches it, the law of money finds it.
    world_.mutable_state().assets.edit(1).supply = Amount{1'000'001};
    root_ = state_root(world_.mutable_state());
  }
  ~LawlessChain() override { std::filesystem::remove_all(directory_); }

  std::expected<std::unique_ptr<ChainStore>, node::StorageError> open() {
    node::StartReport report;
    return ChainStore::open({.directory = directory_.string(), .genesis = test_genesis()}, report);
  }
  // Block 1, which moves TOK, as the validator would sign it.
  BlockResult execute() {
    BlockExecution execution(world_.state(), TimeMs{world_.now().raw() + kSecond});
    EXPECT_TRUE(execution.add(transfer_));
    return execution.finish();
  }
  consensus::SoloBlock sign(const BlockRoots& roots) const {
    const auto key = test_key("v0");
    const auto validators = *consensus::ValidatorSet::from({crypto::x_only(key)});
    return consensus::make_solo_block(
        consensus::genesis_tip(world_.signing().ledger_id, world_.now(), validators),
        {.time = roots.time,
         .tx_root = roots.tx_root,
         .evidence_root = roots.faults_root,
         .state_root = roots.state_root,
         .receipts_root = roots.receipts_root},
        validators, crypto::SchnorrSigner(key));
  }
  [[nodiscard]] Bytes envelope() const { return encode_transaction(transfer_.tx); }
  // A database of the books with the error, and on request of the block that follows from them.
  void write(const BlockResult* block) {
    auto kv = node::RocksDbStore::open((directory_ / "db").string(), {.create_if_missing = true}).value();
    ASSERT_TRUE(node::bind_schema(*kv, world_.signing().ledger_id).has_value());
    node::StateStore records(*kv);
    std::vector<node::RecordChange> changes;
    for_each_row(world_.state(), [&](const StateRow& row) {
      changes.push_back({.table = static_cast<u8>(row.table), .a = row.a, .b = row.b, .value = row.value});
    });
    records.apply({.height = Height{0}, .root = root_, .changes = changes, .sealed = {}});
    if (block) {
      const consensus::SoloBlock solo = sign(block->roots);
      auto blocks = node::BlockStore::open(*kv, [this](ByteView) { return transfer_.id; }).value();
      blocks->append({{solo.header, solo.justification, solo.finalization},
                      {{envelope()}, node::pack_receipts(block->receipts)}},
                     std::vector{transfer_.id});
    }
    records.flush();
  }

  const std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("moot-lawless-" + std::to_string(::getpid()));
  LedgerWorld world_;
  const VerifiedTransaction transfer_ =
      world_.sign("buyer", Transfer{AssetId{1}, test_address("m0"), Amount{1}, "1 TOK"});
  StateRoot root_;
};

TEST_F(LawlessChain, IsNotGoneOnFrom_2_5) {
  const BlockResult lawless = execute();
  ASSERT_FALSE(lawless.breaches.empty());
  write(&lawless);
  const auto opened = open();
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().kind, StorageErrorKind::breaks_a_law);
  EXPECT_NE(opened.error().text.find("block 1 in " + directory_.string()), std::string::npos)
      << opened.error().text;
  EXPECT_NE(opened.error().text.find("the law of money"), std::string::npos) << opened.error().text;
}

TEST_F(LawlessChain, IsNotMade_2_5) {
  write(nullptr);
  const auto chain = open();
  ASSERT_TRUE(chain.has_value()) << chain.error().text;
  const BlockResult lawless = execute();
  const consensus::SoloBlock solo = sign(lawless.roots);
  const node::SignedBlock block{.result = lawless,
                                .link = {solo.header, solo.justification, solo.finalization},
                                .hash = solo.hash,
                                .envelopes = {envelope()}};
  EXPECT_DEATH((*chain)->commit(block, TimeMs{1}), "does not become final");
}

}  // namespace
}  // namespace moot::test
