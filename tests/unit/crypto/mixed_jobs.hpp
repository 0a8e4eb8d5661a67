// Signatures to verify, good ones and every way of being bad, in an order that has no pattern.
#pragma once

#include <vector>

#include "crypto/verify_job.hpp"
#include "tests/unit/crypto/test_keys.hpp"

namespace moot::test {

inline std::vector<crypto::VerifyJob> mixed_jobs(std::size_t count, u64 seed) {
  SeededRandom random(seed);
  std::vector<crypto::VerifyJob> out;
  for (u64 i = 0; i < count; ++i) {
    const crypto::SecretKey key = numbered_key(i % 7);
    crypto::VerifyJob job{
        .signature = sign(key, numbered_hash(i)), .digest = numbered_hash(i), .expected = address_of(key)};
    switch (random.below(6)) {
      case 0: job.digest = numbered_hash(i + 1); break;
      case 1: job.signature.bytes[64] = 2; break;
      case 2: job.signature.bytes[random.below(65)] ^= 4; break;
      case 3: job.expected.bytes[0] ^= 1; break;
      default: break;
    }
    out.push_back(job);
  }
  return out;
}

}  // namespace moot::test
