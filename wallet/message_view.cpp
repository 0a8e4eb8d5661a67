#include "wallet/message_view.hpp"

#include <google/protobuf/generated_enum_reflection.h>

#include <algorithm>
#include <array>

#include "crypto/keys.hpp"
#include "moot/v1/ledger.pb.h"
#include "wallet/inputs.hpp"

namespace moot::wallet {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr std::array<std::string_view, 5> kRatios{"quorum", "approval", "support", "veto", "reserve"};
constexpr std::array<std::string_view, 10> kDurations{"delay",    "period",    "min_open",   "extension",
                                                      "timelock", "grace",     "record_lag", "funding",
                                                      "term",     "suspension"};
constexpr std::array<std::string_view, 6> kTimes{
    "activates", "expires", "until", "valid_until", "invite_valid_until", "suspended_until"};
constexpr std::array<std::string_view, 9> kAmounts{"amount", "min_price", "max_price",
                                                   "supply", "paid",      "recorded",
                                                   "stored", "remaining", "minimum_redemption"};
constexpr std::array<std::string_view, 9> kNumbers{"id",   "account", "member", "share_class",  "proposal",
                                                   "sale", "units",   "asset",  "buyer_account"};
constexpr std::size_t kShownText = 2'000;

template <std::size_t N>
bool in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string spaced_name(std::string_view name) {
  if (name.ends_with("_ms")) name.remove_suffix(3);
  std::string out(name);
  std::ranges::replace(out, '_', ' ');
  return out;
}

// The asset that a message's amounts are of: its own field, or that of its terms.
std::optional<AssetId> asset_of(const Message& message) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("asset");
  if (field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64)
    return AssetId{message.GetReflection()->GetUInt64(message, field)};
  const FieldDescriptor* terms = message.GetDescriptor()->FindFieldByName("terms");
  if (terms == nullptr || terms->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || terms->is_repeated())
    return std::nullopt;
  return asset_of(message.GetReflection()->GetMessage(message, terms));
}

bool is_zero_hash(const std::string& bytes) {
  return bytes.size() == 32 && std::ranges::all_of(bytes, [](char c) { return c == 0; });
}

// What says nothing is left out; but 0 is a number like others where it is somebody's or something's.
bool is_shown(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return reflection.FieldSize(message, &field) > 0;
  if (field.type() == FieldDescriptor::TYPE_BYTES && is_zero_hash(reflection.GetString(message, &field)))
    return false;
  return reflection.HasField(message, &field) || (!field.has_presence() && in(kNumbers, field.name()));
}

class Viewer {
 public:
  Viewer(const AssetBook& assets, std::vector<Fact>& out) : assets_(assets), out_(out) {}

