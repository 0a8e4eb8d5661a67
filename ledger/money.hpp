// Moving money: every function changes an asset's counters and, where money enters or leaves an account, the
// account's leaf with them, so that supply = stored + owed + treasury + escrow + locked holds after each
// (rules.md §7). Callers have checked that the money is there; a counter that would fall below zero is our
// own bug. Escrow, owed and locked money also stands in the leaf of a sale or a redemption, which the caller
// changes in the same step.
#pragma once

#include "ledger/execution.hpp"

namespace moot::ledger {

using Pool =
    Amount Asset::*;  // &Asset::treasury, ::escrow, ::owed, ::locked: where money of no account stands

struct Money {
  AssetId asset;
  Amount amount;
};

// Supply appears in a pool, or leaves the ledger from one.
void mint(State& state, Pool into, Money money);
void burn(State& state, Pool from, Money money);
// From pool to pool.
void move_pool(State& state, Pool from, Pool into, Money money);
// Between a pool and an account's stored balance.
void pay_out(State& state, Pool from, AccountId to, Money money);
void take_in(State& state, AccountId from, Pool into, Money money);
// Between accounts.
void move_stored(State& state, AccountId from, AccountId to, Money money);

// The account of an address, made when there is none (3.1). The address is not a retired one.
AccountId account_for(Execution& run, const Address& address);

// ---- checks, each of one stage of rule 1.8 ----
// 6.8: `text` is the canonical rendering. Nothing can be said of an asset that does not exist.
Verdict check_amount_text(const State& state, AssetId asset, Amount amount, std::string_view text);
// 3.9: no debit for a while after a recovery.
Verdict check_not_frozen(const View& view, AccountId account);
// 6.6 and enough money, stored or owed: settle_first, insufficient_funds.
Verdict check_funds(const View& view, AccountId account, Money money);
// An account that money can be sent to: no_account, account_retired.
Verdict check_recipient(const State& state, const Address& address);

}  // namespace moot::ledger
