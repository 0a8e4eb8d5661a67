// mootd's commands as a person types them, in this process: init, genesis, config.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <sstream>

#include "genesis/genesis_json.hpp"
#include "node/app/cli.hpp"
#include "node/app/devnet.hpp"
#include "node/app/files.hpp"
#include "node/app/genesis_file.hpp"
#include "node/app/init.hpp"
#include "node/app/node_key.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/node/mootd.hpp"

namespace moot::node::app {
namespace {

namespace fs = std::filesystem;
using test::contents;
using test::write_text;

struct Ran {
  int status = 0;
  std::string out, err;
};

class MootdCommands : public testing::Test {
 protected:
  Ran mootd(std::vector<std::string> words, const Environment& environment = {}) {
    std::vector<const char*> argv{"mootd"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    std::ostringstream out, err;
    const int status = run_cli(static_cast<int>(argv.size()), argv.data(), environment, {out, err});
    return {status, out.str(), err.str()};
  }
  Ran init(std::vector<std::string> more) {
    more.insert(more.begin(), {"init", "--home", home().string()});
    return mootd(more);
  }
  [[nodiscard]] fs::path home() const { return folder_.path() / "home"; }
  [[nodiscard]] fs::path file(const char* name) const { return folder_.path() / name; }
  [[nodiscard]] std::string genesis_text() const { return genesis::to_json(test::test_genesis()); }

  test::TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
};

mode_t mode(const fs::path& path) {
  struct stat status{};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777;
}

TEST_F(MootdCommands, InitMakesAHomeThatConfigCheckAccepts) {
  const Ran made = init({});
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.out.find("There is no genesis yet"), std::string::npos);
  EXPECT_TRUE(fs::is_directory(home() / "data"));
  EXPECT_FALSE(fs::exists(home() / "config" / "genesis.json"));
  EXPECT_EQ(mode(home() / "config" / "node_key.json"), 0600u);
  const auto key = read_node_key(home() / "config" / "node_key.json");
  ASSERT_TRUE(key) << key.error().text;
  EXPECT_NE(made.out.find(public_key_text(*key)), std::string::npos);
  const Ran checked = mootd({"config", "check", "--home", home().string()});
  EXPECT_EQ(checked.status, 0) << checked.err;
}

TEST_F(MootdCommands, InitNeverOverwrites) {
  ASSERT_EQ(init({}).status, 0);
  const auto before = contents(folder_.path());
  for (const std::vector<std::string>& words : {std::vector<std::string>{}, {"--devnet"}}) {
    const Ran again = init(words);
    EXPECT_EQ(again.status, 2);
    EXPECT_NE(again.err.find("never overwritten"), std::string::npos) << again.err;
  }
  EXPECT_EQ(contents(folder_.path()), before);
}

TEST_F(MootdCommands, InitLeavesAnyFileItFindsInConfig) {
  fs::create_directories(home() / "config");
  write_text(home() / "config" / "mine", "x");
  EXPECT_EQ(init({}).status, 2);
  EXPECT_EQ(contents(home()), (std::map<std::string, std::string>{{"config/mine", "x"}}));
}

TEST_F(MootdCommands, InitCopiesAGoodGenesisAndRefusesABadOneWithoutATrace) {
  write_text(file("bad.json"), R"({"organisation": "X", "salty": 1})");
  const Ran bad = init({"--genesis", file("bad.json").string()});
  EXPECT_EQ(bad.status, 2);
  EXPECT_NE(bad.err.find("bad.json"), std::string::npos) << bad.err;
  EXPECT_FALSE(fs::exists(home()));
  const Ran missing = init({"--genesis", file("none.json").string()});
  EXPECT_EQ(missing.status, 2);
  EXPECT_FALSE(fs::exists(home()));

  write_text(file("good.json"), genesis_text());
  const Ran good = init({"--genesis", file("good.json").string()});
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_EQ(test::read_text(home() / "config" / "genesis.json"), genesis_text());
}

TEST_F(MootdCommands, ADevnetHasOneMemberAndAKeyForEachRole) {
  const Ran made = init({"--devnet", "--organisation", "Me"});
  ASSERT_EQ(made.status, 0) << made.err;
  const auto genesis = read_genesis(home() / "config" / "genesis.json");
  ASSERT_TRUE(genesis) << genesis.error().text;
  EXPECT_EQ(genesis->organisation, "Me");
  ASSERT_EQ(genesis->members.size(), 1u);
  const auto node = read_node_key(home() / "config" / "node_key.json");
  ASSERT_TRUE(node);
  EXPECT_EQ(genesis->roles[ledger::Role::validator].holders[0].validator_key.bytes,
            crypto::x_only(*node).bytes);
  for (const char* name : {"member", "registrar", "attestor", "treasurer", "auditor", "guardian", "buyer"}) {
    const fs::path path = home() / "config" / "dev_keys" / (std::string{name} + ".key");
    EXPECT_EQ(mode(path), 0600u) << path;
    const auto raw = from_hex(test::read_text(path).substr(0, 64));
    ASSERT_TRUE(raw) << name;
    const auto key = crypto::SecretKey::from_bytes(*raw);
    ASSERT_TRUE(key) << name;
    const std::string address = crypto::to_eip55(crypto::address_of(*key));
    EXPECT_NE(test::read_text(home() / "config" / "genesis.json").find(address), std::string::npos) << name;
    EXPECT_NE(made.out.find(path.string()), std::string::npos) << name;
  }
}

TEST_F(MootdCommands, AWordThatDoesNotExistIsNamed) {
  const std::pair<std::vector<std::string>, const char*> table[] = {
      {{}, "a command is required"},
      {{"frob"}, "frob"},
      {{"start", "--bogus"}, "--bogus"},
      {{"config"}, "subcommand"},
      {{"init", "--devnet", "--genesis", "x"}, "excludes"},
      {{"genesis", "check"}, "FILE"},
  };
  for (const auto& [words, says] : table) {
    const Ran ran = mootd(words, {{"HOME", folder_.path().string()}});
    EXPECT_EQ(ran.status, 2) << says;
    EXPECT_NE(ran.err.find(says), std::string::npos) << ran.err;
    EXPECT_TRUE(ran.err.starts_with("mootd: ")) << ran.err;
  }
  EXPECT_TRUE(contents(folder_.path()).empty());
}

TEST_F(MootdCommands, HelpAndVersionGoToStandardOutput) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                {"--version"},
                                                {"start", "--help"},
                                                {"help", "exit-codes"},
                                                {"help", "settings"}}) {
    const Ran ran = mootd(words);
    EXPECT_EQ(ran.status, 0);
    EXPECT_FALSE(ran.out.empty());
    EXPECT_TRUE(ran.err.empty()) << ran.err;
  }
}

