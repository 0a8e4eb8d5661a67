// What a MerkleTable (merkle_table.hpp) is made of: chunks of 32 records, and chunks of 32 chunks above them.
//
// Record must be Described and name its tag:  static constexpr const char* kLeafTag = "moot/leaf/member";
// A record may say  static constexpr bool kLeafHashIsKept = false;  then 32 bytes a record are saved, and a change hashes the
// record's neighbour too: right for what there are many of and what few blocks change.
// Node hash: TH("moot/node", left ‖ right). Leaf hash: TH(kLeafTag, put_leaf(record)).
#pragma once

#include <array>
#include <type_traits>

#include "base/ref.hpp"
#include "ledger/tree/hash_block.hpp"
#include "ledger/tree/leaf.hpp"

namespace moot::ledger {

template <class Record>
constexpr bool leaf_hash_is_kept() {
  if constexpr (requires { Record::kLeafHashIsKept; }) return Record::kLeafHashIsKept;
  return true;
}

// Arrays, not vectors: a look-up follows one pointer a level.
template <class Record>
struct LeafChunk {
  using Block = std::conditional_t<leaf_hash_is_kept<Record>(), HashBlock, UpperBlock>;
  static Block vacant() {
    if constexpr (leaf_hash_is_kept<Record>())
      return vacant_block(0);
    else
      return vacant_upper_block();
  }

  Block hashes = vacant();
  std::array<Record, kChunkSize> records{};
};

// Level 1 are the chunks of records, these are of levels 2 to kTreeLevels.
template <class Record>
struct InnerChunk {
  explicit InnerChunk(unsigned level) : hashes(vacant_block((level - 1) * kChunkBits)) {}

  HashBlock hashes;
  std::array<Ref<InnerChunk>, kChunkSize> inners;         // of level 3 and above
  std::array<Ref<LeafChunk<Record>>, kChunkSize> leaves;  // of level 2
};

// Where a record stands in its chunk of that level.
inline unsigned slot_of(u64 index, unsigned level) {
  return static_cast<unsigned>(index >> ((level - 1) * kChunkBits)) & (kChunkSize - 1);
}
// Records below one place of a chunk of that level.
inline u64 records_below(unsigned level) { return u64{1} << ((level - 1) * kChunkBits); }

template <class Record>
const crypto::TaggedHasher& leaf_hasher() {
  static const crypto::TaggedHasher hasher(Record::kLeafTag);
  return hasher;
}

template <class Record>
Hash leaf_hash(const Record& record) {
  Writer bytes;
  put_leaf(bytes, record);
  return leaf_hasher<Record>()(bytes.view());
}

}  // namespace moot::ledger
