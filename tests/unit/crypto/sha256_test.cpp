#include "crypto/sha256.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "crypto/sha256_kernel.hpp"
#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using test::hash_of_hex;
using test::numbered_hash;

Bytes random_message(SeededRandom& random, std::size_t size) {
  Bytes out(size);
  random.fill(out);
  return out;
}

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(sha256({}).view()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256(as_bytes("abc")).view()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).view()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(to_hex(sha256(Bytes(1'000'000, 'a')).view()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DoesNotSeeWhereTheMessageWasCut) {
  SeededRandom random(1);
  for (std::size_t size = 0; size <= 200; ++size) {
    const Bytes message = random_message(random, size);
    const Hash whole = sha256(message);
    const std::size_t cut = random.below(size + 1);
    Sha256 pieces;
    pieces.update(ByteView(message).first(cut));
    pieces.update(ByteView(message).subspan(cut));
    ASSERT_EQ(pieces.finish(), whole) << size << " cut at " << cut;
    Sha256 single;
    for (const u8& byte : message) single.update(ByteView(&byte, 1));
    ASSERT_EQ(single.finish(), whole) << size;
  }
}

TEST(TaggedHash, IsSha256OfTheTagsDigestTwiceAndTheMessage) {
  SeededRandom random(2);
  for (const std::string tag : {"", "moot/genesis", "BIP0340/challenge",
                                "a tag longer than one block of sixty-four bytes, as it happens"}) {
    const TaggedHasher hasher(tag);
    for (std::size_t size = 0; size <= 150; ++size) {
      const Bytes message = random_message(random, size);
      const Hash name = sha256(as_bytes(tag));
      Bytes whole(name.bytes.begin(), name.bytes.end());
      whole.insert(whole.end(), name.bytes.begin(), name.bytes.end());
      whole.insert(whole.end(), message.begin(), message.end());
      const Hash expected = sha256(whole);
      ASSERT_EQ(hasher(message), expected);
      ASSERT_EQ(tagged_hash(tag, message), expected);
      const std::size_t cut = random.below(size + 1);
      ASSERT_EQ(hasher(ByteView(message).first(cut), ByteView(message).subspan(cut)), expected);
    }
  }
}

TEST(TaggedHash, OfAPairIsTheHashOfBothSidesInOrder) {
  const TaggedHasher hasher("moot/test/node");
  const Hash left = numbered_hash(1);
  const Hash right = numbered_hash(2);
  EXPECT_EQ(hasher.pair(left, right), hasher(left.view(), right.view()));
  EXPECT_NE(hasher.pair(left, right), hasher.pair(right, left));
  EXPECT_NE(hasher.pair(left, right), TaggedHasher("moot/test/leaf").pair(left, right));
}

TEST(TaggedHash, OfALevelIsThePairHashesInOrderAlsoInPlace) {
  const TaggedHasher hasher("moot/test/node");
  for (std::size_t count = 0; count <= 19; ++count) {
    std::vector<Hash> in;
    for (u64 i = 0; i < 2 * count; ++i) in.push_back(numbered_hash(i));
    std::vector<Hash> out(count);
    hasher.pairs(in, out);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(out[i], hasher(in[2 * i].view(), in[2 * i + 1].view()));
    hasher.pairs(in, std::span(in).first(count));
    ASSERT_TRUE(std::equal(out.begin(), out.end(), in.begin())) << count;
  }
}

TEST(Sha256Kernel, WithShaInstructionsEqualsThePortableOne) {
  const kernel::Kernel* fast = kernel::sha_ni();
  if (fast == nullptr) GTEST_SKIP() << "this processor has no SHA instructions";
  SeededRandom random(3);
  for (std::size_t blocks = 0; blocks <= 9; ++blocks) {
    const Bytes data = random_message(random, 64 * blocks);
    Sha256State one;
    for (u32& word : one) word = static_cast<u32>(random.next());
    Sha256State two = one;
    fast->compress(one, data.data(), blocks);
    kernel::portable().compress(two, data.data(), blocks);
    ASSERT_EQ(one, two) << blocks;
  }
  for (std::size_t count = 0; count <= 21; ++count) {
    std::vector<Hash> in(2 * count);
    for (Hash& hash : in) random.fill(hash.bytes);
    std::vector<Hash> one(count);
    std::vector<Hash> two(count);
    fast->pairs(kernel::kInitial, in.data(), one.data(), count);
    kernel::portable().pairs(kernel::kInitial, in.data(), two.data(), count);
    ASSERT_EQ(one, two) << count;
  }
}

// Sizes around a block and around the room that padding needs; counts around the number of lanes.
TEST(TaggedHash, OfMessagesOfOneSizeAreTheHashesOneByOne) {
  const TaggedHasher hasher("moot/test");
  SeededRandom random(4);
  for (const std::size_t size : {0, 1, 40, 55, 56, 63, 64, 65, 119, 120, 128, 200, 256}) {
    for (std::size_t count = 0; count <= 9; ++count) {
      std::vector<Bytes> messages;
      for (std::size_t i = 0; i < count; ++i) messages.push_back(random_message(random, size));
      std::vector<Hash> hashes(count);
      std::vector<const u8*> data;
      std::vector<Hash*> out;
      for (std::size_t i = 0; i < count; ++i) {
        data.push_back(messages[i].data());
        out.push_back(&hashes[count - 1 - i]);
      }
      hasher.each(data, size, out);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(hashes[count - 1 - i], hasher(messages[i])) << size << " bytes, " << count;
      kernel::portable().each(kernel::kInitial, {data.data(), size, out.data(), count});
      const std::vector<Hash> portable = hashes;
      kernel::best().each(kernel::kInitial, {data.data(), size, out.data(), count});
      ASSERT_EQ(hashes, portable) << size << " bytes, " << count;
    }
  }
}

}  // namespace
}  // namespace moot::crypto
