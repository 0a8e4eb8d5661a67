// A ledger for one person to try everything on: one member, one key for each role, short waits.
#pragma once

#include <string>
#include <vector>

#include "crypto/keys.hpp"
#include "ledger/genesis.hpp"

namespace moot::node::app {

struct DevKey {
  std::string name;  // "member", "treasurer", …
  crypto::SecretKey key;
};

struct Devnet {
  ledger::Genesis genesis;
  std::vector<DevKey> keys;  // of everybody in the genesis but the validator
};

// One account holds at most one of registrar, treasurer, auditor and guardian, so each has a key of its own.
Devnet make_devnet(const std::string& organisation, const crypto::SecretKey& validator, TimeMs now);

// A validator named by a node's key.
ledger::GenesisHolder validator_holder(const crypto::SecretKey& key);

}  // namespace moot::node::app
