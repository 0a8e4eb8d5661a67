// AES-128 in counter mode, the cipher of Web3 Secret Storage. It hides and does not authenticate: the
// keystore's MAC does.
#pragma once

#include <array>

#include "crypto/secret.hpp"

namespace moot::crypto {

struct AesCtrKey {
  std::array<u8, 16> key{};
  std::array<u8, 16> iv{};  // the first counter block

  ~AesCtrKey() { wipe(key); }
};

// Encrypts and decrypts alike.
SecretBytes aes128_ctr(const AesCtrKey& key, ByteView data);

}  // namespace moot::crypto
