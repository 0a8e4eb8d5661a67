// A table of records that is its own Merkle tree: position is identity, and copies are O(1).
//
// Records stand in chunks of 32; a chunk holds the five tree levels above its records, and chunks of chunks hold the
// levels above, 30 in all, whatever the size, so that proofs have one shape. Vacant places are 32 zero bytes. A copy
// shares every chunk; the first change after a copy copies one chunk a level. Readers of a copy need no lock.
//
// Record must be Described and name its tag:  static constexpr const char* kLeafTag = "moot/leaf/member";
// Node hash: TH("moot/node", left ‖ right). Leaf hash: TH(kLeafTag, put_leaf(record)).
#pragma once

#include <memory>

#include "base/check.hpp"
#include "base/ref.hpp"
#include "ledger/leaf.hpp"

namespace moot::ledger {

inline constexpr unsigned kChunkBits = 5;
inline constexpr unsigned kChunkSize = 1u << kChunkBits;
inline constexpr unsigned kTreeLevels = 6;                        // of chunks
inline constexpr unsigned kTreeDepth = kTreeLevels * kChunkBits;  // 30: 2^30 records

const crypto::TaggedHasher& node_hasher();
// The root of an all-vacant subtree of that many levels, 0…30.
const Hash& vacant_root(unsigned levels);

// Five levels of a tree over 32 leaves, in heap order: nodes[1] is the root, nodes[32 + i] leaf i.
struct HashBlock {
  std::array<Hash, 2 * kChunkSize> nodes{};
  u32 dirty = 0;  // leaves whose hash is out of date
  // Rehashes the paths above the dirty leaves, whose own hashes are up to date by now, and marks all clean.
  void rehash();
};
HashBlock vacant_block(unsigned leaf_levels);

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

template <class Record>
class MerkleTable {
 public:
  [[nodiscard]] u64 size() const { return size_; }
  [[nodiscard]] bool contains(u64 index) const { return index < size_; }

  // The record at `index` < size().
  const Record& operator[](u64 index) const {
    MOOT_CHECK(index < size_, "record out of range");
    const Chunk* chunk = &*root_;
    for (unsigned level = levels_; level > 1; --level) chunk = &*chunk->children[slot(index, level)];
    return chunk->records[slot(index, 1)];
  }
  const Record* find(u64 index) const { return index < size_ ? &(*this)[index] : nullptr; }

  // The record, to be changed. The reference is good until the table is next copied or changed.
  Record& edit(u64 index) {
    MOOT_CHECK(index < size_, "record out of range");
    return touch(root_, levels_, index);
  }

  // Appends; gives the new record's index.
  u64 push(Record record) {
    grow();
    const u64 index = size_++;
    touch(root_, levels_, index) = std::move(record);
    return index;
  }

  // The tree's root; rehashes what changed since the last call, and appends the changed indices, ascending, to `changed`.
  Hash root(std::vector<u64>* changed = nullptr) {
    if (size_ == 0) return vacant_root(kTreeDepth);
    return raised(refresh(root_, levels_, 0, changed));
  }

  // True while some record has changed since the last root().
  [[nodiscard]] bool dirty() const { return size_ != 0 && root_->hashes.dirty != 0; }

  // The root as root() last gave it; not to be asked while dirty().
  [[nodiscard]] Hash clean_root() const {
    MOOT_CHECK(!dirty(), "the root of a table that has unhashed changes");
    return size_ == 0 ? vacant_root(kTreeDepth) : raised(root_->hashes.nodes[1]);
  }

  // The path of an existing record, valid against the last root().
  [[nodiscard]] MerklePath prove(u64 index) const {
    MOOT_CHECK(index < size_, "record out of range");
    MerklePath path{index, std::vector<Hash>(kTreeDepth)};
    const Chunk* chunk = &*root_;
    for (unsigned level = levels_; level >= 1; --level) {
      unsigned node = kChunkSize + slot(index, level);
      for (unsigned depth = 0; depth < kChunkBits; ++depth, node /= 2)
        path.siblings[(level - 1) * kChunkBits + depth] = chunk->hashes.nodes[node ^ 1u];
      if (level > 1) chunk = &*chunk->children[slot(index, level)];
    }
    for (unsigned level = levels_ * kChunkBits; level < kTreeDepth; ++level)
      path.siblings[level] = vacant_root(level);
    return path;
  }

  static Hash leaf_hash(const Record& record) {
    static const crypto::TaggedHasher hasher(Record::kLeafTag);
    thread_local Writer bytes;
    bytes.clear();
    put_leaf(bytes, record);
    return hasher(bytes.view());
  }

 private:
  struct Chunk {
    HashBlock hashes;
    std::vector<Record> records;       // the lowest level: 32
    std::vector<Ref<Chunk>> children;  // the levels above: 32
  };

  static unsigned slot(u64 index, unsigned level) {
    return static_cast<unsigned>(index >> ((level - 1) * kChunkBits)) & (kChunkSize - 1);
  }
  static Ref<Chunk> make_chunk(unsigned level) {
    Chunk chunk;
    chunk.hashes = vacant_block((level - 1) * kChunkBits);
    if (level == 1)
      chunk.records.resize(kChunkSize);
    else
      chunk.children.resize(kChunkSize);
    return Ref<Chunk>::make(std::move(chunk));
  }

  // From the top chunk's root to the root of all 30 levels.
  [[nodiscard]] Hash raised(Hash top) const {
    for (unsigned level = levels_ * kChunkBits; level < kTreeDepth; ++level)
      top = node_hasher().pair(top, vacant_root(level));
    return top;
  }

  void grow() {
    if (levels_ == 0) {
      levels_ = 1;
      root_ = make_chunk(1);
    }
    if (size_ == u64{1} << (levels_ * kChunkBits)) {
      MOOT_CHECK(levels_ < kTreeLevels, "a table holds at most 2^30 records");
      Ref<Chunk> top = make_chunk(++levels_);
      Chunk& chunk = top.unique();
      chunk.children[0] = std::move(root_);
      chunk.hashes.dirty = 1;
      root_ = std::move(top);
    }
  }

  static Record& touch(Ref<Chunk>& ref, unsigned level, u64 index) {
    Chunk& chunk = ref.unique();
    const unsigned at = slot(index, level);
    chunk.hashes.dirty |= 1u << at;
    if (level == 1) return chunk.records[at];
    if (!chunk.children[at]) chunk.children[at] = make_chunk(level - 1);
    return touch(chunk.children[at], level - 1, index);
  }

  Hash refresh(Ref<Chunk>& ref, unsigned level, u64 base, std::vector<u64>* changed) {
    if (ref->hashes.dirty == 0) return ref->hashes.nodes[1];
    Chunk& chunk = ref.unique();
    for (unsigned i = 0; i < kChunkSize; ++i) {
      if ((chunk.hashes.dirty >> i & 1u) == 0) continue;
      const u64 index = base + (u64{i} << ((level - 1) * kChunkBits));
      if (level > 1) {
        chunk.hashes.nodes[kChunkSize + i] = refresh(chunk.children[i], level - 1, index, changed);
      } else {
        chunk.hashes.nodes[kChunkSize + i] = leaf_hash(chunk.records[i]);
        if (changed) changed->push_back(index);
      }
    }
    chunk.hashes.rehash();
    return chunk.hashes.nodes[1];
  }

  Ref<Chunk> root_;
  unsigned levels_ = 0;
  u64 size_ = 0;
};

}  // namespace moot::ledger
