#include "ledger/state_records.hpp"

namespace moot::ledger {
namespace {

// History of the chain itself: the peaks, and the newest leaf that is not among them yet.
struct HistoryRow {
  crypto::Peaks peaks;
  Hash last_leaf;
  MOOT_DESCRIBE {
    v("peaks", self.peaks);
    v("lastLeaf", self.last_leaf);
  }
};

constexpr u32 kSingles = 8;

template <class Value>
StateRow single(StateTable table, const Value& value) {
  return {table, 0, 0, encoded(value)};
}

template <class Record>
void append_rows(std::vector<StateRow>& out, StateTable table, const MerkleTable<Record>& records,
                 std::span<const u64> indices) {
  for (const u64 index : indices) out.push_back({table, index, 0, encoded(records[index])});
}

template <class Record>
void visit_table(StateTable table, const MerkleTable<Record>& records,
                 const std::function<void(const StateRow&)>& visit) {
  for (u64 i = 0; i < records.size(); ++i) visit({table, i, 0, encoded(records[i])});
}

// The same of a table with gaps: a chunk that nothing was written into has no row.
template <class Chunk>
void visit_chunks(const MerkleTable<Chunk>& chunks, const std::function<void(u64, const Chunk&)>& visit) {
  for (u64 i = 0; i < chunks.size(); ++i)
    if (chunks[i] != Chunk{}) visit(i, chunks[i]);
}

template <class Value>
bool load_single(Cow<Value>& to, const StateRow& row) {
  auto value = decoded<Value>(row.value);
  if (!value) return false;
  to = Cow<Value>(std::move(*value));
  return true;
}

template <class Record>
bool load_record(MerkleTable<Record>& to, const StateRow& row) {
  auto record = decoded<Record>(row.value);
  if (!record || row.a != to.size()) return false;
  to.push(std::move(*record));
  return true;
}

template <class Chunk>
bool load_chunk(MerkleTable<Chunk>& to, u64 index, const Bytes& value) {
  const auto chunk = decoded<Chunk>(value);
  if (!chunk || index < to.size() || index >> kTreeDepth != 0) return false;
  to.reach(index) = *chunk;
  return true;
}

}  // namespace

std::vector<StateRow> changed_rows(const State& before, const BlockResult& block) {
  const State& after = block.state;
  const Changes& changes = block.changes;
  std::vector<StateRow> out;
  out.push_back(single(StateTable::chain, *after.chain));
  if (!after.rules.same(before.rules)) out.push_back(single(StateTable::rules, *after.rules));
  if (!after.roles.same(before.roles)) out.push_back(single(StateTable::roles, *after.roles));
  if (!after.actions.same(before.actions)) out.push_back(single(StateTable::actions, *after.actions));
  if (!after.marks.same(before.marks)) out.push_back(single(StateTable::marks, *after.marks));
  if (!after.joins.same(before.joins)) out.push_back(single(StateTable::joins, *after.joins));
  if (!after.counters.same(before.counters)) out.push_back(single(StateTable::counters, *after.counters));
  out.push_back(single(StateTable::history, HistoryRow{after.history, after.last_leaf}));
  append_rows(out, StateTable::accounts, after.accounts, changes.accounts);
  append_rows(out, StateTable::members, after.members, changes.members);
  append_rows(out, StateTable::classes, after.classes, changes.classes);
  append_rows(out, StateTable::assets, after.assets, changes.assets);
  append_rows(out, StateTable::proposals, after.proposals, changes.proposals);
  append_rows(out, StateTable::sales, after.sales, changes.sales);
  append_rows(out, StateTable::redemptions, after.redemptions, changes.redemptions);
  append_rows(out, StateTable::used, after.used, changes.used);
  append_rows(out, StateTable::confirmations, after.confirmations, changes.confirmations);
  for (const auto& [proposal, chunk] : changes.slots) {
    const BallotBox* box = after.box(ProposalId{proposal});
    if (box) out.push_back({StateTable::slots, proposal, chunk, encoded(box->chunks()[chunk])});
  }
  return out;
}

void for_each_row(const State& state, const std::function<void(const StateRow&)>& visit) {
  visit(single(StateTable::chain, *state.chain));
  visit(single(StateTable::rules, *state.rules));
  visit(single(StateTable::roles, *state.roles));
  visit(single(StateTable::actions, *state.actions));
  visit(single(StateTable::marks, *state.marks));
  visit(single(StateTable::joins, *state.joins));
  visit(single(StateTable::counters, *state.counters));
  visit(single(StateTable::history, HistoryRow{state.history, state.last_leaf}));
  visit_table(StateTable::accounts, state.accounts, visit);
  visit_table(StateTable::members, state.members, visit);
  visit_table(StateTable::classes, state.classes, visit);
  visit_table(StateTable::assets, state.assets, visit);
  visit_table(StateTable::proposals, state.proposals, visit);
  visit_table(StateTable::sales, state.sales, visit);
  visit_table(StateTable::redemptions, state.redemptions, visit);
  visit_table(StateTable::used, state.used, visit);
  visit_chunks<ConfirmedChunk>(state.confirmations, [&](u64 index, const ConfirmedChunk& chunk) {
    visit({StateTable::confirmations, index, 0, encoded(chunk)});
  });
  for (const auto& [id, box] : *state.boxes)
    visit_chunks<SlotChunk>(box.chunks(), [&, proposal = id](u64 index, const SlotChunk& chunk) {
      visit({StateTable::slots, proposal, index, encoded(chunk)});
    });
}

bool StateLoader::bad(const StateRow& row, const char* why) {
  problem_ = std::string("state row (table ") + std::to_string(static_cast<unsigned>(row.table)) + ", " +
             std::to_string(row.a) + ", " + std::to_string(row.b) + "): " + why;
  return false;
}

bool StateLoader::add_slots(const StateRow& row) {
  if (!state_.proposals.contains(row.a)) return bad(row, "ballots of an unknown proposal");
  const Proposal& proposal = state_.proposals[row.a];
  if (proposal.state != ProposalState::pending && proposal.state != ProposalState::active) return true;
  return load_chunk(state_.boxes.edit()[row.a].chunks(), row.b, row.value) ||
         bad(row, "not a canonical record, or not in order");
}

bool StateLoader::add(const StateRow& row) {
  bool good = false;
  switch (row.table) {
    case StateTable::chain:
      good = load_single(state_.chain, row);
      ++singles_;
      break;
    case StateTable::rules:
      good = load_single(state_.rules, row);
      ++singles_;
      break;
    case StateTable::roles:
      good = load_single(state_.roles, row);
      ++singles_;
      break;
    case StateTable::actions:
      good = load_single(state_.actions, row);
      ++singles_;
      break;
    case StateTable::marks:
      good = load_single(state_.marks, row);
      ++singles_;
      break;
    case StateTable::joins:
      good = load_single(state_.joins, row);
      ++singles_;
      break;
    case StateTable::counters:
      good = load_single(state_.counters, row);
      ++singles_;
      break;
    case StateTable::history: {
      auto value = decoded<HistoryRow>(row.value);
      good = value.has_value();
      if (value) {
        state_.history = std::move(value->peaks);
        state_.last_leaf = value->last_leaf;
      }
      ++singles_;
      break;
    }
    case StateTable::accounts: good = load_record(state_.accounts, row); break;
    case StateTable::members: good = load_record(state_.members, row); break;
    case StateTable::classes: good = load_record(state_.classes, row); break;
    case StateTable::assets: good = load_record(state_.assets, row); break;
    case StateTable::proposals: good = load_record(state_.proposals, row); break;
    case StateTable::sales: good = load_record(state_.sales, row); break;
    case StateTable::redemptions: good = load_record(state_.redemptions, row); break;
    case StateTable::used: good = load_record(state_.used, row); break;
    case StateTable::confirmations: good = load_chunk(state_.confirmations, row.a, row.value); break;
    case StateTable::slots: return add_slots(row);
    default: return bad(row, "unknown table");
  }
  return good || bad(row, "not a canonical record, or not in order");
}

void StateLoader::hash() {
  state_.accounts.root();
  state_.members.root();
}

void StateLoader::take_members(StateLoader&& other) {
  state_.members = std::move(other.state_.members);
  if (problem_.empty()) problem_ = std::move(other.problem_);
}

std::optional<StateLoader::Loaded> StateLoader::finish() {
  if (problem_.empty() && singles_ != kSingles) problem_ = "state rows are missing";
  if (!problem_.empty()) return std::nullopt;
  // An open proposal has a box even before its first ballot.
  for (const ProposalId id : state_.counters->live) {
    const ProposalState at = state_.proposals[id.value].state;
    if (at == ProposalState::pending || at == ProposalState::active) state_.boxes.edit()[id.value];
  }
  rebuild_derived(state_);
  const StateRoot root = state_root(state_);
  return Loaded{std::move(state_), root};
}

}  // namespace moot::ledger
