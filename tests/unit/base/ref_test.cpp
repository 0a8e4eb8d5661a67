#include "base/ref.hpp"

#include <gtest/gtest.h>

#include <string>

namespace moot {
namespace {

// Counts its living copies, to show that none is left over and none is freed twice.
struct Counted {
  static inline int alive = 0;
  std::string text = "a";
  Counted() { ++alive; }
  Counted(const Counted& other) : text(other.text) { ++alive; }
  Counted(Counted&& other) noexcept : text(std::move(other.text)) { ++alive; }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) = default;
  ~Counted() { --alive; }
};

TEST(Ref, ChangesAnUnsharedNodeInPlaceAndCopiesASharedOne) {
  auto one = Ref<Counted>::make();
  const Counted* place = &*one;
  one.unique().text = "b";
  EXPECT_EQ(&*one, place);

  const Ref<Counted> two = one;
  EXPECT_TRUE(one.same(two));
  one.unique().text = "c";
  EXPECT_FALSE(one.same(two));
  EXPECT_EQ(two->text, "b");
  EXPECT_EQ(one->text, "c");
}

TEST(Ref, FreesEachNodeOnce) {
  {
    auto one = Ref<Counted>::make();
    auto two = one;
    auto three = std::move(one);
    EXPECT_FALSE(static_cast<bool>(one));  // NOLINT(bugprone-use-after-move): moved-from is empty by contract
    two.unique().text = "x";
    three = two;
    auto& same = three;
    three = same;
    EXPECT_EQ(three->text, "x");
    EXPECT_EQ(Counted::alive, 1);
  }
  EXPECT_EQ(Counted::alive, 0);
}

TEST(Cow, IsTheSameUntilOneIsEdited) {
  Cow<Counted> one;
  Cow<Counted> two = one;
  EXPECT_TRUE(one.same(two));
  two.edit().text = "z";
  EXPECT_FALSE(one.same(two));
  EXPECT_EQ(one->text, "a");
}

}  // namespace
}  // namespace moot
