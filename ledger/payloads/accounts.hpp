// What an account does about its own nonce and approvals, and what role holders state (rules.md §1.5, §4).
#pragma once

#include "ledger/payloads/common.hpp"

namespace moot::ledger {

// Withdraws what was signed and not sent: next nonce < to ≤ next + nonce_advance_max (1.5).
struct AdvanceNonce {
  static constexpr TxKind kKind = TxKind::advance_nonce;
  static constexpr const char* kSigner = "from";
  u64 to = 0;
  MOOT_DESCRIBE { v("to", self.to); }
  friend bool operator==(const AdvanceNonce&, const AdvanceNonce&) = default;
};

// Adds an approval to an open action (rules.md §4).
struct ApproveAction {
  static constexpr TxKind kKind = TxKind::approve_action;
  static constexpr const char* kSigner = "from";
  u64 action = 0;
  ActionKey key;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("action", self.action);
    v("key", self.key);
    v("expires", self.expires);
  }
  friend bool operator==(const ApproveAction&, const ApproveAction&) = default;
};

struct RevokeApproval {
  static constexpr TxKind kKind = TxKind::revoke_approval;
  static constexpr const char* kSigner = "from";
  u64 action = 0;
  MOOT_DESCRIBE { v("action", self.action); }
  friend bool operator==(const RevokeApproval&, const RevokeApproval&) = default;
};

struct ResignRole {
  static constexpr TxKind kKind = TxKind::resign_role;
  static constexpr const char* kSigner = "from";
  Role role = Role::registrar;
  MOOT_DESCRIBE { v("role", self.role); }
  friend bool operator==(const ResignRole&, const ResignRole&) = default;
};

// "Verified from a to b, state root r at b, report hash h", by one auditor. Primary type AuditAttestation.
struct AttestAudit {
  static constexpr TxKind kKind = TxKind::attest_audit;
  static constexpr const char* kSigner = "auditor";
  Height from_height;
  Height to_height;
  StateRoot state_root;
  Hash report_hash;
  std::string verdict;
  MOOT_DESCRIBE {
    v("fromHeight", self.from_height);
    v("toHeight", self.to_height);
    v("stateRoot", self.state_root);
    v("reportHash", self.report_hash);
    v("verdict", self.verdict);
  }
  friend bool operator==(const AttestAudit&, const AttestAudit&) = default;
};

}  // namespace moot::ledger
