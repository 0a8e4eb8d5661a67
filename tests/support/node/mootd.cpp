#include "tests/support/node/mootd.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "base/clock.hpp"
#include "genesis/genesis_json.hpp"
#include "node/app/config.hpp"
#include "node/app/node_key.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder(const std::string& name)
    : path_(fs::temp_directory_path() / ("moot-" + name + "-" + std::to_string(::getpid()))) {
  fs::remove_all(path_);
  fs::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

ledger::Genesis live_genesis(unsigned members) {
  ledger::Genesis genesis = test_genesis({.members = members});
  genesis.created = TimeMs{SystemClock().now_ms().raw() - 60'000};
  genesis.roles[ledger::Role::guardian].holders[0].expires = TimeMs{genesis.created.raw() + 300 * kDay};
  return genesis;
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  ASSERT_TRUE(out.good()) << file;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

void make_home(const fs::path& home, const ledger::Genesis& genesis) {
  fs::create_directories(home / "config");
  fs::create_directories(home / "data");
  node::app::Config config;
  config.api.listen = "127.0.0.1:0";
  write_text(home / "config" / "config.toml", node::app::to_toml(config, true));
  write_text(home / "config" / "genesis.json", genesis::to_json(genesis));
  const fs::path key = home / "config" / "node_key.json";
  write_text(key, node::app::to_json(test_key("v0")));
  fs::permissions(key, fs::perms::owner_read | fs::perms::owner_write);
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) out[fs::relative(entry.path(), folder)] = read_text(entry.path());
  return out;
}

Command mootd(const fs::path& home, std::vector<std::string> words) {
  words.insert(words.end(), {"--home", home.string()});
  return {.program = MOOTD_BIN, .arguments = std::move(words), .environment = {}};
}

std::string field(const std::string& line, const std::string& key) {
  const auto at = line.find(" " + key + "=");
  if (at == std::string::npos) return "";
  const auto from = at + key.size() + 2;
  return line.substr(from, line.find(' ', from) - from);
}

namespace {

Command start_command(const fs::path& home, std::vector<std::string> more) {
  more.insert(more.begin(), "start");
  return mootd(home, std::move(more));
}

}  // namespace

Node::Node(const fs::path& home, std::vector<std::string> more)
    : Node(start_command(home, std::move(more))) {}

Node::Node(const Command& start) : process_(std::make_unique<Process>(start)) {
  const auto ready = process_->line("ready ", std::chrono::seconds(60));
  if (!ready) {
    ADD_FAILURE() << "mootd did not get ready: " << process_->err();
    return;
  }
  ready_ = *ready;
  address_ = field(ready_, "address");
}

std::optional<int> Node::stop() {
  process_->signal(SIGTERM);
  return process_->wait(std::chrono::seconds(30));
}

void Node::kill() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(30));
}

}  // namespace moot::test
