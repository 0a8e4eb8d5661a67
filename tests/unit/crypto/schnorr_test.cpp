#include "crypto/schnorr.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using test::numbered_hash;
using test::numbered_key;

std::vector<std::string> split_row(const std::string& row) {
  std::vector<std::string> cells(1);
  for (const char c : row) {
    if (c == ',' && cells.size() < 8)
      cells.emplace_back();
    else if (c != '\r')
      cells.back().push_back(c);
  }
  return cells;
}

TEST(Schnorr, AgreesWithEveryRowOfBip340) {
  MOOT_VECTORS_OR_SKIP(file, "bip340.csv");
  std::istringstream rows(file);
  std::string row;
  std::getline(rows, row);
  int verified = 0;
  int signed_rows = 0;
  while (std::getline(rows, row)) {
    const auto cells =
        split_row(row);  // index, secret key, public key, aux_rand, message, signature, result, comment
    ASSERT_EQ(cells.size(), 8U) << row;
    const XOnlyKey key = fixed_from_hex<XOnlyKey>(cells[2]).value();
    const Bytes message = test::hex(cells[4]);
    const auto signature = fixed_from_hex<SchnorrSignature>(cells[5]).value();
    EXPECT_EQ(schnorr_verify(key, message, signature), cells[6] == "TRUE") << row;
    ++verified;
    if (cells[1].empty()) continue;
    const SchnorrSigner signer(SecretKey::from_bytes(test::hex(cells[1])).value());
    const Hash auxiliary = test::hash_of_hex(cells[3]);
    EXPECT_EQ(signer.key(), key);
    EXPECT_EQ(signer.sign_with(auxiliary, message), signature) << row;
    if (auxiliary.is_zero()) EXPECT_EQ(signer.sign(message), signature) << row;
    ++signed_rows;
  }
  EXPECT_EQ(verified, 19);
  EXPECT_EQ(signed_rows, 8);
}

TEST(Schnorr, SignsTheSameBytesEveryTimeForMessagesOfAnyLength) {
  for (u64 i = 0; i < 20; ++i) {
    const SecretKey key = numbered_key(i);
    const Bytes message(i * 13, static_cast<u8>(i));
    const SchnorrSignature signature = schnorr_sign(key, message);
    EXPECT_EQ(schnorr_sign(key, message), signature);
    EXPECT_TRUE(schnorr_verify(x_only(key), message, signature));
    EXPECT_FALSE(schnorr_verify(x_only(numbered_key(i + 1)), message, signature));
    EXPECT_EQ(schnorr_sign(key, numbered_hash(i)), schnorr_sign(key, numbered_hash(i).view()));
    EXPECT_TRUE(schnorr_verify(x_only(key), numbered_hash(i), schnorr_sign(key, numbered_hash(i))));
  }
}

TEST(Schnorr, ChangedAnywhereIsRefused) {
  const SecretKey key = numbered_key(1);
  const SchnorrSignature signature = schnorr_sign(key, numbered_hash(1));
  for (std::size_t i = 0; i < 64; ++i) {
    SchnorrSignature wrong = signature;
    wrong.bytes[i] ^= 1;
    ASSERT_FALSE(schnorr_verify(x_only(key), numbered_hash(1), wrong)) << i;
  }
  EXPECT_FALSE(schnorr_verify(x_only(key), numbered_hash(2), signature));
  EXPECT_FALSE(schnorr_verify(XOnlyKey{}, numbered_hash(1), signature));
}

}  // namespace
}  // namespace moot::crypto
