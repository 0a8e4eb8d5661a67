#include "crypto/secret.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/check.hpp"

namespace moot::crypto {

void wipe(std::span<u8> secret) { OPENSSL_cleanse(secret.data(), secret.size()); }

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void fill_random(std::span<u8> out) {
  constexpr std::size_t kStep = 1 << 20;  // RAND_bytes counts in int
  while (!out.empty()) {
    const auto part = out.first(std::min(out.size(), kStep));
    MOOT_CHECK(RAND_bytes(part.data(), static_cast<int>(part.size())) == 1, "the system gave no randomness");
    out = out.subspan(part.size());
  }
}

}  // namespace moot::crypto
