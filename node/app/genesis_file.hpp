// mootd genesis: making, checking and naming the file that a ledger begins with. The format is genesis/README.md.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "ledger/genesis.hpp"
#include "node/app/failure.hpp"

namespace moot::node::app {

// Read strictly and checked; messages name the file and the field.
Result<ledger::Genesis> read_genesis(const std::filesystem::path& file);
// The same of a text that was read from `file`.
Result<ledger::Genesis> genesis_from_text(std::string_view text, const std::filesystem::path& file);

// The words of `mootd genesis new`, as typed.
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

// Members from CSV: a heading `address`, then a column for each class by name, in any order; optionally `consent`. Empty
// or 0: no units. Errors name the line. Fields may be quoted.
Result<std::vector<ledger::GenesisMember>> members_from_csv(std::string_view text, const std::string& name,
                                                            const std::vector<ledger::GenesisClass>& classes);

// Organisation, id, and how many of everything.
void print_summary(const ledger::Genesis& genesis, std::ostream& out);
std::string id_text(const ledger::Genesis& genesis);

}  // namespace moot::node::app
