#include "ledger/initial_state.hpp"

#include "base/math.hpp"
#include "ledger/registers.hpp"

namespace moot::ledger {
namespace {

void add_assets(State& state, const Genesis& genesis) {
  for (const GenesisAsset& one : genesis.assets)
    state.assets.push(Asset{.symbol = one.symbol,
                            .decimals = one.decimals,
                            .kind = one.kind,
                            .minimum_redemption = one.minimum_redemption,
                            .supply = one.supply,
                            .treasury = one.supply});
}

AccountId account_for(State& state, const Address& address) {
  if (const auto known = state.account_of(address)) return *known;
  return add_account(state, address);
}

void add_roles(State& state, const Genesis& genesis) {
  Roles roles;
  for (u8 number = 1; number <= kRoleCount; ++number) {
    const Role role = static_cast<Role>(number);
    const GenesisRole& from = genesis.roles[role];
    RoleTable& to = roles[role];
    to.threshold = from.threshold;
    to.thresholds = from.thresholds;
    for (const GenesisHolder& holder : from.holders)
      to.holders.push_back({.account = account_for(state, holder.address),
                            .expires = holder.expires,
                            .validator_key = holder.validator_key,
                            .comet_key = holder.comet_key});
    std::sort(to.holders.begin(), to.holders.end(),
              [](const Holder& a, const Holder& b) { return a.account < b.account; });
  }
  change_roles(state, [&](Roles& current) { current = std::move(roles); });
}

// A balance given at genesis comes out of the treasury, where a fixed asset's supply is created.
void give_balance(State& state, AccountId account, const Balance& balance) {
  Asset& asset = state.assets.edit(balance.asset.value);
  const auto rest = asset.treasury.checked_sub(balance.amount);
  const auto stored = asset.stored.checked_add(balance.amount);
  MOOT_CHECK(rest && stored, "check_genesis bounds balances by the supply");
  asset.treasury = *rest;
  asset.stored = *stored;
  state.accounts.edit(account.value).set_balance(balance.asset, balance.amount);
}

}  // namespace

InitialBlock initial_block(const Genesis& genesis) {
  InitialBlock out;
  State& state = out.state;
  state.chain = Cow<Chain>(Chain{.organisation = genesis.organisation,
                                 .ledger_id = ledger_id(genesis),
                                 .height = {},
                                 .time = genesis.created,
                                 .rules_version = genesis.rules_version,
                                 .upgrade = {}});
  state.rules = Cow<RuleBook>(genesis.rules);
  add_assets(state, genesis);
  for (const GenesisClass& one : genesis.classes)
    state.classes.push(ShareClass{.name = one.name, .attested_only = one.attested_only});
  add_roles(state, genesis);
  for (const GenesisAccount& one : genesis.accounts) {
    const AccountId account = account_for(state, one.address);
    for (const Balance& balance : one.balances) give_balance(state, account, balance);
  }

  std::vector<Event> events;
  std::vector<ProposalId> voted;
  std::vector<std::pair<u32, TxError>> skipped;
  std::map<u64, BallotBox> sealed;
  Execution run{.state = state,
                .height = Height{0},
                .now = genesis.created,
                .sender = {},
                .events = events,
                .voted = voted,
                .skipped = skipped,
                .sealed = sealed};
  for (const GenesisMember& one : genesis.members) {
    const MemberId member = add_member(run, account_for(state, one.address), one.consent_hash);
    for (const GenesisHolding& holding : one.holdings)
      set_units(run, member, holding.share_class, holding.units);
  }

  state.by_address = address_index(state.accounts);  // packed, now that most of it is known
  out.roots = genesis_roots(genesis.created, state_root(state));
  state.last_leaf = history_leaf(out.roots);
  return out;
}

}  // namespace moot::ledger
