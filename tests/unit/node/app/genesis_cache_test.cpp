#include "node/app/genesis_cache.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "crypto/sha256.hpp"
#include "genesis/genesis_json.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::node::app {
namespace {

namespace fs = std::filesystem;

class GenesisCache : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("moot-genesis-copy-" + std::to_string(getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write(genesis::to_json(genesis_));
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& text) { std::ofstream(folder_ / "genesis.json", std::ios::binary) << text; }
  Result<ReadGenesis> read() { return read_genesis_once(folder_ / "genesis.json", copy()); }
  [[nodiscard]] fs::path copy() const { return folder_ / "genesis.copy"; }
  void keep() {
    const auto first = read();
    ASSERT_TRUE(first.has_value()) << first.error().text;
    keep_genesis(copy(), first->file_hash, encoded(first->genesis), log_);
  }

  ledger::Genesis genesis_ = test::test_genesis();
  fs::path folder_;
  std::vector<std::string> lines_;
  Logger log_{LogLevel::info, nullptr,
              [this](LogLevel, std::string_view line) { lines_.emplace_back(line); }};
};

TEST_F(GenesisCache, TheSecondReadIsOfTheCopy) {
  ASSERT_FALSE(read()->cached);
  ASSERT_NO_FATAL_FAILURE(keep());
  const auto again = read();
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->cached);
  EXPECT_EQ(again->genesis, genesis_);
  EXPECT_TRUE(lines_.empty());
}

TEST_F(GenesisCache, AChangedFileIsReadItself) {
  ASSERT_NO_FATAL_FAILURE(keep());
  genesis_.organisation += " anew";
  write(genesis::to_json(genesis_));
  const auto changed = read();
  ASSERT_TRUE(changed.has_value());
  EXPECT_FALSE(changed->cached);
  EXPECT_EQ(changed->genesis, genesis_);
  write("{}");
  EXPECT_FALSE(read().has_value()) << "a bad file is refused, whatever was kept";
}

TEST_F(GenesisCache, ADamagedCopyIsNotUsed) {
  ASSERT_NO_FATAL_FAILURE(keep());
  std::string bytes;
  {
    std::ifstream in(copy(), std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (const std::size_t at : {std::size_t{0}, std::size_t{40}, std::size_t{70}, bytes.size() - 1}) {
    std::string other = bytes;
    other[at] = static_cast<char>(other[at] ^ 1);
    std::ofstream(copy(), std::ios::binary) << other;
    const auto result = read();
    ASSERT_TRUE(result.has_value());
    EXPECT_FALSE(result->cached) << "byte " << at;
    EXPECT_EQ(result->genesis, genesis_);
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{63}, std::size_t{64}, bytes.size() - 1}) {
    std::ofstream(copy(), std::ios::binary) << bytes.substr(0, size);
    EXPECT_FALSE(read()->cached) << size << " bytes";
  }
}

TEST_F(GenesisCache, WhereNothingCanBeKeptTheStartGoesOn) {
  fs::create_directories(copy() / "in the way");
  ASSERT_NO_FATAL_FAILURE(keep());
  EXPECT_EQ(lines_.size(), 1U) << "a warning";
  EXPECT_FALSE(read()->cached);
}

}  // namespace
}  // namespace moot::node::app
