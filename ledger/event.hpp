// What happened in a block, for those who follow it. Events follow from the block; they are never hashed.
#pragma once

#include <string_view>

#include "base/codec.hpp"
#include "ledger/types.hpp"

namespace moot::ledger {

// The fields a, b, c and amount mean what stands beside each kind.
enum class EventKind : u8 {
  account_created = 1,        // a account
  member_admitted = 2,        // a member, b account
  join_asked = 3,             // (none)
  units_changed = 4,          // a member, b class, c units now
  status_changed = 5,         // a member, b MemberStatus
  delegate_changed = 6,       // a member, b delegate id + 1 (0: none)
  key_changed = 7,            // a account, b 1 when by recovery
  recovery_opened = 8,        // a member, b due ms
  recovery_ended = 9,         // a member
  proposal_opened = 10,       // a proposal, b record height, c opens_at ms
  voting_opened = 11,         // a proposal
  ballot_cast = 12,           // a proposal, b member, c slot (packed)
  deadline_moved = 13,        // a proposal, b new deadline ms, c why: 1 late quorum, 2 late flip, 3 outage
  proposal_closed = 14,       // a proposal, b ProposalState, c defeat mask
  proposal_executed = 15,     // a proposal
  execution_failed = 16,      // a proposal, b TxError
  proposal_canceled = 17,     // a proposal, b 1 when by guardians
  proposal_expired = 18,      // a proposal
  sale_authorised = 19,       // a sale, b proposal
  proceeds_added = 20,        // a sale, amount; b 1 when paid by the buyer on the ledger
  sale_funded = 21,           // a sale, amount P
  sale_ended = 22,            // a sale, b SaleState (expired, canceled)
  payout_approved = 23,       // a sale, b due ms
  payout_paused = 24,         // a sale, b until ms
  payout_resumed = 25,        // a sale
  payout_executed = 26,       // a sale, amount A, b U, c L
  settled = 27,               // a member, b class, c asset, amount: one event an asset
  transferred = 28,           // a from account, b to account, c asset, amount
  spent = 29,                 // a recipient account, c asset, amount: from the treasury
  redemption_requested = 30,  // a redemption, b account, c asset, amount
  redemption_ended = 31,      // a redemption, b RedemptionState
  role_changed = 32,          // a Role, b account, c RoleChangeKind; 5 resigned, 6 expired
  action_opened = 33,         // a action, b TxKind
  action_approved = 34,       // a action, b account
  action_executed = 35,       // a action
  rules_changed = 36,         // a ProposalKind whose policy changed, or 255 and b Param: new value c
  asset_created = 37,         // a asset
  class_created = 38,         // a class
  upgrade_decided = 39,       // a version, b activates ms
  upgrade_active = 40,        // a version
  audit_attested = 41,        // a from height, b to height, c account
  approval_revoked = 42,      // a action, b account
  action_dropped = 43,        // a action: every approval expired or was taken back
  confirmed = 44,             // a member
};
constexpr bool is_known(EventKind v) { return v >= EventKind::account_created && v <= EventKind::confirmed; }
std::string_view word(EventKind kind);

inline constexpr u32 kDueWork = ~u32{0};  // not by a transaction

struct Event {
  EventKind kind{};
  u64 a = 0;
  u64 b = 0;
  u64 c = 0;
  Amount amount{};
  u32 tx_index = kDueWork;  // filled in by the executor

  template <class Self, class V>
  static void describe(Self& self, V&& v) {
    v("kind", self.kind);
    v("a", self.a);
    v("b", self.b);
    v("c", self.c);
    v("amount", self.amount);
    v("txIndex", self.tx_index);
  }
  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace moot::ledger
