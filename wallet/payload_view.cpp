#include "wallet/payload_view.hpp"

#include "crypto/keys.hpp"
#include "ledger/parameters.hpp"
#include "wallet/inputs.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kShownText = 400;  // bytes of a long text; its whole is in the file or on the ledger

template <class T>
struct is_quantity : std::false_type {};
template <class Tag, class Raw>
struct is_quantity<Quantity<Tag, Raw>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};

// A line end would be taken for a control character; the mark keeps lines apart.
std::string beginning(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 5)
    text.replace(at, 1, " ⏎ ");
  if (text.size() <= kShownText) return text.empty() ? "-" : text;
  return text.substr(0, kShownText) + "… (" + grouped(text.size()) + " bytes)";
}

// The words of one kind of action.
std::string_view name_of(const ledger::Action& action) {
  static constexpr std::array<std::string_view, std::variant_size_v<ledger::Action>> kNames{
      "sale",   "spend",     "role change", "policy change", "parameter change",
      "member", "new asset", "new class",   "rules upgrade", "cancel sale"};
  return kNames[action.index()];
}

std::string on_one_line(const std::vector<Fact>& facts) {
  std::string out;
  for (const auto& fact : facts) out += (out.empty() ? "" : ", ") + fact.title + " " + fact.value;
  return out;
}

// An approval without an end of its own has the ledger's longest (decision 0010); a text that is signed where no ledger can be
// asked knows the default only.
std::string longest_approval() {
  const auto& longest = ledger::info(ledger::Param::action_expiry_max_ms);
  return "after the longest time there is for approvals (" + std::string(longest.name) + ": " +
         duration_text(DurationMs{longest.default_value}) + " unless it was changed)";
}

std::string time_of(std::string_view field, TimeMs value) {
  if (field == "expires" && value.is_zero()) return longest_approval();
  return field.ends_with("ntil") ? limit_text(value) : time_text(value);
}

// Visits a described struct. An asset named before an amount says how the amount is written.
class Shower {
 public:
  Shower(const AssetBook& assets, std::vector<Fact>& out) : assets_(assets), out_(out) {}

  template <class T>
  void operator()(const char* name, const T& value) {
    if constexpr (codec_detail::is_vector<T>::value) {
      list(name, value);
    } else if constexpr (Described<T>) {
      std::vector<Fact> inner;
      T::describe(value, Shower(assets_, inner));
      for (auto& fact : inner) out_.push_back({spaced(name) + " " + fact.title, std::move(fact.value)});
    } else if constexpr (std::is_same_v<T, TimeMs>) {
      out_.push_back({spaced(name), time_of(name, value)});
    } else {
      out_.push_back({spaced(name), text(value)});
    }
  }

 private:
  template <class T>
  void list(const char* name, const std::vector<T>& items) {
    for (std::size_t i = 0; i < items.size() && i < kShownEntries; ++i)
      entry(spaced(name) + " " + std::to_string(i + 1), items[i]);
    if (items.size() > kShownEntries)
      out_.push_back({spaced(name), "… " + grouped(items.size()) + " in all"});
  }

  // An entry of a plain list takes one line; an action, which has many fields, one a field.
  template <class T>
  void entry(const std::string& title, const T& item) {
    std::vector<Fact> inner;
    if constexpr (std::is_same_v<T, ledger::Action>) {
      out_.push_back({title, std::string(name_of(item))});
      std::visit([&]<class A>(const A& one) { A::describe(one, Shower(assets_, inner)); }, item);
      for (auto& fact : inner) out_.push_back({"  " + fact.title, std::move(fact.value)});
    } else {
      T::describe(item, Shower(assets_, inner));
      out_.push_back({title, on_one_line(inner)});
    }
  }

  template <class T>
  std::string text(const T& value) {
    if constexpr (std::is_same_v<T, AssetId>) {
      asset_ = value;
      const AssetName* known = assets_.find(value);
      return known != nullptr ? known->symbol : std::to_string(value.value);
    } else if constexpr (std::is_same_v<T, Amount>) {
      return asset_ ? assets_.render(*asset_, value) : base_units(value) + " base units";
    } else if constexpr (std::is_same_v<T, Ppm>) {
      return ppm_text(value);
    } else if constexpr (std::is_same_v<T, DurationMs>) {
      return duration_text(value);
    } else if constexpr (is_quantity<T>::value) {
      return std::to_string(value.raw());
    } else if constexpr (is_id<T>::value) {
      return std::to_string(value.value);
    } else if constexpr (std::is_same_v<T, Address>) {
      return value.is_zero() ? "nobody" : crypto::to_eip55(value);
    } else if constexpr (std::is_same_v<T, ledger::CarriedSignature>) {
      return "0x" + to_hex(value.bytes);
    } else if constexpr (requires {
                           value.is_zero();
                           value.view();
                         }) {
      return value.is_zero() ? "-" : "0x" + to_hex(value.view());
    } else if constexpr (std::is_same_v<T, bool>) {
      return value ? "yes" : "no";
    } else if constexpr (std::is_enum_v<T>) {
      return std::string(word(value));
    } else if constexpr (std::is_same_v<T, ledger::HashedText>) {
      return beginning(value.text);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return value.empty() ? "-" : value;
    } else {
      return std::to_string(value);
    }
  }

  const AssetBook& assets_;
  std::vector<Fact>& out_;
  std::optional<AssetId> asset_;
};

}  // namespace

std::string spaced(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      out += ' ';
      out += static_cast<char>(c - 'A' + 'a');
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<Fact> payload_facts(const ledger::Payload& payload, const AssetBook& assets) {
  std::vector<Fact> out;
  std::visit([&](const auto& one) { one.describe(one, Shower(assets, out)); }, payload);
  return out;
}

}  // namespace moot::wallet
