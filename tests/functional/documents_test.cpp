// The documents' commands are real: marked examples run as they stand, and every command that is named exists with its options.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "crypto/keys.hpp"
#include "genesis/genesis_json.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/node/mootd.hpp"

namespace moot::test {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = MOOT_SOURCE_DIR;

// The ```sh blocks that follow a line `<!-- example -->`.
std::vector<std::string> examples_of(const fs::path& document) {
  std::vector<std::string> out;
  std::istringstream text(read_text(document));
  bool marked = false, inside = false;
  for (std::string line; std::getline(text, line);) {
    if (inside && line == "```") inside = false;
    if (inside) out.back() += line + "\n";
    if (marked && line == "```sh") {
      inside = true;
      out.emplace_back();
    }
    marked = line == "<!-- example -->";
  }
  return out;
}

// An address of its own for each `0x…`.
std::string with_addresses(std::string text) {
  static constexpr std::string_view kAny = "0x…";
  unsigned made = 0;
  for (auto at = text.find(kAny); at != std::string::npos; at = text.find(kAny, at))
    text.replace(at, kAny.size(), crypto::to_eip55(test_address("reader " + std::to_string(++made))));
  return text;
}

// `mootd start` serves until it is told to stop: here, as soon as it is ready, on a port of its own choice.
constexpr const char* kPrelude = R"(set -euo pipefail
mootd() {
  if [[ $1 != start ]]; then command mootd "$@"; return; fi
  : >ready
  MOOT_API_LISTEN=127.0.0.1:0 command mootd "$@" >ready &
  until [[ -s ready ]]; do kill -0 $! && sleep 0.05; done
  kill -TERM $!
  wait $!
}
)";

Finished run_in_bash(const fs::path& folder, const std::string& script) {
  const std::string place = "cd '" + folder.string() + "'\nexport HOME=$PWD PATH='" +
                            fs::path(MOOTD_BIN).parent_path().string() + "':$PATH\n";
  return run({.program = "/bin/bash", .arguments = {"-c", place + kPrelude + script}, .environment = {}});
}

TEST(Documents, EveryExampleOfOperationsRunsAsItStands) {
  const auto examples = examples_of(kRoot / "docs" / "operations.md");
  ASSERT_GE(examples.size(), 3u);
  const TemporaryFolder folder("examples");
  write_text(folder.path() / "genesis.json", genesis::to_json(live_genesis()));
  write_text(folder.path() / "members.csv", "address,data set 1\n" + crypto::to_eip55(test_address("ada")) +
                                                ",12\n" + crypto::to_eip55(test_address("ben")) + ",30\n");
  for (const std::string& example : examples) {
    const Finished finished = run_in_bash(folder.path(), with_addresses(example));
    EXPECT_EQ(finished.status, 0) << example << finished.out << finished.err;
  }
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

// The spans of code that begin with a program's name, as `moot payout preview 0`, with the document that has them.
std::vector<std::pair<std::string, std::string>> named_commands() {
  static const std::regex kCommand("`((?:moot|mootd) [^`\n]+)`");
  std::vector<std::pair<std::string, std::string>> out;
  for (const char* top : {"README.md", "docs", "genesis", "proto", "wallet", "node", "audit"}) {
    std::vector<fs::path> documents;
    if (fs::is_regular_file(kRoot / top)) documents.push_back(kRoot / top);
    if (fs::is_directory(kRoot / top))
      for (const auto& entry : fs::recursive_directory_iterator(kRoot / top))
        if (entry.path().extension() == ".md") documents.push_back(entry.path());
    for (const fs::path& document : documents) {
      const std::string text = read_text(document);
      for (std::sregex_iterator at(text.begin(), text.end(), kCommand), end; at != end; ++at)
        out.emplace_back((*at)[1].str(), document.string());
    }
  }
  return out;
}

// What is wrong with a command as it is named: nothing when its help knows the words and the options.
std::string problem_of(const std::string& command) {
  static const std::regex kName("[a-z][a-z-]*");
  static const std::regex kUsage("Usage: ([a-z -]+)");
  const auto words = words_of(command);
  std::vector<std::string> names;
  for (std::size_t i = 1; i < words.size() && std::regex_match(words[i], kName); ++i)
    names.push_back(words[i]);
  auto asked = names;
  asked.emplace_back("--help");
  const Finished help =
      run({.program = words[0] == "moot" ? MOOT_BIN : MOOTD_BIN, .arguments = asked, .environment = {}});
  std::smatch usage;
  if (help.status != 0 || !std::regex_search(help.out, usage, kUsage)) return "has no help";
  const auto known = words_of(usage[1].str());
  const bool is_group = help.out.find("SUBCOMMAND") != std::string::npos;
  if (!names.empty() && known.size() < 2) return "is no command";
  if (is_group && known.size() < names.size() + 1) return "is no command of its group";
  const std::string everywhere =
      run({.program = words[0] == "moot" ? MOOT_BIN : MOOTD_BIN, .arguments = {"--help"}, .environment = {}})
          .out;
  for (const std::string& word : words)
    if (word.starts_with("--") && help.out.find(word) == std::string::npos &&
        everywhere.find(word) == std::string::npos)
      return "has no option " + word;
  return "";
}

TEST(Documents, EveryCommandThatTheyNameExistsWithItsOptions) {
  const auto commands = named_commands();
  ASSERT_GE(commands.size(), 40u);
  for (const auto& [command, document] : commands) {
    if (command.find("COMMAND") != std::string::npos) continue;  // stands for any
    EXPECT_EQ(problem_of(command), "") << "`" << command << "` in " << document;
  }
}

TEST(Documents, AWordThatIsNoCommandIsFound) {
  EXPECT_EQ(problem_of("moot nonsense"), "is no command");
  EXPECT_EQ(problem_of("moot audit nonsense"), "is no command of its group");
  EXPECT_EQ(problem_of("mootd start --nonsense"), "has no option --nonsense");
  EXPECT_EQ(problem_of("moot payout preview 0"), "");
}

}  // namespace
}  // namespace moot::test
