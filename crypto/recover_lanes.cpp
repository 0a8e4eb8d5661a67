// Recovery of eight keys at once: for a signature (r, s, recid) of the digest d, the key is Q = u1·G + u2·R, where R is the
// point with x = r whose y has the parity recid, u1 = −d/r and u2 = s/r modulo n (SEC 1, section 4.1.6).
//
//   1  scalars, one after the other: 1/r for all at once, u1, u2; u2 = k1 + k2·λ in two halves of 128 bits
//   2  R from x, by a square root; its multiples 1…8, and those of λR, brought to one z
//   3  128 doublings with two additions every four: k1·R + k2·λR. The sum begins at a point B nobody chose, so that
//      it is never the point at infinity, and 2^128·B is taken off again
//   4  32 additions from a table: u1·G, no doubling
//   5  1/z for up to eight groups at once, x and y, and whether they are on the curve
//
// All lanes do the same work whatever their values; a digit 0 adds nothing, by a mask. A lane in which a sum met one of the
// cases it cannot do ends with z = 0 (group_lanes.hpp) and is left to the library.
#include "crypto/recover_kernel.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <secp256k1.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

#include "base/check.hpp"
#include "crypto/context.hpp"
#include "crypto/group_lanes.hpp"
#include "crypto/scalar.hpp"

