// Per asset, supply = stored + owed + treasury + escrow + locked; each counter moves by what the touched
// leaves moved; supply and treasury move only by proceeds, redemptions, payouts and executed proposals
// (rules.md §6.1, §7).
#include <map>

#include "ledger/laws/laws.hpp"

namespace moot::ledger {
namespace {

// Where an asset's money stands. Differences are taken modulo 2^128: two true differences that agree modulo
// 2^128 agree.
struct Sums {
  u128 supply = 0;
  u128 stored = 0;
  u128 owed = 0;
  u128 treasury = 0;
  u128 escrow = 0;
  u128 locked = 0;
};
using SumsByAsset = std::map<u64, Sums>;

constexpr std::pair<std::string_view, u128 Sums::*> kCounters[] = {
    {"supply", &Sums::supply},     {"stored", &Sums::stored}, {"owed", &Sums::owed},
    {"treasury", &Sums::treasury}, {"escrow", &Sums::escrow}, {"locked", &Sums::locked},
};

Sums counters_of(const Asset& asset) {
  return {.supply = asset.supply.raw(),
          .stored = asset.stored.raw(),
          .owed = asset.owed.raw(),
          .treasury = asset.treasury.raw(),
          .escrow = asset.escrow.raw(),
          .locked = asset.locked.raw()};
}

// Sign is 1 for what stands now, all ones (minus one) for what stood before.
void add_account(SumsByAsset& sums, const Account& account, u128 sign) {
  for (const Balance& balance : account.balances)
    sums[balance.asset.value].stored += sign * balance.amount.raw();
}

void add_sale(SumsByAsset& sums, const Sale& sale, u128 sign) {
  Sums& of = sums[sale.terms.asset.value];
  const bool ended = sale.state == SaleState::expired || sale.state == SaleState::canceled;
  const bool paid_out = sale.state == SaleState::paid_out;
  if (!ended && !paid_out) of.escrow += sign * sale.proceeds().raw();
  if (!ended) of.supply += sign * sale.recorded.raw();
  if (paid_out) of.treasury += sign * sale.reserve.raw();
  if (sale.payout) of.owed += sign * sale.payout->remaining.raw();
}

void add_redemption(SumsByAsset& sums, const Redemption& redemption, u128 sign) {
  Sums& of = sums[redemption.asset.value];
  if (redemption.state == RedemptionState::open) of.locked += sign * redemption.amount.raw();
  if (redemption.state == RedemptionState::paid) of.supply -= sign * redemption.amount.raw();
}

// What an executed proposal took out of the treasury.
void subtract_spends(SumsByAsset& sums, const Proposal& proposal) {
  for (const Action& action : proposal.actions)
    if (const auto* spend = std::get_if<Spend>(&action))
      sums[spend->asset.value].treasury -= spend->amount.raw();
}

SumsByAsset flows(const Step& step) {
  constexpr u128 kMinus = ~u128{0};
  SumsByAsset sums;
  const auto collect = [&](const auto& before, const auto& after, const std::vector<u64>& touched,
                           auto&& add) {
    for_touched(before, after, touched, [&](u64, const auto* was, const auto& is) {
      if (was) add(sums, *was, kMinus);
      add(sums, is, u128{1});
    });
  };
  collect(step.before.accounts, step.after.accounts, step.changes.accounts, add_account);
  collect(step.before.sales, step.after.sales, step.changes.sales, add_sale);
  collect(step.before.redemptions, step.after.redemptions, step.changes.redemptions, add_redemption);
  for (const u64 id : step.changes.proposals) {
    const Proposal& proposal = step.after.proposals[id];
    if (executed_here(step, proposal)) subtract_spends(sums, proposal);
  }
  return sums;
}

void check_supply(u64 id, const Asset& asset, Findings& findings) {
  Amount sum = asset.stored;
  for (const Amount part : {asset.owed, asset.treasury, asset.escrow, asset.locked}) {
    const auto next = sum.checked_add(part);
    if (!next) return findings.expect(false, "the parts of an asset's supply overflow", id);
    sum = *next;
  }
  findings.expect(sum == asset.supply, "supply = stored + owed + treasury + escrow + locked", id);
}

void after_block(const Step& step, Findings& findings) {
  SumsByAsset expected = flows(step);
  for (const u64 id : step.changes.assets) expected.try_emplace(id);
  for (const auto& [id, flow] : expected) {
    const Asset* after = step.after.assets.find(id);
    if (!after) {
      findings.expect(false, "money of an asset that does not exist", id);
      continue;
    }
    check_supply(id, *after, findings);
    const Asset* before = step.before.assets.find(id);
    Sums was = before ? counters_of(*before) : Sums{};
    // A new fixed asset is created whole, in the treasury.
    if (!before && after->kind == AssetKind::fixed) was.supply = was.treasury = after->supply.raw();
    const Sums is = counters_of(*after);
    for (const auto& [name, counter] : kCounters) {
      if (is.*counter - was.*counter == flow.*counter) continue;
      findings.add("asset " + std::to_string(id) + ": the counter '" + std::string(name) +
                   "' did not move by what its leaves moved");
    }
  }
}

void full_sums(const State& state, Findings& findings) {
  SumsByAsset sums;
  for (u64 i = 0; i < state.accounts.size(); ++i) add_account(sums, state.accounts[i], 1);
  for (u64 i = 0; i < state.sales.size(); ++i) add_sale(sums, state.sales[i], 1);
  for (u64 i = 0; i < state.redemptions.size(); ++i) add_redemption(sums, state.redemptions[i], 1);
  for (u64 id = 0; id < state.assets.size(); ++id) {
    const Asset& asset = state.assets[id];
    check_supply(id, asset, findings);
    const Sums& leaves = sums[id];
    findings.expect(asset.stored.raw() == leaves.stored, "stored = the sum of balances, asset", id);
    findings.expect(asset.owed.raw() == leaves.owed, "owed = the sum of what remains of payouts, asset", id);
    findings.expect(asset.escrow.raw() == leaves.escrow, "escrow = the sum of open sales' proceeds, asset",
                    id);
    findings.expect(asset.locked.raw() == leaves.locked, "locked = the sum of open redemptions, asset", id);
  }
}

}  // namespace

const Law kMoneyLaw{"money", after_block, full_sums};

}  // namespace moot::ledger
