// What is RocksDB's alone: reopening, locks, copies, and disks that fail.
#include "node/storage/rocksdb_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "node/storage/file_lock.hpp"
#include "node/storage/schema.hpp"
#include "tests/unit/node/storage/fixture.hpp"

namespace moot::node::test {
namespace {

using ::testing::ExitedWithCode;
using ::testing::HasSubstr;

void put(KvStore& store, std::string_view key, std::string_view value, Durability durability) {
  KvBatch batch;
  batch.put(durability == Durability::synced ? Family::headers : Family::state, as_bytes(key),
            as_bytes(value));
  store.write(batch, durability);
}

TEST(RocksDbStore, HoldsBothKindsOfWriteAfterACleanClose) {
  const TempDir dir;
  {
    const auto store = open_rocksdb(dir / "db");
    put(*store, "k", "synced", Durability::synced);
    put(*store, "k", "unlogged", Durability::unlogged);
  }
  const auto store = open_rocksdb(dir / "db");
  EXPECT_EQ(store->get(Family::headers, as_bytes("k")), bytes_of("synced"));
  EXPECT_EQ(store->get(Family::state, as_bytes("k")), bytes_of("unlogged"));
}

TEST(RocksDbStore, IsRefusedWhileAnotherHoldsIt) {
  const TempDir dir;
  const auto store = open_rocksdb(dir / "db");
  const auto second = RocksDbStore::open(dir / "db", small_options());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().kind, StorageErrorKind::in_use);
  EXPECT_THAT(second.error().text, HasSubstr("in use by another process"));
}

TEST(RocksDbStore, IsNotMadeWhereOneMustExist) {
  const TempDir dir;
  const auto store = RocksDbStore::open(dir / "none", {.create_if_missing = false});
  ASSERT_FALSE(store.has_value());
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(dir / "none") / "CURRENT"));
}

TEST(RocksDbStore, WithADamagedFileIsRefusedInOneSentence) {
  const TempDir dir;
  {
    const auto store = open_rocksdb(dir / "db");
    put(*store, "k", "v", Durability::synced);
  }
  std::ofstream(dir / "db/CURRENT") << "garbage";
  const auto store = RocksDbStore::open(dir / "db", small_options());
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().kind, StorageErrorKind::damaged);
  EXPECT_EQ(store.error().text.find('\n'), std::string::npos);
}

TEST(RocksDbStore, CopiesItselfWithWhatWasNotYetFlushed) {
  const TempDir dir;
  const auto store = open_rocksdb(dir / "db");
  put(*store, "k", "unlogged", Durability::unlogged);
  ASSERT_TRUE(store->checkpoint(dir / "copy").has_value());
  put(*store, "k", "later", Durability::unlogged);
  const auto copy = open_rocksdb(dir / "copy");
  EXPECT_EQ(copy->get(Family::state, as_bytes("k")), bytes_of("unlogged"));
  EXPECT_EQ(store->checkpoint(dir / "copy").error().kind, StorageErrorKind::io);
}

