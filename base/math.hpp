// Exact integer products and quotients. Every division says which way it rounds.
#pragma once

#include <optional>
#include <string>

#include "base/units.hpp"

namespace moot {

struct QuotientRemainder {
  u128 quotient = 0;
  u64 remainder = 0;
};

// floor(a·b / divisor) and the remainder, through a 256-bit product. divisor > 0. Nothing when the quotient does not
// fit 128 bits (it always fits when b <= divisor).
std::optional<QuotientRemainder> mul_div(u128 a, u64 b, u64 divisor);

// ceil(a·b / divisor) for values whose product fits 128 bits, which any two u64 do. divisor > 0.
constexpr u128 mul_div_ceil(u64 a, u64 b, u64 divisor) {
  const u128 product = static_cast<u128>(a) * b;
  return product / divisor + (product % divisor != 0 ? 1 : 0);
}

// The digits of a number: "0", "1500"; no sign, no separators.
std::string to_decimal(u128 value);

}  // namespace moot
