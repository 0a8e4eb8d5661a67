#include "ledger/typed_data.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "crypto/keys.hpp"
#include "crypto/typed_value.hpp"
#include "tests/support/random_value.hpp"

namespace moot::ledger {
namespace {

using crypto::TypedValue;
using test::every_kind;
using test::Random;
using test::random_payload;
using test::random_transaction;

constexpr u64 kSeed = 712;

SigningContext context(u8 salt = 1) {
  LedgerId id;
  id.bytes.fill(salt);
  return signing_context("Listeners' Data Co-operative", id);
}

crypto::SecretKey key(u8 fill) {
  std::array<u8, 32> bytes{};
  bytes.fill(fill);
  return *crypto::SecretKey::from_bytes(bytes);
}

Terms terms_of(const Transaction& tx) {
  return {.signer = tx.signer, .nonce = tx.nonce, .valid_until = tx.valid_until};
}

void sign_with(const SigningContext& ctx, Transaction& tx, const crypto::SecretKey& secret) {
  tx.signer = crypto::address_of(secret);
  tx.signature = crypto::sign(secret, transaction_id(ctx, tx).as<Hash>()).bytes;
}

// What a wallet computes from the message alone, through the general encoder.
TypedValue general_value(const SignedField& field) {
  return field.type == "bool" ? TypedValue::boolean(field.value == "true") : TypedValue::text(field.value);
}

Hash general_digest(const SigningContext& ctx, const SignedMessage& message) {
  crypto::TypedPayload payload;
  payload.types["EIP712Domain"] = {{"name", "string"}, {"version", "string"}, {"salt", "bytes32"}};
  payload.primary_type = message.primary_type;
  TypedValue::Struct values;
  for (const SignedField& field : message.fields) {
    payload.types[message.primary_type].push_back({field.name, field.type});
    values[field.name] = general_value(field);
  }
  payload.domain = TypedValue::structure({{"name", TypedValue::text("Moot")},
                                          {"version", TypedValue::text("1")},
                                          {"salt", TypedValue::bytes(ctx.ledger_id.view())}});
  payload.message = TypedValue::structure(values);
  const auto digest = crypto::typed_data_digest(payload);
  EXPECT_TRUE(digest) << message.primary_type;
  return digest.value_or(Hash{});
}

TEST(TypedData, TheTypeOfAVoteIsExactlyThis) {
  EXPECT_EQ(type_string(TxKind::vote),
            "Vote(string organisation,uint64 proposal,bytes32 proposalHash,string title,string choice,string "
            "reason,"
            "address voter,uint64 nonce,uint64 validUntil)");
}

TEST(TypedData, ListsAndLongTextsAreSignedByTheirHashes) {
  EXPECT_EQ(type_string(TxKind::propose),
            "Propose(string organisation,string title,bytes32 bodyHash,string kind,uint32 actionsCount,"
            "bytes32 actionsHash,address proposer,uint64 nonce,uint64 validUntil)");
  EXPECT_EQ(type_string(TxKind::admit_members),
            "AdmitMembers(string organisation,uint64 shareClass,uint32 membersCount,bytes32 "
            "membersHash,uint64 expires,"
            "address from,uint64 nonce,uint64 validUntil)");
}

TEST(TypedData, SignaturesCarriedInsideAreNotFields) {
  EXPECT_EQ(type_string(TxKind::rotate_key),
            "RotateKey(string organisation,address newAddress,address from,uint64 nonce,uint64 validUntil)");
  EXPECT_EQ(type_string(TxKind::join).find("ignature"), std::string_view::npos);
}

TEST(TypedData, Rule1_1_EveryTypeHasOneSignerFieldAndNoNameTwice) {
  for (const TxKind kind : every_kind()) {
    const auto message = signed_message(context(), empty_payload(kind), {});
    std::set<std::string> names;
    for (const SignedField& field : message.fields)
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
    ASSERT_GE(message.fields.size(), 4u);
    EXPECT_EQ(message.fields[message.fields.size() - 3].type, "address") << word(kind);
  }
}

TEST(TypedData, TheFastPathAgreesWithTheGeneralEncoder) {
  Random random(kSeed);
  for (const TxKind kind : every_kind())
    for (int round = 0; round < 20; ++round) {
      const Transaction tx = random_transaction(random, kind);
      const Hash general = general_digest(context(), signed_message(context(), tx.payload, terms_of(tx)));
      ASSERT_EQ(transaction_id(context(), tx), general.as<TxId>()) << word(kind) << " round " << round;
    }
}

// Kinds alone, in runs shorter and longer than what is hashed side by side, and one after another.
TEST(TypedData, ManyIdsAtOnceAreTheIdsOneByOne) {
  Random random(kSeed);
  std::vector<Transaction> txs;
  for (const std::size_t run : {1, 2, 8, 9, 21})
    for (const TxKind kind : every_kind())
      for (std::size_t i = 0; i < run; ++i) txs.push_back(random_transaction(random, kind));
  const SigningContext ctx = context();
  std::vector<const Transaction*> pointers;
  for (const Transaction& tx : txs) pointers.push_back(&tx);
  const std::vector<TxId> ids = transaction_ids(ctx, pointers);
  ASSERT_EQ(ids.size(), txs.size());
  for (std::size_t i = 0; i < txs.size(); ++i) ASSERT_EQ(ids[i], transaction_id(ctx, txs[i])) << i;
  EXPECT_TRUE(transaction_ids(ctx, {}).empty());
}

TEST(TypedData, StatementsAgreeWithTheGeneralEncoder) {
  Random random(kSeed);
  Invite invite;
  ContributionStatement contribution;
  AcceptKey accept;
  test::fill(random, invite);
  test::fill(random, contribution);
  test::fill(random, accept);
  EXPECT_EQ(statement_digest(context(), invite),
            general_digest(context(), signed_message(context(), invite)));
  EXPECT_EQ(statement_digest(context(), contribution),
            general_digest(context(), signed_message(context(), contribution)));
  EXPECT_EQ(statement_digest(context(), accept),
            general_digest(context(), signed_message(context(), accept)));
}

TEST(TypedData, AnotherLedgerOrOrganisationChangesEveryId) {
  SigningContext other_name = signing_context("Another", context().ledger_id);
  for (const TxKind kind : every_kind()) {
    const Payload payload = empty_payload(kind);
    const TxId id = transaction_id(context(1), payload, {});
    EXPECT_NE(transaction_id(context(2), payload, {}), id) << word(kind);
    EXPECT_NE(transaction_id(other_name, payload, {}), id) << word(kind);
  }
}

TEST(TypedData, NoTwoKindsShareAnId) {
  std::set<TxId> ids;
  for (const TxKind kind : every_kind())
    EXPECT_TRUE(ids.insert(transaction_id(context(), empty_payload(kind), {})).second);
}

TEST(TypedData, TheIdCoversSignerNonceAndEndButNotTheSignature) {
  Random random(kSeed);
  for (const TxKind kind : every_kind()) {
    const Transaction tx = random_transaction(random, kind);
    const TxId id = transaction_id(context(), tx);
    Transaction changed = tx;
    changed.signature[0] ^= 1;
    EXPECT_EQ(transaction_id(context(), changed), id);
    changed.signer.bytes[19] ^= 1;
    EXPECT_NE(transaction_id(context(), changed), id);
    changed = tx;
    changed.nonce ^= 1;
    EXPECT_NE(transaction_id(context(), changed), id);
    changed = tx;
    changed.valid_until = TimeMs{tx.valid_until.raw() ^ 1};
    EXPECT_NE(transaction_id(context(), changed), id);
  }
}

TEST(Signatures, Rule1_1_AnEnvelopeByItsSignerIsGood) {
  Transaction tx{.payload = Vote{.proposal = ProposalId{1}, .title = "Sale", .choice = Choice::in_favour},
                 .nonce = 1};
  sign_with(context(), tx, key(7));
  EXPECT_TRUE(verify_signatures(context(), tx));
  EXPECT_EQ(verify_signatures(context(2), tx), refuse(TxError::signer_mismatch));
  tx.nonce = 2;
  EXPECT_EQ(verify_signatures(context(), tx), refuse(TxError::signer_mismatch));
}

TEST(Signatures, TheHighSTwinAndOtherRecoveryIdsAreRefused) {
  Transaction tx{.payload = Leave{}, .nonce = 1};
  sign_with(context(), tx, key(7));
  for (const u8 v : {u8{2}, u8{3}, u8{27}, u8{28}}) {
    Transaction changed = tx;
    changed.signature[64] = v;
    EXPECT_EQ(verify_signatures(context(), changed), refuse(TxError::bad_signature)) << int{v};
  }
  Transaction flipped = tx;
  flipped.signature[64] ^= 1;
  EXPECT_FALSE(verify_signatures(context(), flipped));
  Transaction empty = tx;
  empty.signature.fill(0);
  EXPECT_EQ(verify_signatures(context(), empty), refuse(TxError::bad_signature));
}

Contribution contribution_by(const crypto::SecretKey& attestor, u64 member) {
  Contribution out{.member = MemberId{member},
                   .units = Units{5},
                   .content_hash = {},
                   .attestor = crypto::address_of(attestor),
                   .valid_until = {},
                   .signature = {}};
  out.signature.bytes =
      crypto::sign(attestor, statement_digest(context(), statement_of(ClassId{2}, out))).bytes;
  return out;
}

TEST(Signatures, Rule1_8_OfSeveralWrongOnesTheEarlierStageAndTheLowerIndexIsNamed) {
  RecordContributions record{.share_class = ClassId{2}, .contributions = {}};
  for (u64 i = 0; i < 4; ++i) record.contributions.push_back(contribution_by(key(9), i));
  const auto verdict = [](const RecordContributions& payload) {
    Transaction tx{.payload = payload, .nonce = 1};
    sign_with(context(), tx, key(7));
    return verify_signatures(context(), tx);
  };
  EXPECT_TRUE(verdict(record));
  record.contributions[3].units = Units{6};
  EXPECT_EQ(verdict(record), refuse_at(TxError::carried_signature_mismatch, 3));
  record.contributions[1].attestor = crypto::address_of(key(10));
  EXPECT_EQ(verdict(record), refuse_at(TxError::carried_signature_mismatch, 1));
  record.contributions[2].signature.bytes[64] = 4;
  EXPECT_EQ(verdict(record), refuse_at(TxError::bad_signature, 2));
}

TEST(Signatures, AWrongSignerIsNamedBeforeAWrongAttestor) {
  RecordContributions record{.share_class = ClassId{2}, .contributions = {contribution_by(key(9), 1)}};
  record.contributions[0].units = Units{6};
  Transaction tx{.payload = record, .nonce = 1};
  sign_with(context(), tx, key(7));
  tx.signer = crypto::address_of(key(8));
  EXPECT_EQ(verify_signatures(context(), tx), refuse(TxError::signer_mismatch));
}

TEST(Signatures, Rule3_9_ANewKeysConsentServesOneRotation) {
  const Address previous = crypto::address_of(key(7)), next = crypto::address_of(key(8));
  const AcceptKey consent{.previous = previous, .next = next, .nonce = 5};
  RotateKey rotate{.new_address = next, .new_signature = {}};
  rotate.new_signature.bytes = crypto::sign(key(8), statement_digest(context(), consent)).bytes;
  Transaction tx{.payload = rotate, .nonce = 5};
  sign_with(context(), tx, key(7));
  EXPECT_TRUE(verify_signatures(context(), tx));
  tx.nonce = 6;
  sign_with(context(), tx, key(7));
  EXPECT_EQ(verify_signatures(context(), tx), refuse(TxError::carried_signature_mismatch));
}

TEST(Signatures, Rule3_8_AnInviteIsByTheRegistrarItNames) {
  Join join;
  join.registrar = crypto::address_of(key(9));
  const Invite invite{
      .code = join.invite_code, .registrar = join.registrar, .valid_until = join.invite_valid_until};
  join.invite_signature.bytes = crypto::sign(key(9), statement_digest(context(), invite)).bytes;
  Transaction tx{.payload = join, .nonce = 1};
  sign_with(context(), tx, key(7));
  EXPECT_TRUE(verify_signatures(context(), tx));
  std::get<Join>(tx.payload).invite_code.bytes[0] = 1;
  sign_with(context(), tx, key(7));
  EXPECT_EQ(verify_signatures(context(), tx), refuse(TxError::carried_signature_mismatch));
}

TEST(TypedDataJson, NamesTheDomainAmongTheTypesAndWritesIntegersAsText) {
  const Vote vote{.proposal = ProposalId{18'446'744'073'709'551'615ull},
                  .proposal_hash = {},
                  .title = "\"A\\B\" ż",
                  .choice = Choice::veto,
                  .reason = "tab\there"};
  Address signer;
  signer.bytes.fill(0xAB);
  const auto message =
      signed_message(context(), vote, {.signer = signer, .nonce = 2, .valid_until = TimeMs{0}});
  const std::string json = typed_data_json(context(), message);
  const std::string zeros(64, '0');
  EXPECT_EQ(
      json,
      R"({"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"version","type":"string"},)"
      R"({"name":"salt","type":"bytes32"}],"Vote":[{"name":"organisation","type":"string"},)"
      R"({"name":"proposal","type":"uint64"},{"name":"proposalHash","type":"bytes32"},)"
      R"({"name":"title","type":"string"},{"name":"choice","type":"string"},{"name":"reason","type":"string"},)"
      R"({"name":"voter","type":"address"},{"name":"nonce","type":"uint64"},{"name":"validUntil","type":"uint64"}]},)"
      R"("primaryType":"Vote","domain":{"name":"Moot","version":"1",)"
      R"("salt":"0x0101010101010101010101010101010101010101010101010101010101010101"},)"
      R"("message":{"organisation":"Listeners' Data Co-operative","proposal":"18446744073709551615",)"
      R"("proposalHash":"0x)" +
          zeros +
          R"(","title":"\"A\\B\" ż","choice":"Veto","reason":"tab\u0009here",)"
          R"("voter":")" +
          crypto::to_eip55(signer) + R"(","nonce":"2","validUntil":"0"}})");
}

