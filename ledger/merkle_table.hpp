// A table of records that is its own Merkle tree: position is identity, and copies are O(1).
//
// Records stand in chunks of 32; a chunk holds the five tree levels above its records, and chunks of chunks hold the
// levels above, 30 in all, whatever the size, so that proofs have one shape. Vacant places are 32 zero bytes. A copy
// shares every chunk; the first change after a copy copies one chunk a level. Readers of a copy need no lock.
//
// Changes only mark what is stale. root() then hashes all stale leaves and after them all stale nodes, a level at a time:
// hashes of one level do not wait for each other, so the processor works on several at once.
//
// A gap of records that are as Record{} is, which extend() leaves, shares one chunk a level that was hashed once, so a table
// with a few records far up costs little.
//
// Record must be Described and name its tag:  static constexpr const char* kLeafTag = "moot/leaf/member";
// A record may say  static constexpr bool kLeafHashIsKept = false;  then 32 bytes a record are saved, and a change hashes the
// record's neighbour too: right for what there are many of and what few blocks change.
// Node hash: TH("moot/node", left ‖ right). Leaf hash: TH(kLeafTag, put_leaf(record)).
#pragma once

#include <algorithm>
#include <bit>
#include <deque>
#include <utility>

#include "base/check.hpp"
#include "base/ref.hpp"
#include "ledger/hash_block.hpp"
#include "ledger/leaf.hpp"

namespace moot::ledger {

template <class Record>
constexpr bool leaf_hash_is_kept() {
  if constexpr (requires { Record::kLeafHashIsKept; }) return Record::kLeafHashIsKept;
  return true;
}

template <class Record>
class MerkleTable {
  static constexpr bool kKeepsLeaves = leaf_hash_is_kept<Record>();

 public:
  [[nodiscard]] u64 size() const { return size_; }
  [[nodiscard]] bool contains(u64 index) const { return index < size_; }

  // The record at `index` < size().
  const Record& operator[](u64 index) const {
    MOOT_CHECK(index < size_, "record out of range");
    return leaf_of(index).records[slot(index, 1)];
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
    fill(root_.unique(), levels_, 0, {size_, size});
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
    Collected out{.size = size_, .changed = changed};
    collect(root_.unique(), levels_, 0, out);
    out.rehash_leaves();
    out.stale[levels_].emplace_back(root_.unique().hashes, nullptr);
    for (const auto& blocks : out.stale) rehash(blocks);
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
      unsigned node = kChunkSize + slot(index, level);
      for (unsigned depth = 0; depth < kChunkBits; ++depth, node /= 2)
        if ((node ^ 1u) < hashes.nodes.size())
          path.siblings[(level - 1) * kChunkBits + depth] = hashes.nodes[node ^ 1u];
    };
    const Inner* inner = &*root_;
    for (unsigned level = levels_; level > 1; --level) {
      add(inner->hashes, level);
      if (level > 2) inner = &*inner->inners[slot(index, level)];
    }
    add(leaf_of(index).hashes, 1);
    if (!kKeepsLeaves && contains(index ^ 1u)) path.siblings[0] = leaf_hash((*this)[index ^ 1u]);
    for (unsigned level = levels_ * kChunkBits; level < kTreeDepth; ++level)
      path.siblings[level] = vacant_root(level);
    return path;
  }

  static Hash leaf_hash(const Record& record) {
    Writer bytes;
    put_leaf(bytes, record);
    return leaf_hasher()(bytes.view());
  }

 private:
  // Arrays, not vectors: a look-up follows one pointer a level.
  using LeafBlock = std::conditional_t<kKeepsLeaves, HashBlock, UpperBlock>;
  static LeafBlock vacant_leaves() {
    if constexpr (kKeepsLeaves)
      return vacant_block(0);
    else
      return vacant_upper_block();
  }
  struct Leaf {
    LeafBlock hashes = vacant_leaves();
    std::array<Record, kChunkSize> records{};
  };
  struct Inner {
    explicit Inner(unsigned level) : hashes(vacant_block((level - 1) * kChunkBits)) {}
    HashBlock hashes;
    std::array<Ref<Inner>, kChunkSize> inners;  // of level 3 and above
    std::array<Ref<Leaf>, kChunkSize> leaves;   // of level 2
  };
  // Where root() gathers what is stale. Chunks of records are rehashed as soon as there are enough of them to keep the
  // processor busy, for the hashes of their leaves may take room.
  struct Collected {
    static constexpr std::size_t kChunksAtOnce = 256;

    void rehash_leaves() {
      leaves.flush();
      rehash(stale[1]);
      stale[1].clear();
      made.clear();
    }

    u64 size;
    std::vector<u64>* changed;
    LeafBatch leaves{leaf_hasher()};
    std::array<std::vector<StaleBlock>, kTreeLevels + 1> stale{};  // by level
    std::deque<LeafHashes> made{};                                 // of the stale chunks that keep none
  };

  static constexpr u32 kEvenLeaves = 0x55555555;

  static const crypto::TaggedHasher& leaf_hasher() {
    static const crypto::TaggedHasher hasher(Record::kLeafTag);
    return hasher;
  }
  static unsigned slot(u64 index, unsigned level) {
    return static_cast<unsigned>(index >> ((level - 1) * kChunkBits)) & (kChunkSize - 1);
  }
  // From the top chunk's root to the root of all 30 levels.
  [[nodiscard]] Hash raised(Hash top) const {
    for (unsigned level = levels_ * kChunkBits; level < kTreeDepth; ++level)
      top = node_hasher().pair(top, vacant_root(level));
    return top;
  }

