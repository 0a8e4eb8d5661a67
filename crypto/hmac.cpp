#include "crypto/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.hpp"
#include "crypto/sha256.hpp"

namespace moot::crypto {
namespace {

void hmac(const EVP_MD* digest, ByteView key, ByteView message, std::span<u8> out) {
  static constexpr u8 kNothing = 0;  // OpenSSL takes a null key for "the key of last time"
  unsigned size = 0;
  const u8* key_data = key.empty() ? &kNothing : key.data();
  const u8* made =
      HMAC(digest, key_data, static_cast<int>(key.size()), message.data(), message.size(), out.data(), &size);
  MOOT_CHECK(made != nullptr && size == out.size(), "HMAC over a built-in digest cannot fail");
}

void digest_of(const EVP_MD* digest, ByteView message, std::span<u8> out) {
  unsigned size = 0;
  const int made = EVP_Digest(message.data(), message.size(), out.data(), &size, digest, nullptr);
  MOOT_CHECK(made == 1 && size == out.size(), "this build of OpenSSL lacks a digest the wallet needs");
}

}  // namespace

Hash hmac_sha256(ByteView key, ByteView message) {
  Hash out;
  hmac(EVP_sha256(), key, message, out.bytes);
  return out;
}

std::array<u8, 64> hmac_sha512(ByteView key, ByteView message) {
  std::array<u8, 64> out;
  hmac(EVP_sha512(), key, message, out);
  return out;
}

std::array<u8, 64> sha512(ByteView message) {
  std::array<u8, 64> out;
  digest_of(EVP_sha512(), message, out);
  return out;
}

std::array<u8, 20> hash160(ByteView message) {
  std::array<u8, 20> out;
  digest_of(EVP_ripemd160(), sha256(message).view(), out);
  return out;
}

}  // namespace moot::crypto
