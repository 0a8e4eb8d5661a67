// Members and share classes: the registers that electorates and payouts are computed from (rules.md §3).
#pragma once

#include "ledger/history.hpp"
#include "ledger/records/account.hpp"

namespace moot::ledger {

// What a vote may weigh: key 0 is one per member, key c + 1 the units of class c.
struct BasisKey {
  u64 value = 0;
  static BasisKey members() { return {0}; }
  static BasisKey units_of(ClassId share_class) { return {share_class.value + 1}; }
  [[nodiscard]] bool is_units() const { return value != 0; }
  [[nodiscard]] ClassId share_class() const { return ClassId{value - 1}; }
  friend auto operator<=>(const BasisKey&, const BasisKey&) = default;
};
inline void encode_value(Writer& out, const BasisKey& key) { out.put(key.value); }
inline void decode_value(Reader& in, BasisKey& key) { in.get(key.value); }

// A member's units in one class. `settled` counts the class's payouts that are settled for this member (6.6); it starts
// at the class's payout count when the first units are granted.
struct Holding {
  ClassId share_class;
  History units;
  u32 settled = 0;
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("units", self.units);
    v("settled", self.settled);
  }
  friend bool operator==(const Holding&, const Holding&) = default;
};

// Power that Active delegators have put in this member's hands, per basis. A member with a delegate has sent a
// transaction of its own, so the same register serves policies that are confirmed_only.
struct DelegatedPower {
  BasisKey basis;
  History power;
  MOOT_DESCRIBE {
    v("basis", self.basis);
    v("power", self.power);
  }
  friend bool operator==(const DelegatedPower&, const DelegatedPower&) = default;
};

// A key recovery under way (3.9); due 0: none.
struct Recovery {
  Address new_address;
  TimeMs due;
  Hash evidence_hash;
  MOOT_DESCRIBE {
    v("newAddress", self.new_address);
    v("due", self.due);
    v("evidenceHash", self.evidence_hash);
  }
  friend bool operator==(const Recovery&, const Recovery&) = default;
};

// What few members have.
struct MemberExtra {
  History delegate;          // member id + 1 by height; 0: none
  u64 recovered_height = 0;  // block in which its key was last recovered; 0: never
  TimeMs suspended_until;    // 0: not suspended
  Hash profile_hash;
  Rare<Recovery> recovery;
  std::vector<DelegatedPower> delegated;  // by basis
  friend bool operator==(const MemberExtra&, const MemberExtra&) = default;
};

struct Member {
  static constexpr const char* kLeafTag = "moot/leaf/member";
  static constexpr bool kLeafHashIsKept = false;
  AccountId account;
  Height joined;
  History status;  // MemberStatus by height
  Hash consent_hash;
  Seldom<MemberExtra> extra;
  SmallList<Holding, 1> holdings;  // by class

  void settle() { extra.settle(); }
  [[nodiscard]] MemberStatus status_at(Height h) const { return static_cast<MemberStatus>(status.at(h)); }
  [[nodiscard]] MemberStatus status_now() const { return static_cast<MemberStatus>(status.last()); }
  [[nodiscard]] bool is_active() const { return status_now() == MemberStatus::active; }
  [[nodiscard]] std::optional<MemberId> delegate_at(Height h) const;
  [[nodiscard]] const Holding* holding(ClassId share_class) const;
  [[nodiscard]] Units units_at(ClassId share_class, Height h) const;
  [[nodiscard]] Units units_now(ClassId share_class) const;
  [[nodiscard]] Power delegated_at(BasisKey basis, Height h) const;

  MOOT_DESCRIBE {
    auto& extra = Seldom<MemberExtra>::open(self.extra);
    v("account", self.account);
    v("joined", self.joined);
    v("status", self.status);
    v("delegate", extra.delegate);
    v("recoveredHeight", extra.recovered_height);
    v("suspendedUntil", extra.suspended_until);
    v("consentHash", self.consent_hash);
    v("profileHash", extra.profile_hash);
    v("recovery", extra.recovery);
    v("holdings", self.holdings);
    v("delegated", extra.delegated);
  }
  friend bool operator==(const Member&, const Member&) = default;
};

// When 32 members were confirmed: the block of each one's first own transaction or Confirm, plus one; 0: not yet (3.8). A table
// of its own, like ballots, so that a first ballot touches 256 bytes and no member's leaf.
struct ConfirmedChunk {
  static constexpr const char* kLeafTag = "moot/leaf/confirmed";
  static constexpr u64 kMembers = 32;
  std::array<u64, kMembers> heights{};
  friend bool operator==(const ConfirmedChunk&, const ConfirmedChunk&) = default;
};
inline void encode_value(Writer& out, const ConfirmedChunk& chunk) { out.put(chunk.heights); }
inline void decode_value(Reader& in, ConfirmedChunk& chunk) {
  for (u64& height : chunk.heights) in.get(height);
}

struct ShareClass {
  static constexpr const char* kLeafTag = "moot/leaf/class";
  std::string name;
  bool attested_only = true;
  History total;             // over every status
  History active;            // of Active members
  History confirmed_active;  // of Active, confirmed members
  u64 grant_day = 0;         // the day (time_ms / 86,400,000) that the two below speak of
  Units day_start_total;
  Units day_granted;            // by registrars (3.6)
  std::vector<SaleId> payouts;  // executed, in order
  MOOT_DESCRIBE {
    v("name", self.name);
    v("attestedOnly", self.attested_only);
    v("total", self.total);
    v("active", self.active);
    v("confirmedActive", self.confirmed_active);
    v("grantDay", self.grant_day);
    v("dayStartTotal", self.day_start_total);
    v("dayGranted", self.day_granted);
    v("payouts", self.payouts);
  }
  friend bool operator==(const ShareClass&, const ShareClass&) = default;
};

}  // namespace moot::ledger
