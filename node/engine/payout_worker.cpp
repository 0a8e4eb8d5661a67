#include "node/engine/payout_worker.hpp"

#include "ledger/payout_preview.hpp"

namespace moot::node {

PayoutWorker::PayoutWorker()
    : PayoutWorker([](const ledger::State& state, SaleId sale) { return ledger::payout_for(state, sale); }) {}

PayoutWorker::PayoutWorker(Compute compute)
    : compute_(std::move(compute)), thread_([this](std::stop_token stop) { work(stop); }) {}

PayoutWorker::~PayoutWorker() {
  thread_.request_stop();
  wake_.notify_all();
}

void PayoutWorker::notice(const SnapshotPtr& snapshot) {
  const auto& sales = snapshot->state.sales;
  const std::lock_guard lock(mutex_);
  bool settled_so_far = true;
  for (u64 id = seen_; id < sales.size(); ++id) {
    const bool waiting = sales[id].awaits_payout();
    if (waiting && awaited_.insert(id).second) {
      queue_.emplace_back(snapshot, SaleId{id});
      wake_.notify_one();
    }
    const bool over = !waiting && sales[id].state != ledger::SaleState::authorised;
    if (over) {
      awaited_.erase(id);
      ready_.by_sale.erase(id);
    }
    settled_so_far = settled_so_far && over;
    if (settled_so_far) seen_ = id + 1;
  }
}

ledger::PreparedPayouts PayoutWorker::ready() const {
  const std::lock_guard lock(mutex_);
  return ready_;
}

void PayoutWorker::work(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return !queue_.empty(); })) {
    const auto [snapshot, sale] = queue_.front();
    queue_.pop_front();
    if (!awaited_.contains(sale.value)) continue;
    lock.unlock();
    const auto record = compute_(snapshot->state, sale);
    lock.lock();
    // A block may have paid it out meanwhile.
    if (awaited_.contains(sale.value)) ready_.by_sale.insert_or_assign(sale.value, record);
  }
}

}  // namespace moot::node
