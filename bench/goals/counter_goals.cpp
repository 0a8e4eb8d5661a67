// The exact counters, which ordinary CI holds too (tests/unit/node/engine/exact_counts_test.cpp).
#include <unistd.h>

#include <filesystem>

#include "bench/goals/goals.hpp"
#include "tests/support/counters/exact_counts.hpp"

namespace moot::bench {

void counter_goals(Table& table) {
  progress("exact counters");
  const auto scratch = std::filesystem::temp_directory_path() / ("moot-goals-" + std::to_string(::getpid()));
  for (const test::ExactCount& count : test::exact_counts(scratch)) {
    MOOT_CHECK(count.value >= count.least, "no counter is below what it must be");
    table.add({.goal = "cnt",
               .what = count.what,
               .value = count.value,
               .unit = "",
               .better = Better::lower,
               .floor = count.most,
               .target = count.most,
               .limit = count.beside,
               .work = std::nullopt});
  }
  std::filesystem::remove_all(scratch);
}

}  // namespace moot::bench
