#include "crypto/keccak.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace moot::crypto {
namespace {

TEST(Keccak256, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(keccak256({}).view()), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_hex(keccak256(as_bytes("abc")).view()),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Keccak256, IsNotSha3) {
  constexpr std::string_view kSha3OfNothing =
      "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a";
  constexpr std::string_view kSha3OfAbc = "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532";
  EXPECT_NE(to_hex(keccak256({}).view()), kSha3OfNothing);
  EXPECT_NE(to_hex(keccak256(as_bytes("abc")).view()), kSha3OfAbc);
}

TEST(Keccak256, DoesNotSeeWhereTheMessageWasCutAndStartsAnewAfterwards) {
  SeededRandom random(1);
  Keccak256 pieces;
  for (std::size_t size = 0; size <= 300; size += 7) {
    Bytes message(size);
    random.fill(message);
    const std::size_t cut = random.below(size + 1);
    pieces.update(ByteView(message).first(cut));
    pieces.update(ByteView(message).subspan(cut));
    ASSERT_EQ(pieces.finish(), keccak256(message)) << size << " cut at " << cut;
  }
}

// Sizes around the rate of 136 bytes; counts around the number of lanes. Crypto++ hashes one at a time and is the judge.
TEST(Keccak256, GivesTheSameDigestsSeveralAtOnce) {
  SeededRandom random(2);
  for (const std::size_t size : {0, 1, 64, 66, 135, 136, 137, 271, 272, 273, 320}) {
    for (std::size_t count = 0; count <= 17; ++count) {
      std::vector<Bytes> messages(count, Bytes(size));
      for (Bytes& message : messages) random.fill(message);
      const std::vector<ByteView> views(messages.begin(), messages.end());
      std::vector<Hash> digests(count);
      keccak256_each(views, digests);
      for (std::size_t i = 0; i < count; ++i)
        ASSERT_EQ(digests[i], keccak256(messages[i])) << size << " bytes, " << i << " of " << count;
    }
  }
}

}  // namespace
}  // namespace moot::crypto
