// Time, as something lent to whoever may ask for it. Ledger and consensus may not: time reaches them as an input
// (scripts/check_determinism holds them to it).
#pragma once

#include <atomic>
#include <string>

#include "base/units.hpp"

namespace moot {

// Thread-safe. Wall time may jump either way; steady time never goes back and has no meaning across processes.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual TimeMs now_ms() const = 0;  // since the Unix epoch
  [[nodiscard]] virtual u64 steady_ns() const = 0;  // since an unspecified start
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimeMs now_ms() const override;
  [[nodiscard]] u64 steady_ns() const override;
};

// A clock that stands still until it is moved: for tests, and for playing a story faster than it happened.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimeMs start) : now_ms_(start.raw()) {}

  [[nodiscard]] TimeMs now_ms() const override { return TimeMs{now_ms_.load()}; }
  [[nodiscard]] u64 steady_ns() const override { return steady_ns_.load(); }

  // Time passes: both readings move. The sum must fit 64 bits.
  void advance(DurationMs by);
  // Somebody sets the wall clock, possibly back; steady time does not notice.
  void set_wall(TimeMs now) { now_ms_.store(now.raw()); }

 private:
  std::atomic<u64> now_ms_;
  std::atomic<u64> steady_ns_{0};
};

// 2026-01-31T09:05:00.250Z. Times past the year 9999 keep their longer year.
std::string to_iso8601(TimeMs time);

}  // namespace moot
