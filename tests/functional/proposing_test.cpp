// Members propose: a real mootd, and a real `moot propose` for every kind of action, by flags and from a file; the node then
// says of the proposal what was given, to programs and to people.
#include "crypto/keys.hpp"
#include "crypto/sha256.hpp"
#include "tests/functional/wallet_fixture.hpp"
#include "wallet/tx_flow.hpp"

namespace moot::test {
namespace {

namespace json = boost::json;
using ledger::ProposalKind;
using ::testing::HasSubstr;

// Bytes as Protobuf's JSON mapping writes them.
std::string base64(std::string_view bytes) {
  wallet::pb::Spend any;
  any.set_recipient(std::string(bytes));
  return std::string(wallet::message_json(any).at("recipient").as_string());
}
std::string base64(const Hash& hash) { return base64(as_string(hash.view())); }
std::string key_of(const char* label) { return base64(as_string(test_address(label).view())); }

// A proposal by flags, and what is asked of the node about it.
struct Given {
  const char* kind;                // `moot propose KIND`
  std::vector<std::string> flags;  // but for the title and the body
  const char* proposal_kind;       // what the ledger files it under
  json::value action;              // whole, as `moot proposal --json` says it
  std::vector<std::string> shown;  // lines of `moot proposal`, spaces between name and value made one
};

// "suspension          30d" → "suspension 30d".
std::string single_spaced(const std::string& text) {
  std::string out;
  std::ranges::unique_copy(text, std::back_inserter(out),
                           [](char a, char b) { return a == ' ' && b == ' '; });
  return out;
}

// A member has one live proposal at a time. Here voting begins an hour after a proposal, so that its proposer can take it back
// and make another; but for sales, one of which the proposals are about.
class Proposing : public WalletOnNode {
 protected:
  Proposing() {
    for (std::size_t kind = 0; kind < ledger::kProposalKinds; ++kind)
      if (static_cast<ProposalKind>(kind) != ProposalKind::sale)
        genesis_.rules.policies[kind].delay = DurationMs{kHour};
  }

  // Its number.
  std::string propose(Words words) {
    const auto sent = done("m0", std::move(words));
    EXPECT_TRUE(sent.at("receipt").at("done").as_bool());
    return std::string(sent.at("receipt").at("detail").as_string());
  }

  json::object as_it_stands(const std::string& id) {
    return done("m1", {"proposal", id}).at("proposal").as_object();
  }

  json::value policy_in_force(const char* kind) {
    const auto answer = done("m0", {"policies"});
    for (const auto& one : answer.at("policies").as_array())
      if (one.at("kind").as_string() == kind) return one.at("policy");
    ADD_FAILURE() << "no policy of " << kind;
    return json::object();
  }

