// The strict check of a genesis: a ledger lives with its first record for ever, so nothing doubtful enters it.
#include <algorithm>
#include <map>
#include <set>

#include "ledger/genesis.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

using Checked = std::expected<void, std::string>;

std::unexpected<std::string> wrong(const std::string& field, std::string_view what) {
  return std::unexpected(field + ": " + std::string{what});
}

std::string at(std::string_view list, std::size_t index, std::string_view member = {}) {
  std::string out = std::string{list} + "[" + std::to_string(index) + "]";
  return member.empty() ? out : out + "." + std::string{member};
}

Checked check_named(const std::string& field, TextUse use, std::string_view text) {
  if (text.empty()) return wrong(field, "is missing");
  const auto checked = check_text(use, text);
  if (checked) return {};
  if (checked.error() == TxError::text_too_long)
    return wrong(field, "is longer than " + std::to_string(max_bytes(use)) + " bytes");
  return wrong(field, use == TextUse::symbol ? "may hold only A-Z and 0-9"
                                             : "is not readable UTF-8 text without control characters");
}

Checked check_identity(const Genesis& genesis) {
  if (genesis.rules_version != kRulesVersion)
    return wrong("rulesVersion",
                 "is not " + std::to_string(kRulesVersion) + ", the version this program executes");
  if (auto checked = check_named("organisation", TextUse::organisation, genesis.organisation); !checked)
    return checked;
  if (genesis.salt.is_zero()) return wrong("salt", "is missing; draw 32 random bytes");
  if (genesis.created.is_zero())
    return wrong("created", "is missing; give the time of block 0 in milliseconds since 1970");
  if (genesis.created.raw() > u64{1} << 46)
    return wrong("created", "lies beyond the year 4000; it counts milliseconds");
  if (!genesis.parent) return {};
  if (genesis.parent->ledger.is_zero()) return wrong("parent.ledger", "is missing");
  if (genesis.parent->state_root.is_zero()) return wrong("parent.stateRoot", "is missing");
  return {};
}

Checked check_parameters(const Parameters& parameters) {
  for (const ParamInfo& row : param_table()) {
    const u64 value = parameters[row.id];
    if (value < row.minimum || value > row.maximum)
      return wrong("parameters." + std::string{row.name}, std::to_string(value) + " is outside " +
                                                              std::to_string(row.minimum) + " to " +
                                                              std::to_string(row.maximum));
  }
  return {};
}

Checked check_policies(const Genesis& genesis) {
  const Parameters& parameters = genesis.rules.parameters;
  u64 reserved = 0;
  for (std::size_t i = 0; i < kProposalKinds; ++i) {
    const auto kind = static_cast<ProposalKind>(i);
    const Policy& policy = genesis.rules.policies[i];
    const std::string field = "policies." + std::string{word(kind)};
    const auto checked = check_policy(kind, policy, DurationMs{parameters[Param::min_timelock_ms]});
    if (!checked && checked.error().code == TxError::policy_too_weak)
      return wrong(
          field,
          "is too weak for its kind: it needs support of at least 500000, a quorum or an approval above 0, "
          "and a timelock of at least min_timelock_ms");
    if (!checked)
      return wrong(field,
                   "has a ratio or duration out of range, or a field that its other fields switch off");
    const bool by_class = policy.basis == BasisKind::units_of_class;
    if (by_class && policy.basis_class.value >= genesis.classes.size())
      return wrong(field + ".basisClass", "names a class that is not in classes");
    if (!policy.minimum_units.is_zero() && policy.minimum_class.value >= genesis.classes.size())
      return wrong(field + ".minimumClass", "names a class that is not in classes");
    if (policy.period.raw() > parameters[Param::recovery_delay_ms])
      return wrong("parameters.recovery_delay_ms", "is shorter than the voting period of " + field);
    reserved += policy.reserved_live;
  }
  if (reserved > parameters[Param::max_live_proposals])
    return wrong("policies", "reserve more live proposals than max_live_proposals");
  if (!live_places_fit(genesis.rules))
    return wrong("policies", "reserve every live proposal for other kinds than policy; leave it one");
  return {};
}

