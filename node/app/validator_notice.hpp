// Tells the operator when the validators that the ledger names are not those whose keys sign its blocks.
//
// Until there are epochs, the validators of the genesis sign for ever (docs/decisions/0018): a vote that grants or removes the
// role changes the ledger and nothing in block making. That must not surprise whoever removed a key.
#pragma once

#include <memory>
#include <vector>

#include "base/log.hpp"
#include "crypto/keys.hpp"
#include "node/engine/ledger_node.hpp"

namespace moot::node::app {

using ValidatorKeys = std::vector<crypto::XOnlyKey>;

class ValidatorNotice {
 public:
  // Looks at once, then after each block; a line for each change. `signing`: those whose blocks are valid. Node and logger
  // outlive it.
  ValidatorNotice(LedgerNode& node, ValidatorKeys signing, Logger& log);

 private:
  void look(const Snapshot& snapshot);

  const ValidatorKeys signing_;
  Logger& log_;
  ValidatorKeys told_;
  std::unique_ptr<Subscription> subscription_;
};

}  // namespace moot::node::app
