// A register with its history by height (rules.md §2.1, §3.3, §3.4).
//
// One checkpoint a block: (height, value after that block). What block H writes is first visible at record height H.
// The history is committed as a chain, head = TH("moot/hist", previous head ‖ height ‖ value), so that a value at a
// record height is provable without old trees.
#pragma once

#include "base/codec.hpp"
#include "base/ref.hpp"

namespace moot::ledger {

struct Checkpoint {
  u64 height = 0;
  u64 value = 0;
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Most registers change once in their life, so the newest checkpoint stands in the object and what came before it in a shared
// node: copying a History allocates nothing.
class History {
 public:
  // The value now, 0 before the first checkpoint.
  [[nodiscard]] u64 last() const { return newest_.value; }
  [[nodiscard]] u64 last_height() const { return empty() ? 0 : newest_.height; }
  // The value after block `height`: of the newest checkpoint at or below it, else 0.
  [[nodiscard]] u64 at(Height height) const;
  [[nodiscard]] bool empty() const { return newest_.height == kNever; }
  // Writes the value after block `height`, which is not below any earlier one. A second write in a block replaces the
  // first; writing the value that already stands adds nothing.
  void set(Height height, u64 value);
  [[nodiscard]] std::vector<Checkpoint> checkpoints() const;
  // The chain's head; 32 zero bytes while empty.
  [[nodiscard]] Hash head() const;

  friend void encode_value(Writer& out, const History& history);
  friend void decode_value(Reader& in, History& history);
  friend bool operator==(const History& a, const History& b);

 private:
  static constexpr u64 kNever = ~u64{0};
  struct Older {
    Hash head;  // the chain without the newest checkpoint
    std::vector<Checkpoint> points;
  };
  [[nodiscard]] Hash older_head() const { return older_ ? older_->head : Hash{}; }

  Checkpoint newest_{.height = kNever, .value = 0};
  Ref<Older> older_;
};

}  // namespace moot::ledger
