// Worlds for the tests of proposals and ballots: one policy for every kind, changed as a test wants it.
#pragma once

#include <gtest/gtest.h>

#include "ledger/registers.hpp"
#include "ledger/voting.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::ledger::voting_test {

using test::kDay;
using test::kHour;
using test::kSecond;
using test::LedgerWorld;

template <class Change>
LedgerWorld world_with(Change&& change, const test::WorldOptions& options = {}) {
  Genesis genesis = test::test_genesis(options);
  for (Policy& policy : genesis.rules.policies) change(policy);
  return LedgerWorld(genesis);
}

inline Propose proposing(ProposalKind kind, std::vector<Action> actions = {},
                         std::string title = "A proposal") {
  return Propose{
      .title = std::move(title), .body = {"Because."}, .kind = kind, .actions = std::move(actions)};
}

inline const Proposal& at(const LedgerWorld& world, ProposalId id) {
  return world.state().proposals[id.value];
}

inline Action new_class(std::string name) {
  return ClassCreation{.name = std::move(name), .attested_only = false};
}
// Good by itself, and refused when it runs: the symbol is taken.
inline Action taken_symbol() {
  return AssetCreation{.symbol = "USDX", .decimals = 6, .kind = AssetKind::external};
}

// Ballots of these members in one block.
inline BlockResult cast_all(LedgerWorld& world, ProposalId id, std::initializer_list<const char*> members,
                            Choice choice, u64 step_ms = kSecond) {
  std::vector<VerifiedTransaction> txs;
  for (const char* member : members) txs.push_back(world.ballot(member, id, choice));
  return world.block(txs, step_ms);
}

// The schedule as it runs along, against the one that the records alone give (2.2).
inline void expect_schedule_derived(const LedgerWorld& world) {
  State rebuilt = world.state();
  rebuild_derived(rebuilt);
  const auto items = [](const State& state) {
    std::vector<DueItem> out;
    state.schedule.for_each([&](const DueItem& item, u8) { out.push_back(item); });
    return out;
  };
  EXPECT_EQ(items(world.state()), items(rebuilt));
}

inline std::vector<EventKind> kinds_of(const BlockResult& result) {
  std::vector<EventKind> out;
  for (const Event& event : result.events) out.push_back(event.kind);
  return out;
}

// Changes registers from outside, after the current block.
template <class Change>
void change_registers(LedgerWorld& world, Change&& change) {
  std::vector<Event> events;
  std::vector<ProposalId> voted;
  std::vector<std::pair<u32, TxError>> skipped;
  std::map<u64, BallotBox> sealed;
  Execution run{.state = world.mutable_state(),
                .height = world.height(),
                .now = world.now(),
                .sender = {},
                .events = events,
                .voted = voted,
                .skipped = skipped,
                .sealed = sealed};
  change(run);
}

}  // namespace moot::ledger::voting_test
