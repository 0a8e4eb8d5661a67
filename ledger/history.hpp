// A register with its history by height (rules.md §2.1, §3.3, §3.4).
//
// One checkpoint a block: (height, value after that block). What block H writes is first visible at record height H.
// The history is committed as a chain, head = TH("moot/hist", previous head ‖ height ‖ value), so that a value at a
// record height is provable without old trees.
#pragma once

#include "base/codec.hpp"

namespace moot::ledger {

struct Checkpoint {
  u64 height = 0;
  u64 value = 0;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

class History {
 public:
  // The value now, 0 before the first checkpoint.
  [[nodiscard]] u64 last() const { return points_.empty() ? 0 : points_.back().value; }
  [[nodiscard]] u64 last_height() const { return points_.empty() ? 0 : points_.back().height; }
  // The value after block `height`: of the newest checkpoint at or below it, else 0.
  [[nodiscard]] u64 at(Height height) const;
  [[nodiscard]] bool empty() const { return points_.empty(); }
  // Writes the value after block `height`, which is not below any earlier one. A second write in a block replaces the
  // first; writing the value that already stands adds nothing.
  void set(Height height, u64 value);
  [[nodiscard]] std::span<const Checkpoint> checkpoints() const { return points_; }
  // The chain's head; 32 zero bytes while empty.
  [[nodiscard]] Hash head() const;

  friend void encode_value(Writer& out, const History& history);
  friend void decode_value(Reader& in, History& history);
  friend bool operator==(const History&, const History&) = default;

 private:
  Hash before_last_;  // the head without the newest checkpoint
  std::vector<Checkpoint> points_;
};

}  // namespace moot::ledger
