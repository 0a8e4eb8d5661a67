// Opening, canceling and retrying proposals (rules.md §5.1, §5.10, §5.11).
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/registers.hpp"
#include "ledger/text.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

constexpr bool is_shape_or_size(TxError code) { return code < TxError::bad_signature; }

Verdict as_verdict(const std::expected<void, TxError>& text) {
  if (text) return {};
  return refuse(text.error());
}

// Actions of the proposal's kind only, some where the kind acts, and one sale a proposal: its class is the basis (5.2).
Verdict check_action_list(const Propose& tx, const Parameters& parameters) {
  FirstRefusal first;
  for (std::size_t i = 0; i < tx.actions.size(); ++i) {
    const Verdict shape = check_action_shape(tx.actions[i], parameters);
    if (!shape && is_shape_or_size(shape.error().code)) first.add(refuse_at(shape.error().code, i));
    first.add_if(kind_of(tx.actions[i]) != tx.kind || (tx.kind == ProposalKind::sale && i > 0),
                 TxError::wrong_actions, i);
  }
  first.add_if(tx.actions.empty() != (tx.kind == ProposalKind::text), TxError::wrong_actions);
  return first.verdict();
}

// A policy change is itself decided by the stricter, field by field, of its own policy and those it replaces (5.5).
Policy policy_for(const RuleBook& rules, const Propose& tx) {
  Policy policy = rules.policy(tx.kind);
  for (const Action& action : tx.actions)
    if (const auto* change = std::get_if<PolicyChange>(&action))
      policy = stricter(policy, rules.policy(change->kind));
  return policy;
}

const SaleTerms* sale_of(const Propose& tx) {
  return tx.kind == ProposalKind::sale ? &std::get<SaleTerms>(tx.actions.front()) : nullptr;
}

BasisKey basis_of(const Policy& policy, const Propose& tx) {
  switch (policy.basis) {
    case BasisKind::members: return BasisKey::members();
    case BasisKind::units_of_class: return BasisKey::units_of(policy.basis_class);
    case BasisKind::units_of_sale_class: return BasisKey::units_of(sale_of(tx)->share_class);
  }
  return BasisKey::members();
}

Verdict check_proposer(const Member& member, const Policy& policy, Height record_height) {
  if (!member.is_active()) return refuse(TxError::not_active);
  if (member.status_at(record_height) != MemberStatus::active) return refuse(TxError::not_in_electorate);
  if (member.units_at(policy.minimum_class, record_height) < policy.minimum_units)
    return refuse(TxError::units_below_minimum);
  return {};
}

Verdict check_names(const State& state, const Policy& policy, const Propose& tx) {
  if (policy.basis == BasisKind::units_of_class && !state.classes.contains(policy.basis_class.value))
    return refuse(TxError::no_such_class);
  FirstRefusal first;
  for (std::size_t i = 0; i < tx.actions.size(); ++i)
    if (const Verdict names = check_action_names(state, tx.actions[i]); !names)
      first.add(refuse_at(names.error().code, i));
  return first.verdict();
}

// 5.1: one live proposal a proposer; so many in all, of which each kind may use those reserved for it and the rest.
Verdict check_live(const State& state, MemberId proposer, ProposalKind kind) {
  std::array<u64, kProposalKinds> live{};
  for (const ProposalId id : state.counters->live) {
    const Proposal& proposal = state.proposals[id.value];
    if (proposal.proposer == proposer) return refuse(TxError::live_proposal_exists);
    ++live[static_cast<std::size_t>(proposal.kind)];
  }
  const u64 places = state.param(Param::max_live_proposals);
  u64 reserved = 0;
  u64 beyond_reserved = 0;
  for (std::size_t i = 0; i < kProposalKinds; ++i) {
    const u64 own = state.rules->policies[i].reserved_live;
    reserved += own;
    beyond_reserved += live[i] > own ? live[i] - own : 0;
  }
  const std::size_t own = static_cast<std::size_t>(kind);
  const bool has_reserved = live[own] < state.rules->policies[own].reserved_live;
  const bool has_free = beyond_reserved + reserved < places;
  if (state.counters->live.size() >= places || !(has_reserved || has_free))
    return refuse(TxError::too_many_live_proposals);
  return {};
}

