// Keys of accounts: rotation by both keys, recovery of a lost one, withdrawn nonces (rules.md §1.5, §3.9).
#include "ledger/handlers/membership.hpp"
#include "ledger/registers.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

constexpr u64 kByRecovery = 1;  // EventKind::key_changed, b

// An address that asked to join belongs to this account from now on, and is nobody's to admit any more.
void change_address(Execution& run, AccountId account, const Address& address) {
  take_join(run, address);
  rotate_address(run.state, account, address);
}

}  // namespace

// ---- RotateKey ----

Verdict check_shape(const RotateKey& tx, const Parameters&) {
  if (tx.new_address.is_zero()) return refuse(TxError::bad_value);
  return {};
}

Verdict check(const View& view, const RotateKey& tx) {
  if (view.state.leaf_of(tx.new_address)) return refuse(TxError::address_taken);
  return {};
}

u64 execute(Execution& run, const RotateKey& tx) {
  change_address(run, *run.sender.account, tx.new_address);
  run.emit({.kind = EventKind::key_changed, .a = run.sender.account->value});
  return 0;
}

// ---- RecoverKey ----

Verdict check_shape(const RecoverKey& tx, const Parameters&) {
  if (tx.new_address.is_zero()) return refuse(TxError::bad_value);
  return {};
}

Verdict check(const View& view, const RecoverKey& tx) {
  const Member* member = view.state.members.find(tx.member.value);
  if (!member) return refuse(TxError::no_such_member);
  if (holds_any_role(view.state, member->account, view.now))
    return refuse(TxError::role_holder_not_recoverable);
  if (member->extra->recovery) return refuse(TxError::recovery_open);
  if (view.state.leaf_of(tx.new_address)) return refuse(TxError::address_taken);
  return {};
}

u64 execute(Execution& run, const RecoverKey& tx) {
  const TimeMs due = later(run.now, DurationMs{run.state.param(Param::recovery_delay_ms)});
  change_member(run.state, tx.member, [&](Member& member) {
    member.extra.edit().recovery =
        Recovery{.new_address = tx.new_address, .due = due, .evidence_hash = tx.evidence_hash};
  });
  run.emit({.kind = EventKind::recovery_opened, .a = tx.member.value, .b = due.raw()});
  return 0;
}

// What was true when it opened is asked again: the address is still nobody's, and the member took no role
// meanwhile.
void run_recovery_completion(Execution& run, MemberId id) {
  const Member& member = run.state.members[id.value];
  const AccountId account = member.account;
  const Address address = member.extra->recovery->new_address;
  if (run.state.leaf_of(address) || holds_any_role(run.state, account, run.now)) return end_recovery(run, id);
  change_address(run, account, address);
  run.state.accounts.edit(account.value).extra.edit().frozen_until =
      later(run.now, DurationMs{run.state.param(Param::recovery_freeze_ms)});
  change_member(run.state, id, [&](Member& recovered) {
    recovered.extra.edit().recovery.reset();
    recovered.extra.edit().recovered_height = run.height.raw();
  });
  run.emit({.kind = EventKind::key_changed, .a = account.value, .b = kByRecovery});
}

// ---- AdvanceNonce ----

Verdict check_shape(const AdvanceNonce&, const Parameters&) { return {}; }

// The transaction's own nonce is the account's next one.
Verdict check(const View& view, const AdvanceNonce& tx) {
  const u64 next = view.sender.nonce;
  if (tx.to <= next) return refuse(TxError::nonce_stale);
  if (tx.to - next > view.state.param(Param::nonce_advance_max)) return refuse(TxError::nonce_ahead);
  return {};
}

u64 execute(Execution& run, const AdvanceNonce& tx) {
  run.state.accounts.edit(run.sender.account->value).next_nonce = tx.to;
  return 0;
}

}  // namespace moot::ledger
