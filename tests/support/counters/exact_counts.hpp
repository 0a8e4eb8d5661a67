// The exact counters (docs/speed.md): what a ballot, a block, a payout and a proof cost in countable things. They depend on no
// clock, so they are held in ordinary CI, and scripts/bench shows the same numbers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/units.hpp"

namespace moot::test {

struct ExactCount {
  std::string what;
  double value = 0;
  double least = 0;  // both bounds are part of what is allowed
  double most = 0;
  std::string beside;  // how it was counted
};

// Runs a node in this process, in a folder under `scratch`, and counts over its ballots; then counts what payouts and proofs
// take on ledgers of two sizes. Asserts its answers.
std::vector<ExactCount> exact_counts(const std::filesystem::path& scratch);

}  // namespace moot::test