namespace moot::crypto::kernel {
namespace {

constexpr std::size_t kGroups = 8;  // of kLanes, that share an inversion
constexpr std::size_t kWindow = 8;  // multiples of R
constexpr std::size_t kCombEntries = 128;

constexpr u64 kOneWords[4] = {1, 0, 0, 0};
constexpr u64 kSevenWords[4] = {7, 0, 0, 0};
// A cube root of one in the field: (β·x, y) = λ·(x, y).
constexpr u64 kBetaWords[4] = {0xc1396c28719501ee, 0x9cf0497512f58995, 0x6e64479eac3434e9,
                               0x7ae96a2b657c0710};

// x and y of a point, least significant word first: one line of the cache.
struct alignas(64) PointWords {
  u64 x[4];
  u64 y[4];
};

u64 word_at(const u8* big_endian) {
  u64 word = 0;
  std::memcpy(&word, big_endian, sizeof word);
  return std::byteswap(word);
}

void put_word(u64 word, u8* big_endian) {
  word = std::byteswap(word);
  std::memcpy(big_endian, &word, sizeof word);
}

// k·G by the library, for constants.
PointWords generator_times(const std::array<u8, 32>& k) {
  secp256k1_pubkey key;
  MOOT_CHECK(secp256k1_ec_pubkey_create(context(), &key, k.data()) == 1,
             "the scalar is one below n, and not zero");
  std::array<u8, 65> bytes;
  std::size_t size = bytes.size();
  secp256k1_ec_pubkey_serialize(context(), bytes.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
  PointWords out;
  for (std::size_t w = 0; w < 4; ++w) {
    out.x[w] = word_at(bytes.data() + 1 + 8 * (3 - w));
    out.y[w] = word_at(bytes.data() + 33 + 8 * (3 - w));
  }
  return out;
}

MOOT_IFMA_INLINE AffinePoint every_lane_point(const PointWords& point) {
  return {.x = field::constant(point.x), .y = field::constant(point.y)};
}

MOOT_IFMA_INLINE Field squared_times(Field a, int times) {
  for (int i = 0; i < times; ++i) a = field::square(a);
  return a;
}

// a^(2^223 − 1), and the runs of ones on the way there that the exponents below end with.
struct Runs {
  Field ones2;
  Field ones22;
  Field ones223;
};
MOOT_IFMA Runs runs_of(const Field& a) {
  using field::multiply;
  Runs out;
  out.ones2 = multiply(field::square(a), a);
  const Field ones3 = multiply(field::square(out.ones2), a);
  const Field ones6 = multiply(squared_times(ones3, 3), ones3);
  const Field ones9 = multiply(squared_times(ones6, 3), ones3);
  const Field ones11 = multiply(squared_times(ones9, 2), out.ones2);
  out.ones22 = multiply(squared_times(ones11, 11), ones11);
  const Field ones44 = multiply(squared_times(out.ones22, 22), out.ones22);
  const Field ones88 = multiply(squared_times(ones44, 44), ones44);
  const Field ones176 = multiply(squared_times(ones88, 88), ones88);
  const Field ones220 = multiply(squared_times(ones176, 44), ones44);
  out.ones223 = multiply(squared_times(ones220, 3), ones3);
  return out;
}

// a^(p − 2): 223 ones, 0, 22 ones, 0000101101. 0 for 0.
MOOT_IFMA Field inverse(const Field& a) {
  const Runs runs = runs_of(a);
  Field out = field::multiply(squared_times(runs.ones223, 23), runs.ones22);
  out = field::multiply(squared_times(out, 5), a);
  out = field::multiply(squared_times(out, 3), runs.ones2);
  return field::multiply(squared_times(out, 2), a);
}

// a^((p + 1) / 4): 223 ones, 0, 22 ones, 00001100. A root when there is one, since p = 3 (mod 4).
MOOT_IFMA Field root(const Field& a) {
  const Runs runs = runs_of(a);
  Field out = field::multiply(squared_times(runs.ones223, 23), runs.ones22);
  out = field::multiply(squared_times(out, 6), runs.ones2);
  return squared_times(out, 2);
}

// Each z replaced by its inverse with one inversion; where one is 0 it stays 0, and the lane's others are right.
MOOT_IFMA void invert_each_z(JacobianPoint* points, std::size_t count) {
  Field before[kCombEntries];
  __mmask8 zero[kCombEntries];
  Field all = field::constant(kOneWords);
  for (std::size_t i = 0; i < count; ++i) {
    zero[i] = field::zero_lanes(field::canonical(points[i].z));
    points[i].z = field::chosen(zero[i], field::constant(kOneWords), points[i].z);
    before[i] = all;
    all = field::multiply(all, points[i].z);
  }
  Field rest = inverse(all);
  for (std::size_t i = count; i-- > 0;) {
    const Field inverted = field::multiply(rest, before[i]);
    rest = field::multiply(rest, points[i].z);
    points[i].z = inverted;
    for (__m512i& limb : points[i].z.limb)
      limb = _mm512_mask_mov_epi64(limb, zero[i], _mm512_setzero_si512());
  }
}

// Of a point whose z has been inverted.
MOOT_IFMA_INLINE AffinePoint canonical_point(const JacobianPoint& p) {
  const Field zz = field::square(p.z);
  return {.x = field::canonical(field::multiply(p.x, zz)),
          .y = field::canonical(field::multiply(p.y, field::multiply(zz, p.z)))};
}

MOOT_IFMA_INLINE Field right_side(const Field& x) {
  return field::weak(field::sum(field::multiply(field::square(x), x), field::constant(kSevenWords)));
}

// digit·256^row·G, and the point that sums begin at.
struct Constants {
  PointWords comb[kCombDigits][kCombEntries];  // digits from 1 on
  PointWords begin;                            // B
  PointWords minus_begun;                      // −2^128·B
};

// Eight rows of the table, from their first entries.
MOOT_IFMA void fill_rows(Constants& constants, std::size_t first_row) {
  LaneWords x;
  LaneWords y;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    std::array<u8, 32> power{};
    power[31 - (first_row + lane)] = 1;
    const PointWords base = generator_times(power);
    for (std::size_t w = 0; w < 4; ++w) {
      x.word[w][lane] = base.x[w];
      y.word[w][lane] = base.y[w];
    }
  }
  const AffinePoint base = {.x = field::load(x), .y = field::load(y)};
  const auto multiples = std::make_unique<std::array<JacobianPoint, kCombEntries>>();
  (*multiples)[0] = {.x = base.x, .y = base.y, .z = field::constant(kOneWords)};
  (*multiples)[1] = group::twice((*multiples)[0]);
  for (std::size_t i = 2; i < kCombEntries; ++i)
    (*multiples)[i] = group::plus((*multiples)[i - 1], base).point;
  invert_each_z(multiples->data(), kCombEntries);
  for (std::size_t i = 0; i < kCombEntries; ++i) {
    const AffinePoint point = canonical_point((*multiples)[i]);
    field::store(point.x, x);
    field::store(point.y, y);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      PointWords& entry = constants.comb[first_row + lane][i];
      for (std::size_t w = 0; w < 4; ++w) {
        entry.x[w] = x.word[w][lane];
        entry.y[w] = y.word[w][lane];
      }
    }
  }
}

// B is a multiple of G by a constant without structure: the fraction of the golden ratio.
constexpr std::array<u8, 32> kBegin = {0x9e, 0x37, 0x79, 0xb9, 0x7f, 0x4a, 0x7c, 0x15, 0xf3, 0x9c, 0xc0,
                                       0x60, 0x5c, 0xed, 0xc8, 0x34, 0x10, 0x82, 0x27, 0x6b, 0xf3, 0xa2,
                                       0x72, 0x51, 0xf8, 0x6c, 0x6a, 0x11, 0xd0, 0xc1, 0x8e, 0x95};

std::unique_ptr<Constants> make_constants() {
  auto out = std::make_unique<Constants>();
  for (std::size_t row = 0; row < kCombDigits; row += kLanes) fill_rows(*out, row);
  out->begin = generator_times(kBegin);
  const Scalar begun = negate(multiply(scalar_from(kBegin.data()), Scalar{{0, 0, 1, 0}}));
  std::array<u8, 32> bytes;
  for (std::size_t w = 0; w < 4; ++w) put_word(begun.words[w], bytes.data() + 8 * (3 - w));
  out->minus_begun = generator_times(bytes);
  return out;
}

// Made when first asked for, in less than a millisecond; 256 KiB.
const Constants& constants() {
  static const std::unique_ptr<Constants> made = make_constants();
  return *made;
}

// What the digits of one group's scalars ask for, digit by digit, the lanes side by side.
struct GroupDigits {
  std::int8_t half[2][kHalfDigits][kLanes];
  std::int16_t comb[kCombDigits][kLanes];
};

struct Digits {
  __mmask8 some;      // not 0
  __mmask8 negative;  // below 0
  __m512i index;      // magnitude less one, where some
};
MOOT_IFMA_INLINE Digits digits_from(__m512i digit) {
  const __m512i zero = _mm512_setzero_si512();
  return {.some = _mm512_test_epi64_mask(digit, digit),
          .negative = _mm512_cmplt_epi64_mask(digit, zero),
          .index = _mm512_sub_epi64(_mm512_abs_epi64(digit), every_lane(1))};
}
MOOT_IFMA_INLINE Digits digits_from(const std::int8_t (&digit)[kLanes]) {
  return digits_from(_mm512_cvtepi8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(digit))));
}
MOOT_IFMA_INLINE Digits digits_from(const std::int16_t (&digit)[kLanes]) {
  return digits_from(_mm512_cvtepi16_epi64(_mm_loadu_si128(reinterpret_cast<const __m128i*>(digit))));
}

