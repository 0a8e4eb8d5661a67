// Founding a ledger: the words of `moot genesis new` made into a genesis, which is checked strictly. The format of the file is
// genesis/README.md.
#pragma once

#include <string>
#include <vector>

#include "ledger/genesis.hpp"
#include "wallet/csv.hpp"

namespace moot::wallet {

// As typed.
struct GenesisPlan {
  std::string organisation;
  std::vector<std::string> classes;     // NAME or NAME:open (registrars may grant without an attestation)
  std::vector<std::string> assets;      // SYMBOL:DECIMALS (external) or SYMBOL:DECIMALS:SUPPLY (fixed)
  std::vector<std::string> roles;       // ROLE=ADDRESS[,ADDRESS…][:M]
  std::vector<std::string> validators;  // a node_key.json, or ADDRESS=PUBLICKEY
  std::vector<std::string> accounts;    // ADDRESS[=SYMBOL:AMOUNT]
  std::vector<std::string> parameters;  // NAME=VALUE
  std::string members_csv;              // file; empty: no members yet
};

// Draws the salt, takes `now` as the time of block 0, and checks the result strictly.
Result<ledger::Genesis> plan_genesis(const GenesisPlan& plan, TimeMs now);

// Members from a list: `address`, a column for each class by name, in any order, and `consent`; all but the first may be left
// out. Empty or 0: no units. Errors name the line.
Result<std::vector<ledger::GenesisMember>> founding_members(const std::string& name, std::string_view csv,
                                                            const std::vector<ledger::GenesisClass>& classes);

}  // namespace moot::wallet
