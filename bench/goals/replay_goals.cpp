// The auditor's replay of an archive: G3 with every signature, G4 without.
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "audit/replay.hpp"
#include "bench/goals/goals.hpp"
#include "crypto/ecdsa.hpp"
#include "tests/support/chronicle.hpp"

namespace moot::bench {
namespace {

constexpr u64 kMaxVoters = 20'000;
constexpr u64 kVotes = 4;  // proposals, each with a ballot of every voter
constexpr std::size_t kBlockBallots = 5'000;

crypto::SecretKey voter_key(u64 voter) { return test::test_key("voter " + std::to_string(voter)); }

ledger::Genesis history_genesis(u64 voters, u64 members) {
  ledger::Genesis genesis = test::test_genesis({.members = 0});
  for (ledger::Policy& policy : genesis.rules.policies) policy.min_open = policy.period;  // no early result
  for (u64 i = 0; i < members; ++i)
    genesis.members.push_back({.address = i < voters ? crypto::address_of(voter_key(i)) : member_address(i),
                               .holdings = {{ClassId{0}, Units{1 + i % 1'000}}},
                               .consent_hash = {}});
  return genesis;
}

// A ledger that lives while its blocks are written down.
class Scribe {
 public:
  Scribe(u64 voters, u64 members)
      : voters_(voters),
        genesis_(history_genesis(voters, members)),
        chronicle_(genesis_),
        signing_(ledger::signing_context(genesis_.organisation, ledger::ledger_id(genesis_))),
        state_(ledger::initial_block(genesis_).state) {}

  void play() {
    for (u64 vote = 0; vote < kVotes; ++vote) {
      const ProposalId id{vote};
      block({signed_by(vote,
                       ledger::Propose{.title = "Sell the data set",
                                       .body = {"As the terms say."},
                                       .kind = ledger::ProposalKind::text,
                                       .actions = {}},
                       1)});
      block({});
      std::vector<Bytes> ballots = cast(id);
      for (std::size_t at = 0; at < ballots.size(); at += kBlockBallots) {
        const std::size_t end = std::min(ballots.size(), at + kBlockBallots);
        block({std::make_move_iterator(ballots.begin() + static_cast<std::ptrdiff_t>(at)),
               std::make_move_iterator(ballots.begin() + static_cast<std::ptrdiff_t>(end))});
      }
      block({}, test::kHour);
    }
  }
  [[nodiscard]] const test::Chronicle& chronicle() const { return chronicle_; }
  [[nodiscard]] u64 transactions() const { return state_.counters->transactions; }
  [[nodiscard]] const StateRoot& root() const { return root_; }

 private:
  [[nodiscard]] Bytes signed_by(u64 voter, ledger::Payload payload, u64 nonce) const {
    const crypto::SecretKey key = voter_key(voter);
    ledger::Transaction tx{.payload = std::move(payload), .signer = crypto::address_of(key), .nonce = nonce};
    tx.signature = crypto::sign(key, ledger::transaction_id(signing_, tx).as<Hash>()).bytes;
    return ledger::encode_transaction(tx);
  }
  // Signs on every core, before the clock starts.
  std::vector<Bytes> cast(ProposalId id) {
    const ledger::Proposal& proposal = state_.proposals[id.value];
    std::vector<Bytes> out(voters_);
    pool_.parallel_for(voters_, 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        out[i] = signed_by(
            i,
            ledger::Vote{.proposal = id,
                         .proposal_hash = proposal.hash,
                         .title = proposal.title,
                         .choice = i % 200 == 0 ? ledger::Choice::against : ledger::Choice::in_favour,
                         .reason = ""},
            1);
    });
    return out;
  }
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

  u64 voters_;
  ledger::Genesis genesis_;
  test::Chronicle chronicle_;
  ledger::SigningContext signing_;
  ledger::State state_;
  StateRoot root_;
  crypto::VerifyPool pool_;
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

void replay_goals(Table& table, const Limits& limits, u64 members) {
  const std::string scale = ", " + std::to_string(members) + " members";
  Scribe scribe(std::min(members, kMaxVoters), members);
  scribe.play();
  const std::string path =
      (std::filesystem::temp_directory_path() / ("moot_goals_" + std::to_string(members) + ".archive"))
          .string();
  test::ChronicleSource blocks(scribe.chronicle());
  MOOT_CHECK(audit::export_archive(blocks, path).has_value(), "the archive is written");

  // What a replay costs before its first block, and at its end: genesis, full sums. Not a rate, so left out of the rates.
  const auto seconds = [](const audit::Report& report) {
    return static_cast<double>(report.duration_ns) / 1e9;
  };
  const Seconds fixed = seconds(replay_file(path, {.stop_at = Height{0}}));
  // Processor time of all threads tells the cost where other programs share the cores.
  const std::clock_t before = std::clock();
  const audit::Report with = replay_file(path, {});
  const std::clock_t between = std::clock();
  const audit::Report without = replay_file(path, {.signatures = false});
  const std::clock_t after = std::clock();
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
  char beside[192];
  std::snprintf(beside, sizeof beside,
                "%.0f/s on %u cores, %.1f us of processor each; genesis and sums %.2f s apart; recovery "
                "alone allows %.2f",
                verified, limits.cores, cpu_us(between - before), fixed, limits.recover / limits.verify);
  table.add({.goal = "G3",
             .what = "replay with signatures over C*V1" + scale,
             .value = verified / (limits.verify * limits.cores),
             .unit = "x C*V1",
             .better = Better::higher,
             .floor = 0.80,
             .target = 0.90,
             .limit = beside});
  std::snprintf(beside, sizeof beside, "%.0f/s, %.1f us of processor each, V1 %.0f/s", executed,
                cpu_us(after - between), limits.verify);
  table.add({.goal = "G4",
             .what = "replay of an archive without signatures over V1" + scale,
             .value = executed / limits.verify,
             .unit = "x V1",
             .better = Better::higher,
             .floor = 5,
             .target = 10,
             .limit = beside});
}

}  // namespace moot::bench
