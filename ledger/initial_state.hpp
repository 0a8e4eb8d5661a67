// The state after block 0: what a genesis says, as records (rules.md §8).
#pragma once

#include "ledger/apply.hpp"
#include "ledger/genesis.hpp"

namespace moot::ledger {

struct InitialBlock {
  State state;
  BlockRoots roots;
};

// `genesis` has passed check_genesis. The same genesis gives the same root on every machine.
InitialBlock initial_block(const Genesis& genesis);

}  // namespace moot::ledger