MOOT_IFMA_INLINE __m512i gathered(__mmask8 lanes, __m512i index, const u64* from) {
  return _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), lanes, index, from, 8);
}

MOOT_IFMA_INLINE AffinePoint signed_point(const Digits& digits, const AffinePoint& point) {
  return {.x = point.x, .y = field::chosen(digits.negative, field::negated(point.y), point.y)};
}

// The multiples 1 to 8 of a point and of its λ-fold, as affine points of the isomorphic curve on which all have the same z.
class Multiples {
 public:
  MOOT_IFMA explicit Multiples(const AffinePoint& point) {
    JacobianPoint multiple[kWindow];
    Field ratio[kWindow];  // z of the multiple over z of the one before
    multiple[0] = {.x = point.x, .y = point.y, .z = field::constant(kOneWords)};
    multiple[1] = group::twice(multiple[0]);
    ratio[1] = multiple[1].z;
    for (std::size_t i = 2; i < kWindow; ++i) {
      const group::Sum next = group::plus(multiple[i - 1], point);
      multiple[i] = next.point;
      ratio[i] = next.ratio;
    }
    z_ = multiple[kWindow - 1].z;
    Field up_to_last = field::constant(kOneWords);
    for (std::size_t i = kWindow; i-- > 0;) {
      const Field square = field::square(up_to_last);
      entry_[i].x = field::multiply(multiple[i].x, square);
      entry_[i].y = field::multiply(multiple[i].y, field::multiply(square, up_to_last));
      entry_[i].beta_x = field::multiply(entry_[i].x, field::constant(kBetaWords));
      if (i != 0) up_to_last = field::multiply(up_to_last, ratio[i]);
    }
  }

  [[nodiscard]] const Field& z() const { return z_; }

