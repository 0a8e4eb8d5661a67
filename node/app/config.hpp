// What an operator may set, in one table: key, meaning, how it is read and shown. config.toml, the environment, `config
// show` and the table of docs/operations.md all come from it.
//
// A value comes from the first that names it: environment (MOOT_<SECTION>_<KEY>), config.toml, the default. Reading is
// strict: an unknown section, key or variable, a value of another type or out of range is refused, with its line.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/log.hpp"
#include "node/api/server.hpp"
#include "node/app/failure.hpp"
#include "node/mempool/mempool.hpp"

namespace moot::node::app {

struct NodeSettings {
  std::string data_dir = "data";  // this and the two below: relative to the home folder
  std::string key_file = "config/node_key.json";
  std::string genesis_file = "config/genesis.json";
  u32 verify_threads = 0;
  bool library_signatures = false;
  bool allow_clock_behind = false;
};

struct Config {
  std::filesystem::path home;  // absolute
  NodeSettings node;
  api::ApiOptions api;
  Mempool::Limits mempool;
  LogLevel log_level = LogLevel::info;

  // A path of `node` or `api`, made absolute by the home folder.
  [[nodiscard]] std::filesystem::path path(const std::string& setting) const { return home / setting; }
  // `api` with absolute paths.
  [[nodiscard]] api::ApiOptions api_options() const;
};

// What TOML and the environment can give.
using SettingValue = std::variant<std::string, bool, u64>;

struct Setting {
  std::string_view section;
  std::string_view key;
  std::string_view meaning;
  // Sets the field; the error completes the sentence "api.listen …".
  std::function<std::expected<void, std::string>(Config&, const SettingValue&)> set;
  std::function<SettingValue(const Config&)> get;

  [[nodiscard]] std::string name() const { return std::string{section} + "." + std::string{key}; }
  [[nodiscard]] std::string variable() const;  // MOOT_API_LISTEN
};
std::span<const Setting> settings();

// Environment variables by name.
using Environment = std::map<std::string, std::string>;
Environment process_environment();

// $MOOT_HOME, or ~/.moot.
Result<std::filesystem::path> default_home(const Environment& environment);
std::filesystem::path config_file(const std::filesystem::path& home);

// Reads <home>/config/config.toml and the environment over it, and checks the TLS files that it names.
Result<Config> load_config(const std::filesystem::path& home, const Environment& environment);
// The same from a text; `name` is what messages call it.
Result<Config> parse_config(std::string_view toml, const std::string& name, const Environment& environment);

// Every setting with its value, as TOML. `comments` adds each one's meaning: the file that `init` writes.
std::string to_toml(const Config& config, bool comments);
// The settings as a table of Markdown, for docs/operations.md.
std::string settings_table();

}  // namespace moot::node::app
