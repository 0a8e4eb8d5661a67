// A block as the ledger sees it: a height, a time, transactions, faults; and what comes of it. Headers, votes and
// certificates are the engine's (consensus/); nothing of them enters the state root (rules.md §8).
#pragma once

#include "ledger/transaction.hpp"

namespace moot::ledger {

// A validator's proven misbehaviour, as evidence in a block says it (consensus.md §0.10).
struct Fault {
  u64 validator = 0;
  u8 kind = 0;
  MOOT_DESCRIBE {
    v("validator", self.validator);
    v("kind", self.kind);
  }
  friend bool operator==(const Fault&, const Fault&) = default;
};

struct SkippedItem {
  u32 index = 0;
  u16 code = 0;
  MOOT_DESCRIBE {
    v("index", self.index);
    v("code", self.code);
  }
  friend bool operator==(const SkippedItem&, const SkippedItem&) = default;
};

// What became of one transaction in a block: there is one for each, failed ones included.
struct Receipt {
  TxId id;
  u16 code = 0;       // 0: done; else the TxError with which it failed
  u32 bad_index = 0;  // failed over a list: the lowest bad index
  u64 detail = 0;     // id of what it made (member, proposal, redemption, action); see handlers.hpp
  std::vector<SkippedItem> skipped;

  [[nodiscard]] bool failed() const { return code != 0; }
  MOOT_DESCRIBE {
    v("id", self.id);
    v("code", self.code);
    v("badIndex", self.bad_index);
    v("detail", self.detail);
    v("skipped", self.skipped);
  }
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

// Roots of RFC 9162 trees: over witness ids, over encoded receipts, over encoded faults.
Hash tx_root(std::span<const WitnessId> witnesses);
Hash receipts_root(std::span<const Receipt> receipts);
Hash faults_root(std::span<const Fault> faults);

struct BlockRoots {
  Height height;
  TimeMs time;
  Hash tx_root;
  Hash faults_root;
  Hash receipts_root;
  StateRoot state_root;
};
// Block 0's: it has no transactions, faults or receipts, so its time and state root say the rest.
BlockRoots genesis_roots(TimeMs created, const StateRoot& state_root);
// TH("moot/history", h ‖ time_ms ‖ tx_root ‖ faults_root ‖ receipts_root ‖ state_root).
Hash history_leaf(const BlockRoots& block);

}  // namespace moot::ledger
