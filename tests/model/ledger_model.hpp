// The organisation the slow, obvious way: everything anybody ever held, by height, in plain maps. Votes are
// counted and payouts shared out from the definitions, and a payout is money at once: there is no settling.
// What the ledger says of a member's power and money must be what this says.
#pragma once

#include <set>
#include <vector>

#include "tests/model/tally_model.hpp"

namespace moot::model {

// A value after each block in which it changed.
template <class T>
class Timeline {
 public:
  void set(u64 height, T value) { values_[height] = std::move(value); }
  [[nodiscard]] T at(u64 height) const {
    T out{};
    for (const auto& [when, value] : values_)
      if (when <= height) out = value;
    return out;
  }
  [[nodiscard]] T last() const { return values_.empty() ? T{} : values_.rbegin()->second; }

 private:
  std::map<u64, T> values_;
};

struct Person {
  Timeline<bool> active;
  Timeline<u64> units;  // of the one class
  Timeline<std::optional<u64>> delegate;
  u64 suspended_until = 0;  // 0: not suspended
  bool former = false;      // left or expelled
  BigInt money;
};

struct Vote {
  u64 record_height = 0;
  bool by_units = false;
  std::map<u64, int> ballots;
};

class LedgerModel {
 public:
  LedgerModel(const LedgerId& ledger, u64 genesis_height) : ledger_(ledger), height_(genesis_height) {}

  // The block in which what follows happens; ends suspensions that are over.
  void begin_block(u64 height, u64 time_ms);

  void admit(u64 member, u64 units);
  void add_units(u64 member, u64 units);
  void take_units(u64 member, u64 units);
  void delegate(u64 member, std::optional<u64> to);
  void suspend(u64 member, u64 until_ms);
  void leave(u64 member);  // or is expelled

  // Pays `amount` over everybody's units at a record height, active or not.
  void pay(u64 sale, const BigInt& amount, u64 record_height);

  std::map<u64, Vote> votes;
  // Those who may vote on it, with what they weigh.
  [[nodiscard]] std::map<u64, Elector> electors(const Vote& vote) const;
  [[nodiscard]] Count count(const Vote& vote) const { return count_votes(electors(vote), vote.ballots); }

  std::map<u64, Person> people;

 private:
  LedgerId ledger_;
  u64 height_;
};

}  // namespace moot::model
