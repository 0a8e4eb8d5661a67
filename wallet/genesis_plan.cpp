#include "wallet/genesis_plan.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "base/random.hpp"
#include "crypto/keys.hpp"
#include "crypto/secret.hpp"
#include "wallet/files.hpp"

namespace moot::wallet {
namespace {

using namespace ledger;

constexpr std::size_t kMaxNodeKey = 4'096;
using Planned = Result<void>;

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  while (true) {
    const auto end = text.find(at);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::unexpected<Failure> wrong(std::string_view option, const std::string& given, std::string_view form) {
  return fail(fmt::format("{} {} cannot be read", option, given), fmt::format("Write {}", form),
              ExitCode::usage);
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

// The public half of a node's key file (node/app/node_key.hpp).
Result<GenesisHolder> validator_of(const std::string& file) {
  auto text = read_text_file(file, kMaxNodeKey);
  if (!text) return std::unexpected(text.error());
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(*text, error);
  crypto::wipe(*text);
  const auto field = [&](std::string_view name) {
    const auto* object = error ? nullptr : json.if_object();
    const auto* value = object == nullptr ? nullptr : object->if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  const auto address = crypto::parse_address(field("address"));
  const auto key = fixed_from_hex<Hash>(field("publicKey"));
  if (field("type") != "moot-node-key" || !address || !key)
    return fail(shown(file) + " is no node's key",
                "`mootd init` makes one; or write ADDRESS=PUBLICKEY as it printed them", ExitCode::usage);
  return GenesisHolder{.address = *address, .expires = {}, .validator_key = *key, .comet_key = {}};
}

Planned add_validator(Genesis& genesis, const std::string& given) {
  auto& holders = genesis.roles[Role::validator].holders;
  const auto equals = given.find('=');
  if (equals == std::string::npos) {
    const auto holder = validator_of(given);
    if (!holder) return std::unexpected(holder.error());
    holders.push_back(*holder);
    return {};
  }
  const auto address = crypto::parse_address(given.substr(0, equals));
  const auto key = fixed_from_hex<Hash>(given.substr(equals + 1));
  if (!address || !key)
    return wrong("--validator", given, "a node_key.json, or ADDRESS=PUBLICKEY as `mootd init` printed them");
  holders.push_back({.address = *address, .expires = {}, .validator_key = *key, .comet_key = {}});
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

constexpr std::size_t kAddress = 0;
constexpr std::size_t kConsent = 1;
constexpr std::size_t kClasses = 2;  // and on, one a class

std::vector<CsvColumn> columns_of(const std::vector<GenesisClass>& classes) {
  std::vector<CsvColumn> out{{"address"}, {"consent", false}};
  for (const GenesisClass& each : classes) out.push_back({each.name, false});
  return out;
}

Result<GenesisMember> read_member(const CsvTable& table, const CsvRow& row) {
  GenesisMember out;
  const auto address = table.address(row, kAddress);
  if (!address) return std::unexpected(address.error());
  out.address = *address;
  for (std::size_t column = kClasses; column < row.cells.size(); ++column) {
    if (row.cells[column].empty()) continue;
    const auto units = table.number(row, column, "number of units");
    if (!units) return std::unexpected(units.error());
    if (*units != 0) out.holdings.push_back({ClassId{column - kClasses}, Units{*units}});
  }
  if (row.cells[kConsent].empty()) return out;
  const auto consent = table.hash(row, kConsent, "consent hash");
  if (!consent) return std::unexpected(consent.error());
  out.consent_hash = *consent;
  return out;
}

Result<std::vector<GenesisMember>> read_members(const CsvTable& table) {
  std::vector<GenesisMember> out;
  OnceInList<Address> addresses("address");
  out.reserve(table.rows.size());
  for (const CsvRow& row : table.rows) {
    auto member = read_member(table, row);
    if (!member) return std::unexpected(member.error());
    if (const auto once = addresses.add(table, row, member->address); !once)
      return std::unexpected(once.error());
    out.push_back(std::move(*member));
  }
  return out;
}

}  // namespace

Result<Genesis> plan_genesis(const GenesisPlan& plan, TimeMs now) {
  Genesis genesis;
  genesis.organisation = plan.organisation;
  genesis.salt = Hash{random_array<32>()};
  genesis.created = now;
  if (const auto filled = fill(genesis, plan); !filled) return std::unexpected(filled.error());
  if (!plan.members_csv.empty()) {
    const auto table = read_csv(plan.members_csv, columns_of(genesis.classes));
    auto members = table ? read_members(*table) : std::unexpected(table.error());
    if (!members) return std::unexpected(members.error());
    genesis.members = std::move(*members);
  }
  if (const auto good = check_genesis(genesis); !good)
    return fail("this genesis would be refused: " + good.error(), {}, ExitCode::usage);
  return genesis;
}

Result<std::vector<GenesisMember>> founding_members(const std::string& name, std::string_view csv,
                                                    const std::vector<GenesisClass>& classes) {
  const auto table = parse_csv(name, csv, columns_of(classes));
  if (!table) return std::unexpected(table.error());
  return read_members(*table);
}

}  // namespace moot::wallet
