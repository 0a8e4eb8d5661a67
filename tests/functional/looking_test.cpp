// Looking: a real mootd, and a real `moot` for what is asked of it, of an archive, and of what happens while one looks on.
#include "crypto/keys.hpp"
#include "crypto/sha256.hpp"
#include "tests/functional/wallet_fixture.hpp"

namespace moot::test {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr auto kPatience = std::chrono::seconds(20);

class Looking : public WalletOnNode {
 protected:
  // "A    1,000" → "A 1,000", so that a table's row or a fact can be looked for.
  std::string said(const std::string& from, const Words& words) {
    const Finished finished = moot(from, words);
    EXPECT_EQ(finished.status, 0) << words[0] << ": " << finished.err;
    std::string out;
    std::ranges::unique_copy(finished.out, std::back_inserter(out),
                             [](char a, char b) { return a == ' ' && b == ' '; });
    return out;
  }
};

std::string text_at(const json::value& value, const char* name) {
  return std::string(value.at(name).as_string());
}

// ---- the registers ----

TEST_F(Looking, AnAccountTellsItsMoneyItsMemberAndItsRoles) {
  const auto buyer = done("m0", {"account", "buyer"});
  const json::value& account = buyer.at("account");
  EXPECT_EQ(account.at("balances").as_array().size(), 1u);
  EXPECT_EQ(account.at("balances").at(0).at("text").as_string(), "1000 TOK");
  EXPECT_EQ(account.as_object().if_contains("member"), nullptr);
  EXPECT_TRUE(buyer.at("roles").as_array().empty());
  const auto by_number = done("m0", {"account", text_at(account, "id")});
  EXPECT_EQ(by_number.at("account"), account);
  const auto treasurer = done("t1", {"account"});
  EXPECT_EQ(treasurer.at("roles"), json::value({"ROLE_TREASURER"}));
  EXPECT_EQ(done("x0", {"account", "m2"}).at("account").at("member").as_string(), "2");
  const std::string shown = said("m0", {"account", "buyer"});
  EXPECT_THAT(shown, HasSubstr(crypto::to_eip55(test_address("buyer"))));
  EXPECT_THAT(shown, HasSubstr("1000 TOK"));
  EXPECT_THAT(said("m0", {"account", "t1"}), HasSubstr("roles Treasurer"));
}

TEST_F(Looking, ClassesTellTheirUnits) {
  done("r0", {"grant", "2", "9", "--class", "house"});
  const auto answer = done("x0", {"classes"});
  const auto& classes = answer.at("shareClasses").as_array();
  ASSERT_EQ(classes.size(), 2u);
  EXPECT_EQ(classes[0].at("name").as_string(), "data set");
  EXPECT_EQ(classes[0].at("totalUnits").as_string(), "150");
  EXPECT_EQ(classes[1].at("name").as_string(), "house");
  EXPECT_EQ(classes[1].at("totalUnits").as_string(), "9");
  EXPECT_FALSE(classes[1].at("attestedOnly").as_bool());
  EXPECT_THAT(said("x0", {"classes"}), HasSubstr("1 house by grant too 9 9 0\n"));
}

TEST_F(Looking, AssetsTellWhereEveryUnitIs) {
  pay_out_sale();
  const auto answer = done("m0", {"assets"});
  const auto& assets = answer.at("assets").as_array();
  ASSERT_EQ(assets.size(), 2u);
  EXPECT_EQ(text_at(assets[0], "symbol"), "USDX");
  EXPECT_EQ(text_at(assets[0], "supply"), "1000000000");
  EXPECT_EQ(text_at(assets[0], "owed"), "900000000");
  EXPECT_EQ(text_at(assets[0], "treasury"), "100000000");
  EXPECT_EQ(text_at(assets[1], "symbol"), "TOK");
  EXPECT_EQ(text_at(assets[1], "stored"), "1000");
  EXPECT_EQ(text_at(assets[1], "treasury"), "999000");
  const std::string shown = said("m0", {"assets"});
  EXPECT_THAT(shown, HasSubstr("0 1000.000000 USDX External 0.000000 USDX 900.000000 USDX 100.000000 USDX "));
  EXPECT_THAT(shown, HasSubstr("1 1000000 TOK Fixed 1000 TOK 0 TOK 999000 TOK "));
}

TEST_F(Looking, PoliciesAndParametersAreThoseOfTheGenesis) {
  const auto policies = done("m0", {"policies"});
  const auto& kinds = policies.at("policies").as_array();
  ASSERT_EQ(kinds.size(), ledger::kProposalKinds);
  EXPECT_EQ(text_at(kinds[1], "kind"), "PROPOSAL_KIND_SALE");
  EXPECT_EQ(kinds[1].at("policy").at("quorum").to_number<u64>(), 200'000u);
  EXPECT_EQ(text_at(kinds[1].at("policy"), "period"), std::to_string(kHour));
  EXPECT_THAT(said("m0", {"policies"}),
              HasSubstr("Sale\nbasis Members\nquorum 20%\nsupport 50%\nperiod 1h\n"));
  const auto parameters = done("m0", {"parameters"});
  const auto& numbers = parameters.at("parameters").as_array();
  ASSERT_EQ(numbers.size(), ledger::kParamCount);
  const auto& delay = numbers[static_cast<std::size_t>(ledger::Param::payout_delay_ms)];
  EXPECT_EQ(text_at(delay, "name"), "payout_delay_ms");
  EXPECT_EQ(text_at(delay, "value"), std::to_string(kSecond));
  EXPECT_EQ(text_at(delay, "defaultValue"), std::to_string(kDay));
  EXPECT_EQ(text_at(delay, "changedBy"), "PROPOSAL_KIND_POLICY");
  EXPECT_THAT(said("m0", {"parameters"}), HasSubstr("\npayout_delay_ms 1000 86400000 1 7776000000 Policy "));
}

// ---- sales ----

TEST_F(Looking, ASaleTellsItsTermsAndWhatCameIn) {
  EXPECT_THAT(said("m0", {"sales"}), HasSubstr("There are no sales."));
  fund_sale();
  const auto answer = done("m0", {"sale", "0"});
  const json::value& sale = answer.at("sale");
  EXPECT_EQ(text_at(sale, "state"), "SALE_STATE_FUNDED");
  EXPECT_EQ(text_at(sale, "proposal"), "0");
  EXPECT_EQ(text_at(sale.at("terms"), "minPrice"), "1000000");
  EXPECT_EQ(text_at(sale.at("terms"), "maxPrice"), "1000000000");
  EXPECT_EQ(sale.at("terms").at("reserve").to_number<u64>(), 100'000u);
  EXPECT_EQ(text_at(sale, "recorded"), "1000000000");
  EXPECT_EQ(text_at(sale.at("proceeds"), "text"), "1000.000000 USDX");
  const u64 authorised = std::stoull(text_at(sale, "authorisedMs"));
  EXPECT_EQ(std::stoull(text_at(sale, "fundingDeadlineMs")), authorised + kDay);
  const std::string shown = said("m0", {"sale", "0"});
  EXPECT_THAT(shown, HasSubstr("\nterms: buyer " + crypto::to_eip55(test_address("buyer")) + "\n"));
  EXPECT_THAT(shown, HasSubstr("\nterms: max price 1000.000000 USDX\n"));
  EXPECT_THAT(shown, HasSubstr("\nstate Funded\n"));
  EXPECT_THAT(shown, HasSubstr("\nrecorded 1000.000000 USDX\n"));
  EXPECT_THAT(shown, HasSubstr("\nproceeds 1000.000000 USDX\n"));
  EXPECT_EQ(done("m0", {"sales"}).at("sales"), json::value(json::array{sale}));
  EXPECT_THAT(said("m0", {"sales"}), HasSubstr("\n 0 Funded 0 0 1000.000000 USDX "));
}

// ---- what happens ----

// The first word of a member confirms the membership besides: two events.
TEST_F(Looking, AWatcherIsToldWhatWasAndThenWhatComes) {
  const auto height_of = [](const json::object& sent) { return text_at(sent.at("receipt"), "height"); };
  Process* watching = nullptr;
  const auto expect_told = [&](const std::string& height, int index, const char* kind, const char* member) {
    const auto line =
        watching->line(R"({"height":")" + height + R"(","index":)" + std::to_string(index), kPatience);
    ASSERT_TRUE(line) << kind << watching->err();
    const json::value event = json::parse(*line);
    EXPECT_EQ(text_at(event, "kind"), kind);
    EXPECT_EQ(text_at(event, "a"), member);
  };
  const std::string before = height_of(done("m0", {"delegate", "1"}));
  Process watcher(command("x0", {"watch", "--from-height", "0", "--count", "4", "--json"}));
  watching = &watcher;
  expect_told(before, 0, "EVENT_KIND_CONFIRMED", "0");
  expect_told(before, 1, "EVENT_KIND_DELEGATE_CHANGED", "0");
  const std::string after = height_of(done("m2", {"delegate", "1"}));
  expect_told(after, 0, "EVENT_KIND_CONFIRMED", "2");
  expect_told(after, 1, "EVENT_KIND_DELEGATE_CHANGED", "2");
  EXPECT_EQ(watcher.wait(kPatience), 0) << "after so many events it ends";
  const Finished for_people = moot("x0", {"watch", "--from-height", after, "--count", "2"});
  EXPECT_THAT(for_people.out, HasSubstr("Z  " + after + ".0  member 2 confirms the membership\n"));
  EXPECT_THAT(for_people.out, HasSubstr("Z  " + after + ".1  member 2 "));
}

TEST_F(Looking, WhatWasSignedBeforeANonceIsWithdrawn) {
  ASSERT_EQ(moot("m0", {"delegate", "2", "--generate-only", "--out", path("tx.json")}).status, 0);
  ASSERT_EQ(moot("m0", {"sign", path("tx.json"), "--out", path("signed.json")}).status, 0);
  EXPECT_EQ(done("m0", {"account"}).at("account").at("nextNonce").as_string(), "1");
  EXPECT_THAT(said("m0", {"advance-nonce", "12"}),
              HasSubstr("What was signed with a lower nonce can no longer be sent."));
  EXPECT_EQ(done("m0", {"account"}).at("account").at("nextNonce").as_string(), "12");
  const Finished late = moot("m0", {"broadcast", path("signed.json")});
  EXPECT_EQ(late.status, 3) << late.err;
  EXPECT_THAT(late.err, HasSubstr("NONCE_STALE"));
  EXPECT_FALSE(member(0).has_delegate());
  const Finished back = moot("m0", {"advance-nonce", "12"});
  EXPECT_EQ(back.status, 3) << back.err;
  done("m0", {"delegate", "1"});
  EXPECT_EQ(member(0).delegate(), 1u);
}

// ---- archives ----

TEST_F(Looking, AnArchiveIsWholeOrIsSaidNotToBe) {
  for (const char* label : {"m0", "m1", "m2"})
    send(label, ledger::SetDelegate{.delegate = test_address("m3")});
  const auto exported = done("u0", {"audit", "export", "--out", path("ledger.moot")});
  const std::string height = text_at(exported, "height");
  const Words verify{"audit", "verify-archive", path("ledger.moot")};
  const auto found = done("u0", verify);
  EXPECT_EQ(text_at(found, "file"), path("ledger.moot"));
  EXPECT_EQ(text_at(found, "height"), height);
  EXPECT_EQ(text_at(found, "blockHash"), text_at(exported, "blockHash"));
  EXPECT_THAT(said("u0", verify), HasSubstr("ledger.moot: whole; " + height + " blocks in order"));
  Words of_another = verify;
  of_another.insert(of_another.end(), {"--ledger-id", std::string(64, '1')});
  const Finished another = moot("u0", of_another);
  EXPECT_EQ(another.status, 6) << another.out << another.err;
  EXPECT_THAT(another.err, HasSubstr("is of ledger"));
  std::string changed = read_text(path("ledger.moot"));
  changed[changed.size() / 2] ^= 1;
  const Finished damaged = moot("u0", {"audit", "verify-archive", file("changed.moot", changed)});
  EXPECT_EQ(damaged.status, 6) << damaged.out << damaged.err;
  const std::string cut = read_text(path("ledger.moot")).substr(0, changed.size() - 40);
  const Finished shorter = moot("u0", {"audit", "verify-archive", file("cut.moot", cut)});
  EXPECT_EQ(shorter.status, 6) << shorter.out << shorter.err;
}

// ---- guardians ----

// What is passed waits for an hour.
class GuardiansLooking : public Looking {
 protected:
  GuardiansLooking() {
    genesis_.rules.policies[static_cast<std::size_t>(ledger::ProposalKind::spend)].timelock =
        DurationMs{kHour};
  }

  // Whether the first proposal gets there within some seconds.
  bool is_queued() {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (proposal(0).state() != wallet::pb::PROPOSAL_STATE_QUEUED) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }
};

TEST_F(GuardiansLooking, AProposalThatPassedIsCanceledWhileItWaits) {
  const ledger::Spend spend{.asset = AssetId{1}, .recipient = test_address("x0"), .amount = Amount{50}};
  everybody_votes_for(send("m0", ledger::Propose{.title = "Fifty for somebody",
                                                 .body = {"Why not."},
                                                 .kind = ledger::ProposalKind::spend,
                                                 .actions = {spend}}));
  ASSERT_TRUE(is_queued());
  const Finished member = moot("m0", {"guardian-cancel", "0", "--reason", "No."});
  EXPECT_EQ(member.status, 3) << member.err;
  EXPECT_THAT(member.err, HasSubstr("ROLE_NEEDED"));
  EXPECT_THAT(said("g0", {"guardian-cancel", "0", "--reason", "A stolen address"}),
              HasSubstr("Canceled proposal 0."));
  EXPECT_EQ(done("m0", {"proposal", "0"}).at("proposal").at("state").as_string(), "PROPOSAL_STATE_CANCELED");
  EXPECT_THAT(said("m0", {"proposal", "0"}), HasSubstr("\nState Canceled\n"));
  EXPECT_THAT(moot("m0", {"execute", "0"}).err, HasSubstr("PROPOSAL_NOT_QUEUED"));
  EXPECT_THAT(moot("g0", {"guardian-cancel", "0", "--reason", "Again"}).err,
              HasSubstr("PROPOSAL_NOT_QUEUED"));
}

}  // namespace
}  // namespace moot::test
