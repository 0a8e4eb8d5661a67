// Role holders at work: a real mootd, and a real `moot` for every command of registrars, attestors, treasurers and auditors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <fstream>

#include "crypto/sha256.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/node/mootd.hpp"
#include "wallet/keystore.hpp"
#include "wallet/node_client.hpp"

namespace moot::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::HasSubstr;
using wallet::pb::GetSaleRequest;

constexpr auto kPatience = std::chrono::seconds(20);
constexpr int kCancelledOrNoTerminal[] = {1, 5};

std::string hex_of(std::string_view content) {
  return "0x" + to_hex(crypto::sha256(as_bytes(content)).view());
}

class Roles : public testing::Test {
 protected:
  void SetUp() override {
    make_home(folder_.path() / "home", genesis_);
    node_ = std::make_unique<Node>(folder_.path() / "home");
    auto client = wallet::NodeClient::connect(node_->address(), "");
    ASSERT_TRUE(client);
    client_ = std::make_unique<wallet::NodeClient>(std::move(*client));
    write_text(folder_.path() / "password", "correct horse\n");
    for (const char* label : {"r0", "r1", "a0", "t0", "t1", "t2", "u0", "g0", "m0", "m1", "x0"})
      add_key(label);
  }

  void add_key(const std::string& label) {
    wallet::Keystore keystore(folder_.path() / "keys");
    const auto added = keystore.add(test_key(label), "correct horse",
                                    {.alias = label, .cost = wallet::KeyCost::light}, clock_);
    ASSERT_TRUE(added) << added.error().what;
  }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string file(const std::string& name, const std::string& text) {
    write_text(folder_.path() / name, text);
    return path(name);
  }

  Finished moot(const std::string& from, std::vector<std::string> words, bool yes = true) {
    words.insert(words.end(), {"--from", from, "--node", node_->address(), "--keystore", path("keys"),
                               "--password-file", path("password")});
    if (yes) words.emplace_back("--yes");
    return run({.program = MOOT_BIN, .arguments = std::move(words), .environment = {}});
  }

  // It succeeds; its answer in JSON.
  json::object done(const std::string& from, std::vector<std::string> words) {
    words.emplace_back("--json");
    const Finished finished = moot(from, words);
    EXPECT_EQ(finished.status, 0) << words[0] << ": " << finished.err;
    boost::system::error_code error;
    json::value value = json::parse(finished.out, error);
    EXPECT_TRUE(!error && value.is_object()) << finished.out;
    return value.is_object() ? std::move(value.as_object()) : json::object();
  }

  // A transaction of a member, by no command under test.
  void send(const std::string& label, ledger::Payload payload, std::optional<u64> nonce = std::nullopt) {
    const auto signing = client_->signing();
    ASSERT_TRUE(signing);
    const u64 next = nonce ? *nonce : client_->next_nonce(test_address(label)).value();
    const Bytes envelope = wallet::signed_envelope(*signing, test_key(label), std::move(payload), next,
                                                   TimeMs{clock_.now_ms().raw() + kHour});
    const auto sent = client_->submit_and_wait(envelope);
    ASSERT_TRUE(sent) << label << ": " << sent.error().what;
  }

  wallet::pb::Member member(u64 id) {
    wallet::pb::GetMemberRequest request;
    request.mutable_member()->set_member(id);
    const auto answer =
        client_->call(&wallet::pb::GovernanceService::Stub::GetMember, client_->governance(), request);
    EXPECT_TRUE(answer) << answer.error().what;
    return answer ? answer->member() : wallet::pb::Member();
  }

  u64 members() {
    const auto answer = client_->call(&wallet::pb::NodeService::Stub::GetStatus, client_->info(),
                                      wallet::pb::GetStatusRequest());
    return answer ? answer->members() : 0;
  }

  wallet::pb::Sale sale() {
    const auto answer =
        client_->call(&wallet::pb::TreasuryService::Stub::GetSale, client_->treasury(), GetSaleRequest());
    return answer ? answer->sale() : wallet::pb::Sale();
  }

