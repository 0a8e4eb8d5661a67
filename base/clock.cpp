#include "base/clock.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/check.hpp"

namespace moot {

TimeMs SystemClock::now_ms() const {
  using std::chrono::duration_cast;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  const auto count = duration_cast<std::chrono::milliseconds>(since_epoch).count();
  MOOT_CHECK(count >= 0, "the machine's clock stands before 1970");
  return TimeMs{static_cast<u64>(count)};
}

u64 SystemClock::steady_ns() const {
  const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<u64>(std::chrono::duration_cast<std::chrono::nanoseconds>(since_start).count());
}

void ManualClock::advance(DurationMs by) {
  now_ms_.fetch_add(by.raw());
  steady_ns_.fetch_add(by.raw() * kMillion);
}

std::string to_iso8601(TimeMs time) {
  // Civil date from a day count, in eras of 400 years beginning on 1 March so that the leap day comes last.
  constexpr u64 kDaysToEpoch = 719'468;  // from 0000-03-01 to 1970-01-01
  constexpr u64 kEraDays = 146'097;
  const u64 days = time.raw() / kDayMs + kDaysToEpoch;
  const u64 era = days / kEraDays;
  const u64 day_of_era = days % kEraDays;
  const u64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const u64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const u64 shifted_month = (5 * day_of_year + 2) / 153;  // March is 0
  const u64 day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const u64 month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const u64 year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const u64 ms = time.raw() % kDayMs;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", year, month, day, ms / 3'600'000,
                     ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace moot
