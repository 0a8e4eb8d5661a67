// What concerns membership, units and keys: joining, admission, grants, attestations, delegation, rotation (rules.md §3).
#pragma once

#include "ledger/payloads/common.hpp"

namespace moot::ledger {

// Asks for membership with a registrar's signed Invite(organisation, code, registrar, validUntil), used once (3.8).
struct Join {
  static constexpr TxKind kKind = TxKind::join;
  static constexpr const char* kSigner = "applicant";
  Hash profile_hash;
  Hash consent_hash;
  Hash invite_code;
  Address registrar;          // who signed the invite
  TimeMs invite_valid_until;  // 0: for ever
  CarriedSignature invite_signature;
  MOOT_DESCRIBE {
    v("profileHash", self.profile_hash);
    v("consentHash", self.consent_hash);
    v("inviteCode", self.invite_code);
    v("registrar", self.registrar);
    v("inviteValidUntil", self.invite_valid_until);
    v("inviteSignature", self.invite_signature);
  }
  friend bool operator==(const Join&, const Join&) = default;
};

struct Admission {
  Address address;
  Units units;        // of the transaction's class; 0 when the class is attested_only
  Hash consent_hash;  // 0: none yet
  MOOT_DESCRIBE {
    v("address", self.address);
    v("units", self.units);
    v("consentHash", self.consent_hash);
  }
  friend bool operator==(const Admission&, const Admission&) = default;
};

// Admits up to `admissions_per_transaction` members at once, all or nothing, ids in list order (3.8). Role action.
struct AdmitMembers {
  static constexpr TxKind kKind = TxKind::admit_members;
  static constexpr const char* kSigner = "from";
  ClassId share_class;
  std::vector<Admission> members;
  TimeMs expires;  // of the approval, when several registrars must agree; not part of the action's key
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("members", self.members);
    v("expires", self.expires);
  }
  friend bool operator==(const AdmitMembers&, const AdmitMembers&) = default;
};

struct Grant {
  MemberId member;
  Units units;
  MOOT_DESCRIBE {
    v("member", self.member);
    v("units", self.units);
  }
  friend bool operator==(const Grant&, const Grant&) = default;
};

// A registrar's grant in a class that is not attested_only, capped per day (3.6). Role action.
struct GrantUnits {
  static constexpr TxKind kKind = TxKind::grant_units;
  static constexpr const char* kSigner = "from";
  ClassId share_class;
  std::vector<Grant> grants;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("grants", self.grants);
    v("expires", self.expires);
  }
  friend bool operator==(const GrantUnits&, const GrantUnits&) = default;
};

// An attestor's signed Contribution(organisation, classId, memberId, units, contentHash, attestor, validUntilMs) (3.6).
struct Contribution {
  MemberId member;
  Units units;
  Hash content_hash;
  Address attestor;
  TimeMs valid_until;  // 0: for ever
  CarriedSignature signature;
  MOOT_DESCRIBE {
    v("member", self.member);
    v("units", self.units);
    v("contentHash", self.content_hash);
    v("attestor", self.attestor);
    v("validUntil", self.valid_until);
    v("signature", self.signature);
  }
  friend bool operator==(const Contribution&, const Contribution&) = default;
};

// Carries attested contributions; anyone with an account may. All or nothing.
struct RecordContributions {
  static constexpr TxKind kKind = TxKind::record_contributions;
  static constexpr const char* kSigner = "from";
  ClassId share_class;
  std::vector<Contribution> contributions;
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("contributions", self.contributions);
  }
  friend bool operator==(const RecordContributions&, const RecordContributions&) = default;
};

// Takes units back, for later record heights only; needs registrars and an auditor (3.6). Role action.
struct RevokeUnits {
  static constexpr TxKind kKind = TxKind::revoke_units;
  static constexpr const char* kSigner = "from";
  ClassId share_class;
  MemberId member;
  Units units;
  std::string reason;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("member", self.member);
    v("units", self.units);
    v("reason", self.reason);
    v("expires", self.expires);
  }
  friend bool operator==(const RevokeUnits&, const RevokeUnits&) = default;
};

// Updates the member's consent, and confirms the membership (3.8).
struct Confirm {
  static constexpr TxKind kKind = TxKind::confirm;
  static constexpr const char* kSigner = "member";
  Hash consent_hash;
  MOOT_DESCRIBE { v("consentHash", self.consent_hash); }
  friend bool operator==(const Confirm&, const Confirm&) = default;
};

// One hop; the zero address ends the delegation. Primary type DelegateVotes (ecosystem.md §1.3).
struct SetDelegate {
  static constexpr TxKind kKind = TxKind::set_delegate;
  static constexpr const char* kSigner = "from";
  Address delegate;
  MOOT_DESCRIBE { v("delegate", self.delegate); }
  friend bool operator==(const SetDelegate&, const SetDelegate&) = default;
};

// Rotation by both keys, at once for everything (3.9). The new key signs AcceptKey(organisation, previous, next, nonce).
struct RotateKey {
  static constexpr TxKind kKind = TxKind::rotate_key;
  static constexpr const char* kSigner = "from";
  Address new_address;
  CarriedSignature new_signature;
  MOOT_DESCRIBE {
    v("newAddress", self.new_address);
    v("newSignature", self.new_signature);
  }
  friend bool operator==(const RotateKey&, const RotateKey&) = default;
};

// Recovery of a lost key, completed after recovery_delay_ms unless the old key speaks (3.9). Role action of registrars.
struct RecoverKey {
  static constexpr TxKind kKind = TxKind::recover_key;
  static constexpr const char* kSigner = "from";
  MemberId member;
  Address new_address;
  Hash evidence_hash;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("member", self.member);
    v("newAddress", self.new_address);
    v("evidenceHash", self.evidence_hash);
    v("expires", self.expires);
  }
  friend bool operator==(const RecoverKey&, const RecoverKey&) = default;
};

struct Leave {
  static constexpr TxKind kKind = TxKind::leave;
  static constexpr const char* kSigner = "member";
  MOOT_DESCRIBE {}
  friend bool operator==(const Leave&, const Leave&) = default;
};

}  // namespace moot::ledger
