#include "ledger/state.hpp"

namespace moot::ledger {
namespace {

// 6.3: an approved payout waits for its delay; one that nobody approved, for the end of the time to approve
// it. A pause holds both back. Nothing when only an approval can move it.
std::optional<DueItem> payout_due(const Sale& sale, u64 id, const Parameters& parameters) {
  u64 due = sale.due.raw();
  if (sale.state == SaleState::funded) {
    const u64 timeout = parameters[Param::approval_timeout_ms];
    if (timeout == 0) return std::nullopt;
    due = sale.funded_at.raw() + timeout;
  }
  return DueItem{std::max(due, sale.paused_until.raw()), DueKind::payout_due, id};
}

}  // namespace

std::vector<DueItem> dues_of(const Sale& sale, u64 id, const Parameters& parameters) {
  switch (sale.state) {
    case SaleState::authorised: return {{sale.funding_deadline.raw(), DueKind::funding_expiry, id}};
    case SaleState::funded:
    case SaleState::approved:
      if (const auto due = payout_due(sale, id, parameters)) return {*due};
      return {};
    case SaleState::paid_out:
    case SaleState::expired:
    case SaleState::canceled: return {};
  }
  return {};
}

}  // namespace moot::ledger
