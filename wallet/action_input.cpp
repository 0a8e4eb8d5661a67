#include "wallet/action_input.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "ledger/text.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

constexpr std::size_t kMaxBodyFile = 64 * 1024;

template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};

template <class T>
std::optional<T> word_of(std::string_view text) {
  if constexpr (std::is_same_v<T, ledger::Role>)
    return ledger::parse_role(text);
  else if constexpr (std::is_same_v<T, ledger::RoleChangeKind>)
    return ledger::parse_role_change_kind(text);
  else if constexpr (std::is_same_v<T, ledger::ProposalKind>)
    return ledger::parse_proposal_kind(text);
  else if constexpr (std::is_same_v<T, ledger::AssetKind>)
    return ledger::parse_asset_kind(text);
  else
    return ledger::parse_basis_kind(text);
}

std::optional<bool> parse_bool(std::string_view text) {
  if (text == "yes" || text == "true") return true;
  if (text == "no" || text == "false") return false;
  return std::nullopt;
}

Failure in_field(const std::string& name, Failure failure) {
  failure.what = name + ": " + failure.what;
  return failure;
}

// Puts texts into the fields of a described action. The first that is wrong is kept, and nothing is read after it.
class FieldReader {
 public:
  FieldReader(const ActionContext& context, const ActionFields& fields)
      : context_(context), fields_(fields) {}

  template <class T>
  void operator()(const char* name, T& value) {
    const auto found = fields_.find(name);
    if (found == fields_.end() || failure_) return;
    name_ = name;
    read(found->second, value);
  }
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }

 private:
  void refuse(const std::string& wanted) {
    failure_ = Failure{.code = ExitCode::usage, .what = name_ + " must be " + wanted, .advice = {}};
  }
  template <class T>
  void take(Result<T> result, T& value) {
    if (result)
      value = *result;
    else
      failure_ = in_field(name_, result.error());
  }
  template <class T>
  void take(std::optional<T> result, T& value, const char* wanted) {
    if (!result) return refuse(wanted);
    value = *result;
  }

  template <class T>
  void read(const std::string& text, T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      value = text;
    else if constexpr (std::is_same_v<T, Amount>)
      read_amount(text, value);
    else if constexpr (std::is_same_v<T, AssetId>)
      read_asset(text, value);
    else if constexpr (std::is_same_v<T, ClassId>)
      take(find_class(context_.client, text), value);
    else if constexpr (std::is_same_v<T, Address>)
      take(parse_party(context_.globals, text), value);
    else if constexpr (std::is_same_v<T, Hash>)
      take(parse_hash(text, "this"), value);
    else if constexpr (std::is_same_v<T, Ppm>)
      take(parse_ppm(text), value, "a part of the whole, such as 20%");
    else if constexpr (std::is_same_v<T, DurationMs>)
      take(parse_duration(text), value, "a duration, such as 7d or 36h");
    else if constexpr (std::is_same_v<T, TimeMs>)
      take(parse_time(text), value, "a time, such as 2026-01-31T09:05Z");
    else if constexpr (std::is_same_v<T, bool>)
      take(parse_bool(text), value, "yes or no");
    else if constexpr (std::is_enum_v<T>)
      take(word_of<T>(text), value, "one of the words that the help names");
    else if constexpr (std::is_same_v<T, ledger::Policy>)
      ledger::Policy::describe(value, *this);
    else if constexpr (is_id<T>::value)
      read_number(text, value.value);
    else if constexpr (requires { value.raw(); })
      read_quantity(text, value);
    else
      read_number(text, value);
  }

  template <class T>
  void read_number(const std::string& text, T& value) {
    if (name_ == "txKind")
      if (const auto kind = ledger::parse_tx_kind(text))
        return static_cast<void>(value = static_cast<T>(*kind));
    auto number = parse_number(text);
    if (name_ == "value" && !number) number = duration_or_part(text);
    if (!number || *number > std::numeric_limits<T>::max()) return refuse("a whole number that fits");
    value = static_cast<T>(*number);
    if (name_ == "decimals") decimals_ = static_cast<u8>(value);
  }
  static std::optional<u64> duration_or_part(const std::string& text) {
    if (const auto part = parse_ppm(text)) return part->raw();
    const auto duration = parse_duration(text);
    return duration ? std::optional{duration->raw()} : std::nullopt;
  }
  template <class T>
  void read_quantity(const std::string& text, T& value) {
    typename T::raw_type raw{};
    read_number(text, raw);
    value = T{raw};
  }

  void read_asset(const std::string& text, AssetId& value) {
    const auto asset = context_.assets.named(text);
    if (!asset) return static_cast<void>(failure_ = in_field(name_, asset.error()));
    value = asset->id;
    asset_ = asset->symbol;
  }
  // Of the action's asset; of an asset that is being created, in its own decimals.
  void read_amount(const std::string& text, Amount& value) {
    if (decimals_)
      return take(ledger::parse_decimal(text, *decimals_), value, "an amount with at most those decimals");
    const auto money = context_.assets.parse(text, asset_);
    if (!money) return static_cast<void>(failure_ = in_field(name_, money.error()));
    value = money->amount;
  }

  const ActionContext& context_;
  const ActionFields& fields_;
  std::string name_;
  std::string asset_;
  std::optional<u8> decimals_;
  std::optional<Failure> failure_;
};

