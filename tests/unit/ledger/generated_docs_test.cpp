// docs/parameters.md and docs/refusals.md say what the tables in the code say. MOOT_BLESS=1 writes them anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "ledger/parameters.hpp"
#include "ledger/tx_error.hpp"

namespace moot::ledger {
namespace {

std::string parameters_page() {
  std::ostringstream out;
  out << "# Parameters\n\nEvery number of the rules that an organisation may change, as "
         "`ledger/parameters.cpp` has it (a test "
         "compares). Times are\nmilliseconds, shares parts per million.\n\n"
         "| name | default | from | to | changed by a proposal of kind | meaning "
         "|\n|---|---|---|---|---|---|\n";
  for (const ParamInfo& one : param_table())
    out << "| `" << one.name << "` | " << one.default_value << " | " << one.minimum << " | " << one.maximum
        << " | " << word(one.changed_by) << " | " << one.meaning << " |\n";
  return out.str();
}

std::string refusals_page() {
  std::ostringstream out;
  out << "# Refusals\n\nWhy a transaction was refused, or failed once it was on the ledger, as "
         "`ledger/tx_error.cpp` has it (a "
         "test compares). The order is\nprecedence: when several apply, the first is given.\n\n"
         "| code | reason | what to do |\n|---|---|---|\n";
  for (const TxError code : all_tx_errors())
    out << "| " << static_cast<unsigned>(code) << " | `" << reason(code) << "` | " << advice(code) << " |\n";
  return out.str();
}

void compare(const char* name, const std::string& page) {
  const std::string path = std::string(MOOT_SOURCE_DIR) + "/docs/" + name;
  if (std::getenv("MOOT_BLESS")) std::ofstream(path) << page;
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), page) << name << " is out of date: run the test with MOOT_BLESS=1";
}

TEST(GeneratedDocs, TheParametersPageIsTheTable) { compare("parameters.md", parameters_page()); }
TEST(GeneratedDocs, TheRefusalsPageIsTheTable) { compare("refusals.md", refusals_page()); }

}  // namespace
}  // namespace moot::ledger
