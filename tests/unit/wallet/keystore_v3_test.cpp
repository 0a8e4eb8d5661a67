// Web3 Secret Storage 3: the published vectors, round trips, and files made to hurt.
#include "wallet/keystore_v3.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <regex>

#include "tests/unit/crypto/vectors.hpp"
#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

namespace json = boost::json;

// A light file to damage, made once.
const std::string& light_file() {
  static const std::string kText = encrypt_key(test::key_number(1), test::kPassword, KeyCost::light);
  return kText;
}

// The light file with one member of "crypto" (dotted path below it) set to another value.
std::string with(std::string_view path, const json::value& value) {
  auto file = json::parse(light_file()).as_object();
  json::value* at = nullptr;
  json::object* object = &file;
  while (true) {
    const auto dot = path.find('.');
    at = &(*object)[path.substr(0, dot)];
    if (dot == std::string_view::npos) break;
    object = &at->as_object();
    path.remove_prefix(dot + 1);
  }
  *at = value;
  return json::serialize(file);
}

void expect_damaged(const std::string& text, std::string_view named) {
  const auto opened = decrypt_key(text, test::kPassword);
  ASSERT_FALSE(opened.has_value()) << text;
  EXPECT_NE(opened.error().what.find(named), std::string::npos) << opened.error().what;
}

TEST(KeystoreV3, OpensThePublishedVectors) {
  MOOT_VECTORS_OR_SKIP(file, "keystore_v3.json");
  const auto vectors = json::parse(file);
  for (const char* name : {"scrypt", "pbkdf2"}) {
    const auto& vector = vectors.at(name);
    const auto key = decrypt_key(json::serialize(vector.at("json")), vector.at("password").as_string());
    ASSERT_TRUE(key.has_value()) << key.error().what;
    EXPECT_EQ(to_hex(key->view()), vector.at("priv").as_string());
  }
}

TEST(KeystoreV3, WhatIsWrittenOpensAgain) {
  const auto key = decrypt_key(light_file(), test::kPassword);
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(to_hex(key->view()), to_hex(test::key_number(1).view()));
}

TEST(KeystoreV3, TheStandardCostIsThatOfGeth) {
  const auto text = encrypt_key(test::key_number(2), "", KeyCost::standard);
  EXPECT_EQ(summarize_keystore(text)->kdf, "scrypt N=262144 r=8 p=1");
  EXPECT_TRUE(decrypt_key(text, "").has_value());
}

TEST(KeystoreV3, TheFileHasTheFormOfTheFormat) {
  const auto file = json::parse(light_file());
  EXPECT_EQ(file.at("version"), 3);
  EXPECT_EQ(file.at("address").as_string(), to_hex(crypto::address_of(test::key_number(1)).view()));
  EXPECT_EQ(file.at("crypto").at("cipher").as_string(), "aes-128-ctr");
  const std::regex uuid4("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(std::string(file.at("id").as_string()), uuid4));
}

TEST(KeystoreV3, TwoFilesOfOneKeyShareNothing) {
  const auto first = json::parse(light_file());
  const auto second = json::parse(encrypt_key(test::key_number(1), test::kPassword, KeyCost::light));
  for (const char* path :
       {"/id", "/crypto/ciphertext", "/crypto/mac", "/crypto/cipherparams/iv", "/crypto/kdfparams/salt"})
    EXPECT_NE(first.at_pointer(path), second.at_pointer(path)) << path;
}

TEST(KeystoreV3, AWrongPasswordIsAVerificationFailure) {
  const auto opened = decrypt_key(light_file(), "incorrect horse");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ExitCode::verification_failed);
  EXPECT_FALSE(decrypt_key(light_file(), std::string(test::kPassword) + "\n").has_value());
}

TEST(KeystoreV3, AFlippedBitOfTheCiphertextOrTheIvDoesNotGoUnnoticed) {
  auto cipher = std::string(json::parse(light_file()).at("crypto").at("ciphertext").as_string());
  cipher[0] = cipher[0] == '0' ? '1' : '0';
  EXPECT_FALSE(decrypt_key(with("crypto.ciphertext", json::string(cipher)), test::kPassword).has_value());
  // The MAC does not cover the counter block: the address does.
  auto iv = std::string(json::parse(light_file()).at("crypto").at("cipherparams").at("iv").as_string());
  iv[0] = iv[0] == '0' ? '1' : '0';
  expect_damaged(with("crypto.cipherparams.iv", json::string(iv)), "address");
}