// ---- golden vectors: one line a kind. MOOT_BLESS=1 writes the file anew; then look at what changed, because what
// changed is protocol.

std::string golden_line(TxKind kind) {
  Random random(static_cast<u64>(kind));
  Transaction tx = random_transaction(random, kind);
  sign_with(context(), tx, key(7));
  const Bytes bytes = encode_transaction(tx);
  const auto message = signed_message(context(), tx.payload, terms_of(tx));
  std::ostringstream out;
  out << "{\"kind\":" << int{static_cast<u8>(kind)} << ",\"type\":\"" << type_string(kind)
      << "\",\"canonical\":\"" << to_hex(bytes) << "\",\"id\":\""
      << to_hex(transaction_id(context(), tx).view()) << "\",\"witnessId\":\""
      << to_hex(witness_id(bytes).view()) << "\",\"typedData\":" << typed_data_json(context(), message)
      << "}";
  return out.str();
}

TEST(GoldenVectors, Transactions) {
  const std::string path = MOOT_SOURCE_DIR "/tests/vectors/transactions.json";
  std::string made = "[\n";
  for (const TxKind kind : every_kind())
    made += golden_line(kind) + (kind == TxKind::attest_audit ? "\n" : ",\n");
  made += "]\n";
  if (std::getenv("MOOT_BLESS")) std::ofstream(path) << made;
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  const std::string kept{std::istreambuf_iterator<char>(file), {}};
  std::istringstream kept_lines(kept), made_lines(made);
  for (std::string a, b; std::getline(made_lines, a);) {
    ASSERT_TRUE(std::getline(kept_lines, b));
    ASSERT_EQ(a, b);
  }
  EXPECT_EQ(made, kept);
}

}  // namespace
}  // namespace moot::ledger
