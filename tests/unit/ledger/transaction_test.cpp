#include "ledger/transaction.hpp"

#include <gtest/gtest.h>

#include "tests/support/random_value.hpp"

namespace moot::ledger {
namespace {

using test::every_kind;
using test::Random;
using test::random_transaction;

constexpr u64 kSeed = 20'250'801;

TEST(Transaction, EveryKindDecodesToWhatWasEncoded) {
  Random random(kSeed);
  for (const TxKind kind : every_kind())
    for (int round = 0; round < 100; ++round) {
      const Transaction tx = random_transaction(random, kind);
      const Bytes bytes = encode_transaction(tx);
      const auto back = decode_transaction(bytes);
      ASSERT_TRUE(back) << word(kind) << " seed " << kSeed << " round " << round;
      EXPECT_EQ(*back, tx) << word(kind);
      EXPECT_EQ(encode_transaction(*back), bytes) << word(kind);
    }
}

TEST(Transaction, EveryShorterByteStringIsRefused) {
  Random random(kSeed);
  for (const TxKind kind : every_kind()) {
    const Bytes bytes = encode_transaction(random_transaction(random, kind));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto refused = decode_transaction(ByteView{bytes}.first(size));
      ASSERT_FALSE(refused) << word(kind) << " cut to " << size;
      EXPECT_EQ(refused.error(), TxError::malformed);
    }
  }
}

TEST(Transaction, AByteLeftOverIsRefused) {
  Random random(kSeed);
  for (const TxKind kind : every_kind())
    for (const u8 extra : {u8{0}, u8{1}, u8{255}}) {
      Bytes bytes = encode_transaction(random_transaction(random, kind));
      bytes.push_back(extra);
      EXPECT_EQ(decode_transaction(bytes).error(), TxError::malformed) << word(kind);
    }
}

// Whatever a changed byte decodes to, it encodes to those bytes again: no transaction has two encodings.
TEST(Transaction, NoTwoByteStringsDecodeToOneTransaction) {
  Random random(kSeed);
  int accepted = 0;
  for (const TxKind kind : every_kind())
    for (int round = 0; round < 200; ++round) {
      Bytes bytes = encode_transaction(random_transaction(random, kind));
      bytes[random.below(bytes.size())] ^= static_cast<u8>(1 + random.below(255));
      const auto tx = decode_transaction(bytes);
      if (!tx) continue;
      ++accepted;
      ASSERT_EQ(encode_transaction(*tx), bytes) << word(kind) << " seed " << kSeed << " round " << round;
    }
  EXPECT_GT(accepted, 1'000);
}

TEST(Transaction, AnUnknownKindChoiceOrActionIsRefused) {
  for (const u8 kind : {u8{0}, u8{31}, u8{255}}) {
    Bytes bytes = encode_transaction({.payload = Leave{}});
    bytes[0] = kind;
    EXPECT_EQ(decode_transaction(bytes).error(), TxError::malformed) << int{kind};
  }
  EXPECT_FALSE(decode_transaction(encode_transaction({.payload = Vote{.choice = static_cast<Choice>(5)}})));
  EXPECT_FALSE(decode_transaction(encode_transaction({.payload = ResignRole{.role = static_cast<Role>(7)}})));
  Bytes action = encoded(Action{SaleCancellation{}});
  EXPECT_TRUE(decoded<Action>(action));
  action[0] = 10;
  EXPECT_FALSE(decoded<Action>(action));
}

TEST(Transaction, AListLengthThatCannotFitIsRefusedBeforeAnythingIsAllocated) {
  Bytes bytes = encode_transaction({.payload = AdmitMembers{}});
  for (std::size_t i = 9; i < 13; ++i) bytes[i] = 0xFF;  // kind, class, then the list's length
  EXPECT_EQ(decode_transaction(bytes).error(), TxError::malformed);
}

TEST(Transaction, OneByteMoreThanTheLimitIsTooLarge) {
  EXPECT_EQ(decode_transaction(Bytes(kMaxTransactionBytes + 1)).error(), TxError::too_large);
  EXPECT_EQ(decode_transaction(Bytes(kMaxTransactionBytes)).error(), TxError::malformed);
  Transaction tx{.payload = Propose{}};
  const std::size_t rest = encode_transaction(tx).size();
  std::get<Propose>(tx.payload).body.text.assign(kMaxTransactionBytes - rest, 'x');
  EXPECT_TRUE(decode_transaction(encode_transaction(tx)));
}

TEST(Transaction, TheEnvelopeIsLaidOutAsDocumented) {
  Transaction tx{.payload = AdvanceNonce{.to = 0x0102030405060708},
                 .signer = {},
                 .nonce = 9,
                 .valid_until = TimeMs{10},
                 .signature = {}};
  tx.signer.bytes.fill(0xAA);
  tx.signature.fill(0xBB);
  std::string expected =
      "1a"
      "0102030405060708";
  for (int i = 0; i < 20; ++i) expected += "aa";
  expected +=
      "0000000000000009"
      "000000000000000a";
  for (int i = 0; i < 65; ++i) expected += "bb";
  EXPECT_EQ(to_hex(encode_transaction(tx)), expected);
}

TEST(Transaction, TheWitnessIdCoversTheSignature_1_2) {
  Random random(kSeed);
  Transaction tx = random_transaction(random, TxKind::vote);
  const WitnessId before = witness_id(encode_transaction(tx));
  tx.signature[64] ^= 1;
  EXPECT_NE(witness_id(encode_transaction(tx)), before);
}

TEST(Transaction, WitnessIdsOfManyAreThoseOfEachWhateverTheirSizes_1_2) {
  Random random(kSeed);
  std::vector<Bytes> envelopes{{}};  // an empty one has an id as well: decoding refuses it later
  for (const std::size_t run : {1u, 7u, 8u, 9u, 40u}) {
    for (std::size_t i = 0; i < run; ++i)
      envelopes.push_back(encode_transaction(random_transaction(random, TxKind::vote)));
    envelopes.push_back(encode_transaction(random_transaction(random, TxKind::admit_members)));
  }
  const std::vector<WitnessId> ids = witness_ids(envelopes);
  ASSERT_EQ(ids.size(), envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) EXPECT_EQ(ids[i], witness_id(envelopes[i])) << i;
  EXPECT_TRUE(witness_ids({}).empty());
}

TEST(Transaction, Rule2_3_AListEntryWeighsAsMuchAsATransaction) {
  EXPECT_EQ(weight(Vote{}), 1u);
  EXPECT_EQ(weight(AdmitMembers{}), 1u);
  EXPECT_EQ(weight(AdmitMembers{.members = std::vector<Admission>(1'000)}), 1'001u);
  EXPECT_EQ(weight(GrantUnits{.grants = std::vector<Grant>(3)}), 4u);
  EXPECT_EQ(weight(RecordContributions{.contributions = std::vector<Contribution>(2)}), 3u);
  EXPECT_EQ(weight(SettleRedemptions{.items = std::vector<Settlement>(5)}), 6u);
  EXPECT_EQ(weight(Propose{.actions = std::vector<Action>(256)}), 257u);
}

TEST(Transaction, Rule1_5_WhatMovesMoneyApprovesOrChangesAKeyNeedsAnEnd) {
  const std::set<TxKind> needing{
      TxKind::rotate_key,         TxKind::recover_key,        TxKind::record_proceeds,
      TxKind::pay_sale,           TxKind::approve_payout,     TxKind::transfer,
      TxKind::request_redemption, TxKind::settle_redemptions, TxKind::approve_action};
  for (const TxKind kind : every_kind())
    EXPECT_EQ(needs_valid_until(kind), needing.contains(kind)) << word(kind);
}

TEST(Transaction, Rule4_TheRolesThatMustAgree) {
  const std::map<TxKind, std::vector<Role>> roles{
      {TxKind::admit_members, {Role::registrar}},
      {TxKind::grant_units, {Role::registrar}},
      {TxKind::recover_key, {Role::registrar}},
      {TxKind::revoke_units, {Role::registrar, Role::auditor}},
      {TxKind::record_proceeds, {Role::treasurer}},
      {TxKind::approve_payout, {Role::treasurer}},
      {TxKind::settle_redemptions, {Role::treasurer}},
      {TxKind::pause_payout, {Role::auditor}},
      {TxKind::resume_payout, {Role::auditor}},
      {TxKind::guardian_cancel, {Role::guardian}},
  };
  for (const TxKind kind : every_kind()) {
    const auto found = roles_needed(kind);
    const auto expected = roles.find(kind);
    const std::vector<Role> wanted = expected == roles.end() ? std::vector<Role>{} : expected->second;
    EXPECT_EQ(std::vector<Role>(found.begin(), found.end()), wanted) << word(kind);
  }
}

TEST(Transaction, Rule4_AnActionsKeyCoversEverythingButTheApprovalsExpiry) {
  RecordProceeds proceeds{.sale = SaleId{3},
                          .amount = Amount{7},
                          .amount_text = "7 X",
                          .reference = "wire 1",
                          .expires = TimeMs{100}};
  const ActionKey key = action_key(proceeds);
  EXPECT_EQ(approval_expiry(proceeds), TimeMs{100});
  proceeds.expires = TimeMs{200};
  EXPECT_EQ(action_key(proceeds), key);
  proceeds.reference = "wire 2";
  EXPECT_NE(action_key(proceeds), key);
  EXPECT_NE(action_key(PausePayout{}), action_key(GuardianCancel{}));
}

TEST(Transaction, OnlyApprovalsHaveAnExpiry) {
  for (const TxKind kind : every_kind()) {
    Random random(kSeed);
    const Payload payload = test::random_payload(random, kind);
    const bool approval = !roles_needed(kind).empty() || kind == TxKind::approve_action;
    EXPECT_EQ(!approval_expiry(payload).is_zero(), approval) << word(kind);
    EXPECT_EQ(kind_of(empty_payload(kind)), kind);
  }
}

TEST(Transaction, Rule5_10_AnActionBelongsToOneKindOfProposal) {
  EXPECT_EQ(kind_of(Action{SaleTerms{}}), ProposalKind::sale);
  EXPECT_EQ(kind_of(Action{Spend{}}), ProposalKind::spend);
  EXPECT_EQ(kind_of(Action{RoleChange{}}), ProposalKind::roles);
  EXPECT_EQ(kind_of(Action{PolicyChange{}}), ProposalKind::policy);
  EXPECT_EQ(kind_of(Action{ParameterChange{}}), ProposalKind::policy);
  EXPECT_EQ(kind_of(Action{MemberAction{}}), ProposalKind::membership);
  EXPECT_EQ(kind_of(Action{AssetCreation{}}), ProposalKind::creation);
  EXPECT_EQ(kind_of(Action{ClassCreation{}}), ProposalKind::creation);
  EXPECT_EQ(kind_of(Action{RulesUpgrade{}}), ProposalKind::upgrade);
  EXPECT_EQ(kind_of(Action{SaleCancellation{}}), ProposalKind::cancel_sale);
}

TEST(TxErrors, EachHasItsOwnNameAndASentenceThatSaysWhatToDo) {
  std::set<std::string_view> names, sentences;
  u16 last = 0;
  for (const TxError code : all_tx_errors()) {
    EXPECT_GT(static_cast<u16>(code), last) << reason(code);
    last = static_cast<u16>(code);
    EXPECT_TRUE(names.insert(reason(code)).second) << reason(code);
    EXPECT_TRUE(sentences.insert(advice(code)).second) << reason(code);
    EXPECT_TRUE(advice(code).ends_with('.')) << reason(code);
    EXPECT_TRUE(is_known(code));
  }
  EXPECT_EQ(reason(TxError::ballot_nonce_stale), "BALLOT_NONCE_STALE");
  EXPECT_FALSE(is_known(static_cast<TxError>(1)));
  EXPECT_EQ(reason(static_cast<TxError>(1)), "UNKNOWN");
}

}  // namespace
}  // namespace moot::ledger