  bool reaches(wallet::pb::SaleState state) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (sale().state() != state) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  // A sale of class 0 for up to 1,000 USDX with a tenth in reserve, proposed and voted for by everybody.
  void authorise_sale() {
    ledger::SaleTerms terms{.share_class = ClassId{0},
                            .buyer = test_address("buyer"),
                            .asset = AssetId{0},
                            .min_price = Amount{1'000'000},
                            .max_price = Amount{1'000'000'000},
                            .terms_hash = {},
                            .reserve = Ppm{100'000},
                            .funding = DurationMs{kDay}};
    terms.terms_hash = crypto::sha256(as_bytes("terms"));
    send("m0", ledger::Propose{.title = "Sell it",
                               .body = {"All of it."},
                               .kind = ledger::ProposalKind::sale,
                               .actions = {terms}});
    wallet::pb::GetProposalRequest request;
    const auto proposal =
        client_->call(&wallet::pb::GovernanceService::Stub::GetProposal, client_->governance(), request);
    ASSERT_TRUE(proposal) << proposal.error().what;
    Hash hash;
    std::ranges::copy(proposal->proposal().proposal_hash(), hash.bytes.begin());
    for (const char* label : {"m0", "m1", "m2", "m3", "m4"}) {
      if (sale().state() != wallet::pb::SALE_STATE_UNSPECIFIED) break;  // it passed early
      send(label,
           ledger::Vote{.proposal = ProposalId{0},
                        .proposal_hash = hash,
                        .title = "Sell it",
                        .choice = ledger::Choice::in_favour,
                        .reason = {}},
           1);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_AUTHORISED));
  }

  // The number of the only action that waits.
  std::string waiting_action() {
    const auto answer = done("t0", {"actions"});
    const auto& list = answer.at("actions").as_array();
    EXPECT_EQ(list.size(), 1u);
    return list.empty() ? "" : std::string(list[0].at("id").as_string());
  }

  // The first of two treasurers' words opens an action, the second's approval runs it.
  void two_treasurers(const std::vector<std::string>& words) {
    const Finished first = moot("t0", words);
    ASSERT_EQ(first.status, 0) << first.err;
    const std::string action = waiting_action();
    const Finished second = moot("t1", {"approve", action});
    ASSERT_EQ(second.status, 0) << second.err;
    EXPECT_THAT(second.out, HasSubstr("last approval needed"));
  }

  void fund_sale() {
    authorise_sale();
    two_treasurers({"record-proceeds", "0", "1000 USDX", "--reference", "wire 1"});
    ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_FUNDED));
  }

  SystemClock clock_;
  ledger::Genesis genesis_ = live_genesis();
  TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
  std::unique_ptr<Node> node_;
  std::unique_ptr<wallet::NodeClient> client_;
};

std::string member_list(unsigned count) {
  std::string out = "address,units\n";
  for (unsigned i = 0; i < count; ++i)
    out += crypto::to_eip55(test_address("new " + std::to_string(i))) + "," + std::to_string(i) + "\n";
  return out;
}

TEST_F(Roles, ARegistrarAdmitsAListAndGoesOnWhereItEnded) {
  const std::string list = file("members.csv", member_list(25));
  const std::vector<std::string> admit{"admit", list, "--class", "0", "--per-transaction", "10"};
  auto trial = admit;
  trial.emplace_back("--dry-run");
  EXPECT_EQ(done("r0", trial).at("toAdmit").to_number<u64>(), 25u);
  EXPECT_EQ(members(), 5u) << "a dry run sends nothing";
  const auto first = done("r0", admit);
  EXPECT_EQ(first.at("done").to_number<u64>(), 25u);
  EXPECT_EQ(first.at("transactions").as_array().size(), 3u);
  EXPECT_EQ(members(), 30u);
  EXPECT_EQ(member(29).holdings(0).units(), 24u) << "ids are in the order of the list";
  const auto again = done("r0", admit);
  EXPECT_EQ(again.at("membersAlready").to_number<u64>(), 25u);
  EXPECT_EQ(again.at("toAdmit").to_number<u64>(), 0u);
  file("members.csv", member_list(27));
  EXPECT_EQ(done("r1", admit).at("done").to_number<u64>(), 2u);
  EXPECT_EQ(members(), 32u);
}

TEST_F(Roles, ABadListIsRefusedWithItsLineAndSendsNothing) {
  const std::string bad = file("members.csv", member_list(3) + "0x12,5\n");
  const Finished csv = moot("r0", {"admit", bad, "--class", "0"});
  EXPECT_EQ(csv.status, 1);
  EXPECT_THAT(csv.err, HasSubstr("members.csv line 5: \"0x12\" is no address"));
  const std::string good = file("good.csv", member_list(3));
  const Finished role = moot("t0", {"admit", good, "--class", "0"});
  EXPECT_EQ(role.status, 3) << "a treasurer admits nobody";
  EXPECT_THAT(role.err, HasSubstr("ROLE_NEEDED"));
  const Finished unknown = moot("r0", {"admit", good, "--class", "nonsense"});
  EXPECT_EQ(unknown.status, 2) << unknown.err;
  EXPECT_EQ(members(), 5u);
}

