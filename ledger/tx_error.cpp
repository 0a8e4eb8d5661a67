#include "ledger/tx_error.hpp"

#include <algorithm>
#include <array>

namespace moot::ledger {
namespace {

struct Entry {
  TxError code;
  std::string_view reason;
  std::string_view advice;
};

// In declaration order, which is precedence (rule 1.8).
constexpr Entry kEntries[] = {
    {TxError::malformed, "MALFORMED",
     "The bytes are not one canonical encoding of a transaction; build it again with this version of the "
     "wallet."},
    {TxError::bad_text, "BAD_TEXT",
     "A text is not valid UTF-8 or holds a control or bidirectional control character; remove it and sign "
     "again."},
    {TxError::bad_value, "BAD_VALUE",
     "A field has a value that its kind does not allow; correct that field and sign again."},
    {TxError::bad_amount_text, "BAD_AMOUNT_TEXT",
     "The amount's text is not the canonical rendering of its integer; write it as the node renders it and "
     "sign again."},
    {TxError::empty_list, "EMPTY_LIST", "The list is empty; put at least one entry in it."},
    {TxError::wrong_actions, "WRONG_ACTIONS",
     "The actions do not belong to the proposal's kind, or there are none where some are needed; use one "
     "kind's actions only."},
    {TxError::too_large, "TOO_LARGE", "The transaction has more bytes than the ledger takes; split it."},
    {TxError::text_too_long, "TEXT_TOO_LONG", "A text is longer than its limit; shorten it and sign again."},
    {TxError::list_too_long, "LIST_TOO_LONG",
     "The list has more entries than one transaction may carry; split it."},
    {TxError::bad_signature, "BAD_SIGNATURE",
     "The signature is not canonical or recovers no key; sign again with a wallet that gives low-s and v of "
     "27 or 28."},
    {TxError::signer_mismatch, "SIGNER_MISMATCH",
     "The signature is by another key than the one the message names; sign with the named key."},
    {TxError::carried_signature_mismatch, "CARRIED_SIGNATURE_MISMATCH",
     "A signature carried inside is not by the key it names; ask that person to sign again for this "
     "organisation."},
    {TxError::expired, "EXPIRED",
     "The transaction was good until a time that has passed; sign it again with a later one."},
    {TxError::valid_until_needed, "VALID_UNTIL_NEEDED",
     "This kind needs a time until which it is good, at most 30 days ahead; set it and sign again."},
    {TxError::no_account, "NO_ACCOUNT",
     "This address has no account on the ledger; it gets one by admission, a role, or being named in a "
     "proposal that executes."},
    {TxError::account_retired, "ACCOUNT_RETIRED",
     "This address was rotated away; use the account's current key."},
    {TxError::nonce_stale, "NONCE_STALE",
     "The nonce was already used; ask the node for the account's next nonce and sign again."},
    {TxError::nonce_ahead, "NONCE_AHEAD",
     "The nonce is ahead of the account's next one; send the transactions before it first."},
    {TxError::not_a_member, "NOT_A_MEMBER", "The account is not a member's; ask a registrar for admission."},
    {TxError::not_active, "NOT_ACTIVE",
     "The member is suspended, has left or was expelled; only active members may do this or be named here."},
    {TxError::not_in_electorate, "NOT_IN_ELECTORATE",
     "The member was not active at the proposal's record height and cannot vote on it; later proposals are "
     "open."},
    {TxError::role_needed, "ROLE_NEEDED",
     "The signer does not hold the role this needs; ask a current holder."},
    {TxError::not_the_proposer, "NOT_THE_PROPOSER",
     "Only the member who proposed it may do this; ask the proposer."},
    {TxError::not_the_buyer, "NOT_THE_BUYER",
     "Only the sale's buyer may pay for it; sign with the buyer's account."},
    {TxError::not_the_owner, "NOT_THE_OWNER",
     "Only the account that asked for the redemption may do this; sign with that account."},
    {TxError::attestor_needed, "ATTESTOR_NEEDED",
     "The attestation's signer is not an attestor; ask a current attestor to sign it."},
    {TxError::registrar_needed, "REGISTRAR_NEEDED",
     "The invite's signer is not a registrar; ask a current registrar for an invite."},
    {TxError::units_below_minimum, "UNITS_BELOW_MINIMUM",
     "The proposer held fewer units at the record height than the policy asks; ask a member who holds enough "
     "to propose."},
    {TxError::recovered_too_late, "RECOVERED_TOO_LATE",
     "The member's key was recovered after the record height, so it cannot vote on this proposal; later ones "
     "are open."},
    {TxError::role_holder_not_recoverable, "ROLE_HOLDER_NOT_RECOVERABLE",
     "A role holder's key cannot be recovered; replace the holder by a proposal."},
    {TxError::invites_off, "INVITES_OFF",
     "This organisation does not take members by invite; ask a registrar for admission."},
    {TxError::no_such_proposal, "NO_SUCH_PROPOSAL",
     "There is no proposal with this number; check the number."},
    {TxError::no_such_member, "NO_SUCH_MEMBER", "There is no member with this number or address; check it."},
    {TxError::no_such_class, "NO_SUCH_CLASS", "There is no share class with this number; check the number."},
    {TxError::no_such_asset, "NO_SUCH_ASSET", "There is no asset with this number; check the number."},
    {TxError::no_such_sale, "NO_SUCH_SALE", "There is no sale with this number; check the number."},
    {TxError::no_such_redemption, "NO_SUCH_REDEMPTION",
     "There is no redemption with this number; check the number."},
    {TxError::no_such_action, "NO_SUCH_ACTION",
     "There is no open action with this number; it ran, expired, or never was."},
    {TxError::no_such_parameter, "NO_SUCH_PARAMETER",
     "There is no parameter with this name; see the table of parameters."},
    {TxError::wrong_proposal_hash, "WRONG_PROPOSAL_HASH",
     "The ballot names another proposal hash than the ledger's; read the proposal again before signing."},
    {TxError::wrong_title, "WRONG_TITLE",
     "The ballot names another title than the proposal's; read the proposal again before signing."},
    {TxError::proposal_not_active, "PROPOSAL_NOT_ACTIVE",
     "The proposal is not open for voting; look at its state."},
    {TxError::proposal_not_pending, "PROPOSAL_NOT_PENDING",
     "The proposal has opened, so its proposer can no longer cancel it; vote against it instead."},
    {TxError::proposal_not_queued, "PROPOSAL_NOT_QUEUED",
     "The proposal is not queued; only a queued one can be canceled by guardians or executed."},
    {TxError::veto_not_allowed, "VETO_NOT_ALLOWED",
     "This proposal's policy has no veto; vote Against instead."},
    {TxError::sale_not_authorised, "SALE_NOT_AUTHORISED",
     "The sale is not waiting for proceeds; look at its state."},
    {TxError::sale_not_funded, "SALE_NOT_FUNDED",
     "The sale has no proceeds to pay out yet; wait until it is funded."},
    {TxError::payout_not_payable, "PAYOUT_NOT_PAYABLE",
     "The payout is not waiting for this; it was already approved, paid out or canceled."},
    {TxError::wrong_payout_digest, "WRONG_PAYOUT_DIGEST",
     "The digest or total is not that of the payout as it stands; preview it again and sign what it shows."},
    {TxError::redemption_not_open, "REDEMPTION_NOT_OPEN",
     "The redemption was already paid, refunded or canceled; nothing is left to do."},
    {TxError::grants_need_attestation, "GRANTS_NEED_ATTESTATION",
     "Units of this class come only by an attestor's signed contribution; record one instead."},
    {TxError::not_redeemable, "NOT_REDEEMABLE",
     "This asset is not backed outside the ledger, so nothing can be redeemed; transfer it instead."},
    {TxError::wrong_action_key, "WRONG_ACTION_KEY",
     "The approval names another action than the open one; read the action again before approving."},
    {TxError::self_delegation, "SELF_DELEGATION",
     "A member cannot delegate to itself; name another member, or the zero address to end a delegation."},
    {TxError::guardian_may_not, "GUARDIAN_MAY_NOT",
     "Guardians may not cancel proposals about guardians, roles or policies; members decide those."},
    {TxError::already_paused, "ALREADY_PAUSED",
     "This payout was paused before, and a payout can be paused once only; resolve the matter by other "
     "means."},
    {TxError::not_paused, "NOT_PAUSED", "The payout is not paused; nothing is left to resume."},
    {TxError::recovery_open, "RECOVERY_OPEN",
     "A recovery of this member's key is already open; wait for it to end."},
    {TxError::wrong_state_root, "WRONG_STATE_ROOT",
     "The attested heights reach past the newest block; attest blocks that are final."},
    {TxError::delegate_not_active, "DELEGATE_NOT_ACTIVE",
     "The delegate is not an active member; name one who is."},
    {TxError::nothing_to_settle, "NOTHING_TO_SETTLE",
     "The member has no unsettled payout in this class; nothing is left to do."},
    {TxError::same_delegate, "SAME_DELEGATE", "The member already has this delegate; nothing is left to do."},
    {TxError::wrong_kind, "WRONG_KIND",
     "This does not fit the kind of thing it names; check the number and the kind."},
    {TxError::not_yet_open, "NOT_YET_OPEN", "Voting has not begun; send it when the proposal has opened."},
    {TxError::voting_closed, "VOTING_CLOSED", "Voting has ended; the ballot cannot be counted."},
    {TxError::outside_window, "OUTSIDE_WINDOW",
     "The proposal is outside its window of execution; a new proposal is needed once the window has passed."},
    {TxError::debit_frozen, "DEBIT_FROZEN",
     "No money leaves an account for seven days after its key was recovered; wait until then."},
    {TxError::attestation_expired, "ATTESTATION_EXPIRED",
     "The signed statement carried inside was good until a time that has passed; ask for a new one."},
    {TxError::timeout_not_reached, "TIMEOUT_NOT_REACHED",
     "It is too early to cancel this redemption; wait until its timeout."},
    {TxError::expires_out_of_range, "EXPIRES_OUT_OF_RANGE",
     "The time is in the past or too far ahead; choose one within the limit and sign again."},
    {TxError::already_voted, "ALREADY_VOTED",
     "The member has voted, and this proposal's policy allows no change; the first ballot counts."},
    {TxError::ballot_nonce_stale, "BALLOT_NONCE_STALE",
     "A ballot with this or a higher nonce is already counted; use the revision plus one to change it."},
    {TxError::already_member, "ALREADY_MEMBER",
     "This address already belongs to a member; remove it from the list."},
    {TxError::address_taken, "ADDRESS_TAKEN",
     "This address belongs or belonged to another account; use a fresh one."},
    {TxError::contribution_used, "CONTRIBUTION_USED",
     "This contribution's content is already recorded in the class; each counts once."},
    {TxError::reference_used, "REFERENCE_USED",
     "This outside reference was already recorded; each payment counts once."},
    {TxError::invite_used, "INVITE_USED", "This invite was already used; ask a registrar for another."},
    {TxError::already_approved, "ALREADY_APPROVED",
     "The signer already approved this action; another holder must approve it."},
    {TxError::not_approved, "NOT_APPROVED",
     "The signer has no approval of this action to take back; check the number."},
    {TxError::already_joined, "ALREADY_JOINED",
     "This address already asked to join; wait for a registrar to admit it."},
    {TxError::symbol_taken, "SYMBOL_TAKEN",
     "Another asset has this symbol, or another share class this name; choose a different one."},
    {TxError::duplicate_in_list, "DUPLICATE_IN_LIST", "An entry appears twice in the list; remove one."},
    {TxError::redemption_already_open, "REDEMPTION_ALREADY_OPEN",
     "The member already has an open redemption of this asset; wait for it or cancel it."},
    {TxError::already_confirmed, "ALREADY_CONFIRMED",
     "The membership is already confirmed with this consent; nothing is left to do."},
    {TxError::already_executed, "ALREADY_EXECUTED", "The proposal was executed; nothing is left to do."},
    {TxError::vote_changes_exhausted, "VOTE_CHANGES_EXHAUSTED",
     "The member has used every vote change this policy allows; the last ballot counts."},
    {TxError::live_proposal_exists, "LIVE_PROPOSAL_EXISTS",
     "The member already has a live proposal; wait until it ends or cancel it."},
    {TxError::too_many_live_proposals, "TOO_MANY_LIVE_PROPOSALS",
     "The organisation has as many live proposals as it may for this kind; wait until one ends."},
    {TxError::too_many_open_actions, "TOO_MANY_OPEN_ACTIONS",
     "The signer has opened as many actions as one holder may; let some run or expire."},
    {TxError::block_full, "BLOCK_FULL",
     "The block has no room for it; it stays in the queue for the next one."},
    {TxError::account_block_limit, "ACCOUNT_BLOCK_LIMIT",
     "The account has its share of this block; it stays in the queue for the next one."},
    {TxError::grant_cap, "GRANT_CAP",
     "The day's grants in this class would pass their cap; wait for the next day or grant less."},
    {TxError::attempts_exhausted, "ATTEMPTS_EXHAUSTED",
     "The proposal's execution was attempted as often as the rules allow; a new proposal is needed."},
    {TxError::below_minimum, "BELOW_MINIMUM",
     "The amount is below the asset's minimum; choose a larger one."},
    {TxError::guardian_limit, "GUARDIAN_LIMIT",
     "Guardians have canceled as many proposals as they may in this window; wait until it has passed."},
    {TxError::role_conflict, "ROLE_CONFLICT",
     "One account may hold only one of registrar, treasurer, auditor and guardian; remove the other role "
     "first."},
    {TxError::role_threshold, "ROLE_THRESHOLD",
     "The role would have fewer holders than must agree, or none need agree; change the holders or the "
     "threshold together."},
    {TxError::policy_too_weak, "POLICY_TOO_WEAK",
     "The policy is below the floor for its kind, or its numbers do not fit together; raise the field in "
     "question."},
    {TxError::parameter_out_of_range, "PARAMETER_OUT_OF_RANGE",
     "The value is outside the parameter's bounds; see the table of parameters."},
    {TxError::electorate_empty, "ELECTORATE_EMPTY",
     "Nobody could vote on this at its record height; wait until members or units are older than the record "
     "lag."},
    {TxError::settle_first, "SETTLE_FIRST",
     "The member has too many unsettled payouts for one transaction; send Settle first."},
    {TxError::version_not_newer, "VERSION_NOT_NEWER",
     "The rules version is not newer than the present one, or one is already due; name a later one."},
    {TxError::too_many_pending_joins, "TOO_MANY_PENDING_JOINS",
     "Too many people wait for admission; try again when registrars have admitted some."},
    {TxError::insufficient_funds, "INSUFFICIENT_FUNDS",
     "The account or treasury holds less than this amount; choose a smaller one."},
    {TxError::above_maximum_price, "ABOVE_MAXIMUM_PRICE",
     "The sale's escrow would pass its maximum price; pay less."},
    {TxError::overflow, "OVERFLOW", "A total would not fit its integer; choose a smaller amount."},
    {TxError::insufficient_units, "INSUFFICIENT_UNITS",
     "The member holds fewer units than this; choose a smaller number."},
    {TxError::breaks_a_law, "BREAKS_A_LAW",
     "Doing this would break a law of the ledger, so no block may hold it: a defect of the program; tell the "
     "node's operator."},
};
constexpr std::size_t kCount = std::size(kEntries);

constexpr auto kCodes = [] {
  std::array<TxError, kCount> codes{};
  std::transform(std::begin(kEntries), std::end(kEntries), codes.begin(),
                 [](const Entry& entry) { return entry.code; });
  return codes;
}();
static_assert(std::is_sorted(kCodes.begin(), kCodes.end()), "declaration order is precedence");

const Entry* find(TxError code) {
  const auto at = std::lower_bound(kCodes.begin(), kCodes.end(), code);
  return at != kCodes.end() && *at == code ? &kEntries[at - kCodes.begin()] : nullptr;
}

}  // namespace

std::string_view reason(TxError code) {
  const Entry* entry = find(code);
  return entry ? entry->reason : "UNKNOWN";
}

std::string_view advice(TxError code) {
  const Entry* entry = find(code);
  return entry ? entry->advice : "This code is not known to this version; use a newer one to read it.";
}

std::span<const TxError> all_tx_errors() { return kCodes; }

bool is_known(TxError code) { return find(code) != nullptr; }

}  // namespace moot::ledger