// The large value goes to a blob file and the small ones to a table; neither is counted twice. The large one has no pattern
// that compression could use.
TEST(RocksDbStore, CountsEachByteThatItWritesOnce) {
  const TempDir dir;
  const auto store = open_rocksdb(dir / "db");
  KvBatch batch;
  Bytes large(1 << 20);
  u32 seed = 1;
  for (u8& byte : large) byte = static_cast<u8>((seed = seed * 1'664'525 + 1'013'904'223) >> 24);
  batch.put(Family::bodies, as_bytes("k"), large);
  for (u8 i = 0; i < 200; ++i) batch.put(Family::headers, Bytes{i}, Bytes(1'000, 'y'));
  constexpr u64 kWritten = (1 << 20) + 200 * 1'000;
  store->write(batch, Durability::synced);
  store->flush();
  for (const u64 bytes : {store->stats().log_bytes, store->stats().flush_bytes}) {
    EXPECT_GE(bytes, kWritten);
    EXPECT_LE(bytes, kWritten + kWritten / 20);
  }
}

// Ballots are alike but for voter and signature: a block of them takes much less room in its table than in the log.
TEST(RocksDbStore, WritesABlockOfBallotsToItsTableCompressed) {
  const TempDir dir;
  const auto store = open_rocksdb(dir / "db");
  KvBatch batch;
  const Bytes block(1 << 20, 'x');
  batch.put(Family::bodies, as_bytes("k"), block);
  store->write(batch, Durability::synced);
  store->flush();
  EXPECT_GE(store->stats().log_bytes, block.size());
  EXPECT_LE(store->stats().flush_bytes, block.size() / 10);
  EXPECT_EQ(store->get(Family::bodies, as_bytes("k")), block);
}

// A block changes a few records among many. What it leaves alone is not written again for it.
TEST(RocksDbStore, LeavesRecordsAloneThatNobodyChanges) {
  const TempDir dir;
  const auto store = open_rocksdb(dir / "db");
  constexpr u64 kRecords = 20'000;
  u32 seed = 1;
  const auto put_record = [&](KvBatch& batch, u64 id) {
    Bytes record(200);
    for (u8& byte : record) byte = static_cast<u8>((seed = seed * 1'664'525 + 1'013'904'223) >> 24);
    batch.put(Family::state, encoded(id), record);
  };
  KvBatch all;
  for (u64 id = 0; id < kRecords; ++id) put_record(all, id);
  store->write(all, Durability::unlogged);
  store->flush();
  for (int round = 0; round < 12; ++round) {
    KvBatch few;
    for (u64 id = 0; id < kRecords; id += 500) put_record(few, id);
    store->write(few, Durability::unlogged);
    store->flush();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));  // for compactions, which nobody waits for
  }
  EXPECT_LT(store->stats().compaction_bytes, kRecords * 200);
}

// A file that may not grow stands for a disk that refuses: the process must end, saying so, and write nothing more.
TEST(RocksDbStoreDeathTest, EndsTheProcessWhenAWriteFails) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto write_past_the_limit = [] {
    const TempDir dir;
    const auto store = open_rocksdb(dir / "db");
    const rlimit limit{.rlim_cur = 256 << 10, .rlim_max = 256 << 10};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
    for (int i = 0; i < 16; ++i) put(*store, "k", std::string(64 << 10, 'x'), Durability::synced);
  };
  EXPECT_EXIT(write_past_the_limit(), ExitedWithCode(kStorageFailureExit),
              "storage failed in .* while writing");
}

// A tiny filesystem of this process's own, seen by nobody else. False where the system does not allow one.
bool mount_tiny_disk(const std::string& path) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("none", path.c_str(), "tmpfs", 0, "size=32m") == 0;
}

bool can_mount_tiny_disk(const std::string& path) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(mount_tiny_disk(path) ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(RocksDbStoreDeathTest, SaysThatTheDiskIsFull) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const TempDir dir;
  if (!can_mount_tiny_disk(dir.path())) GTEST_SKIP() << "this system lets no test mount a small filesystem";
  const auto fill = [&] {
    if (!mount_tiny_disk(dir.path())) ::_exit(1);
    const auto store = open_rocksdb(dir / "db");
    for (int i = 0; i < 64; ++i)
      put(*store, "k" + std::to_string(i), std::string(1 << 20, 'x'), Durability::synced);
  };
  EXPECT_EXIT(fill(), ExitedWithCode(kStorageFailureExit), "disk full: free space on .*, then start again");
}

TEST(FailureSentence, SaysWhatToDo) {
  EXPECT_EQ(failure_sentence({.operation = "writing",
                              .path = "/data",
                              .fault = StorageFault::no_space,
                              .detail = "no space left"}),
            "disk full: free space on /data, then start again (while writing: no space left)");
  EXPECT_THAT(failure_sentence({.operation = "writing", .path = "/data", .detail = "EIO"}),
              HasSubstr("storage failed in /data while writing: EIO; check the disk"));
  EXPECT_THAT(
      failure_sentence(
          {.operation = "reading", .path = "/data", .fault = StorageFault::damaged, .detail = "Corruption"}),
      HasSubstr("the database in /data is damaged (reading: Corruption): check the disk, then restore"));
}

// The path of the largest table of a database.
std::filesystem::path largest_table(const std::string& database) {
  std::filesystem::path largest;
  for (const auto& entry : std::filesystem::directory_iterator(database))
    if (entry.path().extension() == ".sst" &&
        (largest.empty() || entry.file_size() > std::filesystem::file_size(largest)))
      largest = entry.path();
  return largest;
}

void flip_a_byte_in_the_middle(const std::filesystem::path& file) {
  std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(file) / 2);
  bytes.seekg(middle);
  const char flipped = static_cast<char>(~bytes.get());
  bytes.seekp(middle);
  bytes.put(flipped);
}

TEST(RocksDbStoreDeathTest, SaysThatTheDatabaseIsDamagedWhereOneByteIsFlipped) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const TempDir dir;
  {
    const auto store = open_rocksdb(dir / "db");
    for (int i = 0; i < 5'000; ++i)
      put(*store, "key " + std::to_string(i), std::string(100, static_cast<char>('a' + i % 26)),
          Durability::unlogged);
  }
  flip_a_byte_in_the_middle(largest_table(dir / "db"));
  const auto read_all = [&] {
    const auto store = open_rocksdb(dir / "db");
    store->scan(Family::state, {}, [](ByteView, ByteView) { return true; });
  };
  EXPECT_EXIT(read_all(), ExitedWithCode(kDamagedDataExit),
              "the database in .* is damaged .reading: .*restore");
}

TEST(FileLock, RefusesASecondHolderAndNamesTheFirst) {
  const TempDir dir;
  const std::string data = dir / "data";
  {
    const auto first = FileLock::acquire_directory(data);
    ASSERT_TRUE(first.has_value());
    const auto second = FileLock::acquire_directory(data);
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().kind, StorageErrorKind::in_use);
    EXPECT_EQ(second.error().text, "data directory " + data + " is in use by process " +
                                       std::to_string(::getpid()) +
                                       ": stop that one first, or choose another");
  }
  EXPECT_TRUE(FileLock::acquire_directory(data).has_value());
}

