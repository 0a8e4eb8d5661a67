#include "base/units.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <type_traits>

namespace moot {
namespace {

TEST(Quantity, MixesOnlyWithItsOwnKind) {
  EXPECT_FALSE((std::is_convertible_v<u64, Units>));
  EXPECT_FALSE((std::is_convertible_v<Units, u64>));
  EXPECT_FALSE((std::is_convertible_v<Units, Power>));
  EXPECT_FALSE((std::is_constructible_v<MemberId, AccountId>));
}

TEST(Quantity, GivesNothingWhereASumWouldNotFit) {
  constexpr u64 most = ~u64{0};
  EXPECT_EQ(Units{most - 1}.checked_add(Units{1}), Units{most});
  EXPECT_FALSE(Units{most}.checked_add(Units{1}));
  EXPECT_FALSE(Units{most}.checked_add(Units{most}));
  EXPECT_EQ(Amount{kMaxU128 - 1}.checked_add(Amount{1}), Amount{kMaxU128});
  EXPECT_FALSE(Amount{kMaxU128}.checked_add(Amount{1}));
  EXPECT_FALSE(Ppm{~u32{0}}.checked_add(Ppm{1}));
}

TEST(Quantity, GivesNothingWhereADifferenceWouldFallBelowZero) {
  EXPECT_EQ(Units{5}.checked_sub(Units{5}), Units{0});
  EXPECT_FALSE(Units{5}.checked_sub(Units{6}));
  EXPECT_FALSE(Amount{0}.checked_sub(Amount{1}));
}

TEST(Later, TheEndOfTimeDoesNotWrap) {
  EXPECT_EQ(later(TimeMs{1}, DurationMs{2}), TimeMs{3});
  EXPECT_EQ(later(TimeMs{~u64{0} - 1}, DurationMs{5}), TimeMs{~u64{0}});
}

RC_GTEST_PROP(Quantity, SubtractsWhatItAdded, (u64 a, u64 b)) {
  const auto sum = Units{a}.checked_add(Units{b});
  RC_ASSERT(sum.has_value() == (b <= ~u64{0} - a));
  if (sum) RC_ASSERT(sum->checked_sub(Units{b}) == Units{a});
}

}  // namespace
}  // namespace moot
