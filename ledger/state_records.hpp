// The state as rows, for storage, snapshots and archives: only records, never tree nodes (docs/protocol.md, "Storage").
//
// A row is (table, a, b) → canonical bytes. Ballots are rows while their proposal takes ballots; a closed proposal's are
// sealed by whoever stores them (BlockResult::sealed), and loading skips any rows of theirs. Of confirmations and ballots
// only chunks that something was written into have rows; loading fills the gaps.
#pragma once

#include <array>
#include <functional>

#include "ledger/apply.hpp"

namespace moot::ledger {

// The numbers are stored: append, never renumber. Loading wants rows in (table, a, b) order.
enum class StateTable : u8 {
  chain = 1,
  rules = 2,
  roles = 3,
  actions = 4,
  marks = 5,
  joins = 6,
  counters = 7,
  history = 8,
  accounts = 16,
  members = 17,
  classes = 18,
  assets = 19,
  proposals = 20,
  sales = 21,
  redemptions = 22,
  used = 23,
  confirmations = 24,
  slots = 32,  // a: proposal, b: chunk
};
// All of them, in order.
inline constexpr std::array kStateTables{
    StateTable::chain,         StateTable::rules,   StateTable::roles,       StateTable::actions,
    StateTable::marks,         StateTable::joins,   StateTable::counters,    StateTable::history,
    StateTable::accounts,      StateTable::members, StateTable::classes,     StateTable::assets,
    StateTable::proposals,     StateTable::sales,   StateTable::redemptions, StateTable::used,
    StateTable::confirmations, StateTable::slots};

struct StateRow {
  StateTable table{};
  u64 a = 0;
  u64 b = 0;
  Bytes value;
};

// What a block changed, in row order. `before` is the parent's state.
std::vector<StateRow> changed_rows(const State& before, const BlockResult& block);
// Every row of a state, in row order (ballots of open proposals only).
void for_each_row(const State& state, const std::function<void(const StateRow&)>& visit);

// Takes every row in order, then gives the state with everything derived rebuilt and its root computed. Loaders on several
// threads can share the work: one reads the members and hashes them, and another takes them.
class StateLoader {
 public:
  // False at a row that is not canonical, not in order, or not of a known table; `problem` then says which.
  bool add(const StateRow& row);
  [[nodiscard]] const std::string& problem() const { return problem_; }
  struct Loaded {
    State state;
    StateRoot root;
  };
  // Hashes the accounts and the members that were read, which finish() does otherwise.
  void hash();
  // The members that `other` has read, all of them, and its problem.
  void take_members(StateLoader&& other);
  // Nothing when rows were missing or bad.
  std::optional<Loaded> finish();

 private:
  bool bad(const StateRow& row, const char* why);
  bool add_slots(const StateRow& row);
  State state_;
  u32 singles_ = 0;
  std::string problem_;
};

}  // namespace moot::ledger
