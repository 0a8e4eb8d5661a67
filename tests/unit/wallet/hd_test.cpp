// BIP-32 against its published vectors, and the path of Ethereum wallets.
#include "wallet/hd.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/unit/crypto/vectors.hpp"
#include "tests/unit/wallet/support.hpp"
#include "wallet/mnemonic.hpp"

namespace moot::wallet {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) { return std::string(value.as_string()); }

TEST(Hd, DerivesThePublishedChains) {
  MOOT_VECTORS_OR_SKIP(file, "bip32.json");
  const auto vectors = json::parse(file);
  std::size_t checked = 0;
  for (const auto& vector : vectors.at("vectors").as_array()) {
    const auto master = ExtendedKey::master(moot::test::hex(text_of(vector.at("seed"))));
    ASSERT_TRUE(master.has_value());
    for (const auto& chain : vector.at("chains").as_array()) {
      const auto path = parse_path(text_of(chain.at("path")));
      ASSERT_TRUE(path.has_value()) << chain.at("path");
      const auto key = master->derive(*path);
      ASSERT_TRUE(key.has_value());
      EXPECT_EQ(key->to_xprv(), text_of(chain.at("xprv")));
      EXPECT_EQ(key->neutered().to_xpub(), text_of(chain.at("xpub")));
      EXPECT_EQ(ExtendedKey::from_xprv(text_of(chain.at("xprv")))->to_xprv(), text_of(chain.at("xprv")));
      EXPECT_EQ(ExtendedPublicKey::from_xpub(text_of(chain.at("xpub")))->to_xpub(),
                text_of(chain.at("xpub")));
      ++checked;
    }
  }
  EXPECT_GE(checked, 17U);
}

TEST(Hd, RefusesThePublishedInvalidKeys) {
  MOOT_VECTORS_OR_SKIP(file, "bip32.json");
  const auto vectors = json::parse(file);
  ASSERT_GE(vectors.at("invalid").as_array().size(), 16U);
  for (const auto& invalid : vectors.at("invalid").as_array()) {
    EXPECT_FALSE(ExtendedKey::from_xprv(text_of(invalid.at("key"))).has_value()) << invalid.at("why");
    EXPECT_FALSE(ExtendedPublicKey::from_xpub(text_of(invalid.at("key"))).has_value()) << invalid.at("why");
  }
}

TEST(Hd, PublicDerivationAgreesWithPrivate) {
  const auto master = ExtendedKey::master(Bytes(32, 7));
  for (const u32 number : {0U, 1U, kHardened - 1})
    EXPECT_EQ(master->neutered().child(number)->to_xpub(), master->child(number)->neutered().to_xpub());
  EXPECT_FALSE(master->neutered().child(kHardened).has_value());
}

TEST(Hd, TheTestPhraseGivesTheAddressesEveryWalletShows) {
  const auto seed = mnemonic_seed(*parse_mnemonic(test::kPhrase), "");
  const auto master = ExtendedKey::master(seed->view());
  const auto address = [&](u32 index) {
    return crypto::to_eip55(crypto::address_of(master->derive(ethereum_path(index))->key));
  };
  EXPECT_EQ(address(0), test::kFirstAddress);
  EXPECT_EQ(address(1), test::kSecondAddress);
}

TEST(Hd, PathsAreReadAndWritten) {
  EXPECT_EQ(to_text(ethereum_path(5)), "m/44'/60'/0'/0/5");
  EXPECT_EQ(parse_path("m/44'/60h/0H/0/5"), ethereum_path(5));
  EXPECT_EQ(parse_path("m"), DerivationPath{});
  EXPECT_EQ(parse_path("m/2147483647'"), DerivationPath{~u32{0}});
}

TEST(Hd, MalformedPathsAreRefused) {
  std::string deep = "m";
  for (int i = 0; i < 256; ++i) deep += "/0";
  for (const std::string path : {"", "/", "m/", "44'/60'", "m//0", "m/0/", "m/-1", "m/+1", "m/ 1", "m/0x1",
                                 "m/2147483648", "m/99999999999", "m/'", "m/1''", "M/0", deep.c_str()}) {
    const auto parsed = parse_path(path);
    ASSERT_FALSE(parsed.has_value()) << path;
    EXPECT_EQ(parsed.error().code, ExitCode::usage);
  }
}

TEST(Hd, SeedsOutsideSixteenToSixtyFourBytesAreRefused) {
  for (const std::size_t size : {0, 15, 65}) EXPECT_FALSE(ExtendedKey::master(Bytes(size, 1)).has_value());
  for (const std::size_t size : {16, 64}) EXPECT_TRUE(ExtendedKey::master(Bytes(size, 1)).has_value());
}

TEST(Hd, TheLastDepthHasNoChildren) {
  auto key = ExtendedKey::master(Bytes(32, 1));
  for (int depth = 0; depth < 255; ++depth) key = key->child(0);
  ASSERT_EQ(key->meta.depth, 255);
  EXPECT_FALSE(key->child(0).has_value());
  EXPECT_FALSE(key->neutered().child(0).has_value());
}

}  // namespace
}  // namespace moot::wallet
