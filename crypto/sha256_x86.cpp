// SHA-256 by the x86 SHA instructions. One instruction of a lane waits four cycles for the one before it, so
// several independent nodes are hashed in turn to fill the wait.
#include "crypto/sha256_kernel.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include <cpuid.h>
#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <utility>

#define MOOT_SHA_NI        __attribute__((target("sha,sse4.1,ssse3")))
#define MOOT_SHA_NI_INLINE __attribute__((target("sha,sse4.1,ssse3"), always_inline)) inline

namespace moot::crypto::kernel {
namespace {

struct alignas(16) Rounds {
  std::array<u32, 64> word{};
};

constexpr Rounds kRound = {{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
}};

constexpr u32 rotate(u32 x, int n) { return x >> n | x << (32 - n); }

// Round constants plus the message schedule of the padding block that ends every 128-byte message: it is the
// same for every node, so its schedule is worked out at compile time.
constexpr Rounds padding_rounds() {
  std::array<u32, 64> w{};
  w[0] = 0x80000000;
  w[15] = 1024;
  for (std::size_t i = 16; i < 64; ++i) {
    const u32 s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
    const u32 s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  Rounds out;
  for (std::size_t i = 0; i < 64; ++i) out.word[i] = w[i] + kRound.word[i];
  return out;
}
constexpr Rounds kPadding = padding_rounds();

// The instructions keep the eight words as (a b e f) and (c d g h).
struct Lane {
  __m128i abef;
  __m128i cdgh;
};

MOOT_SHA_NI_INLINE __m128i load(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
MOOT_SHA_NI_INLINE __m128i round_words(const Rounds& rounds, int group) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(rounds.word.data()) + group);
}

MOOT_SHA_NI_INLINE Lane load_state(const Sha256State& state) {
  const __m128i dcba = _mm_shuffle_epi32(load(state.data()), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(load(state.data() + 4), 0x1B);
  return {_mm_alignr_epi8(dcba, hgfe, 8), _mm_blend_epi16(hgfe, dcba, 0xF0)};
}

MOOT_SHA_NI_INLINE void store_state(const Lane& lane, u32* out) {
  const __m128i feba = _mm_shuffle_epi32(lane.abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(lane.cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 4), _mm_alignr_epi8(dchg, feba, 8));
}

MOOT_SHA_NI_INLINE void four_rounds(Lane& lane, __m128i words) {
  lane.cdgh = _mm_sha256rnds2_epu32(lane.cdgh, lane.abef, words);
  lane.abef = _mm_sha256rnds2_epu32(lane.abef, lane.cdgh, _mm_shuffle_epi32(words, 0x0E));
}

// One block in each of L lanes.
template <int L>
MOOT_SHA_NI_INLINE void block(Lane (&lanes)[L], const u8* const (&data)[L]) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  __m128i w[L][4];
  Lane before[L];
  for (int l = 0; l < L; ++l) {
    before[l] = lanes[l];
    for (int i = 0; i < 4; ++i) w[l][i] = _mm_shuffle_epi8(load(data[l] + 16 * i), big_endian);
  }
#pragma GCC unroll 16
  for (int g = 0; g < 16; ++g) {
    const __m128i k = round_words(kRound, g);
#pragma GCC unroll 8
    for (int l = 0; l < L; ++l) {
      const __m128i now = w[l][g % 4];
      four_rounds(lanes[l], _mm_add_epi32(now, k));
      if (g < 12) {
        const __m128i last = w[l][(g + 3) % 4];
        const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(now, w[l][(g + 1) % 4]),
                                          _mm_alignr_epi8(last, w[l][(g + 2) % 4], 4));
        w[l][g % 4] = _mm_sha256msg2_epu32(sum, last);
      }
    }
  }
  for (int l = 0; l < L; ++l) {
    lanes[l].abef = _mm_add_epi32(lanes[l].abef, before[l].abef);
    lanes[l].cdgh = _mm_add_epi32(lanes[l].cdgh, before[l].cdgh);
  }
}

// The padding block in each of L lanes.
template <int L>
MOOT_SHA_NI_INLINE void padding_block(Lane (&lanes)[L]) {
  Lane before[L];
  for (int l = 0; l < L; ++l) before[l] = lanes[l];
#pragma GCC unroll 16
  for (int g = 0; g < 16; ++g) {
    const __m128i words = round_words(kPadding, g);
#pragma GCC unroll 8
    for (int l = 0; l < L; ++l) four_rounds(lanes[l], words);
  }
  for (int l = 0; l < L; ++l) {
    lanes[l].abef = _mm_add_epi32(lanes[l].abef, before[l].abef);
    lanes[l].cdgh = _mm_add_epi32(lanes[l].cdgh, before[l].cdgh);
  }
}

MOOT_SHA_NI_INLINE void store_hash(const Lane& lane, Hash& out) {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  alignas(16) u32 words[8];
  store_state(lane, words);
  auto* to = reinterpret_cast<__m128i*>(out.bytes.data());
  _mm_storeu_si128(to, _mm_shuffle_epi8(load(words), big_endian));
  _mm_storeu_si128(to + 1, _mm_shuffle_epi8(load(words + 4), big_endian));
}

template <int L>
std::array<Tail, L> make_tails(const Messages& messages, std::size_t first) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Tail, L>{Tail(messages.data[first + I], messages.size)...};
  }(std::make_index_sequence<L>{});
}

