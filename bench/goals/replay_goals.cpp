// The auditor's replay of an archive: G3 with every signature, G4 without.
#include <unistd.h>
#include <ctime>

#include <filesystem>

#include "audit/replay.hpp"
#include "bench/goals/voters.hpp"
#include "tests/support/chronicle.hpp"

namespace moot::bench {
namespace {

// Enough ballots that the count at the end of a vote, which looks at every member, weighs what it would weigh in a real one:
// of a million members a quarter votes.
constexpr u64 kBallots = 250'000;
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
    for (u64 vote = 0; vote * voters_.count() < kBallots; ++vote) {
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

// An archive that notes when its first block is asked for: what comes before, the genesis, is not a rate.
class TimedArchive final : public audit::BlockSource {
 public:
  struct Moment {
    u64 ns = 0;
    std::clock_t processor = 0;  // of all threads: tells the cost where other programs share the cores
  };

  TimedArchive(const std::string& path, const Clock& clock) : clock_(clock) {
    auto opened = audit::open_archive(path);
    MOOT_CHECK(opened.has_value(), "the archive opens");
    archive_ = std::move(*opened);
  }
  [[nodiscard]] Moment now() const { return {clock_.steady_ns(), std::clock()}; }
  // To be read when the replay has ended.
  [[nodiscard]] const Moment& first_block() const { return first_; }

  [[nodiscard]] std::string name() const override { return archive_->name(); }
  Result<Bytes> genesis() override { return archive_->genesis(); }
  Result<std::optional<audit::RawBlock>> next() override {
    if (first_.ns == 0) first_ = now();
    return archive_->next();
  }
  [[nodiscard]] Height last_height() const override { return archive_->last_height(); }
  [[nodiscard]] std::optional<audit::Footer> footer() const override { return archive_->footer(); }
  void cancel() override { archive_->cancel(); }

 private:
  const Clock& clock_;
  std::unique_ptr<audit::BlockSource> archive_;
  Moment first_;
};

struct Replayed {
  audit::Report report;
  Seconds blocks = 0;     // from the first block asked for to the last one found good
  Seconds processor = 0;  // meanwhile
  Seconds apart = 0;      // genesis before, full sums after
};

Replayed replay_file(const std::string& path, const audit::ReplayOptions& options) {
  const SystemClock clock;
  TimedArchive archive(path, clock);
  TimedArchive::Moment last;
  Replayed out;
  out.report = audit::replay(archive, options, clock, [&](const auto&) { last = archive.now(); });
  MOOT_CHECK(out.report.good(), "the archive is verified");
  const TimedArchive::Moment& first = archive.first_block();
  out.blocks = static_cast<double>(last.ns - first.ns) / 1e9;
  out.processor = static_cast<double>(last.processor - first.processor) / CLOCKS_PER_SEC;
  out.apart = static_cast<double>(out.report.duration_ns) / 1e9 - out.blocks;
  return out;
}

// Two replays of one archive, and what the machine could do meanwhile.
struct Replays {
  Replayed with;
  Replayed without;  // signatures
  Limits limits;
};

Replays replay_twice(const Scribe& scribe) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("moot-goals-" + std::to_string(::getpid()) + ".archive"))
          .string();
  test::ChronicleSource blocks(scribe.chronicle());
  MOOT_CHECK(audit::export_archive(blocks, path).has_value(), "the archive is written");
  const Limits before = measure_limits();
  Replays out{.with = replay_file(path, {}), .without = {}, .limits = {}};
  out.limits = mean(before, measure_limits());
  out.without = replay_file(path, {.signatures = false});
  std::filesystem::remove(path);
  for (const Replayed* one : {&out.with, &out.without}) {
    MOOT_CHECK(one->report.findings.state_root == scribe.root(),
               "a replay comes to the ledger's own state root");
    MOOT_CHECK(one->report.findings.transactions == scribe.transactions(), "it saw every transaction");
  }
  MOOT_CHECK(out.with.report.findings.signatures == scribe.transactions(), "it verified every signature");
  return out;
}

}  // namespace

void replay_goals(Table& table, u64 members) {
  progress("the auditor's replay, " + std::to_string(members) + " members");
  Scribe scribe(std::min(members, kBallots), members);
  scribe.play();
  const auto [with, without, limits] = replay_twice(scribe);
  const double count = static_cast<double>(scribe.transactions());
  const double verified = count / with.blocks;
  const double executed = count / without.blocks;
  table.add(
      {.goal = "G3",
       .what = "replay with signatures, a second, of C x V1",
       .members = members,
       .value = verified / (limits.verify * limits.cores),
       .unit = "x C*V1",
       .floor = 0.80,
       .target = 0.90,
       .limit = text("%.0f/s; of C x recovery at once %.2f, of C x the library's %.2f; "
                     "%.1f us of processor each; genesis and sums %.2f s apart",
                     verified, verified / (limits.recover * limits.cores),
                     verified / (limits.library * limits.cores), with.processor / count * 1e6, with.apart),
       .clock = true,
       .work = std::nullopt});
  table.add({.goal = "G4",
             .what = "an archive without signatures, over V1",
             .members = members,
             .value = executed / limits.verify,
             .unit = "x V1",
             .floor = 5,
             .target = 10,
             .limit = text("%.0f/s, %.1f us of processor each, V1 %.0f/s", executed,
                           without.processor / count * 1e6, limits.verify),
             .clock = true,
             .work = std::nullopt});
}

}  // namespace moot::bench
