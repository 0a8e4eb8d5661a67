// Builds the next block from the mempool on a state: picks in canonical order, executes, and keeps out whatever would
// break a law (rule 2.5).
#pragma once

#include "base/log.hpp"
#include "node/mempool/mempool.hpp"

namespace moot::node {

struct BuiltBlock {
  ledger::BlockResult result;
  std::vector<Bytes> envelopes;
};

// Nothing when there is neither a transaction to include nor due work. `time` is later than the state's.
std::optional<BuiltBlock> build_block(const ledger::State& state, TimeMs time, Mempool& mempool,
                                      const ledger::PreparedPayouts& prepared, Logger& log);

}  // namespace moot::node