  void expect_proposed(const Given& given) {
    SCOPED_TRACE(given.kind + (" " + given.flags.at(1)));
    const std::string title = std::string("A ") + given.kind;
    Words words{"propose", given.kind, "--title", title, "--body", "As agreed.\nIn May."};
    words.insert(words.end(), given.flags.begin(), given.flags.end());
    const std::string id = propose(words);
    const auto proposal = as_it_stands(id);
    EXPECT_EQ(proposal.at("title").as_string(), title);
    EXPECT_EQ(proposal.at("body").as_string(), "As agreed.\nIn May.");
    EXPECT_EQ(proposal.at("kind").as_string(), given.proposal_kind);
    EXPECT_EQ(proposal.at("proposer").as_string(), "0");
    EXPECT_EQ(proposal.at("actions"), json::value(json::array{given.action}));
    const Finished for_people = moot("m1", {"proposal", id});
    for (const std::string& line : given.shown)
      EXPECT_THAT(single_spaced(for_people.out), HasSubstr("\n" + line + "\n"));
    if (std::string_view(given.kind) != "sale") done("m0", {"cancel-proposal", id});
  }
};

json::value role_change(json::object fields) {
  json::object all{{"change", "ROLE_CHANGE_KIND_UNSPECIFIED"},
                   {"role", "ROLE_TREASURER"},
                   {"holder", base64(as_string(Address{}.view()))},
                   {"term", "0"},
                   {"threshold", 0},
                   {"txKind", 0},
                   {"validatorKey", base64(Hash{})}};
  for (auto& [name, value] : fields) all[name] = value;
  return json::object{{"roleChange", std::move(all)}};
}

TEST_F(Proposing, ARoleIsGrantedRemovedRenewedOrItsThresholdSet) {
  const Hash validator = crypto::sha256(as_bytes("a validator's key"));
  const Given cases[] = {
      {"role",
       {"--change", "grant", "--role", "treasurer", "--holder", "buyer", "--term", "365d"},
       "PROPOSAL_KIND_ROLES",
       role_change(
           {{"change", "ROLE_CHANGE_KIND_GRANT"}, {"holder", key_of("buyer")}, {"term", "31536000000"}}),
       {"role change: role Treasurer", "role change: term 365d"}},
      {"role",
       {"--change", "remove", "--role", "treasurer", "--holder", "t2"},
       "PROPOSAL_KIND_ROLES",
       role_change({{"change", "ROLE_CHANGE_KIND_REMOVE"}, {"holder", key_of("t2")}}),
       {"role change: change Remove"}},
      {"role",
       {"--change", "renew", "--role", "guardian", "--holder", "g0", "--term", "30d"},
       "PROPOSAL_KIND_ROLES",
       role_change({{"change", "ROLE_CHANGE_KIND_RENEW"},
                    {"role", "ROLE_GUARDIAN"},
                    {"holder", key_of("g0")},
                    {"term", "2592000000"}}),
       {"role change: term 30d"}},
      {"role",
       {"--change", "set-threshold", "--role", "treasurer", "--threshold", "3", "--tx-kind", "ApprovePayout"},
       "PROPOSAL_KIND_ROLES",
       role_change({{"change", "ROLE_CHANGE_KIND_SET_THRESHOLD"},
                    {"threshold", 3},
                    {"txKind", static_cast<int>(ledger::TxKind::approve_payout)}}),
       {"role change: change Set threshold", "role change: threshold 3"}},
      {"role",
       {"--change", "grant", "--role", "validator", "--holder", "buyer", "--validator-key",
        "0x" + to_hex(validator.view())},
       "PROPOSAL_KIND_ROLES",
       role_change({{"change", "ROLE_CHANGE_KIND_GRANT"},
                    {"role", "ROLE_VALIDATOR"},
                    {"holder", key_of("buyer")},
                    {"validatorKey", base64(validator)}}),
       {"role change: validator key 0x" + to_hex(validator.view())}},
  };
  for (const Given& given : cases) expect_proposed(given);
}

TEST_F(Proposing, APolicyKeepsWhatIsNotGivenAndParametersTakePartsAndDurations) {
  json::value policy = policy_in_force("PROPOSAL_KIND_SPEND");
  for (const auto& [name, value] :
       json::object{{"quorum", 300'000}, {"voteChange", true}, {"maxChanges", 2}, {"period", "259200000"}})
    policy.as_object()[name] = value;
  const json::object every_field{{"basis", "BASIS_KIND_UNITS_OF_CLASS"},
                                 {"basisClass", "1"},
                                 {"confirmedOnly", true},
                                 {"voteChange", false},
                                 {"maxChanges", 0},
                                 {"quorum", 250'000},
                                 {"approval", 100'000},
                                 {"support", 666'666},
                                 {"veto", 330'000},
                                 {"delay", "7200000"},
                                 {"period", "432000000"},
                                 {"minOpen", "86400000"},
                                 {"extension", "43200000"},
                                 {"timelock", "172800000"},
                                 {"grace", "604800000"},
                                 {"recordLag", "259200000"},
                                 {"minimumClass", "1"},
                                 {"minimumUnits", "4"},
                                 {"reservedLive", 3}};
  const auto parameter = [](const char* name, const char* value) {
    return json::object{{"parameterChange", {{"name", name}, {"value", value}}}};
  };
  const Given cases[] = {
      {"policy",
       {"--kind", "spend", "--quorum", "30%", "--vote-change", "yes", "--max-changes", "2", "--period", "3d"},
       "PROPOSAL_KIND_POLICY",
       json::object{{"policyChange", {{"kind", "PROPOSAL_KIND_SPEND"}, {"policy", policy}}}},
       {"policy change: policy: quorum 30%", "policy change: policy: period 3d"}},
      {"policy",
       {"--kind",          "sale",     "--basis",          "units-of-class",
        "--basis-class",   "house",    "--confirmed-only", "yes",
        "--quorum",        "25%",      "--approval",       "10%",
        "--support",       "66.6666%", "--veto",           "33%",
        "--delay",         "2h",       "--period",         "5d",
        "--min-open",      "1d",       "--extension",      "12h",
        "--timelock",      "2d",       "--grace",          "7d",
        "--record-lag",    "3d",       "--minimum-class",  "1",
        "--minimum-units", "4",        "--reserved-live",  "3"},
       "PROPOSAL_KIND_POLICY",
       json::object{{"policyChange", {{"kind", "PROPOSAL_KIND_SALE"}, {"policy", every_field}}}},
       {"policy change: policy: basis Units of class", "policy change: policy: support 66.6666%"}},
      {"parameter",
       {"--name", "payout_delay_ms", "--value", "48h"},
       "PROPOSAL_KIND_POLICY",
       parameter("payout_delay_ms", "172800000"),
       {"parameter change: name payout_delay_ms", "parameter change: value 172,800,000"}},
      {"parameter",
       {"--name", "ballot_share_ppm", "--value", "12.5%"},
       "PROPOSAL_KIND_POLICY",
       parameter("ballot_share_ppm", "125000"),
       {"parameter change: value 125,000"}},
  };
  for (const Given& given : cases) expect_proposed(given);
}

TEST_F(Proposing, AMemberIsSuspendedOrExpelledAndRulesAreUpgraded) {
  const auto member = [](bool expel, const char* suspension) {
    return json::object{{"memberAction", {{"member", "3"}, {"expel", expel}, {"suspension", suspension}}}};
  };
  const Given cases[] = {
      {"member",
       {"--member", "3", "--suspension", "30d"},
       "PROPOSAL_KIND_MEMBERSHIP",
       member(false, "2592000000"),
       {"member action: member 3", "member action: suspension 30d"}},
      {"member",
       {"--member", "3", "--expel"},
       "PROPOSAL_KIND_MEMBERSHIP",
       member(true, "0"),
       {"member action: member 3", "member action: expel yes"}},
      {"upgrade",
       {"--version", "2", "--activates", "2040-01-01T09:05Z"},
       "PROPOSAL_KIND_UPGRADE",
       json::object{{"rulesUpgrade", {{"version", 2}, {"activates", "2209021500000"}}}},
       {"rules upgrade: version 2", "rules upgrade: activates 2040-01-01T09:05:00.000Z"}},
  };
  for (const Given& given : cases) expect_proposed(given);
}

TEST_F(Proposing, AssetsAndClassesAreCreated) {
  const auto asset = [](const char* kind, const char* supply, const char* redemption) {
    return json::object{{"assetCreation",
                         {{"symbol", "POINT"},
                          {"decimals", 2},
                          {"kind", kind},
                          {"supply", supply},
                          {"minimumRedemption", redemption}}}};
  };
  const auto share_class = [](bool attested_only) {
    return json::object{{"classCreation", {{"name", "founders' own"}, {"attestedOnly", attested_only}}}};
  };
  const Given cases[] = {
      {"asset",
       {"--symbol", "POINT", "--decimals", "2", "--kind", "fixed", "--supply", "1000.5"},
       "PROPOSAL_KIND_CREATION",
       asset("ASSET_KIND_FIXED", "100050", "0"),
       {"asset creation: symbol POINT", "asset creation: supply 100050 base units"}},
      {"asset",
       {"--symbol", "POINT", "--decimals", "2", "--kind", "external", "--minimum-redemption", "0.25"},
       "PROPOSAL_KIND_CREATION",
       asset("ASSET_KIND_EXTERNAL", "0", "25"),
       {"asset creation: kind External", "asset creation: minimum redemption 25 base units"}},
      {"class", {"--name", "founders' own"}, "PROPOSAL_KIND_CREATION", share_class(true), {}},
      {"class",
       {"--name", "founders' own", "--attested-only", "no"},
       "PROPOSAL_KIND_CREATION",
       share_class(false),
       {"class creation: name founders' own"}},
  };
  for (const Given& given : cases) expect_proposed(given);
}

TEST_F(Proposing, ASaleIsAuthorisedAndWithdrawn) {
  authorise_sale();
  const std::string contract = "The oven, as it stands.";
  const Hash hash = crypto::sha256(as_bytes(contract));
  const Given cases[] = {
      {"cancel-sale",
       {"--sale", "0"},
       "PROPOSAL_KIND_CANCEL_SALE",
       json::object{{"saleCancellation", {{"sale", "0"}}}},
       {"sale cancellation: sale 0"}},
      {"sale",
       {"--buyer", "buyer", "--min-price", "1.5 USDX", "--max-price", "20000 USDX", "--share-class",
        "data set", "--terms-file", file("contract.txt", contract), "--reserve", "12.5%", "--funding", "45d"},
       "PROPOSAL_KIND_SALE",
       json::object{{"saleTerms",
                     {{"shareClass", "0"},
                      {"buyer", key_of("buyer")},
                      {"asset", "0"},
                      {"minPrice", "1500000"},
                      {"maxPrice", "20000000000"},
                      {"termsHash", base64(hash)},
                      {"reserve", 125'000},
                      {"funding", "3888000000"}}}},
       {"sale terms: min price 1.500000 USDX", "sale terms: max price 20000.000000 USDX",
        "sale terms: terms hash 0x" + to_hex(hash.view()), "sale terms: reserve 12.5%",
        "sale terms: funding 45d"}},
  };
  for (const Given& given : cases) expect_proposed(given);
}

TEST_F(Proposing, AFileHoldsSeveralActionsOfOneKind) {
  const std::string body = "Two bills\nfor the roof.";
  const json::object proposal{
      {"title", "Two bills"},
      {"bodyFile", file("why.txt", body)},
      {"actions",
       {{{"type", "spend"}, {"amount", "200 USDX"}, {"recipient", crypto::to_eip55(test_address("x0"))}},
        {{"type", "spend"}, {"amount", "50"}, {"asset", "TOK"}, {"recipient", "buyer"}}}}};
  const std::string id = propose({"propose", "file", file("bills.json", json::serialize(proposal))});
  const auto stands = as_it_stands(id);
  EXPECT_EQ(stands.at("title").as_string(), "Two bills");
  EXPECT_EQ(stands.at("body").as_string(), body);
  EXPECT_EQ(stands.at("kind").as_string(), "PROPOSAL_KIND_SPEND");
  const json::array actions{
      json::object{{"spend", {{"asset", "0"}, {"recipient", key_of("x0")}, {"amount", "200000000"}}}},
      json::object{{"spend", {{"asset", "1"}, {"recipient", key_of("buyer")}, {"amount", "50"}}}}};
  EXPECT_EQ(stands.at("actions"), json::value(actions));
}

TEST_F(Proposing, AFileOfTwoKindsOrOfAnUnknownFieldProposesNothing) {
  const auto refusal = [&](const char* actions) {
    const std::string text = std::string(R"({"title": "Both", "actions": )") + actions + "}";
    const Finished finished = moot("m0", {"propose", "file", file("both.json", text)});
    EXPECT_EQ(finished.status, 2) << finished.err;
    return finished.err;
  };
  EXPECT_THAT(refusal(R"([{"type": "cancel-sale", "sale": 0}, {"type": "class", "name": "founders"}])"),
              HasSubstr("a proposal's actions must be of one kind"));
  EXPECT_THAT(refusal(R"([{"type": "member", "member": 3, "expel": true, "until": 5}])"),
              HasSubstr("actions[0].until is no field of a member action"));
  EXPECT_THAT(refusal(R"([{"type": "class", "name": "one"}, {"type": "parameter", "name": "settle_max"}])"),
              HasSubstr("actions[1].value is missing"));
  EXPECT_THAT(refusal(R"([{"type": "sale", "buyer": "x0", "minPrice": "1 TOK", "maxPrice": "2 TOK"}])"),
              HasSubstr("actions[0].shareClass: the ledger has several share classes"));
  EXPECT_THAT(refusal(R"([{"type": "spend", "amount": "5 USDX", "asset": "TOK", "recipient": "x0"}])"),
              HasSubstr("actions[0].amount: the amount is in USDX, the asset is TOK"));
  EXPECT_THAT(
      refusal(
          R"([{"type": "sale", "buyer": "x0", "shareClass": 0, "minPrice": "1 TOK", "maxPrice": "2 USDX"}])"),
      HasSubstr("actions[0].maxPrice: the amount is in USDX, the asset is TOK"));
  EXPECT_TRUE(done("m0", {"proposals"}).at("proposals").as_array().empty());
}

}  // namespace
}  // namespace moot::test
