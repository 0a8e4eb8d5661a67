// Money between accounts, from the treasury, and from what is owed into what is stored.
#include "ledger/money.hpp"

#include "ledger/handlers/handlers.hpp"
#include "ledger/settlement.hpp"

namespace moot::ledger {

Verdict check_shape(const Transfer& tx, const Parameters&) {
  if (tx.amount.is_zero() || tx.to.is_zero()) return refuse(TxError::bad_value);
  return {};
}

Verdict check(const View& view, const Transfer& tx) {
  const State& state = view.state;
  if (tx.to == view.sender.address) return refuse(TxError::bad_value);
  if (auto text = check_amount_text(state, tx.asset, tx.amount, tx.amount_text); !text) return text;
  if (auto recipient = check_recipient(state, tx.to); !recipient) return recipient;
  if (!state.assets.contains(tx.asset.value)) return refuse(TxError::no_such_asset);
  if (auto debit = check_not_frozen(view, *view.sender.account); !debit) return debit;
  return check_funds(view, *view.sender.account, {tx.asset, tx.amount});
}

u64 execute(Execution& run, const Transfer& tx) {
  const AccountId from = *run.sender.account;
  const AccountId to = *run.state.account_of(tx.to);
  settle_account(run, from);
  move_stored(run.state, from, to, {tx.asset, tx.amount});
  run.emit({.kind = EventKind::transferred,
            .a = from.value,
            .b = to.value,
            .c = tx.asset.value,
            .amount = tx.amount});
  return 0;
}

Verdict check_shape(const Settle& tx, const Parameters& parameters) {
  if (tx.limit > parameters[Param::settle_max]) return refuse(TxError::bad_value);
  return {};
}

Verdict check(const View& view, const Settle& tx) {
  if (!view.state.members.contains(tx.member.value)) return refuse(TxError::no_such_member);
  if (!view.state.classes.contains(tx.share_class.value)) return refuse(TxError::no_such_class);
  if (unsettled_count(view.state, tx.member, tx.share_class) == 0) return refuse(TxError::nothing_to_settle);
  return {};
}

u64 execute(Execution& run, const Settle& tx) {
  const u64 limit = tx.limit == 0 ? run.state.param(Param::settle_max) : tx.limit;
  return settle_class(run, tx.member, tx.share_class, limit);
}

Verdict check_spend(const View& view, const Spend& spend) {
  const auto leaf = view.state.leaf_of(spend.recipient);
  if (leaf && view.state.accounts[leaf->value].retired()) return refuse(TxError::account_retired);
  if (view.state.assets[spend.asset.value].treasury < spend.amount)
    return refuse(TxError::insufficient_funds);
  return {};
}

void execute_spend(Execution& run, const Spend& spend) {
  const AccountId to = account_for(run, spend.recipient);
  pay_out(run.state, &Asset::treasury, to, {spend.asset, spend.amount});
  run.emit({.kind = EventKind::spent, .a = to.value, .c = spend.asset.value, .amount = spend.amount});
}

}  // namespace moot::ledger
