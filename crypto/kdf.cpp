#include "crypto/kdf.hpp"

#include <cryptopp/scrypt.h>
#include <openssl/evp.h>

#include <bit>
#include <limits>

#include "base/check.hpp"

namespace moot::crypto {
namespace {

constexpr std::size_t kMaxLength = 1'024;

std::optional<SecretBytes> pbkdf2(const EVP_MD* digest, ByteView password, ByteView salt,
                                  const Pbkdf2Params& params) {
  constexpr u32 kMaxInt = std::numeric_limits<int>::max();
  if (params.iterations == 0 || params.iterations > kMaxInt) return std::nullopt;
  if (params.length == 0 || params.length > kMaxLength) return std::nullopt;
  SecretBytes out(params.length);
  const int made =
      PKCS5_PBKDF2_HMAC(reinterpret_cast<const char*>(password.data()), static_cast<int>(password.size()),
                        salt.data(), static_cast<int>(salt.size()), static_cast<int>(params.iterations),
                        digest, static_cast<int>(params.length), out.span().data());
  MOOT_CHECK(made == 1, "PBKDF2 over a built-in digest cannot fail");
  return out;
}

}  // namespace

std::optional<SecretBytes> pbkdf2_sha256(ByteView password, ByteView salt, const Pbkdf2Params& params) {
  return pbkdf2(EVP_sha256(), password, salt, params);
}

std::optional<SecretBytes> pbkdf2_sha512(ByteView password, ByteView salt, const Pbkdf2Params& params) {
  return pbkdf2(EVP_sha512(), password, salt, params);
}

bool scrypt_params_ok(const ScryptParams& params) {
  if (params.n < 2 || !std::has_single_bit(params.n) || params.r == 0 || params.p == 0) return false;
  if (params.length == 0 || params.length > kMaxLength || params.p > kMaxScryptLanes) return false;
  return u128{128} * params.n * params.r <= kMaxScryptMemory;
}

std::optional<SecretBytes> scrypt(ByteView password, ByteView salt, const ScryptParams& params) {
  if (!scrypt_params_ok(params)) return std::nullopt;
  SecretBytes out(params.length);
  CryptoPP::Scrypt().DeriveKey(out.span().data(), out.size(), password.data(), password.size(), salt.data(),
                               salt.size(), params.n, params.r, params.p);
  return out;
}

}  // namespace moot::crypto
