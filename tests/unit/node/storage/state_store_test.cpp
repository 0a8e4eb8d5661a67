#include "node/storage/state_store.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/storage/fixture.hpp"

namespace moot::node::test {
namespace {

StateRoot root(u8 byte) { return filled(byte).as<StateRoot>(); }

RecordChange record(u8 table, u64 a, u64 b, std::string_view value) {
  return {.table = table, .a = a, .b = b, .value = bytes_of(value)};
}

std::string dump(const StateStore& state, u8 table) {
  std::string out;
  state.load(table, [&](u64 a, u64 b, ByteView value) {
    out += std::to_string(a) + "," + std::to_string(b) + "=" + as_string(value) + " ";
    return true;
  });
  return out;
}

void apply(StateStore& state, u64 height, std::vector<RecordChange> changes,
           std::vector<SealedBallots> sealed = {}) {
  state.apply({.height = Height{height},
               .root = root(static_cast<u8>(height)),
               .changes = changes,
               .sealed = sealed});
}

TEST(StateStore, LoadsEachTableApartInKeyOrder) {
  MemoryStore store;
  StateStore state(store);
  apply(state, 0,
        {record(1, 256, 0, "d"), record(1, 2, 0, "b"), record(1, 2, 9, "c"), record(1, 1, 0, "a"),
         record(2, 0, 0, "other"), record(255, ~u64{0}, ~u64{0}, "last")});
  EXPECT_EQ(dump(state, 1), "1,0=a 2,0=b 2,9=c 256,0=d ");
  EXPECT_EQ(dump(state, 2), "0,0=other ");
  EXPECT_EQ(dump(state, 3), "");
  EXPECT_EQ(dump(state, 255), "18446744073709551615,18446744073709551615=last ");
}

TEST(StateStore, ReplacesAndErasesRecords) {
  MemoryStore store;
  StateStore state(store);
  apply(state, 1, {record(1, 1, 0, "a"), record(1, 2, 0, "b")});
  RecordChange gone = record(1, 1, 0, "");
  gone.erased = true;
  apply(state, 2, {gone, record(1, 2, 0, "B")});
  EXPECT_EQ(dump(state, 1), "2,0=B ");
}

TEST(StateStore, KnowsWhereItStands) {
  MemoryStore store;
  StateStore state(store);
  EXPECT_FALSE(state.applied().has_value());
  apply(state, 0, {});
  EXPECT_EQ(state.applied(), (AppliedState{Height{0}, root(0)}));
  apply(state, 7, {});
  EXPECT_EQ(StateStore(store).applied(), (AppliedState{Height{7}, root(7)}));
}

TEST(StateStore, GoesBackToOneWholeMomentInACrash) {
  MemoryStore store;
  StateStore state(store);
  apply(state, 1, {record(1, 1, 0, "one")});
  state.flush();
  apply(state, 2, {record(1, 1, 0, "two"), record(1, 2, 0, "two")});
  store.crash();
  const StateStore again(store);
  EXPECT_EQ(again.applied(), (AppliedState{Height{1}, root(1)}));
  EXPECT_EQ(dump(again, 1), "1,0=one ");
}

// One write, so that no crash can come between the records and the height that they stand at.
TEST(StateStore, WritesABlockOnceAndNothingSynced) {
  MemoryStore store;
  StateStore state(store);
  const Bytes slots(100, 2);
  for (u64 h = 1; h <= 50; ++h)
    apply(state, h, {record(1, h, 0, "x"), record(2, h, 0, "y")}, {{ProposalId{h}, slots}});
  EXPECT_EQ(store.stats().writes, 50U);
  EXPECT_EQ(store.stats().syncs, 0U);
}

TEST(StateStore, GivesBackSealedBallotsOfAnyLength) {
  const TempDir dir;
  const auto store = open_rocksdb(dir / "db");
  StateStore state(*store);
  const std::size_t sizes[] = {0, 1, 256, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5 << 20};
  u64 id = 0;
  for (const std::size_t size : sizes) {
    Bytes slots(size);
    for (std::size_t i = 0; i < size; ++i) slots[i] = static_cast<u8>(i * 31 >> 3);
    ++id;
    const std::vector<SealedBallots> sealed = {{ProposalId{id}, slots}};
    apply(state, id, {}, sealed);
    EXPECT_EQ(state.sealed(ProposalId{id}), slots) << size;
  }
  EXPECT_EQ(state.sealed(ProposalId{99}), std::nullopt);
}

TEST(StateStoreDeathTest, StopsOverSealedBallotsThatWereChanged) {
  MemoryStore store;
  StateStore state(store);
  const Bytes slots(1000, 2);
  const std::vector<SealedBallots> sealed = {{ProposalId{1}, slots}};
  apply(state, 1, {}, sealed);
  Bytes other = slots;
  other[500] = 1;
  KvBatch batch;
  batch.put(Family::sealed, Bytes{0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1}, other);
  store.write(batch, Durability::unlogged);
  EXPECT_EXIT((void)state.sealed(ProposalId{1}), ::testing::ExitedWithCode(kDamagedDataExit),
              "sealed ballots of proposal 1.*not the bytes");
}

TEST(StateStoreDeathTest, IsWrittenInTheOrderOfTheBlocks) {
  MemoryStore store;
  StateStore state(store);
  apply(state, 5, {});
  EXPECT_DEATH(apply(state, 5, {}), "order of the blocks");
  EXPECT_DEATH(apply(state, 4, {}), "order of the blocks");
}

TEST(FlushPolicy, IsDueAfterThirtySecondsOrAMillionTransactions) {
  FlushPolicy policy;
  EXPECT_FALSE(policy.due(TimeMs{1'000'000}));
  policy.wrote(1, TimeMs{100});
  policy.wrote(1, TimeMs{20'000});
  EXPECT_FALSE(policy.due(TimeMs{30'099}));
  EXPECT_TRUE(policy.due(TimeMs{30'100}));
  EXPECT_FALSE(policy.due(TimeMs{50}));  // a clock that went back is not a reason
  policy.flushed();
  EXPECT_FALSE(policy.due(TimeMs{1'000'000}));
  policy.wrote(999'999, TimeMs{200'000});
  EXPECT_FALSE(policy.due(TimeMs{200'000}));
  policy.wrote(1, TimeMs{200'000});
  EXPECT_TRUE(policy.due(TimeMs{200'000}));
}

}  // namespace
}  // namespace moot::node::test
