// The registers of rules.md §3.3–3.5 against sums over members, taken anew for every height there has been.
#include "ledger/registers.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "tests/unit/ledger/members_world.hpp"

namespace moot::test {
namespace {

constexpr u64 kClasses = 2;
constexpr u64 kMembersAtMost = 12;

// One member as anybody would write it down, and all of them after each block.
struct Plain {
  MemberStatus status = MemberStatus::active;
  bool confirmed = false;
  std::optional<u64> delegate;
  std::array<u64, kClasses> units{};

  [[nodiscard]] bool counts(bool confirmed_only) const {
    return status == MemberStatus::active && (confirmed || !confirmed_only);
  }
  [[nodiscard]] u64 weight(BasisKey basis) const {
    return basis.is_units() ? units[basis.share_class().value] : 1;
  }
};
using Twin = std::vector<Plain>;

std::vector<BasisKey> every_basis() {
  std::vector<BasisKey> out{BasisKey::members()};
  for (u64 i = 0; i < kClasses; ++i) out.push_back(BasisKey::units_of(ClassId{i}));
  return out;
}

void expect_height(const State& state, const Twin& twin, Height height) {
  for (const BasisKey basis : every_basis()) {
    for (const bool confirmed_only : {false, true}) {
      u64 sum = 0;
      for (const Plain& one : twin) sum += one.counts(confirmed_only) ? one.weight(basis) : 0;
      ASSERT_EQ(electorate_power(state, basis, confirmed_only, height).raw(), sum) << "basis " << basis.value;
    }
    for (u64 id = 0; id < twin.size(); ++id) {
      u64 in_hand = 0;
      for (const Plain& one : twin)
        in_hand += one.counts(false) && one.delegate == id ? one.weight(basis) : 0;
      const Member& member = state.members[id];
      ASSERT_EQ(member.delegated_at(basis, height).raw(), in_hand)
          << "delegate " << id << ", basis " << basis.value;
      ASSERT_EQ(weight_of(member, basis, height).raw(), twin[id].weight(basis));
    }
  }
  for (u64 id = 0; id < twin.size(); ++id) {
    ASSERT_EQ(state.members[id].status_at(height), twin[id].status);
    ASSERT_EQ(eligible(state, MemberId{id}, true, height), twin[id].counts(true)) << "member " << id;
    const auto delegate = state.members[id].delegate_at(height);
    ASSERT_EQ(delegate ? std::optional(delegate->value) : std::nullopt, twin[id].delegate);
  }
  for (u64 i = 0; i < kClasses; ++i) {
    u64 total = 0;
    for (const Plain& one : twin) total += one.units[i];
    ASSERT_EQ(state.classes[i].total.at(height), total);
  }
}

// Random changes in the ledger's registers and in the twin alike.
class Play {
 public:
  explicit Play(u64 seed) : random_(seed) {
    for (u64 i = 0; i < kClasses; ++i) state_.classes.push(ShareClass{.name = "c", .attested_only = false});
    state_.rules.edit().parameters = default_parameters();
  }

  void block() {
    ++height_;
    std::vector<Event> events;
    std::vector<ProposalId> voted;
    std::vector<std::pair<u32, TxError>> skipped;
    std::map<u64, BallotBox> sealed;
    Execution run{.state = state_,
                  .height = Height{height_},
                  .now = TimeMs{height_ * kHour},
                  .sender = {},
                  .events = events,
                  .voted = voted,
                  .skipped = skipped,
                  .sealed = sealed};
    for (u64 n = random_.below(5); n > 0; --n) change(run);
    past_.push_back(now_);
  }
  void expect_the_past() const {
    for (u64 i = 0; i < past_.size(); ++i) {
      SCOPED_TRACE(testing::Message() << "height " << i + 1);
      Twin known = past_[i];
      ASSERT_NO_FATAL_FAILURE(expect_height(state_, known, Height{i + 1}));
    }
  }

