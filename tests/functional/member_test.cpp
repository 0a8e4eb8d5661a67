// Members at work: a real mootd, and a real `moot` for every command of a member, from joining to leaving, with the key at
// hand, on another machine, or in another wallet.
#include <set>

#include "crypto/ecdsa.hpp"
#include "crypto/sha256.hpp"
#include "tests/functional/wallet_fixture.hpp"

namespace moot::test {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr const char* kNobodyListens = "127.0.0.1:1";

class Members : public WalletOnNode {
 protected:
  Members() {
    auto& policy = genesis_.rules.policies[static_cast<std::size_t>(ledger::ProposalKind::text)];
    policy.vote_change = true;
    policy.max_changes = 3;
  }

  void propose(const std::string& title) {
    const auto sent = done("m0", {"propose", "text", "--title", title, "--body", "Why not."});
    EXPECT_TRUE(sent.at("receipt").at("done").as_bool());
    opens(std::stoull(std::string(sent.at("receipt").at("detail").as_string())));
  }
  // It takes ballots from the block on that follows its own.
  void opens(u64 id) {
    for (int i = 0; i < 100 && state_of(id) != "PROPOSAL_STATE_ACTIVE"; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(state_of(id), "PROPOSAL_STATE_ACTIVE");
  }

  std::string state_of(u64 id) {
    return std::string(done("m0", {"tally", std::to_string(id)}).at("state").as_string());
  }

  // What an account has, by what the owner can do with it: "spendable", "stored", "entitled", "locked".
  std::string has(const std::string& who, const char* what) {
    const auto answer = done(who, {"balance"});
    const auto& balances = answer.at("balances").as_array();
    return balances.empty() ? "" : std::string(balances[0].at(what).at("text").as_string());
  }

  void refused(const std::string& from, const Words& words, const std::string& reason) {
    const Finished finished = moot(from, words);
    EXPECT_EQ(finished.status, 3) << words[0] << ": " << finished.err;
    EXPECT_THAT(finished.err, HasSubstr(reason));
  }
};

// The command with another value of one of its options.
Command with(const std::string& option, const std::string& value, Command command) {
  *std::next(std::ranges::find(command.arguments, option)) = value;
  return command;
}

u64 power(const json::object& tally, const char* choice) {
  return std::stoull(std::string(tally.at("tally").at("counts").at(choice).as_string()));
}

// ---- deciding ----

TEST_F(Members, AProposalIsMadeVotedOnAndCounted) {
  propose("Open on Sundays?");
  const auto listed = done("m1", {"proposals", "--state", "active", "--kind", "text"});
  ASSERT_EQ(listed.at("proposals").as_array().size(), 1u);
  EXPECT_EQ(listed.at("proposals").at(0).at("title").as_string(), "Open on Sundays?");
  EXPECT_THAT(moot("m1", {"proposal", "0"}).out, HasSubstr("Why not."));
  done("m1", {"vote", "0", "For", "--reason", "It helps"});
  done("m2", {"vote", "0", "against"});
  const auto tally = done("m0", {"tally", "0"});
  EXPECT_EQ(power(tally, "inFavour"), 1u);
  EXPECT_EQ(power(tally, "against"), 1u);
  EXPECT_EQ(tally.at("state").as_string(), "PROPOSAL_STATE_ACTIVE");
  EXPECT_THAT(moot("m0", {"tally", "0"}).out, HasSubstr("1 (20.0%)"));
}

TEST_F(Members, ABallotMayChangeWhereThePolicySaysSo) {
  propose("Open on Sundays?");
  done("m1", {"vote", "0", "For"});
  done("m1", {"vote", "0", "Against"});
  const auto tally = done("m0", {"tally", "0"});
  EXPECT_EQ(power(tally, "inFavour"), 0u);
  EXPECT_EQ(power(tally, "against"), 1u);
  const auto ballot = done("m0", {"ballots", "0", "--member", "m1"});
  EXPECT_EQ(ballot.at("ballot").at("ballot").at("revision").to_number<u64>(), 2u);
  EXPECT_EQ(done("m0", {"ballots", "0"}).at("ballots").as_array().size(), 1u);
}

TEST_F(Members, ABallotThatCannotCountIsRefusedBeforeItIsSigned) {
  propose("Open on Sundays?");
  refused("buyer", {"vote", "0", "For"}, "NOT_A_MEMBER");
  const Finished choice = moot("m1", {"vote", "0", "Perhaps"});
  EXPECT_EQ(choice.status, 2) << choice.err;
  EXPECT_THAT(choice.err, HasSubstr("\"Perhaps\" is no choice"));
  const Finished state = moot("m1", {"proposals", "--state", "happy"});
  EXPECT_EQ(state.status, 2) << state.err;
  refused("m0", {"cancel-proposal", "0"}, "PROPOSAL_NOT_PENDING");
  EXPECT_EQ(power(done("m0", {"tally", "0"}), "cast"), 0u);
}

TEST_F(Members, ADelegateVotesForWhomItWasNamedBy) {
  done("m0", {"delegate", "1"});
  EXPECT_EQ(done("m0", {"member"}).at("member").at("delegate").as_string(), "1");
  refused("m0", {"delegate", "m0"}, "SELF_DELEGATION");
  done("m2", {"delegate", "m1"});
  done("m2", {"delegate", "none"});
  EXPECT_FALSE(member(2).has_delegate());
  propose("Open on Sundays?");
  done("m1", {"vote", "0", "For"});
  EXPECT_EQ(power(done("m0", {"tally", "0"}), "inFavour"), 2u) << "its own and that of the one who named it";
  const auto shown = done("m0", {"members", "--active"});
  EXPECT_EQ(shown.at("members").as_array().size(), 5u);
  EXPECT_EQ(shown.at("activeMembers").as_string(), "5");
}

TEST_F(Members, APassedProposalIsExecutedOnceTheTreasuryCanPay) {
  const auto sent =
      done("m1", {"propose", "spend", "--title", "New roof", "--amount", "80 USDX", "--recipient", "buyer"});
  ASSERT_EQ(sent.at("receipt").at("detail").as_string(), "0");
  refused("m2", {"execute", "0"}, "PROPOSAL_NOT_QUEUED");
  everybody_votes_for(0);
  refused("m2", {"execute", "0"}, "INSUFFICIENT_FUNDS");
  pay_out_sale();
  done("m2", {"execute", "0"});
  EXPECT_EQ(proposal(0).state(), wallet::pb::PROPOSAL_STATE_EXECUTED);
  EXPECT_EQ(has("buyer", "stored"), "80.000000 USDX");
}

TEST_F(Members, WhatIsNotThereIsSaidWithoutARefusal) {
  const std::pair<Words, const char*> cases[] = {
      {{"proposal", "99"}, "moot: there is no proposal 99. `moot proposals` lists them.\n"},
      {{"tally", "99"}, "moot: there is no proposal 99. `moot proposals` lists them.\n"},
      {{"member", "99"}, "moot: there is no member 99. `moot members` lists them.\n"},
      {{"sale", "99"}, "moot: there is no sale 99. `moot sales` lists them.\n"},
      {{"share", "99"}, "moot: there is no executed payout 99. `moot sales` says how far each sale is.\n"}};
  for (const auto& [words, sentence] : cases) {
    const Finished finished = moot("m0", words);
    EXPECT_EQ(finished.status, 1) << words[0];
    EXPECT_EQ(finished.err, sentence);
  }
}

// ---- money ----

TEST_F(Members, AShareIsPaidOutTransferredAndRedeemed) {
  pay_out_sale();
  EXPECT_EQ(has("m0", "entitled"), "60.000000 USDX");
  const auto share = done("m0", {"share", "0", "--member", "m1"});
  EXPECT_EQ(share.at("share").at("amount").at("text").as_string(), "120.000000 USDX");
  done("m0", {"settle", "--class", "0"});
  refused("m0", {"settle", "--class", "0"}, "NOTHING_TO_SETTLE");
  EXPECT_EQ(has("m0", "stored"), "60.000000 USDX");
  done("m0", {"transfer", "m1", "12.5 USDX"});
  EXPECT_EQ(has("m0", "spendable"), "47.500000 USDX");
  EXPECT_EQ(has("m1", "spendable"), "132.500000 USDX");
  const auto asked = done("m0", {"redeem", "40 USDX", "--to", "IBAN DE89"});
  EXPECT_EQ(asked.at("receipt").at("detail").as_string(), "0");
  EXPECT_EQ(has("m0", "locked"), "40.000000 USDX");
  EXPECT_EQ(has("m0", "spendable"), "7.500000 USDX");
}

TEST_F(Members, MoneyThatIsNotThereDoesNotMove) {
  pay_out_sale();
  refused("m0", {"transfer", "m1", "60.000001 USDX"}, "INSUFFICIENT_FUNDS");
  refused("m0", {"transfer", "x0", "1 USDX"}, "NO_ACCOUNT");
  refused("m0", {"redeem", "61 USDX", "--to", "IBAN DE89"}, "INSUFFICIENT_FUNDS");
  refused("m0", {"cancel-redemption", "0"}, "NO_SUCH_REDEMPTION");
  const Finished precise = moot("m0", {"transfer", "m1", "0.0000001 USDX"});
  EXPECT_EQ(precise.status, 2) << precise.err;
  EXPECT_THAT(precise.err, HasSubstr("at most 6 of them"));
  const Finished unsure = moot("m0", {"transfer", "m1", "1 USDX"}, false);
  EXPECT_NE(unsure.status, 0) << "nobody said yes";
  EXPECT_EQ(has("m0", "spendable"), "60.000000 USDX");
}

TEST_F(Members, ABuyerPaysOnTheLedger) {
  authorise_sale(AssetId{1});
  refused("m0", {"pay-sale", "0", "20 TOK"}, "NOT_THE_BUYER");
  done("buyer", {"pay-sale", "0", "400 TOK"});
  ASSERT_TRUE(reaches(wallet::pb::SALE_STATE_FUNDED));
  EXPECT_EQ(has("buyer", "stored"), "600 TOK");
  EXPECT_EQ(sale().proceeds().text(), "400 TOK");
  refused("buyer", {"pay-sale", "0", "20 TOK"}, "SALE_NOT_AUTHORISED");
}

// ---- the membership ----

TEST_F(Members, AnInvitedPersonJoinsAndIsAdmitted) {
  ASSERT_EQ(moot("r0", {"invite", "--out", path("invite.json")}).status, 0);
  std::string changed = read_text(path("invite.json"));
  const auto digit = changed.find("\"code\": \"0x") + 11;
  changed[digit] = changed[digit] == '0' ? '1' : '0';
  const Finished forged = moot("x0", {"join", "--invite", file("forged.json", changed)});
  EXPECT_EQ(forged.status, 6) << forged.err;
  done("x0", {"join", "--invite", path("invite.json"), "--consent-file", file("statutes.txt", "All agree.")});
  const auto joins = done("r0", {"joins"});
  EXPECT_EQ(joins.at("joins").as_array().size(), 1u);
  const std::string list = crypto::to_eip55(test_address("x0")) + ",7\n";
  done("r0", {"admit", file("members.csv", "address,units\n" + list), "--class", "0"});
  EXPECT_EQ(done("x0", {"member"}).at("member").at("id").as_string(), "5");
}

TEST_F(Members, AMembershipIsConfirmedWithTheTextConsentedTo) {
  const std::string text = "All agree.";
  done("m1", {"confirm", "--consent-file", file("statutes.txt", text)});
  const Hash consent = crypto::sha256(as_bytes(text));
  EXPECT_EQ(member(1).consent_hash(), as_string(consent.view()));
  EXPECT_NE(member(1).confirmed_height(), 0u);
  refused("buyer", {"confirm"}, "NOT_A_MEMBER");
  EXPECT_EQ(moot("m1", {"confirm", "--consent-hash", "0x12"}).status, 2);
}

TEST_F(Members, AKeyIsRotatedAndTheOldOneIsNobody) {
  done("m1", {"rotate-key", "--new", "x0"});
  EXPECT_EQ(member(1).address(), as_string(test_address("x0").view()));
  refused("m1", {"delegate", "m0"}, "ACCOUNT_RETIRED");
  done("x0", {"delegate", "m0"});
  refused("x0", {"rotate-key", "--new", "m2"}, "ADDRESS_TAKEN");
  const Finished unknown = moot("x0", {"rotate-key", "--new", "nobody"});
  EXPECT_EQ(unknown.status, 1) << unknown.err;
  const Finished history = moot("x0", {"history"});
  EXPECT_THAT(history.out, HasSubstr("has a new key"));
}

TEST_F(Members, AMemberLeavesAndVotesNoMore) {
  done("m1", {"leave"});
  EXPECT_EQ(member(1).status(), wallet::pb::MEMBER_STATUS_LEFT);
  propose("Open on Sundays?");
  refused("m1", {"vote", "0", "For"}, "NOT_IN_ELECTORATE");
  refused("m1", {"leave"}, "NOT_ACTIVE");
  EXPECT_EQ(done("m0", {"members", "--active"}).at("members").as_array().size(), 4u);
}

TEST_F(Members, HistoryTellsWhatAMemberDid) {
  done("m0", {"delegate", "1"});
  const Finished text = moot("m0", {"history"});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("member 0"));
  const Finished lines = moot("m0", {"history", "1", "--json"});
  EXPECT_THAT(lines.out, HasSubstr("EVENT_KIND_DELEGATE"));
  const Finished other = moot("m0", {"history", "2"});
  EXPECT_THAT(other.out, ::testing::Not(HasSubstr("member 0")));
}

// ---- keys elsewhere ----

TEST_F(Members, AKeyThatNeverMeetsTheNetworkSignsAFile) {
  ASSERT_EQ(moot("m0", {"delegate", "2", "--generate-only", "--out", path("tx.json")}).status, 0);
  EXPECT_FALSE(member(0).has_delegate());
  EXPECT_EQ(moot("m0", {"broadcast", path("tx.json")}).status, 2) << "it is not signed";
  const auto offline = [&](Words words) {
    return run(with("--node", kNobodyListens, command("m0", std::move(words))));
  };
  const Finished signed_there = offline({"sign", path("tx.json"), "--out", path("signed.json")});
  ASSERT_EQ(signed_there.status, 0) << signed_there.err;
  EXPECT_THAT(signed_there.err, HasSubstr("DelegateVotes"));
  EXPECT_EQ(offline({"sign", path("signed.json")}).status, 2) << "it is signed already";
  EXPECT_EQ(offline({"verify", "signature", path("signed.json")}).status, 0);
  EXPECT_EQ(offline({"broadcast", path("signed.json")}).status, 4);
  const Finished sent = run({.program = MOOT_BIN,
                             .arguments = {"broadcast", path("signed.json"), "--node", node_->address(),
                                           "--keystore", path("no keys")},
                             .environment = {}});
  ASSERT_EQ(sent.status, 0) << sent.err;
  EXPECT_EQ(member(0).delegate(), 2u);
}

TEST_F(Members, AChangedFileIsNeitherSignedNorSent) {
  ASSERT_EQ(moot("m0", {"delegate", "2", "--generate-only", "--out", path("tx.json")}).status, 0);
  std::string changed = read_text(path("tx.json"));
  const auto nonce = changed.find("\"nonce\": \"1\"");
  ASSERT_NE(nonce, std::string::npos);
  changed.replace(nonce, 12, "\"nonce\": \"2\"");
  const Finished refused = moot("m0", {"sign", file("changed.json", changed)});
  EXPECT_EQ(refused.status, 6);
  EXPECT_THAT(refused.err, HasSubstr("Do not sign it"));
}

// Another wallet: it knows nothing but the typed data.
struct OtherWallet {
  ledger::SigningContext signing;

