// A genesis that somebody was given as a file (genesis/README.md).
#pragma once

#include <string>

#include "ledger/genesis.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

// Read strictly and checked; what is wrong ends the command with `code`.
Result<ledger::Genesis> read_genesis(const std::string& file, ExitCode code);

}  // namespace moot::wallet
