#include "ledger/tree/hash_block.hpp"

#include <bit>

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

void rehash(std::span<const StaleBlock> blocks) {
  std::vector<u64> stale;  // by block, a bit a node in heap order
  stale.reserve(blocks.size());
  for (const StaleBlock& one : blocks) stale.push_back(static_cast<u64>(*one.dirty) << kChunkSize);
  std::vector<const u8*> pairs;
  std::vector<Hash*> out;
  for (unsigned width = kChunkSize / 2; width >= 1; width /= 2) {
    pairs.clear();
    out.clear();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const Hash* below = width == kChunkSize / 2 ? blocks[i].leaves : blocks[i].nodes + 2 * width;
      for (unsigned at = 0; at < width; ++at) {
        const unsigned node = width + at;
        if ((stale[i] >> (2 * node) & 3u) == 0) continue;
        stale[i] |= u64{1} << node;
        pairs.push_back(below[2 * at].bytes.data());  // its right sibling stands beside it
        out.push_back(&blocks[i].nodes[node]);
      }
    }
    node_hasher().each(pairs, 2 * sizeof(Hash), out);
  }
  for (const StaleBlock& one : blocks) {
    *one.dirty = 0;
    if (one.above) *one.above = one.nodes[1];
  }
}

void LeafBatch::flush() {
  std::array<const u8*, kMost> data;
  const auto end_of = [&](std::size_t i) {
    return i + 1 < begins_.size() ? begins_[i + 1] : bytes_.view().size();
  };
  for (std::size_t first = 0; first < begins_.size();) {
    const std::size_t size = end_of(first) - begins_[first];
    std::size_t last = first;
    for (; last < begins_.size() && end_of(last) - begins_[last] == size; ++last)
      data[last - first] = bytes_.view().data() + begins_[last];
    hasher_.each(std::span(data).first(last - first), size, std::span(out_).subspan(first, last - first));
    first = last;
  }
  bytes_.clear();
  begins_.clear();
  out_.clear();
}

namespace {

// `height` levels stand below the root, nodes[1].
template <std::size_t Nodes>
void make_vacant(std::array<Hash, Nodes>& nodes, unsigned height) {
  for (std::size_t node = 1; node < Nodes; ++node)
    nodes[node] = vacant_root(height + 1 - static_cast<unsigned>(std::bit_width(node)));
}

}  // namespace

HashBlock vacant_block(unsigned leaf_levels) {
  HashBlock block;
  make_vacant(block.nodes, leaf_levels + kChunkBits);
  return block;
}

UpperBlock vacant_upper_block() {
  UpperBlock block;
  make_vacant(block.nodes, kChunkBits);
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
