#include "crypto/keccak.hpp"

#include <cryptopp/keccak.h>

namespace moot::crypto {

struct Keccak256::Impl {
  CryptoPP::Keccak_256 hasher;
};

Keccak256::Keccak256() : impl_(std::make_unique<Impl>()) {}
Keccak256::~Keccak256() = default;
Keccak256::Keccak256(Keccak256&&) noexcept = default;
Keccak256& Keccak256::operator=(Keccak256&&) noexcept = default;

void Keccak256::update(ByteView part) { impl_->hasher.Update(part.data(), part.size()); }

Hash Keccak256::finish() {
  Hash out;
  impl_->hasher.Final(out.bytes.data());
  return out;
}

Hash keccak256(ByteView message) {
  CryptoPP::Keccak_256 hasher;
  Hash out;
  hasher.CalculateDigest(out.bytes.data(), message.data(), message.size());
  return out;
}

}  // namespace moot::crypto
