// The payout's arithmetic: exact to the unit, one record, O(1) entitlements (rules.md §6.4–6.5).
#pragma once

#include <span>

#include "ledger/records/sale.hpp"

namespace moot::ledger {

struct Share {
  MemberId member;
  Units units;
};

struct PayoutTerms {
  LedgerId ledger_id;
  SaleId sale;
  Amount amount;         // A > 0
  Height record_height;  // R
};

// The record for A over these shares: total units U, extras L and the cut. Shares are in any order, one a
// member, those of zero units ignored. U = Σ units must be > 0 and fit u64. O(n): selection, not sorting.
PayoutRecord compute_payout(const PayoutTerms& terms, std::span<const Share> shares);

// A second loop that shares no code with the first: Σ q + L = A, L members rank at or above the cut, U adds
// up.
bool payout_adds_up(const PayoutTerms& terms, std::span<const Share> shares, const PayoutRecord& record);

// e_i of a member with `units` at R.
Amount entitlement(const PayoutTerms& terms, const PayoutRecord& record, MemberId member, Units units);

// 6.4: with fewer base units than members who hold units at R, a hash decides who gets any.
constexpr bool is_draw(Amount amount, u64 members_with_units) { return amount.raw() < members_with_units; }

// floor(P·reserve_ppm/10⁶).
Amount reserve_of(Amount proceeds, Ppm reserve);

// What treasurers sign: TH("moot/payout", ledger id ‖ sale ‖ P ‖ reserve ‖ A ‖ U ‖ R ‖ L ‖ cut).
Hash payout_digest(const LedgerId& ledger_id, SaleId sale, Amount proceeds, Amount reserve,
                   const PayoutRecord& record);

}  // namespace moot::ledger