Checked check_assets(const Genesis& genesis) {
  std::set<std::string_view> symbols;
  for (std::size_t i = 0; i < genesis.assets.size(); ++i) {
    const GenesisAsset& asset = genesis.assets[i];
    if (auto checked = check_named(at("assets", i, "symbol"), TextUse::symbol, asset.symbol); !checked)
      return checked;
    if (!symbols.insert(asset.symbol).second)
      return wrong(at("assets", i, "symbol"), "is used by another asset");
    if (asset.decimals > 38) return wrong(at("assets", i, "decimals"), "is above 38");
    const bool fixed = asset.kind == AssetKind::fixed;
    if (!fixed && !asset.supply.is_zero())
      return wrong(at("assets", i, "supply"),
                   "must be 0: an external asset's supply rises only by recorded proceeds");
    if (fixed && !asset.minimum_redemption.is_zero())
      return wrong(at("assets", i, "minimumRedemption"), "must be 0: a fixed asset cannot be redeemed");
  }
  return {};
}

Checked check_classes(const Genesis& genesis) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < genesis.classes.size(); ++i) {
    const std::string field = at("classes", i, "name");
    if (auto checked = check_named(field, TextUse::name, genesis.classes[i].name); !checked) return checked;
    if (!names.insert(genesis.classes[i].name).second) return wrong(field, "is used by another class");
  }
  return {};
}

Checked check_thresholds(const std::string& field, Role role, const GenesisRole& table) {
  const std::size_t n = table.holders.size();
  const auto fits = [n](u16 m) { return m >= 1 && (n == 0 || m <= n); };
  if (!fits(table.threshold))
    return wrong(field + ".threshold", "must be at least 1 and at most the number of holders");
  if (!is_exclusive(role) && table.threshold != 1)
    return wrong(field + ".threshold", "must be 1: each holder of this role acts alone");
  for (std::size_t i = 0; i < table.thresholds.size(); ++i) {
    const KindThreshold& own = table.thresholds[i];
    const std::string entry = at(field + ".thresholds", i);
    const auto deciders = roles_needed(own.kind);
    if (std::ranges::find(deciders, role) == deciders.end())
      return wrong(entry + ".kind", "is not this role's to decide");
    if (i > 0 && table.thresholds[i - 1].kind >= own.kind)
      return wrong(entry + ".kind", "is not in ascending order of kind");
    if (!fits(own.threshold))
      return wrong(entry + ".threshold", "must be at least 1 and at most the number of holders");
  }
  return {};
}

struct HolderCheck {
  const Genesis& genesis;
  std::map<Address, std::string> exclusive;  // registrars, treasurers, auditors and guardians → where
  std::set<Hash> validator_keys;

  Checked operator()(const std::string& field, Role role, const GenesisHolder& holder) {
    if (holder.address.is_zero()) return wrong(field + ".address", "is missing");
    if (is_exclusive(role)) {
      const auto [other, fresh] = exclusive.emplace(holder.address, field);
      if (!fresh)
        return wrong(field + ".address",
                     "already holds a role at " + other->second +
                         "; one account holds at most one of registrar, treasurer, auditor and guardian");
    }
    if (auto checked = check_term(field, role, holder); !checked) return checked;
    return check_keys(field, role, holder);
  }

  Checked check_term(const std::string& field, Role role, const GenesisHolder& holder) const {
    if (!holder.expires.is_zero() && holder.expires <= genesis.created)
      return wrong(field + ".expires", "is not after created");
    if (role != Role::guardian) return {};
    const u64 longest = genesis.rules.parameters[Param::guardian_term_max_ms];
    if (holder.expires.is_zero() || holder.expires.raw() - genesis.created.raw() > longest)
      return wrong(field + ".expires", "must be set, at most guardian_term_max_ms after created");
    return {};
  }

  Checked check_keys(const std::string& field, Role role, const GenesisHolder& holder) {
    if (role != Role::validator) {
      if (!holder.validator_key.is_zero()) return wrong(field + ".validatorKey", "is for validators only");
      if (!holder.comet_key.is_zero()) return wrong(field + ".cometKey", "is for validators only");
      return {};
    }
    if (holder.validator_key.is_zero()) return wrong(field + ".validatorKey", "is missing");
    if (!validator_keys.insert(holder.validator_key).second)
      return wrong(field + ".validatorKey", "is used by another validator");
    return {};
  }
};

