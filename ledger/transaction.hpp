// What members, role holders and auditors may ask of the ledger, and the envelope that carries it.
//
// Each kind is a plain struct with
//   kKind      its protocol number
//   kSigner    the name of the signer's field in the EIP-712 message ("voter"); its value is the envelope's signer
//   describe   its fields in order, by their EIP-712 names: the one description that drives the canonical encoding, the
//              typed data a wallet shows, JSON and protobuf (ledger/typed_data.hpp, node/api/convert).
// To add a kind: a struct here, its place in Payload, a file in handlers/, refusals in tx_error.hpp, a proto message.
#pragma once

#include <expected>
#include <variant>

#include "base/codec.hpp"
#include "ledger/policy.hpp"
#include "ledger/tx_error.hpp"
#include "ledger/types.hpp"

namespace moot::ledger {

// A long text, carried whole and signed as the bytes32 TH("moot/text", text) in the field "<name>Hash".
struct HashedText {
  std::string text;
  friend bool operator==(const HashedText&, const HashedText&) = default;
};
inline void encode_value(Writer& out, const HashedText& value) { out.put(value.text); }
inline void decode_value(Reader& in, HashedText& value) { in.get(value.text); }

// A 65-byte signature by somebody else that travels inside a payload (attestation, invite, new key's consent). It is
// checked with the envelope's own signature, and not part of what the outer signer signs.
struct CarriedSignature {
  std::array<u8, 65> bytes{};
  friend bool operator==(const CarriedSignature&, const CarriedSignature&) = default;
};
inline void encode_value(Writer& out, const CarriedSignature& value) { out.put(value.bytes); }
inline void decode_value(Reader& in, CarriedSignature& value) { in.get(value.bytes); }

// Short for the fixed shape of describe().
#define MOOT_DESCRIBE          \
  template <class Self, class V> \
  static void describe([[maybe_unused]] Self& self, [[maybe_unused]] V&& v)

// ---- members ------------------------------------------------------------------------------------------------------

// Asks for membership with a registrar's signed Invite(organisation, code, registrar, validUntil), used once (3.8).
struct Join {
  static constexpr TxKind kKind = TxKind::join;
  static constexpr const char* kSigner = "applicant";
  Hash profile_hash;
  Hash consent_hash;
  Hash invite_code;
  Address registrar;             // who signed the invite
  TimeMs invite_valid_until;     // 0: for ever
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

// ---- proposals ----------------------------------------------------------------------------------------------------

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
constexpr bool is_known(RoleChangeKind v) { return v >= RoleChangeKind::grant && v <= RoleChangeKind::set_threshold; }

struct RoleChange {
  RoleChangeKind change = RoleChangeKind::grant;
  Role role = Role::registrar;
  Address holder;          // grant, remove, renew
  DurationMs term;         // grant, renew: from execution; 0: no expiry (guardians need one, ≤ 1 year)
  u16 threshold = 0;       // set_threshold: m
  u8 tx_kind = 0;          // set_threshold: for this TxKind only; 0: the role's default m
  Hash validator_key;      // grant of validator: BIP-340 key
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
  Amount supply;             // fixed: created whole, into the treasury
  Amount minimum_redemption; // external
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
using Action = std::variant<SaleTerms, Spend, RoleChange, PolicyChange, ParameterChange, MemberAction, AssetCreation,
                            ClassCreation, RulesUpgrade, SaleCancellation>;
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

// ---- money --------------------------------------------------------------------------------------------------------
// `amount_text` is the amount as people read it, "55000.000000 USDX"; it must be the canonical rendering (6.8).

// Treasurers state that proceeds arrived outside; mints into the sale's escrow (6.2). Role action.
struct RecordProceeds {
  static constexpr TxKind kKind = TxKind::record_proceeds;
  static constexpr const char* kSigner = "treasurer";
  SaleId sale;
  Amount amount;
  std::string amount_text;
  std::string reference;  // the outside payment, used once
  TimeMs expires;
  MOOT_DESCRIBE {
    v("sale", self.sale);
    v("amount", self.amount);
    v("amountText", self.amount_text);
    v("reference", self.reference);
    v("expires", self.expires);
  }
  friend bool operator==(const RecordProceeds&, const RecordProceeds&) = default;
};

// The buyer pays from its own balance (6.2).
struct PaySale {
  static constexpr TxKind kKind = TxKind::pay_sale;
  static constexpr const char* kSigner = "buyer";
  SaleId sale;
  Amount amount;
  std::string amount_text;
  MOOT_DESCRIBE {
    v("sale", self.sale);
    v("amount", self.amount);
    v("amountText", self.amount_text);
  }
  friend bool operator==(const PaySale&, const PaySale&) = default;
};

// Treasurers sign the digest of the previewed payout; the m-th approval schedules it (6.3). Role action.
struct ApprovePayout {
  static constexpr TxKind kKind = TxKind::approve_payout;
  static constexpr const char* kSigner = "treasurer";
  SaleId payout;
  Hash payout_digest;
  Amount total;  // P, the proceeds
  std::string total_text;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("payout", self.payout);
    v("payoutDigest", self.payout_digest);
    v("total", self.total);
    v("totalText", self.total_text);
    v("expires", self.expires);
  }
  friend bool operator==(const ApprovePayout&, const ApprovePayout&) = default;
};

// Auditors stop a payout once, at most pause_max_ms (6.3). Role action.
struct PausePayout {
  static constexpr TxKind kKind = TxKind::pause_payout;
  static constexpr const char* kSigner = "auditor";
  SaleId payout;
  TimeMs until;
  std::string reason;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("payout", self.payout);
    v("until", self.until);
    v("reason", self.reason);
    v("expires", self.expires);
  }
  friend bool operator==(const PausePayout&, const PausePayout&) = default;
};

struct ResumePayout {
  static constexpr TxKind kKind = TxKind::resume_payout;
  static constexpr const char* kSigner = "auditor";
  SaleId payout;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("payout", self.payout);
    v("expires", self.expires);
  }
  friend bool operator==(const ResumePayout&, const ResumePayout&) = default;
};

