#include "node/app/genesis_file.hpp"

#include <gtest/gtest.h>

#include "genesis/genesis_json.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/node/mootd.hpp"

namespace moot::node::app {
namespace {

TEST(GenesisFile, SaysWhichFileAndFieldIsWrong) {
  test::TemporaryFolder folder("genesis-file");
  const auto file = folder.path() / "genesis.json";
  std::string text = genesis::to_json(test::test_genesis());
  test::write_text(file, text);
  ASSERT_TRUE(read_genesis(file));
  text.replace(text.find("\"organisation\""), 14, "\"organization\"");
  test::write_text(file, text);
  const auto wrong = read_genesis(file);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text.find(file.string()), std::string::npos);
  EXPECT_NE(wrong.error().text.find("organization"), std::string::npos) << wrong.error().text;
  EXPECT_FALSE(read_genesis(folder.path()));
}

}  // namespace
}  // namespace moot::node::app
