#include "crypto/scalar.hpp"

#include <algorithm>
#include <vector>

#include "base/check.hpp"

namespace moot::crypto::kernel {
namespace {

template <std::size_t N>
using Words = std::array<u64, N>;

// SEC 2, section 2.4.1; and 2^256 − n.
constexpr Words<4> kOrder = {0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff};
constexpr Words<3> kComplement = {0x402da1732fc9bebf, 0x4551231950b75fc4, 1};

// A short basis of the lattice of (x, y) with x + y·λ = 0 (mod n): (a1, b1) and (a2, b2), b1 negative, b2 = a1.
constexpr Words<2> kA1 = {0xe86c90e49284eb15, 0x3086d221a7d46bcd};
constexpr Words<2> kMinusB1 = {0x6f547fa90abfe4c3, 0xe4437ed6010e8828};
constexpr Words<3> kA2 = {0x57c1108d9d44cfd8, 0x14ca50f7a8e2f3f6, 1};
// 2^384·b2 / n and 2^384·(−b1) / n, to the nearest integer.
constexpr Words<4> kG1 = {0xe893209a45dbb031, 0x3daa8a1471e8ca7f, 0xe86c90e49284eb15, 0x3086d221a7d46bcd};
constexpr Words<4> kG2 = {0x1571b4ae8ac47f71, 0x221208ac9df506c6, 0x6f547fa90abfe4c4, 0xe4437ed6010e8828};

// out += a·b, from word `at` on; what passes the last word is lost.
template <std::size_t N, std::size_t B>
void add_row(Words<N>& out, u64 a, const Words<B>& b, std::size_t at) {
  u64 carry = 0;
  for (std::size_t j = 0; j < B && at + j < N; ++j) {
    const u128 sum = static_cast<u128>(a) * b[j] + out[at + j] + carry;
    out[at + j] = static_cast<u64>(sum);
    carry = static_cast<u64>(sum >> 64);
  }
  for (std::size_t k = at + B; k < N && carry != 0; ++k) {
    out[k] += carry;
    carry = out[k] < carry ? 1 : 0;
  }
}

template <std::size_t N, std::size_t A, std::size_t B>
Words<N> product(const Words<A>& a, const Words<B>& b) {
  Words<N> out{};
#pragma GCC unroll 4
  for (std::size_t i = 0; i < A; ++i) add_row(out, a[i], b, i);
  return out;
}

// a − b modulo 2^(64·N); true when b was greater.
template <std::size_t N>
bool subtract(Words<N>& a, const Words<N>& b) {
  u64 borrow = 0;
  for (std::size_t i = 0; i < N; ++i) {
    const u128 difference = static_cast<u128>(a[i]) - b[i] - borrow;
    a[i] = static_cast<u64>(difference);
    borrow = static_cast<u64>(difference >> 64) & 1;
  }
  return borrow != 0;
}

bool less(const Words<4>& a, const Words<4>& b) {
  return std::lexicographical_compare(a.rbegin(), a.rend(), b.rbegin(), b.rend());
}

// 2^256 is kComplement modulo n: what stands above is folded down until nothing does.
Scalar reduce(Words<8> wide) {
  while ((wide[4] | wide[5] | wide[6] | wide[7]) != 0) {
    Words<8> folded{wide[0], wide[1], wide[2], wide[3]};
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i)
      if (wide[4 + i] != 0) add_row(folded, wide[4 + i], kComplement, i);
    wide = folded;
  }
  Scalar out{{wide[0], wide[1], wide[2], wide[3]}};
  if (!less(out.words, kOrder)) subtract(out.words, kOrder);
  return out;
}

constexpr Scalar kOne{{1, 0, 0, 0}};

// a^(n − 2), four bits of the exponent at a time (Fermat).
Scalar inverse(const Scalar& a) {
  std::array<Scalar, 16> power;
  power[0] = kOne;
  for (std::size_t i = 1; i < power.size(); ++i) power[i] = multiply(power[i - 1], a);
  Words<4> exponent = kOrder;
  exponent[0] -= 2;
  Scalar out = kOne;
  for (int bit = 252; bit >= 0; bit -= 4) {
    for (int i = 0; i < 4; ++i) out = multiply(out, out);
    out = multiply(out, power[exponent[static_cast<std::size_t>(bit) / 64] >> (bit % 64) & 15]);
  }
  return out;
}

// k·g / 2^384, to the nearest integer: below 2^128.
Words<2> scaled(const Scalar& k, const Words<4>& g) {
  Words<8> wide = product<8>(k.words, g);
  add_row(wide, 1, Words<1>{u64{1} << 63}, 5);
  return {wide[6], wide[7]};
}

Half half_from(Words<3> value) {
  const bool negative = value[2] >> 63 != 0;
  if (negative) {
    const Words<3> was = value;
    value = {};
    subtract(value, was);
  }
  MOOT_CHECK(value[2] == 0, "half of a scalar has 128 bits");
  return {.magnitude = {value[0], value[1]}, .negative = negative};
}

}  // namespace

