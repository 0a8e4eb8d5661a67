// What the story's numbers must be, computed from the plan by definition and with none of the ledger's code: a node that
// answers otherwise is wrong, or this is.
#pragma once

#include <array>
#include <span>

#include "base/bytes.hpp"
#include "wallet/example/plan.hpp"

namespace moot::wallet::example {

struct Counts {
  u64 against = 0;
  u64 in_favour = 0;
  u64 abstain = 0;
  [[nodiscard]] u64 cast() const { return against + in_favour + abstain; }
  friend bool operator==(const Counts&, const Counts&) = default;
};

struct ExpectedTally {
  Counts counted;  // own ballots, and those of delegates for who cast none
  Counts own;
  u64 ballots = 0;    // members with a ballot of their own
  u64 overrides = 0;  // of those, whose delegate voted too
  u64 delegated = 0;  // members for whom a delegate's ballot counts
  u64 electorate = 0;
};
// `ballots` in any order: of one member's, the highest revision counts. `weights` by member.
ExpectedTally count_votes(std::span<const PlannedBallot> ballots,
                          std::span<const std::optional<u64>> delegates, std::span<const u64> weights);

// The shares of `amount`: floors, and one more for the largest remainders, ties by the public hash, then the id (rules.md
// 6.4).
std::vector<u64> share_out(u64 amount, std::span<const u64> units, const LedgerId& ledger, u64 sale);

struct ShareFigures {
  u64 smallest = 0;
  u64 median = 0;  // the lower middle one
  u64 largest = 0;
  u64 sum = 0;
};
ShareFigures figures_of(std::vector<u64> shares);

}  // namespace moot::wallet::example
