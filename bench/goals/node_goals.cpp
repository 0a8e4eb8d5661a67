// A whole node on a real disk, inside this process: G1's part behind the API, G11 and G13.
#include <filesystem>
#include <future>
#include <thread>

#include "bench/goals/voters.hpp"
#include "node/engine/engine.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::bench {
namespace {

constexpr std::size_t kBatch = 200;
constexpr u64 kMaxVoters = 20'000;

struct Node {
  std::filesystem::path directory;
  ledger::Genesis genesis;
  SystemClock clock;
  Logger log{LogLevel::error, &clock, Logger::stderr_sink()};
  std::unique_ptr<node::Engine> engine;

  void open() {
    node::EngineOptions options;
    options.data_directory = (directory / "data").string();
    options.safety_log_path = (directory / "safety.log").string();
    options.genesis = genesis;
    options.validator_key = test::test_key("v0");
    node::StartReport report;
    auto opened = node::Engine::open(std::move(options), clock, log, report);
    MOOT_CHECK(opened.has_value(), "the benchmark's node opens");
    engine = std::move(*opened);
    engine->start();
  }
};

void submit_and_wait(node::Engine& engine, const std::vector<Bytes>& envelopes, u64 expected) {
  std::atomic<u64> refused{0};
  for (std::size_t from = 0; from < envelopes.size(); from += kBatch) {
    const auto to = std::min(from + kBatch, envelopes.size());
    const std::vector<Bytes> batch(envelopes.begin() + static_cast<std::ptrdiff_t>(from),
                                   envelopes.begin() + static_cast<std::ptrdiff_t>(to));
    engine.submit(batch, [&](std::vector<node::SubmitResult> results) {
      for (const auto& result : results) refused += result.outcome != node::SubmitOutcome::accepted;
    });
  }
  while (engine.snapshot()->state.counters->ballots < expected) {
    MOOT_CHECK(refused == 0, "every ballot is accepted");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

ProposalId open_proposal(node::Engine& engine, const Voters& voters) {
  std::promise<node::SubmitResult> sent;
  engine.submit({voters.sign(engine.identity().signing, 0, Voters::proposal())},
                [&](std::vector<node::SubmitResult> results) { sent.set_value(results.front()); });
  MOOT_CHECK(sent.get_future().get().outcome == node::SubmitOutcome::accepted, "the proposal is accepted");
  for (;;) {
    const auto at = engine.snapshot();
    if (at->state.proposals.size() == 1 && at->state.proposals[0].state == ledger::ProposalState::active)
      return ProposalId{0};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Ballots into the engine, without gRPC.
void voting_goals(Table& table, Node& node, const Voters& voters, u64 members) {
  const ProposalId proposal = open_proposal(*node.engine, voters);
  const auto ballots = voters.ballots(node.engine->identity().signing, proposal,
                                      node.engine->snapshot()->state.proposals[0].hash);
  const auto before = node.engine->storage_stats();
  const Limits limits_before = measure_limits();
  const Seconds voting = timed([&] { submit_and_wait(*node.engine, ballots, voters.count()); });
  const Limits limits = mean(limits_before, measure_limits());
  const auto after = node.engine->storage_stats();
  const auto final_state = node.engine->snapshot();
  const ledger::Tally& tally = final_state->state.proposals[0].tally;
  MOOT_CHECK(tally.cast().raw() == voters.count(), "every ballot is counted");
  MOOT_CHECK(tally[ledger::Choice::against].raw() == voters.against(), "and as it was cast");
  const double count = static_cast<double>(voters.count());
  const double rate = count / voting;
  table.add({.goal = "G1-",
             .what = "ballots final, the engine without gRPC, of C x V1",
             .members = members,
             .value = rate / (limits.cores * limits.verify),
             .unit = "x C*V1",
             .floor = 0.5,
             .target = 0.75,
             .limit = text("%.0f/s; of C x recovery %.2f", rate, rate / (limits.cores * limits.recover)),
             .clock = true,
             .work = std::nullopt});
  const double bytes = static_cast<double>(after.log_bytes - before.log_bytes) / count;
  table.add(
      {.goal = "G13",
       .what = "ledger bytes a ballot, of signature and fields",
       .members = members,
       .value = bytes / static_cast<double>(ballot_field_bytes()),
       .unit = "x",
       .better = Better::lower,
       .floor = 1.6,
       .target = 1.3,
       .limit = text("%.1f B of synced writes of %.0f B", bytes, static_cast<double>(ballot_field_bytes())),
       .work = std::nullopt});
}

}  // namespace

void node_goals(Table& table, u64 members) {
  progress("an engine without gRPC, " + std::to_string(members) + " members");
  const Voters voters(std::min(members, kMaxVoters), members);
  Node node;
  node.directory = std::filesystem::temp_directory_path() / ("moot-goals-" + std::to_string(getpid()));
  std::filesystem::create_directories(node.directory);
  node.genesis = voters.genesis(node.clock.now_ms());
  node.open();
  voting_goals(table, node, voters, members);

  const StateRoot root = node.engine->snapshot()->block.state_root;
  node.engine.reset();
  const Seconds restart = timed([&] { node.open(); });
  MOOT_CHECK(node.engine->snapshot()->block.state_root == root, "a restart gives the same root");
  table.add({.goal = "G11",
             .what = "cold restart of the engine",
             .members = members,
             .value = restart,
             .unit = "s",
             .better = Better::lower,
             .floor = restart_floor(members),
             .target = restart_target(members),
             .limit = "records, trees, root, chain; the genesis is read already",
             .clock = true,
             .work = restart});
  node.engine.reset();
  std::filesystem::remove_all(node.directory);
}

}  // namespace moot::bench
