#include "node/app/devnet.hpp"

#include "base/random.hpp"
#include "node/app/node_key.hpp"

namespace moot::node::app {
namespace {

using namespace ledger;

constexpr u64 kMinute = 60'000;
constexpr u64 kHour = 60 * kMinute;

// Votes open at once, last an hour at most, and end early when nobody's ballot is missing.
Policy quick(ProposalKind kind) {
  Policy policy = default_policy(kind);
  policy.period = DurationMs{kHour};
  policy.min_open = DurationMs{};
  policy.extension = DurationMs{};
  policy.timelock = DurationMs{};
  policy.record_lag = DurationMs{};
  policy.grace = DurationMs{kDayMs};
  return policy;
}

RuleBook quick_rules() {
  RuleBook rules = default_rules();
  for (std::size_t kind = 0; kind < kProposalKinds; ++kind)
    rules.policies[kind] = quick(static_cast<ProposalKind>(kind));
  rules.parameters.set(Param::min_timelock_ms, 0);
  rules.parameters.set(Param::payout_delay_ms, 10'000);
  rules.parameters.set(Param::grant_cap_ppm, 0);
  rules.parameters.set(Param::invites, 1);
  return rules;
}

}  // namespace

GenesisHolder validator_holder(const crypto::SecretKey& key) {
  return {.address = crypto::address_of(key),
          .expires = {},
          .validator_key = Hash{crypto::x_only(key).bytes},
          .comet_key = {}};
}

Devnet make_devnet(const std::string& organisation, const crypto::SecretKey& validator, TimeMs now) {
  Devnet out;
  Genesis& genesis = out.genesis;
  genesis.organisation = organisation;
  genesis.salt = Hash{random_array<32>()};
  genesis.created = now;
  genesis.rules = quick_rules();
  genesis.assets = {{.symbol = "USDX",
                     .decimals = 6,
                     .kind = AssetKind::external,
                     .supply = {},
                     .minimum_redemption = Amount{1}},
                    {.symbol = "POINT",
                     .decimals = 0,
                     .kind = AssetKind::fixed,
                     .supply = Amount{1'000'000},
                     .minimum_redemption = {}}};
  genesis.classes = {{.name = "contributions", .attested_only = false}};
  const auto add = [&out](std::string name) -> Address {
    out.keys.push_back({.name = std::move(name), .key = new_key()});
    return crypto::address_of(out.keys.back().key);
  };
  genesis.members = {{.address = add("member"), .holdings = {{ClassId{0}, Units{100}}}, .consent_hash = {}}};
  for (const Role role : {Role::registrar, Role::attestor, Role::treasurer, Role::auditor, Role::guardian}) {
    const TimeMs expires = role == Role::guardian ? TimeMs{now.raw() + 365 * kDayMs} : TimeMs{};
    genesis.roles[role].holders = {
        {.address = add(std::string{word(role)}), .expires = expires, .validator_key = {}, .comet_key = {}}};
  }
  genesis.roles[Role::validator].holders = {validator_holder(validator)};
  genesis.accounts = {{.address = add("buyer"), .balances = {{AssetId{1}, Amount{10'000}}}}};
  return out;
}

}  // namespace moot::node::app
