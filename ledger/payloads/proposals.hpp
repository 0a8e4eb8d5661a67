// Proposals, the actions they carry, and ballots (rules.md §5).
#pragma once

#include <variant>

#include "ledger/payloads/common.hpp"
#include "ledger/policy.hpp"

namespace moot::ledger {

struct SaleTerms {
  ClassId share_class;
  Address buyer;
  AssetId asset;
  Amount min_price;
  Amount max_price;
  Hash terms_hash;
  Ppm reserve;
  DurationMs funding;  // from authorisation
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("buyer", self.buyer);
    v("asset", self.asset);
    v("minPrice", self.min_price);
    v("maxPrice", self.max_price);
    v("termsHash", self.terms_hash);
    v("reserve", self.reserve);
    v("funding", self.funding);
  }
  friend bool operator==(const SaleTerms&, const SaleTerms&) = default;
};

struct Spend {
  AssetId asset;
  Address recipient;
  Amount amount;
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("recipient", self.recipient);
    v("amount", self.amount);
  }
  friend bool operator==(const Spend&, const Spend&) = default;
};

enum class RoleChangeKind : u8 { grant = 1, remove = 2, renew = 3, set_threshold = 4 };
constexpr bool is_known(RoleChangeKind v) {
  return v >= RoleChangeKind::grant && v <= RoleChangeKind::set_threshold;
}
std::string_view word(RoleChangeKind value);  // "grant", "remove", "renew", "set-threshold"
std::optional<RoleChangeKind> parse_role_change_kind(std::string_view text);

struct RoleChange {
  RoleChangeKind change = RoleChangeKind::grant;
  Role role = Role::registrar;
  Address holder;      // grant, remove, renew
  DurationMs term;     // grant, renew: from execution; 0: no expiry (guardians need one, ≤ 1 year)
  u16 threshold = 0;   // set_threshold: m
  u8 tx_kind = 0;      // set_threshold: for this TxKind only; 0: the role's default m
  Hash validator_key;  // grant of validator: BIP-340 key
  MOOT_DESCRIBE {
    v("change", self.change);
    v("role", self.role);
    v("holder", self.holder);
    v("term", self.term);
    v("threshold", self.threshold);
    v("txKind", self.tx_kind);
    v("validatorKey", self.validator_key);
  }
  friend bool operator==(const RoleChange&, const RoleChange&) = default;
};

struct PolicyChange {
  ProposalKind kind = ProposalKind::text;
  Policy policy;
  MOOT_DESCRIBE {
    v("kind", self.kind);
    v("policy", self.policy);
  }
  friend bool operator==(const PolicyChange&, const PolicyChange&) = default;
};

struct ParameterChange {
  std::string name;  // of parameters.hpp's table
  u64 value = 0;
  MOOT_DESCRIBE {
    v("name", self.name);
    v("value", self.value);
  }
  friend bool operator==(const ParameterChange&, const ParameterChange&) = default;
};

struct MemberAction {
  MemberId member;
  bool expel = false;
  DurationMs suspension;  // when not expelled; ≤ suspension_max_ms
  MOOT_DESCRIBE {
    v("member", self.member);
    v("expel", self.expel);
    v("suspension", self.suspension);
  }
  friend bool operator==(const MemberAction&, const MemberAction&) = default;
};

struct AssetCreation {
  std::string symbol;
  u8 decimals = 0;
  AssetKind kind = AssetKind::external;
  Amount supply;              // fixed: created whole, into the treasury
  Amount minimum_redemption;  // external
  MOOT_DESCRIBE {
    v("symbol", self.symbol);
    v("decimals", self.decimals);
    v("kind", self.kind);
    v("supply", self.supply);
    v("minimumRedemption", self.minimum_redemption);
  }
  friend bool operator==(const AssetCreation&, const AssetCreation&) = default;
};

struct ClassCreation {
  std::string name;
  bool attested_only = true;
  MOOT_DESCRIBE {
    v("name", self.name);
    v("attestedOnly", self.attested_only);
  }
  friend bool operator==(const ClassCreation&, const ClassCreation&) = default;
};

struct RulesUpgrade {
  u32 version = 0;
  TimeMs activates;
  MOOT_DESCRIBE {
    v("version", self.version);
    v("activates", self.activates);
  }
  friend bool operator==(const RulesUpgrade&, const RulesUpgrade&) = default;
};

struct SaleCancellation {
  SaleId sale;
  MOOT_DESCRIBE { v("sale", self.sale); }
  friend bool operator==(const SaleCancellation&, const SaleCancellation&) = default;
};

// The order is protocol: an action's encoding is its index (u8) and its fields.
using Action = std::variant<SaleTerms, Spend, RoleChange, PolicyChange, ParameterChange, MemberAction,
                            AssetCreation, ClassCreation, RulesUpgrade, SaleCancellation>;
void encode_value(Writer& out, const Action& action);
void decode_value(Reader& in, Action& action);

// The kind of proposal that may carry this action.
ProposalKind kind_of(const Action& action);

// Opens a proposal (5.1). The signer must be a member; primary type Propose.
struct Propose {
  static constexpr TxKind kKind = TxKind::propose;
  static constexpr const char* kSigner = "proposer";
  std::string title;
  HashedText body;
  ProposalKind kind = ProposalKind::text;
  std::vector<Action> actions;
  MOOT_DESCRIBE {
    v("title", self.title);
    v("body", self.body);
    v("kind", self.kind);
    v("actions", self.actions);
  }
  friend bool operator==(const Propose&, const Propose&) = default;
};

// By the proposer, before voting opens.
struct CancelProposal {
  static constexpr TxKind kKind = TxKind::cancel_proposal;
  static constexpr const char* kSigner = "proposer";
  ProposalId proposal;
  MOOT_DESCRIBE { v("proposal", self.proposal); }
  friend bool operator==(const CancelProposal&, const CancelProposal&) = default;
};

// By guardians, a queued proposal only (5.11). Role action.
struct GuardianCancel {
  static constexpr TxKind kKind = TxKind::guardian_cancel;
  static constexpr const char* kSigner = "guardian";
  ProposalId proposal;
  std::string reason;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("proposal", self.proposal);
    v("reason", self.reason);
    v("expires", self.expires);
  }
  friend bool operator==(const GuardianCancel&, const GuardianCancel&) = default;
};

// A ballot. Its nonce (the envelope's) is 1…65,535 and becomes the slot's revision (1.6).
struct Vote {
  static constexpr TxKind kKind = TxKind::vote;
  static constexpr const char* kSigner = "voter";
  ProposalId proposal;
  Hash proposal_hash;
  std::string title;
  Choice choice = Choice::none;
  std::string reason;
  MOOT_DESCRIBE {
    v("proposal", self.proposal);
    v("proposalHash", self.proposal_hash);
    v("title", self.title);
    v("choice", self.choice);
    v("reason", self.reason);
  }
  friend bool operator==(const Vote&, const Vote&) = default;
};

// Retries a passed proposal whose own attempt failed (5.10); any account holder.
struct Execute {
  static constexpr TxKind kKind = TxKind::execute;
  static constexpr const char* kSigner = "from";
  ProposalId proposal;
  MOOT_DESCRIBE { v("proposal", self.proposal); }
  friend bool operator==(const Execute&, const Execute&) = default;
};

}  // namespace moot::ledger
