// What members, role holders and auditors may ask of the ledger, and the envelope that carries it.
//
// The payloads themselves, one plain struct a kind, are in payloads/. To add a kind: a struct there, its place in
// Payload, a file in handlers/, refusals in tx_error.hpp, a proto message.
#pragma once

#include <expected>
#include <span>
#include <variant>

#include "base/codec.hpp"
#include "ledger/payloads/accounts.hpp"
#include "ledger/payloads/members.hpp"
#include "ledger/payloads/money.hpp"
#include "ledger/payloads/proposals.hpp"
#include "ledger/tx_error.hpp"
#include "ledger/types.hpp"

namespace moot::ledger {

// In the order of TxKind, so that index() + 1 is the kind.
using Payload =
    std::variant<Join, AdmitMembers, GrantUnits, RecordContributions, RevokeUnits, Confirm, SetDelegate,
                 RotateKey, RecoverKey, Leave, Propose, CancelProposal, GuardianCancel, Vote, Execute,
                 RecordProceeds, PaySale, ApprovePayout, PausePayout, ResumePayout, Settle, Transfer,
                 RequestRedemption, CancelRedemption, SettleRedemptions, AdvanceNonce, ApproveAction,
                 RevokeApproval, ResignRole, AttestAudit>;

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
// One for each: neighbours of one size, as ballots are, several at once.
std::vector<WitnessId> witness_ids(std::span<const Bytes> envelopes);

// What a block spends on it (2.3), without payouts settled: 1 + list entries.
u64 weight(const Payload& payload);

inline bool is_ballot(TxKind kind) { return kind == TxKind::vote; }
// Does not take its turn among an account's transactions: a ballot's nonce is its slot's (1.6), and who joins has no account.
inline bool has_no_account_nonce(TxKind kind) { return is_ballot(kind) || kind == TxKind::join; }
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
