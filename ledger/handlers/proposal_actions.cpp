// What passed proposals do: dispatch by kind, and the kinds that change the rules or make new things (rules.md §5.5,
// §5.10, §6.1, §2.4, §9). The others are in roles.cpp, sales.cpp and money.cpp.
#include "ledger/genesis.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

// ---- policies ----

RuleBook with_change(RuleBook rules, const PolicyChange& change) {
  rules.policies[static_cast<std::size_t>(change.kind)] = change.policy;
  return rules;
}

// 5.5: the result stands under the stricter of the proposal's own policy and the one it replaces, as that is today.
Verdict check_change(const View& view, const ActionContext& context, const PolicyChange& change) {
  const Proposal& proposal = view.state.proposals[context.proposal.value];
  const Policy strict = stricter(proposal.policy, view.state.rules->policy(change.kind));
  const bool passes = defeat_mask(strict, proposal.tally, proposal.electorate) == 0;
  if (!passes || view.now < later(proposal.closed_at, strict.timelock))
    return refuse(TxError::policy_too_weak);
  if (!live_places_fit(with_change(*view.state.rules, change))) return refuse(TxError::policy_too_weak);
  return {};
}

void execute_change(Execution& run, const PolicyChange& change) {
  run.state.rules = Cow(with_change(*run.state.rules, change));
  run.emit({.kind = EventKind::rules_changed, .a = static_cast<u64>(change.kind)});
}

// ---- parameters ----

constexpr u64 kParameterEvent = 255;

// A floor under policies may not rise above one that stands, nor a key recovery become shorter than a vote (3.9), nor live
// proposals be fewer than policies keep places for: the policy is changed first.
Verdict check_change(const View& view, const ActionContext&, const ParameterChange& change) {
  const Param id = *parse_param(change.name);
  for (std::size_t i = 0; i < kProposalKinds; ++i) {
    const Policy& policy = view.state.rules->policies[i];
    const bool below_floor = id == Param::min_timelock_ms && is_weighty(static_cast<ProposalKind>(i)) &&
                             policy.timelock.raw() < change.value;
    const bool outlasts_recovery = id == Param::recovery_delay_ms && policy.period.raw() > change.value;
    if (below_floor || outlasts_recovery) return refuse(TxError::parameter_out_of_range);
  }
  if (id != Param::max_live_proposals) return {};
  RuleBook rules = *view.state.rules;
  rules.parameters.set(id, change.value);
  if (!live_places_fit(rules)) return refuse(TxError::parameter_out_of_range);
  return {};
}

// Sales fall due by parameters, so their places in the schedule follow.
void execute_change(Execution& run, const ParameterChange& change) {
  State& state = run.state;
  const Param id = *parse_param(change.name);
  const Parameters before = state.rules->parameters;
  state.rules.edit().parameters.set(id, change.value);
  for (u64 sale = 0; sale < state.sales.size(); ++sale)
    reschedule(state, dues_of(state.sales[sale], sale, before),
               dues_of(state.sales[sale], sale, state.rules->parameters));
  run.emit(
      {.kind = EventKind::rules_changed, .a = kParameterEvent, .b = static_cast<u64>(id), .c = change.value});
}

// ---- assets and classes ----

template <class Record, class Same>
bool any_record(const MerkleTable<Record>& table, Same&& same) {
  for (u64 i = 0; i < table.size(); ++i)
    if (same(table[i])) return true;
  return false;
}

Verdict check_change(const View& view, const ActionContext&, const AssetCreation& creation) {
  if (any_record(view.state.assets, [&](const Asset& asset) { return asset.symbol == creation.symbol; }))
    return refuse(TxError::symbol_taken);
  return {};
}

void execute_change(Execution& run, const AssetCreation& creation) {
  Asset asset;
  asset.symbol = creation.symbol;
  asset.decimals = creation.decimals;
  asset.kind = creation.kind;
  asset.minimum_redemption = creation.minimum_redemption;
  asset.supply = asset.treasury = creation.supply;
  run.emit({.kind = EventKind::asset_created, .a = run.state.assets.push(std::move(asset))});
}

Verdict check_change(const View& view, const ActionContext&, const ClassCreation& creation) {
  if (any_record(view.state.classes, [&](const ShareClass& one) { return one.name == creation.name; }))
    return refuse(TxError::symbol_taken);
  return {};
}

void execute_change(Execution& run, const ClassCreation& creation) {
  ShareClass share_class;
  share_class.name = creation.name;
  share_class.attested_only = creation.attested_only;
  run.emit({.kind = EventKind::class_created, .a = run.state.classes.push(std::move(share_class))});
}

// ---- rules ----

// A later decision replaces one that has not acted yet: a new time for the same version is how an upgrade is put off.
Verdict check_change(const View& view, const ActionContext&, const RulesUpgrade& upgrade) {
  if (upgrade.version <= view.state.chain->rules_version) return refuse(TxError::version_not_newer);
  return {};
}

void execute_change(Execution& run, const RulesUpgrade& upgrade) {
  change_chain(run.state, [&](Chain& chain) { chain.upgrade = upgrade; });
  run.emit({.kind = EventKind::upgrade_decided, .a = upgrade.version, .b = upgrade.activates.raw()});
}

// ---- the kinds of other rooms ----

Verdict check_change(const View& view, const ActionContext&, const SaleTerms& terms) {
  return check_sale_terms(view, terms);
}
Verdict check_change(const View& view, const ActionContext&, const Spend& spend) {
  return check_spend(view, spend);
}
Verdict check_change(const View& view, const ActionContext&, const RoleChange& change) {
  return check_role_change(view, change);
}
Verdict check_change(const View& view, const ActionContext&, const MemberAction& action) {
  return check_member_action(view, action);
}
Verdict check_change(const View& view, const ActionContext&, const SaleCancellation& action) {
  return check_sale_cancellation(view, action);
}

}  // namespace

// Parameters may have changed since the proposal opened, so its form is asked again.
Verdict check_action(const View& view, const ActionContext& context, const Action& action) {
  if (const Verdict names = check_action_names(view.state, action); !names) return names;
  if (const Verdict shape = check_action_shape(action, view.state.rules->parameters); !shape) return shape;
  return std::visit([&](const auto& one) { return check_change(view, context, one); }, action);
}

void execute_action(Execution& run, const ActionContext& context, const Action& action) {
  const auto act = [&]<class A>(const A& one) {
    if constexpr (std::is_same_v<A, SaleTerms>)
      execute_sale_terms(run, context.proposal, one);
    else if constexpr (std::is_same_v<A, Spend>)
      execute_spend(run, one);
    else if constexpr (std::is_same_v<A, RoleChange>)
      execute_role_change(run, one);
    else if constexpr (std::is_same_v<A, MemberAction>)
      execute_member_action(run, one);
    else if constexpr (std::is_same_v<A, SaleCancellation>)
      execute_sale_cancellation(run, one);
    else
      execute_change(run, one);
  };
  std::visit(act, action);
}

void run_rules_upgrade(Execution& run) {
  const u32 version = run.state.chain->upgrade->version;
  MOOT_CHECK(version <= kRulesVersion, "due work ends before rules that this program does not know");
  change_chain(run.state, [&](Chain& chain) {
    chain.rules_version = version;
    chain.upgrade.reset();
  });
  run.emit({.kind = EventKind::upgrade_active, .a = version});
}

}  // namespace moot::ledger
