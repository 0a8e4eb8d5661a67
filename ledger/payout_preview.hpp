// The payout that a funded sale will make (rules.md §6.4–6.5). It follows from registers at a past record
// height, so it can be computed at any moment after funding, in any thread, from any later state, and is the
// same every time.
#pragma once

#include "ledger/execution.hpp"
#include "ledger/payout.hpp"

namespace moot::ledger {

// The terms of a funded sale's payout: A is what the reserve leaves of the proceeds.
PayoutTerms payout_terms(const State& state, SaleId sale);

// The record of a sale that is funded and not yet paid out. O(members). Checked by the second loop of 6.5
// before it is given. When A = 0 it names U and R and nothing else.
PayoutRecord payout_for(const State& state, SaleId sale);

// The same, taken from what was prepared where it is there.
PayoutRecord payout_for(const State& state, const PreparedPayouts* prepared, SaleId sale);

// What treasurers look at before they sign.
struct PayoutPreview {
  Amount proceeds;  // P
  Amount reserve;   // to the treasury
  PayoutRecord record;
  Hash digest;  // what ApprovePayout carries
};
PayoutPreview preview_payout(const State& state, const PreparedPayouts* prepared, SaleId sale);

}  // namespace moot::ledger