TEST_F(Roles, NothingIsSentWithoutAYes) {
  const std::string list = file("members.csv", member_list(3));
  const Finished asked = moot("r0", {"admit", list, "--class", "0"}, false);
  EXPECT_THAT(kCancelledOrNoTerminal, ::testing::Contains(asked.status)) << asked.err;
  EXPECT_EQ(members(), 5u);
}

TEST_F(Roles, AttestedContributionsAreCarriedBySomebodyElse) {
  std::string rows = "member,units,content_hash\n";
  for (unsigned i = 0; i < 5; ++i)
    rows += std::to_string(i) + ",7," + hex_of("track " + std::to_string(i)) + "\n";
  rows += crypto::to_eip55(test_address("m0")) + ",3," + hex_of("another track") + "\n";
  const std::string csv = file("july.csv", rows);
  const auto signed_answer = done("a0", {"attest", csv, "--class", "house", "--out", path("july.jsonl")});
  EXPECT_EQ(signed_answer.at("units").as_string(), "38");
  const auto recorded = done("m1", {"record-contributions", path("july.jsonl")});
  EXPECT_EQ(recorded.at("done").to_number<u64>(), 6u);
  EXPECT_EQ(member(0).holdings(1).units(), 10u);
  const auto again = done("m1", {"record-contributions", path("july.jsonl")});
  EXPECT_EQ(again.at("recordedBefore").to_number<u64>(), 6u);
  EXPECT_EQ(member(0).holdings(1).units(), 10u);
  std::string changed = read_text(path("july.jsonl"));
  changed.replace(changed.find("\"units\":\"7\""), 11, "\"units\":\"9\"");
  const Finished refused = moot("m1", {"record-contributions", file("changed.jsonl", changed)});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err, HasSubstr("changed.jsonl line 2: the signature is not that of its attestor"));
}

TEST_F(Roles, UnitsAreGrantedByRegistrarsAndTakenBackWithAnAuditor) {
  done("r0", {"grant", "2", "9", "--class", "house"});
  done("r0", {"grant", "--csv", file("units.csv", "member,units\n3,4\n4,5\n"), "--class", "house"});
  EXPECT_EQ(member(2).holdings(1).units(), 9u);
  EXPECT_EQ(member(4).holdings(1).units(), 5u);
  const Finished registrar =
      moot("r0", {"revoke-units", "2", "4", "--class", "house", "--reason", "counted twice"});
  ASSERT_EQ(registrar.status, 0) << registrar.err;
  EXPECT_THAT(registrar.out, HasSubstr("waits as action"));
  EXPECT_EQ(member(2).holdings(1).units(), 9u);
  done("u0", {"approve", waiting_action()});
  EXPECT_EQ(member(2).holdings(1).units(), 5u);
}

TEST_F(Roles, AnInvitedPersonJoinsAndALostKeyIsRecovered) {
  const Finished invite = moot("r0", {"invite", "--out", path("invite.json")});
  ASSERT_EQ(invite.status, 0) << invite.err;
  const Finished join = moot("x0", {"join", "--invite", path("invite.json")});
  ASSERT_EQ(join.status, 0) << join.err;
  const auto joins = client_->call(&wallet::pb::GovernanceService::Stub::ListPendingJoins,
                                   client_->governance(), wallet::pb::ListPendingJoinsRequest());
  ASSERT_TRUE(joins && joins->joins_size() == 1);
  const Finished first = moot("r0", {"recover-key", "3", "--new", crypto::to_eip55(test_address("fresh"))});
  ASSERT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("waits as action")) << "two registrars must agree";
  done("r1", {"approve", waiting_action()});
  EXPECT_TRUE(member(3).has_recovery());
}

TEST_F(Roles, PayoutIsPreviewedApprovedPausedAndMade) {
  fund_sale();
  const Finished preview = moot("t2", {"payout", "preview", "0", "--all", "--csv", path("shares.csv")});
  ASSERT_EQ(preview.status, 0) << preview.err;
  EXPECT_THAT(preview.out, HasSubstr("900.000000 USDX"));
  EXPECT_THAT(preview.out, HasSubstr("every share is the same"));
  EXPECT_THAT(read_text(path("shares.csv")), HasSubstr("\n4,50,300000000,300.000000 USDX,0\n"));
  const Finished wrong = moot("t0", {"payout", "approve", "0", "--digest", hex_of("another")});
  EXPECT_EQ(wrong.status, 6) << wrong.err;
  ASSERT_EQ(moot("u0", {"payout", "pause", "0", "--for", "1h", "--reason", "looking"}).status, 0);
  two_treasurers({"payout", "approve", "0"});
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_APPROVED));
  std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
  EXPECT_EQ(sale().state(), wallet::pb::SALE_STATE_APPROVED) << "a pause holds it past its due time";
  EXPECT_THAT(moot("t0", {"payout", "show", "0"}).out, HasSubstr("Paused until"));
  EXPECT_EQ(moot("u0", {"payout", "pause", "0", "--for", "1h", "--reason", "again"}).status, 3);
  ASSERT_EQ(moot("u0", {"payout", "resume", "0"}).status, 0);
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_PAID_OUT));
  const auto shown = done("t0", {"payout", "show", "0"});
  EXPECT_EQ(shown.at("payout").at("amount").at("text").as_string(), "900.000000 USDX");
}

