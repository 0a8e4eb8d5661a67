// The ordered validators of one epoch, the quorums they form, and whose turn each view is.
#pragma once

#include <span>
#include <vector>

#include "consensus/types.hpp"

namespace moot::consensus {

// More than any full mesh of peers can carry; bounds the size of certificates that are worth decoding.
inline constexpr std::size_t kMaxValidators = 1'024;

// Quorum arithmetic for n equal validators, n ≥ 1.
struct Quorum {
  u32 n = 1;

  [[nodiscard]] constexpr u32 faults() const { return (n - 1) / 3; }  // f, rounded down: tolerated liars
  [[nodiscard]] constexpr u32 votes() const { return n - faults(); }  // q: what a certificate needs
  [[nodiscard]] constexpr u32 join() const { return faults() + 1; }   // at least one of them is honest
};

class ValidatorSet {
 public:
  // Sorts ascending by the 32 bytes. Nothing when empty, above kMaxValidators, or when a key stands twice.
  static std::optional<ValidatorSet> from(std::vector<crypto::XOnlyKey> keys);

  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] Quorum quorum() const { return {static_cast<u32>(keys_.size())}; }
  [[nodiscard]] std::span<const crypto::XOnlyKey> keys() const { return keys_; }
  // index < size().
  [[nodiscard]] const crypto::XOnlyKey& key(u16 index) const;
  [[nodiscard]] std::optional<u16> index_of(const crypto::XOnlyKey& key) const;
  // TH("moot/validators", n u16 ‖ keys ascending).
  [[nodiscard]] const Hash& hash() const { return hash_; }

 private:
  explicit ValidatorSet(std::vector<crypto::XOnlyKey> keys);
  std::vector<crypto::XOnlyKey> keys_;
  Hash hash_;
};

// What an epoch's leaders depend on. `seal` is the block that ended the epoch before; for the first, genesis_hash.
struct EpochStart {
  LedgerId chain_id;
  Epoch epoch;
  BlockHash seal;

  friend bool operator==(const EpochStart&, const EpochStart&) = default;
};

// The turn order π of an epoch over n validators: seed = TH("moot/leaders", chain id ‖ epoch u32 ‖ seal hash), then
// Fisher and Yates: for i = n−1 … 1, j = u64(first 8 bytes of SHA-256(seed ‖ i u16)) mod (i+1), swap.
std::vector<u16> leader_order(const EpochStart& start, std::size_t n);

// leader(e, v) = π[v mod n].
u16 leader_of(std::span<const u16> order, View view);

}  // namespace moot::consensus
