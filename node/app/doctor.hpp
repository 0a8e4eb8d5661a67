// mootd doctor: looks at a stopped node's folder and says what it finds, without changing anything in the database.
#pragma once

#include <iosfwd>

#include "node/app/config.hpp"

namespace moot::node::app {

// Checks key, genesis, lock, schema, the chain's links and certificates, and that the records' state root is the headers'.
// The first thing wrong is the failure; what is right goes to `out`, a line each.
Result<void> doctor(const Config& config, std::ostream& out);

}  // namespace moot::node::app
