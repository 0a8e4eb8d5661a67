// A signature is not part of a transaction's id (rule 1.2): whoever swaps it under the id changes nothing, before the good
// envelope has come, beside it and after it.
#include "tests/unit/node/engine/engine_fixture.hpp"

namespace moot::test {
namespace {

using ledger::TxError;
using node::SubmitOutcome;
using node::TxPhase;

struct Swapped {
  const char* what;
  Bytes envelope;
  TxError refusal;  // where the id is not pending
};

class SwappedSignatureTest : public EngineTest {
 protected:
  [[nodiscard]] Bytes good_envelope() const {
    return envelope("m0", ledger::SetDelegate{test_address("m1")}, 1);
  }
  [[nodiscard]] TxId id_of(const ledger::Transaction& tx) const {
    return ledger::transaction_id(engine_->identity().signing, tx);
  }

  // The same transaction under wrong signatures.
  [[nodiscard]] std::vector<Swapped> swapped(const Bytes& good) const {
    const ledger::Transaction tx = *ledger::decode_transaction(good);
    const auto with = [&tx](const std::array<u8, 65>& signature) {
      ledger::Transaction other = tx;
      other.signature = signature;
      return ledger::encode_transaction(other);
    };
    return {
        {"another member's", with(crypto::sign(test_key("m1"), id_of(tx).as<Hash>()).bytes),
         TxError::signer_mismatch},
        {"the same with the high s", with(with_high_s(tx.signature)), TxError::bad_signature},
        {"none", with({}), TxError::bad_signature},
    };
  }

  void expect_a_block_of(const Bytes& good, const TxId& id) const {
    const auto status = engine_->transaction(id);
    ASSERT_EQ(status.phase, TxPhase::final);
    EXPECT_EQ(engine_->block(status.height)->envelopes, std::vector<Bytes>{good});
    const auto receipts = engine_->receipts(status.height);
    ASSERT_EQ(receipts.size(), 1u);
    EXPECT_EQ(receipts[0].id, id);
    EXPECT_FALSE(receipts[0].failed());
  }

 private:
  // (r, s, recid) → (r, n − s, recid ⊕ 1), which recovers the same key.
  static std::array<u8, 65> with_high_s(std::array<u8, 65> signature) {
    constexpr std::array<u8, 32> kOrder = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                           0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                                           0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
      const int difference = int{kOrder[i]} - int{signature[32 + i]} - borrow;
      borrow = difference < 0 ? 1 : 0;
      signature[32 + i] = static_cast<u8>(difference + 256 * borrow);
    }
    signature[64] ^= 1;
    return signature;
  }
};

TEST_F(SwappedSignatureTest, UnderAnIdNotYetKnownIsRefusedAndTheGoodEnvelopeIsTakenAfterwards) {
  start();
  const Bytes good = good_envelope();
  const TxId id = id_of(*ledger::decode_transaction(good));
  for (const Swapped& other : swapped(good)) {
    SCOPED_TRACE(other.what);
    ASSERT_NE(other.envelope, good);
    const auto offered = submit_one(other.envelope);
    EXPECT_EQ(offered.outcome, SubmitOutcome::refused);
    EXPECT_EQ(offered.refusal.code, other.refusal) << ledger::reason(offered.refusal.code);
    EXPECT_EQ(offered.id, id) << "it is the id of the good one";
    EXPECT_EQ(engine_->transaction(id).phase, TxPhase::unknown);
    EXPECT_FALSE(engine_->transaction(id).dropped) << "a refusal at the door is not remembered";
  }
  const auto sent = submit_one(good);
  EXPECT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
  EXPECT_EQ(sent.id, id);
  ASSERT_TRUE(wait_final(id));
  expect_a_block_of(good, id);
}

TEST_F(SwappedSignatureTest, UnderAPendingIdIsAnsweredAsPendingAndTheBlockHoldsTheGoodEnvelope) {
  start();
  clock_.ahead = kDay + kHour;  // no block is made meanwhile
  const Bytes good = good_envelope();
  const auto sent = submit_one(good);
  ASSERT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
  for (const Swapped& other : swapped(good)) {
    SCOPED_TRACE(other.what);
    const auto offered = submit_one(other.envelope);
    EXPECT_EQ(offered.outcome, SubmitOutcome::pending) << "the same id, whatever its signature";
    EXPECT_EQ(offered.id, sent.id);
  }
  EXPECT_EQ(engine_->transaction(sent.id).phase, TxPhase::pending);
  EXPECT_EQ(engine_->status().mempool_transactions, 1u);
  EXPECT_EQ(engine_->snapshot()->block.height, Height{0});
  clock_.ahead = kDay - kHour;
  ASSERT_TRUE(wait_final(sent.id));
  expect_a_block_of(good, sent.id);
}

TEST_F(SwappedSignatureTest, BesideTheGoodEnvelopeInOneBatchIsRefusedBeforeItAndAfterIt) {
  start();
  clock_.ahead = kDay + kHour;
  const Bytes good = good_envelope();
  const std::vector<Swapped> others = swapped(good);
  std::vector<Bytes> batch;
  for (const Swapped& other : others) batch.push_back(other.envelope);
  batch.push_back(good);
  for (const Swapped& other : others) batch.push_back(other.envelope);
  const auto results = submit(std::move(batch));
  ASSERT_EQ(results.size(), 2 * others.size() + 1);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == others.size()) continue;
    const Swapped& other = others[i < others.size() ? i : i - others.size() - 1];
    EXPECT_EQ(results[i].outcome, SubmitOutcome::refused) << other.what;
    EXPECT_EQ(results[i].refusal.code, other.refusal) << other.what;
  }
  const auto& sent = results[others.size()];
  ASSERT_EQ(sent.outcome, SubmitOutcome::accepted) << ledger::reason(sent.refusal.code);
  clock_.ahead = kDay - kHour;
  ASSERT_TRUE(wait_final(sent.id));
  expect_a_block_of(good, sent.id);
}

TEST_F(SwappedSignatureTest, UnderAFinalIdLeavesTheLedgerAsItIs) {
  start();
  const Bytes good = good_envelope();
  const auto sent = submit_one(good);
  ASSERT_TRUE(wait_final(sent.id));
  const auto before = engine_->snapshot()->block.hash;
  for (const Swapped& other : swapped(good))
    EXPECT_EQ(submit_one(other.envelope).refusal.code, other.refusal) << other.what;
  EXPECT_EQ(submit_one(good).outcome, SubmitOutcome::final);
  EXPECT_EQ(engine_->snapshot()->block.hash, before);
  expect_a_block_of(good, sent.id);
}

}  // namespace
}  // namespace moot::test
