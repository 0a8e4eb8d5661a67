#include "tests/support/counters/exact_counts.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace moot::test {
namespace {

// What needs no clock needs no bench: a ballot's cost in countable things is held here.
TEST(ExactCounts, AreWithinTheirBounds) {
  const auto scratch = std::filesystem::temp_directory_path() / ("moot-counts-" + std::to_string(::getpid()));
  for (const ExactCount& count : exact_counts(scratch)) {
    EXPECT_LE(count.value, count.most) << count.what << ": " << count.beside;
    EXPECT_GE(count.value, count.least) << count.what << ": " << count.beside;
    std::cout << count.what << ": " << count.value << " (" << count.beside << ")\n";
  }
  std::filesystem::remove_all(scratch);
}

}  // namespace
}  // namespace moot::test