TEST(KeystoreV3, AnAddressOfAnotherKeyIsDamage) {
  expect_damaged(with("address", "0000000000000000000000000000000000000001"), "\"address\"");
  expect_damaged(with("address", "nonsense"), "\"address\"");
}

TEST(KeystoreV3, AFileWithoutAnAddressOpens) {
  auto file = json::parse(light_file()).as_object();
  file.erase("address");
  EXPECT_TRUE(decrypt_key(json::serialize(file), test::kPassword).has_value());
  EXPECT_EQ(summarize_keystore(json::serialize(file))->address, std::nullopt);
}

TEST(KeystoreV3, AMemoryBombIsRefusedBeforeItsDerivation) {
  expect_damaged(with("crypto.kdfparams.n", u64{1} << 31), "kdfparams");
  expect_damaged(with("crypto.kdfparams.n", u64{1} << 62), "\"n\"");
  expect_damaged(with("crypto.kdfparams.r", 1 << 23), "kdfparams");
  expect_damaged(with("crypto.kdfparams.p", 17), "kdfparams");
  expect_damaged(with("crypto.kdfparams.dklen", 1024), "dklen");
}

TEST(KeystoreV3, EndlessPbkdf2IsRefused) {
  auto file = json::parse(light_file()).as_object();
  auto& crypto = file["crypto"].as_object();
  crypto["kdf"] = "pbkdf2";
  const auto with_rounds = [&](const json::value& rounds) {
    crypto["kdfparams"] = {{"c", rounds}, {"dklen", 32}, {"prf", "hmac-sha256"}, {"salt", "00"}};
    return json::serialize(file);
  };
  expect_damaged(with_rounds(kMaxPbkdf2Rounds + 1), "\"c\"");
  expect_damaged(with_rounds(0), "\"c\"");
  expect_damaged(with_rounds(-1), "\"c\"");
  expect_damaged(with_rounds("262144"), "\"c\"");
}

TEST(KeystoreV3, SettingsThatAreNoneAreRefused) {
  expect_damaged(with("crypto.kdfparams.n", 0), "kdfparams");
  expect_damaged(with("crypto.kdfparams.n", 4097), "kdfparams");
  expect_damaged(with("crypto.kdfparams.r", 0), "kdfparams");
  expect_damaged(with("crypto.kdfparams.p", 0), "kdfparams");
  expect_damaged(with("crypto.kdf", "argon2id"), "\"kdf\"");
  expect_damaged(with("crypto.cipher", "aes-128-cbc"), "\"cipher\"");
  expect_damaged(with("version", 4), "\"version\"");
}

TEST(KeystoreV3, FieldsOfTheWrongShapeAreNamed) {
  expect_damaged(with("crypto.ciphertext", "00"), "\"ciphertext\" has the wrong length");
  expect_damaged(with("crypto.ciphertext", "zz"), "\"ciphertext\" is not hexadecimal");
  expect_damaged(with("crypto.ciphertext", 7), "\"ciphertext\" is not a text");
  expect_damaged(with("crypto.mac", ""), "\"mac\"");
  expect_damaged(with("crypto.cipherparams", "x"), "\"cipherparams\" is not an object");
  expect_damaged(with("crypto", json::object{}), "\"cipher\" is missing");
  expect_damaged(with("crypto.kdfparams.salt", json::string(1024, '0')), "\"salt\" has the wrong length");
}

TEST(KeystoreV3, TextThatIsNoJsonObjectIsNoKeystore) {
  for (const std::string text : {"", "{", "[]", "null", "hello", "{\"version\":3"})
    EXPECT_FALSE(decrypt_key(text, "").has_value()) << text;
  EXPECT_FALSE(decrypt_key(std::string(kMaxKeystoreText + 1, ' '), "").has_value());
  EXPECT_FALSE(decrypt_key(std::string(8000, '['), "").has_value());
}

TEST(KeystoreV3, EveryTruncationIsRefused) {
  const std::string& text = light_file();
  for (std::size_t size = 0; size + 2 < text.size(); ++size)
    EXPECT_FALSE(summarize_keystore(std::string_view(text).substr(0, size)).has_value()) << size;
}

}  // namespace
}  // namespace moot::wallet
