// Which redemptions are open, kept from one snapshot to the next: the ledger keeps them by id alone, and a balance needs them
// by account. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "node/engine/ledger_node.hpp"

namespace moot::node::api {

class RedemptionIndex {
 public:
  // Money of an account in open redemptions, by asset.
  std::map<AssetId, Amount> locked(const Snapshot& snapshot, AccountId account);

 private:
  void advance(const Snapshot& snapshot);

  std::mutex mutex_;
  Height height_;
  u64 seen_ = 0;                        // redemptions looked at
  std::set<std::pair<u64, u64>> open_;  // (account, redemption), open after block `height_`
};

}  // namespace moot::node::api
