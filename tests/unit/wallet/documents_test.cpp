// What the documents tell people to type: every `moot …` line of a code block is one that the program takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <utility>

#include "wallet/cli.hpp"

namespace moot::wallet {
namespace {

// Words as a shell makes them: quotes keep spaces, a # before a word begins a comment, > sends the answer to a file.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false, any = false;
  for (const char c : line + " ") {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (quoted || c != ' ') {
      if (!quoted && !any && (c == '#' || c == '>')) break;
      word += c;
      any = true;
    } else if (any) {
      out.push_back(std::exchange(word, {}));
      any = false;
    }
  }
  return out;
}

std::vector<std::string> commands_in(const std::string& document) {
  std::ifstream file(std::string(MOOT_SOURCE_DIR) + "/" + document);
  std::vector<std::string> out;
  bool in_block = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) in_block = !in_block;
    if (in_block && line.starts_with("moot ")) out.push_back(line);
  }
  return out;
}

TEST(Documents, NameOnlyCommandsThatThereAre) {
  std::size_t checked = 0;
  for (const char* document : {"docs/wallet.md", "docs/treasurer.md", "docs/auditor.md", "docs/audit.md"})
    for (const std::string& line : commands_in(document)) {
      const auto words = words_of(line);
      std::vector<const char*> argv;
      for (const auto& word : words) argv.push_back(word.c_str());
      const auto known = check_command_line(static_cast<int>(argv.size()), argv.data());
      EXPECT_TRUE(known) << document << ": " << line << "\n" << (known ? "" : sentence(known.error()));
      ++checked;
    }
  EXPECT_GT(checked, 60u);
}

TEST(Documents, ACommandThatIsNoneWouldBeNoticed) {
  for (const char* line : {"moot vote 3", "moot vote 3 For --form 1", "moot votes 3 For", "moot keys frob",
                           "moot share 0 1 2", "moot redeem \"50 USDX\""}) {
    const auto words = words_of(line);
    std::vector<const char*> argv;
    for (const auto& word : words) argv.push_back(word.c_str());
    EXPECT_FALSE(check_command_line(static_cast<int>(argv.size()), argv.data())) << line;
  }
}

}  // namespace
}  // namespace moot::wallet
