// mootd init: a new node's home folder.
//
//   <home>/config/config.toml     every setting, at its default, explained
//   <home>/config/node_key.json   the node's key, 0600
//   <home>/config/genesis.json    with --genesis or --devnet
//   <home>/config/dev_keys/       with --devnet: a raw key for each role, 0600
//   <home>/data/                  empty
//
// All or nothing, and never over what is there.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

#include "base/clock.hpp"
#include "node/app/failure.hpp"

namespace moot::node::app {

struct InitOptions {
  std::filesystem::path home;
  std::optional<std::filesystem::path> genesis;  // a file to copy, checked strictly
  bool devnet = false;
  std::string organisation = "Devnet";  // of the devnet
};

// Tells on `out` what was made and what to do next.
Result<void> init(const InitOptions& options, const Clock& clock, std::ostream& out);

}  // namespace moot::node::app
