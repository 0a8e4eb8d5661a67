#include "node/api/redemption_index.hpp"

namespace moot::node::api {

void RedemptionIndex::advance(const Snapshot& snapshot) {
  const auto& table = snapshot.state.redemptions;
  // A closed redemption never opens again, so those seen need another look only while they are open.
  std::erase_if(
      open_, [&](const auto& entry) { return table[entry.second].state != ledger::RedemptionState::open; });
  for (; seen_ < table.size(); ++seen_)
    if (table[seen_].state == ledger::RedemptionState::open) open_.emplace(table[seen_].account.value, seen_);
  height_ = snapshot.block.height;
}

std::map<AssetId, Amount> RedemptionIndex::locked(const Snapshot& snapshot, AccountId account) {
  std::map<AssetId, Amount> out;
  const auto add = [&](const ledger::Redemption& redemption) {
    Amount& sum = out[redemption.asset];
    sum = Amount{sum.raw() + redemption.amount.raw()};
  };
  const auto& table = snapshot.state.redemptions;
  const std::lock_guard lock(mutex_);
  if (snapshot.block.height > height_ || seen_ == 0) advance(snapshot);
  if (snapshot.block.height < height_) {  // two calls met: the other one had a newer snapshot
    for (u64 id = 0; id < table.size(); ++id)
      if (table[id].account == account && table[id].state == ledger::RedemptionState::open) add(table[id]);
    return out;
  }
  for (auto at = open_.lower_bound({account.value, 0}); at != open_.end() && at->first == account.value; ++at)
    add(table[at->second]);
  return out;
}

}  // namespace moot::node::api
