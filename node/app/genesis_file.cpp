#include "node/app/genesis_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <ostream>

#include "base/random.hpp"
#include "crypto/keys.hpp"
#include "genesis/genesis_json.hpp"
#include "node/app/devnet.hpp"
#include "node/app/files.hpp"
#include "node/app/node_key.hpp"

namespace moot::node::app {
namespace {

using namespace ledger;

constexpr std::size_t kMaxCsvBytes = std::size_t{1} << 31;
using Planned = std::expected<void, std::string>;

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  while (true) {
    const auto end = text.find(at);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::unexpected<std::string> wrong(std::string_view option, const std::string& given, std::string_view form) {
  return std::unexpected(fmt::format("{} {}: write {}", option, given, form));
}

template <class T>
std::optional<T> number(std::string_view text) {
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<Amount> amount(std::string_view text) {
  if (text.empty()) return std::nullopt;
  u128 out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || out > (kMaxU128 - 9) / 10) return std::nullopt;
    out = out * 10 + static_cast<u128>(c - '0');
  }
  return Amount{out};
}

Planned add_class(Genesis& genesis, const std::string& given) {
  const auto parts = split(given, ':');
  if (parts.size() > 2 || (parts.size() == 2 && parts[1] != "open"))
    return wrong("--class", given,
                 "NAME, or NAME:open for a class that registrars may grant without an attestation");
  genesis.classes.push_back({.name = parts[0], .attested_only = parts.size() == 1});
  return {};
}

Planned add_asset(Genesis& genesis, const std::string& given) {
  const auto parts = split(given, ':');
  const auto decimals = parts.size() >= 2 ? number<u8>(parts[1]) : std::nullopt;
  const auto supply = parts.size() == 3 ? amount(parts[2]) : std::optional(Amount{});
  if (parts.size() > 3 || !decimals || !supply)
    return wrong(
        "--asset", given,
        "SYMBOL:DECIMALS for one that comes and goes with recorded proceeds, SYMBOL:DECIMALS:SUPPLY for one "
        "created whole; SUPPLY in its smallest units");
  genesis.assets.push_back({.symbol = parts[0],
                            .decimals = *decimals,
                            .kind = parts.size() == 3 ? AssetKind::fixed : AssetKind::external,
                            .supply = *supply,
                            .minimum_redemption = {}});
  return {};
}

// Guardians' terms end at the latest moment that the rules allow.
TimeMs term_of(Role role, const Genesis& genesis) {
  if (role != Role::guardian) return {};
  return TimeMs{genesis.created.raw() + genesis.rules.parameters[Param::guardian_term_max_ms]};
}

Planned add_role(Genesis& genesis, const std::string& given) {
  constexpr std::string_view kForm =
      "ROLE=ADDRESS[,ADDRESS…][:M], ROLE being registrar, attestor, treasurer, auditor or "
      "guardian, and M how many of them must agree";
  const auto equals = given.find('=');
  const auto role = equals == std::string::npos ? std::nullopt : parse_role(given.substr(0, equals));
  if (!role || *role == Role::validator) return wrong("--role", given, kForm);
  const auto parts = split(std::string_view{given}.substr(equals + 1), ':');
  const auto threshold = parts.size() == 2 ? number<u16>(parts[1]) : std::optional(u16{1});
  if (parts.size() > 2 || !threshold) return wrong("--role", given, kForm);
  GenesisRole& table = genesis.roles[*role];
  if (!table.holders.empty()) return wrong("--role", given, "each role once, with all its holders");
  table.threshold = *threshold;
  for (const std::string& text : split(parts[0], ',')) {
    const auto address = crypto::parse_address(text);
    if (!address)
      return wrong("--role", given,
                   fmt::format("addresses as 0x and 40 hexadecimal digits, unlike \"{}\"", text));
    table.holders.push_back(
        {.address = *address, .expires = term_of(*role, genesis), .validator_key = {}, .comet_key = {}});
  }
  return {};
}

Planned add_validator(Genesis& genesis, const std::string& given) {
  const auto equals = given.find('=');
  if (equals == std::string::npos) {
    const auto key = read_node_key(given);
    if (!key) return std::unexpected(key.error().text);
    genesis.roles[Role::validator].holders.push_back(validator_holder(*key));
    return {};
  }
  const auto address = crypto::parse_address(given.substr(0, equals));
  const auto key = fixed_from_hex<Hash>(given.substr(equals + 1));
  if (!address || !key)
    return wrong("--validator", given, "a node_key.json, or ADDRESS=PUBLICKEY as `mootd init` printed them");
  genesis.roles[Role::validator].holders.push_back(
      {.address = *address, .expires = {}, .validator_key = *key, .comet_key = {}});
  return {};
}

Planned add_account(Genesis& genesis, const std::string& given) {
  constexpr std::string_view kForm =
      "ADDRESS, or ADDRESS=SYMBOL:AMOUNT with an asset given by --asset, in its smallest units";
  const auto equals = given.find('=');
  const auto address = crypto::parse_address(std::string_view{given}.substr(0, equals));
  if (!address) return wrong("--account", given, kForm);
  GenesisAccount account{.address = *address, .balances = {}};
  if (equals != std::string::npos) {
    const auto parts = split(std::string_view{given}.substr(equals + 1), ':');
    const auto asset = std::ranges::find(genesis.assets, parts[0], &GenesisAsset::symbol);
    const auto value = parts.size() == 2 ? amount(parts[1]) : std::nullopt;
    if (asset == genesis.assets.end() || !value) return wrong("--account", given, kForm);
    account.balances = {{AssetId{static_cast<u64>(asset - genesis.assets.begin())}, *value}};
  }
  genesis.accounts.push_back(std::move(account));
  return {};
}

Planned set_parameter(Genesis& genesis, const std::string& given) {
  const auto equals = given.find('=');
  const auto name = equals == std::string::npos ? std::nullopt : parse_param(given.substr(0, equals));
  const auto value = name ? number<u64>(std::string_view{given}.substr(equals + 1)) : std::nullopt;
  if (!value)
    return wrong("--parameter", given, "NAME=VALUE with a name of docs/parameters.md and a whole number");
  genesis.rules.parameters.set(*name, *value);
  return {};
}

// Parameters come first, since terms follow from them; assets before the accounts that hold them.
Planned fill(Genesis& genesis, const GenesisPlan& plan) {
  using Step = Planned (*)(Genesis&, const std::string&);
  const std::pair<const std::vector<std::string>*, Step> steps[] = {
      {&plan.parameters, set_parameter}, {&plan.classes, add_class},        {&plan.assets, add_asset},
      {&plan.roles, add_role},           {&plan.validators, add_validator}, {&plan.accounts, add_account}};
  for (const auto& [words, step] : steps)
    for (const std::string& given : *words)
      if (auto done = step(genesis, given); !done) return done;
  return {};
}

}  // namespace

Result<Genesis> read_genesis(const std::filesystem::path& file) {
  const auto text = read_text(file, "the genesis", genesis::kMaxBytes);
  if (!text) return std::unexpected(text.error());
  return genesis_from_text(*text, file);
}

Result<ledger::Genesis> genesis_from_text(std::string_view text, const std::filesystem::path& file) {
  auto genesis = genesis::from_json(text);
  if (!genesis) return bad_input(fmt::format("genesis {}: {}", file.string(), genesis.error()));
  return std::move(*genesis);
}

Result<Genesis> plan_genesis(const GenesisPlan& plan, TimeMs now) {
  Genesis genesis;
  genesis.organisation = plan.organisation;
  genesis.salt = Hash{random_array<32>()};
  genesis.created = now;
  if (const auto filled = fill(genesis, plan); !filled) return bad_input(filled.error());
  if (!plan.members_csv.empty()) {
    const auto text = read_text(plan.members_csv, "the members", kMaxCsvBytes);
    if (!text) return std::unexpected(text.error());
    auto members = members_from_csv(*text, plan.members_csv, genesis.classes);
    if (!members) return std::unexpected(members.error());
    genesis.members = std::move(*members);
  }
  if (const auto good = check_genesis(genesis); !good)
    return bad_input(fmt::format("this genesis would be refused: {}", good.error()));
  return genesis;
}

std::string id_text(const Genesis& genesis) { return "0x" + to_hex(ledger_id(genesis).view()); }

void print_summary(const Genesis& genesis, std::ostream& out) {
  out << fmt::format("organisation  {}\nledger id     {}\ncreated       {}\nmembers       {}\n",
                     genesis.organisation, id_text(genesis), to_iso8601(genesis.created),
                     genesis.members.size());
  std::vector<u128> units(genesis.classes.size());
  for (const GenesisMember& member : genesis.members)
    for (const GenesisHolding& holding : member.holdings)
      units[holding.share_class.value] += holding.units.raw();
  for (std::size_t i = 0; i < units.size(); ++i)
    out << fmt::format("class {:<7} {}, {} units\n", i, genesis.classes[i].name, static_cast<u64>(units[i]));
  for (std::size_t i = 0; i < genesis.assets.size(); ++i)
    out << fmt::format("asset {:<7} {}, {} decimals, {}\n", i, genesis.assets[i].symbol,
                       genesis.assets[i].decimals, word(genesis.assets[i].kind));
  for (u8 i = 1; i <= kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    const GenesisRole& table = genesis.roles[role];
    if (!table.holders.empty())
      out << fmt::format("{:<13} {} of {}\n", word(role), table.threshold, table.holders.size());
  }
}

}  // namespace moot::node::app
