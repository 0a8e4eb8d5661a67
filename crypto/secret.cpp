#include "crypto/secret.hpp"

#include <openssl/crypto.h>

namespace moot::crypto {

void wipe(std::span<u8> secret) { OPENSSL_cleanse(secret.data(), secret.size()); }

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace moot::crypto
