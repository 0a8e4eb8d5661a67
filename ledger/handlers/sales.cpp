// A sale from its authorisation to its funding, or to its end without (rules.md §6.2).
#include "crypto/sha256.hpp"
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/money.hpp"
#include "ledger/payout.hpp"
#include "ledger/settlement.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

Hash payment_key(std::string_view reference) {
  return crypto::tagged_hash("moot/payment-reference", as_bytes(reference));
}

// What is still missing to the sale's highest price. It never overflows, as proceeds + amount might.
bool passes_maximum(const Sale& sale, Amount amount) {
  const auto room = sale.terms.max_price.checked_sub(sale.proceeds());
  return !room || amount > *room;
}

Verdict check_open_sale(const State& state, SaleId id) {
  const Sale* sale = state.sales.find(id.value);
  if (!sale) return refuse(TxError::no_such_sale);
  if (sale->state != SaleState::authorised) return refuse(TxError::sale_not_authorised);
  return {};
}

Verdict check_sale_amount_text(const State& state, SaleId id, Amount amount, std::string_view text) {
  const Sale* sale = state.sales.find(id.value);
  return sale ? check_amount_text(state, sale->terms.asset, amount, text) : Verdict{};
}

// Adds to the escrow what has just been put there, and closes the sale when the least price is reached.
void add_proceeds(Execution& run, SaleId id, Amount Sale::* part, Amount amount) {
  bool funded = false;
  change_sale(run.state, id, [&](Sale& sale) {
    (sale.*part) = Amount{(sale.*part).raw() + amount.raw()};
    funded = sale.proceeds() >= sale.terms.min_price;
    if (!funded) return;
    sale.state = SaleState::funded;
    sale.funded_at = run.now;
    sale.reserve = reserve_of(sale.proceeds(), sale.terms.reserve);
  });
  const bool paid = part == &Sale::paid;
  run.emit({.kind = EventKind::proceeds_added, .a = id.value, .b = paid ? 1u : 0u, .amount = amount});
  if (funded)
    run.emit({.kind = EventKind::sale_funded, .a = id.value, .amount = run.state.sales[id.value].proceeds()});
}

// What the buyer paid goes back to the buyer; what was recorded leaves the ledger again.
void end_sale(Execution& run, SaleId id, SaleState end) {
  const Sale sale = run.state.sales[id.value];
  MOOT_CHECK(sale.state == SaleState::authorised, "only a sale that is not funded ends without a payout");
  pay_out(run.state, &Asset::escrow, sale.buyer, {sale.terms.asset, sale.paid});
  if (!sale.recorded.is_zero()) burn(run.state, &Asset::escrow, {sale.terms.asset, sale.recorded});
  change_sale(run.state, id, [end](Sale& record) { record.state = end; });
  run.emit({.kind = EventKind::sale_ended, .a = id.value, .b = static_cast<u64>(end)});
}

}  // namespace

Verdict check_shape(const RecordProceeds& tx, const Parameters&) {
  FirstRefusal first;
  first.add_if(tx.amount.is_zero(), TxError::bad_value);
  if (const auto text = check_text(TextUse::reference, tx.reference); !text) first.add(refuse(text.error()));
  return first.verdict();
}

Verdict check(const View& view, const RecordProceeds& tx) {
  const State& state = view.state;
  if (auto text = check_sale_amount_text(state, tx.sale, tx.amount, tx.amount_text); !text) return text;
  if (auto open = check_open_sale(state, tx.sale); !open) return open;
  const Sale& sale = state.sales[tx.sale.value];
  const Asset& asset = state.assets[sale.terms.asset.value];
  // The supply of a fixed asset never rises (6.1).
  if (asset.kind != AssetKind::external) return refuse(TxError::wrong_kind);
  if (is_used(state, UsedDomain::payment_reference, payment_key(tx.reference)))
    return refuse(TxError::reference_used);
  if (passes_maximum(sale, tx.amount)) return refuse(TxError::above_maximum_price);
  if (!asset.supply.checked_add(tx.amount)) return refuse(TxError::overflow);
  return {};
}

u64 execute(Execution& run, const RecordProceeds& tx) {
  const AssetId asset = run.state.sales[tx.sale.value].terms.asset;
  MOOT_CHECK(use_key(run.state, UsedDomain::payment_reference, payment_key(tx.reference)),
             "checked to be unused");
  mint(run.state, &Asset::escrow, {asset, tx.amount});
  add_proceeds(run, tx.sale, &Sale::recorded, tx.amount);
  return tx.sale.value;
}

Verdict check_shape(const PaySale& tx, const Parameters&) {
  if (tx.amount.is_zero()) return refuse(TxError::bad_value);
  return {};
}

Verdict check(const View& view, const PaySale& tx) {
  const State& state = view.state;
  if (auto text = check_sale_amount_text(state, tx.sale, tx.amount, tx.amount_text); !text) return text;
  const Sale* sale = state.sales.find(tx.sale.value);
  if (sale && view.sender.account != sale->buyer) return refuse(TxError::not_the_buyer);
  if (auto open = check_open_sale(state, tx.sale); !open) return open;
  if (auto debit = check_not_frozen(view, sale->buyer); !debit) return debit;
  if (auto funds = check_funds(view, sale->buyer, {sale->terms.asset, tx.amount}); !funds) return funds;
  if (passes_maximum(*sale, tx.amount)) return refuse(TxError::above_maximum_price);
  return {};
}

u64 execute(Execution& run, const PaySale& tx) {
  const Sale& sale = run.state.sales[tx.sale.value];
  const AccountId buyer = sale.buyer;
  const AssetId asset = sale.terms.asset;
  settle_account(run, buyer);
  take_in(run.state, buyer, &Asset::escrow, {asset, tx.amount});
  add_proceeds(run, tx.sale, &Sale::paid, tx.amount);
  return tx.sale.value;
}

Verdict check_sale_terms(const View& view, const SaleTerms& terms) {
  const auto leaf = view.state.leaf_of(terms.buyer);
  if (leaf && view.state.accounts[leaf->value].retired()) return refuse(TxError::account_retired);
  return {};
}

void execute_sale_terms(Execution& run, ProposalId proposal, const SaleTerms& terms) {
  Sale sale;
  sale.proposal = proposal;
  sale.terms = terms;
  sale.buyer = account_for(run, terms.buyer);
  sale.record_height = run.state.proposals[proposal.value].record_height;
  sale.authorised = run.now;
  sale.funding_deadline = TimeMs{run.now.raw() + terms.funding.raw()};
  const u64 id = run.state.sales.push(sale);
  reschedule(run.state, {}, dues_of(sale, id, run.state.rules->parameters));
  run.emit({.kind = EventKind::sale_authorised, .a = id, .b = proposal.value});
}

Verdict check_sale_cancellation(const View& view, const SaleCancellation& action) {
  return check_open_sale(view.state, action.sale);
}

void execute_sale_cancellation(Execution& run, const SaleCancellation& action) {
  end_sale(run, action.sale, SaleState::canceled);
}

void run_funding_expiry(Execution& run, SaleId sale) { end_sale(run, sale, SaleState::expired); }

}  // namespace moot::ledger