Checked check_roles(const Genesis& genesis) {
  HolderCheck check_holder{.genesis = genesis, .exclusive = {}, .validator_keys = {}};
  for (u8 i = 1; i <= kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    const GenesisRole& table = genesis.roles[role];
    const std::string field = "roles." + std::string{word(role)};
    if (auto checked = check_thresholds(field, role, table); !checked) return checked;
    std::set<Address> seen;
    for (std::size_t k = 0; k < table.holders.size(); ++k) {
      const std::string holder = at(field + ".holders", k);
      if (!seen.insert(table.holders[k].address).second)
        return wrong(holder + ".address", "is listed twice in this role");
      if (auto checked = check_holder(holder, role, table.holders[k]); !checked) return checked;
    }
  }
  const std::size_t validators = genesis.roles[Role::validator].holders.size();
  if (validators == 0) return wrong("roles.validator.holders", "need at least one validator");
  if (validators > kMaxGenesisValidators)
    return wrong("roles.validator.holders",
                 "are more than the " + std::to_string(kMaxGenesisValidators) + " validators that may be");
  return {};
}

Checked check_balances(const Genesis& genesis) {
  std::map<u64, Amount> given;  // by asset
  for (std::size_t i = 0; i < genesis.accounts.size(); ++i) {
    const auto& balances = genesis.accounts[i].balances;
    for (std::size_t k = 0; k < balances.size(); ++k) {
      const std::string field = at(at("accounts", i, "balances"), k);
      const Balance& balance = balances[k];
      if (balance.asset.value >= genesis.assets.size()) return wrong(field + ".asset", "is not in assets");
      if (k > 0 && balances[k - 1].asset >= balance.asset)
        return wrong(field + ".asset", "is not in ascending order");
      const GenesisAsset& asset = genesis.assets[balance.asset.value];
      if (asset.kind != AssetKind::fixed)
        return wrong(field + ".asset", "is external; only fixed assets can be given in a genesis");
      if (balance.amount.is_zero()) return wrong(field + ".amount", "is 0");
      Amount& total = given[balance.asset.value];
      const auto sum = total.checked_add(balance.amount);
      if (!sum || *sum > asset.supply)
        return wrong(field + ".amount", "takes the accounts above the asset's supply");
      total = *sum;
    }
  }
  return {};
}

Checked check_holdings(const Genesis& genesis) {
  std::vector<Units> totals(genesis.classes.size());
  for (std::size_t i = 0; i < genesis.members.size(); ++i) {
    const auto& holdings = genesis.members[i].holdings;
    for (std::size_t k = 0; k < holdings.size(); ++k) {
      const std::string field = at(at("members", i, "holdings"), k);
      const GenesisHolding& holding = holdings[k];
      if (holding.share_class.value >= totals.size())
        return wrong(field + ".shareClass", "is not in classes");
      if (k > 0 && holdings[k - 1].share_class >= holding.share_class)
        return wrong(field + ".shareClass", "is not in ascending order");
      if (holding.units.is_zero()) return wrong(field + ".units", "is 0");
      const auto sum = totals[holding.share_class.value].checked_add(holding.units);
      if (!sum) return wrong(field + ".units", "takes the class above 2^64 - 1 units");
      totals[holding.share_class.value] = *sum;
    }
  }
  return {};
}

// No address may stand twice among accounts and members.
Checked check_addresses(const Genesis& genesis) {
  const std::size_t accounts = genesis.accounts.size();
  std::vector<std::pair<Address, std::size_t>> all;
  all.reserve(accounts + genesis.members.size());
  for (const GenesisAccount& account : genesis.accounts) all.emplace_back(account.address, all.size());
  for (const GenesisMember& member : genesis.members) all.emplace_back(member.address, all.size());
  const auto place = [accounts](std::size_t i) {
    return i < accounts ? at("accounts", i) : at("members", i - accounts);
  };
  std::ranges::sort(all);
  if (!all.empty() && all.front().first.is_zero())
    return wrong(place(all.front().second) + ".address", "is missing");
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  const auto twin = std::ranges::adjacent_find(all, same);
  if (twin == all.end()) return {};
  return wrong(place(std::next(twin)->second) + ".address", "is already used by " + place(twin->second));
}

}  // namespace

std::expected<void, std::string> check_genesis(const Genesis& genesis) {
  if (auto checked = check_identity(genesis); !checked) return checked;
  if (auto checked = check_parameters(genesis.rules.parameters); !checked) return checked;
  if (auto checked = check_policies(genesis); !checked) return checked;
  if (auto checked = check_assets(genesis); !checked) return checked;
  if (auto checked = check_classes(genesis); !checked) return checked;
  if (auto checked = check_roles(genesis); !checked) return checked;
  if (auto checked = check_addresses(genesis); !checked) return checked;
  if (auto checked = check_balances(genesis); !checked) return checked;
  return check_holdings(genesis);
}

}  // namespace moot::ledger
