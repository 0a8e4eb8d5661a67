// Computes the payout of each funded sale ahead of its execution, on a thread of its own (rule 6.5). The registers at a
// sale's record height can no longer change, so a record computed from any later state is the record.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "ledger/execution.hpp"
#include "node/engine/ledger_node.hpp"

namespace moot::node {

class PayoutWorker {
 public:
  using Compute = std::function<ledger::PayoutRecord(const ledger::State& state, SaleId sale)>;

  // `compute` gives the record of a sale that awaits its payout.
  explicit PayoutWorker(Compute compute);
  PayoutWorker();
  ~PayoutWorker();

  // Looks for sales that became funded; called after each block.
  void notice(const SnapshotPtr& snapshot);
  // What is ready, of sales that `notice` has not seen paid out.
  [[nodiscard]] ledger::PreparedPayouts ready() const;

 private:
  void work(std::stop_token stop);

  const Compute compute_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::pair<SnapshotPtr, SaleId>> queue_;
  std::set<u64> awaited_;  // sales that await their payout; each was queued once
  u64 seen_ = 0;           // sales below this id are paid out, expired or canceled
  ledger::PreparedPayouts ready_;
  std::jthread thread_;
};

}  // namespace moot::node
