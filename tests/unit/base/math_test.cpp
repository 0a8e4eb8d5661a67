// mul_div against schoolbook arithmetic on single bits: slow, and too plain to be wrong in the same way.
#include "base/math.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bitset>

namespace moot {
namespace {

using Wide = std::bitset<256>;

Wide to_bits(u128 value) {
  Wide out;
  for (std::size_t i = 0; i < 128; ++i) out[i] = (value >> i & 1) != 0;
  return out;
}

Wide add(const Wide& a, const Wide& b) {
  Wide out;
  bool carry = false;
  for (std::size_t i = 0; i < 256; ++i) {
    out[i] = a[i] ^ b[i] ^ carry;
    carry = (a[i] && b[i]) || (carry && (a[i] || b[i]));
  }
  return out;
}

bool at_least(const Wide& a, const Wide& b) {
  for (std::size_t i = 256; i-- > 0;)
    if (a[i] != b[i]) return a[i];
  return true;
}

Wide subtract(const Wide& a, const Wide& b) { return add(add(a, ~b), Wide{1}); }

struct SlowResult {
  Wide quotient;
  Wide remainder;
};

SlowResult slow_mul_div(u128 a, u64 b, u64 divisor) {
  Wide product;
  for (std::size_t i = 0; i < 64; ++i)
    if ((b >> i & 1) != 0) product = add(product, to_bits(a) << i);
  SlowResult out;
  const Wide by = to_bits(divisor);
  for (std::size_t i = 256; i-- > 0;) {
    out.remainder <<= 1;
    out.remainder[0] = product[i];
    if (at_least(out.remainder, by)) {
      out.remainder = subtract(out.remainder, by);
      out.quotient[i] = true;
    }
  }
  return out;
}

bool agrees(u128 a, u64 b, u64 divisor) {
  const SlowResult slow = slow_mul_div(a, b, divisor);
  const auto fast = mul_div(a, b, divisor);
  const bool fits = (slow.quotient >> 128).none();
  if (!fits) return !fast.has_value();
  return fast && to_bits(fast->quotient) == slow.quotient && to_bits(fast->remainder) == slow.remainder;
}

// Numbers near the edges of their width, where carries go wrong, as often as numbers of any size.
rc::Gen<u64> word() {
  return rc::gen::oneOf(
      rc::gen::arbitrary<u64>(), rc::gen::map(rc::gen::inRange<u64>(0, 4), [](u64 x) { return ~u64{0} - x; }),
      rc::gen::map(rc::gen::inRange(0, 64), [](int x) { return u64{1} << x; }), rc::gen::inRange<u64>(0, 4));
}

TEST(MulDiv, AgreesWithBitArithmeticAtTheEdges) {
  const u64 words[] = {0, 1, 2, 3, 0xffffffff, u64{1} << 32, u64{1} << 63, ~u64{0} - 1, ~u64{0}};
  for (const u64 high : words)
    for (const u64 low : words)
      for (const u64 b : words)
        for (const u64 divisor : words) {
          if (divisor == 0) continue;
          ASSERT_TRUE(agrees(static_cast<u128>(high) << 64 | low, b, divisor))
              << high << ' ' << low << ' ' << b << ' ' << divisor;
        }
}

RC_GTEST_PROP(MulDiv, AgreesWithBitArithmetic, ()) {
  const u128 a = static_cast<u128>(*word()) << 64 | *word();
  const u64 divisor = *rc::gen::suchThat(word(), [](u64 x) { return x != 0; });
  RC_ASSERT(agrees(a, *word(), divisor));
}

RC_GTEST_PROP(MulDiv, AlwaysFitsAShareOfTheWhole, ()) {
  const u64 divisor = *rc::gen::suchThat(word(), [](u64 x) { return x != 0; });
  const u64 part = *word() % divisor;
  RC_ASSERT(mul_div(kMaxU128, part, divisor).has_value());
  RC_ASSERT(mul_div(kMaxU128, divisor, divisor)->quotient == kMaxU128);
}

TEST(MulDiv, GivesNothingWhenTheQuotientNeedsMoreThan128Bits) {
  EXPECT_FALSE(mul_div(kMaxU128, 2, 1));
  EXPECT_FALSE(mul_div(u128{1} << 127, 2, 1));
  EXPECT_TRUE(mul_div(kMaxU128, 1, 1));
}

TEST(MulDivDeathTest, StopsAtDivisionByZero) { EXPECT_DEATH(mul_div(1, 1, 0), "division by zero"); }

TEST(Decimal, IsTheDigitsOfANumber) {
  EXPECT_EQ(to_decimal(0), "0");
  EXPECT_EQ(to_decimal(1'500), "1500");
  EXPECT_EQ(to_decimal(kMaxU128), "340282366920938463463374607431768211455");
}

RC_GTEST_PROP(MulDivCeil, IsTheSmallestQuotientThatCovers, ()) {
  const u64 a = *word();
  const u64 b = *word();
  const u64 divisor = *rc::gen::suchThat(word(), [](u64 x) { return x != 0; });
  const u128 up = mul_div_ceil(a, b, divisor);
  const auto down = mul_div(a, b, divisor);
  RC_ASSERT(up == down->quotient + (down->remainder != 0 ? 1 : 0));
}

}  // namespace
}  // namespace moot
