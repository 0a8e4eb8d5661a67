// The hashes of a Merkle tree in blocks of 32 leaves and five levels, and the hashing of many of them at once.
// MerkleTable (merkle_table.hpp) keeps its tree in them.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/codec.hpp"
#include "crypto/sha256.hpp"
#include "ledger/payloads/common.hpp"

namespace moot::ledger {

inline constexpr unsigned kChunkBits = 5;
inline constexpr unsigned kChunkSize = 1u << kChunkBits;
inline constexpr std::size_t kCacheLine = 64;
inline constexpr unsigned kTreeLevels = 6;                        // of chunks
inline constexpr unsigned kTreeDepth = kTreeLevels * kChunkBits;  // 30: 2^30 records

const crypto::TaggedHasher& node_hasher();
// The root of an all-vacant subtree of that many levels, 0…30.
const Hash& vacant_root(unsigned levels);

// Five levels of a tree over 32 leaves, in heap order: nodes[1] is the root, nodes[32 + i] leaf i.
struct HashBlock {
  std::array<Hash, std::size_t{2} * kChunkSize> nodes{};
  u32 dirty = 0;  // leaves whose hash is out of date

  [[nodiscard]] Hash* leaves() { return nodes.data() + kChunkSize; }
};
// Its leaves are roots of all-vacant subtrees of that many levels.
HashBlock vacant_block(unsigned leaf_levels);

// The same without the leaves, for records whose hashes are made again when they are asked for: half the room.
struct UpperBlock {
  std::array<Hash, kChunkSize> nodes{};
  u32 dirty = 0;
};
UpperBlock vacant_upper_block();

// The leaves of an UpperBlock while it is rehashed.
using LeafHashes = std::array<Hash, kChunkSize>;

// A block with dirty leaves, and where its root belongs in the block above. Hashes of dirty leaves, and of those beside them,
// stand at `leaves`.
struct StaleBlock {
  StaleBlock(HashBlock& block, Hash* root)
      : nodes(block.nodes.data()), leaves(block.leaves()), dirty(&block.dirty), above(root) {}
  StaleBlock(UpperBlock& block, const LeafHashes& hashes, Hash* root)
      : nodes(block.nodes.data()), leaves(hashes.data()), dirty(&block.dirty), above(root) {}

  Hash* nodes;
  const Hash* leaves;
  u32* dirty;
  Hash* above;  // null for the top
};
// Rehashes the paths above the dirty leaves of all these blocks, marks them clean, and hands their roots on.
void rehash(std::span<const StaleBlock> blocks);

// Gathers leaves to be hashed, so that they are hashed several at once.
class LeafBatch {
 public:
  explicit LeafBatch(const crypto::TaggedHasher& hasher) : hasher_(hasher) {}
  ~LeafBatch() { flush(); }
  LeafBatch(const LeafBatch&) = delete;
  LeafBatch& operator=(const LeafBatch&) = delete;

  // The leaf's bytes go to the writer; its hash will stand at `out` when the batch has gone.
  Writer& next(Hash* out) {
    if (out_.size() == kMost) flush();
    begins_.push_back(bytes_.view().size());
    out_.push_back(out);
    return bytes_;
  }

  // Hashes what is gathered.
  void flush();

 private:
  static constexpr std::size_t kMost = 64;

  const crypto::TaggedHasher& hasher_;
  Writer bytes_;
  std::vector<std::size_t> begins_;
  std::vector<Hash*> out_;
};

// Siblings from the leaf up; 30 of them.
struct MerklePath {
  u64 index = 0;
  std::vector<Hash> siblings;
  MOOT_DESCRIBE {
    v("index", self.index);
    v("siblings", self.siblings);
  }
};
// The root that a leaf hash and its path give.
Hash root_from(const Hash& leaf, const MerklePath& path);

}  // namespace moot::ledger
