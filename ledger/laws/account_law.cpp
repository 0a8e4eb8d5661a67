// Addresses change only by rotation or completed recovery, nonces only rise, and stored money falls only
// where its owner has signed something (rules.md §1.4, §3.1, §3.9, §7).
#include "ledger/laws/laws.hpp"

namespace moot::ledger {
namespace {

bool recovered(const Step& step, const Account& before, const Account& after) {
  if (before.member == kNone) return false;
  const auto& recovery = step.before.members[before.member].extra->recovery;
  return recovery && recovery->new_address == after.address && step.after.time() >= recovery->due;
}

void check_address(const Step& step, u64 id, const Account& before, const Account& after,
                   Findings& findings) {
  if (after.address == before.address) return;
  const auto leaf = step.after.leaf_of(before.address);
  findings.expect(leaf && step.after.accounts[leaf->value].extra->retired_of == id,
                  "an address was lost, account", id);
  findings.expect(!step.before.leaf_of(after.address), "an address was taken from another account by", id);
  findings.expect(after.next_nonce > before.next_nonce || recovered(step, before, after),
                  "an address changed without its key or a recovery, account", id);
}

void check_money(u64 id, const Account* before, const Account& after, Findings& findings) {
  for (std::size_t i = 0; i < after.balances.size(); ++i)
    findings.expect(!after.balances[i].amount.is_zero() &&
                        (i == 0 || after.balances[i - 1].asset < after.balances[i].asset),
                    "balances out of order, account", id);
  if (!before || after.next_nonce > before->next_nonce) return;
  for (const Balance& balance : before->balances)
    findings.expect(after.balance(balance.asset) >= balance.amount, "money left without its owner, account",
                    id);
}

void after_block(const Step& step, Findings& findings) {
  for_touched(step.before.accounts, step.after.accounts, step.changes.accounts,
              [&](u64 id, const Account* before, const Account& after) {
                check_money(id, before, after, findings);
                if (!before) return;
                findings.expect(after.next_nonce >= before->next_nonce, "a nonce fell, account", id);
                findings.expect(after.extra->retired_of == before->extra->retired_of,
                                "a leaf changed what it is, account", id);
                findings.expect(before->member == kNone || after.member == before->member,
                                "a member changed account", id);
                check_address(step, id, *before, after, findings);
              });
  for_touched(step.before.members, step.after.members, step.changes.members,
              [&](u64 id, const Member* before, const Member& after) {
                findings.expect(!before || after.account == before->account, "an account changed member", id);
                findings.expect(step.after.accounts[after.account.value].member == id,
                                "member and account disagree", id);
              });
}

// Leaves in sorted linked order hold every address once.
void full_sums(const State& state, Findings& findings) {
  std::vector<std::pair<Address, u64>> order;
  for (u64 i = 0; i < state.accounts.size(); ++i) order.emplace_back(state.accounts[i].address, i);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Address next = i + 1 < order.size() ? order[i + 1].first : Address{};
    findings.expect(state.accounts[order[i].second].next_address == next,
                    "addresses are not linked in order, account", order[i].second);
    findings.expect(order[i].first != next, "an address stands twice, account", order[i].second);
    check_money(order[i].second, nullptr, state.accounts[order[i].second], findings);
  }
  for (u64 i = 0; i < state.members.size(); ++i)
    findings.expect(state.accounts[state.members[i].account.value].member == i, "member and account disagree",
                    i);
}

}  // namespace

const Law kAccountLaw{"accounts", after_block, full_sums};

}  // namespace moot::ledger