  [[nodiscard]] crypto::Signature sign(const std::string& typed_data, const std::string& label) const {
    const auto message = json::parse(typed_data).at("message");
    const auto number = [&](const char* name) {
      const json::value& value = message.at(name);
      return value.is_string() ? std::stoull(std::string(value.as_string())) : value.to_number<u64>();
    };
    const auto delegate = crypto::parse_address(std::string(message.at("delegate").as_string()));
    const ledger::Transaction tx{.payload = ledger::SetDelegate{.delegate = delegate.value()},
                                 .signer = test_address(label),
                                 .nonce = number("nonce"),
                                 .valid_until = TimeMs{number("validUntil")}};
    return crypto::sign(test_key(label), ledger::transaction_id(signing, tx).as<Hash>());
  }
};

TEST_F(Members, ASignatureOfAnotherWalletIsTakenInEveryForm) {
  const OtherWallet other{client_->signing().value()};
  std::set<int> seen;
  for (int round = 0; seen.size() < 4 && round < 24; ++round) {
    const Words words{"delegate", round % 2 == 0 ? "1" : "2", "--sign-elsewhere"};
    const std::string address = crypto::to_eip55(test_address("m0"));
    Process wallet(with("--keystore", path("no keys"), command(address, words)));
    const auto typed = wallet.line("{", std::chrono::seconds(20));
    ASSERT_TRUE(typed) << wallet.err();
    crypto::Signature signature = other.sign(*typed, "m0");
    u8& v = signature.bytes.back();
    if (seen.contains(v)) v = static_cast<u8>(v + 27);
    wallet.type("0x" + to_hex(signature.bytes) + "\n");
    ASSERT_EQ(wallet.wait(std::chrono::seconds(20)), 0) << int{v} << wallet.err();
    seen.insert(v);
    EXPECT_EQ(member(0).delegate(), round % 2 == 0 ? 1u : 2u);
  }
  EXPECT_THAT(seen, ::testing::ElementsAre(0, 1, 27, 28));
}

TEST_F(Members, ASignatureOfAnotherKeyIsNotTaken) {
  const OtherWallet other{client_->signing().value()};
  Process wallet(command("m0", {"delegate", "1", "--sign-elsewhere"}));
  const auto typed = wallet.line("{", std::chrono::seconds(20));
  ASSERT_TRUE(typed) << wallet.err();
  wallet.type("0x" + to_hex(other.sign(*typed, "m1").bytes) + "\n");
  EXPECT_EQ(wallet.wait(std::chrono::seconds(20)), 6);
  EXPECT_THAT(wallet.err(), HasSubstr("the signature is by"));
  EXPECT_FALSE(member(0).has_delegate());
}

// ---- receipts ----

TEST_F(Members, AReceiptProvesByItselfThatABallotStands) {
  propose("Open on Sundays?");
  const Finished voted = moot("m1", {"vote", "0", "For"});
  const auto at = voted.out.find("0x");
  ASSERT_NE(at, std::string::npos) << voted.out << voted.err;
  const std::string id = voted.out.substr(at, 66);
  EXPECT_THAT(moot("m1", {"receipt", id}).out, HasSubstr("Result       done"));
  const Finished saved = moot("m1", {"receipt", id, "--json"});
  ASSERT_EQ(saved.status, 0) << saved.err;
  const std::string genesis = path("home/config/genesis.json");
  const Words verify{"verify",       "receipt", file("receipt.json", saved.out),
                     "--genesis",    genesis,   "--node",
                     kNobodyListens, "--json"};
  const Finished good = run({.program = MOOT_BIN, .arguments = verify, .environment = {}});
  ASSERT_EQ(good.status, 0) << good.err;
  EXPECT_EQ(json::parse(good.out).at("transaction").as_string(), id);
  for (const char* said : {"\"done\": true", "\"height\": \"", "\"index\": \"", "\"encoded\": \""}) {
    std::string forged = saved.out;
    const auto place = forged.find(said, forged.find("\"receipt\""));
    ASSERT_NE(place, std::string::npos) << said;
    if (std::string_view(said).ends_with("true"))
      forged.replace(place, std::string_view(said).size(), "\"done\": false");
    else
      forged[place + std::string_view(said).size()] ^= 1;
    file("receipt.json", forged);
    const Finished bad = run({.program = MOOT_BIN, .arguments = verify, .environment = {}});
    EXPECT_EQ(bad.status, 6) << said << bad.err;
    EXPECT_THAT(bad.err, HasSubstr("the receipt proves nothing")) << said;
  }
}

TEST_F(Members, AReceiptOfNothingIsNotGiven) {
  const Finished unknown = moot("m1", {"receipt", "0x" + std::string(64, '1')});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.err, HasSubstr("moot: there is no final transaction"));
  EXPECT_THAT(unknown.err, HasSubstr("It may still wait for its block"));
  EXPECT_EQ(moot("m1", {"receipt", "0x12"}).status, 2);
}

}  // namespace
}  // namespace moot::test
