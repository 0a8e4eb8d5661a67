#include "wallet/example/genesis.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "genesis/genesis_json.hpp"
#include "wallet/files.hpp"
#include "wallet/keystore.hpp"

namespace moot::wallet::example {
namespace {

using ledger::ProposalKind;
using ledger::Role;

constexpr u64 kMinute = 60'000;
constexpr u64 kVisitorsMs = 7 * kDayMs;  // how long the proposal that the story leaves open takes ballots
constexpr const char* kPassword = "example-password";
constexpr u64 kMembersWithFiles =
    4;  // whose keys are put into the keystore besides those with a part of their own
constexpr std::size_t kMaxSetting = 4'096;
constexpr std::size_t kMaxGenesis = std::size_t{1} << 20;

// Waits that suit a story: nothing looks days back, nothing waits for days.
ledger::RuleBook quick_rules(const Numbers& numbers) {
  ledger::RuleBook rules = ledger::default_rules();
  rules.parameters.set(ledger::Param::min_timelock_ms, 0);
  rules.parameters.set(ledger::Param::payout_delay_ms, 1);
  for (std::size_t i = 0; i < ledger::kProposalKinds; ++i) {
    ledger::Policy& policy = rules.policies[i];
    policy.record_lag = policy.timelock = policy.delay = policy.min_open = policy.extension = DurationMs{0};
    policy.period = DurationMs{10 * kMinute};
    policy.minimum_class = ClassId{0};
    policy.minimum_units = Units{kProposerUnits};
  }
  rules.policies[static_cast<std::size_t>(ProposalKind::creation)].period = DurationMs{kVisitorsMs};
  ledger::Policy& sale = rules.policies[static_cast<std::size_t>(ProposalKind::sale)];
  sale.quorum = Ppm{500'000};
  sale.support = numbers.sale_support;
  ledger::Policy& poll = rules.policies[static_cast<std::size_t>(ProposalKind::text)];
  poll.basis = ledger::BasisKind::units_of_class;
  poll.basis_class = ClassId{0};
  poll.quorum = Ppm{50'000};
  poll.vote_change = true;
  poll.max_changes = kMaxChanges;
  poll.period = DurationMs{kPollMs};
  return rules;
}

std::vector<ledger::GenesisHolder> holders(const std::vector<Person>& people, TimeMs expires) {
  std::vector<ledger::GenesisHolder> out;
  for (const Person& person : people)
    out.push_back({.address = person.address, .expires = expires, .validator_key = {}, .comet_key = {}});
  return out;
}

// In the form that mootd reads (docs/operations.md).
std::string node_key_json(const Person& validator) {
  return fmt::format(
      "{{\n  \"type\": \"moot-node-key\",\n  \"publicKey\": \"0x{}\",\n  \"address\": \"{}\",\n  "
      "\"secretKey\": \"0x{}\"\n}}\n",
      to_hex(crypto::x_only(validator.key).view()), crypto::to_eip55(validator.address),
      to_hex(validator.key.view()));
}

std::string setting_json(const Setting& setting) {
  return fmt::format("{{\"seed\": {}, \"members\": {}}}\n", setting.seed, setting.members);
}

u64 first_delegate(const Plan& plan) {
  const auto found = std::ranges::find_if(plan.delegates, [](const auto& one) { return one.has_value(); });
  MOOT_CHECK(found != plan.delegates.end(), "every plan has delegations");
  return **found;
}

// The cast by their roles, and four members: ada proposed the sale, ben has not voted, cleo redeemed, dan is a delegate.
Result<void> write_keystore(const Setting& setting, const Plan& plan, const Cast& cast) {
  Keystore keystore(setting.folder / "keystore");
  const SystemClock clock;
  const auto add = [&](const crypto::SecretKey& key, const std::string& alias) -> Result<void> {
    const auto added = keystore.add(key, kPassword, {.alias = alias, .cost = KeyCost::light}, clock);
    if (!added) return std::unexpected(added.error());
    return {};
  };
  for (const Person* person : everybody(cast))
    if (auto added = add(person->key, person->name); !added) return added;
  const std::pair<const char*, u64> members[] = {{"ada", plan.sale_proposer},
                                                 {"ben", plan.quiet_member},
                                                 {"cleo", plan.redeemers.front()},
                                                 {"dan", first_delegate(plan)}};
  for (const auto& [alias, member] : members)
    if (auto added = add(derive_key(setting.seed, "member", member), alias); !added) return added;
  return write_private_file(setting.folder / "password", std::string(kPassword) + "\n", Existing::refuse);
}

Result<u64> number_in(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value != nullptr && value->is_int64() && value->get_int64() >= 0)
    return static_cast<u64>(value->get_int64());
  if (value != nullptr && value->is_uint64()) return value->get_uint64();
  return fail("example.json has no number \"" + std::string{name} + "\"",
              "Make the folder again with `moot example genesis`");
}

}  // namespace

ledger::Genesis make_genesis(const Cast& cast, const Numbers& numbers, const GenesisTerms& terms) {
  ledger::Genesis genesis;
  genesis.organisation = kOrganisation;
  genesis.salt = terms.salt;
  genesis.created = terms.created;
  genesis.rules = quick_rules(numbers);
  genesis.assets = {{.symbol = kSymbol,
                     .decimals = kDecimals,
                     .kind = ledger::AssetKind::external,
                     .supply = {},
                     .minimum_redemption = Amount{kLeastRedemption}}};
  genesis.classes = {{.name = kClassName, .attested_only = true}};
  genesis.roles[Role::registrar] = {
      .threshold = 1, .thresholds = {}, .holders = holders(cast.registrars, {})};
  genesis.roles[Role::attestor] = {.threshold = 1, .thresholds = {}, .holders = holders(cast.attestors, {})};
  genesis.roles[Role::treasurer] = {
      .threshold = 2, .thresholds = {}, .holders = holders(cast.treasurers, {})};
  genesis.roles[Role::auditor] = {.threshold = 1, .thresholds = {}, .holders = holders(cast.auditors, {})};
  const TimeMs term{terms.created.raw() + 365 * kDayMs};
  genesis.roles[Role::guardian] = {
      .threshold = 1, .thresholds = {}, .holders = holders(cast.guardians, term)};
  genesis.roles[Role::validator].holders = {{.address = cast.validator.address,
                                             .expires = {},
                                             .validator_key = Hash{crypto::x_only(cast.validator.key).bytes},
                                             .comet_key = {}}};
  for (const Person& buyer : cast.buyers)
    genesis.accounts.push_back({.address = buyer.address, .balances = {}});
  return genesis;
}

Result<LedgerId> write_setting(const Setting& setting, const GenesisTerms& terms) {
  const auto plan = make_plan(setting.seed, setting.members);
  if (!plan) return fail(plan.error(), {}, ExitCode::usage);
  if (std::filesystem::exists(setting.folder / "config"))
    return fail(shown(setting.folder) + " already holds an example", "Name another folder with --out",
                ExitCode::usage);
  const Cast cast = make_cast(setting.seed);
  const ledger::Genesis genesis = make_genesis(cast, plan->numbers, terms);
  if (const auto good = ledger::check_genesis(genesis); !good)
    return fail("the example's genesis would be refused: " + good.error());
  if (auto made = make_private_folder(setting.folder / "config"); !made) return std::unexpected(made.error());
  const std::pair<const char*, std::string> files[] = {
      {"config/genesis.json", genesis::to_json(genesis)},
      {"config/node_key.json", node_key_json(cast.validator)},
      {"config/config.toml", "# The example's node runs with the default of every setting.\n"},
      {"example.json", setting_json(setting)}};
  for (const auto& [name, text] : files)
    if (auto written = write_private_file(setting.folder / name, text, Existing::refuse); !written)
      return std::unexpected(written.error());
  if (auto written = write_keystore(setting, *plan, cast); !written) return std::unexpected(written.error());
  return ledger::ledger_id(genesis);
}

Result<Setting> read_setting(const std::filesystem::path& folder) {
  const auto text = read_text_file(folder / "example.json", kMaxSetting);
  if (!text) return std::unexpected(text.error());
  boost::system::error_code error;
  const auto json = boost::json::parse(*text, error);
  if (error || !json.is_object())
    return fail(shown(folder / "example.json") + " is not JSON",
                "Make the folder again with `moot example genesis`");
  const auto seed = number_in(json.get_object(), "seed");
  if (!seed) return std::unexpected(seed.error());
  const auto members = number_in(json.get_object(), "members");
  if (!members) return std::unexpected(members.error());
  return Setting{.folder = folder, .seed = *seed, .members = *members};
}

Result<LedgerId> ledger_of(const std::filesystem::path& folder) {
  const auto file = folder / "config" / "genesis.json";
  const auto text = read_text_file(file, kMaxGenesis);
  if (!text) return std::unexpected(text.error());
  const auto genesis = genesis::from_json(*text);
  if (!genesis)
    return fail(shown(file) + ": " + genesis.error(), "Make the folder again with `moot example genesis`");
  return ledger::ledger_id(*genesis);
}

}  // namespace moot::wallet::example
