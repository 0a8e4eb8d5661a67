#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "bench/goals/goals.hpp"

namespace moot::bench {
namespace {

constexpr const char* kHelp =
    "moot_goals [--quick] [--json] [--ballots N] [--only GOAL]... [MEMBERS...]\n"
    "Measures the speed goals at each number of members (default: 18000 1000000), beside the limits of this "
    "machine.\n"
    "Ends with 1 when a floor is not met, and names the rows.\n"
    "  --quick      18000 members and 36000 ballots; rows that depend on the clock inform and cannot fail\n"
    "  --json       one JSON object at the end instead of the table\n"
    "  --ballots N  how many a real mootd takes at each size (default 1000000)\n"
    "  --only GOAL  this one, such as G12; may be repeated\n"
    "Progress goes to standard error.\n";

// A genesis file grows to 2 GiB at ten million members; above this many a node is measured without one, in this process.
constexpr u64 kMaxDaemonMembers = 2'000'000;

std::optional<u64> number(const char* text, u64 least) {
  char* end = nullptr;
  const u64 value = std::strtoull(text, &end, 10);
  if (end == text || *end != '\0' || value < least) return std::nullopt;
  return value;
}

// Nothing when the words make no sense.
std::optional<Options> read(int argc, char** argv) {
  Options out;
  bool ballots_given = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--quick") {
      out.quick = true;
    } else if (word == "--json") {
      out.json = true;
    } else if (word == "--only" && i + 1 < argc) {
      out.only.emplace_back(argv[++i]);
    } else if (word == "--ballots" && i + 1 < argc) {
      const auto ballots = number(argv[++i], 18'000);
      if (!ballots) return std::nullopt;
      out.ballots = *ballots;
      ballots_given = true;
    } else {
      const auto members = number(argv[i], 1'000);
      if (!members) return std::nullopt;
      out.members.push_back(*members);
    }
  }
  if (out.quick && !ballots_given) out.ballots = 36'000;
  if (out.members.empty() && out.quick) out.members = {18'000};
  if (out.members.empty()) out.members = {18'000, 1'000'000};
  return out;
}

void measure(Table& table, const Options& options, const Limits& limits, u64 members) {
  if (options.wants({"G4", "G5", "G6", "G10", "G16"})) ledger_goals(table, limits, members);
  if (options.wants({"G8", "G8b"})) payout_goals(table, members);
  if (options.wants({"G3", "G4"})) replay_goals(table, members);
  if (options.wants({"G11", "G13"})) node_goals(table, members);
  if (!options.wants({"G1", "G10", "G11", "G12", "G14"})) return;
  if (members <= kMaxDaemonMembers)
    daemon_goals(table, options, members);
  else
    progress("no mootd of " + std::to_string(members) + " members: its genesis file would be too large");
}

}  // namespace
}  // namespace moot::bench

int main(int argc, char** argv) {
  using namespace moot::bench;
  if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  const auto options = read(argc, argv);
  if (!options) {
    std::fputs(kHelp, stderr);
    return 2;
  }
  const Limits limits = measure_limits();
  Table table(*options);
  table.heading(limits);
  if (options->wants({"cnt"})) counter_goals(table);
  for (const moot::u64 members : options->members) measure(table, *options, limits, members);
  table.add_slopes();
  table.finish();
  return table.floors_met() ? 0 : 1;
}
