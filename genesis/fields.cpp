#include "genesis/fields.hpp"

#include <boost/json/serialize.hpp>

#include "ledger/text.hpp"

namespace moot::genesis {
namespace {

struct Unit {
  std::string_view suffix;
  u64 milliseconds;
};
// Largest first, so that a duration is written in the largest unit that divides it; "ms" before the suffixes it ends in.
constexpr Unit kUnits[] = {{"d", kDayMs}, {"h", 3'600'000}, {"ms", 1}, {"m", 60'000}, {"s", 1'000}};
constexpr Unit kBySize[] = {{"d", kDayMs}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}};

std::optional<u128> digits(std::string_view text) {
  const bool padded = text.size() > 1 && text.front() == '0';
  const auto value = padded ? std::nullopt : ledger::parse_decimal(text, 0);
  return value ? std::optional{value->raw()} : std::nullopt;
}

}  // namespace

std::optional<u128> integer_of(const boost::json::value& json) {
  if (json.is_uint64()) return json.get_uint64();
  if (json.is_int64() && json.get_int64() >= 0) return static_cast<u64>(json.get_int64());
  if (const auto* text = json.if_string()) return digits({text->data(), text->size()});
  return std::nullopt;
}

std::string decimal(u128 value) {
  std::string text = ledger::render_amount(Amount{value}, 0, {});
  text.pop_back();  // the space before the symbol
  return text;
}

std::optional<u64> duration_of(const boost::json::value& json) {
  constexpr u128 kLargest = ~u64{0};
  u64 unit = 1;
  std::optional<u128> count = integer_of(json);
  if (const auto* text = json.if_string(); text && !count) {
    const std::string_view whole{text->data(), text->size()};
    for (const Unit& known : kUnits) {
      if (!whole.ends_with(known.suffix)) continue;
      unit = known.milliseconds;
      count = digits(whole.substr(0, whole.size() - known.suffix.size()));
      break;
    }
  }
  if (!count || *count > kLargest / unit) return std::nullopt;
  return static_cast<u64>(*count * unit);
}

std::string duration_text(u64 milliseconds) {
  for (const Unit& unit : kBySize)
    if (milliseconds != 0 && milliseconds % unit.milliseconds == 0)
      return decimal(milliseconds / unit.milliseconds).append(unit.suffix);
  return decimal(milliseconds) + "ms";
}

std::string join(const std::string& place, std::string_view key) {
  return place.empty() ? std::string{key} : place + "." + std::string{key};
}

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

}  // namespace moot::genesis
