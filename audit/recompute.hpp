// The auditor's own arithmetic of money: a payout from a full sort in 256-bit integers, and every supply from a walk over
// every record. Slow on purpose, and without a line of the ledger's own (rules.md §6.4, §7).
#pragma once

#include <expected>

#include "audit/report.hpp"
#include "ledger/state.hpp"

namespace moot::audit {

// Recomputes the payout of a sale that the state has paid out, every member's share included, and compares the record and
// each entitlement with it. The error is one sentence.
std::expected<PayoutFinding, std::string> recompute_payout(const ledger::State& state, SaleId sale);

// The sums over accounts, payouts, sales and redemptions, compared with each asset's counters.
std::expected<std::vector<AssetFinding>, std::string> sum_assets(const ledger::State& state);

}  // namespace moot::audit
