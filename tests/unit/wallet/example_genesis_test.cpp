// The folder of the example: what both programs find in it.
#include <gtest/gtest.h>

#include "genesis/genesis_json.hpp"
#include "tests/unit/wallet/support.hpp"
#include "wallet/example/genesis.hpp"
#include "wallet/keystore.hpp"

namespace moot::wallet::example {
namespace {

using test::read_all;
using test::TempFolder;

const GenesisTerms kTerms{.salt = Hash{{1, 2, 3}}, .created = TimeMs{1'800'000'000'000}};

TEST(ExampleGenesis, PassesTheStrictCheckForAnyNumberOfMembers) {
  for (const u64 members : {kLeastMembers, kDefaultMembers, kMostMembers}) {
    const auto genesis = make_genesis(make_cast(9), *numbers_for(members), kTerms);
    const auto checked = ledger::check_genesis(genesis);
    EXPECT_TRUE(checked) << checked.error();
  }
}

TEST(ExampleGenesis, IsTheSameLedgerForTheSameSeedSaltAndTime) {
  const auto numbers = *numbers_for(kDefaultMembers);
  const auto one = make_genesis(make_cast(9), numbers, kTerms);
  EXPECT_EQ(ledger::ledger_id(one), ledger::ledger_id(make_genesis(make_cast(9), numbers, kTerms)));
  EXPECT_NE(ledger::ledger_id(one), ledger::ledger_id(make_genesis(make_cast(10), numbers, kTerms)));
  GenesisTerms salted = kTerms;
  salted.salt.bytes[31] ^= 1;
  EXPECT_NE(ledger::ledger_id(one), ledger::ledger_id(make_genesis(make_cast(9), numbers, salted)));
}

TEST(ExampleGenesis, KeysFollowFromTheSeedAlone) {
  EXPECT_EQ(crypto::to_eip55(make_person(kDefaultSeed, "member", 0).address),
            "0x0404E8b5D54D942c06C86Ac16A93F1cC71933096");
  EXPECT_NE(make_person(1, "member", 0).address, make_person(2, "member", 0).address);
  EXPECT_NE(make_person(1, "member", 1).address, make_person(1, "auditor", 1).address);
  crypto::VerifyPool pool({.threads = 2});
  const auto members = make_members(5, 200, pool);
  EXPECT_EQ(members[199].address, make_person(5, "member", 199).address);
}

TEST(ExampleGenesis, FolderHoldsTheGenesisTheNodesKeyAndTheCastsKeys) {
  const TempFolder temp;
  const Setting setting{.folder = temp / "example", .seed = 4, .members = 500};
  const auto written = write_setting(setting, kTerms);
  ASSERT_TRUE(written) << written.error().what;
  const auto genesis = genesis::from_json(read_all(setting.folder / "config" / "genesis.json"));
  ASSERT_TRUE(genesis) << genesis.error();
  EXPECT_EQ(ledger::ledger_id(*genesis), *written);
  EXPECT_EQ(test::mode_of(setting.folder / "config" / "node_key.json"), "600");
  const std::string key = read_all(setting.folder / "config" / "node_key.json");
  EXPECT_NE(key.find(to_hex(genesis->roles[ledger::Role::validator].holders[0].validator_key.view())),
            std::string::npos);
  const Keystore keystore(setting.folder / "keystore");
  const auto treasurer = keystore.find("treasurer-2");
  ASSERT_TRUE(treasurer);
  EXPECT_EQ(treasurer->address, genesis->roles[ledger::Role::treasurer].holders[1].address);
  EXPECT_TRUE(keystore.open(*treasurer, "example-password"));
  const auto ben = keystore.find("ben");
  ASSERT_TRUE(ben);
  EXPECT_EQ(ben->address, make_person(4, "member", make_plan(4, 500)->quiet_member).address);
}

TEST(ExampleGenesis, FolderIsReadBackAndNeverOverwritten) {
  const TempFolder temp;
  const Setting setting{.folder = temp / "example", .seed = 4, .members = 500};
  ASSERT_TRUE(write_setting(setting, kTerms));
  const auto read = read_setting(setting.folder);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->seed, 4U);
  EXPECT_EQ(read->members, 500U);
  const std::string before = read_all(setting.folder / "config" / "genesis.json");
  EXPECT_FALSE(write_setting({.folder = setting.folder, .seed = 5, .members = 500}, kTerms));
  EXPECT_EQ(read_all(setting.folder / "config" / "genesis.json"), before);
}

TEST(ExampleGenesis, ADamagedSettingIsNamed) {
  const TempFolder temp;
  (void)temp.file("example.json", "{\"seed\": 1}");
  const auto read = read_setting(temp.path());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().what.find("members"), std::string::npos);
}

}  // namespace
}  // namespace moot::wallet::example
