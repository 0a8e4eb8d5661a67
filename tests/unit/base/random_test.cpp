#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace moot {
namespace {

TEST(RandomBytes, AreNeverTheSameTwice) {
  std::set<std::array<u8, 32>> seen;
  for (int i = 0; i < 100; ++i) seen.insert(random_array<32>());
  EXPECT_EQ(seen.size(), 100u);
}

TEST(RandomBytes, FillTheWholeSpanAndNothingBeyond) {
  std::vector<u8> bytes(5000, 0);
  random_bytes(std::span(bytes).first(4999));
  EXPECT_EQ(bytes.back(), 0);
  // A run of 16 zero bytes would come up once in 2^128 draws for each place.
  const std::vector<u8> zeros(16, 0);
  EXPECT_EQ(std::search(bytes.begin(), bytes.end() - 1, zeros.begin(), zeros.end()), bytes.end() - 1);
}

// Published first outputs of SplitMix64 for this seed.
TEST(SeededRandom, IsSplitMix64) {
  SeededRandom random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
}

TEST(SeededRandom, RepeatsItselfFromTheSameSeed) {
  SeededRandom first(7);
  SeededRandom second(7);
  SeededRandom other(8);
  std::vector<u8> a(100), b(100), c(100);
  first.fill(a);
  second.fill(b);
  other.fill(c);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
}

TEST(SeededRandom, StaysBelowItsBoundAndReachesEveryValue) {
  SeededRandom random(1);
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) {
    const u64 drawn = random.below(7);
    ASSERT_LT(drawn, 7u);
    ++seen[drawn];
  }
  for (const int count : seen) EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace moot
