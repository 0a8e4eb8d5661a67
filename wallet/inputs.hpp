// What people type, made values: durations, times, parts of a whole, and addresses by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "wallet/cli.hpp"

namespace moot::wallet {

// "7d", "36h", "10m", "5s", "250ms", or a plain number of milliseconds.
std::optional<DurationMs> parse_duration(std::string_view text);
// The largest unit that fits exactly: 7d, 36h, 10m, 5s, 250ms; 0 is "0".
std::string duration_text(DurationMs duration);

// "2026-01-31T09:05:00.250Z" (fraction and, before it, seconds may be left out; always UTC), or milliseconds since 1970.
std::optional<TimeMs> parse_time(std::string_view text);
// ISO 8601; "never" for 0.
std::string time_text(TimeMs time);
// Of a time until which something is good; "no limit" for 0.
std::string limit_text(TimeMs time);

// "20%", "66.6667%", or parts per million.
std::optional<Ppm> parse_ppm(std::string_view text);
std::string ppm_text(Ppm ppm);  // "20%", "66.6667%"

// A decimal number of at most 64 bits without sign or leading zeros.
std::optional<u64> parse_number(std::string_view text);

// An address as such (EIP-55, or all one case), or the name of a key in the keystore.
Result<Address> parse_party(const Globals& globals, std::string_view text);
// 32 bytes as 0x and 64 digits.
Result<Hash> parse_hash(std::string_view text, std::string_view what);

}  // namespace moot::wallet
