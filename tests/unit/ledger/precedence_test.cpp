// Rule 1.8: of several refusals the one of the earliest stage is given, and of one code the lowest index. Where stages meet:
// a form is judged before an end, an amount's text before the money, a list as a whole before any of its entries counts.
#include <gtest/gtest.h>

#include "tests/unit/ledger/members_world.hpp"
#include "tests/unit/ledger/money_world.hpp"

namespace moot::test {
namespace {

// Code and index with which the block records a failed transaction.
std::pair<TxError, u32> failure(LedgerWorld& world, std::string_view label, Payload payload) {
  const VerifiedTransaction tx = world.sign(label, std::move(payload));
  const BlockResult result = world.block(std::span(&tx, 1));
  if (result.receipts.empty()) return {};
  return {static_cast<TxError>(result.receipts.front().code), result.receipts.front().bad_index};
}

TEST(Precedence, ABallotsNonceIsFormAndFormComesBeforeItsEnd_1_8) {
  MoneyWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const Vote vote{.proposal = id,
                  .proposal_hash = world.state().proposals[id.value].hash,
                  .title = "A proposal",
                  .choice = Choice::in_favour,
                  .reason = {}};
  const TimeMs past{world.now().raw() - 1};
  EXPECT_EQ(world.code(world.sign("m1", vote, {.nonce = 0, .valid_until = past})), TxError::bad_value);
  EXPECT_EQ(world.code(world.sign("m1", vote, {.nonce = 65'536, .valid_until = past})), TxError::bad_value);
  EXPECT_EQ(world.code(world.sign("stranger", vote, {.nonce = 0, .valid_until = {}})), TxError::bad_value);
  EXPECT_EQ(world.code(world.sign("m1", vote, {.nonce = 1, .valid_until = past})), TxError::expired);
  EXPECT_EQ(world.code(world.sign("stranger", vote, {.nonce = 1, .valid_until = past})), TxError::expired);
  EXPECT_EQ(world.code(world.sign("stranger", vote, {.nonce = 1, .valid_until = {}})), TxError::no_account);
  EXPECT_EQ(world.code(world.sign("m1", vote, {.nonce = 65'535, .valid_until = {}})), std::nullopt);
}

TEST(Precedence, ExpiryThenAccountThenNonceThenTheRest_1_8) {
  MoneyWorld world;
  const TimeMs past{world.now().raw() - 1};
  const TimeMs soon = world.soon();
  const Transfer nothing = world.transfer(kTok, "stranger", 1'000'000);
  EXPECT_EQ(world.code(world.sign("stranger", nothing, {.nonce = 9, .valid_until = past})), TxError::expired);
  EXPECT_EQ(world.code(world.sign("stranger", nothing, {.nonce = 9, .valid_until = soon})),
            TxError::no_account);
  EXPECT_EQ(world.code(world.sign("m0", nothing, {.nonce = 0, .valid_until = soon})), TxError::nonce_stale);
  EXPECT_EQ(world.code(world.sign("m0", nothing, {.nonce = 2, .valid_until = soon})), TxError::nonce_ahead);
  EXPECT_EQ(world.code(world.sign("m0", nothing, {.nonce = 1, .valid_until = {}})),
            TxError::valid_until_needed);
  EXPECT_EQ(world.code(world.sign("m0", nothing, {.nonce = 1, .valid_until = soon})), TxError::no_account);
}

TEST(Precedence, ShapeComesBeforeSize_1_8) {
  MoneyWorld world;
  Parameters tight = world.state().rules->parameters;
  tight.set(Param::max_transaction_bytes, 50);
  const auto said = [&](const Payload& payload) -> std::optional<TxError> {
    const Bytes envelope = encode_transaction(world.sign("buyer", payload).tx);
    const auto verified = verify_transaction(world.signing(), tight, envelope);
    return verified ? std::nullopt : std::optional(verified.error().code);
  };
  EXPECT_EQ(said(world.transfer(kTok, "m0", 0)), TxError::bad_value);
  EXPECT_EQ(said(world.transfer(kTok, "m0", 1)), TxError::too_large);
  RequestRedemption long_text = world.redemption(1'000);
  long_text.destination = std::string(129, 'x');
  EXPECT_EQ(said(long_text), TxError::too_large) << "of one stage the code that is declared first";
}

// Stages that are over before a block is asked: what the node at the door says of bytes.
TEST(Precedence, AtTheDoorBytesThenShapeThenSignatures_1_8) {
  MembersWorld world;
  const auto said = [&](ByteView envelope) -> std::optional<TxError> {
    const auto verified = verify_transaction(world.signing(), world.state().rules->parameters, envelope);
    if (verified) return std::nullopt;
    note_refusal(verified.error().code);
    return verified.error().code;
  };
  const auto said_of = [&](const Transaction& tx) { return said(encode_transaction(tx)); };
  const Transaction good = world.sign("m1", world.rotation("m1", "n1")).tx;
  EXPECT_EQ(said_of(good), std::nullopt);
  EXPECT_EQ(said(Bytes(kMaxTransactionBytes + 1)), TxError::too_large);
  EXPECT_EQ(said(Bytes(10)), TxError::malformed);
  Transaction unsigned_one = good;
  unsigned_one.signature = {};
  EXPECT_EQ(said_of(unsigned_one), TxError::bad_signature);
  std::get<RotateKey>(unsigned_one.payload).new_address = {};
  EXPECT_EQ(said_of(unsigned_one), TxError::bad_value);
  Transaction others = good;
  others.signer = test_address("m2");
  EXPECT_EQ(said_of(others), TxError::signer_mismatch);
  const Transaction borrowed =
      world.sign("m1", world.rotation("m2", "n1")).tx;  // the new key agreed to another rotation
  EXPECT_EQ(said_of(borrowed), TxError::carried_signature_mismatch);
}

TEST(Precedence, ABlockHoldsNothingLargerThanTheParameterAllows_1_4) {
  MoneyWorld world;
  const ProposalId id = world.propose(ProposalKind::text, {});
  const VerifiedTransaction ballot = world.ballot("m1", id, Choice::in_favour);
  const VerifiedTransaction transfer = world.sign("buyer", world.transfer(kTok, "m0", 1));
  auto& parameters = world.mutable_state().rules.edit().parameters;
  parameters.set(Param::max_transaction_bytes, ballot.bytes);
  EXPECT_EQ(world.code(ballot), std::nullopt);
  parameters.set(Param::max_transaction_bytes, ballot.bytes - 1);
  EXPECT_EQ(world.code(ballot), TxError::too_large);
  parameters.set(Param::max_transaction_bytes, transfer.bytes - 1);
  world.block(std::span(&transfer, 1));
  EXPECT_EQ(world.state().accounts[world.account("buyer").value].next_nonce, 2u) << "failed, not refused";
  EXPECT_EQ(world.stored("m0", kTok), 0u);
}

TEST(Precedence, AnAmountsTextComesBeforeTheEndOfWhatMovesIt_1_8) {
  MoneyWorld world;
  const auto endless = [&](const Transfer& tx) {
    return world.code(world.sign("buyer", tx, {.nonce = 1, .valid_until = {}}));
  };
  Transfer wrong_text = world.transfer(kTok, "m0", 10);
  wrong_text.amount_text = "11 TOK";
  EXPECT_EQ(endless(wrong_text), TxError::bad_amount_text);
  EXPECT_EQ(endless(world.transfer(kTok, "buyer", 10)), TxError::bad_value) << "to oneself";
  EXPECT_EQ(endless(world.transfer(kTok, "m0", 10)), TxError::valid_until_needed);
}

TEST(Precedence, WhatMovesMoneyIsGoodForThirtyDaysAtMost_1_5) {
  MoneyWorld world;
  const u64 longest = 30 * kDay;
  const auto until = [&](u64 ms) {
    const TimeMs end{world.now().raw() + kSecond + ms};  // counted from the block, a second later
    return world.code(world.sign("buyer", world.transfer(kTok, "m0", 1), {.nonce = 1, .valid_until = end}));
  };
  EXPECT_EQ(until(0), TxError::expired) << "good until u means T < u";
  EXPECT_EQ(until(1), std::nullopt);
  EXPECT_EQ(until(longest), std::nullopt);
  EXPECT_EQ(until(longest + 1), TxError::valid_until_needed);
}

TEST(Precedence, InAListTheStageComesBeforeTheIndex_1_8) {
  MoneyWorld world;
  const auto settles = [&](std::vector<Settlement> items) {
    return failure(world, "t0", SettleRedemptions{.items = std::move(items), .expires = world.soon()});
  };
  const Settlement too_long{RedemptionId{0}, true, std::string(129, 'x')};
  const Settlement bad_text{RedemptionId{0}, true, "a\tb"};
  const Settlement empty{RedemptionId{0}, false, ""};
  EXPECT_EQ(settles({too_long, bad_text}), std::pair(TxError::bad_text, 1u));
  EXPECT_EQ(settles({too_long, empty}), std::pair(TxError::bad_value, 1u));
  EXPECT_EQ(settles({empty, bad_text, bad_text}), std::pair(TxError::bad_text, 1u));
  EXPECT_EQ(settles(std::vector<Settlement>(501, bad_text)), std::pair(TxError::bad_text, 0u));
  EXPECT_EQ(settles({too_long, too_long}), std::pair(TxError::text_too_long, 0u));

  const Action long_name = ParameterChange{.name = std::string(65, 'x'), .value = 1};
  const Action foreign = Spend{.asset = kTok, .recipient = test_address("m0"), .amount = Amount{1}};
  const Action worthless = Spend{.asset = kTok, .recipient = test_address("m0"), .amount = Amount{0}};
  const auto proposes = [&](std::vector<Action> actions) {
    return failure(
        world, "m0",
        Propose{.title = "P", .body = {}, .kind = ProposalKind::policy, .actions = std::move(actions)});
  };
  EXPECT_EQ(proposes({long_name, foreign}), std::pair(TxError::wrong_actions, 1u));
  EXPECT_EQ(proposes({foreign, worthless}), std::pair(TxError::bad_value, 1u));
  EXPECT_EQ(proposes({long_name, long_name}), std::pair(TxError::text_too_long, 0u));
}

TEST(Precedence, ABadTextIsNamedBeforeABadValue_1_8) {
  MoneyWorld world;
  const SaleId sale = world.authorise(MoneyWorld::terms(kUsdx, 100, 200));
  RecordProceeds proceeds = world.proceeds(sale, 0);
  EXPECT_EQ(world.code("t0", proceeds), TxError::bad_value);
  proceeds.reference = "a\nb";
  EXPECT_EQ(world.code("t0", proceeds), TxError::bad_text);
  proceeds.reference = std::string(129, 'x');
  EXPECT_EQ(world.code("t0", proceeds), TxError::bad_value);
  RequestRedemption redemption = world.redemption(0);
  redemption.destination = "a\nb";
  EXPECT_EQ(world.code("m0", redemption), TxError::bad_text);
}

}  // namespace
}  // namespace moot::test