ledger::Action empty_action(std::string_view kind) {
  if (kind == "sale") return ledger::SaleTerms{.funding = DurationMs{30 * kDayMs}};
  if (kind == "spend") return ledger::Spend{};
  if (kind == "role") return ledger::RoleChange{};
  if (kind == "policy") return ledger::PolicyChange{};
  if (kind == "parameter") return ledger::ParameterChange{};
  if (kind == "member") return ledger::MemberAction{};
  if (kind == "asset") return ledger::AssetCreation{};
  if (kind == "class") return ledger::ClassCreation{};
  if (kind == "upgrade") return ledger::RulesUpgrade{};
  return ledger::SaleCancellation{};
}

Result<void> check_names(const ActionKind& kind, const ActionFields& fields) {
  for (const auto& field : kind.fields)
    if (field.required && !fields.contains(field.name))
      return fail(std::string(field.name) + " is missing", field.help, ExitCode::usage);
  for (const auto& [name, value] : fields)
    if (std::ranges::none_of(kind.fields, [&](const ActionField& field) { return field.name == name; }))
      return fail(name + " is no field of a " + kind.name + " action",
                  "`moot propose " + std::string(kind.name) + " --help` lists them", ExitCode::usage);
  return {};
}

// What follows from other fields: the asset from an amount's symbol, a hash from its file, the only class.
Result<void> complete(const ActionContext& context, const ActionKind& kind, ActionFields& fields) {
  const char* price = std::string_view(kind.name) == "sale" ? "minPrice" : "amount";
  if (fields.contains(price) && !fields.contains("asset")) {
    const auto money = context.assets.parse(fields.at(price));
    if (!money) return std::unexpected(in_field(price, money.error()));
    fields["asset"] = money->asset.symbol;
  }
  if (const auto file = fields.find("termsFile"); file != fields.end()) {
    const auto hash = file_hash(file->second);
    if (!hash) return std::unexpected(hash.error());
    fields["termsHash"] = "0x" + to_hex(hash->view());
    fields.erase("termsFile");
  }
  if (std::string_view(kind.name) == "sale" && !fields.contains("shareClass")) fields["shareClass"] = "";
  return {};
}

// From the node's message, by the fields' names.
ledger::Policy policy_of(const pb::Policy& in) {
  return {.basis = static_cast<ledger::BasisKind>(in.basis() - 1),
          .basis_class = ClassId{in.basis_class()},
          .confirmed_only = in.confirmed_only(),
          .vote_change = in.vote_change(),
          .max_changes = static_cast<u8>(in.max_changes()),
          .quorum = Ppm{in.quorum()},
          .approval = Ppm{in.approval()},
          .support = Ppm{in.support()},
          .veto = Ppm{in.veto()},
          .delay = DurationMs{in.delay()},
          .period = DurationMs{in.period()},
          .min_open = DurationMs{in.min_open()},
          .extension = DurationMs{in.extension()},
          .timelock = DurationMs{in.timelock()},
          .grace = DurationMs{in.grace()},
          .record_lag = DurationMs{in.record_lag()},
          .minimum_class = ClassId{in.minimum_class()},
          .minimum_units = Units{in.minimum_units()},
          .reserved_live = static_cast<u8>(in.reserved_live())};
}