 private:
  void change(Execution& run) {
    if (now_.empty() || (now_.size() < kMembersAtMost && random_.below(6) == 0)) return admit(run);
    const u64 id = random_.below(now_.size());
    Plain& one = now_[id];
    const bool former = one.status == MemberStatus::left || one.status == MemberStatus::expelled;
    switch (random_.below(5)) {
      case 0: return move_status(run, id);
      case 1: return move_delegate(run, id);
      case 2:
        confirm_member(run, MemberId{id});
        one.confirmed = true;
        return;
      default: {
        if (former) return;
        const u64 share_class = random_.below(kClasses);
        one.units[share_class] = random_.below(4) == 0 ? 0 : random_.below(1'000'000);
        set_units(run, MemberId{id}, ClassId{share_class}, Units{one.units[share_class]});
      }
    }
  }

  void admit(Execution& run) {
    Address address;
    address.bytes[19] = static_cast<u8>(now_.size() + 1);
    add_member(run, add_account(state_, address), Hash{});
    now_.emplace_back();
  }
  void move_status(Execution& run, u64 id) {
    static constexpr std::array kAll{MemberStatus::active, MemberStatus::suspended, MemberStatus::left,
                                     MemberStatus::expelled};
    const MemberStatus to = kAll[random_.below(kAll.size())];
    Plain& one = now_[id];
    const bool former = one.status == MemberStatus::left || one.status == MemberStatus::expelled;
    if (former && to != MemberStatus::active) return;
    set_status(run, MemberId{id}, to);
    one.status = to;
    if (to != MemberStatus::left && to != MemberStatus::expelled) return;
    one.units = {};
    one.delegate.reset();
  }
  // A delegation is a transaction of one's own, so it comes with a confirmation.
  void move_delegate(Execution& run, u64 id) {
    Plain& one = now_[id];
    const u64 to = random_.below(now_.size());
    if (!one.counts(false)) return;
    confirm_member(run, MemberId{id});
    one.confirmed = true;
    one.delegate = to == id ? std::nullopt : std::optional(to);
    set_delegate(run, MemberId{id}, to == id ? std::nullopt : std::optional(MemberId{to}));
  }

