// A receipt from anybody: it is believed only where its bytes lead to a block that the validators of the genesis made final.
#include "wallet/receipt_check.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "tests/support/receipt_answer.hpp"

namespace moot::wallet {
namespace {

namespace pb = moot::v1;
using moot::test::Chronicle;
using moot::test::LedgerWorld;
using ::testing::HasSubstr;

// A block of three transactions, the last of which failed.
struct ThreeReceipts {
  ledger::Genesis genesis = moot::test::test_genesis();
  Chronicle chronicle{genesis};
  std::vector<ledger::Receipt> receipts;

  ThreeReceipts() {
    LedgerWorld world(genesis);
    world.observe([&](std::span<const ledger::VerifiedTransaction> txs, const ledger::BlockResult& result) {
      chronicle.add(txs, result);
      receipts = result.receipts;
    });
    const ledger::Transfer beyond_means{.asset = AssetId{1},
                                        .to = moot::test::test_address("m0"),
                                        .amount = Amount{5'000},
                                        .amount_text = "5000 TOK"};
    const std::vector txs{world.sign("m0", ledger::SetDelegate{moot::test::test_address("m1")}),
                          world.sign("m2", ledger::Confirm{}), world.sign("buyer", beyond_means)};
    world.block(txs);
  }
  [[nodiscard]] pb::GetReceiptResponse answer(u32 index) const {
    return moot::test::receipt_answer(chronicle.blocks().back(), receipts, index);
  }
};

const ThreeReceipts& made() {
  static const ThreeReceipts value;
  return value;
}

TEST(ReceiptCheck, EachReceiptOfABlockIsGood) {
  for (u32 index = 0; index < 3; ++index) {
    const auto checked = check_receipt(made().answer(index), made().genesis);
    ASSERT_TRUE(checked) << checked.error().what;
    EXPECT_EQ(checked->id, made().receipts[index].id);
    EXPECT_EQ(checked->height, Height{1});
    EXPECT_EQ(checked->done, index != 2) << "the third moved more than there was";
    EXPECT_EQ(checked->ledger_id, ledger::ledger_id(made().genesis));
  }
}

TEST(ReceiptCheck, NothingInItMayBeChanged) {
  using Change = std::function<void(pb::GetReceiptResponse&)>;
  const struct {
    const char* what;
    Change change;
  } cases[] = {
      {"id", [](auto& a) { (*a.mutable_receipt()->mutable_tx_id())[0] ^= 1; }},
      {"done", [](auto& a) { a.mutable_receipt()->set_done(true); }},
      {"code", [](auto& a) { a.mutable_receipt()->set_code(1); }},
      {"reason", [](auto& a) { a.mutable_receipt()->set_reason("FROZEN"); }},
      {"detail", [](auto& a) { a.mutable_receipt()->set_detail(7); }},
      {"bad index", [](auto& a) { a.mutable_receipt()->set_bad_index(7); }},
      {"height", [](auto& a) { a.mutable_receipt()->set_height(2); }},
      {"place", [](auto& a) { a.mutable_receipt()->set_index(1); }},
      {"left out", [](auto& a) { a.mutable_receipt()->add_skipped()->set_index(1); }},
      {"bytes", [](auto& a) { (*a.mutable_receipt()->mutable_encoded())[3] ^= 1; }},
      {"no bytes", [](auto& a) { a.mutable_receipt()->clear_encoded(); }},
      {"path", [](auto& a) { (*a.mutable_in_block()->mutable_siblings(0))[0] ^= 1; }},
      {"short path", [](auto& a) { a.mutable_in_block()->clear_siblings(); }},
      {"path of a wrong size", [](auto& a) { a.mutable_in_block()->mutable_siblings(0)->pop_back(); }},
      {"place on the path", [](auto& a) { a.mutable_in_block()->set_index(1); }},
      {"size of the block", [](auto& a) { a.mutable_in_block()->set_size(4); }},
      {"header", [](auto& a) { (*a.mutable_header())[60] ^= 1; }},
      {"no header", [](auto& a) { a.clear_header(); }},
      {"certificate", [](auto& a) { a.mutable_finalization()->back() ^= 1; }},
      {"no certificate", [](auto& a) { a.clear_finalization(); }},
  };
  for (const auto& [what, change] : cases) {
    auto answer = made().answer(2);
    change(answer);
    const auto checked = check_receipt(answer, made().genesis);
    ASSERT_FALSE(checked) << what;
    EXPECT_EQ(checked.error().code, ExitCode::verification_failed) << what;
    EXPECT_THAT(checked.error().what, HasSubstr("the receipt proves nothing")) << what;
  }
}

TEST(ReceiptCheck, OfAnotherLedgerProvesNothing) {
  auto other = made().genesis;
  other.salt.bytes[0] ^= 1;
  const auto checked = check_receipt(made().answer(0), other);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().what, HasSubstr("another ledger"));
}

// A block that nobody but its maker signed.
TEST(ReceiptCheck, ABlockByAnotherValidatorProvesNothing) {
  const auto& genesis = made().genesis;
  const crypto::SchnorrSigner stranger(moot::test::test_key("v1"));
  const auto validators = consensus::ValidatorSet::from({stranger.key()}).value();
  const auto tip = consensus::genesis_tip(ledger::ledger_id(genesis), genesis.created, validators);
  const consensus::BlockContent content{.time = TimeMs{genesis.created.raw() + 1},
                                        .receipts_root = ledger::receipts_root(made().receipts)};
  const auto forged = consensus::make_solo_block(tip, content, validators, stranger);
  auto answer = made().answer(0);
  answer.set_header(as_string(encoded(forged.header)));
  answer.set_finalization(as_string(encoded(forged.finalization)));
  const auto checked = check_receipt(answer, genesis);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().what, HasSubstr("other validators than the genesis"));
}

}  // namespace
}  // namespace moot::wallet
