// Ties a reactor that waits to the hub, for exactly as long as its call lives.
//
// Every event of one call (gRPC's callbacks, the hub's wakes, the node's answers) runs under the link's mutex, and none runs
// after cut(). gRPC never calls a reactor back from inside StartRead, StartWrite or Finish, so those may be called under it;
// the node may answer from inside submit, for which the mutex is recursive.
#pragma once

#include "node/api/context.hpp"

namespace moot::node::api {

// Reactor: on_wake(bool stopping).
template <class Reactor>
class Link final : public Sleeper, public std::enable_shared_from_this<Link<Reactor>> {
 public:
  explicit Link(Reactor* reactor) : reactor_(reactor) {}

  // Runs event(reactor) while the call lives.
  template <class Event>
  void with(Event event) {
    const std::lock_guard lock(mutex_);
    if (reactor_) event(*reactor_);
  }
  void wake(bool stopping) override {
    with([stopping](Reactor& reactor) { reactor.on_wake(stopping); });
  }
  void cut() {
    const std::lock_guard lock(mutex_);
    reactor_ = nullptr;
  }

 private:
  std::recursive_mutex mutex_;
  Reactor* reactor_;
};

}  // namespace moot::node::api
