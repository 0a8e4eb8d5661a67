// Why a transaction was refused, or failed once it was on the ledger.
//
// The numbers are protocol: append within a stage, never renumber. Declaration order is precedence (rule 1.8): shape →
// size → signature → signer field → expiry → account → nonce → status or role → object exists → object state → time
// window → duplicate → limits → funds or overflow. When several apply every node reports the first; within a list, the
// one at the lowest index.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "base/units.hpp"

namespace moot::ledger {

enum class TxError : u16 {
  // shape
  malformed = 100,        // the bytes are not one canonical encoding of a transaction
  bad_text = 101,         // not UTF-8, or a control or bidirectional control character (1.9)
  bad_value = 102,        // a field outside what its kind allows
  bad_amount_text = 103,  // the amount's text is not the canonical rendering of its integer (6.8)
  empty_list = 104,
  wrong_actions = 105,  // actions of another kind, or none where some are needed (5.10)
  // size
  too_large = 200,  // the transaction's bytes
  text_too_long = 201,
  list_too_long = 202,
  // signature
  bad_signature = 300,  // not a canonical signature (length, v, low-s, range), or no key recovers
  // signer field
  signer_mismatch = 400,             // the signature is by another key than the one the message names
  carried_signature_mismatch = 401,  // an attestation, invite or new key's consent inside it, likewise
  // expiry
  expired = 500,             // T ≥ valid_until_ms
  valid_until_needed = 501,  // money, approvals and key rotation need one, at most 30 days ahead (1.5)
  // account
  no_account = 600,       // signer or recipient has no account here
  account_retired = 601,  // this address was rotated away
  // nonce
  nonce_stale = 700,
  nonce_ahead = 701,
  // status or role
  not_a_member = 800,
  not_active = 801,         // member suspended, left or expelled
  not_in_electorate = 802,  // not eligible at the proposal's record height
  role_needed = 803,
  not_the_proposer = 804,
  not_the_buyer = 805,
  not_the_owner = 806,
  attestor_needed = 807,      // the attestation's signer does not hold the role
  registrar_needed = 808,     // the invite's signer does not hold the role
  units_below_minimum = 809,  // fewer units at R than the policy asks of a proposer (5.1)
  recovered_too_late = 810,   // the member's key was recovered after the record height (3.9)
  role_holder_not_recoverable = 811,
  invites_off = 812,
  // object exists
  no_such_proposal = 900,
  no_such_member = 901,
  no_such_class = 902,
  no_such_asset = 903,
  no_such_sale = 904,
  no_such_redemption = 905,
  no_such_action = 906,
  no_such_parameter = 907,
  // object state
  wrong_proposal_hash = 1000,
  wrong_title = 1001,
  proposal_not_active = 1002,
  proposal_not_pending = 1003,
  proposal_not_queued = 1004,
  veto_not_allowed = 1005,
  sale_not_authorised = 1006,
  sale_not_funded = 1007,
  payout_not_payable = 1008,
  wrong_payout_digest = 1009,
  redemption_not_open = 1010,
  grants_need_attestation = 1011,  // the class is attested_only (3.6)
  not_redeemable = 1012,           // a fixed asset has nothing outside to redeem against
  wrong_action_key = 1013,
  self_delegation = 1014,
  guardian_may_not = 1015,  // guardian, role and policy proposals (5.11)
  already_paused = 1016,
  not_paused = 1017,
  recovery_open = 1018,
  wrong_state_root = 1019,  // an audit attestation against another history
  delegate_not_active = 1020,
  nothing_to_settle = 1021,
  same_delegate = 1022,
  wrong_kind = 1023,
  // time window
  not_yet_open = 1100,
  voting_closed = 1101,
  outside_window = 1102,
  debit_frozen = 1103,  // seven days after a recovery (3.9)
  attestation_expired = 1104,
  timeout_not_reached = 1105,
  expires_out_of_range = 1106,
  // duplicate
  already_voted = 1200,       // a second ballot where vote change is off (1.6)
  ballot_nonce_stale = 1201,  // not above the slot's revision (1.6)
  already_member = 1202,
  address_taken = 1203,
  contribution_used = 1204,
  reference_used = 1205,
  invite_used = 1206,
  already_approved = 1207,
  not_approved = 1208,
  already_joined = 1209,
  symbol_taken = 1210,
  duplicate_in_list = 1211,
  redemption_already_open = 1212,
  already_confirmed = 1213,
  already_executed = 1214,
  // limits
  vote_changes_exhausted = 1300,
  live_proposal_exists = 1301,  // one live proposal each (5.1)
  too_many_live_proposals = 1302,
  too_many_open_actions = 1303,
  block_full = 1304,
  account_block_limit = 1305,  // 16 non-ballot transactions an account a block (2.3)
  grant_cap = 1306,
  attempts_exhausted = 1307,
  below_minimum = 1308,
  guardian_limit = 1309,
  role_conflict = 1310,    // at most one of registrar, treasurer, auditor, guardian (3.10)
  role_threshold = 1311,   // would leave n < m or m = 0 (3.10)
  policy_too_weak = 1312,  // below the floor for its kind (5.5)
  parameter_out_of_range = 1313,
  electorate_empty = 1314,  // W = 0, or a sale of a class without units (5.1)
  settle_first = 1315,      // more than 256 unsettled payouts (6.6)
  version_not_newer = 1316,
  too_many_pending_joins = 1317,
  // funds or overflow
  insufficient_funds = 1400,
  above_maximum_price = 1401,
  overflow = 1402,
  insufficient_units = 1403,
  breaks_a_law = 1404,  // our own defect; never on the ledger, because no block may hold it (2.5)
};

// A refusal: the code, and in a list the index of the first bad entry.
struct Refusal {
  TxError code{};
  std::optional<u32> index;
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

using Verdict = std::expected<void, Refusal>;

inline std::unexpected<Refusal> refuse(TxError code) { return std::unexpected(Refusal{code, std::nullopt}); }
inline std::unexpected<Refusal> refuse_at(TxError code, std::size_t index) {
  return std::unexpected(Refusal{code, static_cast<u32>(index)});
}

// The stable name programs match on ("BALLOT_NONCE_STALE") and the sentence people read, which says what to do.
std::string_view reason(TxError code);
std::string_view advice(TxError code);
// Every code there is, in precedence order, for documentation and for the test that each is reached.
std::span<const TxError> all_tx_errors();
bool is_known(TxError code);

}  // namespace moot::ledger
