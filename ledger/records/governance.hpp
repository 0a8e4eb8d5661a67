// Small records that are copied whole when they change: roles, open actions, time marks, pending joins, counters, policies.
#pragma once

#include <map>

#include "ledger/history.hpp"
#include "ledger/parameters.hpp"
#include "ledger/records/account.hpp"

namespace moot::ledger {

struct Holder {
  AccountId account;
  TimeMs expires;      // 0: never
  Hash validator_key;  // validators: the BIP-340 key
  Hash comet_key;      // validators: the key for another engine; may be zero
  MOOT_DESCRIBE {
    v("account", self.account);
    v("expires", self.expires);
    v("validatorKey", self.validator_key);
    v("cometKey", self.comet_key);
  }
  friend bool operator==(const Holder&, const Holder&) = default;
};

struct KindThreshold {
  TxKind kind = TxKind::join;
  u16 threshold = 0;
  MOOT_DESCRIBE {
    v("kind", self.kind);
    v("threshold", self.threshold);
  }
  friend bool operator==(const KindThreshold&, const KindThreshold&) = default;
};

struct RoleTable {
  u16 threshold = 1;                      // m
  std::vector<KindThreshold> thresholds;  // m for one kind of transaction, where it differs
  std::vector<Holder> holders;            // n, by account
  [[nodiscard]] u16 threshold_for(TxKind kind) const;
  // Null when the account does not hold the role, or its term has ended at `now`.
  [[nodiscard]] const Holder* holder(AccountId account, TimeMs now) const;
  MOOT_DESCRIBE {
    v("threshold", self.threshold);
    v("thresholds", self.thresholds);
    v("holders", self.holders);
  }
  friend bool operator==(const RoleTable&, const RoleTable&) = default;
};

struct Roles {
  std::array<RoleTable, kRoleCount> tables{};
  RoleTable& operator[](Role role) { return tables[static_cast<std::size_t>(role) - 1]; }
  const RoleTable& operator[](Role role) const { return tables[static_cast<std::size_t>(role) - 1]; }
  MOOT_DESCRIBE {
    v("registrars", self.tables[0]);
    v("attestors", self.tables[1]);
    v("treasurers", self.tables[2]);
    v("auditors", self.tables[3]);
    v("guardians", self.tables[4]);
    v("validators", self.tables[5]);
  }
  friend bool operator==(const Roles&, const Roles&) = default;
};

struct Approval {
  AccountId account;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("account", self.account);
    v("expires", self.expires);
  }
  friend bool operator==(const Approval&, const Approval&) = default;
};

// An m-of-n action that waits for approvals (rules.md §4).
struct OpenAction {
  u64 id = 0;
  ActionKey key;
  TxKind kind = TxKind::join;
  Bytes payload;  // canonical encoding of the Payload
  AccountId opener;
  Height opened;
  std::vector<Approval> approvals;  // in order of arrival
  MOOT_DESCRIBE {
    v("id", self.id);
    v("key", self.key);
    v("kind", self.kind);
    v("payload", self.payload);
    v("opener", self.opener);
    v("opened", self.opened);
    v("approvals", self.approvals);
  }
  friend bool operator==(const OpenAction&, const OpenAction&) = default;
};

struct OpenActions {
  std::vector<OpenAction> list;  // by id
  MOOT_DESCRIBE { v("list", self.list); }
  friend bool operator==(const OpenActions&, const OpenActions&) = default;
};

// (time, height): block `height` had this time; the newest 1,024, oldest first (3.5).
struct Mark {
  TimeMs time;
  Height height;
  MOOT_DESCRIBE {
    v("time", self.time);
    v("height", self.height);
  }
  friend bool operator==(const Mark&, const Mark&) = default;
};
inline constexpr std::size_t kMarkRing = 1'024;

struct Marks {
  std::vector<Mark> ring;
  MOOT_DESCRIBE { v("ring", self.ring); }
  friend bool operator==(const Marks&, const Marks&) = default;
};

struct PendingJoin {
  Address address;
  Hash profile_hash;
  Hash consent_hash;
  Height asked;
  MOOT_DESCRIBE {
    v("address", self.address);
    v("profileHash", self.profile_hash);
    v("consentHash", self.consent_hash);
    v("asked", self.asked);
  }
  friend bool operator==(const PendingJoin&, const PendingJoin&) = default;
};

struct PendingJoins {
  std::vector<PendingJoin> list;  // by address
  MOOT_DESCRIBE { v("list", self.list); }
  friend bool operator==(const PendingJoins&, const PendingJoins&) = default;
};

struct Counters {
  u64 next_action = 1;
  History active_members;
  History confirmed_members;             // Active and confirmed
  std::vector<ProposalId> live;          // live proposals, by id
  std::vector<TimeMs> guardian_cancels;  // within the window
  u64 transactions = 0;                  // on the ledger, for ever
  u64 ballots = 0;
  MOOT_DESCRIBE {
    v("nextAction", self.next_action);
    v("activeMembers", self.active_members);
    v("confirmedMembers", self.confirmed_members);
    v("live", self.live);
    v("guardianCancels", self.guardian_cancels);
    v("transactions", self.transactions);
    v("ballots", self.ballots);
  }
  friend bool operator==(const Counters&, const Counters&) = default;
};

// Identity, position and rules in force.
struct Chain {
  std::string organisation;
  LedgerId ledger_id;
  Height height;
  TimeMs time;
  u32 rules_version = 1;
  std::optional<RulesUpgrade> upgrade;  // decided, not yet active
  MOOT_DESCRIBE {
    v("organisation", self.organisation);
    v("ledgerId", self.ledger_id);
    v("height", self.height);
    v("time", self.time);
    v("rulesVersion", self.rules_version);
    v("upgrade", self.upgrade);
  }
  friend bool operator==(const Chain&, const Chain&) = default;
};

struct RuleBook {
  std::array<Policy, kProposalKinds> policies{};
  Parameters parameters;
  const Policy& policy(ProposalKind kind) const { return policies[static_cast<std::size_t>(kind)]; }
  friend bool operator==(const RuleBook&, const RuleBook&) = default;
};
// 5.1: the policies keep no more live places free than there are, and not all of them for other kinds than `policy`, which
// alone could give any back (docs/decisions/0016-a-place-for-a-policy-proposal.md).
bool live_places_fit(const RuleBook& book);
void encode_value(Writer& out, const RuleBook& book);
void decode_value(Reader& in, RuleBook& book);

}  // namespace moot::ledger
