// SHA-256 and its BIP-340 tagged form, TH(tag, m) = SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ m): the hash of
// every id, root and chain of the ledger. Values only, no allocation; a TaggedHasher is immutable and may be
// shared by threads.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/bytes.hpp"

namespace moot::crypto {

// Eight 32-bit words between two compressions.
using Sha256State = std::array<u32, 8>;

// SHA-256 of a message that comes in pieces. Copying it forks the message. finish() ends the object's use.
class Sha256 {
 public:
  Sha256();
  // Continues after `consumed` bytes (whole 64-byte blocks) that gave `state`.
  Sha256(const Sha256State& state, u64 consumed);

  void update(ByteView part);
  [[nodiscard]] Hash finish();

 private:
  Sha256State state_;
  u64 length_ = 0;
  std::array<u8, 64> block_{};
};

Hash sha256(ByteView message);

// TH with one tag. The two compressions of the tag are done once, at construction.
class TaggedHasher {
 public:
  explicit TaggedHasher(std::string_view tag);

  [[nodiscard]] Hash operator()(ByteView message) const;
  // The hash of the two parts one after the other.
  [[nodiscard]] Hash operator()(ByteView first, ByteView second) const;
  // The hash of left ‖ right: a tree node.
  [[nodiscard]] Hash pair(const Hash& left, const Hash& right) const;

  // One level of a tree: out[i] = pair(in[2i], in[2i+1]) for every i < out.size(); in.size() == 2·out.size().
  // `out` may be the front of `in`, and is otherwise apart from it. Several lanes at once where the processor
  // has SHA instructions.
  void pairs(std::span<const Hash> in, std::span<Hash> out) const;

  // *out[i] = TH(message i) for every i, messages of one size that lie anywhere: the leaves of a tree, or its nodes when
  // `size` is 64. Several lanes at once, as pairs().
  void each(std::span<const u8* const> messages, std::size_t size, std::span<Hash* const> out) const;

  // A message in pieces, already past the tag.
  [[nodiscard]] Sha256 stream() const;

 private:
  Sha256State midstate_;
};

// TH for a tag used seldom; keep a TaggedHasher for one used often.
Hash tagged_hash(std::string_view tag, ByteView message);

}  // namespace moot::crypto
