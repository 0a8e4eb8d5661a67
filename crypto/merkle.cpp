#include "crypto/merkle.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "base/check.hpp"

namespace moot::crypto {
namespace {

// The split of RFC 9162: the largest power of two below n, for n > 1.
u64 split_of(u64 n) { return std::bit_floor(n - 1); }

// One level up: neighbours paired, an odd last node carried over unchanged.
void climb(const MerkleHasher& hasher, std::vector<Hash>& level) {
  const std::size_t whole = level.size() / 2;
  const bool odd = level.size() % 2 != 0;
  const Hash last = level.back();
  hasher.nodes(std::span(level).first(2 * whole), std::span(level).first(whole));
  level.resize(whole);
  if (odd) level.push_back(last);
}

// SUBPROOF(old, leaves, whole) of RFC 9162, section 2.1.4.1.
void subproof(const MerkleHasher& hasher, std::span<const Hash> leaves, u64 old_size, MerkleProof& out) {
  bool known = true;  // whether the verifier already has the root of the old leaves in this subtree
  std::vector<Hash> right_to_left;
  while (old_size != leaves.size()) {
    const u64 split = split_of(leaves.size());
    if (old_size <= split) {
      right_to_left.push_back(merkle_root(hasher, leaves.subspan(split)));
      leaves = leaves.first(split);
    } else {
      right_to_left.push_back(merkle_root(hasher, leaves.first(split)));
      leaves = leaves.subspan(split);
      old_size -= split;
      known = false;
    }
  }
  if (!known) out.push_back(merkle_root(hasher, leaves));
  out.insert(out.end(), right_to_left.rbegin(), right_to_left.rend());
}

// Where a walk up the tree stands: a node's number on its level, and the number of the level's last node.
struct Walk {
  u64 node = 0;
  u64 last = 0;

  void up() {
    node >>= 1;
    last >>= 1;
  }
  // Whether the sibling is on the left; then levels where the node was carried over unchanged are left
  // behind.
  bool sibling_is_left() {
    if (node % 2 == 0 && node != last) return false;
    while (node % 2 == 0 && node != 0) up();
    return true;
  }
};

}  // namespace

MerkleHasher::MerkleHasher(std::string_view prefix)
    : leaf_(std::string(prefix) + "/leaf"),
      node_(std::string(prefix) + "/node"),
      empty_(tagged_hash(std::string(prefix) + "/empty", {})) {}

Hash merkle_root(const MerkleHasher& hasher, std::span<const Hash> leaves) {
  if (leaves.empty()) return hasher.empty();
  std::vector<Hash> level(leaves.begin(), leaves.end());
  while (level.size() > 1) climb(hasher, level);
  return level.front();
}

MerkleProof inclusion_proof(const MerkleHasher& hasher, std::span<const Hash> leaves, u64 index) {
  MOOT_CHECK(index < leaves.size(), "a proof is of a leaf that is there");
  MerkleProof out;
  std::vector<Hash> level(leaves.begin(), leaves.end());
  for (; level.size() > 1; index /= 2) {
    const u64 sibling = index ^ 1;
    if (sibling < level.size()) out.push_back(level[sibling]);
    climb(hasher, level);
  }
  return out;
}

bool verify_inclusion(const MerkleHasher& hasher, const InclusionClaim& claim, std::span<const Hash> proof) {
  if (claim.index >= claim.size) return false;
  Walk walk{.node = claim.index, .last = claim.size - 1};
  Hash hash = claim.leaf;
  for (const Hash& sibling : proof) {
    if (walk.last == 0) return false;
    hash = walk.sibling_is_left() ? hasher.node(sibling, hash) : hasher.node(hash, sibling);
    walk.up();
  }
  return walk.last == 0 && hash == claim.root;
}

MerkleProof consistency_proof(const MerkleHasher& hasher, std::span<const Hash> leaves, u64 old_size) {
  MOOT_CHECK(old_size <= leaves.size(), "the old tree is a prefix");
  MerkleProof out;
  if (old_size != 0 && old_size != leaves.size()) subproof(hasher, leaves, old_size, out);
  return out;
}

bool verify_consistency(const MerkleHasher& hasher, const ConsistencyClaim& claim,
                        std::span<const Hash> proof) {
  if (claim.old_size > claim.new_size) return false;
  if (claim.old_size == claim.new_size || claim.old_size == 0) {
    const bool old_ok = claim.old_size != 0 || claim.old_root == hasher.empty();
    const bool new_ok = claim.old_size != claim.new_size || claim.old_root == claim.new_root;
    return proof.empty() && old_ok && new_ok;
  }
  Walk walk{.node = claim.old_size - 1, .last = claim.new_size - 1};
  while (walk.node % 2 == 1) walk.up();
  // An old tree that is one perfect subtree is its own first node; the proof does not repeat it.
  Hash old_hash = claim.old_root;
  if (!std::has_single_bit(claim.old_size)) {
    if (proof.empty()) return false;
    old_hash = proof.front();
    proof = proof.subspan(1);
  }
  Hash new_hash = old_hash;
  for (const Hash& sibling : proof) {
    if (walk.last == 0) return false;
    if (walk.sibling_is_left()) {
      old_hash = hasher.node(sibling, old_hash);
      new_hash = hasher.node(sibling, new_hash);
    } else {
      new_hash = hasher.node(new_hash, sibling);
    }
    walk.up();
  }
  return walk.last == 0 && old_hash == claim.old_root && new_hash == claim.new_root;
}

void Peaks::append(const MerkleHasher& hasher, const Hash& leaf) {
  MOOT_CHECK(size_ != ~u64{0}, "a history of 2^64 leaves");
  Hash carried = leaf;
  for (u64 full = size_; full % 2 == 1; full /= 2) {
    carried = hasher.node(peaks_.back(), carried);
    peaks_.pop_back();
  }
  peaks_.push_back(carried);
  ++size_;
}

Hash Peaks::root(const MerkleHasher& hasher) const {
  if (peaks_.empty()) return hasher.empty();
  Hash out = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) out = hasher.node(peaks_[i], out);
  return out;
}

void encode_value(Writer& out, const Peaks& value) {
  out.put(value.size_);
  encode(out, value.peaks_);
}

void decode_value(Reader& in, Peaks& value) {
  in.get(value.size_);
  decode(in, value.peaks_);
  if (value.peaks_.size() != static_cast<std::size_t>(std::popcount(value.size_))) in.fail();
}

}  // namespace moot::crypto
