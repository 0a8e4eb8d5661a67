#include "crypto/cipher.hpp"

#include <openssl/evp.h>

#include <limits>
#include <memory>

#include "base/check.hpp"

namespace moot::crypto {

SecretBytes aes128_ctr(const AesCtrKey& key, ByteView data) {
  MOOT_CHECK(data.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
             "keystores hold a key, not a file");
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> ctx(EVP_CIPHER_CTX_new(),
                                                                            EVP_CIPHER_CTX_free);
  SecretBytes out(data.size());
  int size = 0;
  const bool made =
      ctx && EVP_EncryptInit_ex(ctx.get(), EVP_aes_128_ctr(), nullptr, key.key.data(), key.iv.data()) == 1 &&
      EVP_EncryptUpdate(ctx.get(), out.span().data(), &size, data.data(), static_cast<int>(data.size())) == 1;
  MOOT_CHECK(made && static_cast<std::size_t>(size) == data.size(), "AES in counter mode cannot fail");
  return out;
}

}  // namespace moot::crypto