Verdict check_limits(const View& view, const Policy& policy, Height record_height, const Propose& tx) {
  FirstRefusal first;
  first.add(check_live(view.state, *view.sender.member, tx.kind));
  for (std::size_t i = 0; i < tx.actions.size(); ++i)
    if (const Verdict shape = check_action_shape(tx.actions[i], view.state.rules->parameters); !shape)
      first.add(refuse_at(shape.error().code, i));
  const SaleTerms* sale = sale_of(tx);
  if (electorate_power(view.state, basis_of(policy, tx), policy.confirmed_only, record_height).is_zero() ||
      (sale && view.state.classes[sale->share_class.value].total.at(record_height) == 0))
    first.add(refuse(TxError::electorate_empty));
  return first.verdict();
}

void store_proposal(Execution& run, ProposalId id, Proposal proposal) {
  run.emit({.kind = EventKind::proposal_opened,
            .a = id.value,
            .b = proposal.record_height.raw(),
            .c = proposal.opens_at.raw()});
  const auto dues = dues_of(proposal, id.value);
  run.state.proposals.push(std::move(proposal));
  run.state.boxes.edit().emplace(id.value, BallotBox{});
  run.state.counters.edit().live.push_back(id);
  reschedule(run.state, {}, dues);
}

}  // namespace

// ---- Propose ----

Verdict check_shape(const Propose& tx, const Parameters& parameters) {
  FirstRefusal first;
  first.add(as_verdict(check_text(TextUse::title, tx.title)));
  first.add(as_verdict(check_text(TextUse::body, tx.body.text)));
  if (tx.actions.size() > parameters[Param::max_actions]) first.add(refuse(TxError::list_too_long));
  first.add(check_action_list(tx, parameters));
  return first.verdict();
}

Verdict check(const View& view, const Propose& tx) {
  if (!view.sender.member) return refuse(TxError::not_a_member);
  const Policy policy = policy_for(*view.state.rules, tx);
  const Height record_height = record_height_for(view.state, view.height, view.now, policy.record_lag);
  const Member& proposer = view.state.members[view.sender.member->value];
  if (const Verdict may = check_proposer(proposer, policy, record_height); !may) return may;
  if (const Verdict names = check_names(view.state, policy, tx); !names) return names;
  return check_limits(view, policy, record_height, tx);
}

u64 execute(Execution& run, const Propose& tx) {
  const Policy policy = policy_for(*run.state.rules, tx);
  const ProposalId id{run.state.proposals.size()};
  Proposal proposal;
  proposal.proposer = *run.sender.member;
  proposal.kind = tx.kind;
  proposal.title = tx.title;
  proposal.body = tx.body;
  proposal.actions = tx.actions;
  proposal.policy = policy;
  proposal.rules_version = run.state.chain->rules_version;
  proposal.opened = run.height;
  proposal.record_height = record_height_for(run.state, run.height, run.now, policy.record_lag);
  proposal.opens_at = later(run.now, policy.delay);
  proposal.first_deadline = proposal.deadline = later(proposal.opens_at, policy.period);
  proposal.basis = basis_of(policy, tx);
  proposal.electorate =
      electorate_power(run.state, proposal.basis, policy.confirmed_only, proposal.record_height);
  proposal.ballots_root = vacant_root(kTreeDepth);
  // A quorum of nothing is reached here and now, where T + extension is within the first deadline.
  proposal.quorum_seen = quorum_reached(policy, proposal.tally, proposal.electorate);
  proposal.hash = proposal_hash(run.state.chain->ledger_id, id, proposal);
  store_proposal(run, id, std::move(proposal));
  return id.value;
}

// ---- CancelProposal ----

