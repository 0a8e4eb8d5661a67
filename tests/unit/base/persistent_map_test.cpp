// PersistentMap against std::map, and its copies against what was copied.
#include "base/persistent_map.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <map>
#include <thread>

#include "base/random.hpp"

namespace moot {
namespace {

using Map = PersistentMap<u64, u64>;
using Twin = std::map<u64, u64>;

Twin entries_of(const Map& map) {
  Twin out;
  std::optional<u64> before;
  map.for_each([&](u64 key, u64 value) {
    EXPECT_TRUE(!before || *before < key) << "keys out of order";
    before = key;
    out.emplace(key, value);
  });
  return out;
}

std::optional<Twin::value_type> at_or_below(const Twin& twin, u64 key) {
  const auto it = twin.upper_bound(key);
  if (it == twin.begin()) return std::nullopt;
  return *std::prev(it);
}

void expect_same_answers(const Map& map, const Twin& twin, u64 key) {
  const auto found = twin.find(key);
  const u64* value = map.find(key);
  ASSERT_EQ(value != nullptr, found != twin.end()) << key;
  if (value != nullptr) ASSERT_EQ(*value, found->second);
  const auto below = at_or_below(twin, key);
  const auto* entry = map.at_or_below(key);
  ASSERT_EQ(entry != nullptr, below.has_value()) << key;
  if (entry != nullptr) ASSERT_EQ(entry->first, below->first);
}

Map packed(const Twin& twin) {
  const std::vector<Map::Entry> entries(twin.begin(), twin.end());
  return Map::from_sorted(entries);
}

// Random changes over a small and a large range of keys: the first meets equal keys and empty nodes, the second splits.
void play(u64 seed, u64 keys, int steps) {
  SCOPED_TRACE(testing::Message() << "seed " << seed << ", keys below " << keys);
  SeededRandom random(seed);
  Map map;
  Twin twin;
  std::vector<std::pair<Map, Twin>> copies;
  for (int i = 0; i < steps; ++i) {
    if (random.below(128) == 0) map = packed(twin);
    const u64 key = random.below(keys);
    if (random.below(3) == 0) {
      ASSERT_EQ(map.erase(key), twin.erase(key) == 1);
    } else {
      const u64 value = random.next();
      ASSERT_EQ(map.put(key, value), twin.insert_or_assign(key, value).second);
    }
    ASSERT_EQ(map.size(), twin.size());
    ASSERT_EQ(map.first() != nullptr, !twin.empty());
    if (!twin.empty()) ASSERT_EQ(map.first()->first, twin.begin()->first);
    ASSERT_NO_FATAL_FAILURE(expect_same_answers(map, twin, random.below(keys + 2)));
    if (i % (steps / 8) == 0) copies.emplace_back(map, twin);
  }
  EXPECT_EQ(entries_of(map), twin);
  for (const auto& [copy, then] : copies) EXPECT_EQ(entries_of(copy), then);
}

TEST(PersistentMap, AnswersAsAnOrderedMapDoes) {
  for (u64 seed = 1; seed <= 4; ++seed) {
    play(seed, 16, 2'000);
    play(seed, 400, 4'000);
    play(seed, ~u64{0} - 2, 8'000);
  }
}

TEST(PersistentMap, IsMadeOfSortedEntries) {
  for (const u64 size : {0, 1, 27, 28, 29, 784, 785, 30'000}) {
    Twin twin;
    for (u64 key = 0; key < size; ++key) twin.emplace(3 * key + 1, key);
    const Map map = packed(twin);
    EXPECT_EQ(map.size(), size);
    EXPECT_EQ(entries_of(map), twin);
    for (u64 key = 0; key < 3 * size + 3; key += 1 + size / 50) expect_same_answers(map, twin, key);
  }
}

TEST(PersistentMap, KeepsItsOrderWhenFilledFromEitherEnd) {
  for (const bool upwards : {true, false}) {
    Map map;
    Twin twin;
    for (u64 i = 0; i < 5'000; ++i) {
      const u64 key = upwards ? i : 5'000 - i;
      map.put(key, i);
      twin[key] = i;
    }
    EXPECT_EQ(entries_of(map), twin);
    for (u64 key = 0; key <= 5'000; ++key) EXPECT_EQ(map.erase(key), twin.erase(key) == 1);
    EXPECT_TRUE(map.empty());
    EXPECT_EQ(map.first(), nullptr);
  }
}

TEST(PersistentMap, FetchingAnyKeysAtAnyDepthChangesNothing) {
  PersistentMap<u64, u64> map;
  const std::vector<u64> keys{0, 1, 2, 39, 1'000, 19'999, 20'000, ~u64{0}};
  map.fetch(keys);
  for (u64 i = 0; i < 10'000; ++i) {
    map.put(2 * i, i);
    if (i == 0 || i == 40 || i == 2'000) map.fetch(keys);
  }
  map.fetch(keys);
  map.fetch({});
  EXPECT_EQ(map.size(), 10'000u);
  for (u64 i = 0; i < 10'000; ++i) ASSERT_EQ(*map.find(2 * i), i);
}

TEST(PersistentMap, CopiesAreReadByOtherThreadsWhileTheOriginalChanges) {
  Map map;
  for (u64 key = 0; key < 2'000; ++key) map.put(key, key);
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 2; ++t)
    readers.emplace_back([copy = map, &wrong]() mutable {
      for (u64 key = 0; key < 2'000; ++key) {
        const u64* value = copy.find(key);
        if (value == nullptr || *value != key) ++wrong;
      }
      copy = Map{};
    });
  for (u64 key = 0; key < 2'000; ++key) map.put(key, key + 1);
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(*map.find(7), 8u);
}

}  // namespace
}  // namespace moot
