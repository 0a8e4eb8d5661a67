#include "ledger/settlement.hpp"
#include "node/api/views.hpp"

namespace moot::node::api {

using ledger::State;

std::string address_of(const State& state, AccountId id) {
  return to_bytes(state.accounts[id.value].address.bytes);
}

std::expected<AccountId, grpc::Status> find_account(const State& state, u64 id) {
  if (!state.accounts.contains(id)) return std::unexpected(not_found("account", std::to_string(id)));
  return AccountId{id};
}

std::expected<AccountId, grpc::Status> find_account(const State& state, const std::string& address) {
  const auto fixed = fixed_from<Address>(address);
  if (!fixed) return std::unexpected(bad_field("address", "must be 20 bytes"));
  const auto leaf = state.leaf_of(*fixed);
  if (!leaf) return std::unexpected(not_found("account of address", "0x" + to_hex(fixed->view())));
  return *leaf;
}

std::expected<MemberId, grpc::Status> find_member(const State& state, u64 id) {
  if (!state.members.contains(id)) return std::unexpected(not_found("member", std::to_string(id)));
  return MemberId{id};
}

std::expected<MemberId, grpc::Status> find_member(const State& state, const pb::MemberName& name) {
  if (name.by_case() == pb::MemberName::BY_NOT_SET)
    return std::unexpected(bad_field("member", "must name a member by its id, address or account"));
  if (name.has_member()) return find_member(state, name.member());
  const auto account =
      name.has_address() ? find_account(state, name.address()) : find_account(state, name.account());
  if (!account) return std::unexpected(account.error());
  const ledger::Account* leaf = &state.accounts[account->value];
  if (leaf->retired()) leaf = &state.accounts[leaf->extra->retired_of];
  if (leaf->member == ledger::kNone)
    return std::unexpected(not_found("member with account", std::to_string(account->value)));
  return MemberId{leaf->member};
}

void view_account(const State& state, AccountId id, pb::Account& out) {
  const ledger::Account& account = state.accounts[id.value];
  out.set_id(id.value);
  out.set_address(to_bytes(account.address.bytes));
  if (account.retired()) {
    out.set_retired_of(account.extra->retired_of);
    return;
  }
  out.set_next_nonce(account.next_nonce);
  if (account.member != ledger::kNone) out.set_member(account.member);
  out.set_frozen_until_ms(account.extra->frozen_until.raw());
  for (const ledger::Balance& balance : account.balances)
    view_money(state, balance.asset, balance.amount, *out.add_balances());
}

void view_member(const State& state, MemberId id, Height at, pb::Member& out) {
  const ledger::Member& member = state.members[id.value];
  out.set_id(id.value);
  out.set_account(member.account.value);
  out.set_address(address_of(state, member.account));
  out.set_joined_height(member.joined.raw());
  out.set_status(enum_to_proto<pb::MemberStatus>(member.status_at(at)));
  if (const auto delegate = member.delegate_at(at)) out.set_delegate(delegate->value);
  if (const auto confirmed = state.confirmed(id)) out.set_confirmed_height(confirmed->raw());
  out.set_recovered_height(member.extra->recovered_height);
  out.set_suspended_until_ms(member.extra->suspended_until.raw());
  out.set_consent_hash(to_bytes(member.consent_hash.bytes));
  out.set_profile_hash(to_bytes(member.extra->profile_hash.bytes));
  if (member.extra->recovery) {
    pb::Recovery& recovery = *out.mutable_recovery();
    recovery.set_new_address(to_bytes(member.extra->recovery->new_address.bytes));
    recovery.set_due_ms(member.extra->recovery->due.raw());
    recovery.set_evidence_hash(to_bytes(member.extra->recovery->evidence_hash.bytes));
  }
  for (const ledger::Holding& holding : member.holdings) {
    pb::Holding& one = *out.add_holdings();
    one.set_share_class(holding.share_class.value);
    one.set_units(holding.units.at(at));
    one.set_settled(holding.settled);
    one.set_unsettled(static_cast<u32>(ledger::unsettled_count(state, id, holding.share_class)));
  }
  for (const ledger::DelegatedPower& delegated : member.extra->delegated) {
    const u64 power = delegated.power.at(at);
    if (power == 0) continue;
    pb::DelegatedPower& one = *out.add_delegated();
    one.set_by_units(delegated.basis.is_units());
    if (delegated.basis.is_units()) one.set_share_class(delegated.basis.share_class().value);
    one.set_power(power);
  }
}

void view_class(const State& state, ClassId id, Height at, pb::ShareClass& out) {
  const ledger::ShareClass& share_class = state.classes[id.value];
  out.set_id(id.value);
  out.set_name(share_class.name);
  out.set_attested_only(share_class.attested_only);
  out.set_total_units(share_class.total.at(at));
  out.set_active_units(share_class.active.at(at));
  out.set_confirmed_active_units(share_class.confirmed_active.at(at));
  for (const SaleId payout : share_class.payouts) out.add_payouts(payout.value);
}

void view_role(const State& state, ledger::Role role, pb::RoleTable& out) {
  const ledger::RoleTable& table = (*state.roles)[role];
  out.set_role(enum_to_proto<pb::Role>(role));
  out.set_threshold(table.threshold);
  for (const ledger::KindThreshold& threshold : table.thresholds) {
    pb::KindThreshold& one = *out.add_thresholds();
    one.set_tx_kind(static_cast<u32>(threshold.kind));
    one.set_tx_name(std::string(word(threshold.kind)));
    one.set_threshold(threshold.threshold);
  }
  for (const ledger::Holder& holder : table.holders) {
    pb::Holder& one = *out.add_holders();
    one.set_account(holder.account.value);
    one.set_address(address_of(state, holder.account));
    one.set_expires_ms(holder.expires.raw());
    one.set_expired(table.holder(holder.account, state.time()) == nullptr);
    if (role == ledger::Role::validator) one.set_validator_key(to_bytes(holder.validator_key.bytes));
  }
}

namespace {

// Approvals that count towards one role's m.
u32 counting_for(const State& state, const ledger::OpenAction& action, ledger::Role role) {
  u32 count = 0;
  for (const ledger::Approval& approval : action.approvals)
    if (approval.expires > state.time() && (*state.roles)[role].holder(approval.account, state.time()))
      ++count;
  return count;
}

}  // namespace

void view_action(const State& state, const ledger::OpenAction& action, pb::OpenAction& out) {
  out.set_id(action.id);
  out.set_key(to_bytes(action.key.bytes));
  if (const auto payload = decoded<ledger::Payload>(action.payload))
    to_proto(*payload, *out.mutable_payload());
  out.set_tx_name(std::string(word(action.kind)));
  out.set_opener(action.opener.value);
  out.set_opened_height(action.opened.raw());
  u32 needed = 0;
  u32 counting = 0;
  const auto roles = ledger::roles_needed(action.kind);
  for (const ledger::Role role : roles) {
    // Where a second role is asked for (RevokeUnits), one of its holders is enough (rules.md §3.6).
    const u32 wanted = role == roles.front() ? (*state.roles)[role].threshold_for(action.kind) : 1;
    needed += wanted;
    counting += std::min(wanted, counting_for(state, action, role));
  }
  out.set_needed(needed);
  out.set_counting(counting);
  for (const ledger::Approval& approval : action.approvals) {
    pb::Approval& one = *out.add_approvals();
    one.set_account(approval.account.value);
    one.set_address(address_of(state, approval.account));
    one.set_expires_ms(approval.expires.raw());
    bool counts = false;
    for (const ledger::Role role : roles)
      counts |=
          approval.expires > state.time() && (*state.roles)[role].holder(approval.account, state.time());
    one.set_counts(counts);
  }
}

}  // namespace moot::node::api