template <int L>
MOOT_SHA_NI_INLINE void pairs_of(const Lane& midstate, const Hash* in, Hash* out) {
  Lane lanes[L];
  const u8* data[L];
  for (int l = 0; l < L; ++l) {
    lanes[l] = midstate;
    data[l] = in[2 * l].bytes.data();
  }
  block<L>(lanes, data);
  padding_block<L>(lanes);
  for (int l = 0; l < L; ++l) store_hash(lanes[l], out[l]);
}

// The digests of L messages, from the i-th.
template <int L>
MOOT_SHA_NI_INLINE void each_of(const Lane& midstate, const Messages& messages, std::size_t i) {
  Lane lanes[L];
  const u8* data[L];
  for (int l = 0; l < L; ++l) lanes[l] = midstate;
  std::size_t at = 0;
  for (; at + 64 <= messages.size; at += 64) {
    for (int l = 0; l < L; ++l) data[l] = messages.data[i + static_cast<std::size_t>(l)] + at;
    block<L>(lanes, data);
  }
  if (messages.size == 64) {
    padding_block<L>(lanes);
  } else {
    std::array<Tail, L> tails = make_tails<L>(messages, i);
    for (at = 0; at < tails[0].blocks * 64; at += 64) {
      for (int l = 0; l < L; ++l) data[l] = tails[static_cast<std::size_t>(l)].bytes.data() + at;
      block<L>(lanes, data);
    }
  }
  for (int l = 0; l < L; ++l) store_hash(lanes[l], *messages.out[i + static_cast<std::size_t>(l)]);
}

MOOT_SHA_NI void compress_sha_ni(Sha256State& state, const u8* blocks, std::size_t count) {
  Lane lanes[1] = {load_state(state)};
  for (std::size_t i = 0; i < count; ++i) {
    const u8* data[1] = {blocks + 64 * i};
    block<1>(lanes, data);
  }
  store_state(lanes[0], state.data());
}

constexpr int kLanes = 4;

MOOT_SHA_NI void pairs_sha_ni(const Sha256State& midstate, const Hash* in, Hash* out, std::size_t count) {
  static_assert(sizeof(Hash) == 32, "two hashes side by side are one block");
  const Lane start = load_state(midstate);
  std::size_t i = 0;
  // All reads of a group come before its writes, and writes never pass reads, so `out` may be the front of
  // `in`.
  for (; i + kLanes <= count; i += kLanes) pairs_of<kLanes>(start, in + 2 * i, out + i);
  for (; i < count; ++i) pairs_of<1>(start, in + 2 * i, out + i);
}

MOOT_SHA_NI void each_sha_ni(const Sha256State& midstate, const Messages& messages) {
  const Lane start = load_state(midstate);
  std::size_t i = 0;
  for (; i + kLanes <= messages.count; i += kLanes) {
    // Tree nodes lie far apart: the next group is fetched while this one is hashed.
    for (std::size_t next = i + kLanes; next < std::min(i + 2 * kLanes, messages.count); ++next)
      _mm_prefetch(reinterpret_cast<const char*>(messages.data[next]), _MM_HINT_T0);
    each_of<kLanes>(start, messages, i);
  }
  for (; i < messages.count; ++i) each_of<1>(start, messages, i);
}

bool has_sha_instructions() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  const bool sse = (c & bit_SSSE3) != 0 && (c & bit_SSE4_1) != 0;
  return sse && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_SHA) != 0;
}

}  // namespace

const Kernel* sha_ni() {
  static constexpr Kernel kKernel{compress_sha_ni, pairs_sha_ni, each_sha_ni};
  static const bool present = has_sha_instructions();
  return present ? &kKernel : nullptr;
}

}  // namespace moot::crypto::kernel

#else

namespace moot::crypto::kernel {

const Kernel* sha_ni() { return nullptr; }

}  // namespace moot::crypto::kernel

#endif
