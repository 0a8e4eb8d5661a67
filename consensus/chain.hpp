// One link of a final chain, verified by itself: what a node checks of its own blocks at start-up, and the auditor of an
// archive. Says nothing of transactions or state, whose roots are the ledger's to recompute.
#pragma once

#include <expected>
#include <string>

#include "consensus/certificates.hpp"

namespace moot::consensus {

// The last final block, and what the next one must fit.
struct ChainTip {
  EpochStart epoch;  // of the epoch that the next block belongs to
  BlockHash hash;
  View view;
  Height height;
  TimeMs time;
  Hash validators_hash;  // that the next header must carry
  // The tip's own finalization, already verified; none where the next block's parent certificate must be absent: at
  // genesis and after a seal.
  std::optional<Certificate> finalization;

  friend bool operator==(const ChainTip&, const ChainTip&) = default;
};

// The tip before the first block.
ChainTip genesis_tip(const LedgerId& chain_id, TimeMs created, const ValidatorSet& validators);

// The tip once a verified block stands on `previous`.
ChainTip next_tip(const ChainTip& previous, const Header& header, const Certificate& finalization);

// Which check failed, in the order in which they are made.
enum class LinkFault {
  version,
  chain,
  filler,
  height,
  parent,
  parent_view,
  epoch,
  view,
  time,
  validators,
  next_validators,
  proposer,
  justification_root,
  parent_certificate,
  nullifications,
  finalization,
};

struct LinkError {
  LinkFault fault;
  std::string text;  // "block 7: its parent is … but block 6 is …"
};

// Whether the block is the next final one after `previous`. `validators` are those of previous.epoch. The finalization
// must be of exactly this block: a chain is stored one finalization a block. A parent certificate equal to the tip's own
// finalization is not verified twice.
std::expected<void, LinkError> verify_link(const ChainTip& previous, const Header& header,
                                           const Justification& justification,
                                           const Certificate& finalization, const ValidatorSet& validators);

}  // namespace moot::consensus
