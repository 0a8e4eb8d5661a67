#include "ledger/merkle_table.hpp"

namespace moot::ledger {
namespace {

std::array<Hash, kTreeDepth + 1> make_vacant_roots() {
  std::array<Hash, kTreeDepth + 1> roots{};
  for (unsigned level = 1; level <= kTreeDepth; ++level)
    roots[level] = node_hasher().pair(roots[level - 1], roots[level - 1]);
  return roots;
}

}  // namespace

const crypto::TaggedHasher& node_hasher() {
  static const crypto::TaggedHasher hasher("moot/node");
  return hasher;
}

const Hash& vacant_root(unsigned levels) {
  static const auto roots = make_vacant_roots();
  return roots[levels];
}

void HashBlock::rehash() {
  u64 stale = static_cast<u64>(dirty) << kChunkSize;  // by heap index
  for (unsigned node = kChunkSize - 1; node >= 1; --node) {
    if ((stale >> (2 * node) & 3u) == 0) continue;
    nodes[node] = node_hasher().pair(nodes[2 * node], nodes[2 * node + 1]);
    stale |= u64{1} << node;
  }
  dirty = 0;
}

HashBlock vacant_block(unsigned leaf_levels) {
  HashBlock block;
  for (unsigned depth = 0; depth <= kChunkBits; ++depth)
    for (unsigned i = 0; i < 1u << depth; ++i)
      block.nodes[(1u << depth) + i] = vacant_root(leaf_levels + kChunkBits - depth);
  return block;
}

Hash root_from(const Hash& leaf, const MerklePath& path) {
  Hash at = leaf;
  for (std::size_t level = 0; level < path.siblings.size(); ++level) {
    const bool right = level < 64 && (path.index >> level & 1u) != 0;
    at = right ? node_hasher().pair(path.siblings[level], at) : node_hasher().pair(at, path.siblings[level]);
  }
  return at;
}

}  // namespace moot::ledger
