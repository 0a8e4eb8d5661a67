// BIP-39. The expected phrases and seeds were computed by python3-mnemonic, an implementation apart from this one.
#include "wallet/mnemonic.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/sha256.hpp"
#include "tests/unit/crypto/vectors.hpp"
#include "tests/unit/wallet/support.hpp"

namespace moot::wallet {
namespace {

struct Golden {
  const char* entropy;
  const char* phrase;
  const char* seed;  // with the passphrase TREZOR
};

constexpr Golden kGolden[] = {
    {"00000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
     "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3"
     "c4ab7c81b"
     "2f001698e7463b04"},
    {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
     "legal winner thank year wave sausage worth useful legal winner thank yellow",
     "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069be3a3a5b"
     "d381ee626"
     "0e8d9739fce1f607"},
    {"0000000000000000000000000000000000000000",
     "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
     "abandon abandon "
     "address",
     "fa08713f46bf5cb48728ceb70e3aae1bc53c5cb7b4e29c5610261d1cbb7be3bed4d805256fec515754d2be35974fc5da678168e"
     "9d9bb0cb7"
     "0948026923b0def3"},
    {"808080808080808080808080808080808080808080808080",
     "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor "
     "acoustic avoid "
     "letter always",
     "107d7c02a5aa6f38c58083ff74f04c607c2d2c0ecc55501dadd72d025b751bc27fe913ffb796f841c49b1d33b610cf0e91d3aa2"
     "39027f5e9"
     "9fe4ce9e5088cd65"},
    {"7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
     "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful "
     "legal winner "
     "thank year viable",
     "99c0597b2bef5ca4859e21075fee0fc931747a30469b6f564d95f74913c357aceb55221b4f4fe6965e871340b45754b1ae59e53"
     "da1797b69"
     "b30c5fa40ec105b8"},
    {"f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
     "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen "
     "patrol group "
     "space point ten exist slush involve unfold",
     "01f5bced59dec48e362f2c45b5de68b9fd6c92c6634f44d6d40aab69056506f0e35524a518034ddc1192e1dacd32c1ed3eaa3c3"
     "b131c88ed"
     "8e7e54c49a5d0998"},
};

TEST(Mnemonic, EntropyWordsAndSeedAgreeWithAnotherImplementation) {
  for (const auto& golden : kGolden) {
    const auto phrase = mnemonic_from_entropy(moot::test::hex(golden.entropy));
    EXPECT_EQ(phrase.view(), golden.phrase);
    EXPECT_EQ(to_hex(mnemonic_entropy(phrase)->view()), golden.entropy);
    EXPECT_EQ(to_hex(mnemonic_seed(phrase, "TREZOR")->view()), golden.seed);
  }
}

TEST(Mnemonic, TheListIsThePublishedOne) {
  std::string text;
  for (std::size_t i = 0; i < kMnemonicWordList; ++i) text += std::string(mnemonic_word(i)) + "\n";
  EXPECT_EQ(to_hex(crypto::sha256(as_bytes(text)).view()),
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda");
}

TEST(Mnemonic, EveryWordIsFoundAtItsPlaceAndNoOther) {
  for (std::size_t i = 0; i < kMnemonicWordList; ++i) EXPECT_EQ(mnemonic_index(mnemonic_word(i)), i);
  for (const char* word : {"", "aband", "abandons", "Abandon", "zzz"})
    EXPECT_EQ(mnemonic_index(word), std::nullopt);
}

TEST(Mnemonic, SpacesLinesAndCapitalsDoNotMatter) {
  const auto parsed =
      parse_mnemonic("  Test\ttest TEST test test test\r\n test test test test test junk\n\n");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->view(), test::kPhrase);
}

TEST(Mnemonic, AWrongLengthSaysHowManyWordsThereAre) {
  EXPECT_NE(parse_mnemonic("abandon abandon about").error().what.find("here are 3"), std::string::npos);
  EXPECT_FALSE(parse_mnemonic("").has_value());
  std::string many;
  for (int i = 0; i < 500; ++i) many += "abandon ";
  EXPECT_NE(parse_mnemonic(many).error().what.find("there are more"), std::string::npos);
}

TEST(Mnemonic, AnUnknownWordIsNamedByPositionAndNotRepeated) {
  const auto parsed = parse_mnemonic("test test test test test test secretword test test test test junk");
  ASSERT_FALSE(parsed.has_value());
  EXPECT_NE(parsed.error().what.find("number 7"), std::string::npos);
  EXPECT_EQ(sentence(parsed.error()).find("secretword"), std::string::npos);
}

TEST(Mnemonic, AWrongChecksumIsRefused) {
  EXPECT_FALSE(parse_mnemonic("test test test test test test test test test test test test").has_value());
  EXPECT_FALSE(parse_mnemonic("zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo").has_value());
}

TEST(Mnemonic, APassphraseOutsideAsciiIsRefused) {
  const auto phrase = parse_mnemonic(test::kPhrase);
  EXPECT_TRUE(mnemonic_seed(*phrase, "plain ASCII ~!").has_value());
  for (const char* passphrase : {"Zürich", "メートル", "line\nbreak", "\x7f"})
    EXPECT_FALSE(mnemonic_seed(*phrase, passphrase).has_value());
}

TEST(Mnemonic, NewWordsHaveTheLengthAskedForAndDiffer) {
  for (const std::size_t words : {12, 15, 18, 21, 24}) {
    const auto phrase = new_mnemonic(words);
    EXPECT_EQ(std::count(phrase.view().begin(), phrase.view().end(), ' ') + 1, words);
    EXPECT_TRUE(parse_mnemonic(phrase.view()).has_value());
    EXPECT_NE(phrase.view(), new_mnemonic(words).view());
  }
  for (const std::size_t words : {0, 3, 9, 11, 13, 25, 27}) EXPECT_FALSE(is_mnemonic_length(words));
}

RC_GTEST_PROP(Mnemonic, EntropySurvivesTheRoundTripThroughWords, ()) {
  const auto size = *rc::gen::element<std::size_t>(16, 20, 24, 28, 32);
  const auto entropy = *rc::gen::container<Bytes>(size, rc::gen::arbitrary<u8>());
  const auto parsed = parse_mnemonic(mnemonic_from_entropy(entropy).view());
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(to_hex(mnemonic_entropy(*parsed)->view()) == to_hex(entropy));
}

}  // namespace
}  // namespace moot::wallet
