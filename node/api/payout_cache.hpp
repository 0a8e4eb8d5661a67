// Shares of payouts, computed once: they follow from units at a past record height, which no later block changes, so a
// cached one is right for ever. Holds the last few. Thread-safe; a caller that computes makes no other wait.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "ledger/payout.hpp"
#include "ledger/state.hpp"

namespace moot::node::api {

struct PayoutShares {
  ledger::PayoutTerms terms;
  ledger::PayoutRecord record;        // as it stands before anything is settled
  std::vector<ledger::Share> shares;  // of members with units, by id
  u64 without_share = 0;              // get nothing
  Amount smallest, median, largest, sum;

  [[nodiscard]] Amount amount_of(const ledger::Share& share) const;
  [[nodiscard]] bool has_extra(const ledger::Share& share) const;
};
using PayoutSharesPtr = std::shared_ptr<const PayoutShares>;

class PayoutCache {
 public:
  static constexpr std::size_t kMost = 4;
  // What A = `amount` would give for this sale; null when nobody has units at its record height. O(members).
  PayoutSharesPtr shares(const ledger::State& state, SaleId sale, Amount amount);

 private:
  struct Entry {
    SaleId sale;
    Amount amount;
    PayoutSharesPtr value;
  };
  std::mutex mutex_;
  std::list<Entry> entries_;  // newest first
};

}  // namespace moot::node::api
