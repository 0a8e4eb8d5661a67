// One file a group of transactions; three functions a kind.
//
//   check_shape  what can be said of the payload alone (stages shape and size of rule 1.8)
//   check        against the state, in the order of rule 1.8; reads only
//   execute      what it does; cannot fail once check has passed. Gives the receipt's detail: the id of what it made,
//                or 0.
// Role payloads (roles_needed) are checked and executed when the last approval needed arrives (rules.md §4).
#pragma once

#include "ledger/execution.hpp"

namespace moot::ledger {

#define MOOT_HANDLER(Type)                                           \
  Verdict check_shape(const Type& tx, const Parameters& parameters); \
  Verdict check(const View& view, const Type& tx);                   \
  u64 execute(Execution& run, const Type& tx);

// handlers/members.cpp, grants.cpp, keys.cpp
MOOT_HANDLER(Join)
MOOT_HANDLER(AdmitMembers)
MOOT_HANDLER(GrantUnits)
MOOT_HANDLER(RecordContributions)
MOOT_HANDLER(RevokeUnits)
MOOT_HANDLER(Confirm)
MOOT_HANDLER(SetDelegate)
MOOT_HANDLER(Leave)
MOOT_HANDLER(RotateKey)
MOOT_HANDLER(RecoverKey)
MOOT_HANDLER(AdvanceNonce)
// handlers/proposals.cpp, vote.cpp
MOOT_HANDLER(Propose)
MOOT_HANDLER(CancelProposal)
MOOT_HANDLER(GuardianCancel)
MOOT_HANDLER(Vote)
MOOT_HANDLER(Execute)
// handlers/sales.cpp, payouts.cpp, money.cpp, redemptions.cpp
MOOT_HANDLER(RecordProceeds)
MOOT_HANDLER(PaySale)
MOOT_HANDLER(ApprovePayout)
MOOT_HANDLER(PausePayout)
MOOT_HANDLER(ResumePayout)
MOOT_HANDLER(Settle)
MOOT_HANDLER(Transfer)
MOOT_HANDLER(RequestRedemption)
MOOT_HANDLER(CancelRedemption)
MOOT_HANDLER(SettleRedemptions)
// handlers/actions.cpp, roles.cpp
MOOT_HANDLER(ApproveAction)
MOOT_HANDLER(RevokeApproval)
MOOT_HANDLER(ResignRole)
MOOT_HANDLER(AttestAudit)

#undef MOOT_HANDLER

// ---- due work (rules.md §2 step 1), one function a DueKind ----
// The version decided on is one that this program knows (2.4, kRulesVersion).
void run_rules_upgrade(Execution& run);
void run_role_expiry(Execution& run, Role role, AccountId account);
void run_suspension_end(Execution& run, MemberId member);
void run_recovery_completion(Execution& run, MemberId member);
void run_funding_expiry(Execution& run, SaleId sale);
void run_proposal_opening(Execution& run, ProposalId proposal);
void run_proposal_close(Execution& run, ProposalId proposal);
void run_execution_attempt(Execution& run, ProposalId proposal);
void run_payout_due(Execution& run, SaleId sale);
// Step 3: late quorum, early pass, early reject of one proposal that got a ballot in this block.
void run_early(Execution& run, ProposalId proposal);

// ---- a proposal's life, shared by proposals.cpp, proposal_due.cpp and vote.cpp ----
// Takes it off the list of live proposals; its state has been set.
void retire_proposal(Execution& run, ProposalId proposal);
// It takes no ballots any more: moves its box out for storage.
void seal_box(Execution& run, ProposalId proposal);
// One attempt to run the actions, all or none, marking the outcome (5.10). Gives the code it failed with, or 0.
u16 attempt_execution(Execution& run, ProposalId proposal);

// ---- a proposal's actions: checked and executed one after the other, all or none (5.10) ----
struct ActionContext {
  ProposalId proposal;
};
// What the action says by itself: well formed (stages shape and size), then within bounds (stage limits).
Verdict check_action_shape(const Action& action, const Parameters& parameters);
// That what it names exists: asked when the proposal opens, and again when it runs.
Verdict check_action_names(const State& state, const Action& action);
// Against the state in which it would run.
Verdict check_action(const View& view, const ActionContext& context, const Action& action);
void execute_action(Execution& run, const ActionContext& context, const Action& action);
// By group: handlers/roles.cpp, sales.cpp, money.cpp; the rest in proposal_actions.cpp, which dispatches. These checks are asked
// of an action whose form is good and whose names exist.
Verdict check_role_change(const View& view, const RoleChange& change);
void execute_role_change(Execution& run, const RoleChange& change);
Verdict check_member_action(const View& view, const MemberAction& action);
void execute_member_action(Execution& run, const MemberAction& action);
Verdict check_sale_terms(const View& view, const SaleTerms& terms);
void execute_sale_terms(Execution& run, ProposalId proposal, const SaleTerms& terms);
Verdict check_sale_cancellation(const View& view, const SaleCancellation& action);
void execute_sale_cancellation(Execution& run, const SaleCancellation& action);
Verdict check_spend(const View& view, const Spend& spend);
void execute_spend(Execution& run, const Spend& spend);

// ---- rules.md §4: shared by the executor and handlers/actions.cpp ----
// A role holder's transaction: opens, approves or runs the action. Every outcome but the refusal leaves approvals as §4 says.
Verdict check_role_payload(const View& view, const Payload& payload);
u64 execute_role_payload(Execution& run, const Payload& payload);
// Checks / executes any payload by its kind, without the role machinery (used when an action runs).
Verdict check_payload(const View& view, const Payload& payload);
u64 execute_payload(Execution& run, const Payload& payload);
// Drops actions without a current approval; at the start of each block.
void drop_stale_actions(Execution& run);

}  // namespace moot::ledger
