// The step of a ledger with one validator: every block is proposed, notarized and finalized by the same key, in the same
// layouts that a quorum uses. Pure: no clock, no disk.
//
// Persist before you speak. The caller must:
//   1 before the first block of a ledger: record the ledger in the key's safety log, synced (rules.md §8);
//   2 execute the block, take a SoloBlock, and write it, finalization included, in one synced write;
//   3 only then tell anyone: clients, peers, event streams.
// The block's own record is therefore the vote's record. A crash before step 2 returned leaves signatures that nobody has
// seen, so another block of the same view may be built afterwards without any two being at large.
#pragma once

#include "consensus/chain.hpp"

namespace moot::consensus {

// What the ledger says of the block it has executed.
struct BlockContent {
  TimeMs time;  // greater than the tip's
  Hash tx_root;
  Hash evidence_root;
  StateRoot state_root;
  Hash receipts_root;
};

struct SoloBlock {
  Header header;
  Justification justification;
  BlockHash hash;
  Vote notarize;
  Vote finalize;
  Certificate finalization;
};

// The next block on `tip`, in the view after the tip's, signed. `validators` must be the tip's and be exactly the
// signer's key; both, and the time, are the caller's promise (MOOT_CHECK).
SoloBlock make_solo_block(const ChainTip& tip, const BlockContent& content, const ValidatorSet& validators,
                          const crypto::SchnorrSigner& signer);

}  // namespace moot::consensus
