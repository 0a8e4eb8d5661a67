// The ledger's enumerations. Their numbers are protocol: append, never renumber (docs/protocol.md).
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/units.hpp"

namespace moot::ledger {

// What a transaction asks for. rules.md names each; product.md §4 says who may send it.
enum class TxKind : u8 {
  join = 1,
  admit_members = 2,
  grant_units = 3,
  record_contributions = 4,
  revoke_units = 5,
  confirm = 6,
  set_delegate = 7,
  rotate_key = 8,
  recover_key = 9,
  leave = 10,
  propose = 11,
  cancel_proposal = 12,
  guardian_cancel = 13,
  vote = 14,
  execute = 15,
  record_proceeds = 16,
  pay_sale = 17,
  approve_payout = 18,
  pause_payout = 19,
  resume_payout = 20,
  settle = 21,
  transfer = 22,
  request_redemption = 23,
  cancel_redemption = 24,
  settle_redemptions = 25,
  advance_nonce = 26,
  approve_action = 27,
  revoke_approval = 28,
  resign_role = 29,
  attest_audit = 30,
};

enum class Role : u8 { registrar = 1, attestor = 2, treasurer = 3, auditor = 4, guardian = 5, validator = 6 };
inline constexpr u8 kRoleCount = 6;
// One account holds at most one of these (3.10); m of n of their holders decide together. Holders of the others act alone.
inline constexpr std::array kExclusiveRoles{Role::registrar, Role::treasurer, Role::auditor, Role::guardian};
constexpr bool is_exclusive(Role role) {
  return std::ranges::find(kExclusiveRoles, role) != kExclusiveRoles.end();
}

// A ballot's choice: OpenZeppelin's support code + 1, so that an empty slot is 0 (rule 5.3). Veto is ours.
enum class Choice : u8 { none = 0, against = 1, in_favour = 2, abstain = 3, veto = 4 };
inline constexpr std::size_t kChoiceSlots = 5;

enum class MemberStatus : u8 { active = 1, suspended = 2, left = 3, expelled = 4 };

// Kinds of proposal; each has one policy, and carries actions of that kind only (rule 5.10).
enum class ProposalKind : u8 {
  text = 0,         // no action: an opinion on record
  sale = 1,         // authorises one sale
  spend = 2,        // pays from the treasury
  roles = 3,        // grants, removes, renews a role, or sets its m
  policy = 4,       // changes a policy or a named parameter
  membership = 5,   // suspends or expels a member
  creation = 6,     // creates an asset or a share class
  upgrade = 7,      // names a rules version and its activation time
  cancel_sale = 8,  // withdraws an authorised sale before it is funded
};
inline constexpr std::size_t kProposalKinds = 9;

enum class ProposalState : u8 {
  pending = 1,
  active = 2,
  defeated = 3,
  succeeded = 4,
  queued = 5,
  executed = 6,
  expired = 7,
  canceled = 8,
};

// Why a proposal was defeated: a mask (rule 5.4).
enum DefeatReason : u8 { kFailedQuorum = 1, kFailedApproval = 2, kFailedSupport = 4, kFailedVeto = 8 };

enum class SaleState : u8 {
  authorised = 1,
  funded = 2,
  approved = 3,
  paid_out = 4,
  expired = 5,
  canceled = 6
};
enum class AssetKind : u8 { external = 1, fixed = 2 };
enum class RedemptionState : u8 { open = 1, paid = 2, refunded = 3, canceled = 4 };

// What falls due, in the order in which one moment's items run (rule 2, step 1).
enum class DueKind : u8 {
  rules_upgrade = 1,
  role_expiry = 2,
  suspension_end = 3,
  recovery_completion = 4,
  funding_expiry = 5,
  proposal_opening = 6,
  proposal_close = 7,
  execution_attempt = 8,
  payout_due = 9,
};

// Domains of the used-keys tree (rule 3.7).
enum class UsedDomain : u8 { contribution = 1, payment_reference = 2, redemption_reference = 3, invite = 4 };

constexpr bool is_known(TxKind v) { return v >= TxKind::join && v <= TxKind::attest_audit; }
constexpr bool is_known(Role v) { return v >= Role::registrar && v <= Role::validator; }
constexpr bool is_known(Choice v) { return v <= Choice::veto; }
constexpr bool is_known(MemberStatus v) { return v >= MemberStatus::active && v <= MemberStatus::expelled; }
constexpr bool is_known(ProposalKind v) { return v <= ProposalKind::cancel_sale; }
constexpr bool is_known(ProposalState v) {
  return v >= ProposalState::pending && v <= ProposalState::canceled;
}
constexpr bool is_known(SaleState v) { return v >= SaleState::authorised && v <= SaleState::canceled; }
constexpr bool is_known(AssetKind v) { return v == AssetKind::external || v == AssetKind::fixed; }
constexpr bool is_known(RedemptionState v) {
  return v >= RedemptionState::open && v <= RedemptionState::canceled;
}
constexpr bool is_known(DueKind v) { return v >= DueKind::rules_upgrade && v <= DueKind::payout_due; }
constexpr bool is_known(UsedDomain v) { return v >= UsedDomain::contribution && v <= UsedDomain::invite; }

// The word a wallet shows and signs; `parse_*` is its inverse and gives nothing for another word.
std::string_view word(TxKind value);         // the EIP-712 primary type: "Vote", "AdmitMembers"
std::string_view word(Role value);           // "registrar"
std::string_view word(Choice value);         // "For" "Against" "Abstain" "Veto"; "" for none
std::string_view word(MemberStatus value);   // "Active"
std::string_view word(ProposalKind value);   // "sale"
std::string_view word(ProposalState value);  // "Succeeded"
std::string_view word(SaleState value);
std::string_view word(AssetKind value);
std::string_view word(RedemptionState value);
std::string_view word(DueKind value);
std::optional<TxKind> parse_tx_kind(std::string_view text);
std::optional<Role> parse_role(std::string_view text);
std::optional<Choice> parse_choice(std::string_view text);
std::optional<ProposalKind> parse_proposal_kind(std::string_view text);
std::optional<AssetKind> parse_asset_kind(std::string_view text);

}  // namespace moot::ledger
