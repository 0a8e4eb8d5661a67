#include "ledger/block.hpp"

#include "crypto/merkle.hpp"
#include "ledger/tree/merkle_table.hpp"

namespace moot::ledger {
namespace {

template <class Item>
Hash root_of_encoded(const crypto::MerkleHasher& hasher, std::span<const Item> items) {
  std::vector<Hash> leaves(items.size());
  {
    LeafBatch batch(hasher.leaves());
    for (std::size_t i = 0; i < items.size(); ++i) encode(batch.next(&leaves[i]), items[i]);
  }
  return crypto::merkle_root(hasher, leaves);
}

}  // namespace

Hash tx_root(std::span<const WitnessId> witnesses) {
  static const crypto::MerkleHasher hasher("moot/transactions");
  std::vector<Hash> leaves;
  leaves.reserve(witnesses.size());
  for (const WitnessId& witness : witnesses) leaves.push_back(witness.as<Hash>());
  return crypto::merkle_root(hasher, leaves);
}

Hash receipts_root(std::span<const Receipt> receipts) {
  static const crypto::MerkleHasher hasher("moot/receipts");
  return root_of_encoded(hasher, receipts);
}

Hash faults_root(std::span<const Fault> faults) {
  static const crypto::MerkleHasher hasher("moot/faults");
  return root_of_encoded(hasher, faults);
}

BlockRoots genesis_roots(TimeMs created, const StateRoot& state_root) {
  return {.height = Height{0},
          .time = created,
          .tx_root = tx_root({}),
          .faults_root = faults_root({}),
          .receipts_root = receipts_root({}),
          .state_root = state_root};
}

Hash history_leaf(const BlockRoots& block) {
  Writer out;
  out.put(block.height);
  out.put(block.time);
  out.put(block.tx_root);
  out.put(block.faults_root);
  out.put(block.receipts_root);
  out.put(block.state_root);
  return crypto::tagged_hash("moot/history", out.view());
}

}  // namespace moot::ledger
