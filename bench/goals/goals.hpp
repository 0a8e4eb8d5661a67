// The speed goals, measured: one program that prints one table, each figure beside the limit measured in the same run
// (docs/speed.md says what each row means).
//
// A row asserts the answer of what it timed: a benchmark of a wrong result ends the program.
#pragma once

#include <chrono>
#include <functional>
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

// What this machine can do, measured in this run.
struct Limits {
  double verify = 0;   // V1: plain verifications with a parsed key a second, one core
  double recover = 0;  // recoveries with the address a second, one core: the ledger's own rule
  unsigned cores = 1;  // C
};
Limits measure_limits();

// How a goal reads: a value that should be at least (higher is better) or at most its marks.
enum class Better { higher, lower };

struct Row {
  std::string goal;  // "G4"
  std::string what;
  double value = 0;
  std::string unit;
  Better better = Better::higher;
  double floor = 0;
  double target = 0;
  std::string limit;  // what it was divided by, or measured beside
};

class Table {
 public:
  // Prints the row at once, so that a long run shows where it is.
  void add(const Row& row);
  [[nodiscard]] bool floors_met() const { return below_.empty(); }
  void print_summary() const;

 private:
  std::vector<std::string> below_;
};

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
void replay_goals(Table& table, const Limits& limits, u64 members);
void node_goals(Table& table, const Limits& limits, u64 members);

}  // namespace moot::bench