Scalar scalar_from(const u8* bytes) {
  Scalar out;
  for (std::size_t i = 0; i < 32; ++i) out.words[3 - i / 8] = out.words[3 - i / 8] << 8 | bytes[i];
  if (!less(out.words, kOrder)) subtract(out.words, kOrder);
  return out;
}

Scalar multiply(const Scalar& a, const Scalar& b) { return reduce(product<8>(a.words, b.words)); }

Scalar negate(const Scalar& a) {
  if (a == Scalar{}) return a;
  Scalar out{kOrder};
  subtract(out.words, a.words);
  return out;
}

void invert_each(std::span<Scalar> scalars) {
  std::vector<Scalar> before(scalars.size());  // the product of all that stand before
  Scalar all = kOne;
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    MOOT_CHECK(scalars[i] != Scalar{}, "zero has no inverse");
    before[i] = all;
    all = multiply(all, scalars[i]);
  }
  Scalar rest = inverse(all);
  for (std::size_t i = scalars.size(); i-- > 0;) {
    const Scalar inverted = multiply(rest, before[i]);
    rest = multiply(rest, scalars[i]);
    scalars[i] = inverted;
  }
}

std::array<Half, 2> split(const Scalar& k) {
  const Words<2> c1 = scaled(k, kG1);
  const Words<2> c2 = scaled(k, kG2);
  // first = k − c1·a1 − c2·a2 and second = −c1·b1 − c2·b2. Both are short, so 192 bits of either tell them whole.
  Words<3> first = {k.words[0], k.words[1], k.words[2]};
  subtract(first, product<3>(c1, kA1));
  subtract(first, product<3>(c2, kA2));
  Words<3> second = product<3>(c1, kMinusB1);
  subtract(second, product<3>(c2, kA1));
  return {half_from(first), half_from(second)};
}

std::array<std::int8_t, kHalfDigits> digits_of(const Half& half) {
  std::array<std::int8_t, kHalfDigits> out{};
  int carry = 0;
  for (std::size_t i = 0; i + 1 < kHalfDigits; ++i) {
    const int digit = static_cast<int>(half.magnitude[i / 16] >> (i % 16 * 4) & 15) + carry;
    carry = digit >= 8 ? 1 : 0;
    out[i] = static_cast<std::int8_t>(digit - 16 * carry);
  }
  out.back() = static_cast<std::int8_t>(carry);
  if (half.negative)
    for (std::int8_t& digit : out) digit = static_cast<std::int8_t>(-digit);
  return out;
}

std::array<std::int16_t, kCombDigits> comb_digits_of(const Scalar& k) {
  // k or n − k, whichever is below 2^255, so that no carry leaves the last digit.
  const bool negative = k.words[3] >> 63 != 0;
  const Scalar magnitude = negative ? negate(k) : k;
  std::array<std::int16_t, kCombDigits> out{};
  int carry = 0;
  for (std::size_t i = 0; i < kCombDigits; ++i) {
    const int digit = static_cast<int>(magnitude.words[i / 8] >> (i % 8 * 8) & 255) + carry;
    carry = digit > 128 ? 1 : 0;
    out[i] = static_cast<std::int16_t>(negative ? 256 * carry - digit : digit - 256 * carry);
  }
  return out;
}

}  // namespace moot::crypto::kernel
