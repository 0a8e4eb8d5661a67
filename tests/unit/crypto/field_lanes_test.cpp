// The field's arithmetic in eight lanes against Boost's integers of any size, at the largest limbs that weak elements may have:
// where a carry that is lost, or a bound that is wrong, would show.
#if defined(__x86_64__)

#include "crypto/field_lanes.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include <vector>

#include "base/random.hpp"
#include "crypto/recover_kernel.hpp"

namespace moot::crypto::kernel {
namespace {

using Integer =
    boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;

const Integer kP("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");

constexpr u64 kLargestLimb = (u64{1} << 52) - 1;
constexpr u64 kLargestTop = (u64{1} << 48) + (u64{1} << 10);

using Limbs = std::array<u64, kLimbs>;

Integer whole(const Limbs& limbs) {
  Integer out = 0;
  for (std::size_t i = kLimbs; i-- > 0;) out = (out << 52) + limbs[i];
  return out;
}

// Eight elements, as memory holds them.
struct alignas(64) Stored {
  u64 limb[kLimbs][kLanes];

  [[nodiscard]] Limbs at(std::size_t lane) const {
    Limbs out;
    for (std::size_t i = 0; i < kLimbs; ++i) out[i] = limb[i][lane];
    return out;
  }
};

MOOT_IFMA_INLINE Field loaded(const Stored& stored) {
  Field out;
  for (std::size_t i = 0; i < kLimbs; ++i) out.limb[i] = _mm512_load_si512(stored.limb[i]);
  return out;
}
MOOT_IFMA_INLINE void keep(const Field& field, Stored& out) {
  for (std::size_t i = 0; i < kLimbs; ++i) _mm512_store_si512(out.limb[i], field.limb[i]);
}

struct Results {
  Stored product, square, two_products, sum, difference, nine, negated, canonical;
  u8 equal;
};

MOOT_IFMA void compute(const Stored& first, const Stored& second, Results& out) {
  const Field a = loaded(first);
  const Field b = loaded(second);
  keep(field::multiply(a, b), out.product);
  keep(field::square(a), out.square);
  keep(field::multiply_two(a, b, b, b), out.two_products);
  keep(field::weak(field::sum(a, field::doubled<3>(b))), out.sum);
  keep(field::weak(field::difference<2>(a, b)), out.difference);
  keep(field::weak(field::difference<9>(a, field::doubled<3>(b))), out.nine);
  keep(field::negated(a), out.negated);
  keep(field::canonical(a), out.canonical);
  out.equal = field::equal_lanes(a, b);
}

// Limbs at their ends, and in between; p itself and its neighbours, which are no small numbers.
Limbs sample(SeededRandom& random) {
  Limbs out;
  for (std::size_t i = 0; i < kLimbs; ++i) {
    const u64 largest = i + 1 == kLimbs ? kLargestTop : kLargestLimb;
    switch (random.below(4)) {
      case 0: out[i] = 0; break;
      case 1: out[i] = largest; break;
      case 2: out[i] = largest - random.below(3); break;
      default: out[i] = random.below(largest + 1); break;
    }
  }
  if (random.below(4) == 0)
    out = {kLargestLimb + 1 - kFold - 2 + random.below(5), kLargestLimb, kLargestLimb, kLargestLimb,
           (u64{1} << 48) - 1};
  return out;
}

void expect_weak(const Stored& stored, std::size_t lane, const Integer& value, const char* what) {
  const Limbs limbs = stored.at(lane);
  for (std::size_t i = 0; i + 1 < kLimbs; ++i) ASSERT_LE(limbs[i], kLargestLimb) << what;
  ASSERT_LE(limbs.back(), kLargestTop) << what;
  ASSERT_EQ(whole(limbs) % kP, (value % kP + kP) % kP) << what;
}

TEST(FieldLanes, ComputeAsIntegersDoUpToTheLargestLimbs) {
  if (recover_ifma() == nullptr) GTEST_SKIP() << "this processor has no AVX-512 IFMA";
  SeededRandom random(20'340);
  for (int round = 0; round < 3'000; ++round) {
    Stored first;
    Stored second;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Limbs a = sample(random);
      const Limbs b = random.below(8) == 0 ? a : sample(random);
      for (std::size_t i = 0; i < kLimbs; ++i) {
        first.limb[i][lane] = a[i];
        second.limb[i][lane] = b[i];
      }
    }
    Results results;
    compute(first, second, results);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Integer a = whole(first.at(lane));
      const Integer b = whole(second.at(lane));
      expect_weak(results.product, lane, a * b, "product");
      expect_weak(results.square, lane, a * a, "square");
      expect_weak(results.two_products, lane, a * b + b * b, "two products");
      expect_weak(results.sum, lane, a + 8 * b, "sum");
      expect_weak(results.difference, lane, a - b, "difference");
      expect_weak(results.nine, lane, a - 8 * b, "difference of many");
      expect_weak(results.negated, lane, -a, "negated");
      ASSERT_EQ(whole(results.canonical.at(lane)), a % kP);
      ASSERT_EQ((results.equal >> lane & 1) != 0, a % kP == b % kP);
      if (HasFatalFailure()) FAIL() << a << " and " << b;
    }
  }
}

}  // namespace
}  // namespace moot::crypto::kernel

#endif