  // Half 0 is the point's own, half 1 the λ-fold's.
  template <std::size_t Half>
  MOOT_IFMA_INLINE AffinePoint at(const Digits& digits) const {
    constexpr std::size_t kEntryWords = sizeof(Entry) / sizeof(u64);
    constexpr std::size_t kFieldWords = sizeof(Field) / sizeof(u64);
    const __m512i lane = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    // kEntryWords is 15·8, so that a multiplication by it is two shifts.
    static_assert(kEntryWords == 120 && kFieldWords == 40);
    const __m512i start = _mm512_add_epi64(
        lane, _mm512_sub_epi64(_mm512_slli_epi64(digits.index, 7), _mm512_slli_epi64(digits.index, 3)));
    const u64* const words = reinterpret_cast<const u64*>(entry_);
    AffinePoint out;
#pragma GCC unroll 5
    for (std::size_t i = 0; i < kLimbs; ++i) {
      out.x.limb[i] = gathered(digits.some, start, words + Half * kFieldWords + i * kLanes);
      out.y.limb[i] = gathered(digits.some, start, words + 2 * kFieldWords + i * kLanes);
    }
    return signed_point(digits, out);
  }

 private:
  struct Entry {
    Field x;
    Field beta_x;
    Field y;
  };
  Entry entry_[kWindow];
  Field z_;
};

MOOT_IFMA_INLINE AffinePoint comb_point(const Digits& digits, const PointWords* row) {
  const __m512i start = _mm512_slli_epi64(digits.index, 3);
  __m512i x[4];
  __m512i y[4];
#pragma GCC unroll 4
  for (std::size_t w = 0; w < 4; ++w) {
    x[w] = gathered(digits.some, start, row->x + w);
    y[w] = gathered(digits.some, start, row->y + w);
  }
  return signed_point(digits, {.x = field::from_words(x), .y = field::from_words(y)});
}

// The points with these x coordinates whose y has the parity asked for; G's multiple B in the lanes where there is none.
struct Decompressed {
  AffinePoint point;
  __mmask8 found;
};
MOOT_IFMA Decompressed decompressed(const LaneWords& x_words, __mmask8 odd, const Constants& constants) {
  const Field x = field::load(x_words);
  const Field square = right_side(x);
  const Field y = field::canonical(root(square));
  const __mmask8 found = field::equal_lanes(field::square(y), square);
  const __mmask8 is_odd = _mm512_test_epi64_mask(y.limb[0], every_lane(1));
  const Field signed_y = field::chosen(static_cast<__mmask8>(is_odd ^ odd), field::negated(y), y);
  const AffinePoint begin = every_lane_point(constants.begin);
  return {.point = {.x = field::chosen(found, x, begin.x), .y = field::chosen(found, signed_y, begin.y)},
          .found = found};
}

// u1·G + u2·R.
MOOT_IFMA JacobianPoint combined(const AffinePoint& r, const GroupDigits& digits,
                                 const Constants& constants) {
  const Multiples multiples(r);
  // B on the isomorphic curve.
  const AffinePoint begin = every_lane_point(constants.begin);
  const Field zz = field::square(multiples.z());
  JacobianPoint out = {.x = field::multiply(begin.x, zz),
                       .y = field::multiply(begin.y, field::multiply(zz, multiples.z())),
                       .z = field::constant(kOneWords)};
  for (std::size_t i = kHalfDigits; i-- > 0;) {
    const Digits first = digits_from(digits.half[0][i]);
    group::add(first.some, out, multiples.at<0>(first));
    const Digits second = digits_from(digits.half[1][i]);
    group::add(second.some, out, multiples.at<1>(second));
    if (i == 0) break;
    for (int doubling = 0; doubling < 4; ++doubling) out = group::twice(out);
  }
  out.z = field::multiply(out.z, multiples.z());  // back on the curve itself
  for (std::size_t row = 0; row < kCombDigits; ++row) {
    const Digits comb = digits_from(digits.comb[row]);
    group::add(comb.some, out, comb_point(comb, constants.comb[row]));
  }
  group::add(0xff, out, every_lane_point(constants.minus_begun));
  return out;
}

// Up to kLanes signatures, as the lanes take them. Lanes without one repeat the first.
struct Group {
  LaneWords x;
  __mmask8 odd = 0;
  GroupDigits digits;
};

