#include "tests/support/counters/exact_counts.hpp"

#include <fmt/format.h>

#include <future>
#include <thread>

#include "crypto/ecdsa.hpp"
#include "ledger/payout_preview.hpp"
#include "ledger/state_records.hpp"
#include "node/engine/engine.hpp"
#include "tests/support/counters/counting.hpp"
#include "tests/support/counters/due_sale.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {
namespace {

constexpr unsigned kVoters = 1'024;

// Bounds for ballots of 32 neighbouring members a chunk. Above what is counted today by little, so that a copy, a hash or an
// allocation more for every ballot is noticed; below them is always good.
constexpr double kMostPuts = 1.05;
constexpr double kMostLogBytes = 186;
constexpr double kMostCompressions = 9.2;
constexpr double kMostAllocations = 9;

// A node in this process. All that is counted goes in with one submission, so that all of it comes to stand in one block.
class CountedNode {
 public:
  explicit CountedNode(const std::filesystem::path& directory) {
    genesis_.created = clock_.now_ms();
    genesis_.roles[ledger::Role::guardian].holders[0].expires = TimeMs{genesis_.created.raw() + 300 * kDay};
    for (ledger::Policy& policy : genesis_.rules.policies)
      policy.min_open = policy.period;  // no early result
    node::EngineOptions options;
    options.data_directory = (directory / "data").string();
    options.safety_log_path = (directory / "safety.log").string();
    options.genesis = genesis_;
    options.validator_key = test_key("v0");
    options.verify_threads = 2;
    node::StartReport report;
    auto opened = node::Engine::open(std::move(options), clock_, log_, report);
    MOOT_CHECK(opened.has_value(), "the node opens");
    engine = std::move(*opened);
    engine->start();
  }

