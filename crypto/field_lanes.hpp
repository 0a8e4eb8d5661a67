// Eight elements of secp256k1's field at once, one in each 64-bit lane of AVX-512 registers, by the instructions that
// multiply 52-bit integers (AVX-512 IFMA). For recover_lanes.cpp and group_lanes.hpp alone: every function is for
// processors that have those instructions, and is inlined into a caller that asked whether this one does.
//
// An element is five limbs of 52 bits, least significant first. Every function takes and returns *weak* elements: limbs
// 0 to 3 below 2^52, limb 4 at most 2^48 + 2^10, so the value is a little above 2^256 at most and may be p or more.
// `canonical` gives the one below p. A sum of several terms stays *loose* (limbs of up to 62 bits, none negative) until `weak`
// carries it.
#pragma once

// GCC 12 takes the don't-care operand inside its own intrinsics for a variable that is read too early (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include "base/bytes.hpp"

#define MOOT_IFMA        __attribute__((target("avx512f,avx512ifma")))
#define MOOT_IFMA_INLINE __attribute__((target("avx512f,avx512ifma"), always_inline)) inline

namespace moot::crypto::kernel {

inline constexpr std::size_t kLanes = 8;
inline constexpr std::size_t kLimbs = 5;
// p = 2^256 − kFold, the field's prime (SEC 2, section 2.4.1).
inline constexpr u64 kFold = 0x1000003D1;

struct Field {
  __m512i limb[kLimbs];
};

// Four 64-bit words of each lane, the least significant first: what memory holds.
struct alignas(64) LaneWords {
  u64 word[4][kLanes];
};

MOOT_IFMA_INLINE __m512i every_lane(u64 value) { return _mm512_set1_epi64(static_cast<long long>(value)); }

namespace field {

inline constexpr u64 kLimbMask = (u64{1} << 52) - 1;
inline constexpr u64 kTopMask = (u64{1} << 48) - 1;
inline constexpr u64 kPrime[kLimbs] = {kLimbMask + 1 - kFold, kLimbMask, kLimbMask, kLimbMask, kTopMask};

// Carries limb into limb, up to the fifth.
MOOT_IFMA_INLINE void carry(__m512i (&limb)[kLimbs]) {
#pragma GCC unroll 4
  for (std::size_t i = 0; i + 1 < kLimbs; ++i) {
    limb[i + 1] = _mm512_add_epi64(limb[i + 1], _mm512_srli_epi64(limb[i], 52));
    limb[i] = _mm512_and_si512(limb[i], every_lane(kLimbMask));
  }
}

// What stands at 2^256 and above counts kFold times. A loose element has at most 2^14 of it, so the product fits the low
// half of a multiplication.
MOOT_IFMA_INLINE Field weak(Field loose) {
  const __m512i above = _mm512_srli_epi64(loose.limb[4], 48);
  loose.limb[4] = _mm512_and_si512(loose.limb[4], every_lane(kTopMask));
  loose.limb[0] = _mm512_madd52lo_epu64(loose.limb[0], above, every_lane(kFold));
  carry(loose.limb);
  return loose;
}

// Loose a + b.
MOOT_IFMA_INLINE Field sum(const Field& a, const Field& b) {
  Field out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i) out.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
  return out;
}

// Loose a·2^Bits, of a weak a.
template <unsigned Bits>
MOOT_IFMA_INLINE Field doubled(const Field& a) {
  Field out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i) out.limb[i] = _mm512_slli_epi64(a.limb[i], Bits);
  return out;
}

// Loose a − b + Times·p, where b is at most Times − 1 weak elements. Times·p is taken limb by limb, without carries, so that
// no limb of the difference is negative: Times·(2^52 − 2^33) ≥ (Times − 1)·2^52, and Times·(2^48 − 1) ≥ (Times − 1)·(2^48 + 2^10).
template <u64 Times>
MOOT_IFMA_INLINE Field difference(const Field& a, const Field& b) {
  Field out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i)
    out.limb[i] = _mm512_sub_epi64(_mm512_add_epi64(a.limb[i], every_lane(Times * kPrime[i])), b.limb[i]);
  return out;
}

