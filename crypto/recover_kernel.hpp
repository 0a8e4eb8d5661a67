// Recovering many keys at once. Internal to crypto/ and its tests.
//
// A fast path, never an authority: what comes out is only ever taken when it is the key that the caller expected, by its
// address. Whatever does not come out, or comes out otherwise, is asked again of libsecp256k1, whose answer stands
// (verify_jobs). So a fault here could cost time; to do harm it would have to turn a signature of somebody else's into
// exactly the key of the one it is claimed to be from.
#pragma once

#include <span>

#include "crypto/ecdsa.hpp"
#include "crypto/point_bytes.hpp"

namespace moot::crypto::kernel {

struct RecoverJob {
  const Signature* signature;  // canonical
  const Hash* digest;
};

struct RecoveredPoint {
  PointBytes bytes{};
  bool found = false;  // false: nothing is said; ask the library
};

// out[i] is for jobs[i], each with its place.
using Recover = void (*)(std::span<const RecoverJob> jobs, std::span<RecoveredPoint> out);

// Fewer are better recovered one by one.
inline constexpr std::size_t kFewestAtOnce = 3;

// Null when this processor, or this build, has no AVX-512 with 52-bit multiplication (IFMA).
Recover recover_ifma();

// The one above, unless use_recover said otherwise.
Recover best_recover();
// Another one from now on, for all threads; null for none.
void use_recover(Recover recover);

// digit·256^row·G for digits 1 to 128 and rows 0 to 31, as recover_ifma adds them. For tests.
PointBytes comb_entry(std::size_t row, std::size_t digit);

}  // namespace moot::crypto::kernel
