#include "wallet/inputs.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include "base/clock.hpp"
#include "crypto/keys.hpp"

namespace moot::wallet {
namespace {

struct Unit {
  std::string_view suffix;
  u64 milliseconds;
};
// Longest suffix first, so that "ms" is not read as "s".
constexpr std::array kUnits{Unit{"ms", 1}, Unit{"d", kDayMs}, Unit{"h", 3'600'000}, Unit{"m", 60'000},
                            Unit{"s", 1'000}};

constexpr std::size_t kPpmDigits = 4;  // after the point of a percentage

// Reads exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int out = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    out = out * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return out;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

struct DayTime {
  int hour = 0;
  int minute = 0;
  int second = 0;
  int milliseconds = 0;
};

std::optional<DayTime> parse_day_time(std::string_view text) {
  DayTime out;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute) return std::nullopt;
  out.hour = *hour;
  out.minute = *minute;
  if (take(text, ':')) {
    const auto second = take_digits(text, 2);
    if (!second) return std::nullopt;
    out.second = *second;
    if (take(text, '.')) {
      const auto fraction = take_digits(text, 3);
      if (!fraction) return std::nullopt;
      out.milliseconds = *fraction;
    }
  }
  if (text != "Z" || out.hour > 23 || out.minute > 59 || out.second > 59) return std::nullopt;
  return out;
}

std::optional<TimeMs> parse_iso(std::string_view text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, 'T')) return std::nullopt;
  const auto time = parse_day_time(text);
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!time || !date.ok() || *year < 1970) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  const auto seconds =
      ((static_cast<std::int64_t>(days) * 24 + time->hour) * 60 + time->minute) * 60 + time->second;
  return TimeMs{static_cast<u64>(seconds) * 1'000 + static_cast<u64>(time->milliseconds)};
}

}  // namespace

std::optional<u64> parse_number(std::string_view text) {
  u64 out = 0;
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<DurationMs> parse_duration(std::string_view text) {
  u64 scale = 1;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.suffix)) continue;
    text.remove_suffix(unit.suffix.size());
    scale = unit.milliseconds;
    break;
  }
  const auto number = parse_number(text);
  if (!number || *number > std::numeric_limits<u64>::max() / scale) return std::nullopt;
  return DurationMs{*number * scale};
}

std::string duration_text(DurationMs duration) {
  if (duration.is_zero()) return "0";
  for (const std::size_t at : {1, 2, 3, 4, 0})
    if (duration.raw() % kUnits[at].milliseconds == 0)
      return std::to_string(duration.raw() / kUnits[at].milliseconds) + std::string(kUnits[at].suffix);
  return {};  // milliseconds fit always
}

std::optional<TimeMs> parse_time(std::string_view text) {
  if (const auto number = parse_number(text)) return TimeMs{*number};
  return parse_iso(text);
}

std::string time_text(TimeMs time) { return time.is_zero() ? "never" : to_iso8601(time); }

std::string limit_text(TimeMs time) { return time.is_zero() ? "no limit" : to_iso8601(time); }

std::optional<Ppm> parse_ppm(std::string_view text) {
  const auto in_range = [](u64 ppm) {
    return ppm <= kMillion ? std::optional{Ppm{static_cast<u32>(ppm)}} : std::nullopt;
  };
  if (!text.ends_with('%')) {
    const auto number = parse_number(text);
    return number ? in_range(*number) : std::nullopt;
  }
  text.remove_suffix(1);
  const auto point = text.find('.');
  const auto whole = parse_number(text.substr(0, point));
  std::string fraction(point == std::string_view::npos ? "" : text.substr(point + 1));
  if (!whole || *whole > 100 || fraction.size() > kPpmDigits ||
      (point != std::string_view::npos && fraction.empty()))
    return std::nullopt;
  fraction.resize(kPpmDigits, '0');
  std::string_view digits = fraction;
  const auto parts = take_digits(digits, kPpmDigits);
  if (!parts) return std::nullopt;
  return in_range(*whole * 10'000 + static_cast<u64>(*parts));
}

std::string ppm_text(Ppm ppm) {
  std::string out = std::to_string(ppm.raw() / 10'000);
  std::string fraction = std::to_string(ppm.raw() % 10'000 + 10'000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) out += "." + fraction;
  return out + "%";
}

Result<Address> parse_party(const Globals& globals, std::string_view text) {
  if (const auto address = crypto::parse_address(text)) return *address;
  if (!is_alias(text))
    return fail("\"" + std::string(text) + "\" is no address and no key's name",
                "Write 0x and 40 digits; a mixed case is checked as EIP-55 says", ExitCode::usage);
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = keystore->find(text);
  if (!entry) return std::unexpected(entry.error());
  if (!entry->address)
    return fail("the key file of " + std::string(text) + " does not tell its address",
                "Name the address itself");
  return *entry->address;
}

Result<Hash> parse_hash(std::string_view text, std::string_view what) {
  const auto hash = fixed_from_hex<Hash>(text);
  if (!hash) return fail(std::string(what) + " is not 0x and 64 hexadecimal digits", {}, ExitCode::usage);
  return *hash;
}

}  // namespace moot::wallet
