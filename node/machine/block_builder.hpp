// Builds the next block from the mempool on a state: picks in canonical order, executes, and keeps out whatever would
// break a law (rule 2.5).
#pragma once

#include "base/log.hpp"
#include "node/machine/executed_block.hpp"
#include "node/mempool/mempool.hpp"

namespace moot::node {

// What is due breaks these laws by itself, so that there is no next block, whatever might be in it: a defect of this program,
// or rules that it does not know (2.4). The mempool is as it was.
struct BrokenDueWork {
  std::vector<ledger::LawBreach> breaches;  // at least one
};

// Nothing when there is neither a transaction to include nor due work. `time` is later than the state's. A transaction
// that breaks a law is quarantined in the mempool; at most 16 a block are searched out, and what has not been tried by then
// goes back to wait for the next.
std::expected<std::optional<ExecutedBlock>, BrokenDueWork> build_block(
    const ledger::State& state, TimeMs time, Mempool& mempool, const ledger::PreparedPayouts& prepared,
    Logger& log);

}  // namespace moot::node
