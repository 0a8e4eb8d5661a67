// The arithmetic modulo the group order against Boost's integers of any size.
#include "crypto/scalar.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "tests/unit/crypto/test_keys.hpp"

namespace moot::crypto::kernel {
namespace {

using cpp_int =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;

const cpp_int kN("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
const cpp_int kLambda("0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72");

cpp_int whole(const Scalar& scalar) {
  cpp_int out;
  boost::multiprecision::import_bits(out, scalar.words.begin(), scalar.words.end(), 64, false);
  return out;
}

cpp_int whole(const Half& half) {
  cpp_int out = (cpp_int(half.magnitude[1]) << 64) + half.magnitude[0];
  return half.negative ? cpp_int(-out) : out;
}

std::array<u8, 32> bytes_of(const cpp_int& value) {
  std::array<u8, 32> out{};
  for (std::size_t i = 0; i < out.size(); ++i)
    out[31 - i] = static_cast<u8>((value >> (8 * i) & 255).convert_to<unsigned>());
  return out;
}

Scalar scalar_of(const cpp_int& value) { return scalar_from(bytes_of(value).data()); }

cpp_int modulo(const cpp_int& value) { return (value % kN + kN) % kN; }

// The ends of every range that the arithmetic treats differently, and many that have no pattern.
std::vector<cpp_int> samples() {
  std::vector<cpp_int> out;
  const cpp_int two_256 = cpp_int(1) << 256;
  for (const cpp_int& edge :
       {cpp_int(0), kN, kN / 2, two_256 - kN, kLambda, kN - kLambda, cpp_int(1) << 64, cpp_int(1) << 127,
        cpp_int(1) << 128, cpp_int(1) << 192, cpp_int(1) << 255, two_256 - 1}) {
    for (int step = -2; step <= 2; ++step) {
      const cpp_int value = edge + step;
      if (value >= 0 && value < two_256) out.push_back(value);
    }
  }
  for (const int digit : {0x77, 0x78, 0x80, 0x81, 0x88, 0xff}) {
    cpp_int value = 0;
    for (int i = 0; i < 32; ++i) value = value << 8 | digit;
    out.push_back(value);
  }
  for (u64 i = 0; i < 200; ++i) {
    cpp_int value;
    const Hash hash = test::numbered_hash(i);
    boost::multiprecision::import_bits(value, hash.bytes.begin(), hash.bytes.end());
    out.push_back(value >> (i % 3 == 0 ? i : 0));
  }
  return out;
}

TEST(Scalar, ReadsAnyThirtyTwoBytes) {
  for (const cpp_int& value : samples()) EXPECT_EQ(whole(scalar_of(value)), value % kN) << value;
}

TEST(Scalar, MultipliesAndNegatesAsIntegersDo) {
  const auto values = samples();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Scalar a = scalar_of(values[i]);
    EXPECT_EQ(whole(negate(a)), modulo(-values[i])) << values[i];
    for (const std::size_t j : {i, values.size() - 1 - i, i * 7 % values.size()})
      EXPECT_EQ(whole(multiply(a, scalar_of(values[j]))), values[i] * values[j] % kN)
          << values[i] << " " << values[j];
  }
}

TEST(Scalar, InvertsEachOfMany) {
  std::vector<Scalar> scalars;
  for (const cpp_int& value : samples())
    if (value % kN != 0) scalars.push_back(scalar_of(value));
  const std::vector<Scalar> before = scalars;
  invert_each(scalars);
  for (std::size_t i = 0; i < scalars.size(); ++i)
    EXPECT_EQ(whole(multiply(scalars[i], before[i])), 1) << whole(before[i]);
  invert_each({});
}

TEST(Scalar, SplitsIntoTwoShortHalves) {
  for (const cpp_int& value : samples()) {
    const auto [first, second] = split(scalar_of(value));
    EXPECT_EQ(modulo(whole(first) + whole(second) * kLambda), value % kN) << value;
  }
}

TEST(Scalar, ItsDigitsAddUpAndStayInTheirTables) {
  for (const cpp_int& value : samples()) {
    const Scalar scalar = scalar_of(value);
    for (const Half& half : split(scalar)) {
      cpp_int sum = 0;
      const auto digits = digits_of(half);
      for (std::size_t i = digits.size(); i-- > 0;) {
        EXPECT_LE(std::abs(digits[i]), 8);
        sum = sum * 16 + static_cast<int>(digits[i]);
      }
      EXPECT_EQ(sum, whole(half)) << value;
    }
    cpp_int sum = 0;
    const auto comb = comb_digits_of(scalar);
    for (std::size_t i = comb.size(); i-- > 0;) {
      EXPECT_LE(std::abs(comb[i]), 128);
      sum = sum * 256 + static_cast<int>(comb[i]);
    }
    EXPECT_EQ(modulo(sum), value % kN) << value;
  }
}

}  // namespace
}  // namespace moot::crypto::kernel
