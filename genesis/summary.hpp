// What a genesis founds, in a few words: for whoever is about to start or to join its ledger.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/genesis.hpp"

namespace moot::genesis {

// The ledger's id, as 0x and 64 digits.
std::string id_text(const ledger::Genesis& genesis);

// Organisation, id, and how many of everything: titles and values, in order.
std::vector<std::pair<std::string, std::string>> summary(const ledger::Genesis& genesis);

}  // namespace moot::genesis
