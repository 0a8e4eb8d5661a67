#include "crypto/keccak.hpp"

#include <cryptopp/keccak.h>

#include "base/check.hpp"
#include "crypto/keccak_kernel.hpp"

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

void keccak256_each(std::span<const ByteView> messages, std::span<Hash> out) {
  MOOT_CHECK(messages.size() == out.size(), "a place for each digest");
  std::size_t i = 0;
  const kernel::KeccakLanes lanes = kernel::keccak_avx512();
  while (lanes != nullptr && messages.size() - i > 1) {
    // Too few for all lanes: the rest hash the first of them again.
    const std::size_t count = std::min(kernel::kKeccakLanes, messages.size() - i);
    std::array<const u8*, kernel::kKeccakLanes> data;
    for (std::size_t lane = 0; lane < data.size(); ++lane) {
      const ByteView message = messages[i + (lane < count ? lane : 0)];
      MOOT_CHECK(message.size() == messages[0].size(), "messages of one size");
      data[lane] = message.data();
    }
    std::array<Hash, kernel::kKeccakLanes> digests;
    lanes(data.data(), messages[0].size(), digests.data());
    std::copy_n(digests.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(i));
    i += count;
  }
  for (; i < messages.size(); ++i) out[i] = keccak256(messages[i]);
}

}  // namespace moot::crypto