  [[nodiscard]] Bytes sign(std::string_view label, ledger::Payload payload, u64 nonce = 1) const {
    ledger::Transaction tx{.payload = std::move(payload), .signer = test_address(label), .nonce = nonce};
    const TxId id = ledger::transaction_id(engine->identity().signing, tx);
    tx.signature = crypto::sign(test_key(label), id.as<Hash>()).bytes;
    return ledger::encode_transaction(tx);
  }
  // Every answer must be that it was accepted; then waits for `done`.
  void submit(std::vector<Bytes> envelopes, const std::function<bool(const ledger::State&)>& done) const {
    std::promise<bool> promise;
    engine->submit(std::move(envelopes), [&promise](std::vector<node::SubmitResult> results) {
      promise.set_value(std::ranges::all_of(
          results, [](const auto& one) { return one.outcome == node::SubmitOutcome::accepted; }));
    });
    MOOT_CHECK(promise.get_future().get(), "everything is accepted");
    while (!done(engine->snapshot()->state)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // Opens proposal `id` and signs a ballot of every member on it.
  [[nodiscard]] std::vector<Bytes> ballots_on_proposal(u64 id) const {
    const std::string title = "Sell the listening data set";
    submit(
        {sign("m" + std::to_string(id),
              ledger::Propose{
                  .title = title, .body = {"Shall we?"}, .kind = ledger::ProposalKind::text, .actions = {}})},
        [id](const ledger::State& state) {
          return state.proposals.size() == id + 1 &&
                 state.proposals[id].state == ledger::ProposalState::active;
        });
    const Hash hash = engine->snapshot()->state.proposals[id].hash;
    std::vector<Bytes> out;
    for (unsigned i = 0; i < kVoters; ++i)
      out.push_back(sign("m" + std::to_string(i), ledger::Vote{.proposal = ProposalId{id},
                                                               .proposal_hash = hash,
                                                               .title = title,
                                                               .choice = ledger::Choice::in_favour,
                                                               .reason = ""}));
    return out;
  }

  std::unique_ptr<node::Engine> engine;

 private:
  SystemClock clock_;
  Logger log_{LogLevel::error, &clock_, Logger::stderr_sink()};
  ledger::Genesis genesis_ = test_genesis({.members = kVoters});
};

ExactCount exactly(std::string what, double value, double wanted, std::string beside) {
  return {
      .what = std::move(what), .value = value, .least = wanted, .most = wanted, .beside = std::move(beside)};
}
ExactCount at_most(std::string what, double value, double most, std::string beside) {
  return {.what = std::move(what), .value = value, .least = 0, .most = most, .beside = std::move(beside)};
}

// Ballots of members who have voted before, from submit() to final: the hot path.
void count_ballots(const std::filesystem::path& directory, std::vector<ExactCount>& out) {
  const CountedNode node(directory);
  const auto cast = [](u64 wanted) {
    return [wanted](const ledger::State& state) { return state.counters->ballots == wanted; };
  };
  node.submit(node.ballots_on_proposal(0), cast(kVoters));
  std::vector<Bytes> ballots = node.ballots_on_proposal(1);

  const node::StorageStats stored_before = node.engine->storage_stats();
  const u64 height_before = node.engine->snapshot()->block.height.raw();
  const Work before = work_so_far();
  node.submit(std::move(ballots), cast(2 * kVoters));
  const Work work = work_so_far() - before;
  const node::StorageStats stored = node.engine->storage_stats();
  const auto at = node.engine->snapshot();
  MOOT_CHECK(at->state.proposals[1].tally.cast().raw() == kVoters, "every ballot is counted once");
  const u64 blocks = at->block.height.raw() - height_before;
  MOOT_CHECK(blocks == 1, "one submission of ballots is one block");

  const auto each = [](u64 total) { return static_cast<double>(total) / kVoters; };
  const std::string how = std::to_string(kVoters) + " ballots in a block";
  out.push_back(at_most("verifications a ballot", each(work.verifications), 1.02,
                        "keys recovered, one by one or at once"));
  out.push_back(exactly("synced writes a block", static_cast<double>(stored.syncs - stored_before.syncs), 1,
                        "RocksDB's own count"));
  out.push_back(at_most("keys written a ballot", each(stored.puts - stored_before.puts), kMostPuts, how));
  out.push_back(at_most("bytes of synced writes a ballot", each(stored.log_bytes - stored_before.log_bytes),
                        kMostLogBytes, how));
  out.push_back(at_most("SHA-256 compressions a ballot", each(work.compressions), kMostCompressions,
                        "before the kernel, roots included"));
  out.push_back(at_most("heap allocations a ballot", each(work.allocations), kMostAllocations,
                        "operator new in every library, submit to final"));
}

// Rows that a block writes beyond an empty one, of all tables and of the sales.
struct PayoutRows {
  u64 all = 0;
  u64 sales = 0;
};
PayoutRows payout_rows(unsigned members) {
  const ledger::State due =
      with_due_sale(ledger::initial_block(test_genesis({.members = members})).state, 1'000'000);
  const TimeMs time{due.time().raw() + 2};
  ledger::PreparedPayouts prepared;
  prepared.by_sale.emplace(0, ledger::payout_for(due, SaleId{0}));
  ledger::BlockExecution paying(due, time, &prepared);
  const ledger::BlockResult paid = paying.finish();
  MOOT_CHECK(paid.breaches.empty() && paid.state.sales[0].state == ledger::SaleState::paid_out,
             "it pays out");
  ledger::BlockExecution idle(paid.state, TimeMs{time.raw() + 1});
  const ledger::BlockResult nothing = idle.finish();
  PayoutRows out;
  for (const ledger::StateRow& row : ledger::changed_rows(due, paid)) {
    ++out.all;
    out.sales += row.table == ledger::StateTable::sales;
  }
  out.all -= ledger::changed_rows(paid.state, nothing).size();
  return out;
}

void count_payouts(std::vector<ExactCount>& out) {
  const PayoutRows few = payout_rows(5);
  const PayoutRows many = payout_rows(2'000);
  out.push_back(
      exactly("records of sales a payout writes", static_cast<double>(many.sales), 1, "2,000 members"));
  out.push_back(exactly("further records, the more for more members", static_cast<double>(many.all - few.all),
                        0,
                        fmt::format("{} rows beyond an empty block's, of 5 members and of 2,000", many.all)));
}

// Siblings from a member's leaf to the root of the members, whatever their number.
void count_proofs(std::vector<ExactCount>& out) {
  const auto length = [](unsigned members) {
    ledger::State state = ledger::initial_block(test_genesis({.members = members})).state;
    return state.members.prove(members / 2).siblings.size();
  };
  const std::size_t few = length(5);
  out.push_back(exactly("a membership proof's siblings", static_cast<double>(length(2'000)),
                        static_cast<double>(few), "2,000 members, as of 5"));
}

}  // namespace

std::vector<ExactCount> exact_counts(const std::filesystem::path& scratch) {
  std::vector<ExactCount> out;
  count_kernels();
  const std::filesystem::path directory = scratch / "exact-counts";
  std::filesystem::create_directories(directory);
  count_ballots(directory, out);
  std::filesystem::remove_all(directory);
  count_payouts(out);
  count_proofs(out);
  return out;
}

}  // namespace moot::test
