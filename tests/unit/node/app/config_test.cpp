#include "node/app/config.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace moot::node::app {
namespace {

Result<Config> read(std::string_view toml, const Environment& environment = {}) {
  return parse_config(toml, "config.toml", environment);
}

TEST(Config, AnEmptyFileGivesTheDefaults) {
  const auto config = read("");
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->api.listen, "127.0.0.1:9090");
  EXPECT_EQ(config->node.data_dir, "data");
  EXPECT_EQ(config->mempool.max_transactions, Mempool::Limits{}.max_transactions);
  EXPECT_EQ(config->log_level, LogLevel::info);
  EXPECT_FALSE(config->api.insecure);
}

TEST(Config, WhatInitWritesIsReadBackAsTheSame) {
  Config config;
  config.api.listen = "[::1]:0";
  config.mempool.max_bytes = u64{1} << 33;
  config.node.data_dir = "a \"quoted\" \\ folder";
  config.log_level = LogLevel::warn;
  for (const bool comments : {true, false}) {
    const auto back = read(to_toml(config, comments));
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(to_toml(*back, false), to_toml(config, false));
    EXPECT_EQ(back->node.data_dir, config.node.data_dir);
  }
}

TEST(Config, EverySettingCanBeSetInTheFileAndInTheEnvironment) {
  for (const Setting& row : settings()) {
    const SettingValue value = row.get(Config{});
    std::string given;
    if (std::holds_alternative<std::string>(value)) {
      given = row.name() == "api.listen" ? "127.0.0.1:7" : row.name() == "log.level" ? "error" : "elsewhere";
      if (row.name() == "api.tls_cert" || row.name() == "api.tls_key")
        continue;  // belong together; tested below
    } else if (std::holds_alternative<bool>(value)) {
      given = std::get<bool>(value) ? "false" : "true";
    } else {
      given = std::to_string(std::get<u64>(value) + 1);
    }
    const bool text = std::holds_alternative<std::string>(value);
    const std::string line = "[" + std::string{row.section} + "]\n" + std::string{row.key} + " = " +
                             (text ? "\"" + given + "\"" : given);
    const auto by_file = read(line);
    ASSERT_TRUE(by_file) << by_file.error().text;
    EXPECT_NE(row.get(*by_file), value) << row.name();
    const auto by_variable = read("", {{row.variable(), given}});
    ASSERT_TRUE(by_variable) << by_variable.error().text;
    EXPECT_EQ(row.get(*by_variable), row.get(*by_file)) << row.variable();
  }
}

TEST(Config, TheEnvironmentStandsOverTheFile) {
  const auto config = read("[api]\nlisten = \"127.0.0.1:1\"\n", {{"MOOT_API_LISTEN", "127.0.0.1:2"}});
  ASSERT_TRUE(config) << config.error().text;
  EXPECT_EQ(config->api.listen, "127.0.0.1:2");
}

TEST(Config, VariablesOfOthersAreLeftAlone) {
  EXPECT_TRUE(
      read("", {{"MOOT_HOME", "/x"}, {"MOOT_NODE", "127.0.0.1:9"}, {"MOOT_FROM", "me"}, {"MOOT_LOGS", "x"}}));
}

struct Refused {
  const char* toml;
  Environment environment;
  const char* says;
};

