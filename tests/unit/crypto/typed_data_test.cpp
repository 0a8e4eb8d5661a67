#include "crypto/typed_data.hpp"

#include <gtest/gtest.h>

#include "crypto/ecdsa.hpp"
#include "crypto/typed_value.hpp"
#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using V = TypedValue;

std::string hex_of(const std::expected<Hash, TypedDataError>& hash) {
  return hash ? to_hex(hash->view()) : std::string(text(hash.error()));
}

// The example of EIP-712 itself.
TypedPayload mail() {
  return {
      .types = {{"EIP712Domain",
                 {{"name", "string"},
                  {"version", "string"},
                  {"chainId", "uint256"},
                  {"verifyingContract", "address"}}},
                {"Person", {{"name", "string"}, {"wallet", "address"}}},
                {"Mail", {{"from", "Person"}, {"to", "Person"}, {"contents", "string"}}}},
      .primary_type = "Mail",
      .domain = V::structure({{"name", V::text("Ether Mail")},
                              {"version", V::text("1")},
                              {"chainId", V::number(1)},
                              {"verifyingContract", V::text("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC")}}),
      .message = V::structure(
          {{"from", V::structure({{"name", V::text("Cow")},
                                  {"wallet", V::text("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")}})},
           {"to", V::structure({{"name", V::text("Bob")},
                                {"wallet", V::text("0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB")}})},
           {"contents", V::text("Hello, Bob!")}})};
}

TEST(TypedData, GivesTheNumbersOfTheEip712Example) {
  const TypedPayload payload = mail();
  const auto encoded = encode_type(payload.types, "Mail");
  ASSERT_TRUE(encoded);
  EXPECT_EQ(*encoded, "Mail(Person from,Person to,string contents)Person(string name,address wallet)");
  EXPECT_EQ(to_hex(type_hash(*encoded).view()),
            "a0cedeb2dc280ba39b857546d74f5549c3a1d7bdc2dd96bf881f76108e23dac2");
  EXPECT_EQ(hex_of(hash_struct(payload.types, "EIP712Domain", payload.domain)),
            "f2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f");
  EXPECT_EQ(hex_of(hash_struct(payload.types, "Mail", payload.message)),
            "c52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e");
  const auto digest = typed_data_digest(payload);
  EXPECT_EQ(hex_of(digest), "be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2");
  EXPECT_EQ(recover(sign(test::cow_key(), *digest), *digest), parsed_key(test::cow_key()));
}

TEST(TypedData, GivesTheTypeHashesOfOthers) {
  EXPECT_EQ(to_hex(type_hash("EIP712Domain(string name,string version,bytes32 salt)").view()),
            "599a80fcaa47b95e2323ab4d34d34e0cc9feda4b843edafcc30c7bdf60ea15bf");
  EXPECT_EQ(to_hex(type_hash("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)").view()),
            "f2aad550cf55f045cb27e9c559f9889fdfb6e6cdaa032301d6ea397784ae51d7");
  EXPECT_EQ(to_hex(type_hash("Delegation(address delegatee,uint256 nonce,uint256 expiry)").view()),
            "e48329057bfd03d55e49b547132e39cffd9c1820ad7b9d4c5307691425d15adf");
}

