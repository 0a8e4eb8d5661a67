// A genesis of a million members takes seconds to read and check as JSON, at every start. What one start has read is kept
// beside the database in its canonical bytes, bound to the file that it was read from by that file's SHA-256: the file stays
// the only thing that says what the genesis is, and a copy that is missing, damaged or of other bytes is not used.
#pragma once

#include <filesystem>

#include "base/log.hpp"
#include "ledger/genesis.hpp"
#include "node/app/failure.hpp"

namespace moot::node::app {

struct ReadGenesis {
  ledger::Genesis genesis;
  Hash file_hash;       // SHA-256 of the file
  bool cached = false;  // the kept copy served
};
Result<ReadGenesis> read_genesis_once(const std::filesystem::path& file, const std::filesystem::path& copy);

// Keeps the canonical bytes for the next start, whole or not at all. A failure costs that start some seconds, so it is only
// logged.
void keep_genesis(const std::filesystem::path& copy, const Hash& file_hash, ByteView canonical, Logger& log);

}  // namespace moot::node::app
