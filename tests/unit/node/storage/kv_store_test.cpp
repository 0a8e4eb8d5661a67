// What every KvStore promises, held by the store in memory and by RocksDB alike.
#include "node/storage/kv_store.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/storage/fixture.hpp"

namespace moot::node::test {
namespace {

struct InMemory {
  MemoryStore store;
  KvStore& get() { return store; }
};

struct OnDisk {
  TempDir dir;
  std::unique_ptr<RocksDbStore> store = open_rocksdb(dir / "db");
  KvStore& get() { return *store; }
};

template <class Holder>
class AnyKvStore : public ::testing::Test {
 protected:
  KvStore& store() { return holder_.get(); }

  void put(Family family, std::string_view key, std::string_view value,
           Durability durability = Durability::unlogged) {
    KvBatch batch;
    batch.put(family, as_bytes(key), as_bytes(value));
    store().write(batch, durability);
  }

  std::string get(Family family, std::string_view key) {
    const auto value = store().get(family, as_bytes(key));
    return value ? as_string(*value) : "(none)";
  }

  std::string keys(Family family, const KeyRange& range) {
    std::string out;
    store().scan(family, range, [&](ByteView key, ByteView) {
      out += as_string(key) + " ";
      return true;
    });
    return out;
  }

 private:
  Holder holder_;
};

using Stores = ::testing::Types<InMemory, OnDisk>;
TYPED_TEST_SUITE(AnyKvStore, Stores);

TYPED_TEST(AnyKvStore, GivesBackWhatWasWrittenInEachFamilyApart) {
  this->put(Family::state, "k", "state");
  this->put(Family::headers, "k", "header", Durability::synced);
  EXPECT_EQ(this->get(Family::state, "k"), "state");
  EXPECT_EQ(this->get(Family::headers, "k"), "header");
  EXPECT_EQ(this->get(Family::sealed, "k"), "(none)");
}

TYPED_TEST(AnyKvStore, KeepsTheLastOfSeveralChangesToAKeyInABatch) {
  KvBatch batch;
  batch.put(Family::state, as_bytes("a"), as_bytes("1"));
  batch.erase(Family::state, as_bytes("a"));
  batch.put(Family::state, as_bytes("b"), as_bytes("1"));
  batch.put(Family::state, as_bytes("b"), as_bytes("2"));
  this->store().write(batch, Durability::synced);
  EXPECT_EQ(this->get(Family::state, "a"), "(none)");
  EXPECT_EQ(this->get(Family::state, "b"), "2");
}

TYPED_TEST(AnyKvStore, TellsAnEmptyValueFromNone) {
  this->put(Family::state, "empty", "");
  ASSERT_TRUE(this->store().get(Family::state, as_bytes("empty")).has_value());
  KvBatch batch;
  batch.erase(Family::state, as_bytes("empty"));
  this->store().write(batch, Durability::unlogged);
  EXPECT_FALSE(this->store().get(Family::state, as_bytes("empty")).has_value());
}

TYPED_TEST(AnyKvStore, ScansARangeInByteOrderWithoutItsEnd) {
  for (const char* key : {"b", "a", "c", "\xff", "ba"}) this->put(Family::state, key, "v");
  EXPECT_EQ(this->keys(Family::state, {}), "a b ba c \xff ");
  EXPECT_EQ(this->keys(Family::state, {.from = bytes_of("b"), .to = bytes_of("c")}), "b ba ");
  EXPECT_EQ(this->keys(Family::state, prefix_range(as_bytes("b"))), "b ba ");
  EXPECT_EQ(this->keys(Family::state, prefix_range(as_bytes("\xff"))), "\xff ");
}

TYPED_TEST(AnyKvStore, StopsAScanWhenTheVisitorHasSeenEnough) {
  for (const char* key : {"a", "b", "c"}) this->put(Family::state, key, "v");
  int seen = 0;
  this->store().scan(Family::state, {}, [&](ByteView, ByteView) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
}

TYPED_TEST(AnyKvStore, ScansWhatStoodWhenTheScanBegan) {
  this->put(Family::state, "a", "1");
  this->put(Family::state, "b", "1");
  int seen = 0;
  this->store().scan(Family::state, {}, [&](ByteView, ByteView) {
    this->put(Family::state, "c" + std::to_string(seen), "new");
    return ++seen < 100;
  });
  EXPECT_EQ(seen, 2);
}

TYPED_TEST(AnyKvStore, KnowsTheGreatestKeyOfAFamily) {
  EXPECT_FALSE(this->store().last(Family::headers).has_value());
  this->put(Family::headers, "a", "1");
  this->put(Family::headers, "b", "2");
  EXPECT_EQ(this->store().last(Family::headers)->first, bytes_of("b"));
  EXPECT_EQ(this->store().last(Family::headers)->second, bytes_of("2"));
}

TYPED_TEST(AnyKvStore, KeepsLargeValuesWhole) {
  std::string large(3 << 20, 'x');
  large[12345] = 'y';
  this->put(Family::bodies, "large", large, Durability::synced);
  this->store().flush();
  EXPECT_EQ(this->get(Family::bodies, "large"), large);
}

TYPED_TEST(AnyKvStore, CountsOneSyncForEachSyncedWriteAndNoneForOthers) {
  const auto before = this->store().stats();
  this->put(Family::headers, "a", "1", Durability::synced);
  this->put(Family::state, "a", "1");
  this->put(Family::state, "b", "1");
  const auto after = this->store().stats();
  EXPECT_EQ(after.syncs - before.syncs, 1U);
  EXPECT_EQ(after.writes - before.writes, 3U);
  EXPECT_EQ(after.puts - before.puts, 3U);
}

TEST(PrefixRange, EndsAfterTheLastKeyWithThePrefix) {
  EXPECT_EQ(prefix_range(Bytes{1, 2}).to, (Bytes{1, 3}));
  EXPECT_EQ(prefix_range(Bytes{1, 0xff}).to, Bytes{2});
  EXPECT_EQ(prefix_range(Bytes{0xff, 0xff}).to, std::nullopt);
  EXPECT_EQ(prefix_range({}).to, std::nullopt);
}

TEST(MemoryStore, LosesUnloggedWritesSinceTheLastFlushInACrash) {
  MemoryStore store;
  const auto put = [&](Family family, std::string_view key, Durability durability) {
    KvBatch batch;
    batch.put(family, as_bytes(key), as_bytes("v"));
    store.write(batch, durability);
  };
  put(Family::state, "flushed", Durability::unlogged);
  store.flush();
  put(Family::state, "lost", Durability::unlogged);
  put(Family::headers, "synced", Durability::synced);
  store.crash();
  EXPECT_TRUE(store.get(Family::state, as_bytes("flushed")).has_value());
  EXPECT_FALSE(store.get(Family::state, as_bytes("lost")).has_value());
  EXPECT_TRUE(store.get(Family::headers, as_bytes("synced")).has_value());
  EXPECT_EQ(store.checkpoint("/nowhere").error().kind, StorageErrorKind::unsupported);
}

}  // namespace
}  // namespace moot::node::test