void set_lane(Group& group, std::size_t lane, const Signature& signature, const Scalar& u1,
              const Scalar& u2) {
  for (std::size_t w = 0; w < 4; ++w) group.x.word[w][lane] = word_at(signature.bytes.data() + 8 * (3 - w));
  if (signature.bytes.back() == 1) group.odd = static_cast<__mmask8>(group.odd | 1U << lane);
  const std::array<Half, 2> halves = split(u2);
  for (std::size_t h = 0; h < 2; ++h) {
    const auto digits = digits_of(halves[h]);
    for (std::size_t i = 0; i < kHalfDigits; ++i) group.digits.half[h][i][lane] = digits[i];
  }
  const auto comb = comb_digits_of(u1);
  for (std::size_t i = 0; i < kCombDigits; ++i) group.digits.comb[i][lane] = comb[i];
}

MOOT_IFMA void write(const JacobianPoint& inverted, __mmask8 found, std::span<RecoveredPoint> out) {
  const AffinePoint point = canonical_point(inverted);
  const __mmask8 finite = static_cast<__mmask8>(~field::zero_lanes(field::canonical(inverted.z)));
  const __mmask8 on_curve = field::equal_lanes(field::square(point.y), right_side(point.x));
  LaneWords x;
  LaneWords y;
  field::store(point.x, x);
  field::store(point.y, y);
  for (std::size_t lane = 0; lane < out.size(); ++lane) {
    out[lane].found = (found & finite & on_curve) >> lane & 1;
    for (std::size_t w = 0; w < 4; ++w) {
      put_word(x.word[w][lane], out[lane].bytes.data() + 8 * (3 - w));
      put_word(y.word[w][lane], out[lane].bytes.data() + 32 + 8 * (3 - w));
    }
  }
}

// At most kGroups · kLanes.
MOOT_IFMA void recover_some(std::span<const RecoverJob> jobs, std::span<RecoveredPoint> out) {
  std::array<Scalar, kGroups * kLanes> inverted_r;
  for (std::size_t i = 0; i < jobs.size(); ++i) inverted_r[i] = scalar_from(jobs[i].signature->bytes.data());
  invert_each(std::span(inverted_r).first(jobs.size()));
  const Constants& known = constants();
  JacobianPoint points[kGroups];
  __mmask8 found[kGroups];
  const std::size_t groups = (jobs.size() + kLanes - 1) / kLanes;
  for (std::size_t g = 0; g < groups; ++g) {
    Group group;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t i = g * kLanes + lane < jobs.size() ? g * kLanes + lane : g * kLanes;
      const Scalar u1 = negate(multiply(scalar_from(jobs[i].digest->bytes.data()), inverted_r[i]));
      const Scalar u2 = multiply(scalar_from(jobs[i].signature->bytes.data() + 32), inverted_r[i]);
      set_lane(group, lane, *jobs[i].signature, u1, u2);
    }
    const Decompressed r = decompressed(group.x, group.odd, known);
    found[g] = r.found;
    points[g] = combined(r.point, group.digits, known);
  }
  invert_each_z(points, groups);
  for (std::size_t g = 0; g < groups; ++g)
    write(points[g], found[g], out.subspan(g * kLanes, std::min(kLanes, jobs.size() - g * kLanes)));
}

void recover_lanes(std::span<const RecoverJob> jobs, std::span<RecoveredPoint> out) {
  MOOT_CHECK(jobs.size() == out.size(), "a place for each key");
  constexpr std::size_t kAtOnce = kGroups * kLanes;
  for (std::size_t at = 0; at < jobs.size(); at += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, jobs.size() - at);
    recover_some(jobs.subspan(at, count), out.subspan(at, count));
  }
}

}  // namespace

Recover recover_ifma() {
  static const bool present =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512ifma") != 0;
  return present ? recover_lanes : nullptr;
}

PointBytes comb_entry(std::size_t row, std::size_t digit) {
  MOOT_CHECK(recover_ifma() != nullptr, "there is no table without the instructions that use it");
  const PointWords& entry = constants().comb[row][digit - 1];
  PointBytes out;
  for (std::size_t w = 0; w < 4; ++w) {
    put_word(entry.x[w], out.data() + 8 * (3 - w));
    put_word(entry.y[w], out.data() + 32 + 8 * (3 - w));
  }
  return out;
}

}  // namespace moot::crypto::kernel

#else

namespace moot::crypto::kernel {

Recover recover_ifma() { return nullptr; }
PointBytes comb_entry(std::size_t, std::size_t) { return {}; }

}  // namespace moot::crypto::kernel

#endif
