#include "base/small_list.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/random_value.hpp"

namespace moot {
namespace {

template <std::uint32_t N>
void expect_same(const SmallList<std::string, N>& list, const std::vector<std::string>& model) {
  ASSERT_EQ(list.size(), model.size());
  EXPECT_EQ(list.empty(), model.empty());
  EXPECT_TRUE(std::equal(list.begin(), list.end(), model.begin(), model.end()));
}

// One step in the life of a list, done to a vector as well.
template <std::uint32_t N>
void step(test::Random& random, SmallList<std::string, N>& list, std::vector<std::string>& model) {
  const std::string item = "an element of its own on the heap, number " + std::to_string(random.below(1'000));
  const u64 at = random.below(model.size() + 1);
  switch (random.below(6)) {
    case 0:
    case 1:
      EXPECT_EQ(*list.insert(list.begin() + at, item), item);
      model.insert(model.begin() + static_cast<std::ptrdiff_t>(at), item);
      break;
    case 2:
      EXPECT_EQ(list.emplace_back(item), item);
      model.push_back(item);
      break;
    case 3:
      if (at == model.size()) break;
      list.erase(list.begin() + at);
      model.erase(model.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 4: {
      SmallList<std::string, N> copy = list;
      expect_same(list, model);
      list = std::move(copy);
      expect_same(copy, {});  // NOLINT(bugprone-use-after-move): a list that was moved from is empty
      break;
    }
    default:
      if (random.below(8) != 0) break;
      list.clear();
      model.clear();
  }
}

template <std::uint32_t N>
void live(u64 seed) {
  test::Random random(seed);
  SmallList<std::string, N> list;
  std::vector<std::string> model;
  for (int i = 0; i < 2'000; ++i) {
    step(random, list, model);
    expect_same(list, model);
    if (!model.empty()) {
      EXPECT_EQ(list.front(), model.front());
      EXPECT_EQ(list.back(), model.back());
    }
  }
}

TEST(SmallList, DoesWhatAVectorDoes) {
  for (const u64 seed : {1, 2, 3}) {
    live<0>(seed);
    live<1>(seed);
    live<3>(seed);
  }
}

TEST(SmallList, ExpectedElementsStandInTheObject) {
  SmallList<u64, 1> list{7};
  const auto* const object = reinterpret_cast<const std::byte*>(&list);
  const auto* const first = reinterpret_cast<const std::byte*>(list.begin());
  EXPECT_TRUE(first >= object && first < object + sizeof list);
  EXPECT_EQ(sizeof list, 16U);
  EXPECT_EQ(sizeof(SmallList<u128, 0>), 16U) << "no room is set aside for an element's alignment";
}

TEST(SmallList, ACopyIsItsOwn) {
  SmallList<std::string, 1> one{"a", "b", "c"};
  SmallList<std::string, 1> two = one;
  EXPECT_EQ(one, two);
  two[1] = "other";
  EXPECT_EQ(one[1], "b");
  EXPECT_FALSE(one == two);
  one = two;
  EXPECT_EQ(one, two);
  const auto& alias = one;
  one = alias;
  EXPECT_EQ(one, two) << "a list may be given to itself";
}

}  // namespace
}  // namespace moot
