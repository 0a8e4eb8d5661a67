// Money on its way out: locked at the owner's wish, burned against an outside reference or given back
// (rules.md §6.7).
#include "crypto/sha256.hpp"
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/money.hpp"
#include "ledger/settlement.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

Hash payment_key(std::string_view reference) {
  return crypto::tagged_hash("moot/redemption-reference", as_bytes(reference));
}

// Why an item of the list does nothing; nothing when it stands.
std::optional<TxError> skip_reason(const State& state, const Settlement& item) {
  const Redemption* redemption = state.redemptions.find(item.redemption.value);
  if (!redemption) return TxError::no_such_redemption;
  if (redemption->state != RedemptionState::open) return TxError::redemption_not_open;
  if (item.paid && is_used(state, UsedDomain::redemption_reference, payment_key(item.note)))
    return TxError::reference_used;
  return std::nullopt;
}

// Ends an open redemption; its money has been moved or is moved by the caller.
void close(Execution& run, RedemptionId id, RedemptionState end, std::string note) {
  Redemption& redemption = run.state.redemptions.edit(id.value);
  redemption.state = end;
  redemption.note = std::move(note);
  run.state.open_redemptions.erase({redemption.account.value, redemption.asset.value});
  run.emit({.kind = EventKind::redemption_ended, .a = id.value, .b = static_cast<u64>(end)});
}

void give_back(Execution& run, RedemptionId id, RedemptionState end, std::string note) {
  const Redemption redemption = run.state.redemptions[id.value];
  pay_out(run.state, &Asset::locked, redemption.account, {redemption.asset, redemption.amount});
  close(run, id, end, std::move(note));
}

void settle_item(Execution& run, const Settlement& item) {
  if (!item.paid) return give_back(run, item.redemption, RedemptionState::refunded, item.note);
  const Redemption redemption = run.state.redemptions[item.redemption.value];
  MOOT_CHECK(use_key(run.state, UsedDomain::redemption_reference, payment_key(item.note)),
             "checked to be unused");
  burn(run.state, &Asset::locked, {redemption.asset, redemption.amount});
  close(run, item.redemption, RedemptionState::paid, item.note);
}

}  // namespace

Verdict check_shape(const RequestRedemption& tx, const Parameters&) {
  FirstRefusal first;
  first.add_if(tx.amount.is_zero(), TxError::bad_value);
  if (const auto text = check_text(TextUse::destination, tx.destination); !text)
    first.add(refuse(text.error()));
  return first.verdict();
}

Verdict check(const View& view, const RequestRedemption& tx) {
  const State& state = view.state;
  const AccountId account = *view.sender.account;
  if (auto text = check_amount_text(state, tx.asset, tx.amount, tx.amount_text); !text) return text;
  const Asset* asset = state.assets.find(tx.asset.value);
  if (!asset) return refuse(TxError::no_such_asset);
  if (asset->kind != AssetKind::external) return refuse(TxError::not_redeemable);
  if (auto debit = check_not_frozen(view, account); !debit) return debit;
  if (state.open_redemptions.contains({account.value, tx.asset.value}))
    return refuse(TxError::redemption_already_open);
  if (tx.amount < asset->minimum_redemption) return refuse(TxError::below_minimum);
  return check_funds(view, account, {tx.asset, tx.amount});
}

u64 execute(Execution& run, const RequestRedemption& tx) {
  const AccountId account = *run.sender.account;
  settle_account(run, account);
  take_in(run.state, account, &Asset::locked, {tx.asset, tx.amount});
  Redemption redemption;
  redemption.account = account;
  redemption.asset = tx.asset;
  redemption.amount = tx.amount;
  redemption.destination = tx.destination;
  redemption.requested = run.now;
  const u64 id = run.state.redemptions.push(std::move(redemption));
  run.state.open_redemptions.put({account.value, tx.asset.value}, id);
  run.emit({.kind = EventKind::redemption_requested,
            .a = id,
            .b = account.value,
            .c = tx.asset.value,
            .amount = tx.amount});
  return id;
}

Verdict check_shape(const CancelRedemption&, const Parameters&) { return {}; }

Verdict check(const View& view, const CancelRedemption& tx) {
  const Redemption* redemption = view.state.redemptions.find(tx.redemption.value);
  if (!redemption) return refuse(TxError::no_such_redemption);
  if (view.sender.account != redemption->account) return refuse(TxError::not_the_owner);
  if (redemption->state != RedemptionState::open) return refuse(TxError::redemption_not_open);
  const u64 timeout = view.state.param(Param::redemption_timeout_ms);
  if (view.now.raw() - redemption->requested.raw() < timeout) return refuse(TxError::timeout_not_reached);
  return {};
}

u64 execute(Execution& run, const CancelRedemption& tx) {
  give_back(run, tx.redemption, RedemptionState::canceled, {});
  return tx.redemption.value;
}

Verdict check_shape(const SettleRedemptions& tx, const Parameters& parameters) {
  FirstRefusal first;
  first.add_if(tx.items.empty(), TxError::empty_list);
  first.add_if(tx.items.size() > parameters[Param::redemptions_per_transaction], TxError::list_too_long);
  for (std::size_t i = 0; i < tx.items.size(); ++i) {
    const Settlement& item = tx.items[i];
    const auto text = check_text(item.paid ? TextUse::reference : TextUse::reason, item.note);
    if (!text) first.add(refuse_at(text.error(), i));
    first.add_if(item.note.empty(), TxError::bad_value, i);
  }
  return first.verdict();
}

// Items are judged one by one when they run: one that does not stand is left out, and the others are done.
Verdict check(const View&, const SettleRedemptions&) { return {}; }

u64 execute(Execution& run, const SettleRedemptions& tx) {
  u64 done = 0;
  for (std::size_t i = 0; i < tx.items.size(); ++i) {
    if (const auto why = skip_reason(run.state, tx.items[i])) {
      run.skipped.emplace_back(static_cast<u32>(i), *why);
      continue;
    }
    settle_item(run, tx.items[i]);
    ++done;
  }
  return done;
}

}  // namespace moot::ledger
