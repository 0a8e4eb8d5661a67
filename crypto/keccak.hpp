// Keccak-256 with the original padding (0x01), as Ethereum uses it. It is not SHA3-256 of FIPS 202 (padding
// 0x06). For Ethereum's formats only: addresses, EIP-55, EIP-712, keystores. The ledger's own hashes are
// crypto/sha256.hpp.
#pragma once

#include <memory>
#include <span>

#include "base/bytes.hpp"

namespace moot::crypto {

Hash keccak256(ByteView message);

// out[i] = keccak256(messages[i]). All messages are of one size, and each has its place in `out`. Several at once where the
// processor can, which costs a fraction of one after the other.
void keccak256_each(std::span<const ByteView> messages, std::span<Hash> out);

// Keccak-256 of a message that comes in pieces. After finish() the object starts a new message.
class Keccak256 {
 public:
  Keccak256();
  ~Keccak256();
  Keccak256(Keccak256&&) noexcept;
  Keccak256& operator=(Keccak256&&) noexcept;

  void update(ByteView part);
  [[nodiscard]] Hash finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot::crypto
