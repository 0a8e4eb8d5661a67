// Fetching from memory what transactions will touch, for several at once. It changes nothing that can be seen: with a million
// members nearly every record that a ballot reads is far away, and waiting for one after the other costs more than all the
// arithmetic.
#pragma once

#include "ledger/apply.hpp"

namespace moot::ledger {

inline constexpr std::size_t kFetchedAtOnce = 32;  // transactions; what they touch fits the nearer caches

// Asks for what judging and running these transactions reads. Gives the leaf of each signer's address, if any.
std::vector<std::optional<AccountId>> fetch_ahead(const State& state,
                                                  std::span<const VerifiedTransaction* const> coming);

}  // namespace moot::ledger
