// A ledger whose next block pays out, without the votes and deadlines that lead there.
#pragma once

#include "ledger/apply.hpp"
#include "ledger/initial_state.hpp"

namespace moot::test {

// `state` one block later, in which sale 0 of class 0 is approved and due, with `proceeds` of asset 0 in escrow; money adds
// up as the laws want it. The state is one of test_genesis' making, and has no sales.
ledger::State with_due_sale(const ledger::State& state, u64 proceeds);

}  // namespace moot::test
