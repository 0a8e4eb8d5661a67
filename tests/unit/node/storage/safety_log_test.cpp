#include "node/storage/safety_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "node/storage/durable_file.hpp"
#include "tests/unit/node/storage/fixture.hpp"

namespace moot::node::test {
namespace {

const crypto::XOnlyKey kKey{filled(0x71).bytes};
const crypto::XOnlyKey kOtherKey{filled(0x72).bytes};
constexpr InstanceId kHere{{1}};
constexpr InstanceId kElsewhere{{2}};

SafetyStart at(u64 height, const InstanceId& instance = kHere, const LedgerId& ledger = kLedger) {
  return {.ledger = ledger,
          .instance = instance,
          .height = Height{height},
          .position = {consensus::kFirstEpoch, consensus::View{height}}};
}

class Safety : public ::testing::Test {
 protected:
  [[nodiscard]] SafetyLog open() const { return SafetyLog::open(path_, kKey).value(); }

  static void expect_refused(const SafetyLog& log, const SafetyStart& start, std::string_view words) {
    const auto result = log.admit(start);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, StorageErrorKind::already_run);
    EXPECT_THAT(result.error().text, ::testing::HasSubstr(std::string(words)));
  }

  TempDir dir_;
  std::string path_ = dir_ / "validator.safety";
};

TEST_F(Safety, AdmitsALedgerThatTheKeyHasNotSeen) {
  const SafetyLog log = open();
  EXPECT_FALSE(log.knows(kLedger));
  EXPECT_TRUE(log.admit(at(0)).has_value());
}

// The attack of rules.md §8: the database is deleted, or a second machine is set up, and the same genesis starts again.
TEST_F(Safety, SameGenesisStartedTwiceIsRefused) {
  {
    SafetyLog log = open();
    log.begin(at(0));
    log.confirm(at(1));
  }
  const SafetyLog log = open();
  EXPECT_TRUE(log.knows(kLedger));
  expect_refused(log, at(0), "already started ledger d1d1");
  expect_refused(log, at(0, kElsewhere), "height 0");
  EXPECT_TRUE(log.admit(at(0, kHere, kOtherLedger)).has_value());
}

TEST_F(Safety, ACrashBeforeTheFirstBlockLetsOnlyThatDatabaseStartAgain) {
  {
    SafetyLog log = open();
    log.begin(at(0));
  }
  SafetyLog log = open();
  EXPECT_TRUE(log.admit(at(0)).has_value());
  expect_refused(log, at(0, kElsewhere), "height 0");
  log.begin(at(0));
  log.confirm(at(1));
  expect_refused(log, at(0), "height 0");
  EXPECT_TRUE(log.admit(at(1)).has_value());
}

// A crash between the first block's write and confirm(): the block is there, and its votes may be told.
TEST_F(Safety, ABlockWrittenButNotConfirmedMayGoOn) {
  {
    SafetyLog log = open();
    log.begin(at(0));
  }
  SafetyLog log = open();
  EXPECT_TRUE(log.admit(at(1)).has_value());
  log.confirm(at(1));
  expect_refused(log, at(0), "height 0");
}

TEST_F(Safety, AnOldCopyOfTheDatabaseIsRefused) {
  {
    SafetyLog log = open();
    log.begin(at(0));
    log.confirm(at(1));
    log.confirm(at(50));
    log.confirm(at(20));
  }
  const SafetyLog log = open();
  expect_refused(log, at(49), "signed block 50");
  EXPECT_TRUE(log.admit(at(50)).has_value());
  EXPECT_TRUE(log.admit(at(51)).has_value());
}

TEST_F(Safety, PositionsAreComparedByEpochFirst_0_1) {
  SafetyLog log = open();
  log.begin(at(0));
  SafetyStart later = at(9);
  later.position = {consensus::Epoch{1}, consensus::View{3}};
  log.confirm(later);
  expect_refused(log, at(100), "old copy");
}

TEST_F(Safety, KeepsSeveralLedgersApart) {
  SafetyLog log = open();
  log.begin(at(0));
  log.confirm(at(1));
  log.begin(at(0, kElsewhere, kOtherLedger));
  EXPECT_TRUE(log.admit(at(0, kElsewhere, kOtherLedger)).has_value());
  expect_refused(log, at(0), "height 0");
}

TEST_F(Safety, OfAnotherKeyIsRefused) {
  (void)open();
  const auto other = SafetyLog::open(path_, kOtherKey);
  ASSERT_FALSE(other.has_value());
  EXPECT_THAT(other.error().text, ::testing::HasSubstr("is of validator key 7171"));
}

TEST_F(Safety, LetsOneProcessUseAKey) {
  const SafetyLog log = open();
  const auto second = SafetyLog::open(path_, kKey);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, StorageErrorKind::in_use);
}

TEST_F(Safety, WithAnyByteChangedOrMissingIsRefused) {
  {
    SafetyLog log = open();
    log.begin(at(0));
    log.confirm(at(1));
  }
  const Bytes good = read_file(path_)->value();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes bad = good;
    bad[i] ^= 0x10;
    replace_file(path_, bad);
    const auto log = SafetyLog::open(path_, kKey);
    ASSERT_FALSE(log.has_value()) << i;
    EXPECT_EQ(log.error().kind, StorageErrorKind::damaged) << i;
  }
  for (std::size_t size = 0; size < good.size(); size += 7) {
    replace_file(path_, ByteView(good).first(size));
    EXPECT_FALSE(SafetyLog::open(path_, kKey).has_value()) << size;
  }
  replace_file(path_, good);
  EXPECT_TRUE(SafetyLog::open(path_, kKey).has_value());
}

using SafetyDeathTest = Safety;

TEST_F(SafetyDeathTest, StopsBeforeASecondHistoryIsSigned) {
  SafetyLog log = open();
  log.begin(at(0));
  log.confirm(at(1));
  EXPECT_DEATH(log.begin(at(0)), "admits");
}

TEST_F(Safety, IsReadableByItsOwnerOnly) {
  (void)open();
  const auto permissions = std::filesystem::status(path_).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace
}  // namespace moot::node::test