TEST_F(Roles, RedemptionsArePaidAndRefundedByOneList) {
  fund_sale();
  two_treasurers({"payout", "approve", "0"});
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_PAID_OUT));
  const auto redeem = [&](const char* label) {
    send(label, ledger::RequestRedemption{.asset = AssetId{0},
                                          .amount = Amount{5'000'000},
                                          .amount_text = "5.000000 USDX",
                                          .destination = std::string("bank account of ") + label});
  };
  redeem("m0");
  redeem("m1");
  const Finished open = moot("t0", {"redemptions"});
  EXPECT_THAT(open.out, HasSubstr("bank account of m1"));
  const std::string unknown = file("paid.csv", "redemption,result,note\n0,paid,wire 9\n7,paid,wire 10\n");
  EXPECT_THAT(moot("t0", {"settle-redemptions", unknown}).err,
              HasSubstr("paid.csv line 3: redemption 7 is not open"));
  const std::string list =
      file("settled.csv", "redemption,result,note\n0,paid,wire 9\n1,refund,no such account\n");
  two_treasurers({"settle-redemptions", list});
  const auto all = done("t0", {"redemptions"});
  const auto& rows = all.at("redemptions").as_array();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("state").as_string(), "REDEMPTION_STATE_REFUNDED");
  EXPECT_EQ(rows[1].at("state").as_string(), "REDEMPTION_STATE_PAID");
  redeem("m1");
  two_treasurers({"settle-redemptions", "--pay", "2", "wire 11"});
  EXPECT_THAT(moot("t0", {"redemptions", "--open"}).out, HasSubstr("There are no such"));
}

TEST_F(Roles, AnApprovalIsTakenBackAndAnOfficeGivenUp) {
  authorise_sale();
  ASSERT_EQ(moot("t0", {"record-proceeds", "0", "10 USDX", "--reference", "wire 2"}).status, 0);
  const std::string action = waiting_action();
  EXPECT_EQ(moot("t0", {"approve", action}).status, 3) << "one holder approves once";
  EXPECT_EQ(moot("u0", {"approve", action}).status, 3) << "an auditor does not record proceeds";
  ASSERT_EQ(moot("t0", {"revoke-approval", action}).status, 0);
  EXPECT_THAT(moot("t0", {"actions"}).out, HasSubstr("No action waits"));
  EXPECT_EQ(moot("t0", {"approve", action}).status, 1);
  ASSERT_EQ(moot("t2", {"resign-role", "treasurer"}).status, 0);
  EXPECT_EQ(moot("t2", {"record-proceeds", "0", "10 USDX", "--reference", "wire 3"}).status, 3);
  EXPECT_EQ(moot("t1", {"resign-role", "treasurer"}).status, 3) << "two must remain";
  EXPECT_EQ(moot("g0", {"guardian-cancel", "0", "--reason", "too late"}).status, 3);
}

TEST_F(Roles, AnAuditorAttestsWhatAReplayFound) {
  done("r0", {"admit", file("members.csv", member_list(3)), "--class", "0"});
  const Finished replay = moot("u0", {"audit", "replay", "--json"});
  ASSERT_EQ(replay.status, 0) << replay.err;
  const std::string report = file("report.json", replay.out);
  const Finished attested = moot("u0", {"attest-audit", "--report", report});
  ASSERT_EQ(attested.status, 0) << attested.err;
  EXPECT_THAT(attested.out, HasSubstr("as \"verified\""));
  std::string forged = replay.out;
  const auto root = forged.find("\"stateRoot\"");
  const auto digit = forged.find("0x", root) + 2;
  forged[digit] = forged[digit] == '0' ? '1' : '0';
  EXPECT_EQ(moot("u0", {"attest-audit", "--report", file("forged.json", forged)}).status, 6);
}

}  // namespace
}  // namespace moot::test
