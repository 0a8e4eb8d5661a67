// The final blocks of one ledger. append() is the durable point: when it returns, the block, its receipts and its
// finalization are on the disk by one synced write, and may be called final (state.md §3, consensus.md §0.11).
//
// One thread appends; any thread reads. A reader sees a block once append() has returned.
#pragma once

#include <mutex>
#include <span>

#include "consensus/certificates.hpp"
#include "node/storage/schema.hpp"

namespace moot::node {

// What links a block to its chain, without its transactions.
struct BlockLink {
  consensus::Header header;
  consensus::Justification justification;
  consensus::Certificate finalization;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("header", self.header);
    visit("justification", self.justification);
    visit("finalization", self.finalization);
  }
  friend bool operator==(const BlockLink&, const BlockLink&) = default;
};

// What a block holds, opaque here: canonical envelopes in ledger order, and the receipts as the ledger encodes them.
struct BlockBody {
  std::vector<Bytes> envelopes;
  Bytes receipts;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("envelopes", self.envelopes);
    visit("receipts", self.receipts);
  }
  friend bool operator==(const BlockBody&, const BlockBody&) = default;
};

struct StoredBlock {
  BlockLink link;
  BlockBody body;
  friend bool operator==(const StoredBlock&, const StoredBlock&) = default;
};

struct BlockTip {
  Height height;
  BlockHash hash;
  consensus::Position position;
};

// Where a transaction stands.
struct TxLocation {
  Height height;
  u32 index = 0;
  friend bool operator==(const TxLocation&, const TxLocation&) = default;
};

// The transaction id of a canonical envelope. The ledger computes it; storage only keeps it.
using TxIdOf = std::function<TxId(ByteView envelope)>;

class BlockStore {
 public:
  // Reads the tip and brings the transaction index up to it (a crash leaves it behind). `store` outlives this object and
  // is bound to the ledger (bind_schema). Refuses a chain with a gap or an undecodable tip.
  static std::expected<std::unique_ptr<BlockStore>, StorageError> open(KvStore& store, TxIdOf tx_id_of);

  // `block` is the next height; ids[i] is the id of envelope i.
  void append(const StoredBlock& block, std::span<const TxId> ids);

  // Nothing while only genesis stands.
  [[nodiscard]] std::optional<BlockTip> tip() const;
  [[nodiscard]] std::optional<BlockLink> link(Height height) const;
  [[nodiscard]] std::optional<BlockBody> body(Height height) const;
  [[nodiscard]] std::optional<StoredBlock> block(Height height) const;
  [[nodiscard]] std::optional<TxLocation> find(const TxId& id) const;
  // How many blocks open() had to index again.
  [[nodiscard]] u64 reindexed() const { return reindexed_; }

  // Blocks from a height to the tip, in order, until the visitor says false.
  void for_each_link(Height from, const std::function<bool(const BlockLink&)>& visit) const;
  void for_each_block(Height from, const std::function<bool(const StoredBlock&)>& visit) const;

 private:
  BlockStore(KvStore& store, TxIdOf tx_id_of) : store_(store), tx_id_of_(std::move(tx_id_of)) {}
  std::expected<void, StorageError> find_tip();
  void catch_up_index();
  void index_block(Height height, std::span<const TxId> ids);
  [[noreturn]] void damaged(std::string_view what, Height height) const;

  KvStore& store_;
  TxIdOf tx_id_of_;
  u64 reindexed_ = 0;
  mutable std::mutex tip_mutex_;
  std::optional<BlockTip> tip_;
};

}  // namespace moot::node
