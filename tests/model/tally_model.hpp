// A vote counted the slow, obvious way, straight from the definition: c_i is the own ballot, else the
// delegate's; the tally of a choice is the sum of the weights whose c_i it is (rules.md §5.2).
#pragma once

#include <map>
#include <optional>

#include "tests/model/payout_model.hpp"

namespace moot::model {

// One elector, eligible at the record height.
struct Elector {
  u64 weight = 0;
  std::optional<u64> delegate;  // at the record height, whoever that is
};

struct Count {
  std::map<int, BigInt> tally;  // by choice, 1…4
  std::map<int, BigInt> firm;   // own ballots only
  BigInt electorate;            // W
};

// `ballots` holds the last ballot of each who cast one. A delegate who is not an elector counts as none.
Count count_votes(const std::map<u64, Elector>& electors, const std::map<u64, int>& ballots);

}  // namespace moot::model