Verdict check_shape(const CancelProposal&, const Parameters&) { return {}; }

Verdict check(const View& view, const CancelProposal& tx) {
  if (!view.sender.member) return refuse(TxError::not_a_member);
  const Proposal* proposal = view.state.proposals.find(tx.proposal.value);
  if (!proposal) return refuse(TxError::no_such_proposal);
  if (proposal->proposer != *view.sender.member) return refuse(TxError::not_the_proposer);
  if (proposal->state != ProposalState::pending) return refuse(TxError::proposal_not_pending);
  return {};
}

u64 execute(Execution& run, const CancelProposal& tx) {
  seal_box(run, tx.proposal);
  change_proposal(run.state, tx.proposal, [&](Proposal& proposal) {
    proposal.state = ProposalState::canceled;
    proposal.closed_at = run.now;
  });
  retire_proposal(run, tx.proposal);
  run.emit({.kind = EventKind::proposal_canceled, .a = tx.proposal.value});
  return 0;
}

// ---- GuardianCancel ----

namespace {

bool within_window(const State& state, TimeMs canceled, TimeMs now) {
  return now.raw() - canceled.raw() < state.param(Param::guardian_window_ms);
}

}  // namespace

Verdict check_shape(const GuardianCancel& tx, const Parameters&) {
  return as_verdict(check_text(TextUse::reason, tx.reason));
}

Verdict check(const View& view, const GuardianCancel& tx) {
  const Proposal* proposal = view.state.proposals.find(tx.proposal.value);
  if (!proposal) return refuse(TxError::no_such_proposal);
  if (proposal->state != ProposalState::queued) return refuse(TxError::proposal_not_queued);
  // Guardians are themselves holders of a role: a proposal of kind `roles` may be about them.
  if (proposal->kind == ProposalKind::roles || proposal->kind == ProposalKind::policy)
    return refuse(TxError::guardian_may_not);
  const auto& canceled = view.state.counters->guardian_cancels;
  const auto recent = std::count_if(canceled.begin(), canceled.end(),
                                    [&](TimeMs when) { return within_window(view.state, when, view.now); });
  if (static_cast<u64>(recent) >= view.state.param(Param::guardian_cancels))
    return refuse(TxError::guardian_limit);
  return {};
}

u64 execute(Execution& run, const GuardianCancel& tx) {
  auto& canceled = run.state.counters.edit().guardian_cancels;
  std::erase_if(canceled, [&](TimeMs when) { return !within_window(run.state, when, run.now); });
  canceled.push_back(run.now);
  change_proposal(run.state, tx.proposal,
                  [](Proposal& proposal) { proposal.state = ProposalState::canceled; });
  retire_proposal(run, tx.proposal);
  run.emit({.kind = EventKind::proposal_canceled, .a = tx.proposal.value, .b = 1});
  return 0;
}

// ---- Execute ----

Verdict check_shape(const Execute&, const Parameters&) { return {}; }

Verdict check(const View& view, const Execute& tx) {
  const Proposal* proposal = view.state.proposals.find(tx.proposal.value);
  if (!proposal) return refuse(TxError::no_such_proposal);
  if (proposal->state == ProposalState::executed) return refuse(TxError::already_executed);
  if (proposal->state != ProposalState::queued && proposal->state != ProposalState::succeeded)
    return refuse(TxError::proposal_not_queued);
  // The ledger's own attempt comes first, in step 1 of the first block from eta on.
  if (!proposal->attempted || view.now >= window_end(*proposal)) return refuse(TxError::outside_window);
  if (proposal->attempts >= view.state.param(Param::execute_attempts))
    return refuse(TxError::attempts_exhausted);
  return {};
}

// The detail is the code with which the attempt failed, 0 when it ran: the attempt itself is what was asked for.
u64 execute(Execution& run, const Execute& tx) {
  const u16 failure = attempt_execution(run, tx.proposal);
  run.state.proposals.edit(tx.proposal.value).attempts += 1;
  return failure;
}

}  // namespace moot::ledger
