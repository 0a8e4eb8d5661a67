// What is stale in a MerkleTable (merkle_table.hpp), gathered and hashed: all stale leaves, and after them all stale nodes, a
// level at a time. Hashes of one level do not wait for each other, so the processor works on several at once.
#pragma once

#include <bit>
#include <deque>
#include <vector>

#include "ledger/tree/merkle_chunks.hpp"

namespace moot::ledger {

// For one root() of a table with `size` records. Changed indices, ascending, are appended to `changed`, where it is given.
template <class Record>
class StaleChunks {
 public:
  using Leaf = LeafChunk<Record>;
  using Inner = InnerChunk<Record>;

  StaleChunks(u64 size, std::vector<u64>* changed) : size_(size), changed_(changed) {}

  // Everything below and in `top`, the chunk of the highest level.
  void rehash_all(Inner& top, unsigned levels) {
    collect(top, levels, 0);
    rehash_leaves();
    stale_[levels].emplace_back(top.hashes, nullptr);
    for (const auto& blocks : stale_) rehash(blocks);
  }

 private:
  // Chunks of records are rehashed as soon as there are enough of them to keep the processor busy, for the hashes of their
  // leaves may take room.
  static constexpr std::size_t kChunksAtOnce = 256;
  static constexpr u32 kEvenLeaves = 0x55555555;

  // Everything stale below `inner`, in order. What lies below may be clean and shared (merkle_gap.hpp): only its root is new.
  void collect(Inner& inner, unsigned level, u64 base) {
    for (u32 rest = inner.hashes.dirty; rest != 0; rest &= rest - 1) {
      const auto at = static_cast<unsigned>(std::countr_zero(rest));
      const u64 index = base + at * records_below(level);
      Hash* above = &inner.hashes.nodes[kChunkSize + at];
      const bool clean =
          level > 2 ? inner.inners[at]->hashes.dirty == 0 : inner.leaves[at]->hashes.dirty == 0;
      if (clean) {
        *above = level > 2 ? inner.inners[at]->hashes.nodes[1] : inner.leaves[at]->hashes.nodes[1];
      } else if (level > 2) {
        Inner& child = inner.inners[at].unique();
        collect(child, level - 1, index);
        stale_[level - 1].emplace_back(child.hashes, above);
      } else {
        collect_leaf(inner.leaves[at].unique(), index, above);
      }
    }
  }

  void collect_leaf(Leaf& leaf, u64 base, Hash* above) {
    if (stale_[1].size() == kChunksAtOnce) rehash_leaves();
    u32 hashed = leaf.hashes.dirty;
    Hash* hashes = nullptr;
    if constexpr (leaf_hash_is_kept<Record>()) {
      hashes = leaf.hashes.leaves();
      stale_[1].emplace_back(leaf.hashes, above);
    } else {
      hashed |= (hashed & kEvenLeaves) << 1 | (hashed >> 1 & kEvenLeaves);
      hashes = made_.emplace_back().data();
      stale_[1].emplace_back(leaf.hashes, made_.back(), above);
    }
    for (u32 rest = hashed; rest != 0; rest &= rest - 1) {
      const auto at = static_cast<unsigned>(std::countr_zero(rest));
      if (base + at < size_) put_leaf(leaves_.next(&hashes[at]), leaf.records[at]);
    }
    if (!changed_) return;
    for (u32 rest = leaf.hashes.dirty; rest != 0; rest &= rest - 1)
      changed_->push_back(base + static_cast<unsigned>(std::countr_zero(rest)));
  }

  void rehash_leaves() {
    leaves_.flush();
    rehash(stale_[1]);
    stale_[1].clear();
    made_.clear();
  }

  u64 size_;
  std::vector<u64>* changed_;
  LeafBatch leaves_{leaf_hasher<Record>()};
  std::array<std::vector<StaleBlock>, kTreeLevels + 1> stale_;  // by level
  std::deque<LeafHashes> made_;                                 // of the stale chunks that keep none
};

}  // namespace moot::ledger
