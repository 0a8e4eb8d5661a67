// MerkleTable against a vector and a tree that is hashed whole; its copies against what was copied.
#include "ledger/tree/merkle_table.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <type_traits>

#include "base/random.hpp"

namespace moot::ledger {
namespace {

struct Leaf {
  static constexpr const char* kLeafTag = "moot/leaf/test";
  u64 value = 0;
  MOOT_DESCRIBE { v("value", self.value); }
  friend bool operator==(const Leaf&, const Leaf&) = default;
};
using Table = MerkleTable<Leaf>;
// The same record in a table that keeps no hashes of its leaves.
struct LeanLeaf : Leaf {
  static constexpr bool kLeafHashIsKept = false;
};
using LeanTable = MerkleTable<LeanLeaf>;
using Twin = std::vector<u64>;

Hash hash_of(u64 value) {
  Writer out;
  out.put(value);
  return crypto::tagged_hash("moot/leaf/test", out.view());
}

Hash pair_hash(const Hash& left, const Hash& right) {
  Writer out;
  out.put(left);
  out.put(right);
  return crypto::tagged_hash("moot/node", out.view());
}

// Thirty levels over the leaves, vacant places 32 zero bytes; every node of the occupied part is hashed.
Hash slow_root(const Twin& twin) {
  std::vector<Hash> level;
  for (const u64 value : twin) level.push_back(hash_of(value));
  Hash vacant;
  for (unsigned depth = 0; depth < 30; ++depth) {
    if (level.size() % 2 == 1) level.push_back(vacant);
    std::vector<Hash> above;
    for (std::size_t i = 0; i < level.size(); i += 2) above.push_back(pair_hash(level[i], level[i + 1]));
    level = std::move(above);
    vacant = pair_hash(vacant, vacant);
  }
  return level.empty() ? vacant : level.front();
}

template <class Some>
void expect_is(const Some& table, const Twin& twin) {
  ASSERT_EQ(table.size(), twin.size());
  for (u64 i = 0; i < twin.size(); ++i) ASSERT_EQ(table[i].value, twin[i]) << i;
  EXPECT_EQ(table.find(twin.size()), nullptr);
  EXPECT_FALSE(table.contains(twin.size()));
}

TEST(MerkleTable, TheRootIsThatOfTheDefinitionAtEverySizeAroundAChunk) {
  Table table;
  Twin twin;
  EXPECT_EQ(table.root(), slow_root(twin));
  for (u64 size = 1; size <= 1'060; ++size) {
    table.push({size});
    twin.push_back(size);
    const bool edge = size <= 70 || size % 32 <= 1 || size >= 1'020;
    if (edge) ASSERT_EQ(table.root(), slow_root(twin)) << "size " << size;
  }
}

TEST(MerkleTable, TheRootIsThatOfTheDefinitionPastThreeLevelsOfChunks) {
  Table table;
  Twin twin;
  for (u64 i = 0; i < 32 * 1'024 + 3; ++i) {
    table.push({i});
    twin.push_back(i);
  }
  EXPECT_EQ(table.root(), slow_root(twin));
}

// Sometimes a gap, and a record past it.
void make_gap(Table& table, Twin& twin, std::set<u64>& touched, SeededRandom& random) {
  const u64 size = twin.size() + random.below(random.below(4) == 0 ? 3'000 : 70);
  table.extend(size);
  twin.resize(size);
  if (size == 0 || random.below(2) == 0) return;
  const u64 index = size + random.below(40);
  const u64 value = random.next();
  table.reach(index).value = value;
  twin.resize(index);
  twin.push_back(value);
  touched.insert(index);
}

// Random pushes, edits, roots and copies; each copy is looked at again at the end, and changed on its own.
template <class Some>
void play(u64 seed, u64 start, int steps) {
  SCOPED_TRACE(testing::Message() << "seed " << seed << ", from size " << start);
  SeededRandom random(seed);
  Some table;
  Twin twin;
  for (u64 i = 0; i < start; ++i) {
    table.push({i});
    twin.push_back(i);
  }
  std::vector<u64> changed;
  table.root(&changed);
  ASSERT_EQ(changed.size(), start);
  std::set<u64> touched;
  std::vector<std::pair<Some, Twin>> copies;
  for (int i = 0; i < steps; ++i) {
    const u64 value = random.next();
    if (std::is_same_v<Some, Table> && random.below(12) == 0) {
      if constexpr (std::is_same_v<Some, Table>) make_gap(table, twin, touched, random);
    } else if (twin.empty() || random.below(3) == 0) {
      touched.insert(table.push({value}));
      twin.push_back(value);
    } else {
      const u64 index = random.below(twin.size());
      table.edit(index).value = value;
      twin[index] = value;
      touched.insert(index);
    }
    if (random.below(8) == 0) copies.emplace_back(table, twin);
    if (random.below(8) != 0) continue;
    if (!touched.empty()) ASSERT_TRUE(table.dirty());
    changed.clear();
    ASSERT_EQ(table.root(&changed), slow_root(twin));
    ASSERT_EQ(changed, std::vector<u64>(touched.begin(), touched.end()))
        << "changed since the last root, ascending";
    ASSERT_FALSE(table.dirty());
    ASSERT_EQ(table.clean_root(), slow_root(twin));
    touched.clear();
  }
  ASSERT_NO_FATAL_FAILURE(expect_is(table, twin));
  for (auto& [copy, then] : copies) {
    ASSERT_NO_FATAL_FAILURE(expect_is(copy, then));
    ASSERT_EQ(copy.root(), slow_root(then));
    if (!then.empty()) copy.edit(0).value = then[0] = 1;
    copy.push({2});
    then.push_back(2);
    ASSERT_EQ(copy.root(), slow_root(then));
  }
  ASSERT_NO_FATAL_FAILURE(expect_is(table, twin));
  ASSERT_EQ(table.root(), slow_root(twin));
}

template <class Some>
void play_all() {
  for (u64 seed = 1; seed <= 6; ++seed) {
    play<Some>(seed, 0, 150);
    play<Some>(seed, 31, 100);
    play<Some>(seed, 1'022, 40);
  }
}

TEST(MerkleTable, AgreesWithAVectorThroughAnyChangesAndCopies) { play_all<Table>(); }
TEST(MerkleTable, AgreesWithAVectorWithoutKeepingTheHashesOfItsLeaves) { play_all<LeanTable>(); }

// More chunks than are rehashed at once.
TEST(MerkleTable, AllOfALargeTableIsHashedWhetherItKeepsLeavesOrNot) {
  Table table;
  LeanTable lean;
  for (u64 i = 0; i < 300 * 32 + 1; ++i) {
    table.push({i});
    lean.push({{i}});
  }
  EXPECT_EQ(table.root(), lean.root());
  for (u64 i = 0; i < table.size(); i += 37) table.edit(i).value = lean.edit(i).value = i + 1;
  std::vector<u64> changed;
  std::vector<u64> lean_changed;
  EXPECT_EQ(table.root(&changed), lean.root(&lean_changed));
  EXPECT_EQ(changed, lean_changed) << "a neighbour is hashed, and is no change";
}

TEST(MerkleTable, ProvesRecordsWhoseHashesItDoesNotKeep) {
  for (const u64 size : {u64{1}, u64{2}, u64{33}, u64{1'100}}) {
    Table table;
    LeanTable lean;
    for (u64 i = 0; i < size; ++i) {
      table.push({i * 3});
      lean.push({{i * 3}});
    }
    table.root();
    lean.root();
    for (u64 index = 0; index < size; index += index < 4 ? 1 : 31)
      EXPECT_EQ(lean.prove(index).siblings, table.prove(index).siblings) << index << " of " << size;
  }
}

TEST(MerkleTable, AGapSharesItsChunksAndIsNoChange) {
  Table table;
  table.push({7});
  table.reach(100'000).value = 9;
  EXPECT_EQ(table.size(), 100'001u);
  EXPECT_EQ(&table[32], &table[64]);
  EXPECT_EQ(&table[32], &table[99'936]) << "the whole of the gap";
  EXPECT_NE(&table[0], &table[32]) << "what was written before it";
  EXPECT_NE(&table[32], &table[100'000 - 100'000 % 32]) << "what was written after it";
  Twin twin(100'001);
  twin.front() = 7;
  twin.back() = 9;
  std::vector<u64> changed;
  EXPECT_EQ(table.root(&changed), slow_root(twin));
  EXPECT_EQ(changed, (std::vector<u64>{0, 100'000}));
  EXPECT_EQ(&table[32], &table[64]) << "hashing copies nothing";

  table.edit(40).value = twin[40] = 5;
  changed.clear();
  EXPECT_EQ(table.root(&changed), slow_root(twin));
  EXPECT_EQ(changed, std::vector<u64>{40});
  EXPECT_EQ(table[72].value, 0u) << "written in one place of the gap alone";
  EXPECT_EQ(root_from(leaf_hash(table[500]), table.prove(500)), table.clean_root());
}

TEST(MerkleTable, ATableMayBeginWithAGap) {
  Table table;
  table.extend(0);
  EXPECT_EQ(table.root(), slow_root({}));
  for (const u64 size : {u64{1}, u64{32}, u64{33}, u64{1'024}, u64{1'025}, u64{32'768}, u64{32'769}}) {
    Table began;
    began.extend(size);
    EXPECT_TRUE(began.dirty());
    EXPECT_EQ(began.root(), slow_root(Twin(size))) << size;
    table.extend(size);
    EXPECT_EQ(table.root(), began.root()) << size;
    table.extend(1);
    EXPECT_FALSE(table.dirty()) << "there are as many";
  }
}

TEST(MerkleTable, AnUnchangedCopyKeepsItsCleanRootWhileTheOriginalIsDirty) {
  Table table;
  for (u64 i = 0; i < 100; ++i) table.push({i});
  const Hash before = table.root();
  const Table copy = table;
  table.edit(50).value = 7;
  EXPECT_TRUE(table.dirty());
  EXPECT_FALSE(copy.dirty());
  EXPECT_EQ(copy.clean_root(), before);
  EXPECT_EQ(copy[50].value, 50u);
  EXPECT_NE(table.root(), before);
  table.edit(50).value = 50;
  EXPECT_EQ(table.root(), before) << "the root is of what stands, not of how it came to";
}

TEST(MerkleTable, ProvesEachRecordAndNothingElse) {
  Table table;
  for (u64 i = 0; i < 1'100; ++i) table.push({i * 3});
  const Hash root = table.root();
  for (const u64 index : {u64{0}, u64{1}, u64{31}, u64{32}, u64{1'023}, u64{1'024}, u64{1'099}}) {
    MerklePath path = table.prove(index);
    ASSERT_EQ(path.siblings.size(), 30u);
    EXPECT_EQ(root_from(leaf_hash(table[index]), path), root) << index;
    EXPECT_NE(root_from(hash_of(index * 3 + 1), path), root) << "another value";
    path.index ^= 1;
    EXPECT_NE(root_from(leaf_hash(table[index]), path), root) << "another place";
    path.index ^= 1;
    path.siblings[29].bytes[0] ^= 1;
    EXPECT_NE(root_from(leaf_hash(table[index]), path), root) << "another tree";
  }
}

TEST(MerkleTable, CopiesAreReadByOtherThreadsWhileTheOriginalChanges) {
  Table table;
  for (u64 i = 0; i < 3'000; ++i) table.push({i});
  table.root();
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 2; ++t)
    readers.emplace_back([copy = table, &wrong]() mutable {
      for (u64 i = 0; i < 3'000; ++i) wrong += copy[i].value == i ? 0 : 1;
      copy = Table{};
    });
  for (u64 i = 0; i < 3'000; ++i) table.edit(i).value = i + 1;
  table.root();
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

TEST(MerkleTableDeathTest, APlaceThatIsVacantIsNotRead) {
  Table table;
  table.push({1});
  EXPECT_DEATH((void)table[1], "out of range");
  EXPECT_DEATH((void)table.clean_root(), "unhashed");
}

}  // namespace
}  // namespace moot::ledger
