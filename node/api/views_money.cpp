#include "ledger/payout.hpp"
#include "ledger/text.hpp"
#include "node/api/views.hpp"

namespace moot::node::api {

using ledger::State;

void view_money(const State& state, AssetId asset, Amount amount, pb::Money& out) {
  const ledger::Asset& record = state.assets[asset.value];
  out.set_asset(asset.value);
  out.set_amount(to_decimal(amount.raw()));
  out.set_text(ledger::render_amount(amount, record.decimals, record.symbol));
}

void view_asset(const State& state, AssetId id, pb::Asset& out) {
  const ledger::Asset& asset = state.assets[id.value];
  out.set_id(id.value);
  out.set_symbol(asset.symbol);
  out.set_decimals(asset.decimals);
  out.set_kind(enum_to_proto<pb::AssetKind>(asset.kind));
  out.set_minimum_redemption(to_decimal(asset.minimum_redemption.raw()));
  out.set_supply(to_decimal(asset.supply.raw()));
  out.set_stored(to_decimal(asset.stored.raw()));
  out.set_owed(to_decimal(asset.owed.raw()));
  out.set_treasury(to_decimal(asset.treasury.raw()));
  out.set_escrow(to_decimal(asset.escrow.raw()));
  out.set_locked(to_decimal(asset.locked.raw()));
}

void view_sale(const State& state, SaleId id, pb::Sale& out) {
  const ledger::Sale& sale = state.sales[id.value];
  out.set_id(id.value);
  out.set_proposal(sale.proposal.value);
  to_proto(sale.terms, *out.mutable_terms());
  out.set_buyer_account(sale.buyer.value);
  out.set_record_height(sale.record_height.raw());
  out.set_authorised_ms(sale.authorised.raw());
  out.set_funding_deadline_ms(sale.funding_deadline.raw());
  out.set_state(enum_to_proto<pb::SaleState>(sale.state));
  out.set_paid(to_decimal(sale.paid.raw()));
  out.set_recorded(to_decimal(sale.recorded.raw()));
  view_money(state, sale.terms.asset, sale.proceeds(), *out.mutable_proceeds());
  out.set_funded_at_ms(sale.funded_at.raw());
  view_money(state, sale.terms.asset, sale.reserve, *out.mutable_reserve());
  out.set_due_ms(sale.due.raw());
  out.set_pause_used(sale.pause_used);
  out.set_paused_until_ms(sale.paused_until.raw());
  out.set_paid_out_height(sale.paid_out.raw());
}

void view_redemption(const State& state, RedemptionId id, pb::Redemption& out) {
  const ledger::Redemption& redemption = state.redemptions[id.value];
  out.set_id(id.value);
  out.set_account(redemption.account.value);
  out.set_address(address_of(state, redemption.account));
  view_money(state, redemption.asset, redemption.amount, *out.mutable_amount());
  out.set_destination(redemption.destination);
  out.set_requested_ms(redemption.requested.raw());
  out.set_state(enum_to_proto<pb::RedemptionState>(redemption.state));
  out.set_note(redemption.note);
}

void view_payout(const State& state, SaleId id, const PayoutParts& parts, pb::Payout& out) {
  const ledger::SaleTerms& terms = state.sales[id.value].terms;
  const ledger::PayoutRecord& record = parts.record;
  out.set_id(id.value);
  out.set_share_class(terms.share_class.value);
  view_money(state, terms.asset, parts.proceeds, *out.mutable_proceeds());
  view_money(state, terms.asset, parts.reserve, *out.mutable_reserve());
  view_money(state, terms.asset, record.amount, *out.mutable_amount());
  out.set_total_units(record.total.raw());
  out.set_record_height(record.record_height.raw());
  out.set_extras(record.extras);
  if (record.extras > 0) {
    out.set_cut_remainder(record.cut.remainder);
    out.set_cut_hash(to_bytes(record.cut.hash.bytes));
    out.set_cut_member(record.cut.member.value);
  }
  out.set_remaining(to_decimal(record.remaining.raw()));
  out.set_extra_left(record.extra_left);
}

}  // namespace moot::node::api
