#include "crypto/recover_kernel.hpp"

#include <atomic>

namespace moot::crypto::kernel {
namespace {

std::atomic<Recover>& chosen() {
  static std::atomic<Recover> recover{recover_ifma()};
  return recover;
}

}  // namespace

Recover best_recover() { return chosen().load(std::memory_order_relaxed); }

void use_recover(Recover recover) { chosen().store(recover, std::memory_order_relaxed); }

}  // namespace moot::crypto::kernel
