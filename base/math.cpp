#include "base/math.hpp"

#include "base/check.hpp"

namespace moot {

std::optional<QuotientRemainder> mul_div(u128 a, u64 b, u64 divisor) {
  MOOT_CHECK(divisor != 0, "division by zero");
  // The product has three 64-bit limbs; long division, one limb at a time, keeps every step within 128 bits.
  const u128 low = static_cast<u128>(static_cast<u64>(a)) * b;
  const u128 high = static_cast<u128>(static_cast<u64>(a >> 64)) * b + (low >> 64);
  const u64 limbs[3] = {static_cast<u64>(high >> 64), static_cast<u64>(high), static_cast<u64>(low)};
  u64 quotient[3] = {};
  u64 rest = 0;
  for (int i = 0; i < 3; ++i) {
    const u128 part = static_cast<u128>(rest) << 64 | limbs[i];
    quotient[i] = static_cast<u64>(part / divisor);
    rest = static_cast<u64>(part % divisor);
  }
  if (quotient[0] != 0) return std::nullopt;
  return QuotientRemainder{static_cast<u128>(quotient[1]) << 64 | quotient[2], rest};
}

std::string to_decimal(u128 value) {
  std::string reversed;
  do {
    reversed.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return {reversed.rbegin(), reversed.rend()};
}

}  // namespace moot
