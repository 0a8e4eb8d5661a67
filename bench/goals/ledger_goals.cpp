// Executing and committing ballots without their signatures: G4, G5, G6 (its ledger part), G10, G16.
#include <malloc.h>

#include "bench/goals/goals.hpp"
#include "ledger/voting.hpp"

namespace moot::bench {
namespace {

constexpr u64 kBlock = 4'096;
constexpr u64 kMaxBallots = 200'000;

// What is allocated and not freed: exact, where a resident set also holds what the allocator keeps for later.
u64 live_bytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Members in an order that visits all of them and looks random to a cache.
u64 scattered(u64 i, u64 members) { return (i * 2'654'435'761u) % members; }

struct Timing {
  Seconds decode = 0;
  Seconds execute = 0;
  Seconds finish = 0;
  u64 ballots = 0;
  ledger::State state;
};

Timing play_ballots(const BigLedger& big, const OpenVote& vote, u64 ballots) {
  const u64 members = big.state.members.size();
  std::vector<Bytes> envelopes;
  for (u64 i = 0; i < ballots; ++i) {
    const auto choice = i % 200 == 0 ? ledger::Choice::against : ledger::Choice::in_favour;
    envelopes.push_back(ledger::encode_transaction(ballot_of(big, vote, scattered(i, members), choice).tx));
  }
  Timing timing{.state = vote.state};
  for (u64 from = 0; from < ballots; from += kBlock) {
    const u64 to = std::min(from + kBlock, ballots);
    std::vector<std::expected<ledger::VerifiedTransaction, ledger::Refusal>> block;
    timing.decode += timed([&] {
      block = ledger::trust_transactions(big.signing, std::span(envelopes).subspan(from, to - from));
    });
    ledger::BlockExecution execution(timing.state, TimeMs{timing.state.time().raw() + 1});
    timing.execute += timed([&] {
      std::vector<const ledger::VerifiedTransaction*> coming;
      for (const auto& tx : block) coming.push_back(&tx.value());
      execution.expect(std::move(coming));
      for (const auto& tx : block)
        MOOT_CHECK(execution.add(tx.value()).has_value(), "the ballot is accepted");
    });
    timing.finish += timed([&] {
      auto result = execution.finish();
      MOOT_CHECK(result.breaches.empty(), "no law is broken");
      timing.state = std::move(result.state);
    });
  }
  timing.ballots = ballots;
  const ledger::Tally& tally = timing.state.proposals[0].tally;
  MOOT_CHECK(tally.cast().raw() == ballots, "every ballot is counted once");
  MOOT_CHECK(tally[ledger::Choice::against].raw() == (ballots + 199) / 200, "and as it was cast");
  return timing;
}

void recount_goal(Table& table, u64 electors) {
  ledger::BallotBox box;
  for (u64 i = 0; i < electors; ++i)
    box.set(MemberId{i}, {.choice = i % 3 == 0 ? ledger::Choice::against : ledger::Choice::in_favour,
                          .revision = 1,
                          .height = 7});
  u64 against = 0;
  u64 cast = 0;
  const Seconds recount = timed([&] {
    for (u64 chunk = 0; chunk < box.chunks().size(); ++chunk)
      for (const u64 raw : box.chunks()[chunk].slots) {
        const ledger::Slot slot = ledger::Slot::unpacked(raw);
        cast += slot.choice != ledger::Choice::none;
        against += slot.choice == ledger::Choice::against;
      }
  });
  MOOT_CHECK(cast == electors && against == (electors + 2) / 3, "the recount finds every ballot");
  table.add({.goal = "G16",
             .what = "recount of a sealed proposal, per 10 M ballots",
             .members = electors,
             .value = recount * 1e7 / static_cast<double>(electors),
             .unit = "s",
             .better = Better::lower,
             .floor = 2,
             .target = 0.3,
             .limit = text("%.3g ms for these", recount * 1e3),
             .clock = true,
             .work = std::nullopt});
}

void memory_goals(Table& table, u64 members, double member_bytes, double elector_bytes) {
  table.add({.goal = "G10",
             .what = "memory a member: records, trees, indexes",
             .members = members,
             .value = member_bytes,
             .unit = "B",
             .better = Better::lower,
             .floor = 400,
             .target = 240,
             .limit = "allocated and not freed",
             .work = std::nullopt});
  table.add({.goal = "G10",
             .what = "memory an elector of an open proposal",
             .members = members,
             .value = elector_bytes,
             .unit = "B",
             .better = Better::lower,
             .floor = 24,
             .target = 12,
             .limit = "allocated and not freed, ballots cast and members confirmed",
             .work = std::nullopt});
}

void time_goals(Table& table, const Limits& limits, const Timing& timing, u64 members) {
  const double count = static_cast<double>(timing.ballots);
  const double size = static_cast<double>(members);
  const double verification = 1 / limits.verify;
  const Seconds all = timing.decode + timing.execute + timing.finish;
  table.add({.goal = "G4",
             .what = "replay without signatures, ballots/s over V1",
             .members = members,
             .value = count / all / limits.verify,
             .unit = "x V1",
             .floor = 5,
             .target = 10,
             .limit = text("%.0f ballots/s, V1 %.0f/s", count / all, limits.verify),
             .clock = true,
             .work = all / count * size});
  table.add({.goal = "G5",
             .what = "roots and laws a ballot, of one verification",
             .members = members,
             .value = 100 * timing.finish / count / verification,
             .unit = "%",
             .better = Better::lower,
             .floor = 10,
             .target = 3,
             .limit = text("%.0f ns", timing.finish / count * 1e9),
             .clock = true,
             .work = timing.finish / count * size});
  table.add(
      {.goal = "G6",
       .what = "decode, digest, execute, roots a ballot",
       .members = members,
       .value = 100 * all / count / verification,
       .unit = "%",
       .better = Better::lower,
       .floor = 20,
       .target = 10,
       .limit = text("%.0f ns decode and digest + %.0f ns execute + %.0f ns finish",
                     timing.decode / count * 1e9, timing.execute / count * 1e9, timing.finish / count * 1e9),
       .clock = true,
       .work = std::nullopt});
}

}  // namespace

void ledger_goals(Table& table, const Limits& limits, u64 members) {
  progress("the ledger alone, " + std::to_string(members) + " members");
  const double size = static_cast<double>(members);
  const u64 nothing = live_bytes();
  BigLedger big = big_ledger(members);
  const u64 without_ballots = live_bytes();
  OpenVote vote = open_vote(big);
  const Timing timing = play_ballots(big, vote, std::min<u64>(members, kMaxBallots));
  // The states before share most of the one after, but not what the ballots touched.
  big.state = {};
  vote.state = {};
  const u64 with_ballots = live_bytes();
  memory_goals(table, members, static_cast<double>(without_ballots - nothing) / size,
               static_cast<double>(with_ballots - without_ballots) / size);
  time_goals(table, limits, timing, members);
  recount_goal(table, members);
}

}  // namespace moot::bench
