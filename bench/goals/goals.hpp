// The speed goals, measured: one program that prints one table, each figure beside the limit measured in the same run
// (docs/speed.md says what each row means).
//
// A row asserts the answer of what it timed: a benchmark of a wrong result ends the program.
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/check.hpp"
#include "ledger/initial_state.hpp"

namespace moot::bench {

using Seconds = double;  // the benchmarks may use floating point: nothing of theirs is on a ledger

inline Seconds timed(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// What was asked for on the command line.
struct Options {
  std::vector<u64> members;       // sizes, in the order given
  u64 ballots = 1'000'000;        // that a real mootd takes at each size
  std::vector<std::string> only;  // goals to measure; empty: all
  bool quick = false;             // rows that depend on the clock inform, and end nothing
  bool json = false;

  [[nodiscard]] bool wants(std::initializer_list<const char*> goals) const;
};

// A word on standard error of what is under way.
void progress(const std::string& what);
__attribute__((format(printf, 1, 2))) std::string text(const char* format, ...);

// What this machine can do, measured in this run.
struct Limits {
  double verify = 0;   // V1: plain verifications with a parsed key a second, one core, by libsecp256k1
  double library = 0;  // recoveries with the address a second, one core, by libsecp256k1
  double recover = 0;  // the same as nodes and auditors do it: many at once where the processor can
  unsigned cores = 1;  // C
};
Limits measure_limits();
// Of limits measured before and after a workload, so that a machine that changes its pace changes both.
Limits mean(const Limits& before, const Limits& after);

// How a goal reads: a value that should be at least (higher is better) or at most its marks.
enum class Better { higher, lower };

struct Row {
  std::string goal;  // "G4"
  std::string what;
  u64 members = 0;  // 0: whatever the size
  double value = 0;
  std::string unit;
  Better better = Better::higher;
  double floor = 0;
  double target = 0;
  std::string limit;   // what it was divided by, or measured beside
  bool clock = false;  // timed: another run gives another value
  // Seconds that the whole work takes at this size. Two sizes give a slope on log-log paper, which has a floor of its own.
  std::optional<Seconds> work;
};

class Table {
 public:
  explicit Table(const Options& options) : options_(options) {}

  void heading(const Limits& limits);
  // Prints the row at once, so that a long run shows where it is.
  void add(const Row& row);
  // How the time of each timed work grows from the smallest size to the largest.
  void add_slopes();
  // The verdict; with --json, everything.
  void finish() const;
  [[nodiscard]] bool floors_met() const { return below_.empty(); }

 private:
  void print(const Row& row, const char* verdict) const;
  void print_json() const;

  const Options& options_;
  Limits limits_;
  std::vector<Row> rows_;
  std::vector<std::string> below_;
};

// G11 grows with the members; small ledgers have a second.
inline double restart_floor(u64 members) { return std::max(1.0, 5e-6 * static_cast<double>(members)); }
inline double restart_target(u64 members) { return std::max(0.5, 2e-6 * static_cast<double>(members)); }

// A ledger with `members` members of 1…1000 units each (fixed by their number) and no history, without keys.
struct BigLedger {
  ledger::State state;
  ledger::SigningContext signing;
  StateRoot root;
};
BigLedger big_ledger(u64 members);
Address member_address(u64 member);

// A proposal that takes ballots, opened on `ledger`.
struct OpenVote {
  ledger::State state;
  ProposalId proposal;
};
OpenVote open_vote(const BigLedger& big, bool vote_change = false);
// An unsigned ballot as the executor takes it: for measuring everything but signatures.
ledger::VerifiedTransaction ballot_of(const BigLedger& big, const OpenVote& vote, u64 member,
                                      ledger::Choice choice);

void ledger_goals(Table& table, const Limits& limits, u64 members);
void payout_goals(Table& table, u64 members);
void replay_goals(Table& table, u64 members);
void node_goals(Table& table, u64 members);
void daemon_goals(Table& table, const Options& options, u64 members);
void counter_goals(Table& table);

}  // namespace moot::bench
