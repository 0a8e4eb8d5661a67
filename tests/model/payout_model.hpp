// A payout done the slow, obvious way: every entitlement, from a full sort, in integers without a size. It
// shares no code with ledger/payout.cpp; not even the tagged hash.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <map>

#include "base/bytes.hpp"

namespace moot::model {

using BigInt = boost::multiprecision::cpp_int;

BigInt big(u128 value);

// Who gets how much of `amount` when it is shared by units: floor(A·w/U) each, and one more for the first L
// members in the order (A·w mod U descending, TH("moot/payout-rank", ledger id ‖ sale ‖ member) ascending,
// member ascending) (rules.md §6.4).
std::map<u64, BigInt> share_out(const LedgerId& ledger, u64 sale, const BigInt& amount,
                                const std::map<u64, u64>& units_by_member);

}  // namespace moot::model
