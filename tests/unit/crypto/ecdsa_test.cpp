#include "crypto/ecdsa.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using test::hex;
using test::numbered_hash;
using test::numbered_key;

constexpr const char* kOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

void put_at(Signature& signature, std::size_t offset, ByteView scalar) {
  std::copy(scalar.begin(), scalar.end(), signature.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

// s → n − s and the other recid: what anyone can make of a signature without the key.
Signature high_s_twin(const Signature& signature) {
  Signature out = signature;
  const Bytes order = hex(kOrder);
  int borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const int difference = order[i] - signature.bytes[32 + i] - borrow;
    borrow = difference < 0 ? 1 : 0;
    out.bytes[32 + i] = static_cast<u8>(difference);
  }
  out.bytes[64] ^= 1;
  return out;
}

TEST(Ecdsa, ASignatureGivesItsKeyBack) {
  for (u64 i = 0; i < 100; ++i) {
    const SecretKey key = numbered_key(i);
    const Signature signature = sign(key, numbered_hash(i));
    ASSERT_TRUE(check_canonical(signature));
    ASSERT_EQ(recover(signature, numbered_hash(i)), parsed_key(key)) << i;
    ASSERT_TRUE(verify(parsed_key(key), signature, numbered_hash(i)));
    ASSERT_FALSE(verify(parsed_key(key), signature, numbered_hash(i + 1)));
    ASSERT_FALSE(verify(parsed_key(numbered_key(i + 1)), signature, numbered_hash(i)));
    ASSERT_EQ(sign(key, numbered_hash(i)), signature);
  }
}

TEST(Ecdsa, SignsTheEip712ExampleAsEveryWalletDoes) {
  const Hash digest = test::hash_of_hex("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
  EXPECT_EQ(to_hex(with_ethereum_v(sign(test::cow_key(), digest))),
            "4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d"
            "07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c");
}

TEST(Ecdsa, TheHighSTwinOfASignatureIsRefused) {
  for (u64 i = 0; i < 20; ++i) {
    const Signature twin = high_s_twin(sign(numbered_key(i), numbered_hash(i)));
    EXPECT_EQ(recover(twin, numbered_hash(i)), std::unexpected(SignatureError::high_s));
    EXPECT_EQ(canonical_signature(twin.view()), std::unexpected(SignatureError::high_s));
    EXPECT_FALSE(verify(parsed_key(numbered_key(i)), twin, numbered_hash(i)));
  }
}

// Plain verification does not read recid: a node that verified by a cached key would accept what a recovering
// node refuses.
TEST(Ecdsa, AFlippedRecidIsRefusedWithAKnownKeyToo) {
  for (u64 i = 0; i < 20; ++i) {
    Signature flipped = sign(numbered_key(i), numbered_hash(i));
    flipped.bytes[64] ^= 1;
    ASSERT_TRUE(check_canonical(flipped));
    EXPECT_NE(recover(flipped, numbered_hash(i)), parsed_key(numbered_key(i)));
    EXPECT_FALSE(verify(parsed_key(numbered_key(i)), flipped, numbered_hash(i)));
  }
}

TEST(Ecdsa, OnlyRecidZeroAndOneAreCanonical) {
  const Signature signature = sign(numbered_key(1), numbered_hash(1));
  for (int last = 2; last < 256; ++last) {
    Signature wrong = signature;
    wrong.bytes[64] = static_cast<u8>(last);
    ASSERT_EQ(check_canonical(wrong), std::unexpected(SignatureError::recovery_id)) << last;
    ASSERT_EQ(recover(wrong, numbered_hash(1)), std::unexpected(SignatureError::recovery_id)) << last;
    const bool ethereum = last == 27 || last == 28;
    ASSERT_EQ(canonical_signature(wrong.view()).has_value(), ethereum) << last;
  }
}

TEST(Ecdsa, WalletsMayWriteTheRecidAs27And28) {
  for (u64 i = 0; i < 10; ++i) {
    const Signature signature = sign(numbered_key(i), numbered_hash(i));
    EXPECT_EQ(canonical_signature(with_ethereum_v(signature)), signature);
    EXPECT_EQ(canonical_signature(signature.view()), signature);
  }
}

TEST(Ecdsa, OfAnotherLengthIsRefused) {
  const Signature signature = sign(numbered_key(1), numbered_hash(1));
  for (std::size_t size = 0; size < 130; ++size) {
    Bytes bytes(signature.bytes.begin(), signature.bytes.end());
    bytes.resize(size);
    if (size != 65) ASSERT_EQ(canonical_signature(bytes), std::unexpected(SignatureError::length)) << size;
  }
}

TEST(Ecdsa, ScalarsStandBetweenOneAndTheOrderAndSInItsLowerHalf) {
  constexpr const char* kOrderMinusOne = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
  constexpr const char* kHalf = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0";
  constexpr const char* kHalfPlusOne = "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1";
  const std::string zero(64, '0');
  const std::string one = std::string(63, '0') + "1";
  const std::string all(64, 'f');
  struct Case {
    std::string r, s;
    std::optional<SignatureError> refused;
  };
  for (const Case& row : {
           Case{zero, one, SignatureError::scalar_range},
           Case{one, zero, SignatureError::scalar_range},
           Case{kOrder, one, SignatureError::scalar_range},
           Case{one, kOrder, SignatureError::scalar_range},
           Case{all, one, SignatureError::scalar_range},
           Case{one, all, SignatureError::scalar_range},
           Case{one, kOrderMinusOne, SignatureError::high_s},
           Case{one, kHalfPlusOne, SignatureError::high_s},
           Case{zero, kHalfPlusOne, SignatureError::scalar_range},
           Case{one, kHalf, std::nullopt},
           Case{one, one, std::nullopt},
           Case{kOrderMinusOne, one, std::nullopt},
       }) {
    Signature signature;
    put_at(signature, 0, hex(row.r));
    put_at(signature, 32, hex(row.s));
    const auto checked = check_canonical(signature);
    EXPECT_EQ(checked.has_value(), !row.refused) << row.r << ' ' << row.s;
    if (row.refused) EXPECT_EQ(checked.error(), *row.refused) << row.r << ' ' << row.s;
    if (row.refused) EXPECT_EQ(recover(signature, numbered_hash(1)), std::unexpected(*row.refused));
  }
}

TEST(Ecdsa, AnRThatIsNoPointGivesNoKey) {
  Signature signature;
  signature.bytes[31] = 5;  // x = 5 is on no point of the curve
  signature.bytes[63] = 1;
  EXPECT_EQ(recover(signature, numbered_hash(1)), std::unexpected(SignatureError::unrecoverable));
}

TEST(Ecdsa, EveryErrorHasItsOwnSentence) {
  std::set<std::string_view> texts;
  for (const auto error : {SignatureError::length, SignatureError::recovery_id, SignatureError::scalar_range,
                           SignatureError::high_s, SignatureError::unrecoverable})
    texts.insert(text(error));
  EXPECT_EQ(texts.size(), 5U);
}

TEST(Ecdsa, VerifyAcceptsExactlyWhatRecoverGives) {
  SeededRandom random(7);
  const SecretKey key = numbered_key(7);
  for (int i = 0; i < 500; ++i) {
    const Hash digest = numbered_hash(random.below(3));
    Signature signature = sign(key, numbered_hash(0));
    if (random.below(2) == 0) signature.bytes[random.below(65)] ^= static_cast<u8>(1U << random.below(8));
    const auto recovered = recover(signature, digest);
    const bool same = recovered && *recovered == parsed_key(key);
    ASSERT_EQ(verify(parsed_key(key), signature, digest), same) << to_hex(signature.view());
  }
}

// Strict DER of two positive integers, to a signature without its recid. Nothing for any other bytes.
std::optional<Signature> from_der(ByteView der) {
  const auto integer = [&der](std::span<u8> out) {
    if (der.size() < 3 || der[0] != 2 || der[1] == 0 || der[1] > der.size() - 2) return false;
    ByteView value = der.subspan(2, der[1]);
    der = der.subspan(2U + der[1]);
    if ((value[0] & 0x80) != 0) return false;
    if (value[0] == 0 && value.size() > 1) {
      if ((value[1] & 0x80) == 0) return false;
      value = value.subspan(1);
    }
    if (value.size() > 32) return false;
    std::copy(value.begin(), value.end(), out.end() - static_cast<std::ptrdiff_t>(value.size()));
    return true;
  };
  Signature out;
  if (der.size() < 8 || der[0] != 0x30 || der[1] != der.size() - 2) return std::nullopt;
  der = der.subspan(2);
  if (!integer(std::span(out.bytes).first(32)) || !integer(std::span(out.bytes).subspan(32, 32)))
    return std::nullopt;
  return der.empty() ? std::optional(out) : std::nullopt;
}

std::optional<PublicKey> from_uncompressed(ByteView point) {
  if (point.size() != 65 || point[0] != 4) return std::nullopt;
  PublicKey out;
  out.bytes[0] = static_cast<u8>(2 + (point[64] & 1));
  std::copy(point.begin() + 1, point.begin() + 33, out.bytes.begin() + 1);
  return out;
}

// How many of the two recids make the key: one for a good signature, none for a bad one.
int recids_that_verify(const ParsedKey& key, Signature signature, const Hash& digest) {
  int count = 0;
  for (const u8 recid : {0, 1}) {
    signature.bytes[64] = recid;
    count += verify(key, signature, digest) ? 1 : 0;
  }
  return count;
}

TEST(Ecdsa, AgreesWithWycheproof) {
  MOOT_VECTORS_OR_SKIP(file, "wycheproof_ecdsa_secp256k1_sha256_bitcoin.json");
  int seen = 0;
  int good = 0;
  const auto json = boost::json::parse(file);
  for (const auto& group : json.at("testGroups").as_array()) {
    const auto point = from_uncompressed(hex(group.at("publicKey").at("uncompressed").as_string()));
    ASSERT_TRUE(point);
    const auto key = ParsedKey::from(*point);
    ASSERT_TRUE(key);
    for (const auto& item : group.at("tests").as_array()) {
      const std::string_view comment = item.at("comment").as_string();
      const Hash digest = sha256(hex(item.at("msg").as_string()));
      const auto signature = from_der(hex(item.at("sig").as_string()));
      const int recids = signature ? recids_that_verify(*key, *signature, digest) : 0;
      // Its nonce point has x = r + n, which takes recid 2 or 3. Our rule refuses those; nobody can make one.
      const bool large_x = comment == "k*G has a large x-coordinate";
      const bool expected = item.at("result").as_string() == "valid" && !large_x;
      EXPECT_EQ(recids, expected ? 1 : 0) << item.at("tcId").as_int64() << ' ' << comment;
      good += recids;
      ++seen;
    }
  }
  EXPECT_EQ(seen, 463);
  EXPECT_EQ(good, 161);
}

}  // namespace
}  // namespace moot::crypto
