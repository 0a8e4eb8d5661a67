#include "ledger/money.hpp"

#include "ledger/settlement.hpp"
#include "ledger/text.hpp"

namespace moot::ledger {
namespace {

void add(Amount& to, Amount amount) {
  const auto sum = to.checked_add(amount);
  MOOT_CHECK(sum.has_value(), "no part of a supply is greater than a supply can be");
  to = *sum;
}

void subtract(Amount& from, Amount amount) {
  const auto rest = from.checked_sub(amount);
  MOOT_CHECK(rest.has_value(), "money is moved from where it is");
  from = *rest;
}

void credit(State& state, AccountId account, const Money& money) {
  Account& leaf = state.accounts.edit(account.value);
  Amount balance = leaf.balance(money.asset);
  add(balance, money.amount);
  leaf.set_balance(money.asset, balance);
}

void debit(State& state, AccountId account, const Money& money) {
  Account& leaf = state.accounts.edit(account.value);
  Amount balance = leaf.balance(money.asset);
  subtract(balance, money.amount);
  leaf.set_balance(money.asset, balance);
}

}  // namespace

void mint(State& state, Pool into, Money money) {
  Asset& asset = state.assets.edit(money.asset.value);
  add(asset.supply, money.amount);
  add(asset.*into, money.amount);
}

void burn(State& state, Pool from, Money money) {
  Asset& asset = state.assets.edit(money.asset.value);
  subtract(asset.*from, money.amount);
  subtract(asset.supply, money.amount);
}

void move_pool(State& state, Pool from, Pool into, Money money) {
  Asset& asset = state.assets.edit(money.asset.value);
  subtract(asset.*from, money.amount);
  add(asset.*into, money.amount);
}

void pay_out(State& state, Pool from, AccountId to, Money money) {
  if (money.amount.is_zero()) return;
  move_pool(state, from, &Asset::stored, money);
  credit(state, to, money);
}

void take_in(State& state, AccountId from, Pool into, Money money) {
  if (money.amount.is_zero()) return;
  debit(state, from, money);
  move_pool(state, &Asset::stored, into, money);
}

void move_stored(State& state, AccountId from, AccountId to, Money money) {
  debit(state, from, money);
  credit(state, to, money);
}

AccountId account_for(Execution& run, const Address& address) {
  if (const auto known = run.state.account_of(address)) return *known;
  const AccountId made = add_account(run.state, address);
  run.emit({.kind = EventKind::account_created, .a = made.value});
  return made;
}

Verdict check_amount_text(const State& state, AssetId asset, Amount amount, std::string_view text) {
  const Asset* found = state.assets.find(asset.value);
  if (found && text != render_amount(amount, found->decimals, found->symbol))
    return refuse(TxError::bad_amount_text);
  return {};
}

Verdict check_not_frozen(const View& view, AccountId account) {
  if (view.now < view.state.accounts[account.value].extra->frozen_until) return refuse(TxError::debit_frozen);
  return {};
}

Verdict check_funds(const View& view, AccountId account, Money money) {
  if (unsettled_count(view.state, account) > view.state.param(Param::settle_max))
    return refuse(TxError::settle_first);
  if (spendable(view.state, account, money.asset) < money.amount) return refuse(TxError::insufficient_funds);
  return {};
}

Verdict check_recipient(const State& state, const Address& address) {
  const auto leaf = state.leaf_of(address);
  if (!leaf) return refuse(TxError::no_account);
  if (state.accounts[leaf->value].retired()) return refuse(TxError::account_retired);
  return {};
}

}  // namespace moot::ledger
