#include "crypto/merkle.hpp"

#include <gtest/gtest.h>

#include "tests/unit/crypto/test_keys.hpp"
#include "tests/unit/crypto/vectors.hpp"

namespace moot::crypto {
namespace {

using test::numbered_hash;

constexpr std::size_t kSizes = 65;  // past the perfect tree of 64 leaves

const MerkleHasher& hasher() {
  static const MerkleHasher made("moot/test");
  return made;
}

std::vector<Hash> leaves_of(std::size_t size) {
  std::vector<Hash> out;
  for (u64 i = 0; i < size; ++i) out.push_back(numbered_hash(i));
  return out;
}

// MTH of RFC 9162, section 2.1.1, word for word, over plain tagged hashes.
Hash by_definition(std::span<const Hash> leaves) {
  if (leaves.empty()) return tagged_hash("moot/test/empty", {});
  if (leaves.size() == 1) return leaves[0];
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const Hash left = by_definition(leaves.first(split));
  const Hash right = by_definition(leaves.subspan(split));
  Bytes both(left.bytes.begin(), left.bytes.end());
  both.insert(both.end(), right.bytes.begin(), right.bytes.end());
  return tagged_hash("moot/test/node", both);
}

TEST(Merkle, LeavesNodesAndNothingAreHashedUnderTagsOfTheirOwn) {
  const Hash left = numbered_hash(1);
  const Hash right = numbered_hash(2);
  Bytes both(left.bytes.begin(), left.bytes.end());
  both.insert(both.end(), right.bytes.begin(), right.bytes.end());
  EXPECT_EQ(hasher().leaf(both), tagged_hash("moot/test/leaf", both));
  EXPECT_EQ(hasher().node(left, right), tagged_hash("moot/test/node", both));
  EXPECT_NE(hasher().leaf(both), hasher().node(left, right));
  EXPECT_NE(hasher().leaf({}), hasher().empty());
}

TEST(Merkle, RootsFollowTheDefinition) {
  for (std::size_t size = 0; size <= kSizes; ++size) {
    const auto leaves = leaves_of(size);
    ASSERT_EQ(merkle_root(hasher(), leaves), by_definition(leaves)) << size;
  }
}

TEST(Merkle, PeaksHaveTheRootOfTheListAtEverySize) {
  Peaks peaks;
  const auto leaves = leaves_of(kSizes);
  for (std::size_t size = 0; size <= kSizes; ++size) {
    ASSERT_EQ(peaks.size(), size);
    ASSERT_EQ(peaks.root(hasher()), by_definition(std::span(leaves).first(size))) << size;
    const auto again = decoded<Peaks>(encoded(peaks));
    ASSERT_EQ(again, peaks) << size;
    if (size < kSizes) peaks.append(hasher(), leaves[size]);
  }
}

TEST(Merkle, PeaksWhoseNumberDoesNotFitTheSizeAreRefused) {
  Writer out;
  out.put(u64{3});  // two bits, so two peaks
  encode(out, leaves_of(1));
  EXPECT_FALSE(decoded<Peaks>(out.view()));
  out.clear();
  out.put(u64{3});
  encode(out, leaves_of(2));
  EXPECT_TRUE(decoded<Peaks>(out.view()));
  out.put(u8{0});
  EXPECT_FALSE(decoded<Peaks>(out.view()));
}

TEST(Merkle, EveryLeafOfEverySizeProvesItsPlace) {
  for (std::size_t size = 1; size <= kSizes; ++size) {
    const auto leaves = leaves_of(size);
    const Hash root = by_definition(leaves);
    for (u64 index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(hasher(), leaves, index);
      const InclusionClaim claim{.leaf = leaves[index], .index = index, .size = size, .root = root};
      ASSERT_TRUE(verify_inclusion(hasher(), claim, proof)) << index << " of " << size;
    }
  }
}

TEST(Merkle, AProofHoldsForNoOtherLeafIndexRootOrPath) {
  for (const std::size_t size : {1U, 2U, 3U, 5U, 7U, 8U, 13U, 32U, 33U}) {
    const auto leaves = leaves_of(size);
    const Hash root = by_definition(leaves);
    for (u64 index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(hasher(), leaves, index);
      const InclusionClaim claim{.leaf = leaves[index], .index = index, .size = size, .root = root};
      const auto refused = [&](InclusionClaim changed, std::span<const Hash> path) {
        return !verify_inclusion(hasher(), changed, path);
      };
      InclusionClaim wrong = claim;
      wrong.leaf = numbered_hash(1'000);
      ASSERT_TRUE(refused(wrong, proof));
      wrong = claim;
      wrong.root = numbered_hash(1'000);
      ASSERT_TRUE(refused(wrong, proof));
      for (u64 other = 0; other <= size; ++other) {
        wrong = claim;
        wrong.index = other;
        if (other != index) ASSERT_TRUE(refused(wrong, proof)) << index << " as " << other << " of " << size;
      }
      for (std::size_t i = 0; i < proof.size(); ++i) {
        MerkleProof changed = proof;
        changed[i].bytes[31] ^= 1;
        ASSERT_TRUE(refused(claim, changed));
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        ASSERT_TRUE(refused(claim, changed));
      }
      MerkleProof longer = proof;
      longer.push_back(numbered_hash(0));
      ASSERT_TRUE(refused(claim, longer));
    }
  }
  EXPECT_FALSE(verify_inclusion(hasher(), {.leaf = {}, .index = 0, .size = 0, .root = hasher().empty()}, {}));
}

TEST(Merkle, EveryTreeProvesEveryEarlierOneToBeItsPrefix) {
  const auto leaves = leaves_of(kSizes);
  std::vector<Hash> roots;
  for (std::size_t size = 0; size <= kSizes; ++size)
    roots.push_back(by_definition(std::span(leaves).first(size)));
  for (u64 size = 0; size <= kSizes; ++size) {
    for (u64 old = 0; old <= size; ++old) {
      const auto proof = consistency_proof(hasher(), std::span(leaves).first(size), old);
      const ConsistencyClaim claim{
          .old_size = old, .old_root = roots[old], .new_size = size, .new_root = roots[size]};
      ASSERT_TRUE(verify_consistency(hasher(), claim, proof)) << old << " in " << size;
    }
  }
}

TEST(Merkle, AConsistencyProofHoldsForNoOtherTrees) {
  const auto leaves = leaves_of(kSizes);
  const auto root = [&](u64 size) { return by_definition(std::span(leaves).first(size)); };
  for (const u64 size : {1U, 2U, 3U, 6U, 7U, 8U, 21U, 32U, 33U}) {
    for (u64 old = 0; old <= size; ++old) {
      const auto proof = consistency_proof(hasher(), std::span(leaves).first(size), old);
      const ConsistencyClaim claim{
          .old_size = old, .old_root = root(old), .new_size = size, .new_root = root(size)};
      const auto refused = [&](const ConsistencyClaim& changed, std::span<const Hash> path) {
        return !verify_consistency(hasher(), changed, path);
      };
      ConsistencyClaim wrong = claim;
      wrong.old_root = numbered_hash(1'000);
      ASSERT_TRUE(refused(wrong, proof)) << old << " in " << size;
      wrong = claim;
      wrong.new_root = numbered_hash(1'000);
      if (old != 0) ASSERT_TRUE(refused(wrong, proof)) << old << " in " << size;
      wrong = claim;
      wrong.old_size = size + 1;
      ASSERT_TRUE(refused(wrong, proof));
      for (std::size_t i = 0; i < proof.size(); ++i) {
        MerkleProof changed = proof;
        changed[i].bytes[0] ^= 1;
        ASSERT_TRUE(refused(claim, changed));
        changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
        ASSERT_TRUE(refused(claim, changed));
      }
      MerkleProof longer = proof;
      longer.push_back(numbered_hash(0));
      ASSERT_TRUE(refused(claim, longer));
      if (old != 0 && old != size) ASSERT_TRUE(refused(claim, {}));
    }
  }
}

}  // namespace
}  // namespace moot::crypto
