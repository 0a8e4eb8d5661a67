#include "crypto/sha256.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

// The one-block transform has no counterpart in OpenSSL's EVP interface, which costs three times as much for
// a tree node.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "base/check.hpp"
#include "crypto/sha256_kernel.hpp"

namespace moot::crypto {
namespace kernel {
namespace {

constexpr std::size_t kBlock = 64;

void compress_portable(Sha256State& state, const u8* blocks, std::size_t count) {
  SHA256_CTX ctx{};
  std::copy(state.begin(), state.end(), ctx.h);
  for (std::size_t i = 0; i < count; ++i) SHA256_Transform(&ctx, blocks + i * kBlock);
  std::copy(std::begin(ctx.h), std::end(ctx.h), state.begin());
}

void pairs_portable(const Sha256State& midstate, const Hash* in, Hash* out, std::size_t count) {
  // The padding of a 128-byte message: one bit, zeros, and 1,024 as a 64-bit length.
  std::array<u8, kBlock> padding{};
  padding[0] = 0x80;
  padding[62] = 0x04;
  for (std::size_t i = 0; i < count; ++i) {
    std::array<u8, kBlock> block;
    std::copy(in[2 * i].bytes.begin(), in[2 * i].bytes.end(), block.begin());
    std::copy(in[2 * i + 1].bytes.begin(), in[2 * i + 1].bytes.end(), block.begin() + 32);
    Sha256State state = midstate;
    compress_portable(state, block.data(), 1);
    compress_portable(state, padding.data(), 1);
    out[i] = to_hash(state);
  }
}

void each_portable(const Sha256State& midstate, const Messages& messages) {
  for (std::size_t i = 0; i < messages.count; ++i) {
    Sha256State state = midstate;
    const Tail tail(messages.data[i], messages.size);
    compress_portable(state, messages.data[i], messages.size / kBlock);
    compress_portable(state, tail.bytes.data(), tail.blocks);
    *messages.out[i] = to_hash(state);
  }
}

}  // namespace

Tail::Tail(const u8* message, std::size_t size) {
  const std::size_t used = size % kBlock;
  if (used != 0) std::memcpy(bytes.data(), message + (size - used), used);
  bytes[used] = 0x80;
  blocks = used + 9 <= kBlock ? 1 : 2;
  const u64 bits = (kBlock + u64{size}) * 8;  // the midstate's block is part of the message
  for (std::size_t i = 0; i < 8; ++i) bytes[blocks * kBlock - 1 - i] = static_cast<u8>(bits >> (8 * i));
}

const Kernel& portable() {
  static constexpr Kernel kKernel{compress_portable, pairs_portable, each_portable};
  return kKernel;
}

namespace {

std::atomic<const Kernel*>& chosen() {
  static std::atomic<const Kernel*> kernel{sha_ni() != nullptr ? sha_ni() : &portable()};
  return kernel;
}

}  // namespace

const Kernel& best() { return *chosen().load(std::memory_order_relaxed); }
void use(const Kernel& kernel) { chosen().store(&kernel); }

Hash to_hash(const Sha256State& state) {
  Hash out;
  for (std::size_t i = 0; i < state.size(); ++i) {
    for (std::size_t b = 0; b < 4; ++b) out.bytes[4 * i + b] = static_cast<u8>(state[i] >> (24 - 8 * b));
  }
  return out;
}

}  // namespace kernel

namespace {

constexpr std::size_t kBlock = 64;

}  // namespace

Sha256::Sha256() : state_(kernel::kInitial) {}

Sha256::Sha256(const Sha256State& state, u64 consumed) : state_(state), length_(consumed) {
  MOOT_CHECK(consumed % kBlock == 0, "a SHA-256 state stands between whole blocks");
}

void Sha256::update(ByteView part) {
  if (part.empty()) return;
  std::size_t used = length_ % kBlock;
  length_ += part.size();
  if (used != 0) {
    const std::size_t taken = std::min(kBlock - used, part.size());
    std::memcpy(block_.data() + used, part.data(), taken);
    part = part.subspan(taken);
    used += taken;
    if (used < kBlock) return;
    kernel::best().compress(state_, block_.data(), 1);
  }
  const std::size_t whole = part.size() / kBlock;
  if (whole != 0) kernel::best().compress(state_, part.data(), whole);
  part = part.subspan(whole * kBlock);
  if (!part.empty()) std::memcpy(block_.data(), part.data(), part.size());
}

Hash Sha256::finish() {
  // One bit, zeros to eight bytes before the end of a block, and the length in bits.
  std::array<u8, 2 * kBlock> tail{};
  const std::size_t used = length_ % kBlock;
  std::memcpy(tail.data(), block_.data(), used);
  tail[used] = 0x80;
  const std::size_t blocks = used + 9 <= kBlock ? 1 : 2;
  const u64 bits = length_ * 8;
  for (std::size_t i = 0; i < 8; ++i) tail[blocks * kBlock - 1 - i] = static_cast<u8>(bits >> (8 * i));
  kernel::best().compress(state_, tail.data(), blocks);
  return kernel::to_hash(state_);
}

Hash sha256(ByteView message) {
  Sha256 hasher;
  hasher.update(message);
  return hasher.finish();
}

TaggedHasher::TaggedHasher(std::string_view tag) : midstate_(kernel::kInitial) {
  const Hash name = sha256(as_bytes(tag));
  std::array<u8, kBlock> block;
  std::copy(name.bytes.begin(), name.bytes.end(), block.begin());
  std::copy(name.bytes.begin(), name.bytes.end(), block.begin() + 32);
  kernel::best().compress(midstate_, block.data(), 1);
}

Sha256 TaggedHasher::stream() const { return {midstate_, kBlock}; }

Hash TaggedHasher::operator()(ByteView message) const {
  Sha256 hasher = stream();
  hasher.update(message);
  return hasher.finish();
}

Hash TaggedHasher::operator()(ByteView first, ByteView second) const {
  Sha256 hasher = stream();
  hasher.update(first);
  hasher.update(second);
  return hasher.finish();
}

Hash TaggedHasher::pair(const Hash& left, const Hash& right) const {
  const std::array<Hash, 2> in = {left, right};
  Hash out;
  kernel::best().pairs(midstate_, in.data(), &out, 1);
  return out;
}

void TaggedHasher::pairs(std::span<const Hash> in, std::span<Hash> out) const {
  MOOT_CHECK(in.size() == 2 * out.size(), "a tree level halves");
  kernel::best().pairs(midstate_, in.data(), out.data(), out.size());
}

void TaggedHasher::each(std::span<const u8* const> messages, std::size_t size,
                        std::span<Hash* const> out) const {
  MOOT_CHECK(messages.size() == out.size(), "a place for each hash");
  kernel::best().each(midstate_, {messages.data(), size, out.data(), out.size()});
}

Hash tagged_hash(std::string_view tag, ByteView message) { return TaggedHasher(tag)(message); }

}  // namespace moot::crypto
