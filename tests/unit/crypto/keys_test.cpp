#include "crypto/keys.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/base58.hpp"
#include "crypto/context.hpp"
#include "crypto/ecdsa.hpp"
#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using test::hex;
using test::numbered_hash;
using test::numbered_key;

constexpr const char* kOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
constexpr const char* kOrderMinusOne = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140";
constexpr const char* kOne = "0000000000000000000000000000000000000000000000000000000000000001";

SecretKey key_of(const char* text) { return std::move(SecretKey::from_bytes(hex(text)).value()); }

TEST(SecretKey, IsAScalarOf32BytesFromOneToBelowTheOrder) {
  EXPECT_TRUE(SecretKey::from_bytes(hex(kOne)));
  EXPECT_TRUE(SecretKey::from_bytes(hex(kOrderMinusOne)));
  EXPECT_FALSE(SecretKey::from_bytes(hex(kOrder)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(32, 0)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(32, 0xff)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(31, 1)));
  EXPECT_FALSE(SecretKey::from_bytes(Bytes(33, 1)));
  EXPECT_FALSE(SecretKey::from_bytes({}));
}

TEST(SecretKey, IsWipedWhereItWasMovedFrom) {
  SecretKey first = key_of(kOne);
  const SecretKey second = std::move(first);
  EXPECT_EQ(Bytes(first.view().begin(), first.view().end()),
            Bytes(32, 0));  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.view().back(), 1);
}

TEST(PublicKey, OfOneIsTheGenerator) {
  constexpr const char* kGenerator = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
  EXPECT_EQ(to_hex(public_key(key_of(kOne)).view()), std::string("02") + kGenerator);
  EXPECT_EQ(to_hex(x_only(key_of(kOne)).view()), kGenerator);
  EXPECT_EQ(to_hex(public_key(key_of(kOrderMinusOne)).view()), std::string("03") + kGenerator);
  EXPECT_EQ(to_hex(x_only(key_of(kOrderMinusOne)).view()), kGenerator);
}

TEST(PublicKey, ParsesToTheSamePointAndBack) {
  for (u64 i = 0; i < 20; ++i) {
    const SecretKey key = numbered_key(i);
    const auto parsed = ParsedKey::from(public_key(key));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, parsed_key(key));
    EXPECT_EQ(parsed->compressed(), public_key(key));
    EXPECT_EQ(address_of(*parsed), address_of(public_key(key)));
    EXPECT_EQ(address_of(key), address_of(*parsed));
  }
}

TEST(PublicKey, ThatIsNoPointIsRefused) {
  PublicKey key = public_key(key_of(kOne));
  key.bytes[0] = 4;
  EXPECT_FALSE(ParsedKey::from(key));
  EXPECT_FALSE(address_of(key));
  key = {};
  EXPECT_FALSE(ParsedKey::from(key));
  key.bytes[0] = 2;
  key.bytes[32] = 5;  // x = 5 is on no point of the curve
  EXPECT_FALSE(ParsedKey::from(key));
}

TEST(Address, OfWellKnownKeys) {
  EXPECT_EQ(to_eip55(address_of(key_of(kOne))), "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf");
  EXPECT_EQ(to_eip55(address_of(test::cow_key())), "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826");
}

TEST(Address, RoundTripsTheVectorsOfEip55) {
  for (const std::string text :
       {"0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77", "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"}) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_eip55(*address), text);
  }
}

TEST(Address, InMixedCaseMustCarryItsChecksum) {
  EXPECT_TRUE(parse_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));
  EXPECT_TRUE(parse_address("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"));
  EXPECT_FALSE(parse_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
  EXPECT_FALSE(parse_address("0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"));
}

TEST(Address, OfAnotherShapeIsRefused) {
  for (const std::string text :
       {"", "0x", "5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed0",
        "0x0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg",
        " 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"})
    EXPECT_FALSE(parse_address(text)) << text;
}

TEST(KeyTweak, OfTheSecretAndOfThePublicKeyAgree) {
  for (u64 i = 0; i < 20; ++i) {
    const SecretKey key = numbered_key(i);
    const Hash tweak = numbered_hash(i);
    const auto child = seckey_tweak_add(key, tweak.view());
    ASSERT_TRUE(child);
    EXPECT_EQ(pubkey_tweak_add(public_key(key), tweak.view()), public_key(*child));
    EXPECT_NE(public_key(*child), public_key(key));
  }
}

TEST(KeyTweak, WithoutAResultGivesNothing) {
  const SecretKey one = key_of(kOne);
  // 1 + (n − 1) = 0: no key. n is not below n.
  for (const auto& tweak : {hex(kOrderMinusOne), hex(kOrder), Bytes(31, 1), Bytes(33, 1)}) {
    EXPECT_FALSE(seckey_tweak_add(one, tweak));
    EXPECT_FALSE(pubkey_tweak_add(public_key(one), tweak));
  }
  EXPECT_FALSE(pubkey_tweak_add(PublicKey{}, hex(kOne)));
}

TEST(Context, BlindedGivesTheSameResults) {
  const SecretKey key = numbered_key(1);
  const PublicKey before = public_key(key);
  const Signature signature = sign(key, numbered_hash(1));
  EXPECT_FALSE(randomize_context(Bytes(31, 7)));
  ASSERT_TRUE(randomize_context(Bytes(32, 7)));
  EXPECT_EQ(public_key(key), before);
  EXPECT_EQ(sign(key, numbered_hash(1)), signature);
}

TEST(Base58Check, RefusesForeignCharactersWrongChecksumsAndLongTexts) {
  const Bytes payload = {0, 0, 1, 2, 3};
  const std::string text = base58check_encode(payload);
  EXPECT_TRUE(text.starts_with("11"));
  EXPECT_EQ(base58check_decode(text), payload);
  EXPECT_EQ(base58check_decode(base58check_encode({})), Bytes{});
  std::string wrong = text;
  wrong.back() = wrong.back() == '2' ? '3' : '2';
  EXPECT_FALSE(base58check_decode(wrong));
  EXPECT_FALSE(base58check_decode("1" + text));
  EXPECT_FALSE(base58check_decode(text + "0"));
  EXPECT_FALSE(base58check_decode(""));
  EXPECT_FALSE(base58check_decode(std::string(kMaxBase58 + 1, '1')));
}

TEST(Base58Check, HoldsBip32KeysWhosePrivateHalfGivesThePublicOne) {
  MOOT_VECTORS_OR_SKIP(file, "bip32.json");
  int checked = 0;
  const auto json = boost::json::parse(file);
  for (const auto& vector : json.at("vectors").as_array()) {
    for (const auto& chain : vector.at("chains").as_array()) {
      const std::string xprv(chain.at("xprv").as_string());
      const std::string xpub(chain.at("xpub").as_string());
      const auto secret = base58check_decode(xprv);
      const auto open = base58check_decode(xpub);
      ASSERT_TRUE(secret && open && secret->size() == 78 && open->size() == 78);
      EXPECT_EQ(base58check_encode(*secret), xprv);
      EXPECT_EQ(base58check_encode(*open), xpub);
      const auto key = SecretKey::from_bytes(ByteView(*secret).last(32));
      ASSERT_TRUE(key);
      EXPECT_EQ(to_hex(public_key(*key).view()), to_hex(ByteView(*open).last(33)));
      ++checked;
    }
  }
  EXPECT_GE(checked, 17);
}

}  // namespace
}  // namespace moot::crypto