Result<ledger::Policy> policy_in_force(const NodeClient& client, std::string_view kind) {
  const auto wanted = ledger::parse_proposal_kind(kind);
  if (!wanted) return fail("\"" + std::string(kind) + "\" is no kind of proposal", {}, ExitCode::usage);
  const auto answer =
      client.call(&pb::GovernanceService::Stub::GetPolicies, client.governance(), pb::GetPoliciesRequest{});
  if (!answer) return std::unexpected(answer.error());
  for (const auto& one : answer->policies())
    if (one.kind() == static_cast<int>(*wanted) + 1) return policy_of(one.policy());
  return fail("the node names no policy of that kind");
}

Result<ActionFields> fields_of(const json::object& object) {
  ActionFields out;
  for (const auto& [name, value] : object) {
    std::string& text = out[std::string(name)];
    if (value.is_string())
      text = std::string(value.as_string());
    else if (value.is_bool())
      text = value.as_bool() ? "yes" : "no";
    else if (value.is_int64() || value.is_uint64())
      text = json::serialize(value);
    else
      return fail(std::string(name) + " must be text, a whole number, true or false", {}, ExitCode::usage);
  }
  return out;
}

Result<std::vector<ledger::Action>> read_actions(const ActionContext& context, const json::value& list) {
  if (!list.is_array()) return fail("actions must be a list", {}, ExitCode::usage);
  std::vector<ledger::Action> out;
  for (const auto& item : list.as_array()) {
    const std::string place = "actions[" + std::to_string(out.size()) + "]";
    if (!item.is_object()) return fail(place + " must be an object", {}, ExitCode::usage);
    auto fields = fields_of(item.as_object());
    if (!fields) return std::unexpected(fields.error());
    const auto type = fields->extract("type");
    const ActionKind* kind = type ? find_action_kind(type.mapped()) : nullptr;
    if (kind == nullptr)
      return fail(place + ".type must name an action", "`moot propose --help` lists them", ExitCode::usage);
    auto action = read_action(context, *kind, std::move(*fields));
    if (!action) {
      Failure failure = action.error();
      failure.what = place + "." + failure.what;
      return std::unexpected(failure);
    }
    out.push_back(std::move(*action));
  }
  return out;
}

}  // namespace

Result<ledger::Action> read_action(const ActionContext& context, const ActionKind& kind,
                                   ActionFields fields) {
  if (auto names = check_names(kind, fields); !names) return std::unexpected(names.error());
  if (auto completed = complete(context, kind, fields); !completed) return std::unexpected(completed.error());
  auto action = empty_action(kind.name);
  if (auto* change = std::get_if<ledger::PolicyChange>(&action)) {
    auto policy = policy_in_force(context.client, fields.at("kind"));
    if (!policy) return std::unexpected(policy.error());
    change->policy = *policy;
    fields["policy"] = "";  // visited for its own fields
  }
  FieldReader reader(context, fields);
  std::visit([&]<class T>(T& one) { T::describe(one, reader); }, action);
  if (reader.failure()) return std::unexpected(*reader.failure());
  return action;
}

Result<ledger::Propose> make_proposal(ProposalText text, std::vector<ledger::Action> actions) {
  const auto kind = actions.empty() ? ledger::ProposalKind::text : ledger::kind_of(actions.front());
  for (const auto& action : actions)
    if (ledger::kind_of(action) != kind)
      return fail("a proposal's actions must be of one kind", "Make one proposal for each kind",
                  ExitCode::usage);
  return ledger::Propose{.title = std::move(text.title),
                         .body = {std::move(text.body)},
                         .kind = kind,
                         .actions = std::move(actions)};
}

Result<ledger::Propose> read_proposal(const ActionContext& context, std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_object()) return fail("the proposal's file is no JSON object", {}, ExitCode::usage);
  json::object object = value.as_object();
  json::value actions = json::array();
  if (const auto* given = object.if_contains("actions")) actions = *given;
  object.erase("actions");
  auto fields = fields_of(object);
  if (!fields) return std::unexpected(fields.error());
  ProposalText out;
  for (auto& [name, content] : *fields) {
    if (name == "title") {
      out.title = content;
    } else if (name == "body") {
      out.body = content;
    } else if (name == "bodyFile") {
      const auto body = read_text_file(content, kMaxBodyFile);
      if (!body) return std::unexpected(body.error());
      out.body = *body;
    } else {
      return fail(name + " is no field of a proposal", "They are title, body, bodyFile and actions",
                  ExitCode::usage);
    }
  }
  auto read = read_actions(context, actions);
  if (!read) return std::unexpected(read.error());
  return make_proposal(std::move(out), std::move(*read));
}

}  // namespace moot::wallet