// Products by column: column k counts 2^(52·k).
struct Wide {
  __m512i column[2 * kLimbs];
};

MOOT_IFMA_INLINE Wide nothing() {
  Wide out;
#pragma GCC unroll 10
  for (__m512i& column : out.column) column = _mm512_setzero_si512();
  return out;
}

MOOT_IFMA_INLINE void add_product(Wide& out, const Field& a, const Field& b) {
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i) {
#pragma GCC unroll 5
    for (std::size_t j = 0; j < kLimbs; ++j) {
      out.column[i + j] = _mm512_madd52lo_epu64(out.column[i + j], a.limb[i], b.limb[j]);
      out.column[i + j + 1] = _mm512_madd52hi_epu64(out.column[i + j + 1], a.limb[i], b.limb[j]);
    }
  }
}

MOOT_IFMA_INLINE Wide square_of(const Field& a) {
  Wide out = nothing();
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i) {
#pragma GCC unroll 5
    for (std::size_t j = i + 1; j < kLimbs; ++j) {
      out.column[i + j] = _mm512_madd52lo_epu64(out.column[i + j], a.limb[i], a.limb[j]);
      out.column[i + j + 1] = _mm512_madd52hi_epu64(out.column[i + j + 1], a.limb[i], a.limb[j]);
    }
  }
#pragma GCC unroll 10
  for (__m512i& column : out.column) column = _mm512_add_epi64(column, column);
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i) {
    out.column[2 * i] = _mm512_madd52lo_epu64(out.column[2 * i], a.limb[i], a.limb[i]);
    out.column[2 * i + 1] = _mm512_madd52hi_epu64(out.column[2 * i + 1], a.limb[i], a.limb[i]);
  }
  return out;
}

// The sum of at most two products, modulo p. Columns are below 2^57 then. The upper five are carried to 52 bits, for
// that is all a multiplication reads, and count 2^260 = 16·kFold times; what that leaves at 2^256 and above, less than
// 2^37, is folded once more.
MOOT_IFMA_INLINE Field reduced(Wide wide) {
  __m512i(&c)[2 * kLimbs] = wide.column;
#pragma GCC unroll 4
  for (std::size_t k = kLimbs; k + 1 < 2 * kLimbs; ++k) {
    c[k + 1] = _mm512_add_epi64(c[k + 1], _mm512_srli_epi64(c[k], 52));
    c[k] = _mm512_and_si512(c[k], every_lane(kLimbMask));
  }
  Field out;
  const __m512i fold = every_lane(16 * kFold);
  out.limb[0] = _mm512_madd52lo_epu64(c[0], c[5], fold);
#pragma GCC unroll 4
  for (std::size_t k = 1; k < kLimbs; ++k)
    out.limb[k] =
        _mm512_madd52hi_epu64(_mm512_madd52lo_epu64(c[k], c[k + kLimbs], fold), c[k + kLimbs - 1], fold);
  const __m512i beyond = _mm512_madd52hi_epu64(_mm512_setzero_si512(), c[9], fold);
  const __m512i above = _mm512_add_epi64(_mm512_srli_epi64(out.limb[4], 48), _mm512_slli_epi64(beyond, 4));
  out.limb[4] = _mm512_and_si512(out.limb[4], every_lane(kTopMask));
  out.limb[0] = _mm512_madd52lo_epu64(out.limb[0], above, every_lane(kFold));
  out.limb[1] = _mm512_madd52hi_epu64(out.limb[1], above, every_lane(kFold));
  carry(out.limb);
  return out;
}

MOOT_IFMA_INLINE Field multiply(const Field& a, const Field& b) {
  Wide wide = nothing();
  add_product(wide, a, b);
  return reduced(wide);
}

