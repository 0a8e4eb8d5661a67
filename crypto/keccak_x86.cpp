// Keccak-256 of eight messages at once, one in each 64-bit lane of AVX-512 registers: about a seventh of the cost of one
// after the other.
#include "crypto/keccak_kernel.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

// GCC 12 takes the don't-care operand inside its own intrinsics for a variable that is read too early (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <utility>

#define MOOT_AVX512        __attribute__((target("avx512f")))
#define MOOT_AVX512_INLINE __attribute__((target("avx512f"), always_inline)) inline

namespace moot::crypto::kernel {
namespace {

constexpr std::size_t kRate = 136;  // bytes absorbed between two permutations
constexpr std::size_t kRateWords = kRate / 8;
constexpr std::size_t kStateWords = 25;

// FIPS 202, sections 3.2.5 and 3.2.2.
constexpr std::array<u64, 24> kRoundConstants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
constexpr std::array<int, kStateWords> kRotations = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                                     25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

// The three-input functions that a round is made of, as truth tables.
constexpr int kXor3 = 0x96;
constexpr int kChi = 0xD2;  // a ^ (~b & c)

// Word w of message l is lane l of word w.
struct Lanes {
  __m512i word[kStateWords];
};

// A rotation is a constant of its instruction, so these steps are unrolled by hand, so to speak.
template <std::size_t... I>
MOOT_AVX512_INLINE void rho_pi(Lanes& b, const Lanes& a, const __m512i (&c)[5], const __m512i (&d)[5],
                               std::index_sequence<I...>) {
  ((b.word[I / 5 + 5 * ((2 * (I % 5) + 3 * (I / 5)) % 5)] = _mm512_rol_epi64(
        _mm512_ternarylogic_epi64(a.word[I], c[(I % 5 + 4) % 5], d[I % 5], kXor3), kRotations[I])),
   ...);
}
template <std::size_t... I>
MOOT_AVX512_INLINE void chi(Lanes& a, const Lanes& b, std::index_sequence<I...>) {
  ((a.word[I] = _mm512_ternarylogic_epi64(b.word[I], b.word[(I % 5 + 1) % 5 + I / 5 * 5],
                                          b.word[(I % 5 + 2) % 5 + I / 5 * 5], kChi)),
   ...);
}

MOOT_AVX512_INLINE void permute(Lanes& a) {
  for (const u64 constant : kRoundConstants) {
    __m512i c[5];
    __m512i d[5];
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x)
      c[x] = _mm512_ternarylogic_epi64(
          _mm512_ternarylogic_epi64(a.word[x], a.word[x + 5], a.word[x + 10], kXor3), a.word[x + 15],
          a.word[x + 20], kXor3);
#pragma GCC unroll 5
    for (int x = 0; x < 5; ++x) d[x] = _mm512_rol_epi64(c[(x + 1) % 5], 1);
    Lanes b;
    rho_pi(b, a, c, d, std::make_index_sequence<kStateWords>{});
    chi(a, b, std::make_index_sequence<kStateWords>{});
    a.word[0] = _mm512_xor_si512(a.word[0], _mm512_set1_epi64(static_cast<long long>(constant)));
  }
}

// One block of each message, turned so that the lanes of a word stand side by side.
struct alignas(64) Block {
  u64 word[kRateWords][kKeccakLanes];

  void set(std::size_t lane, const u8* bytes) {
    for (std::size_t w = 0; w < kRateWords; ++w) std::memcpy(&word[w][lane], bytes + 8 * w, 8);
  }
};

MOOT_AVX512_INLINE void absorb(Lanes& state, const Block& block) {
  for (std::size_t w = 0; w < kRateWords; ++w)
    state.word[w] = _mm512_xor_si512(state.word[w], _mm512_load_si512(block.word[w]));
  permute(state);
}

MOOT_AVX512 void digest_lanes(const u8* const* messages, std::size_t size, Hash* out) {
  Lanes state;
  for (__m512i& word : state.word) word = _mm512_setzero_si512();
  Block block;
  std::size_t at = 0;
  for (; at + kRate <= size; at += kRate) {
    for (std::size_t lane = 0; lane < kKeccakLanes; ++lane) block.set(lane, messages[lane] + at);
    absorb(state, block);
  }
  // The original padding: a one bit after the message and one at the end of the block, that may share a byte.
  for (std::size_t lane = 0; lane < kKeccakLanes; ++lane) {
    std::array<u8, kRate> last{};
    std::copy_n(messages[lane] + at, size - at, last.begin());
    last[size - at] = 0x01;
    last.back() |= 0x80;
    block.set(lane, last.data());
  }
  absorb(state, block);
  for (std::size_t w = 0; w < 4; ++w) {
    alignas(64) u64 words[kKeccakLanes];
    _mm512_store_si512(words, state.word[w]);
    for (std::size_t lane = 0; lane < kKeccakLanes; ++lane)
      std::memcpy(out[lane].bytes.data() + 8 * w, &words[lane], 8);
  }
}

}  // namespace

KeccakLanes keccak_avx512() {
  static const bool present = __builtin_cpu_supports("avx512f") != 0;
  return present ? digest_lanes : nullptr;
}

}  // namespace moot::crypto::kernel

#else

namespace moot::crypto::kernel {

KeccakLanes keccak_avx512() { return nullptr; }

}  // namespace moot::crypto::kernel

#endif