Hash test_salt() {
  return test::hash_of_hex("5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
}

const std::vector<TypedField> kDomainFields = {
    {"name", "string"}, {"version", "string"}, {"salt", "bytes32"}};
V test_domain() {
  return V::structure(
      {{"name", V::text("Moot")}, {"version", V::text("1")}, {"salt", V::bytes(test_salt().view())}});
}

// The expected numbers of the next two were made by ethers 6.
TEST(TypedData, OfEveryKindOfTypeIsWhatEthersGives) {
  const TypedTypes types = {{"EIP712Domain", kDomainFields},
                            {"Everything",
                             {{"flag", "bool"},
                              {"small", "uint8"},
                              {"large", "uint256"},
                              {"low", "int8"},
                              {"deep", "int256"},
                              {"who", "address"},
                              {"tag", "bytes4"},
                              {"digest", "bytes32"},
                              {"blob", "bytes"},
                              {"words", "string[]"},
                              {"grid", "int16[2][]"},
                              {"part", "Part"},
                              {"parts", "Part[]"}}},
                            {"Part", {{"leafs", "Leaf[2]"}, {"n", "uint64"}}},
                            {"Leaf", {{"text", "string"}}}};
  const auto leaf = [](const char* utf8) { return V::structure({{"text", V::text(utf8)}}); };
  const auto part = [&](const char* first, const char* second, u64 n) {
    return V::structure({{"leafs", V::array({leaf(first), leaf(second)})}, {"n", V::number(n)}});
  };
  const V message = V::structure({
      {"flag", V::boolean(true)},
      {"small", V::number(255)},
      {"large", V::text("115792089237316195423570985008687907853269984665640564039457584007913129639935")},
      {"low", V::text("-128")},
      {"deep", V::text("-57896044618658097711785492504343953926634992332820282019728792003956564819968")},
      {"who", V::text("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826")},
      {"tag", V::text("0x01020304")},
      {"digest", V::bytes(Bytes(32, 0xab))},
      {"blob", V::text("0x00ff")},
      {"words", V::array({V::text(""), V::text("\u00e9\u00e9n"), V::text("two")})},
      {"grid",
       V::array({V::array({V::text("-1"), V::text("1")}), V::array({V::text("-32768"), V::text("32767")})})},
      {"part", part("a", "b", 1)},
      {"parts", V::array({part("c", "d", 2), part("e", "f", ~u64{0})})},
  });
  EXPECT_EQ(hex_of(hash_struct(types, "EIP712Domain", test_domain())),
            "2885a41c5671a6c85567b3f297db33ff07acfd034354490f68b76479c77e4621");
  EXPECT_EQ(hex_of(hash_struct(types, "Everything", message)),
            "eb45f38272a7880c0116a5ca01a4fc560f507ec6849ccfed74033430629550d4");
  EXPECT_EQ(hex_of(typed_data_digest({types, "Everything", test_domain(), message})),
            "332832519183bd8f1a39a888e6a07efff0236fe69ffe424bf26e5f4cf62aca5a");
}

const char* const kVoteType =
    "Vote(string organisation,uint64 proposal,bytes32 proposalHash,string choice,address voter,uint128 "
    "amount,bool final)";

TEST(TypedData, OnTheFastPathIsWhatEthersGivesAndSigns) {
  const Address voter = parse_address("0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826").value();
  const Hash separator = domain_separator({.name = "Moot", .version = "1", .salt = test_salt()});
  EXPECT_EQ(to_hex(separator.view()), "2885a41c5671a6c85567b3f297db33ff07acfd034354490f68b76479c77e4621");
  const Hash vote = StructHasher(type_hash(kVoteType))
                        .text("Coop")
                        .add(u64{7})
                        .add(test::hash_of_hex(std::string(64, '1')))
                        .text("For")
                        .add(voter)
                        .add(kMaxU128)
                        .add(true)
                        .finish();
  const Hash digest = typed_data_digest(separator, vote);
  EXPECT_EQ(to_hex(digest.view()), "a1479dc17fbf4cdeb4545433cf7bc42acea59bd0a0e400ab7388e9bfd5f0059d");
  EXPECT_EQ(to_hex(with_ethereum_v(sign(test::cow_key(), digest))),
            "f6ece82eaac040326cd0d2e4c0157cab6019eb55e1e88e5412ebe3f4938f4fbf"
            "4a4ebf143a1a1786a6dcc74683a0b870b9377518c2d073ae1b4562f3516fe4d11b");
}

std::string decimal(u128 value) {
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return out;
}

TEST(TypedData, OnTheFastPathEqualsTheGeneralEncoder) {
  const TypedTypes types = {{"Member", {{"who", "address"}, {"units", "uint64"}}},
                            {"Admit",
                             {{"note", "string"},
                              {"blob", "bytes"},
                              {"flag", "bool"},
                              {"kind", "uint8"},
                              {"amount", "uint128"},
                              {"digest", "bytes32"},
                              {"members", "Member[]"},
                              {"names", "string[]"}}}};
  const Hash member_type = type_hash(encode_type(types, "Member").value());
  const Hash admit_type = type_hash(encode_type(types, "Admit").value());
  SeededRandom random(11);
  for (int round = 0; round < 200; ++round) {
    const std::string note(random.below(90), static_cast<char>('a' + random.below(26)));
    Bytes blob(random.below(200));
    random.fill(blob);
    const bool flag = random.below(2) == 1;
    const u8 kind = static_cast<u8>(random.next());
    const u128 amount = static_cast<u128>(random.next()) << 64 | random.next();
    const Hash digest = test::numbered_hash(random.next());
    V::Array members;
    V::Array names;
    ArrayHasher fast_members;
    ArrayHasher fast_names;
    for (u64 i = random.below(5); i > 0; --i) {
      Address who;
      random.fill(who.bytes);
      const u64 units = random.next();
      members.push_back(V::structure({{"who", V::bytes(who.view())}, {"units", V::number(units)}}));
      fast_members.add(StructHasher(member_type).add(who).add(Units{units}).finish());
      names.push_back(V::text(std::string(i, 'n')));
      fast_names.text(std::string(i, 'n'));
    }
    const V value = V::structure({{"note", V::text(note)},
                                  {"blob", V::bytes(blob)},
                                  {"flag", V::boolean(flag)},
                                  {"kind", V::number(kind)},
                                  {"amount", V::text(decimal(amount))},
                                  {"digest", V::bytes(digest.view())},
                                  {"members", V::array(members)},
                                  {"names", V::array(names)}});
    const Hash fast = StructHasher(admit_type)
                          .text(note)
                          .blob(blob)
                          .add(flag)
                          .add(kind)
                          .add(Amount{amount})
                          .add(digest)
                          .add(fast_members.finish())
                          .add(fast_names.finish())
                          .finish();
    ASSERT_EQ(hash_struct(types, "Admit", value), fast) << "seed 11, round " << round;
  }
}

TEST(TypedData, RefusesValuesThatDoNotFitTheirTypes) {
  struct Case {
    std::string type;
    V value;
    std::optional<TypedDataError> refused;
  };
  constexpr auto kWrong = TypedDataError::wrong_value;
  constexpr auto kUnknown = TypedDataError::unknown_type;
  const std::string two_to_256 =
      "115792089237316195423570985008687907853269984665640564039457584007913129639936";
  const std::vector<Case> cases = {
      {"uint8", V::text("255"), {}},
      {"uint8", V::text("256"), kWrong},
      {"uint8", V::text("-1"), kWrong},
      {"uint8", V::text(""), kWrong},
      {"uint8", V::text("0x1"), kWrong},
      {"uint8", V::text(" 1"), kWrong},
      {"uint256", V::text(two_to_256), kWrong},
      {"uint256", V::text(std::string(79, '0')), kWrong},
      {"int8", V::text("127"), {}},
      {"int8", V::text("128"), kWrong},
      {"int8", V::text("-128"), {}},
      {"int8", V::text("-129"), kWrong},
      {"int8", V::text("-0"), {}},
      {"int8", V::text("-"), kWrong},
      {"int256", V::text(two_to_256), kWrong},
      {"int256",
       V::text("57896044618658097711785492504343953926634992332820282019728792003956564819967"),
       {}},
      {"int256", V::text("57896044618658097711785492504343953926634992332820282019728792003956564819968"),
       kWrong},
      {"int256", V::text("-57896044618658097711785492504343953926634992332820282019728792003956564819969"),
       kWrong},
      {"uint", V::text("1"), kUnknown},
      {"uint7", V::text("1"), kUnknown},
      {"uint264", V::text("1"), kUnknown},
      {"uint08", V::text("1"), kUnknown},
      {"bytes0", V::text("0x"), kUnknown},
      {"bytes33", V::bytes(Bytes(33)), kUnknown},
      {"bytes4", V::text("0x010203"), kWrong},
      {"bytes4", V::text("01020304"), kWrong},
      {"bytes", V::text("0x123"), kWrong},
      {"address", V::bytes(Bytes(19)), kWrong},
      {"bool", V::text("true"), kWrong},
      {"string", V::boolean(true), kWrong},
      {"float", V::text("1"), kUnknown},
      {"string[2]", V::array({V::text("a")}), TypedDataError::array_length},
      {"string[]", V::text("a"), kWrong},
      {"string[x]", V::array({}), kUnknown},
      {"[]", V::array({}), kUnknown},
      {"string[]", V::array({}), {}},
  };
  for (const auto& row : cases) {
    const TypedTypes types = {{"T", {{"x", row.type}}}};
    const auto hash = hash_struct(types, "T", V::structure({{"x", row.value}}));
    EXPECT_EQ(hash.has_value(), !row.refused) << row.type << ' ' << hex_of(hash);
    if (row.refused && !hash) EXPECT_EQ(hash.error(), *row.refused) << row.type;
  }
}

TEST(TypedData, RefusesMissingAndSpareFieldsAndUnknownStructs) {
  const TypedTypes types = {{"T", {{"x", "bool"}}}};
  const V flag = V::boolean(true);
  EXPECT_TRUE(hash_struct(types, "T", V::structure({{"x", flag}})));
  EXPECT_EQ(hash_struct(types, "T", V::structure({})), std::unexpected(TypedDataError::field_mismatch));
  EXPECT_EQ(hash_struct(types, "T", V::structure({{"y", flag}})),
            std::unexpected(TypedDataError::field_mismatch));
  EXPECT_EQ(hash_struct(types, "T", V::structure({{"x", flag}, {"y", flag}})),
            std::unexpected(TypedDataError::field_mismatch));
  EXPECT_EQ(hash_struct(types, "U", V::structure({})), std::unexpected(TypedDataError::unknown_type));
  EXPECT_EQ(hash_struct(types, "T", flag), std::unexpected(TypedDataError::wrong_value));
}

TEST(TypedData, OfARecursiveTypeEndsAtItsBound) {
  const TypedTypes types = {{"Node", {{"next", "Node[]"}}}};
  EXPECT_EQ(encode_type(types, "Node"), "Node(Node[] next)");
  const auto chain = [](std::size_t length) {
    V out = V::structure({{"next", V::array({})}});
    for (std::size_t i = 1; i < length; ++i) out = V::structure({{"next", V::array({std::move(out)})}});
    return out;
  };
  EXPECT_TRUE(hash_struct(types, "Node", chain(10)));
  EXPECT_EQ(hash_struct(types, "Node", chain(100)), std::unexpected(TypedDataError::too_deep));
}

}  // namespace
}  // namespace moot::crypto
