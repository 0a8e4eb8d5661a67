// Role holders at work: a real mootd, and a real `moot` for every command of registrars, attestors, treasurers and auditors.
#include "crypto/sha256.hpp"
#include "tests/functional/wallet_fixture.hpp"

namespace moot::test {
namespace {

using ::testing::HasSubstr;

constexpr int kCancelledOrNoTerminal[] = {1, 5};

std::string hex_of(std::string_view content) {
  return "0x" + to_hex(crypto::sha256(as_bytes(content)).view());
}

class Roles : public WalletOnNode {};

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

TEST_F(Roles, LongWorkSaysWhereItIsAlsoWhereThereIsNoTerminal) {
  done("r0", {"admit", file("members.csv", member_list(3)), "--class", "0"});
  EXPECT_THAT(moot("u0", {"audit", "export", "--out", path("ledger.moot")}).err,
              HasSubstr("exporting blocks: height 1 of 1"));
  const Words replay{"audit", "replay", "--archive", path("ledger.moot")};
  EXPECT_THAT(moot("u0", replay).err, HasSubstr("replaying blocks: height 1 of 1"));
  Words for_programs = replay;
  for_programs.emplace_back("--json");
  EXPECT_EQ(moot("u0", for_programs).err, "");
}

// One byte anywhere is enough, and a file that ends early: the tests of audit/ go through all the places.
TEST_F(Roles, AReplayOfAWrongArchiveNamesThePlaceAndEndsWithItsCode) {
  done("r0", {"admit", file("members.csv", member_list(3)), "--class", "0"});
  done("u0", {"audit", "export", "--out", path("ledger.moot")});
  const std::string good = read_text(path("ledger.moot"));
  const auto replay = [&](const std::string& bytes) {
    return moot("u0", {"audit", "replay", "--archive", file("other.moot", bytes)});
  };
  ASSERT_EQ(replay(good).status, 0);
  std::string changed = good;
  const auto at = changed.rfind(as_string(test_address("new 1").view()));
  ASSERT_NE(at, std::string::npos);
  changed[at] ^= 1;
  const Finished wrong = replay(changed);
  EXPECT_EQ(wrong.status, 6) << wrong.out;
  EXPECT_THAT(wrong.err, HasSubstr("block 1"));
  const Finished cut = replay(good.substr(0, good.size() - 1));
  EXPECT_EQ(cut.status, 6) << cut.out;
  EXPECT_FALSE(cut.err.empty());
  EXPECT_NE(moot("u0", {"audit", "replay", "--archive", path("none.moot")}).status, 0);
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
