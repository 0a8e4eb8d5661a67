// Contributions from the attestor's key to the file and back.
#include "wallet/attestations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sha256.hpp"
#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

using ::testing::HasSubstr;

class AttestationsFile : public ::testing::Test {
 protected:
  AttestationsFile() {
    LedgerId id;
    id.bytes.fill(7);
    all.signing = ledger::signing_context("Test Co-op", id);
    all.share_class = ClassId{3};
    for (u64 i = 0; i < 100; ++i)
      all.contributions.push_back({.member = MemberId{i % 10},
                                   .units = Units{i + 1},
                                   .content_hash = crypto::sha256(as_bytes("content " + std::to_string(i))),
                                   .attestor = {},
                                   .valid_until = TimeMs{i},
                                   .signature = {}});
    sign_contributions(key, all);
    text = to_json_lines(all);
  }

  // The failure of the text with `from` replaced by `to` once.
  Failure changed(const std::string& from, const std::string& to) const {
    std::string copy = text;
    const auto at = copy.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    copy.replace(at, from.size(), to);
    const auto parsed = parse_attestations("f.jsonl", copy);
    return parsed ? Failure{.what = "read", .advice = {}} : parsed.error();
  }

  crypto::SecretKey key = test::key_number(9);
  Attestations all;
  std::string text;
};

TEST_F(AttestationsFile, ComesBackAsItWasSigned) {
  const auto back = parse_attestations("f.jsonl", text);
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(back->contributions, all.contributions);
  EXPECT_EQ(back->share_class, all.share_class);
  EXPECT_EQ(back->signing.ledger_id, all.signing.ledger_id);
  EXPECT_EQ(back->signing.organisation, "Test Co-op");
}

TEST_F(AttestationsFile, IsWhatTheLedgerAccepts) {
  const ledger::Payload payload =
      ledger::RecordContributions{.share_class = all.share_class, .contributions = all.contributions};
  const crypto::SecretKey carrier = test::key_number(4);
  ledger::Transaction tx{
      .payload = payload, .signer = crypto::address_of(carrier), .nonce = 1, .valid_until = {}};
  tx.signature = crypto::sign(carrier, ledger::transaction_id(all.signing, tx).as<Hash>()).bytes;
  EXPECT_TRUE(ledger::verify_signatures(all.signing, tx));
}

TEST_F(AttestationsFile, IsBoundToLedgerClassMemberAndUnits) {
  const struct {
    const char* from;
    const char* to;
    const char* problem;
  } kTable[] = {
      {"\"shareClass\":\"3\"", "\"shareClass\":\"4\"", "line 2: the signature is not that of its attestor"},
      {"\"organisation\":\"Test", "\"organisation\":\"Best",
       "line 2: the signature is not that of its attestor"},
      {"\"ledgerId\":\"0x07", "\"ledgerId\":\"0x08", "line 2: the signature is not that of its attestor"},
      {"\"member\":\"2\"", "\"member\":\"5\"", "line 4: the signature is not that of its attestor"},
      {"\"units\":\"50\"", "\"units\":\"51\"", "line 51: the signature is not that of its attestor"},
      {"\"validUntilMs\":\"99\"", "\"validUntilMs\":\"0\"",
       "line 101: the signature is not that of its attestor"},
  };
  for (const auto& row : kTable) {
    const Failure failure = changed(row.from, row.to);
    EXPECT_EQ(failure.what, std::string("f.jsonl ") + row.problem);
    EXPECT_EQ(failure.code, ExitCode::verification_failed);
  }
}

TEST_F(AttestationsFile, IsReadStrictly) {
  EXPECT_THAT(changed("moot-attestations/1", "moot-attestations/2").what, HasSubstr("line 1: its format"));
  EXPECT_THAT(changed("{\"member\":\"0\"", "{\"extra\":\"0\",\"member\":\"0\"").what,
              HasSubstr("line 2: nobody knows"));
  EXPECT_THAT(changed("{\"member\":\"0\",", "{").what, HasSubstr("line 2: member is missing"));
  EXPECT_THAT(changed("{\"member\":\"0\"", "{\"member\":0").what, HasSubstr("line 2: member is not a text"));
  EXPECT_THAT(changed("{\"member\":\"0\"", "not json").what, HasSubstr("line 2: it is not one JSON object"));
  const std::string first_line = text.substr(0, text.find('\n') + 1);
  EXPECT_THAT(parse_attestations("f.jsonl", first_line).error().what, HasSubstr("no contributions"));
  const std::string second =
      text.substr(first_line.size(), text.find('\n', first_line.size()) + 1 - first_line.size());
  EXPECT_THAT(parse_attestations("f.jsonl", text + second).error().what,
              HasSubstr("line 102: this content hash"));
}

}  // namespace
}  // namespace moot::wallet
