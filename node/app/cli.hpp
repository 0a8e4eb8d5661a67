// The command line of mootd.
#pragma once

#include <iosfwd>

#include "node/app/config.hpp"

namespace moot::node::app {

struct Streams {
  std::ostream& out;
  std::ostream& err;
};

// Runs one command and gives the process's exit status (failure.hpp). Errors go to `err` as "mootd: <sentence>".
int run_cli(int argc, const char* const* argv, const Environment& environment, const Streams& streams);

}  // namespace moot::node::app
