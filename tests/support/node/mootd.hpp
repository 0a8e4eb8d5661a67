// A node's home folder in a temporary place, and the real mootd on it.
#pragma once

#include <filesystem>
#include <memory>

#include "ledger/genesis.hpp"
#include "tests/support/node/process.hpp"

namespace moot::test {

// A folder of its own that goes with the object.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// test_genesis (ledger_world.hpp), begun a minute ago by the machine's clock, so that a real node goes on from it.
ledger::Genesis live_genesis(unsigned members = 5);

// Configuration as `init` writes it, the validator's key "v0" and this genesis, under `home`.
void make_home(const std::filesystem::path& home, const ledger::Genesis& genesis);

// Every file under a folder with its content, to see that nothing has changed.
std::map<std::string, std::string> contents(const std::filesystem::path& folder);
void write_text(const std::filesystem::path& file, const std::string& text);
std::string read_text(const std::filesystem::path& file);

// mootd with words and --home.
Command mootd(const std::filesystem::path& home, std::vector<std::string> words);

// A running node, at an address of its own choice.
class Node {
 public:
  // Fails the test when it does not get ready.
  explicit Node(const std::filesystem::path& home, std::vector<std::string> more = {});
  explicit Node(const Command& start);
  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] const std::string& ready_line() const { return ready_; }
  [[nodiscard]] Process& process() { return *process_; }
  // By SIGTERM; the exit status, or nothing when it does not end within half a minute.
  std::optional<int> stop();
  void kill();

 private:
  std::unique_ptr<Process> process_;
  std::string ready_, address_;
};

// The value of `key=` in a line such as the ready line.
std::string field(const std::string& line, const std::string& key);

}  // namespace moot::test
