// Founding a ledger: the words of `moot genesis new`, and the list of founding members.
#include "wallet/genesis_plan.hpp"

#include "crypto/keys.hpp"
#include "genesis/genesis_json.hpp"
#include "genesis/summary.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

using ledger::Role;

std::string address(std::string_view label) { return crypto::to_eip55(moot::test::test_address(label)); }

const std::vector<ledger::GenesisClass> kClasses = {{.name = "data set", .attested_only = true},
                                                    {.name = "house", .attested_only = false}};

TEST(FoundingMembers, ReadsColumnsInAnyOrder) {
  const std::string text =
      "\xEF\xBB\xBFhouse,address,\"data set\",consent\r\n"
      "5," +
      address("m0") +
      ",,\r\n"
      "0,\"" +
      address("m1") + "\",7,0x" + std::string(64, 'a') +
      "\n"
      "," +
      address("m2") + ",18446744073709551615,\n";
  const auto members = founding_members("m.csv", text, kClasses);
  ASSERT_TRUE(members) << members.error().what;
  ASSERT_EQ(members->size(), 3u);
  EXPECT_EQ((*members)[0].address, moot::test::test_address("m0"));
  EXPECT_EQ((*members)[0].holdings, (std::vector<ledger::GenesisHolding>{{ClassId{1}, Units{5}}}));
  EXPECT_EQ((*members)[1].holdings, (std::vector<ledger::GenesisHolding>{{ClassId{0}, Units{7}}}));
  EXPECT_FALSE((*members)[1].consent_hash.is_zero());
  EXPECT_EQ((*members)[2].holdings, (std::vector<ledger::GenesisHolding>{{ClassId{0}, Units{~u64{0}}}}));
}

TEST(FoundingMembers, SaysWhichLineIsWrong) {
  const std::string a = address("m0");
  const std::pair<std::string, const char*> table[] = {
      {"", "m.csv is empty"},
      {"house\n1\n", "line 1: the column \"address\" is missing"},
      {"address,shed\n", "line 1: the column \"shed\""},
      {"address,address\n", "line 1: the column \"address\" stands twice"},
      {"address,house,house\n", "line 1: the column \"house\" stands twice"},
      {"address,house\n" + a + "\n", "line 2: there are 1 cells"},
      {"address,house\n" + a + ",1,2\n", "line 2: there are 3 cells"},
      {"address,house\n\n" + a + ",1\n", "line 2: the line is empty"},
      {"address,house\n" + a + ",-1\n", "line 2: \"-1\" is no number of units"},
      {"address,house\n" + a + ",1.5\n", "line 2: \"1.5\""},
      {"address,house\n" + a + ",18446744073709551616\n", "line 2: \"18446744073709551616\""},
      {"address,house\n0x12,1\n", "line 2: \"0x12\" is no address"},
      {"address\n" + a + "\n" + a + "\n", "line 3: this address stands on line 2 already"},
      {"address,consent\n" + a + ",abc\n", "line 2: \"abc\" is no consent hash"},
      {"address\n\"" + a + "\n", "line 2: a quote is not closed"},
      {"address\n\"" + a + "\"x\n", "line 2: something follows a closing quote"},
  };
  for (const auto& [text, says] : table) {
    const auto members = founding_members("m.csv", text, kClasses);
    ASSERT_FALSE(members) << says;
    EXPECT_TRUE(members.error().what.starts_with("m.csv ")) << members.error().what;
    EXPECT_NE(members.error().what.find(says), std::string::npos)
        << members.error().what << "\nnot: " << says;
  }
}

GenesisPlan good_plan() {
  const std::string validator =
      address("v0") + "=0x" + to_hex(crypto::x_only(moot::test::test_key("v0")).view());
  return {.organisation = "Listeners",
          .classes = {"data set", "house:open"},
          .assets = {"USDX:6", "TOK:0:1000"},
          .roles = {"treasurer=" + address("t0") + "," + address("t1") + "," + address("t2") + ":2",
                    "guardian=" + address("g0")},
          .validators = {validator},
          .accounts = {address("buyer") + "=TOK:10"},
          .parameters = {"max_live_proposals=8", "guardian_term_max_ms=86400000"},
          .members_csv = {}};
}

TEST(GenesisNew, MakesWhatTheWordsSay) {
  const TimeMs now{1'800'000'000'000};
  const auto genesis = plan_genesis(good_plan(), now);
  ASSERT_TRUE(genesis) << genesis.error().what;
  EXPECT_EQ(genesis->created, now);
  EXPECT_FALSE(genesis->salt.is_zero());
  EXPECT_TRUE(genesis->classes[0].attested_only);
  EXPECT_FALSE(genesis->classes[1].attested_only);
  EXPECT_EQ(genesis->assets[0].kind, ledger::AssetKind::external);
  EXPECT_EQ(genesis->assets[1].kind, ledger::AssetKind::fixed);
  EXPECT_EQ(genesis->assets[1].supply, Amount{1000});
  EXPECT_EQ(genesis->roles[Role::treasurer].threshold, 2);
  EXPECT_EQ(genesis->roles[Role::treasurer].holders.size(), 3u);
  EXPECT_EQ(genesis->roles[Role::guardian].holders[0].expires, TimeMs{now.raw() + 86'400'000});
  EXPECT_EQ(genesis->accounts[0].balances[0].amount, Amount{10});
  EXPECT_EQ(genesis->rules.parameters[ledger::Param::max_live_proposals], 8u);
  const auto back = genesis::from_json(genesis::to_json(*genesis));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(ledger::ledger_id(*back), ledger::ledger_id(*genesis));
}

