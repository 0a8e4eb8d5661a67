#include "base/codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace moot {
namespace {

enum class Colour : u8 { red = 1, green = 2 };
constexpr bool is_known(Colour colour) { return colour == Colour::red || colour == Colour::green; }

struct Leaf {
  u16 number = 0;
  std::string name;

  static void describe(auto& self, auto&& visit) {
    visit("number", self.number);
    visit("name", self.name);
  }
  friend bool operator==(const Leaf&, const Leaf&) = default;
};

struct Tree {
  Amount amount;
  MemberId member;
  bool flag = false;
  Colour colour = Colour::red;
  std::optional<u32> maybe;
  std::vector<Leaf> leaves;
  Bytes blob;
  Address address;
  Hash hash;

  static void describe(auto& self, auto&& visit) {
    visit("amount", self.amount);
    visit("member", self.member);
    visit("flag", self.flag);
    visit("colour", self.colour);
    visit("maybe", self.maybe);
    visit("leaves", self.leaves);
    visit("blob", self.blob);
    visit("address", self.address);
    visit("hash", self.hash);
  }
  friend bool operator==(const Tree&, const Tree&) = default;
};

Tree any_tree() {
  Tree tree;
  tree.amount = Amount{static_cast<u128>(*rc::gen::arbitrary<u64>()) << 64 | *rc::gen::arbitrary<u64>()};
  tree.member = MemberId{*rc::gen::arbitrary<u64>()};
  tree.flag = *rc::gen::arbitrary<bool>();
  tree.colour = *rc::gen::element(Colour::red, Colour::green);
  if (*rc::gen::arbitrary<bool>()) tree.maybe = *rc::gen::arbitrary<u32>();
  for (const auto& name : *rc::gen::arbitrary<std::vector<std::string>>())
    tree.leaves.push_back({static_cast<u16>(name.size()), name});
  tree.blob = *rc::gen::arbitrary<Bytes>();
  tree.address.bytes = *rc::gen::arbitrary<std::array<u8, 20>>();
  tree.hash.bytes = *rc::gen::arbitrary<std::array<u8, 32>>();
  return tree;
}

template <class T>
std::string hex_of(const T& value) {
  return to_hex(encoded(value));
}

TEST(Codec, WritesIntegersBigEndianAtTheirWidth) {
  EXPECT_EQ(hex_of(u8{0x12}), "12");
  EXPECT_EQ(hex_of(u16{0x1234}), "1234");
  EXPECT_EQ(hex_of(u32{0x12345678}), "12345678");
  EXPECT_EQ(hex_of(u64{0x123456789abcdef0}), "123456789abcdef0");
  EXPECT_EQ(hex_of(static_cast<u128>(1) << 64 | 2), "00000000000000010000000000000002");
}

TEST(Codec, WritesLengthsOptionalsListsAndRecords) {
  EXPECT_EQ(hex_of(std::string{"ab"}), "000000026162");
  EXPECT_EQ(hex_of(Bytes{7}), "0000000107");
  EXPECT_EQ(hex_of(std::optional<u8>{}), "00");
  EXPECT_EQ(hex_of(std::optional<u8>{9}), "0109");
  EXPECT_EQ(hex_of(std::vector<u16>{1, 2}), "0000000200010002");
  EXPECT_EQ(hex_of(Leaf{1, "x"}), "00010000000178");
  EXPECT_EQ(hex_of(Colour::green), "02");
}

RC_GTEST_PROP(Codec, ReadsBackWhatItWrote, ()) {
  const Tree tree = any_tree();
  RC_ASSERT(decoded<Tree>(encoded(tree)) == tree);
}

RC_GTEST_PROP(Codec, RefusesEveryShorterOrLongerEncoding, ()) {
  Bytes bytes = encoded(any_tree());
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    RC_ASSERT(!decoded<Tree>(ByteView{bytes}.first(cut)).has_value());
  bytes.push_back(0);
  RC_ASSERT(!decoded<Tree>(bytes).has_value());
}

// One value, one encoding: whatever a Reader accepts, a Writer gives back byte for byte.
RC_GTEST_PROP(Codec, AcceptsNoSecondEncoding, ()) {
  Bytes bytes = encoded(any_tree());
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = *rc::gen::arbitrary<u8>();
  const auto tree = decoded<Tree>(bytes);
  if (tree) RC_ASSERT(encoded(*tree) == bytes);
}

TEST(Codec, RefusesABooleanOtherThanZeroOrOne) {
  EXPECT_EQ(decoded<bool>(Bytes{1}), true);
  EXPECT_FALSE(decoded<bool>(Bytes{2}));
  EXPECT_FALSE(decoded<std::optional<u8>>(Bytes{2, 0}));
}

TEST(Codec, RefusesAnUnknownEnumerator) {
  EXPECT_EQ(decoded<Colour>(Bytes{2}), Colour::green);
  EXPECT_FALSE(decoded<Colour>(Bytes{0}));
  EXPECT_FALSE(decoded<Colour>(Bytes{3}));
}

TEST(Codec, RefusesALengthThatCannotFitBeforeAllocating) {
  EXPECT_FALSE(decoded<std::vector<Leaf>>(Bytes{0xff, 0xff, 0xff, 0xff, 1, 2, 3}));
  EXPECT_FALSE(decoded<std::string>(Bytes{0xff, 0xff, 0xff, 0xff, 1}));
}

TEST(Reader, GivesZeroAndStaysBadAfterTheFirstWrongByte) {
  const Bytes bytes{1, 2, 3};
  Reader in(bytes);
  EXPECT_EQ(in.get_uint<u64>(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.get_uint<u8>(), 0);
  EXPECT_EQ(in.left(), 0u);
  EXPECT_FALSE(in.finish());
}

TEST(Reader, FinishesOnlyWhenNothingIsLeft) {
  const Bytes bytes{1, 2};
  Reader in(bytes);
  EXPECT_EQ(in.get_uint<u8>(), 1);
  EXPECT_TRUE(in.ok());
  EXPECT_FALSE(in.finish());
  EXPECT_EQ(in.get_uint<u8>(), 2);
  EXPECT_TRUE(in.finish());
}

TEST(Reader, CountsElementsByTheirSmallestSize) {
  const Bytes two_of_four{0, 0, 0, 2, 9, 9, 9, 9, 9, 9, 9, 9};
  Reader fits(two_of_four);
  EXPECT_EQ(fits.get_count(4), 2u);
  Reader too_many(two_of_four);
  EXPECT_EQ(too_many.get_count(5), 0u);
  EXPECT_FALSE(too_many.ok());
}

}  // namespace
}  // namespace moot