TEST_F(MootdCommands, ConfigShowPrintsWhatIsInForce) {
  ASSERT_EQ(init({}).status, 0);
  const Ran shown = mootd({"config", "show", "--home", home().string()}, {{"MOOT_LOG_LEVEL", "debug"}});
  EXPECT_EQ(shown.status, 0);
  const auto back = parse_config(shown.out, "shown", {});
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(back->log_level, LogLevel::debug);
}

TEST_F(MootdCommands, AHomeWithoutAConfigurationSaysHowToMakeOne) {
  const Ran ran = mootd({"start", "--home", home().string()});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("mootd init --home"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(home()));
}

TEST_F(MootdCommands, ANodeKeyThatCannotBeUsedIsRefusedWithTheReason) {
  const fs::path path = file("key.json");
  const std::string good = to_json(test::test_key("v0"));
  const auto refused = [&](const std::string& text, const char* says) {
    write_text(path, text);
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    const auto key = read_node_key(path);
    ASSERT_FALSE(key) << says;
    EXPECT_EQ(key.error().code, ExitCode::usage);
    EXPECT_NE(key.error().text.find(says), std::string::npos) << key.error().text;
  };
  refused("", "not a node's key file");
  refused("{}", "not a node's key file");
  refused("[1,", "not a node's key file");
  std::string other = good;
  other.replace(other.find("0x"), 4, "0xff");
  refused(other, "does not belong");
  std::string zero = good;
  zero.replace(zero.rfind("0x"), 66, "0x" + std::string(64, '0'));
  refused(zero, "secretKey");

  write_text(path, good);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
  const auto open = read_node_key(path);
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().text.find("chmod 600"), std::string::npos) << open.error().text;
  fs::permissions(path, fs::perms::owner_read);
  EXPECT_TRUE(read_node_key(path));
  EXPECT_FALSE(read_node_key(file("none.json")));
}

TEST(MakeFolder, LeavesNothingBehindWhenAFileCannotBeMade) {
  test::TemporaryFolder folder("make-folder");
  const auto made =
      make_folder(folder.path() / "config", {{.path = "a", .text = "1"}, {.path = "a", .text = "2"}});
  EXPECT_FALSE(made);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

}  // namespace
}  // namespace moot::node::app
