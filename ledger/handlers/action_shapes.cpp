// What can be said of a proposal's action before it runs: its own form and bounds, and that what it names exists.
#include "ledger/handlers/handlers.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

constexpr u8 kMaxDecimals = 38;                      // 10³⁸ < 2¹²⁸ (6.1)
constexpr DurationMs kLongestFunding{366 * kDayMs};  // of a sale

Verdict unless(bool bad, TxError code) {
  if (bad) return refuse(code);
  return {};
}

Verdict text_verdict(TextUse use, std::string_view text) {
  if (const auto checked = check_text(use, text); !checked) return refuse(checked.error());
  return {};
}

Verdict shape_of(const SaleTerms& terms, const Parameters&) {
  return unless(terms.buyer.is_zero() || terms.min_price.is_zero() || terms.min_price > terms.max_price ||
                    terms.reserve.raw() > kMillion || terms.funding.is_zero() ||
                    terms.funding > kLongestFunding,
                TxError::bad_value);
}

Verdict shape_of(const Spend& spend, const Parameters&) {
  return unless(spend.recipient.is_zero() || spend.amount.is_zero(), TxError::bad_value);
}

// A field that the kind of change does not use is zero, so that one change has one encoding.
bool role_fields_fit(const RoleChange& change) {
  const bool validator_grant = change.change == RoleChangeKind::grant && change.role == Role::validator;
  const bool keys_fit = validator_grant ? !change.validator_key.is_zero() : change.validator_key.is_zero();
  const bool threshold_free = change.threshold == 0 && change.tx_kind == 0;
  switch (change.change) {
    case RoleChangeKind::grant:
    case RoleChangeKind::renew: return keys_fit && threshold_free && !change.holder.is_zero();
    case RoleChangeKind::remove:
      return keys_fit && threshold_free && !change.holder.is_zero() && change.term.is_zero();
    case RoleChangeKind::set_threshold:
      return keys_fit && change.holder.is_zero() && change.term.is_zero() &&
             (change.tx_kind == 0 || is_known(static_cast<TxKind>(change.tx_kind)));
  }
  return false;
}

Verdict shape_of(const RoleChange& change, const Parameters&) {
  return unless(!role_fields_fit(change), TxError::bad_value);
}

Verdict shape_of(const PolicyChange& change, const Parameters& parameters) {
  if (const Verdict bounds =
          check_policy(change.kind, change.policy, DurationMs{parameters[Param::min_timelock_ms]});
      !bounds)
    return bounds;
  // A key recovery must outlast any vote, or it could be completed before its victim has heard of it (3.9).
  return unless(change.policy.period.raw() > parameters[Param::recovery_delay_ms], TxError::policy_too_weak);
}

Verdict shape_of(const ParameterChange& change, const Parameters&) {
  if (const Verdict text = text_verdict(TextUse::name, change.name); !text) return text;
  const auto id = parse_param(change.name);
  if (!id) return {};  // said by check_action_names
  return unless(change.value < info(*id).minimum || change.value > info(*id).maximum,
                TxError::parameter_out_of_range);
}

Verdict shape_of(const MemberAction& action, const Parameters& parameters) {
  if (action.expel != action.suspension.is_zero()) return refuse(TxError::bad_value);
  return unless(action.suspension.raw() > parameters[Param::suspension_max_ms],
                TxError::parameter_out_of_range);
}

Verdict shape_of(const AssetCreation& asset, const Parameters&) {
  const Verdict symbol = text_verdict(TextUse::symbol, asset.symbol);
  if (!symbol && symbol.error().code == TxError::bad_text) return symbol;
  const bool external = asset.kind == AssetKind::external;
  // Outside money enters only by recorded proceeds, and only it can be redeemed (6.1).
  const bool foreign_field = external ? !asset.supply.is_zero() : !asset.minimum_redemption.is_zero();
  if (asset.decimals > kMaxDecimals || foreign_field) return refuse(TxError::bad_value);
  return symbol;
}

Verdict shape_of(const ClassCreation& share_class, const Parameters&) {
  return text_verdict(TextUse::name, share_class.name);
}

Verdict shape_of(const RulesUpgrade& upgrade, const Parameters&) {
  return unless(upgrade.version == 0, TxError::bad_value);
}

Verdict shape_of(const SaleCancellation&, const Parameters&) { return {}; }

Verdict names_of(const State& state, const SaleTerms& terms) {
  if (!state.classes.contains(terms.share_class.value)) return refuse(TxError::no_such_class);
  return unless(!state.assets.contains(terms.asset.value), TxError::no_such_asset);
}

Verdict names_of(const State& state, const Spend& spend) {
  return unless(!state.assets.contains(spend.asset.value), TxError::no_such_asset);
}

Verdict names_of(const State& state, const PolicyChange& change) {
  const Policy& policy = change.policy;
  const bool basis_missing =
      policy.basis == BasisKind::units_of_class && !state.classes.contains(policy.basis_class.value);
  const bool minimum_missing =
      !policy.minimum_units.is_zero() && !state.classes.contains(policy.minimum_class.value);
  return unless(basis_missing || minimum_missing, TxError::no_such_class);
}

Verdict names_of(const State&, const ParameterChange& change) {
  return unless(!parse_param(change.name), TxError::no_such_parameter);
}

Verdict names_of(const State& state, const MemberAction& action) {
  return unless(!state.members.contains(action.member.value), TxError::no_such_member);
}

Verdict names_of(const State& state, const SaleCancellation& action) {
  return unless(!state.sales.contains(action.sale.value), TxError::no_such_sale);
}

Verdict names_of(const State&, const RoleChange&) { return {}; }
Verdict names_of(const State&, const AssetCreation&) { return {}; }
Verdict names_of(const State&, const ClassCreation&) { return {}; }
Verdict names_of(const State&, const RulesUpgrade&) { return {}; }

}  // namespace

Verdict check_action_shape(const Action& action, const Parameters& parameters) {
  return std::visit([&](const auto& one) { return shape_of(one, parameters); }, action);
}

Verdict check_action_names(const State& state, const Action& action) {
  return std::visit([&](const auto& one) { return names_of(state, one); }, action);
}

}  // namespace moot::ledger