TEST(FileLock, SaysWhyADirectoryCannotBeMade) {
  const TempDir dir;
  std::ofstream(dir / "file") << "x";
  const auto lock = FileLock::acquire_directory(dir / "file/data");
  ASSERT_FALSE(lock.has_value());
  EXPECT_EQ(lock.error().kind, StorageErrorKind::io);
}

TEST(Schema, BindsANewDatabaseAndKnowsItAgain) {
  MemoryStore store;
  EXPECT_EQ(bound_ledger(store), std::nullopt);
  const auto first = bind_schema(store, kLedger);
  ASSERT_TRUE(first.has_value());
  store.crash();
  const auto again = bind_schema(store, kLedger);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(*again, *first);
  EXPECT_EQ(bound_ledger(store), kLedger);
  MemoryStore other;
  EXPECT_NE(*bind_schema(other, kLedger), *first);
}

TEST(Schema, RefusesADatabaseOfAnotherLedger) {
  MemoryStore store;
  ASSERT_TRUE(bind_schema(store, kLedger).has_value());
  const auto other = bind_schema(store, kOtherLedger);
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().kind, StorageErrorKind::wrong_ledger);
  EXPECT_THAT(other.error().text, HasSubstr("belongs to ledger d1d1"));
  EXPECT_EQ(bound_ledger(store), kLedger);
}

TEST(Schema, RefusesANewerFormatWhateverFollowsItsVersion) {
  MemoryStore store;
  KvBatch batch;
  batch.put(Family::meta, as_bytes("schema"), Bytes{0, 0, 0, 2, 99});
  store.write(batch, Durability::synced);
  const auto bound = bind_schema(store, kLedger);
  ASSERT_FALSE(bound.has_value());
  EXPECT_EQ(bound.error().kind, StorageErrorKind::newer_schema);
}

TEST(Schema, RefusesARecordThatNoVersionWrites) {
  for (const Bytes& value : {Bytes{}, Bytes{0, 0, 0, 1, 5}, Bytes(52, 0)}) {
    MemoryStore store;
    KvBatch batch;
    batch.put(Family::meta, as_bytes("schema"), value);
    store.write(batch, Durability::synced);
    EXPECT_EQ(bind_schema(store, kLedger).error().kind, StorageErrorKind::damaged) << value.size();
  }
}

}  // namespace
}  // namespace moot::node::test
