#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.hpp"

namespace moot {
namespace {

TEST(Hex, IsLowerCaseWithoutAPrefix) { EXPECT_EQ(to_hex(Bytes{0x00, 0xab, 0xff}), "00abff"); }

TEST(Hex, AcceptsEitherCaseAndAPrefix) {
  const Bytes bytes{0xab, 0xcd};
  for (const char* text : {"abcd", "ABCD", "aBcD", "0xabcd", "0XABCD"})
    EXPECT_EQ(from_hex(text), bytes) << text;
  EXPECT_EQ(from_hex(""), Bytes{});
  EXPECT_EQ(from_hex("0x"), Bytes{});
}

TEST(Hex, RefusesOddLengthsAndOtherCharacters) {
  for (const char* text : {"a", "0xa", "0", "zz", "0x0x00", " ab", "ab ", "a b", "-1", "g0", "0g", "ab\n"})
    EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Hex, ReadsAFixedNumberOfBytesOnly) {
  const std::string forty(40, '1');
  EXPECT_TRUE(fixed_from_hex<Address>(forty));
  EXPECT_TRUE(fixed_from_hex<Address>("0x" + forty));
  EXPECT_FALSE(fixed_from_hex<Address>(forty + "11"));
  EXPECT_FALSE(fixed_from_hex<Address>(forty.substr(2)));
  EXPECT_FALSE(fixed_from_hex<Hash>(forty));
}

RC_GTEST_PROP(Hex, ReadsBackWhatItWrote, ()) {
  const auto bytes = *rc::gen::arbitrary<Bytes>();
  RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
}

TEST(Digest, IsZeroOnlyWhenEveryByteIs) {
  Hash hash;
  EXPECT_TRUE(hash.is_zero());
  hash.bytes[31] = 1;
  EXPECT_FALSE(hash.is_zero());
  EXPECT_EQ(hash.as<TxId>().bytes, hash.bytes);
}

}  // namespace
}  // namespace moot
