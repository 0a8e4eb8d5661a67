// What the sources of `moot payout` share; `moot approve` shows a payout with it before it asks.
#pragma once

#include <iosfwd>

#include "wallet/payout_check.hpp"

namespace CLI {
class App;
}

namespace moot::wallet {

struct Globals;

Result<pb::Sale> get_sale(const NodeClient& client, SaleId sale);

// A funded sale's payout, computed here and found equal to the node's.
struct CheckedPayout {
  pb::Sale sale;
  WholePreview preview;
  ComputedPayout computed;
};
Result<CheckedPayout> fetch_and_check(const NodeClient& client, SaleId sale);

// Totals, reserve, shares from smallest to largest, digest, and a warning where a hash draws who gets anything.
void print_preview(std::ostream& out, const pb::Sale& sale, const WholePreview& preview);

void add_payout_approve(CLI::App& payout, Globals& globals);  // treasurer.cpp
void add_payout_pause(CLI::App& payout, Globals& globals);    // auditor.cpp: pause, resume

}  // namespace moot::wallet
