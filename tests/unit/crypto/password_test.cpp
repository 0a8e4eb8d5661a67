// What wallets need: HMAC, keys from passwords, AES in counter mode, secrets that are wiped.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/cipher.hpp"
#include "crypto/hmac.hpp"
#include "crypto/kdf.hpp"
#include "crypto/keccak.hpp"
#include "crypto/secret.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using test::hex;

std::string hex_of(const std::optional<SecretBytes>& key) { return key ? to_hex(key->view()) : "refused"; }

TEST(Hmac, GivesTheDigestsOfRfc4231) {
  const Bytes key(20, 0x0b);
  EXPECT_EQ(to_hex(hmac_sha256(key, as_bytes("Hi There")).view()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(to_hex(hmac_sha512(key, as_bytes("Hi There"))),
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
            "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
  const Bytes long_key(131, 0xaa);
  EXPECT_EQ(
      to_hex(
          hmac_sha256(long_key, as_bytes("Test Using Larger Than Block-Size Key - Hash Key First")).view()),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, OfEmptyKeyAndMessage) {
  EXPECT_EQ(to_hex(hmac_sha256({}, {}).view()),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Hash160, GivesTheFingerprintsOfBip32) {
  // The public key of BIP-32's first vector, whose fingerprint its children carry.
  const Bytes key = hex("0339a36013301597daef41fbe593a02cc513d0b55527ec2df1050e2e8ff49c85c2");
  EXPECT_EQ(to_hex(hash160(key)).substr(0, 8), "3442193e");
  EXPECT_EQ(to_hex(sha512(as_bytes("abc"))).substr(0, 32), "ddaf35a193617abacc417349ae204131");
}

TEST(Pbkdf2, GivesTheKeysOfRfc6070sSuccessors) {
  EXPECT_EQ(hex_of(pbkdf2_sha256(as_bytes("password"), as_bytes("salt"), {.iterations = 2, .length = 32})),
            "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43");
  // The seed of BIP-39's first vector.
  const std::string words =
      "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
  EXPECT_EQ(
      hex_of(pbkdf2_sha512(as_bytes(words), as_bytes("mnemonicTREZOR"), {.iterations = 2'048, .length = 64})),
      "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e5349553"
      "1f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04");
  EXPECT_FALSE(pbkdf2_sha256({}, {}, {.iterations = 0}));
  EXPECT_FALSE(pbkdf2_sha256({}, {}, {.iterations = 1, .length = 0}));
  EXPECT_FALSE(pbkdf2_sha256({}, {}, {.iterations = 1, .length = 1'025}));
}

TEST(Scrypt, GivesTheKeysOfRfc7914) {
  // The first has r = 1, where some libraries refuse.
  EXPECT_EQ(hex_of(scrypt({}, {}, {.n = 16, .r = 1, .p = 1, .length = 64})),
            "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  EXPECT_EQ(
      hex_of(scrypt(as_bytes("password"), as_bytes("NaCl"), {.n = 1'024, .r = 8, .p = 16, .length = 64})),
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
      "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640");
}

TEST(Scrypt, RefusesParametersThatAreMalformedOrCostTooMuch) {
  const ScryptParams good{.n = 16, .r = 1, .p = 1, .length = 32};
  EXPECT_TRUE(scrypt_params_ok(good));
  EXPECT_TRUE(scrypt_params_ok({.n = 262'144, .r = 8, .p = 1}));
  EXPECT_TRUE(scrypt_params_ok({.n = 1'048'576, .r = 8, .p = 1}));   // 1 GiB
  EXPECT_FALSE(scrypt_params_ok({.n = 2'097'152, .r = 8, .p = 1}));  // 2 GiB
  EXPECT_FALSE(scrypt_params_ok({.n = u64{1} << 63, .r = ~u32{0}, .p = 1}));
  for (const ScryptParams& bad : {
           ScryptParams{.n = 0, .r = 1, .p = 1},
           ScryptParams{.n = 1, .r = 1, .p = 1},
           ScryptParams{.n = 1'000, .r = 1, .p = 1},
           ScryptParams{.n = 16, .r = 0, .p = 1},
           ScryptParams{.n = 16, .r = 1, .p = 0},
           ScryptParams{.n = 16, .r = 1, .p = 17},
           ScryptParams{.n = 16, .r = 1, .p = 1, .length = 0},
       }) {
    EXPECT_FALSE(scrypt_params_ok(bad));
    EXPECT_FALSE(scrypt({}, {}, bad));
  }
}

TEST(Aes128Ctr, GivesTheCiphertextOfNistSp800_38a) {
  AesCtrKey key;
  std::ranges::copy(hex("2b7e151628aed2a6abf7158809cf4f3c"), key.key.begin());
  std::ranges::copy(hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), key.iv.begin());
  const Bytes plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  const SecretBytes cipher = aes128_ctr(key, plain);
  EXPECT_EQ(to_hex(cipher.view()), "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
  EXPECT_EQ(to_hex(aes128_ctr(key, cipher.view()).view()), to_hex(plain));
  EXPECT_EQ(aes128_ctr(key, {}).size(), 0U);
}

// Web3 Secret Storage, put together from the parts above.
TEST(Keystore, OpensThePublishedVectors) {
  MOOT_VECTORS_OR_SKIP(file, "keystore_v3.json");
  const auto json = boost::json::parse(file);
  for (const char* kdf : {"pbkdf2", "scrypt"}) {
    const auto& vector = json.at(kdf);
    const auto& crypto = vector.at("json").at("crypto");
    const auto& params = crypto.at("kdfparams");
    const auto password = as_bytes(vector.at("password").as_string());
    const Bytes salt = hex(params.at("salt").as_string());
    const auto number = [&](const char* name) { return static_cast<u32>(params.at(name).as_int64()); };
    const auto derived = std::string_view(kdf) == "scrypt"
                             ? scrypt(password, salt, {.n = number("n"), .r = number("r"), .p = number("p")})
                             : pbkdf2_sha256(password, salt, {.iterations = number("c")});
    ASSERT_TRUE(derived) << kdf;
    const Bytes ciphertext = hex(crypto.at("ciphertext").as_string());
    Keccak256 mac;
    mac.update(derived->view().subspan(16));
    mac.update(ciphertext);
    EXPECT_TRUE(equal_constant_time(mac.finish().view(), hex(crypto.at("mac").as_string()))) << kdf;
    AesCtrKey key;
    std::ranges::copy(derived->view().first(16), key.key.begin());
    std::ranges::copy(hex(crypto.at("cipherparams").at("iv").as_string()), key.iv.begin());
    EXPECT_EQ(to_hex(aes128_ctr(key, ciphertext).view()), std::string_view(vector.at("priv").as_string()))
        << kdf;
  }
}

TEST(Secret, ComparesAllBytesAndTheLength) {
  const Bytes one = {1, 2, 3};
  EXPECT_TRUE(equal_constant_time(one, Bytes{1, 2, 3}));
  EXPECT_FALSE(equal_constant_time(one, Bytes{1, 2, 4}));
  EXPECT_FALSE(equal_constant_time(one, Bytes{0, 2, 3}));
  EXPECT_FALSE(equal_constant_time(one, Bytes{1, 2}));
  EXPECT_TRUE(equal_constant_time({}, {}));
}

TEST(Secret, IsWipedAndLeavesNothingWhereItWasMovedFrom) {
  Bytes bytes = {1, 2, 3};
  wipe(bytes);
  EXPECT_EQ(bytes, Bytes(3, 0));
  std::string text = "password";
  wipe(text);
  EXPECT_EQ(text, std::string(8, '\0'));
  SecretBytes first(Bytes{1, 2, 3});
  const SecretBytes second = std::move(first);
  EXPECT_EQ(first.size(), 0U);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.size(), 3U);
}

}  // namespace
}  // namespace moot::crypto
