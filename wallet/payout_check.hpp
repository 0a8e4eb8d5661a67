// A payout computed here from what a node says members hold, beside what the node says it pays: a treasurer signs the digest
// of this computation, not one that was handed over (rules.md §6.4).
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include "ledger/payout.hpp"
#include "wallet/node_client.hpp"

namespace moot::wallet {

// A preview with all its shares, whatever their number.
struct WholePreview {
  pb::PreviewPayoutResponse totals;  // without shares
  std::vector<pb::Share> shares;     // by member id
};

// `suppose` is the decimal text of base units; empty: the sale's own proceeds.
Result<WholePreview> fetch_preview(const NodeClient& client, SaleId sale, const std::string& suppose,
                                   bool all_shares);

struct ComputedPayout {
  Amount proceeds;  // P
  Amount reserve;
  ledger::PayoutRecord record;
  Hash digest;
};

// ExitCode::verification_failed where a share, the reserve, the sum, the record or the digest differs from the node's; the
// message names the first. `reserve_part` is the sale's.
Result<ComputedPayout> check_payout(const LedgerId& ledger_id, Ppm reserve_part, const WholePreview& preview);

}  // namespace moot::wallet