TEST(Config, WhatIsWrongIsRefusedWithItsLineOrVariable) {
  const Refused table[] = {
      {"[api]\nlistne = \"127.0.0.1:1\"", {}, "config.toml, line 2: there is no setting api.listne"},
      {"\n\n[apis]\nlisten = \"x\"", {}, "config.toml, line 3: there is no section [apis]"},
      {"listen = \"x\"", {}, "config.toml, line 1: there is no section [listen]"},
      {"api = 3", {}, "config.toml, line 1: api is a section: write [api]"},
      {"[api]\ninsecure = \"yes\"", {}, "config.toml, line 2: api.insecure is not true or false"},
      {"[api]\ninsecure = 1", {}, "config.toml, line 2: api.insecure is not true or false"},
      {"[api]\nlisten = 9090", {}, "config.toml, line 2: api.listen is not text in quotes"},
      {"[api]\nmax_threads = \"8\"", {}, "line 2: api.max_threads is not a whole number"},
      {"[api]\nmax_threads = 8.0", {}, "line 2: api.max_threads is not a whole number"},
      {"[api]\nmax_threads = -1", {}, "line 2: api.max_threads is not a whole number"},
      {"[api]\nmax_threads = 1", {}, "line 2: api.max_threads is 1, outside 2 to 1024"},
      {"[api]\nmax_threads = 1025", {}, "line 2: api.max_threads is 1025, outside 2 to 1024"},
      {"[mempool]\nmax_transactions = 0", {}, "line 2: mempool.max_transactions is 0, outside 1"},
      {"[mempool.max_bytes]\nx = 1", {}, "mempool.max_bytes is not a whole number"},
      {"[api]\nlisten = \"9090\"", {}, "line 2: api.listen is \"9090\", not host:port"},
      {"[api]\nlisten = \":9090\"", {}, "not host:port"},
      {"[api]\nlisten = \"localhost:\"", {}, "not host:port"},
      {"[api]\nlisten = \"localhost:65536\"", {}, "not host:port"},
      {"[api]\nlisten = \"localhost:9o\"", {}, "not host:port"},
      {"[log]\nlevel = \"loud\"",
       {},
       "line 2: log.level is \"loud\"; choose debug, info, warn, error or off"},
      {"[node]\ndata_dir = \"\"", {}, "line 2: node.data_dir is empty"},
      {"[api]\ntls_cert = \"a\"", {}, "api.tls_cert and api.tls_key belong together"},
      {"[api]\ntls_key = \"a\"", {}, "api.tls_cert and api.tls_key belong together"},
      {"[api]\nlisten = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"", {}, "config.toml, line 3"},
      {"[api\n", {}, "config.toml, line 1"},
      {"", {{"MOOT_API_LISTNE", "x"}}, "environment variable MOOT_API_LISTNE names no setting"},
      {"", {{"MOOT_API_INSECURE", "yes"}}, "MOOT_API_INSECURE is \"yes\", not true or false"},
      {"", {{"MOOT_API_MAX_THREADS", "8x"}}, "MOOT_API_MAX_THREADS is \"8x\", not a whole number"},
      {"", {{"MOOT_API_MAX_THREADS", "1"}}, "MOOT_API_MAX_THREADS is 1, outside 2 to 1024"},
      {"", {{"MOOT_LOG_LEVEL", "1"}}, "MOOT_LOG_LEVEL is \"1\"; choose"},
  };
  for (const Refused& row : table) {
    const auto config = read(row.toml, row.environment);
    ASSERT_FALSE(config) << row.toml;
    EXPECT_EQ(config.error().code, ExitCode::usage);
    EXPECT_NE(config.error().text.find(row.says), std::string::npos) << row.toml << "\n"
                                                                     << config.error().text;
  }
}

// Every word of `text` that has the form of a setting of [api].
std::vector<std::string> api_settings_in(const std::string& text) {
  std::vector<std::string> out;
  for (auto at = text.find("api."); at != std::string::npos; at = text.find("api.", at + 1)) {
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 4);
    out.push_back(text.substr(at, end - at));
  }
  return out;
}

TEST(Config, PlaintextWhereOtherMachinesReachItIsRefusedNamingSettingsThatExist) {
  const auto plain = read("[api]\nlisten = \"0.0.0.0:9090\"");
  ASSERT_FALSE(plain);
  EXPECT_EQ(plain.error().code, ExitCode::usage);
  const auto named = api_settings_in(plain.error().text);
  for (const char* wanted : {"api.tls_cert", "api.tls_key", "api.listen", "api.insecure"})
    EXPECT_NE(std::ranges::find(named, wanted), named.end()) << wanted << " in: " << plain.error().text;
  for (const std::string& name : named)
    EXPECT_TRUE(std::ranges::any_of(settings(), [&](const Setting& row) { return row.name() == name; }))
        << name;
  EXPECT_TRUE(read("[api]\nlisten = \"0.0.0.0:9090\"\ninsecure = true"));
  EXPECT_TRUE(read("[api]\nlisten = \"0.0.0.0:9090\"\ntls_cert = \"a\"\ntls_key = \"b\""));
  EXPECT_TRUE(read("[api]\nlisten = \"[::1]:9090\""));
}

TEST(Config, TlsFilesThatCannotBeUsedAreRefusedWhenItIsLoaded) {
  const auto home = std::filesystem::temp_directory_path() / ("moot-config-" + std::to_string(::getpid()));
  std::filesystem::create_directories(home / "config");
  std::ofstream(config_file(home)) << "[api]\ntls_cert = \"no.pem\"\ntls_key = \"no.key\"\n";
  const auto config = load_config(home, {});
  std::filesystem::remove_all(home);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ExitCode::usage);
  EXPECT_NE(config.error().text.find("api.tls_cert names " + (home / "no.pem").string()), std::string::npos)
      << config.error().text;
}

TEST(Config, TheHomeFolderComesFromTheEnvironment) {
  EXPECT_EQ(default_home({{"MOOT_HOME", "/a"}, {"HOME", "/b"}}).value(), "/a");
  EXPECT_EQ(default_home({{"MOOT_HOME", ""}, {"HOME", "/b"}}).value(), "/b/.moot");
  EXPECT_FALSE(default_home({}));
}

TEST(Config, AnAbsolutePathStaysAndARelativeOneBeginsAtHome) {
  Config config;
  config.home = "/home/moot";
  EXPECT_EQ(config.path("data"), "/home/moot/data");
  EXPECT_EQ(config.path("/srv/data"), "/srv/data");
}

std::string documentation() {
  std::ifstream in(std::filesystem::path(MOOT_SOURCE_DIR) / "docs" / "operations.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(Config, TheTableInTheDocumentationIsThisOne) {
  EXPECT_NE(documentation().find(settings_table()), std::string::npos)
      << "put the output of `mootd help settings` into docs/operations.md:\n"
      << settings_table();
}

TEST(ExitCodes, StandInTheDocumentation) {
  const std::string text = documentation();
  for (const ExitCodeMeaning& row : exit_code_table()) {
    const std::string line =
        "| " + std::to_string(static_cast<int>(row.code)) + " | " + std::string{row.meaning} + " |";
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace moot::node::app
