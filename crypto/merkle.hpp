// Merkle trees of RFC 9162 (Certificate Transparency) over tagged SHA-256: transactions and receipts of a
// block, and the ledger's history. Leaves and nodes are hashed under different tags, so that no node can be
// shown as a leaf. Proofs bind index and size.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/codec.hpp"
#include "crypto/sha256.hpp"

namespace moot::crypto {

// The hashes of one kind of tree, named by a prefix such as "moot/receipts": tags prefix/leaf, prefix/node,
// prefix/empty.
class MerkleHasher {
 public:
  explicit MerkleHasher(std::string_view prefix);

  [[nodiscard]] Hash leaf(ByteView data) const { return leaf_(data); }
  [[nodiscard]] const TaggedHasher& leaves() const { return leaf_; }
  [[nodiscard]] Hash node(const Hash& left, const Hash& right) const { return node_.pair(left, right); }
  // out[i] = node(in[2i], in[2i+1]); see TaggedHasher::pairs.
  void nodes(std::span<const Hash> in, std::span<Hash> out) const { node_.pairs(in, out); }
  [[nodiscard]] const Hash& empty() const { return empty_; }  // the root of no leaves

 private:
  TaggedHasher leaf_;
  TaggedHasher node_;
  Hash empty_;
};

using MerkleProof = std::vector<Hash>;  // from the leaf's side up

// Everywhere below, `leaves` are leaf hashes: hasher.leaf(data), or an id that is already a tagged hash of
// its own kind.
Hash merkle_root(const MerkleHasher& hasher, std::span<const Hash> leaves);

// index < leaves.size().
MerkleProof inclusion_proof(const MerkleHasher& hasher, std::span<const Hash> leaves, u64 index);

struct InclusionClaim {
  Hash leaf;
  u64 index = 0;
  u64 size = 0;
  Hash root;
};
[[nodiscard]] bool verify_inclusion(const MerkleHasher& hasher, const InclusionClaim& claim,
                                    std::span<const Hash> proof);

// That the first old_size leaves are a prefix of all of them. old_size <= leaves.size(); empty when old_size
// is 0 or all.
MerkleProof consistency_proof(const MerkleHasher& hasher, std::span<const Hash> leaves, u64 old_size);

struct ConsistencyClaim {
  u64 old_size = 0;
  Hash old_root;
  u64 new_size = 0;
  Hash new_root;
};
// A tree of size 0 is a prefix of every tree: then old_root must be the empty root and the proof empty.
[[nodiscard]] bool verify_consistency(const MerkleHasher& hasher, const ConsistencyClaim& claim,
                                      std::span<const Hash> proof);

// An append-only tree kept as the roots of its perfect subtrees, largest first: one per bit of size.
// Appending and the root cost O(log size). Encodes canonically: size u64, then the roots as a list whose
// length must fit the size.
class Peaks {
 public:
  void append(const MerkleHasher& hasher, const Hash& leaf);
  [[nodiscard]] Hash root(const MerkleHasher& hasher) const;
  [[nodiscard]] u64 size() const { return size_; }

  friend bool operator==(const Peaks&, const Peaks&) = default;
  friend void encode_value(Writer& out, const Peaks& value);
  friend void decode_value(Reader& in, Peaks& value);

 private:
  u64 size_ = 0;
  std::vector<Hash> peaks_;
};

}  // namespace moot::crypto
