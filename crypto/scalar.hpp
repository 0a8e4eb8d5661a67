// Integers modulo the order n of secp256k1's group, as far as recovering many keys at once needs them
// (recover_kernel.hpp); libsecp256k1 does not show its own. For public values only: the time taken depends on them.
// Internal to crypto/ and its tests.
#pragma once

#include <array>
#include <span>

#include "base/bytes.hpp"

namespace moot::crypto::kernel {

// Below n; the least significant word first.
struct Scalar {
  std::array<u64, 4> words{};

  friend bool operator==(const Scalar&, const Scalar&) = default;
};

// 32 bytes, big-endian, of any value: reduced modulo n.
Scalar scalar_from(const u8* bytes);
Scalar multiply(const Scalar& a, const Scalar& b);
// 0 for 0.
Scalar negate(const Scalar& a);
// Each replaced by its inverse, for the price of one inversion (Montgomery's trick). None may be 0.
void invert_each(std::span<Scalar> scalars);

// Half of a scalar, with its sign apart.
struct Half {
  std::array<u64, 2> magnitude{};
  bool negative = false;
};

// k = first + second·λ (mod n) with |first|, |second| < 2^128, where λ is the eigenvalue of the curve's endomorphism
// (x, y) → (β·x, y). Gallant, Lambert, Vanstone, "Faster point multiplication on elliptic curves with efficient
// endomorphisms", CRYPTO 2001; Hankerson, Menezes, Vanstone, "Guide to Elliptic Curve Cryptography", algorithm 3.74.
std::array<Half, 2> split(const Scalar& k);

inline constexpr std::size_t kHalfDigits = 33;
// magnitude = Σ digit[i]·16^i, each digit from −8 to 8, signs as the half has them.
std::array<std::int8_t, kHalfDigits> digits_of(const Half& half);

inline constexpr std::size_t kCombDigits = 32;
// k = Σ digit[i]·256^i (mod n), each digit from −128 to 128.
std::array<std::int16_t, kCombDigits> comb_digits_of(const Scalar& k);

}  // namespace moot::crypto::kernel