  const Leaf& leaf_of(u64 index) const {
    const Inner* inner = &*root_;
    for (unsigned level = levels_; level > 2; --level) inner = &*inner->inners[slot(index, level)];
    return *inner->leaves[slot(index, 2)];
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
      const unsigned at = slot(index, level);
      inner->hashes.dirty |= 1u << at;
      Ref<Inner>& child = inner->inners[at];
      if (!child) child = Ref<Inner>::make(level - 1);
      inner = &child.unique();
    }
    const unsigned at = slot(index, 2);
    inner->hashes.dirty |= 1u << at;
    Ref<Leaf>& ref = inner->leaves[at];
    if (!ref) ref = Ref<Leaf>::make();
    Leaf& leaf = ref.unique();
    leaf.hashes.dirty |= 1u << slot(index, 1);
    return leaf.records[slot(index, 1)];
  }

  // Records [from, to) of a table.
  struct Gap {
    u64 from;
    u64 to;
    [[nodiscard]] bool covers(u64 first, u64 count) const { return from <= first && first + count <= to; }
    [[nodiscard]] bool touches(u64 first, u64 count) const { return from < first + count && first < to; }
  };

  // Chunks full of records as Record{} is, hashed.
  static const Ref<Leaf>& usual_leaf() {
    static const Ref<Leaf> usual = [] {
      Ref<Leaf> made = Ref<Leaf>::make();
      fill(made.unique(), 0, {0, kChunkSize});
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

  // Makes the part of a gap that lies below `inner`, whose first record is `base`, and marks its path as stale.
  static void fill(Inner& inner, unsigned level, u64 base, const Gap& gap) {
    const u64 count = u64{1} << ((level - 1) * kChunkBits);  // records of one child
    for (unsigned at = 0; at < kChunkSize; ++at) {
      const u64 first = base + at * count;
      if (!gap.touches(first, count)) continue;
      inner.hashes.dirty |= 1u << at;
      if (level > 2)
        fill_child(inner.inners[at], level - 1, first, gap);
      else
        fill_child(inner.leaves[at], first, gap);
    }
  }
  static void fill_child(Ref<Inner>& child, unsigned level, u64 first, const Gap& gap) {
    if (gap.covers(first, u64{1} << (level * kChunkBits))) {
      child = usual_inner(level);
      return;
    }
    if (!child) child = Ref<Inner>::make(level);
    fill(child.unique(), level, first, gap);
  }
  static void fill_child(Ref<Leaf>& child, u64 first, const Gap& gap) {
    if (gap.covers(first, kChunkSize)) {
      child = usual_leaf();
      return;
    }
    if (!child) child = Ref<Leaf>::make();
    fill(child.unique(), first, gap);
  }
  // Its records are as they began; they only get their hashes, here and now, so that nothing is left to do for them.
  static void fill(Leaf& leaf, u64 base, const Gap& gap) {
    static const Hash usual = leaf_hash(Record{});
    const u32 stale = std::exchange(leaf.hashes.dirty, 0);
    for (unsigned at = 0; at < kChunkSize; ++at) {
      if (!gap.covers(base + at, 1)) continue;
      leaf.hashes.nodes[kChunkSize + at] = usual;
      leaf.hashes.dirty |= 1u << at;
    }
    rehash(std::array{StaleBlock(leaf.hashes, nullptr)});
    leaf.hashes.dirty = stale;
  }

  // Everything stale below `inner`, in order. What lies below may be clean and shared, after extend(): only its root is new.
  static void collect(Inner& inner, unsigned level, u64 base, Collected& out) {
    for (u32 rest = inner.hashes.dirty; rest != 0; rest &= rest - 1) {
      const auto at = static_cast<unsigned>(std::countr_zero(rest));
      const u64 index = base + (u64{at} << ((level - 1) * kChunkBits));
      Hash* above = &inner.hashes.nodes[kChunkSize + at];
      const bool clean =
          level > 2 ? inner.inners[at]->hashes.dirty == 0 : inner.leaves[at]->hashes.dirty == 0;
      if (clean) {
        *above = level > 2 ? inner.inners[at]->hashes.nodes[1] : inner.leaves[at]->hashes.nodes[1];
      } else if (level > 2) {
        Inner& child = inner.inners[at].unique();
        collect(child, level - 1, index, out);
        out.stale[level - 1].emplace_back(child.hashes, above);
      } else {
        collect_leaf(inner.leaves[at].unique(), index, above, out);
      }
    }
  }
  static void collect_leaf(Leaf& leaf, u64 base, Hash* above, Collected& out) {
    if (out.stale[1].size() == Collected::kChunksAtOnce) out.rehash_leaves();
    u32 hashed = leaf.hashes.dirty;
    Hash* hashes = nullptr;
    if constexpr (kKeepsLeaves) {
      hashes = leaf.hashes.leaves();
      out.stale[1].emplace_back(leaf.hashes, above);
    } else {
      hashed |= (hashed & kEvenLeaves) << 1 | (hashed >> 1 & kEvenLeaves);
      hashes = out.made.emplace_back().data();
      out.stale[1].emplace_back(leaf.hashes, out.made.back(), above);
    }
    for (u32 rest = hashed; rest != 0; rest &= rest - 1) {
      const auto at = static_cast<unsigned>(std::countr_zero(rest));
      if (base + at < out.size) put_leaf(out.leaves.next(&hashes[at]), leaf.records[at]);
    }
    if (!out.changed) return;
    for (u32 rest = leaf.hashes.dirty; rest != 0; rest &= rest - 1)
      out.changed->push_back(base + static_cast<unsigned>(std::countr_zero(rest)));
  }

  Ref<Inner> root_;
  unsigned levels_ = 0;  // 2 or more, once there is a record
  u64 size_ = 0;
};

}  // namespace moot::ledger
