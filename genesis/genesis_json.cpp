#include "genesis/genesis_json.hpp"

#include <array>

#include "genesis/fields.hpp"
#include "genesis/strict_json.hpp"

namespace moot::genesis {
namespace {

using boost::json::object;
using ledger::Genesis;
using ledger::ParamInfo;
using ledger::ProposalKind;

constexpr std::array<std::string_view, 12> kKeys{"rulesVersion", "organisation", "salt",     "created",
                                                 "parent",       "parameters",   "policies", "assets",
                                                 "classes",      "roles",        "accounts", "members"};

void read_parameters(const object& json, ledger::Parameters& out, Problem& problem) {
  for (const ParamInfo& row : ledger::param_table())
    if (const auto* value = json.if_contains(boost::json::string_view(row.name.data(), row.name.size()))) {
      const std::string place = join("parameters", row.name);
      u64 number = 0;
      if (row.name.ends_with("_ms")) {
        DurationMs duration;
        read_field(*value, place, duration, problem);
        number = duration.raw();
      } else {
        read_field(*value, place, number, problem);
      }
      out.set(row.id, number);
    }
  refuse_unknown(json, "parameters", problem,
                 [](std::string_view key) { return ledger::parse_param(key).has_value(); });
}

// A policy that is named starts from its kind's default, so that a genesis says only what differs.
void read_policies(const object& json, ledger::RuleBook& out, Problem& problem) {
  for (std::size_t i = 0; i < ledger::kProposalKinds; ++i) {
    const std::string_view name = word(static_cast<ProposalKind>(i));
    if (const auto* value = json.if_contains(boost::json::string_view(name.data(), name.size())))
      read_field(*value, join("policies", name), out.policies[i], problem);
  }
  refuse_unknown(json, "policies", problem,
                 [](std::string_view key) { return ledger::parse_proposal_kind(key).has_value(); });
}

void read_member_of(const object& json, std::string_view key, auto& out, Problem& problem) {
  if (const auto* value = json.if_contains(boost::json::string_view(key.data(), key.size())))
    read_field(*value, std::string{key}, out, problem);
}

// Calls read(object) when the key is there.
template <class Read>
void with_object(const object& json, std::string_view key, Problem& problem, Read&& read) {
  const auto* value = json.if_contains(boost::json::string_view(key.data(), key.size()));
  if (!value) return;
  if (const object* inner = value->if_object()) return read(*inner);
  problem.set(std::string{key}, "is not an object");
}

void read_genesis(const object& json, Genesis& out, Problem& problem) {
  read_member_of(json, "rulesVersion", out.rules_version, problem);
  read_member_of(json, "organisation", out.organisation, problem);
  read_member_of(json, "salt", out.salt, problem);
  read_member_of(json, "created", out.created, problem);
  read_member_of(json, "parent", out.parent, problem);
  with_object(json, "parameters", problem,
              [&](const object& inner) { read_parameters(inner, out.rules.parameters, problem); });
  with_object(json, "policies", problem,
              [&](const object& inner) { read_policies(inner, out.rules, problem); });
  read_member_of(json, "assets", out.assets, problem);
  read_member_of(json, "classes", out.classes, problem);
  read_member_of(json, "roles", out.roles, problem);
  read_member_of(json, "accounts", out.accounts, problem);
  read_member_of(json, "members", out.members, problem);
  refuse_unknown(json, {}, problem, [](std::string_view key) {
    for (const std::string_view known : kKeys)
      if (known == key) return true;
    return false;
  });
}

// ---- writing ------------------------------------------------------------------------------------------------------

void write_line(std::string& out, std::string_view key, const std::string& json) {
  out += (out == "{" ? "\n  " : ",\n  ") + quoted(key) + ": " + json;
}

// One item a line.
template <class T>
std::string lines(const std::vector<T>& items, std::string_view indent) {
  if (items.empty()) return "[]";
  std::string out = "[";
  for (const T& item : items) {
    out += (out.size() == 1 ? "\n" : ",\n") + std::string{indent} + "  " + field_text(item);
  }
  return out + "\n" + std::string{indent} + "]";
}

std::string parameters_text(const ledger::Parameters& parameters) {
  std::string out;
  for (const ParamInfo& row : ledger::param_table()) {
    const u64 value = parameters[row.id];
    out += (out.empty() ? "\n    " : ",\n    ") + quoted(row.name) + ": " +
           (row.name.ends_with("_ms") ? field_text(DurationMs{value}) : field_text(value));
  }
  return "{" + out + "\n  }";
}

std::string policies_text(const ledger::RuleBook& rules) {
  std::string out;
  for (std::size_t i = 0; i < ledger::kProposalKinds; ++i)
    out += (i == 0 ? "\n    " : ",\n    ") + quoted(word(static_cast<ProposalKind>(i))) + ": " +
           field_text(rules.policies[i]);
  return "{" + out + "\n  }";
}

std::string roles_text(const ledger::GenesisRoles& roles) {
  std::string out;
  ledger::GenesisRoles::describe(roles, [&out](const char* name, const ledger::GenesisRole& role) {
    out += (out.empty() ? "\n    " : ",\n    ") + quoted(name) +
           ": {\"threshold\": " + field_text(role.threshold) +
           ", \"thresholds\": " + field_text(role.thresholds) +
           ", \"holders\": " + lines(role.holders, "    ") + "}";
  });
  return "{" + out + "\n  }";
}

}  // namespace

std::expected<Genesis, std::string> from_json(std::string_view text) {
  if (text.size() > kMaxBytes) return std::unexpected("the file is larger than 2 GiB");
  const auto json = parse_strict(text);
  if (!json) return std::unexpected(json.error());
  const object* top = json->if_object();
  if (!top) return std::unexpected("the document is not an object");
  Genesis out;
  Problem problem;
  read_genesis(*top, out, problem);
  if (problem) return std::unexpected(problem.text());
  if (auto checked = ledger::check_genesis(out); !checked) return std::unexpected(checked.error());
  return out;
}

std::string to_json(const Genesis& genesis) {
  std::string out = "{";
  write_line(out, "rulesVersion", field_text(genesis.rules_version));
  write_line(out, "organisation", field_text(genesis.organisation));
  write_line(out, "salt", field_text(genesis.salt));
  write_line(out, "created", field_text(genesis.created));
  if (genesis.parent) write_line(out, "parent", field_text(*genesis.parent));
  write_line(out, "parameters", parameters_text(genesis.rules.parameters));
  write_line(out, "policies", policies_text(genesis.rules));
  write_line(out, "assets", lines(genesis.assets, "  "));
  write_line(out, "classes", lines(genesis.classes, "  "));
  write_line(out, "roles", roles_text(genesis.roles));
  write_line(out, "accounts", lines(genesis.accounts, "  "));
  write_line(out, "members", lines(genesis.members, "  "));
  return out + "\n}\n";
}

}  // namespace moot::genesis