  SeededRandom random_;
  State state_;
  u64 height_ = 0;
  Twin now_;
  std::vector<Twin> past_;
};

TEST(Registers, AreSumsOverMembersAtEveryHeight_3_3) {
  for (u64 seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Play play(seed);
    for (int i = 0; i < 80; ++i) play.block();
    ASSERT_NO_FATAL_FAILURE(play.expect_the_past());
  }
}

TEST(Registers, ShowABlocksChangesFromItsOwnHeightOn_2_1) {
  MembersWorld world;
  const ClassId c = kDataSet;
  world.run("r0", world.grant("m0", 5, c));
  const Height height = world.height();
  const auto power = [&](u64 h) {
    return electorate_power(world.state(), BasisKey::units_of(c), false, Height{h}).raw();
  };
  EXPECT_EQ(power(height.raw() - 1), 150u);
  EXPECT_EQ(power(height.raw()), 155u);
  EXPECT_EQ(power(height.raw() + 9), 155u);
}

TEST(Registers, SeveralChangesInABlockLeaveOneCheckpoint_2_1) {
  MembersWorld world;
  const TimeMs until = world.in(kHour);
  const std::vector txs{world.sign("r0", world.grant("m0", 5, kDataSet), {.nonce = 1, .valid_until = until}),
                        world.sign("r0", world.grant("m0", 6, kDataSet), {.nonce = 2, .valid_until = until}),
                        world.sign("r1", world.grant("m0", 7, kDataSet), {.nonce = 1, .valid_until = until})};
  world.block(txs);
  const auto points = world.of("m0").holding(kDataSet)->units.checkpoints();
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[1], (Checkpoint{world.height().raw(), 28}));
}

// ---- marks ----

TEST(Marks, TheFirstBlockOfAnHourNotesItsParent_3_5) {
  MembersWorld world;
  EXPECT_TRUE(world.state().marks->ring.empty());
  const u64 into_hour = world.now().raw() % kHour;
  world.block(kHour - into_hour - 1);
  EXPECT_TRUE(world.state().marks->ring.empty());
  const TimeMs parent = world.now();
  world.block(1);
  ASSERT_EQ(world.state().marks->ring.size(), 1u);
  EXPECT_EQ(world.state().marks->ring[0], (Mark{parent, Height{1}}));
  world.block(kHour - 1);
  EXPECT_EQ(world.state().marks->ring.size(), 1u);
  world.block(1);
  EXPECT_EQ(world.state().marks->ring.size(), 2u);
}

TEST(Marks, TheRecordHeightIsTheNewestMarkOldEnough_3_5) {
  MembersWorld world;
  for (int i = 0; i < 5; ++i) world.block(kHour);
  const State& state = world.state();
  const Height next{world.height().raw() + 1};
  const auto at = [&](u64 now, u64 lag) {
    return record_height_for(state, next, TimeMs{now}, DurationMs{lag});
  };
  EXPECT_EQ(at(world.now().raw() + 1, 0), world.height()) << "no lag: the parent";
  const Mark third = state.marks->ring[2];
  EXPECT_EQ(at(third.time.raw() + kDay, kDay), third.height) << "time ≤ T − lag";
  EXPECT_EQ(at(third.time.raw() + kDay - 1, kDay), state.marks->ring[1].height);
  EXPECT_EQ(at(state.marks->ring[0].time.raw() + kDay - 1, kDay), Height{0}) << "none old enough";
  EXPECT_EQ(at(5, 10), Height{0}) << "before time began";
}

TEST(Marks, TheRingKeepsTheNewest1024_3_5) {
  State state;
  state.rules.edit().parameters = default_parameters();
  for (u64 i = 1; i <= kMarkRing + 10; ++i) {
    append_mark(state, TimeMs{i * kHour});
    Chain& chain = state.chain.edit();
    chain.height = Height{i};
    chain.time = TimeMs{i * kHour};
  }
  const auto& ring = state.marks->ring;
  ASSERT_EQ(ring.size(), kMarkRing);
  EXPECT_EQ(ring.back(), (Mark{TimeMs{(kMarkRing + 9) * kHour}, Height{kMarkRing + 9}}));
  EXPECT_EQ(ring.front().height, Height{10});
}

// ---- used keys ----

TEST(UsedKeys, StandInLinkedOrderSoThatAbsenceIsProvable_3_7) {
  for (u64 seed = 1; seed <= 10; ++seed) {
    SeededRandom random(seed);
    State state;
    std::set<std::pair<u8, Hash>> twin;
    for (int i = 0; i < 200; ++i) {
      Hash key;
      key.bytes[0] = static_cast<u8>(random.below(40));
      const auto domain = static_cast<UsedDomain>(1 + random.below(4));
      ASSERT_EQ(is_used(state, domain, key), twin.contains({static_cast<u8>(domain), key}))
          << "seed " << seed;
      ASSERT_EQ(use_key(state, domain, key), twin.insert({static_cast<u8>(domain), key}).second)
          << "seed " << seed;
    }
    ASSERT_EQ(state.used.size(), twin.size() + 1) << "and the sentinel";
    std::pair<u8, Hash> at{state.used[0].next_domain, state.used[0].next_key};
    for (const auto& key : twin) {
      ASSERT_EQ(at, key) << "seed " << seed;
      const UsedKey& leaf = state.used[*state.used_index.find(key)];
      at = {leaf.next_domain, leaf.next_key};
    }
    EXPECT_EQ(at, (std::pair<u8, Hash>{})) << "zero after the last";
  }
}

}  // namespace
}  // namespace moot::test
