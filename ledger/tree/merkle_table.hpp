// A table of records that is its own Merkle tree: position is identity, and copies are O(1).
//
// Records stand in chunks of 32; a chunk holds the five tree levels above its records, and chunks of chunks hold the
// levels above, 30 in all, whatever the size, so that proofs have one shape. Vacant places are 32 zero bytes. A copy
// shares every chunk; the first change after a copy copies one chunk a level. Readers of a copy need no lock.
//
// Changes only mark what is stale; root() then hashes it (stale_chunks.hpp). extend() leaves a gap (merkle_gap.hpp). What a
// record must say of itself: merkle_chunks.hpp.
#pragma once

#include <utility>

#include "base/check.hpp"
#include "ledger/tree/merkle_gap.hpp"
#include "ledger/tree/stale_chunks.hpp"

namespace moot::ledger {

template <class Record>
class MerkleTable {
  static constexpr bool kKeepsLeaves = leaf_hash_is_kept<Record>();
  using Leaf = LeafChunk<Record>;
  using Inner = InnerChunk<Record>;

 public:
  [[nodiscard]] u64 size() const { return size_; }
  [[nodiscard]] bool contains(u64 index) const { return index < size_; }

  // The record at `index` < size().
  const Record& operator[](u64 index) const {
    MOOT_CHECK(index < size_, "record out of range");
    return leaf_of(index).records[slot_of(index, 1)];
  }
  const Record* find(u64 index) const { return index < size_ ? &(*this)[index] : nullptr; }

  // Asks the processor for a record's bytes, so that whoever looks at it soon need not wait for them. Changes nothing.
  void prefetch(u64 index) const {
    if (index >= size_) return;
    const auto* bytes = reinterpret_cast<const char*>(&(*this)[index]);
    for (std::size_t at = 0; at < sizeof(Record); at += kCacheLine) __builtin_prefetch(bytes + at);
  }

  // The record, to be changed. The reference is good until the table is next copied or changed.
  Record& edit(u64 index) {
    MOOT_CHECK(index < size_, "record out of range");
    return touch(index);
  }

  // Appends; gives the new record's index.
  u64 push(Record record) {
    make_room(size_ + 1);
    const u64 index = size_++;
    touch(index) = std::move(record);
    return index;
  }

  // Appends records that are as Record{} is, until there are `size`; nothing when there are as many. They are no changes: root()
  // does not name them.
  void extend(u64 size)
    requires(kKeepsLeaves)
  {
    if (size <= size_) return;
    make_room(size);
    MerkleGap<Record>(size_, size).fill(root_.unique(), levels_, 0);
    size_ = size;
  }

  // The record, to be changed, with a gap below it where the table did not reach that far.
  Record& reach(u64 index)
    requires(kKeepsLeaves)
  {
    extend(index);
    if (index == size_) push(Record{});
    return touch(index);
  }

  // The tree's root; rehashes what changed since the last call, and appends the changed indices, ascending, to `changed`.
  Hash root(std::vector<u64>* changed = nullptr) {
    if (!dirty()) return clean_root();
    StaleChunks<Record>(size_, changed).rehash_all(root_.unique(), levels_);
    return clean_root();
  }

  // True while some record has changed since the last root().
  [[nodiscard]] bool dirty() const { return size_ != 0 && root_->hashes.dirty != 0; }

  // The root as root() last gave it; not to be asked while dirty().
  [[nodiscard]] Hash clean_root() const {
    MOOT_CHECK(!dirty(), "the root of a table that has unhashed changes");
    return size_ == 0 ? vacant_root(kTreeDepth) : raised(root_->hashes.nodes[1]);
  }

  // The path of an existing record, valid against the last root(): of a table that is not dirty.
  [[nodiscard]] MerklePath prove(u64 index) const {
    MOOT_CHECK(index < size_, "record out of range");
    MerklePath path{index, std::vector<Hash>(kTreeDepth)};
    const auto add = [&](const auto& hashes, unsigned level) {
      unsigned node = kChunkSize + slot_of(index, level);
      for (unsigned depth = 0; depth < kChunkBits; ++depth, node /= 2)
        if ((node ^ 1u) < hashes.nodes.size())
          path.siblings[(level - 1) * kChunkBits + depth] = hashes.nodes[node ^ 1u];
    };
    const Inner* inner = &*root_;
    for (unsigned level = levels_; level > 1; --level) {
      add(inner->hashes, level);
      if (level > 2) inner = &*inner->inners[slot_of(index, level)];
    }
    add(leaf_of(index).hashes, 1);
    if (!kKeepsLeaves && contains(index ^ 1u)) path.siblings[0] = leaf_hash((*this)[index ^ 1u]);
    for (unsigned level = levels_ * kChunkBits; level < kTreeDepth; ++level)
      path.siblings[level] = vacant_root(level);
    return path;
  }

 private:
  // From the top chunk's root to the root of all 30 levels.
  [[nodiscard]] Hash raised(Hash top) const {
    for (unsigned level = levels_ * kChunkBits; level < kTreeDepth; ++level)
      top = node_hasher().pair(top, vacant_root(level));
    return top;
  }

  const Leaf& leaf_of(u64 index) const {
    const Inner* inner = &*root_;
    for (unsigned level = levels_; level > 2; --level) inner = &*inner->inners[slot_of(index, level)];
    return *inner->leaves[slot_of(index, 2)];
  }

  // Levels enough for so many records.
  void make_room(u64 size) {
    if (levels_ == 0) {
      levels_ = 2;
      root_ = Ref<Inner>::make(levels_);
    }
    while (size > u64{1} << (levels_ * kChunkBits)) {
      MOOT_CHECK(levels_ < kTreeLevels, "a table holds at most 2^30 records");
      Ref<Inner> top = Ref<Inner>::make(++levels_);
      Inner& inner = top.unique();
      inner.inners[0] = std::move(root_);
      inner.hashes.dirty = 1;
      root_ = std::move(top);
    }
  }

  // The record, on chunks that nobody else holds, marked as stale.
  Record& touch(u64 index) {
    Inner* inner = &root_.unique();
    for (unsigned level = levels_; level > 2; --level) {
      const unsigned at = slot_of(index, level);
      inner->hashes.dirty |= 1u << at;
      Ref<Inner>& child = inner->inners[at];
      if (!child) child = Ref<Inner>::make(level - 1);
      inner = &child.unique();
    }
    const unsigned at = slot_of(index, 2);
    inner->hashes.dirty |= 1u << at;
    Ref<Leaf>& ref = inner->leaves[at];
    if (!ref) ref = Ref<Leaf>::make();
    Leaf& leaf = ref.unique();
    leaf.hashes.dirty |= 1u << slot_of(index, 1);
    return leaf.records[slot_of(index, 1)];
  }

  Ref<Inner> root_;
  unsigned levels_ = 0;  // 2 or more, once there is a record
  u64 size_ = 0;
};

}  // namespace moot::ledger
