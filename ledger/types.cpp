#include "ledger/types.hpp"

#include <array>
#include <utility>

namespace moot::ledger {
namespace {

template <class E, std::size_t N>
using Words = std::array<std::pair<E, std::string_view>, N>;

constexpr Words<TxKind, 30> kTxKinds{{
    {TxKind::join, "Join"},
    {TxKind::admit_members, "AdmitMembers"},
    {TxKind::grant_units, "GrantUnits"},
    {TxKind::record_contributions, "RecordContributions"},
    {TxKind::revoke_units, "RevokeUnits"},
    {TxKind::confirm, "Confirm"},
    {TxKind::set_delegate, "DelegateVotes"},
    {TxKind::rotate_key, "RotateKey"},
    {TxKind::recover_key, "RecoverKey"},
    {TxKind::leave, "Leave"},
    {TxKind::propose, "Propose"},
    {TxKind::cancel_proposal, "CancelProposal"},
    {TxKind::guardian_cancel, "GuardianCancel"},
    {TxKind::vote, "Vote"},
    {TxKind::execute, "Execute"},
    {TxKind::record_proceeds, "RecordProceeds"},
    {TxKind::pay_sale, "PaySale"},
    {TxKind::approve_payout, "ApprovePayout"},
    {TxKind::pause_payout, "PausePayout"},
    {TxKind::resume_payout, "ResumePayout"},
    {TxKind::settle, "Settle"},
    {TxKind::transfer, "Transfer"},
    {TxKind::request_redemption, "RequestRedemption"},
    {TxKind::cancel_redemption, "CancelRedemption"},
    {TxKind::settle_redemptions, "SettleRedemptions"},
    {TxKind::advance_nonce, "AdvanceNonce"},
    {TxKind::approve_action, "ApproveAction"},
    {TxKind::revoke_approval, "RevokeApproval"},
    {TxKind::resign_role, "ResignRole"},
    {TxKind::attest_audit, "AuditAttestation"},
}};

constexpr Words<Role, 6> kRoles{{
    {Role::registrar, "registrar"},
    {Role::attestor, "attestor"},
    {Role::treasurer, "treasurer"},
    {Role::auditor, "auditor"},
    {Role::guardian, "guardian"},
    {Role::validator, "validator"},
}};

constexpr Words<Choice, 5> kChoices{{
    {Choice::none, ""},
    {Choice::against, "Against"},
    {Choice::in_favour, "For"},
    {Choice::abstain, "Abstain"},
    {Choice::veto, "Veto"},
}};

constexpr Words<MemberStatus, 4> kStatuses{{
    {MemberStatus::active, "Active"},
    {MemberStatus::suspended, "Suspended"},
    {MemberStatus::left, "Left"},
    {MemberStatus::expelled, "Expelled"},
}};

constexpr Words<ProposalKind, 9> kProposalKindWords{{
    {ProposalKind::text, "text"},
    {ProposalKind::sale, "sale"},
    {ProposalKind::spend, "spend"},
    {ProposalKind::roles, "roles"},
    {ProposalKind::policy, "policy"},
    {ProposalKind::membership, "membership"},
    {ProposalKind::creation, "creation"},
    {ProposalKind::upgrade, "upgrade"},
    {ProposalKind::cancel_sale, "cancel-sale"},
}};

constexpr Words<ProposalState, 8> kProposalStates{{
    {ProposalState::pending, "Pending"},
    {ProposalState::active, "Active"},
    {ProposalState::defeated, "Defeated"},
    {ProposalState::succeeded, "Succeeded"},
    {ProposalState::queued, "Queued"},
    {ProposalState::executed, "Executed"},
    {ProposalState::expired, "Expired"},
    {ProposalState::canceled, "Canceled"},
}};

constexpr Words<SaleState, 6> kSaleStates{{
    {SaleState::authorised, "Authorised"},
    {SaleState::funded, "Funded"},
    {SaleState::approved, "Approved"},
    {SaleState::paid_out, "PaidOut"},
    {SaleState::expired, "Expired"},
    {SaleState::canceled, "Canceled"},
}};

constexpr Words<AssetKind, 2> kAssetKinds{{{AssetKind::external, "external"}, {AssetKind::fixed, "fixed"}}};

constexpr Words<RedemptionState, 4> kRedemptionStates{{
    {RedemptionState::open, "Open"},
    {RedemptionState::paid, "Paid"},
    {RedemptionState::refunded, "Refunded"},
    {RedemptionState::canceled, "Canceled"},
}};

constexpr Words<DueKind, 9> kDueKinds{{
    {DueKind::rules_upgrade, "rules upgrade"},
    {DueKind::role_expiry, "role expiry"},
    {DueKind::suspension_end, "suspension end"},
    {DueKind::recovery_completion, "recovery completion"},
    {DueKind::funding_expiry, "funding expiry"},
    {DueKind::proposal_opening, "proposal opening"},
    {DueKind::proposal_close, "proposal close"},
    {DueKind::execution_attempt, "execution attempt"},
    {DueKind::payout_due, "payout due"},
}};

template <class E, std::size_t N>
std::string_view word_of(const Words<E, N>& words, E value) {
  for (const auto& [known, text] : words)
    if (known == value) return text;
  return "unknown";
}

template <class E, std::size_t N>
std::optional<E> parse(const Words<E, N>& words, std::string_view text) {
  for (const auto& [value, known] : words)
    if (known == text && !text.empty()) return value;
  return std::nullopt;
}

}  // namespace

std::string_view word(TxKind value) { return word_of(kTxKinds, value); }
std::string_view word(Role value) { return word_of(kRoles, value); }
std::string_view word(Choice value) { return word_of(kChoices, value); }
std::string_view word(MemberStatus value) { return word_of(kStatuses, value); }
std::string_view word(ProposalKind value) { return word_of(kProposalKindWords, value); }
std::string_view word(ProposalState value) { return word_of(kProposalStates, value); }
std::string_view word(SaleState value) { return word_of(kSaleStates, value); }
std::string_view word(AssetKind value) { return word_of(kAssetKinds, value); }
std::string_view word(RedemptionState value) { return word_of(kRedemptionStates, value); }
std::string_view word(DueKind value) { return word_of(kDueKinds, value); }

std::optional<TxKind> parse_tx_kind(std::string_view text) { return parse(kTxKinds, text); }
std::optional<Role> parse_role(std::string_view text) { return parse(kRoles, text); }
std::optional<Choice> parse_choice(std::string_view text) { return parse(kChoices, text); }
std::optional<ProposalKind> parse_proposal_kind(std::string_view text) {
  return parse(kProposalKindWords, text);
}
std::optional<AssetKind> parse_asset_kind(std::string_view text) { return parse(kAssetKinds, text); }

}  // namespace moot::ledger
