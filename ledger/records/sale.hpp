// Sales and their payouts: one sale, one payout, one id (rules.md §6).
#pragma once

#include "ledger/records/account.hpp"

namespace moot::ledger {

// Ranks members for the units left over: remainder descending, then hash, then id ascending (6.4).
struct RankKey {
  u64 remainder = 0;
  Hash hash;
  MemberId member;
  MOOT_DESCRIBE {
    v("remainder", self.remainder);
    v("hash", self.hash);
    v("member", self.member);
  }
  friend bool operator==(const RankKey&, const RankKey&) = default;
};

// The whole payout, in one record (6.5): every entitlement follows from it and the member's units at `record_height`.
struct PayoutRecord {
  Amount amount;         // A
  Units total;           // U
  Height record_height;  // R
  u64 extras = 0;        // L: how many get one unit more
  RankKey cut;           // the L-th key; unused when L = 0
  Amount remaining;      // not yet settled
  u64 extra_left = 0;    // extras not yet settled
  MOOT_DESCRIBE {
    v("amount", self.amount);
    v("total", self.total);
    v("recordHeight", self.record_height);
    v("extras", self.extras);
    v("cut", self.cut);
    v("remaining", self.remaining);
    v("extraLeft", self.extra_left);
  }
  friend bool operator==(const PayoutRecord&, const PayoutRecord&) = default;
};

struct Sale {
  static constexpr const char* kLeafTag = "moot/leaf/sale";
  ProposalId proposal;
  SaleTerms terms;
  AccountId buyer;
  Height record_height;  // the proposal's R
  TimeMs authorised;
  TimeMs funding_deadline;
  SaleState state = SaleState::authorised;
  Amount paid;      // escrow from the buyer's own money: returned when the sale expires
  Amount recorded;  // escrow minted by RecordProceeds: burned when the sale expires
  TimeMs funded_at;
  Amount reserve;  // fixed when funded: floor(P·reserve_ppm/10⁶)
  TimeMs due;      // of the payout; 0: not approved yet
  bool pause_used = false;
  TimeMs paused_until;
  Height paid_out;                     // block in which the payout executed
  std::optional<PayoutRecord> payout;  // none when A = 0

  // P: the escrow while open, the proceeds once funded. Never overflows: at most max_price.
  [[nodiscard]] Amount proceeds() const { return Amount{paid.raw() + recorded.raw()}; }

  // Funded, and not paid out.
  [[nodiscard]] bool awaits_payout() const {
    return state == SaleState::funded || state == SaleState::approved;
  }

  MOOT_DESCRIBE {
    v("proposal", self.proposal);
    v("terms", self.terms);
    v("buyer", self.buyer);
    v("recordHeight", self.record_height);
    v("authorised", self.authorised);
    v("fundingDeadline", self.funding_deadline);
    v("state", self.state);
    v("paid", self.paid);
    v("recorded", self.recorded);
    v("fundedAt", self.funded_at);
    v("reserve", self.reserve);
    v("due", self.due);
    v("pauseUsed", self.pause_used);
    v("pausedUntil", self.paused_until);
    v("paidOut", self.paid_out);
    v("payout", self.payout);
  }
  friend bool operator==(const Sale&, const Sale&) = default;
};

}  // namespace moot::ledger
