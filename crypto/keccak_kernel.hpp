// Several Keccak-256 digests at once. Internal to crypto/ and its tests.
#pragma once

#include "base/bytes.hpp"

namespace moot::crypto::kernel {

inline constexpr std::size_t kKeccakLanes = 8;

// out[i] = keccak256 of the `size` bytes at messages[i], for kKeccakLanes messages.
using KeccakLanes = void (*)(const u8* const* messages, std::size_t size, Hash* out);

// Null when this processor, or this build, has no AVX-512.
KeccakLanes keccak_avx512();

}  // namespace moot::crypto::kernel