// a·b + c·d, with one reduction.
MOOT_IFMA_INLINE Field multiply_two(const Field& a, const Field& b, const Field& c, const Field& d) {
  Wide wide = nothing();
  add_product(wide, a, b);
  add_product(wide, c, d);
  return reduced(wide);
}

MOOT_IFMA_INLINE Field square(const Field& a) { return reduced(square_of(a)); }

MOOT_IFMA_INLINE Field negated(const Field& a) {
  Field zero;
  for (__m512i& limb : zero.limb) limb = _mm512_setzero_si512();
  return weak(difference<2>(zero, a));
}

// a where the lane's bit is set, else b.
MOOT_IFMA_INLINE Field chosen(__mmask8 lanes, const Field& a, const Field& b) {
  Field out;
#pragma GCC unroll 5
  for (std::size_t i = 0; i < kLimbs; ++i) out.limb[i] = _mm512_mask_mov_epi64(b.limb[i], lanes, a.limb[i]);
  return out;
}

// The value below p. After `weak` it is below 2^256 + 2^37 at most, and p is only just below 2^256: adding kFold tells by
// the bit at 2^256 whether p is to be taken off, and has then taken it off.
MOOT_IFMA_INLINE Field canonical(const Field& a) {
  const Field below = weak(a);
  Field reduced_once = below;
  reduced_once.limb[0] = _mm512_add_epi64(reduced_once.limb[0], every_lane(kFold));
  carry(reduced_once.limb);
  const __mmask8 at_least_p = _mm512_cmpgt_epu64_mask(reduced_once.limb[4], every_lane(kTopMask));
  reduced_once.limb[4] = _mm512_and_si512(reduced_once.limb[4], every_lane(kTopMask));
  return chosen(at_least_p, reduced_once, below);
}

// The lanes in which a canonical element is zero.
MOOT_IFMA_INLINE __mmask8 zero_lanes(const Field& a) {
  __m512i any = a.limb[0];
#pragma GCC unroll 4
  for (std::size_t i = 1; i < kLimbs; ++i) any = _mm512_or_si512(any, a.limb[i]);
  return _mm512_testn_epi64_mask(any, any);
}

// The lanes in which a = b modulo p.
MOOT_IFMA_INLINE __mmask8 equal_lanes(const Field& a, const Field& b) {
  return zero_lanes(canonical(weak(difference<2>(a, b))));
}

MOOT_IFMA_INLINE Field from_words(const __m512i (&word)[4]) {
  const __m512i mask = every_lane(kLimbMask);
  Field out;
  out.limb[0] = _mm512_and_si512(word[0], mask);
#pragma GCC unroll 3
  for (unsigned i = 1; i < 4; ++i)
    out.limb[i] = _mm512_and_si512(
        _mm512_or_si512(_mm512_srli_epi64(word[i - 1], 64 - 12 * i), _mm512_slli_epi64(word[i], 12 * i)),
        mask);
  out.limb[4] = _mm512_srli_epi64(word[3], 16);
  return out;
}

MOOT_IFMA_INLINE Field load(const LaneWords& words) {
  __m512i word[4];
#pragma GCC unroll 4
  for (std::size_t w = 0; w < 4; ++w) word[w] = _mm512_load_si512(words.word[w]);
  return from_words(word);
}

// Of a canonical element.
MOOT_IFMA_INLINE void store(const Field& a, LaneWords& out) {
#pragma GCC unroll 4
  for (unsigned w = 0; w < 4; ++w)
    _mm512_store_si512(out.word[w], _mm512_or_si512(_mm512_srli_epi64(a.limb[w], 12 * w),
                                                    _mm512_slli_epi64(a.limb[w + 1], 52 - 12 * w)));
}

// The same value in every lane.
MOOT_IFMA_INLINE Field constant(const u64 (&words)[4]) {
  __m512i word[4];
#pragma GCC unroll 4
  for (std::size_t w = 0; w < 4; ++w) word[w] = every_lane(words[w]);
  return from_words(word);
}

}  // namespace field
}  // namespace moot::crypto::kernel
