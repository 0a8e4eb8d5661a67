// History against a plain map of heights, and its head against the definition (rules.md §3.4).
#include "ledger/history.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/random.hpp"
#include "crypto/sha256.hpp"

namespace moot::ledger {
namespace {

using Twin = std::map<u64, u64>;  // height → value written then

u64 at(const Twin& twin, u64 height) {
  const auto after = twin.upper_bound(height);
  return after == twin.begin() ? 0 : std::prev(after)->second;
}

// head = TH("moot/hist", previous head ‖ height ‖ value), from 32 zero bytes.
Hash head_of(std::span<const Checkpoint> points) {
  Hash head;
  for (const Checkpoint& point : points) {
    Writer out;
    out.put(head);
    out.put(point.height);
    out.put(point.value);
    head = crypto::tagged_hash("moot/hist", out.view());
  }
  return head;
}

void expect_is(const History& history, const Twin& twin, u64 up_to) {
  for (u64 height = 0; height <= up_to; ++height)
    ASSERT_EQ(history.at(Height{height}), at(twin, height)) << "height " << height;
  ASSERT_EQ(history.last(), twin.empty() ? 0 : twin.rbegin()->second);
  ASSERT_EQ(history.empty(), twin.empty());
  const auto points = history.checkpoints();
  ASSERT_TRUE(std::ranges::is_sorted(points, {}, &Checkpoint::height));
  ASSERT_EQ(history.head(), head_of(points));
  if (!points.empty()) ASSERT_EQ(history.last_height(), points.back().height);
}

TEST(History, AnswersForEveryHeightAndCopiesStayAsTheyWere_3_4) {
  for (u64 seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    SeededRandom random(seed);
    History history;
    Twin twin;
    std::vector<std::pair<History, Twin>> copies;
    u64 height = random.below(2);
    for (int i = 0; i < 60; ++i) {
      height += random.below(4);
      const u64 value = random.below(3);
      history.set(Height{height}, value);
      twin[height] = value;
      if (random.below(6) == 0) copies.emplace_back(history, twin);
    }
    ASSERT_NO_FATAL_FAILURE(expect_is(history, twin, height + 2));
    for (const auto& [copy, then] : copies) ASSERT_NO_FATAL_FAILURE(expect_is(copy, then, height + 2));

    // A copy may go its own way.
    auto& [branch, then] = copies.front();
    branch.set(Height{height + 1}, 77);
    then[height + 1] = 77;
    ASSERT_NO_FATAL_FAILURE(expect_is(branch, then, height + 2));
    ASSERT_NO_FATAL_FAILURE(expect_is(history, twin, height + 2));
  }
}

TEST(History, WritingTheValueThatStandsAddsNothing) {
  History history;
  history.set(Height{3}, 5);
  const History before = history;
  history.set(Height{4}, 5);
  history.set(Height{9}, 5);
  EXPECT_EQ(history, before);
  history.set(Height{10}, 6);
  EXPECT_EQ(history.checkpoints(), (std::vector<Checkpoint>{{3, 5}, {10, 6}}));
}

TEST(History, TheLastWriteOfABlockStands_2_1) {
  History history;
  history.set(Height{3}, 5);
  history.set(Height{3}, 7);
  EXPECT_EQ(history.checkpoints(), (std::vector<Checkpoint>{{3, 7}}));
}

TEST(History, AValueThatChangesAndChangesBackInOneBlockHasACheckpointThere_2_1) {
  History history;
  history.set(Height{3}, 5);
  history.set(Height{8}, 7);
  history.set(Height{8}, 5);
  EXPECT_EQ(history.checkpoints(), (std::vector<Checkpoint>{{3, 5}, {8, 5}}));
}

TEST(History, KeepsAZeroThatWasWritten) {
  History history;
  history.set(Height{2}, 0);
  EXPECT_FALSE(history.empty());
  EXPECT_NE(history.head(), Hash{}) << "written as zero is not never written";
}

TEST(HistoryDeathTest, GoesForwardOnly) {
  History history;
  history.set(Height{5}, 1);
  EXPECT_DEATH(history.set(Height{4}, 2), "forward");
}

TEST(History, HasOneEncoding) {
  SeededRandom random(7);
  History history;
  for (u64 height = 1; height < 40; height += 1 + random.below(3)) {
    const Bytes bytes = encoded(history);
    const auto again = decoded<History>(bytes);
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(*again, history);
    EXPECT_EQ(again->head(), history.head());
    EXPECT_EQ(encoded(*again), bytes);
    history.set(Height{height}, random.next());
  }
}

TEST(History, RefusesCheckpointsOutOfOrder) {
  const auto bytes = [](u64 first, u64 second) {
    Writer out;
    out.put(Hash{});
    out.put(u32{2});
    for (const u64 value : {first, u64{1}, second, u64{2}}) out.put(value);
    return out.take();
  };
  EXPECT_TRUE(decoded<History>(bytes(3, 4)).has_value());
  EXPECT_FALSE(decoded<History>(bytes(4, 4)).has_value());
  EXPECT_FALSE(decoded<History>(bytes(5, 4)).has_value());
}

}  // namespace
}  // namespace moot::ledger
