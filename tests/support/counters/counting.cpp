#include "tests/support/counters/counting.hpp"

#include <dlfcn.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "base/check.hpp"
#include "crypto/recover_kernel.hpp"
#include "crypto/sha256_kernel.hpp"

namespace {

std::atomic<moot::u64> allocations{0};
std::atomic<moot::u64> verifications{0};
std::atomic<moot::u64> compressions{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}

void* counted(std::size_t size, std::align_val_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const auto unit = static_cast<std::size_t>(alignment);
  return std::aligned_alloc(unit, (size + unit - 1) / unit * unit);
}

void* must(void* memory) {
  if (memory == nullptr) std::abort();  // a test without memory is over
  return memory;
}

// The library's own function, which the one of the same name below stands before.
template <class Function>
Function* behind(const char* name) {
  void* found = ::dlsym(RTLD_NEXT, name);
  MOOT_CHECK(found != nullptr, "libsecp256k1 is a shared library");
  return reinterpret_cast<Function*>(found);
}

}  // namespace

void* operator new(std::size_t size) { return must(counted(size)); }
void* operator new[](std::size_t size) { return must(counted(size)); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new(std::size_t size, std::align_val_t unit) { return must(counted(size, unit)); }
void* operator new[](std::size_t size, std::align_val_t unit) { return must(counted(size, unit)); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

extern "C" int secp256k1_ecdsa_recover(const secp256k1_context* context, secp256k1_pubkey* key,
                                       const secp256k1_ecdsa_recoverable_signature* signature,
                                       const unsigned char* digest) {
  static auto* const real = behind<decltype(secp256k1_ecdsa_recover)>("secp256k1_ecdsa_recover");
  verifications.fetch_add(1, std::memory_order_relaxed);
  return real(context, key, signature, digest);
}

extern "C" int secp256k1_ecdsa_verify(const secp256k1_context* context,
                                      const secp256k1_ecdsa_signature* signature, const unsigned char* digest,
                                      const secp256k1_pubkey* key) {
  static auto* const real = behind<decltype(secp256k1_ecdsa_verify)>("secp256k1_ecdsa_verify");
  verifications.fetch_add(1, std::memory_order_relaxed);
  return real(context, signature, digest, key);
}

namespace moot::test {
namespace {

const crypto::kernel::Kernel* behind_the_counter = nullptr;

void compress(crypto::Sha256State& state, const u8* blocks, std::size_t count) {
  compressions.fetch_add(count, std::memory_order_relaxed);
  behind_the_counter->compress(state, blocks, count);
}

// A node of a tree, past its tag: the two digests, and the padding.
void pairs(const crypto::Sha256State& midstate, const Hash* in, Hash* out, std::size_t count) {
  compressions.fetch_add(2 * count, std::memory_order_relaxed);
  behind_the_counter->pairs(midstate, in, out, count);
}

// A message's whole blocks, and one or two for what is left and the padding's nine bytes.
void each(const crypto::Sha256State& midstate, const crypto::kernel::Messages& messages) {
  const std::size_t blocks = (messages.size + 9 + 63) / 64;
  compressions.fetch_add(blocks * messages.count, std::memory_order_relaxed);
  behind_the_counter->each(midstate, messages);
}

crypto::kernel::Recover recover_behind_the_counter = nullptr;

void recover(std::span<const crypto::kernel::RecoverJob> jobs,
             std::span<crypto::kernel::RecoveredPoint> out) {
  verifications.fetch_add(jobs.size(), std::memory_order_relaxed);
  recover_behind_the_counter(jobs, out);
}

}  // namespace

Work work_so_far() { return {allocations.load(), verifications.load(), compressions.load()}; }

void count_kernels() {
  static const crypto::kernel::Kernel counter{compress, pairs, each};
  if (behind_the_counter != nullptr) return;
  behind_the_counter = &crypto::kernel::best();
  crypto::kernel::use(counter);
  recover_behind_the_counter = crypto::kernel::best_recover();
  if (recover_behind_the_counter != nullptr) crypto::kernel::use_recover(recover);
}

}  // namespace moot::test
