// A payout from the first approval to its execution in one record (rules.md §6.3–6.5).
#include "ledger/handlers/handlers.hpp"
#include "ledger/money.hpp"
#include "ledger/payout_preview.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

// From then on a payout waits for nobody: a late approval could only put it off by its delay (6.3).
bool needs_no_approval(const View& view, const Sale& sale) {
  const u64 timeout = view.state.param(Param::approval_timeout_ms);
  return timeout != 0 && view.now.raw() >= sale.funded_at.raw() + timeout;
}

// A payout can be stopped from its funding to its execution.
Verdict check_stoppable(const State& state, SaleId id) {
  const Sale* sale = state.sales.find(id.value);
  if (!sale) return refuse(TxError::no_such_sale);
  if (sale->state == SaleState::authorised) return refuse(TxError::sale_not_funded);
  if (!sale->awaits_payout()) return refuse(TxError::payout_not_payable);
  return {};
}

}  // namespace

Verdict check_shape(const ApprovePayout& tx, const Parameters&) {
  if (tx.total.is_zero()) return refuse(TxError::bad_value);
  return {};
}

Verdict check(const View& view, const ApprovePayout& tx) {
  const State& state = view.state;
  const Sale* sale = state.sales.find(tx.payout.value);
  if (!sale) return refuse(TxError::no_such_sale);
  if (auto text = check_amount_text(state, sale->terms.asset, tx.total, tx.total_text); !text) return text;
  if (sale->state == SaleState::authorised) return refuse(TxError::sale_not_funded);
  if (sale->state != SaleState::funded || needs_no_approval(view, *sale))
    return refuse(TxError::payout_not_payable);
  if (tx.total != sale->proceeds()) return refuse(TxError::wrong_payout_digest);
  if (tx.payout_digest != preview_payout(state, view.prepared, tx.payout).digest)
    return refuse(TxError::wrong_payout_digest);
  return {};
}

u64 execute(Execution& run, const ApprovePayout& tx) {
  const u64 delay = run.state.param(Param::payout_delay_ms);
  change_sale(run.state, tx.payout, [&](Sale& sale) {
    sale.state = SaleState::approved;
    sale.due = TimeMs{std::max(run.now, sale.funded_at).raw() + delay};
  });
  run.emit({.kind = EventKind::payout_approved,
            .a = tx.payout.value,
            .b = run.state.sales[tx.payout.value].due.raw()});
  return tx.payout.value;
}

Verdict check_shape(const PausePayout& tx, const Parameters&) {
  if (const auto text = check_text(TextUse::reason, tx.reason); !text) return refuse(text.error());
  return {};
}

Verdict check(const View& view, const PausePayout& tx) {
  if (auto stoppable = check_stoppable(view.state, tx.payout); !stoppable) return stoppable;
  if (view.state.sales[tx.payout.value].pause_used) return refuse(TxError::already_paused);
  const u64 longest = view.state.param(Param::pause_max_ms);
  if (tx.until <= view.now || tx.until.raw() - view.now.raw() > longest)
    return refuse(TxError::outside_window);
  return {};
}

u64 execute(Execution& run, const PausePayout& tx) {
  change_sale(run.state, tx.payout, [&](Sale& sale) {
    sale.pause_used = true;
    sale.paused_until = tx.until;
  });
  run.emit({.kind = EventKind::payout_paused, .a = tx.payout.value, .b = tx.until.raw()});
  return tx.payout.value;
}

Verdict check_shape(const ResumePayout&, const Parameters&) { return {}; }

Verdict check(const View& view, const ResumePayout& tx) {
  if (auto stoppable = check_stoppable(view.state, tx.payout); !stoppable) return stoppable;
  if (view.now >= view.state.sales[tx.payout.value].paused_until) return refuse(TxError::not_paused);
  return {};
}

u64 execute(Execution& run, const ResumePayout& tx) {
  change_sale(run.state, tx.payout, [](Sale& sale) { sale.paused_until = TimeMs{}; });
  run.emit({.kind = EventKind::payout_resumed, .a = tx.payout.value});
  return tx.payout.value;
}

// The schedule calls it once, when neither delay nor pause nor missing approvals hold the payout back. It
// writes one record whatever the number of members: entitlements follow from it.
void run_payout_due(Execution& run, SaleId id) {
  State& state = run.state;
  const Sale sale = state.sales[id.value];
  MOOT_CHECK(sale.awaits_payout(), "a payout executes once");
  const PayoutRecord record = payout_for(state, run.prepared, id);
  const AssetId asset = sale.terms.asset;
  move_pool(state, &Asset::escrow, &Asset::treasury, {asset, sale.reserve});
  const bool pays = !record.amount.is_zero();
  if (pays) {
    move_pool(state, &Asset::escrow, &Asset::owed, {asset, record.amount});
    state.classes.edit(sale.terms.share_class.value).payouts.push_back(id);
  }
  change_sale(state, id, [&](Sale& paid) {
    paid.state = SaleState::paid_out;
    paid.paid_out = run.height;
    if (pays) paid.payout = record;
  });
  run.emit({.kind = EventKind::payout_executed,
            .a = id.value,
            .b = record.total.raw(),
            .c = record.extras,
            .amount = record.amount});
}

}  // namespace moot::ledger
