#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bench/goals/goals.hpp"

namespace {

constexpr const char* kHelp =
    "moot_goals [MEMBERS ...]\n"
    "Measures the speed goals at each number of members (default: 18000 1000000), beside the limits of this "
    "machine.\n"
    "Ends with 1 when a floor is not met.\n";

}  // namespace

int main(int argc, char** argv) {
  using namespace moot::bench;
  std::vector<moot::u64> scales;
  for (int i = 1; i < argc; ++i) {
    char* end = nullptr;
    const moot::u64 members = std::strtoull(argv[i], &end, 10);
    if (*end != '\0' || members < 1'000) {
      std::fputs(kHelp, std::strcmp(argv[i], "--help") == 0 ? stdout : stderr);
      return std::strcmp(argv[i], "--help") == 0 ? 0 : 2;
    }
    scales.push_back(members);
  }
  if (scales.empty()) scales = {18'000, 1'000'000};

  const Limits limits = measure_limits();
  std::printf(
      "limits: V1 %.0f verifications/s a core, recovery with address %.0f/s a core (%.2f of V1), %u cores\n",
      limits.verify, limits.recover, limits.recover / limits.verify, limits.cores);
  Table table;
  for (const moot::u64 members : scales) {
    ledger_goals(table, limits, members);
    payout_goals(table, members);
    replay_goals(table, limits, members);
    node_goals(table, limits, members);
  }
  table.print_summary();
  return table.floors_met() ? 0 : 1;
}
