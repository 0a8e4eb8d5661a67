// Keys and digests for tests, told apart by a number.
#pragma once

#include "base/random.hpp"
#include "crypto/keccak.hpp"
#include "crypto/keys.hpp"
#include "crypto/sha256.hpp"

namespace moot::test {

inline Hash numbered_hash(u64 number) {
  Writer out;
  out.put(number);
  return crypto::sha256(out.view());
}

// SHA-256 of a number is below the group order but with chance 2^-128.
inline crypto::SecretKey numbered_key(u64 number) {
  return std::move(crypto::SecretKey::from_bytes(numbered_hash(number ^ u64{0x6b6579} << 40).view()).value());
}

// The key of the EIP-712 example.
inline crypto::SecretKey cow_key() {
  return std::move(crypto::SecretKey::from_bytes(crypto::keccak256(as_bytes("cow")).view()).value());
}

}  // namespace moot::test
