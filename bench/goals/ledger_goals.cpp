// Executing and committing ballots without their signatures: G4, G5, G6 (its ledger part), G10, G16.
#include <fstream>

#include "bench/goals/goals.hpp"
#include "ledger/voting.hpp"

namespace moot::bench {
namespace {

constexpr u64 kBlock = 4'096;

u64 resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  u64 size = 0;
  u64 resident = 0;
  statm >> size >> resident;
  return resident * 4'096;
}

// Members in an order that visits all of them and looks random to a cache.
u64 scattered(u64 i, u64 members) { return (i * 2'654'435'761u) % members; }

std::string nanoseconds(Seconds total, double count) {
  return std::to_string(static_cast<u64>(total / count * 1e9)) + " ns";
}

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
    std::vector<ledger::VerifiedTransaction> block;
    timing.decode += timed([&] {
      for (u64 i = from; i < to; ++i) block.push_back(*ledger::trust_transaction(big.signing, envelopes[i]));
    });
    ledger::BlockExecution execution(timing.state, TimeMs{timing.state.time().raw() + 1});
    timing.execute += timed([&] {
      for (const auto& tx : block) MOOT_CHECK(execution.add(tx).has_value(), "the ballot is accepted");
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
             .what = "recount of a proposal of " + std::to_string(electors) + " ballots",
             .value = recount * 1e7 / static_cast<double>(electors),
             .unit = "s per 10 M",
             .better = Better::lower,
             .floor = 2,
             .target = 0.3,
             .limit = "scaled from " + std::to_string(electors)});
}

}  // namespace

void ledger_goals(Table& table, const Limits& limits, u64 members) {
  const std::string scale = ", " + std::to_string(members) + " members";
  const u64 before = resident_bytes();
  const BigLedger big = big_ledger(members);
  const double member_bytes = static_cast<double>(resident_bytes() - before) / static_cast<double>(members);
  table.add({.goal = "G10",
             .what = "memory a member, all in" + scale,
             .value = member_bytes,
             .unit = "B",
             .better = Better::lower,
             .floor = 400,
             .target = 240,
             .limit = "resident set"});

  const OpenVote vote = open_vote(big);
  const u64 ballots = std::min<u64>(members, 200'000);
  const u64 before_vote = resident_bytes();
  const Timing timing = play_ballots(big, vote, ballots);
  const double elector_bytes =
      static_cast<double>(resident_bytes() - before_vote) / static_cast<double>(std::max(ballots, members));
  table.add({.goal = "G10",
             .what = "memory an elector of an open proposal" + scale,
             .value = elector_bytes,
             .unit = "B",
             .better = Better::lower,
             .floor = 24,
             .target = 12,
             .limit = "resident set, envelopes included"});

  const double count = static_cast<double>(ballots);
  const double verification = 1 / limits.verify;
  const Seconds all = timing.decode + timing.execute + timing.finish;
  table.add({.goal = "G4",
             .what = "replay without signatures, ballots/s over V1" + scale,
             .value = count / all / limits.verify,
             .unit = "x V1",
             .better = Better::higher,
             .floor = 5,
             .target = 10,
             .limit = std::to_string(static_cast<u64>(count / all)) + " ballots/s, V1 " +
                      std::to_string(static_cast<u64>(limits.verify)) + "/s"});
  table.add({.goal = "G5",
             .what = "roots and laws a ballot, of one verification" + scale,
             .value = 100 * timing.finish / count / verification,
             .unit = "%",
             .better = Better::lower,
             .floor = 10,
             .target = 3,
             .limit = nanoseconds(timing.finish, count)});
  table.add({.goal = "G6",
             .what = "decode, digest, execute, roots a ballot" + scale,
             .value = 100 * all / count / verification,
             .unit = "%",
             .better = Better::lower,
             .floor = 20,
             .target = 10,
             .limit = nanoseconds(timing.decode, count) + " decode and digest + " +
                      nanoseconds(timing.execute, count) + " execute + " + nanoseconds(timing.finish, count) +
                      " finish"});
  recount_goal(table, members);
}

}  // namespace moot::bench