// Moves up to `limit` (0: settle_max) entitlements of a member's class into its stored balance (6.6). Anyone may.
struct Settle {
  static constexpr TxKind kKind = TxKind::settle;
  static constexpr const char* kSigner = "from";
  MemberId member;
  ClassId share_class;
  u16 limit = 0;
  MOOT_DESCRIBE {
    v("member", self.member);
    v("shareClass", self.share_class);
    v("limit", self.limit);
  }
  friend bool operator==(const Settle&, const Settle&) = default;
};

struct Transfer {
  static constexpr TxKind kKind = TxKind::transfer;
  static constexpr const char* kSigner = "from";
  AssetId asset;
  Address to;
  Amount amount;
  std::string amount_text;
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("to", self.to);
    v("amount", self.amount);
    v("amountText", self.amount_text);
  }
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

// Locks money until treasurers pay it outside or give it back (6.7).
struct RequestRedemption {
  static constexpr TxKind kKind = TxKind::request_redemption;
  static constexpr const char* kSigner = "from";
  AssetId asset;
  Amount amount;
  std::string amount_text;
  std::string destination;  // ≤ 128 bytes, opaque or a salted hash
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("amount", self.amount);
    v("amountText", self.amount_text);
    v("destination", self.destination);
  }
  friend bool operator==(const RequestRedemption&, const RequestRedemption&) = default;
};

struct CancelRedemption {
  static constexpr TxKind kKind = TxKind::cancel_redemption;
  static constexpr const char* kSigner = "from";
  RedemptionId redemption;
  MOOT_DESCRIBE { v("redemption", self.redemption); }
  friend bool operator==(const CancelRedemption&, const CancelRedemption&) = default;
};

struct Settlement {
  RedemptionId redemption;
  bool paid = false;       // true: burn against `note`, the outside reference; false: refund, `note` says why
  std::string note;
  MOOT_DESCRIBE {
    v("redemption", self.redemption);
    v("paid", self.paid);
    v("note", self.note);
  }
  friend bool operator==(const Settlement&, const Settlement&) = default;
};

// Each item stands alone: one that is no longer open is skipped with a code in the receipt (6.7). Role action.
struct SettleRedemptions {
  static constexpr TxKind kKind = TxKind::settle_redemptions;
  static constexpr const char* kSigner = "treasurer";
  std::vector<Settlement> items;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("items", self.items);
    v("expires", self.expires);
  }
  friend bool operator==(const SettleRedemptions&, const SettleRedemptions&) = default;
};

// ---- accounts and roles -------------------------------------------------------------------------------------------

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

// In the order of TxKind, so that index() + 1 is the kind.
using Payload =
    std::variant<Join, AdmitMembers, GrantUnits, RecordContributions, RevokeUnits, Confirm, SetDelegate, RotateKey,
                 RecoverKey, Leave, Propose, CancelProposal, GuardianCancel, Vote, Execute, RecordProceeds, PaySale,
                 ApprovePayout, PausePayout, ResumePayout, Settle, Transfer, RequestRedemption, CancelRedemption,
                 SettleRedemptions, AdvanceNonce, ApproveAction, RevokeApproval, ResignRole, AttestAudit>;

inline TxKind kind_of(const Payload& payload) { return static_cast<TxKind>(payload.index() + 1); }
// A payload of that kind with every field zero.
Payload empty_payload(TxKind kind);

// The canonical envelope (rule 1.1): kind u8 ‖ payload ‖ signer ‖ nonce u64 ‖ valid_until_ms u64 ‖ signature r‖s‖recid.
struct Transaction {
  Payload payload;
  Address signer;
  u64 nonce = 0;
  TimeMs valid_until;  // 0: no limit, where the kind allows it
  std::array<u8, 65> signature{};

  [[nodiscard]] TxKind kind() const { return kind_of(payload); }
  friend bool operator==(const Transaction&, const Transaction&) = default;
};

void encode_value(Writer& out, const Payload& payload);
void decode_value(Reader& in, Payload& payload);
Bytes encode_transaction(const Transaction& tx);
// malformed when a byte is wrong or left over, too_large above kMaxTransactionBytes.
std::expected<Transaction, TxError> decode_transaction(ByteView bytes);
inline constexpr std::size_t kMaxTransactionBytes = 256 * 1024;

// TH("moot/envelope", canonical envelope): covers the signature (rule 1.2).
WitnessId witness_id(ByteView envelope);

// What a block spends on it (2.3), without payouts settled: 1 + list entries.
u64 weight(const Payload& payload);

inline bool is_ballot(TxKind kind) { return kind == TxKind::vote; }
// Moves money, approves, or rotates a key: valid_until_ms is compulsory, at most 30 days ahead (1.5).
bool needs_valid_until(TxKind kind);

// Which roles must agree before the payload runs; empty for kinds that are nobody's role (rules.md §4). `registrar and
// an auditor` is two entries. ≥ 1 holder of each; how many is the ledger's current m, except auditors of RevokeUnits: 1.
std::span<const Role> roles_needed(TxKind kind);
// The action's key: TH("moot/action", kind ‖ payload with `expires` zeroed).
ActionKey action_key(const Payload& payload);
// The approval's expiry named in a role payload or an ApproveAction; 0 for other kinds.
TimeMs approval_expiry(const Payload& payload);

}  // namespace moot::ledger
