// Transaction files: what goes in comes out, nothing in them may disagree, and a signature is the signer's or none.
#include "wallet/tx_file.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

ledger::SigningContext context() {
  LedgerId id;
  id.bytes.fill(7);
  return ledger::signing_context("Bakers' Co-operative", id);
}

TransactionFile transfer_file(u8 key = 1) {
  const ledger::Transfer transfer{.asset = AssetId{0},
                                  .to = crypto::address_of(test::key_number(9)),
                                  .amount = Amount{12'500'000},
                                  .amount_text = "12.500000 USDX"};
  return {.signing = context(),
          .tx = {.payload = transfer,
                 .signer = crypto::address_of(test::key_number(key)),
                 .nonce = 3,
                 .valid_until = TimeMs{1'800'000'000'000}}};
}

TransactionFile signed_by(u8 key) {
  TransactionFile file = transfer_file();
  file.tx.signature = crypto::sign(test::key_number(key), file.id().as<Hash>()).bytes;
  file.is_signed = true;
  return file;
}

std::string with(const TransactionFile& file, std::string_view field, json::value value) {
  auto object = json::parse(to_json(file)).as_object();
  object[field] = std::move(value);
  return json::serialize(object);
}

std::string pasted(const TransactionFile& file, u8 v) {
  auto bytes = file.tx.signature;
  bytes[64] = static_cast<u8>(bytes[64] + v);
  return "0x" + to_hex(bytes);
}

TEST(TransactionFile, ComesBackAsItWas) {
  const auto file = transfer_file();
  const auto read = parse_transaction_file(to_json(file));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->tx, file.tx);
  EXPECT_EQ(read->id(), file.id());
  EXPECT_FALSE(read->is_signed);
}

TEST(TransactionFile, KeepsItsSignature) {
  const auto file = signed_by(1);
  const auto read = parse_transaction_file(to_json(file));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_TRUE(read->is_signed);
  EXPECT_EQ(ledger::encode_transaction(read->tx), ledger::encode_transaction(file.tx));
}

// Signed offline or by the node client: the same envelope, byte for byte.
TEST(TransactionFile, SignedOfflineIsTheSameAsSignedAtOnce) {
  const auto read = parse_transaction_file(to_json(transfer_file()));
  ASSERT_TRUE(read);
  const auto key = test::key_number(1);
  ledger::Transaction online = transfer_file().tx;
  online.signature = crypto::sign(key, ledger::transaction_id(context(), online).as<Hash>()).bytes;
  ledger::Transaction offline = read->tx;
  offline.signature = crypto::sign(key, read->id().as<Hash>()).bytes;
  EXPECT_EQ(ledger::encode_transaction(online), ledger::encode_transaction(offline));
}

TEST(TransactionFile, HoldsTypedDataThatNamesItsDomain) {
  const auto object = json::parse(to_json(transfer_file())).as_object();
  const auto& typed = object.at("typedData").as_object();
  EXPECT_TRUE(typed.at("types").as_object().contains("EIP712Domain"));
  EXPECT_EQ(typed.at("primaryType").as_string(), "Transfer");
  EXPECT_EQ(typed.at("message").as_object().at("amountText").as_string(), "12.500000 USDX");
}

TEST(TransactionFile, RefusesPartsThatDisagree) {
  const auto file = transfer_file();
  auto other = transfer_file();
  std::get<ledger::Transfer>(other.tx.payload).amount = Amount{99'500'000};
  const auto other_json = json::parse(to_json(other)).as_object();
  const std::vector<std::pair<std::string, json::value>> changes{{"payload", other_json.at("payload")},
                                                                 {"typedData", other_json.at("typedData")},
                                                                 {"id", other_json.at("id")},
                                                                 {"kind", "Vote"},
                                                                 {"nonce", "4"},
                                                                 {"organisation", "Others"},
                                                                 {"validUntilMs", "1"},
                                                                 {"signer", test::kFirstAddress},
                                                                 {"payload", "0x16ff"}};
  for (const auto& [field, value] : changes) {
    const auto read = parse_transaction_file(with(file, field, value));
    ASSERT_FALSE(read) << field;
    EXPECT_EQ(read.error().code, ExitCode::verification_failed) << field;
  }
}

TEST(TransactionFile, RefusesWhatIsNoSuchFile) {
  for (const std::string& text :
       {std::string("nonsense"), std::string("[]"), std::string("{}"),
        with(transfer_file(), "format", "other/1"), with(transfer_file(), "nonce", 3),
        with(transfer_file(), "ledgerId", "0x00")})
    EXPECT_FALSE(parse_transaction_file(text)) << text;
}

TEST(TransactionFile, RefusesAnotherKeysSignature) {
  const auto read = parse_transaction_file(to_json(signed_by(2)));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::verification_failed);
  EXPECT_THAT(read.error().what, HasSubstr("not by " + crypto::to_eip55(transfer_file().tx.signer)));
}

TEST(PastedSignature, TakesEveryFormOfV) {
  const auto file = signed_by(1);
  for (const u8 v : {0, 27}) {
    const auto taken = signature_by(file.tx.signer, file.id().as<Hash>(), " " + pasted(file, v) + "\n");
    ASSERT_TRUE(taken) << taken.error().what;
    EXPECT_EQ(taken->bytes, file.tx.signature);
  }
}

TEST(PastedSignature, IsRefusedWhenItIsNotTheSigners) {
  const auto file = signed_by(2);
  const auto taken = signature_by(file.tx.signer, file.id().as<Hash>(), pasted(file, 27));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ExitCode::verification_failed);
}

TEST(PastedSignature, IsRefusedWhenItIsNoSignature) {
  const auto file = signed_by(1);
  const Hash digest = file.id().as<Hash>();
  for (const std::string& text : {std::string(), std::string("hello"), std::string("0x1234"),
                                  pasted(file, 35), pasted(file, 27).substr(0, 130)})
    EXPECT_FALSE(signature_by(file.tx.signer, digest, text)) << text;
}

}  // namespace
}  // namespace moot::wallet
