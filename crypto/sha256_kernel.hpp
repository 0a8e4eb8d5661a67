// The SHA-256 compression function and the tree-node batch, each in two forms that give the same bytes: over
// OpenSSL's low-level API, anywhere, and over x86 SHA instructions. Internal to crypto/ and its tests.
#pragma once

#include "crypto/sha256.hpp"

namespace moot::crypto::kernel {

inline constexpr Sha256State kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// Applies `count` consecutive 64-byte blocks.
using Compress = void (*)(Sha256State& state, const u8* blocks, std::size_t count);
// out[i] = digest of the 64-byte block `midstate` already covers, then in[2i] ‖ in[2i+1]. `out` may be the
// front of `in`.
using Pairs = void (*)(const Sha256State& midstate, const Hash* in, Hash* out, std::size_t count);

// Messages of one size, anywhere in memory, and a place for the digest of each.
struct Messages {
  const u8* const* data;
  std::size_t size;
  Hash* const* out;
  std::size_t count;
};
// *out[i] = digest of the 64-byte block `midstate` already covers, then message i.
using Each = void (*)(const Sha256State& midstate, const Messages& messages);

struct Kernel {
  Compress compress;
  Pairs pairs;
  Each each;
};

// What follows a message's whole blocks: its last bytes, one bit, zeros, and the length with the midstate's block.
struct Tail {
  Tail(const u8* message, std::size_t size);
  std::array<u8, 128> bytes{};
  std::size_t blocks = 1;
};

const Kernel& portable();
// Null when this processor, or this build, has no SHA instructions.
const Kernel* sha_ni();
// The fastest of the two that runs here, unless use() said otherwise.
const Kernel& best();
// Another one from now on, for all threads: a test's, that counts. It outlives the program's hashing.
void use(const Kernel& kernel);

Hash to_hash(const Sha256State& state);

}  // namespace moot::crypto::kernel
