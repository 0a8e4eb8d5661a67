// The auditor's replay of an archive: G3 with every signature, G4 without.
#include <unistd.h>
#include <ctime>

#include <filesystem>

#include "audit/replay.hpp"
#include "bench/goals/voters.hpp"
#include "tests/support/chronicle.hpp"

namespace moot::bench {
namespace {

constexpr u64 kMaxVoters = 20'000;
constexpr u64 kVotes = 4;  // proposals, each with a ballot of every voter
constexpr std::size_t kBlockBallots = 5'000;

// A ledger that lives while its blocks are written down.
class Scribe {
 public:
  Scribe(u64 voters, u64 members)
      : voters_(voters, members),
        genesis_(voters_.genesis(TimeMs{test::kGenesisTime})),
        chronicle_(genesis_),
        signing_(ledger::signing_context(genesis_.organisation, ledger::ledger_id(genesis_))),
        state_(ledger::initial_block(genesis_).state) {}

  void play() {
    for (u64 vote = 0; vote < kVotes; ++vote) {
      const ProposalId id{vote};
      block({voters_.sign(signing_, vote, Voters::proposal())});
      block({});
      std::vector<Bytes> ballots = voters_.ballots(signing_, id, state_.proposals[vote].hash);
      for (std::size_t at = 0; at < ballots.size(); at += kBlockBallots) {
        const std::size_t end = std::min(ballots.size(), at + kBlockBallots);
        block({std::make_move_iterator(ballots.begin() + static_cast<std::ptrdiff_t>(at)),
               std::make_move_iterator(ballots.begin() + static_cast<std::ptrdiff_t>(end))});
      }
      block({}, test::kDay);
    }
  }
  [[nodiscard]] const test::Chronicle& chronicle() const { return chronicle_; }
  [[nodiscard]] u64 transactions() const { return state_.counters->transactions; }
  [[nodiscard]] const StateRoot& root() const { return root_; }

 private:
  void block(std::vector<Bytes> envelopes, u64 step_ms = test::kSecond) {
    ledger::BlockExecution execution(state_, TimeMs{state_.time().raw() + step_ms});
    for (const Bytes& envelope : envelopes)
      MOOT_CHECK(execution.add(ledger::trust_transaction(signing_, envelope).value()).has_value(),
                 "it is includable");
    ledger::BlockResult result = execution.finish();
    MOOT_CHECK(result.breaches.empty(), "the history breaks no law");
    chronicle_.add(std::move(envelopes), result);
    root_ = result.roots.state_root;
    state_ = std::move(result.state);
  }

  Voters voters_;
  ledger::Genesis genesis_;
  test::Chronicle chronicle_;
  ledger::SigningContext signing_;
  ledger::State state_;
  StateRoot root_;
};

audit::Report replay_file(const std::string& path, const audit::ReplayOptions& options) {
  auto source = audit::open_archive(path);
  MOOT_CHECK(source.has_value(), "the archive opens");
  const SystemClock clock;
  audit::Report report = audit::replay(**source, options, clock);
  MOOT_CHECK(report.good(), "the archive is verified");
  return report;
}

}  // namespace

void replay_goals(Table& table, u64 members) {
  progress("the auditor's replay, " + std::to_string(members) + " members");
  Scribe scribe(std::min(members, kMaxVoters), members);
  scribe.play();
  const std::string path =
      (std::filesystem::temp_directory_path() / ("moot-goals-" + std::to_string(::getpid()) + ".archive"))
          .string();
  test::ChronicleSource blocks(scribe.chronicle());
  MOOT_CHECK(audit::export_archive(blocks, path).has_value(), "the archive is written");

  // What a replay costs before its first block, and at its end: genesis, full sums. Not a rate, so left out of the rates.
  const auto seconds = [](const audit::Report& report) {
    return static_cast<double>(report.duration_ns) / 1e9;
  };
  const Seconds fixed = seconds(replay_file(path, {.stop_at = Height{0}}));
  const Limits limits_before = measure_limits();
  // Processor time of all threads tells the cost where other programs share the cores.
  const std::clock_t before = std::clock();
  const audit::Report with = replay_file(path, {});
  const std::clock_t between = std::clock();
  const audit::Report without = replay_file(path, {.signatures = false});
  const std::clock_t after = std::clock();
  const Limits limits = mean(limits_before, measure_limits());
  for (const audit::Report* report : {&with, &without}) {
    MOOT_CHECK(report->findings.state_root == scribe.root(),
               "the replay comes to the ledger's own state root");
    MOOT_CHECK(report->findings.transactions == scribe.transactions(), "it saw every transaction");
  }
  MOOT_CHECK(with.findings.signatures == scribe.transactions(), "it verified every signature");
  std::filesystem::remove(path);

  const double count = static_cast<double>(scribe.transactions());
  const double verified = count / (seconds(with) - fixed);
  const double executed = count / (seconds(without) - fixed);
  const auto cpu_us = [count](std::clock_t ticks) {
    return static_cast<double>(ticks) * 1e6 / CLOCKS_PER_SEC / count;
  };
  table.add(
      {.goal = "G3",
       .what = "replay with signatures, a second, of C x V1",
       .members = members,
       .value = verified / (limits.verify * limits.cores),
       .unit = "x C*V1",
       .floor = 0.80,
       .target = 0.90,
       .limit = text("%.0f/s; of C x recovery %.2f; recovery alone allows %.2f (decision 0002); %.1f us of "
                     "processor each; genesis and sums %.2f s apart",
                     verified, verified / (limits.recover * limits.cores), limits.recover / limits.verify,
                     cpu_us(between - before), fixed),
       .clock = true,
       .work = std::nullopt});
  table.add({.goal = "G4",
             .what = "an archive without signatures, over V1",
             .members = members,
             .value = executed / limits.verify,
             .unit = "x V1",
             .floor = 5,
             .target = 10,
             .limit = text("%.0f/s, %.1f us of processor each, V1 %.0f/s", executed, cpu_us(after - between),
                           limits.verify),
             .clock = true,
             .work = std::nullopt});
}

}  // namespace moot::bench
