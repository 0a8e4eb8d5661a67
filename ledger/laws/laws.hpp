// The ledger's laws (rules.md §7): what must hold after every block, whatever the transactions were. They
// share no code with the handlers whose mistakes they catch.
//
// After each block, in production, a law looks at what the block changed: counters against the sum of the
// touched leaves' changes, O(touched). The auditor asks for the full sums, O(state). A breach is our own bug:
// a proposed block that has one is voted null, and a final one stops the node.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/state.hpp"

namespace moot::ledger {

struct LawBreach {
  // The name in all_laws(); or "rules": the block needs rules that are not known here (2.4).
  std::string_view law;
  std::string what;  // one sentence, with ids and numbers
};

// A block's two ends and what it touched.
struct Step {
  const State& before;
  const State& after;
  const Changes& changes;
};

class Findings {
 public:
  explicit Findings(std::string_view law) : law_(law) {}
  void add(std::string what) { breaches_.push_back({law_, std::move(what)}); }
  void expect(bool holds, std::string_view what, u64 id) {
    if (!holds) add(std::string(what) + " (id " + std::to_string(id) + ")");
  }
  [[nodiscard]] const std::vector<LawBreach>& breaches() const { return breaches_; }

 private:
  std::string_view law_;
  std::vector<LawBreach> breaches_;
};

struct Law {
  std::string_view name;
  void (*after_block)(const Step& step, Findings& findings);
  void (*full_sums)(const State& state, Findings& findings);  // null where one state alone says nothing
};

extern const Law kMoneyLaw;     // supplies, counters and leaves
extern const Law kPayoutLaw;    // records, what remains of them, settlement
extern const Law kRegisterLaw;  // units, totals, members, delegated power, and their past
extern const Law kTallyLaw;     // tallies against electorates
extern const Law kSequenceLaw;  // nothing happens twice, backwards or outside its window
extern const Law kAccountLaw;   // addresses, nonces, and who may spend
std::span<const Law* const> all_laws();

// Empty when every law holds. `changes` is what state_root(after) found changed since `before`.
std::vector<LawBreach> check_laws(const State& before, const State& after, const Changes& changes);
std::vector<LawBreach> check_full_sums(const State& state);

// ---- for the laws themselves ----

// visit(index, record before or null, record after) for each touched record.
template <class Record, class Visit>
void for_touched(const MerkleTable<Record>& before, const MerkleTable<Record>& after,
                 const std::vector<u64>& touched, Visit&& visit) {
  for (const u64 index : touched) visit(index, before.find(index), after[index]);
}

// visit(index, record) for each of these records, which lie far apart: each is fetched while the ones before it are visited.
template <class Record, class Visit>
void for_each_fetched(const MerkleTable<Record>& table, const std::vector<u64>& indices, Visit&& visit) {
  constexpr std::size_t kAhead = 16;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (i % kAhead == 0) {
      const auto next = std::span(indices).subspan(i, std::min(kAhead, indices.size() - i));
      for (const u64 index : next) table.prefetch(index);
    }
    visit(indices[i], table[indices[i]]);
  }
}

// True for a proposal that this block executed.
inline bool executed_here(const Step& step, const Proposal& after) {
  return after.state == ProposalState::executed && after.executed == step.after.height();
}

}  // namespace moot::ledger
