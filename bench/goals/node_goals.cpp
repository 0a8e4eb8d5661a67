// A whole node on a real disk: G1's part behind the API, G11, G13, G14 and the exact counters.
#include <cstdio>
#include <filesystem>
#include <future>
#include <thread>

#include "bench/goals/goals.hpp"
#include "crypto/ecdsa.hpp"
#include "node/engine/engine.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::bench {
namespace {

constexpr std::size_t kBatch = 200;
constexpr u64 kMaxVoters = 20'000;

struct Signed {
  std::vector<Bytes> envelopes;
  u64 field_bytes = 0;  // 65 bytes of signature and the fields that were signed
};

crypto::SecretKey voter_key(u64 voter) { return test::test_key("voter " + std::to_string(voter)); }

// Signs on every core, before the clock starts.
Signed signed_ballots(const ledger::SigningContext& signing, const ledger::Proposal& proposal, ProposalId id,
                      u64 voters) {
  Signed out;
  out.envelopes.resize(voters);
  crypto::VerifyPool pool;
  pool.parallel_for(voters, 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const crypto::SecretKey key = voter_key(i);
      const auto choice = i % 200 == 0 ? ledger::Choice::against : ledger::Choice::in_favour;
      ledger::Transaction tx{.payload = ledger::Vote{.proposal = id,
                                                     .proposal_hash = proposal.hash,
                                                     .title = proposal.title,
                                                     .choice = choice,
                                                     .reason = ""},
                             .signer = crypto::address_of(key),
                             .nonce = 1};
      tx.signature = crypto::sign(key, ledger::transaction_id(signing, tx).as<Hash>()).bytes;
      out.envelopes[i] = ledger::encode_transaction(tx);
    }
  });
  // signature, proposal id, its hash, title, choice, reason's length, voter, nonce, valid until
  out.field_bytes = 65 + 8 + 32 + proposal.title.size() + 1 + 4 + 20 + 8 + 8;
  return out;
}

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

ledger::Genesis voters_genesis(u64 voters, u64 members, TimeMs created) {
  ledger::Genesis genesis = test::test_genesis({.members = 0});
  genesis.created = created;
  for (ledger::Policy& policy : genesis.rules.policies) policy.min_open = policy.period;  // no early result
  genesis.roles[ledger::Role::guardian].holders[0].expires = TimeMs{created.raw() + 300 * test::kDay};
  for (u64 i = 0; i < members; ++i)
    genesis.members.push_back({.address = i < voters ? crypto::address_of(voter_key(i)) : member_address(i),
                               .holdings = {{ClassId{0}, Units{1 + i % 1'000}}},
                               .consent_hash = {}});
  return genesis;
}

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

ProposalId open_proposal(node::Engine& engine) {
  const crypto::SecretKey key = voter_key(0);
  ledger::Transaction tx{.payload = ledger::Propose{.title = "Sell the listening data set",
                                                    .body = {"Shall we?"},
                                                    .kind = ledger::ProposalKind::text,
                                                    .actions = {}},
                         .signer = crypto::address_of(key),
                         .nonce = 1};
  tx.signature = crypto::sign(key, ledger::transaction_id(engine.identity().signing, tx).as<Hash>()).bytes;
  std::promise<node::SubmitResult> sent;
  engine.submit({ledger::encode_transaction(tx)},
                [&](std::vector<node::SubmitResult> results) { sent.set_value(results.front()); });
  MOOT_CHECK(sent.get_future().get().outcome == node::SubmitOutcome::accepted, "the proposal is accepted");
  for (;;) {
    const auto at = engine.snapshot();
    if (at->state.proposals.size() == 1 && at->state.proposals[0].state == ledger::ProposalState::active)
      return ProposalId{0};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

void node_goals(Table& table, const Limits& limits, u64 members) {
  const std::string scale = ", " + std::to_string(members) + " members";
  const u64 voters = std::min(members, kMaxVoters);
  Node node;
  node.directory = std::filesystem::temp_directory_path() / ("moot-goals-" + std::to_string(getpid()));
  std::filesystem::create_directories(node.directory);
  node.genesis = voters_genesis(voters, members, node.clock.now_ms());
  node.open();

  const ProposalId proposal = open_proposal(*node.engine);
  const Signed ballots = signed_ballots(node.engine->identity().signing,
                                        node.engine->snapshot()->state.proposals[0], proposal, voters);
  const auto before = node.engine->storage_stats();
  const u64 height_before = node.engine->snapshot()->block.height.raw();
  const Seconds voting = timed([&] { submit_and_wait(*node.engine, ballots.envelopes, voters); });
  const auto after = node.engine->storage_stats();
  const auto final_state = node.engine->snapshot();
  const u64 blocks = final_state->block.height.raw() - height_before;
  MOOT_CHECK(final_state->state.proposals[0].tally.cast().raw() == voters, "every ballot is counted");
  const double per_second = static_cast<double>(voters) / voting;
  table.add({.goal = "G1-",
             .what = "finalised ballots/s into the engine, of C x V1" + scale,
             .value = per_second / (limits.cores * limits.verify),
             .unit = "x",
             .better = Better::higher,
             .floor = 0.5,
             .target = 0.75,
             .limit = std::to_string(static_cast<u64>(per_second)) + " ballots/s; of C x recovery: " +
                      std::to_string(per_second / (limits.cores * limits.recover))});
  const double count = static_cast<double>(voters);
  table.add({.goal = "G13",
             .what = "ledger bytes a ballot, of signature and fields" + scale,
             .value = static_cast<double>(after.log_bytes - before.log_bytes) / count /
                      static_cast<double>(ballots.field_bytes),
             .unit = "x",
             .better = Better::lower,
             .floor = 1.6,
             .target = 1.3,
             .limit = std::to_string(static_cast<double>(after.log_bytes - before.log_bytes) / count) +
                      " B synced"});
  table.add({.goal = "cnt",
             .what = "synced writes a block" + scale,
             .value = static_cast<double>(after.syncs - before.syncs) / static_cast<double>(blocks),
             .unit = "x",
             .better = Better::lower,
             .floor = 1,
             .target = 1,
             .limit = std::to_string(blocks) + " blocks"});
  table.add({.goal = "cnt",
             .what = "keys written a ballot" + scale,
             .value = static_cast<double>(after.puts - before.puts) / count,
             .unit = "puts",
             .better = Better::lower,
             .floor = 3,
             .target = 2,
             .limit = "transaction index and records"});

  const StateRoot root = final_state->block.state_root;
  node.engine.reset();
  const Seconds restart = timed([&] { node.open(); });
  MOOT_CHECK(node.engine->snapshot()->block.state_root == root, "a restart gives the same root");
  const double millions = static_cast<double>(members) / 1e6;
  table.add({.goal = "G11",
             .what = "cold restart" + scale,
             .value = restart,
             .unit = "s",
             .better = Better::lower,
             .floor = std::max(1.0, 5 * millions),
             .target = std::max(0.5, 2 * millions),
             .limit = "open, load, verify"});
  node.engine.reset();
  std::filesystem::remove_all(node.directory);
}

}  // namespace moot::bench
