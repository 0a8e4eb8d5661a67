// What executing a block comes to, as an engine needs it: nothing of the engine went in, and it may ask for nothing else.
#pragma once

#include "crypto/keys.hpp"
#include "ledger/apply.hpp"

namespace moot::node {

// A block on its parent state, not yet final. Dropping it drops everything.
struct ExecutedBlock {
  ledger::BlockResult result;    // the state after it, roots, receipts, events
  std::vector<Bytes> envelopes;  // in order

  // When the next block is wanted although no transaction waits (consensus.md §0.8); nothing when the ledger is at rest.
  [[nodiscard]] std::optional<TimeMs> due() const { return result.state.next_due(); }
};

// The consensus keys of those who hold the role of validator at the state's time, ascending (consensus.md §0.14): whom the
// ledger wants. When an engine gives them their turn is the engine's own rule, and no part of the state root.
std::vector<crypto::XOnlyKey> next_validators(const ledger::State& state);

}  // namespace moot::node
