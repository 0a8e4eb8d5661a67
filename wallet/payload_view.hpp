// A transaction's payload in full, for whoever is about to sign it. The typed data holds lists and long texts by their
// hashes alone; here they stand whole, made from the same bytes.
#pragma once

#include "ledger/transaction.hpp"
#include "wallet/asset_book.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {

// How many entries of a list are shown; the rest is counted.
inline constexpr std::size_t kShownEntries = 20;

// One line a field, one a list's entry, one a field of an action. Amounts are rendered with `assets` where it knows them.
std::vector<Fact> payload_facts(const ledger::Payload& payload, const AssetBook& assets);
// "proposalHash" → "proposal hash".
std::string spaced(std::string_view name);

}  // namespace moot::wallet