  void view(const Message& message, const std::string& prefix) {
    if (const auto asset = asset_of(message)) asset_ = asset;
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = message.GetDescriptor()->field(i);
      if (!is_shown(message, *field)) continue;
      if (field->is_repeated())
        repeated(message, *field, prefix);
      else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE)
        nested(message.GetReflection()->GetMessage(message, field), prefix + spaced_name(field->name()));
      else
        out_.push_back({prefix + spaced_name(field->name()), scalar(message, *field)});
    }
  }

 private:
  void nested(const Message& inner, const std::string& title) {
    if (const auto* money = dynamic_cast<const moot::v1::Money*>(&inner)) {
      out_.push_back({title, money->text()});
      return;
    }
    Viewer(assets_, out_).with(asset_).view(inner, title + ": ");
  }
  Viewer& with(std::optional<AssetId> asset) {
    asset_ = asset;
    return *this;
  }

  void repeated(const Message& message, const FieldDescriptor& field, const std::string& prefix) {
    const Reflection& reflection = *message.GetReflection();
    const int count = reflection.FieldSize(message, &field);
    const std::string title = prefix + spaced_name(field.name());
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      std::string all;
      for (int i = 0; i < count; ++i) all += (i == 0 ? "" : ", ") + entry(message, field, i);
      out_.push_back({title, all});
      return;
    }
    for (int i = 0; i < count; ++i)
      out_.push_back({title + " " + std::to_string(i + 1),
                      on_one_line(reflection.GetRepeatedMessage(message, &field, i))});
  }

  std::string on_one_line(const Message& message) {
    std::vector<Fact> facts;
    Viewer(assets_, facts).with(asset_).view(message, "");
    std::string out;
    for (const auto& fact : facts) out += (out.empty() ? "" : ", ") + fact.title + " " + fact.value;
    return out;
  }

  static std::string entry(const Message& message, const FieldDescriptor& field, int at) {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_ENUM: return enum_text(*reflection.GetRepeatedEnum(message, &field, at));
      case FieldDescriptor::CPPTYPE_UINT64:
        return std::to_string(reflection.GetRepeatedUInt64(message, &field, at));
      case FieldDescriptor::CPPTYPE_UINT32:
        return std::to_string(reflection.GetRepeatedUInt32(message, &field, at));
      default: return "0x" + to_hex(as_bytes(reflection.GetRepeatedString(message, &field, at)));
    }
  }

  std::string scalar(const Message& message, const FieldDescriptor& field) const {
    const Reflection& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL: return reflection.GetBool(message, &field) ? "yes" : "no";
      case FieldDescriptor::CPPTYPE_ENUM: return enum_text(*reflection.GetEnum(message, &field));
      case FieldDescriptor::CPPTYPE_UINT32:
        return number(field.name(), reflection.GetUInt32(message, &field));
      case FieldDescriptor::CPPTYPE_UINT64:
        return number(field.name(), reflection.GetUInt64(message, &field));
      case FieldDescriptor::CPPTYPE_STRING:
        return field.type() == FieldDescriptor::TYPE_BYTES
                   ? bytes(reflection.GetString(message, &field))
                   : text(field.name(), reflection.GetString(message, &field));
      default: return {};
    }
  }

  std::string number(const std::string& name, u64 value) const {
    if (name.ends_with("until")) return limit_text(TimeMs{value});
    if (name.ends_with("_ms") || in(kTimes, name)) return time_text(TimeMs{value});
    if (in(kRatios, name) && value <= kMillion) return ppm_text(Ppm{static_cast<u32>(value)});
    if (in(kDurations, name)) return duration_text(DurationMs{value});
    if (name == "asset")
      if (const AssetName* known = assets_.find(AssetId{value})) return known->symbol;
    return grouped(value);
  }
  static std::string bytes(const std::string& value) {
    Address address;
    if (value.size() != address.bytes.size()) return "0x" + to_hex(as_bytes(value));
    std::copy(value.begin(), value.end(), address.bytes.begin());
    return crypto::to_eip55(address);
  }
  std::string text(const std::string& name, const std::string& value) const {
    if (in(kAmounts, name)) {
      const auto amount = parse_base_units(value);
      const AssetName* known = asset_ ? assets_.find(*asset_) : nullptr;
      if (amount) return known != nullptr ? MoneyInput{*known, *amount}.text() : value + " base units";
    }
    return value.size() <= kShownText ? value : value.substr(0, kShownText) + "…";
  }

  const AssetBook& assets_;
  std::vector<Fact>& out_;
  std::optional<AssetId> asset_;
};

}  // namespace

std::vector<Fact> message_facts(const Message& message, const AssetBook& assets) {
  std::vector<Fact> out;
  Viewer(assets, out).view(message, "");
  return out;
}

std::string enum_text(const EnumValueDescriptor& value) {
  // The prefix is the enum's own name in upper case with underscores.
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (c >= 'A' && c <= 'Z' && !prefix.empty()) prefix += '_';
    prefix += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  std::string out = value.name();
  if (out.starts_with(prefix + "_")) out.erase(0, prefix.size() + 1);
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i] == '_') out[i] = ' ';
    if (out[i] >= 'A' && out[i] <= 'Z') out[i] = static_cast<char>(out[i] - 'A' + 'a');
  }
  return value.number() == 0 && out == "Unspecified" ? "-" : out;
}

}  // namespace moot::wallet
