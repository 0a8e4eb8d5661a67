// A gap in a MerkleTable: records that are as Record{} is. It shares one chunk a level that was hashed once, so that a table with
// a few records far up costs little.
#pragma once

#include <algorithm>
#include <utility>

#include "ledger/tree/merkle_chunks.hpp"

namespace moot::ledger {

// Records [from, to), of a kind whose leaf hashes are kept.
template <class Record>
class MerkleGap {
 public:
  using Leaf = LeafChunk<Record>;
  using Inner = InnerChunk<Record>;

  MerkleGap(u64 from, u64 to) : from_(from), to_(to) {}

  // Makes the part that lies below `inner`, whose first record is `base`, and marks its path as stale.
  void fill(Inner& inner, unsigned level, u64 base) const {
    for (unsigned at = 0; at < kChunkSize; ++at) {
      const u64 first = base + at * records_below(level);
      if (!touches(first, records_below(level))) continue;
      inner.hashes.dirty |= 1u << at;
      if (level > 2)
        fill_child(inner.inners[at], level - 1, first);
      else
        fill_child(inner.leaves[at], first);
    }
  }

 private:
  [[nodiscard]] bool covers(u64 first, u64 count) const { return from_ <= first && first + count <= to_; }
  [[nodiscard]] bool touches(u64 first, u64 count) const { return from_ < first + count && first < to_; }

  void fill_child(Ref<Inner>& child, unsigned level, u64 first) const {
    if (covers(first, records_below(level + 1))) {
      child = usual_inner(level);
      return;
    }
    if (!child) child = Ref<Inner>::make(level);
    fill(child.unique(), level, first);
  }
  void fill_child(Ref<Leaf>& child, u64 first) const {
    if (covers(first, kChunkSize)) {
      child = usual_leaf();
      return;
    }
    if (!child) child = Ref<Leaf>::make();
    fill_leaf(child.unique(), first);
  }
  // Its records are as they began; they only get their hashes, here and now, so that nothing is left to do for them.
  void fill_leaf(Leaf& leaf, u64 base) const {
    static const Hash usual = leaf_hash(Record{});
    const u32 stale = std::exchange(leaf.hashes.dirty, 0);
    for (unsigned at = 0; at < kChunkSize; ++at) {
      if (!covers(base + at, 1)) continue;
      leaf.hashes.nodes[kChunkSize + at] = usual;
      leaf.hashes.dirty |= 1u << at;
    }
    rehash(std::array{StaleBlock(leaf.hashes, nullptr)});
    leaf.hashes.dirty = stale;
  }

  // Chunks full of records as Record{} is, hashed.
  static const Ref<Leaf>& usual_leaf() {
    static const Ref<Leaf> usual = [] {
      Ref<Leaf> made = Ref<Leaf>::make();
      MerkleGap(0, kChunkSize).fill_leaf(made.unique(), 0);
      return made;
    }();
    return usual;
  }
  static const Ref<Inner>& usual_inner(unsigned level) {
    static const auto usual = [] {
      std::array<Ref<Inner>, kTreeLevels> made;
      for (unsigned at = 2; at < kTreeLevels; ++at) {
        made[at] = Ref<Inner>::make(at);
        Inner& inner = made[at].unique();
        if (at == 2) inner.leaves.fill(usual_leaf());
        if (at > 2) inner.inners.fill(made[at - 1]);
        const HashBlock& below = at == 2 ? usual_leaf()->hashes : made[at - 1]->hashes;
        std::fill_n(inner.hashes.nodes.begin() + kChunkSize, kChunkSize, below.nodes[1]);
        inner.hashes.dirty = ~u32{0};
        rehash(std::array{StaleBlock(inner.hashes, nullptr)});
      }
      return made;
    }();
    return usual[level];
  }

  u64 from_;
  u64 to_;
};

}  // namespace moot::ledger
