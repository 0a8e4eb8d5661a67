// A genesis that mootd is given as a file. The format is genesis/README.md.
#pragma once

#include <filesystem>
#include <string_view>

#include "ledger/genesis.hpp"
#include "node/app/failure.hpp"

namespace moot::node::app {

// Read strictly and checked; messages name the file and the field.
Result<ledger::Genesis> read_genesis(const std::filesystem::path& file);
// The same of a text that was read from `file`.
Result<ledger::Genesis> genesis_from_text(std::string_view text, const std::filesystem::path& file);

}  // namespace moot::node::app