TEST(GenesisNew, TakesAValidatorFromItsKeyFileWithoutTheSecret) {
  const test::TempFolder folder;
  const auto key = [](const std::string& type) {
    return R"({"type": ")" + type + R"(", "publicKey": "0x)" +
           to_hex(crypto::x_only(moot::test::test_key("v1")).view()) + R"(", "address": ")" + address("v1") +
           R"(", "secretKey": "not looked at"})";
  };
  GenesisPlan plan = good_plan();
  plan.validators.push_back(folder.file("node_key.json", key("moot-node-key")));
  const auto genesis = plan_genesis(plan, TimeMs{1'800'000'000'000});
  ASSERT_TRUE(genesis) << genesis.error().what;
  ASSERT_EQ(genesis->roles[Role::validator].holders.size(), 2u);
  EXPECT_EQ(genesis->roles[Role::validator].holders[1].address, moot::test::test_address("v1"));
  EXPECT_EQ(genesis->roles[Role::validator].holders[1].validator_key.bytes,
            crypto::x_only(moot::test::test_key("v1")).bytes);
  for (const std::string& text : {key("another"), std::string("{"), std::string("[]")}) {
    ASSERT_EQ(folder.file("node_key.json", text), plan.validators.back());
    const auto refused = plan_genesis(plan, TimeMs{1'800'000'000'000});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("is no node's key"), std::string::npos) << refused.error().what;
  }
}

TEST(GenesisNew, ReadsTheMembersOfAFileAndSumsThemUp) {
  const test::TempFolder folder;
  GenesisPlan plan = good_plan();
  plan.members_csv =
      folder.file("members.csv", "address,data set\n" + address("m0") + ",7\n" + address("m1") + ",8\n");
  const auto genesis = plan_genesis(plan, TimeMs{1'800'000'000'000});
  ASSERT_TRUE(genesis) << genesis.error().what;
  const auto facts = genesis::summary(*genesis);
  const auto says = [&facts](const std::string& title, const std::string& value) {
    return std::ranges::find(facts, std::pair{title, value}) != facts.end();
  };
  EXPECT_TRUE(says("organisation", "Listeners"));
  EXPECT_TRUE(says("ledger id", "0x" + to_hex(ledger::ledger_id(*genesis).view())));
  EXPECT_TRUE(says("members", "2"));
  EXPECT_TRUE(says("class 0", "data set, 15 units"));
  EXPECT_TRUE(says("class 1", "house, 0 units"));
  EXPECT_TRUE(says("asset 1", "TOK, 0 decimals, fixed"));
  EXPECT_TRUE(says("treasurer", "2 of 3"));
}

TEST(GenesisNew, TwoOfTheSamePlanAreTwoLedgers) {
  const TimeMs now{1'800'000'000'000};
  EXPECT_NE(ledger::ledger_id(*plan_genesis(good_plan(), now)),
            ledger::ledger_id(*plan_genesis(good_plan(), now)));
}

TEST(GenesisNew, RefusesWordsItCannotRead) {
  const std::pair<std::function<void(GenesisPlan&)>, const char*> table[] = {
      {[](GenesisPlan& p) { p.classes = {"a:closed"}; }, "--class a:closed"},
      {[](GenesisPlan& p) { p.assets = {"USDX"}; }, "--asset USDX"},
      {[](GenesisPlan& p) { p.assets = {"USDX:300"}; }, "--asset USDX:300"},
      {[](GenesisPlan& p) { p.assets = {"USDX:6:1.5"}; }, "--asset USDX:6:1.5"},
      {[](GenesisPlan& p) { p.assets = {"USDX:6:" + std::string(40, '9')}; }, "--asset USDX:6:999"},
      {[](GenesisPlan& p) { p.roles = {"king=" + address("m0")}; }, "--role king="},
      {[](GenesisPlan& p) { p.roles = {"validator=" + address("m0")}; }, "--role validator="},
      {[](GenesisPlan& p) { p.roles = {"auditor=0x12"}; }, "unlike \"0x12\""},
      {[](GenesisPlan& p) { p.roles = {"auditor=" + address("u0") + ":many"}; }, ":many"},
      {[](GenesisPlan& p) { p.roles = {"auditor=" + address("u0"), "auditor=" + address("u1")}; },
       "each role once"},
      {[](GenesisPlan& p) { p.validators = {"x=y"}; }, "--validator x=y"},
      {[](GenesisPlan& p) { p.validators = {"/nowhere/node_key.json"}; }, "/nowhere/node_key.json"},
      {[](GenesisPlan& p) { p.accounts = {address("buyer") + "=EUR:1"}; }, "--account"},
      {[](GenesisPlan& p) { p.parameters = {"patience=1"}; }, "--parameter patience=1"},
      {[](GenesisPlan& p) { p.members_csv = "/nowhere.csv"; }, "/nowhere.csv"},
      // Well-formed, but refused by the strict check.
      {[](GenesisPlan& p) { p.parameters = {"max_block_bytes=1"}; }, "parameters.max_block_bytes"},
      {[](GenesisPlan& p) { p.roles.push_back("auditor=" + address("t0")); }, "at most one of"},
      {[](GenesisPlan& p) { p.roles = {"auditor=" + address("u0") + ":2"}; }, "roles.auditor.threshold"},
      {[](GenesisPlan& p) { p.organisation = ""; }, "organisation"},
      {[](GenesisPlan& p) { p.validators.clear(); }, "at least one validator"},
  };
  for (const auto& [spoil, says] : table) {
    GenesisPlan plan = good_plan();
    spoil(plan);
    const auto genesis = plan_genesis(plan, TimeMs{1'800'000'000'000});
    ASSERT_FALSE(genesis) << says;
    const std::string said = sentence(genesis.error());
    EXPECT_NE(said.find(says), std::string::npos) << said << "\nnot: " << says;
  }
}

}  // namespace
}  // namespace moot::wallet
