// Executes a block that this node did not build: one that another proposed, or one that is final and is executed again.
//
// The verdict depends on the parent state and the block alone, so every node gives the same. A broken law is a verdict too
// (rules.md 2.5): of a proposed block it withholds the vote, of a final one it stops the node, and either is the caller's to do.
#pragma once

#include <span>

#include "crypto/verify_pool.hpp"
#include "node/machine/executed_block.hpp"

namespace moot::node {

// All that the ledger learns of a block. No proposer, view, vote or block hash: the same blocks give the same state roots
// under every engine.
struct ProposedBlock {
  Height height;
  TimeMs time;
  std::vector<Bytes> envelopes;
  std::vector<ledger::Fault> faults;
};

// Declaration order is the order of judging; the first that applies is given.
enum class Defect : u8 {
  height,     // not the one after the parent's
  time,       // not later than the parent's
  envelope,   // not canonical
  signature,  // not the signer's, or a carried one that is not its maker's
  inclusion,  // a transaction that no block may hold here (1.3)
  law,        // the block would break a law, or act under rules that are not known here (2.4)
};

struct Rejection {
  Defect defect = Defect::height;
  std::optional<std::size_t> transaction;   // its place in the block, where one is to blame
  std::string what;                         // one sentence
  std::vector<ledger::LawBreach> breaches;  // for a law: at least one
};

// How the block's signatures are known to be good: checked now on all threads of a pool, or checked before, as those of a final
// block are whose certificate has been checked.
struct Signatures {
  crypto::VerifyPool* pool = nullptr;  // null: trusted

  static Signatures trusted() { return {}; }
  static Signatures checked_by(crypto::VerifyPool& pool) { return {&pool}; }
};

std::expected<ExecutedBlock, Rejection> judge(const ledger::State& parent,
                                              const ledger::SigningContext& context, ProposedBlock block,
                                              Signatures signatures,
                                              const ledger::PreparedPayouts& prepared = {});

}  // namespace moot::node
