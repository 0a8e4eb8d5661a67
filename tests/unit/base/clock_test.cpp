#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace moot {
namespace {

TEST(ManualClock, StandsStillUntilMoved) {
  ManualClock clock(TimeMs{1000});
  EXPECT_EQ(clock.now_ms(), TimeMs{1000});
  clock.advance(DurationMs{5});
  EXPECT_EQ(clock.now_ms(), TimeMs{1005});
  EXPECT_EQ(clock.steady_ns(), 5'000'000u);
}

TEST(ManualClock, KeepsSteadyTimeWhenTheWallIsSetBack) {
  ManualClock clock(TimeMs{1000});
  clock.advance(DurationMs{5});
  clock.set_wall(TimeMs{10});
  EXPECT_EQ(clock.now_ms(), TimeMs{10});
  EXPECT_EQ(clock.steady_ns(), 5'000'000u);
}

TEST(SystemClock, IsAfterThisWasWrittenAndNeverSteadilyGoesBack) {
  const SystemClock clock;
  EXPECT_GT(clock.now_ms(), TimeMs{1'700'000'000'000});
  EXPECT_LT(clock.now_ms(), TimeMs{10'000'000'000'000});
  const u64 before = clock.steady_ns();
  EXPECT_GE(clock.steady_ns(), before);
}

TEST(Iso8601, WritesKnownInstants) {
  const struct {
    u64 ms;
    const char* text;
  } table[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {951'782'400'000, "2000-02-29T00:00:00.000Z"},
      {951'868'799'999, "2000-02-29T23:59:59.999Z"},
      {951'868'800'000, "2000-03-01T00:00:00.000Z"},
      {1'769'850'300'250, "2026-01-31T09:05:00.250Z"},
      {4'107'542'399'999, "2100-02-28T23:59:59.999Z"},
      {4'107'542'400'000, "2100-03-01T00:00:00.000Z"},
      {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
  };
  for (const auto& [ms, text] : table) EXPECT_EQ(to_iso8601(TimeMs{ms}), text);
}

}  // namespace
}  // namespace moot
