#include "audit/replay.hpp"

#include <fmt/format.h>

#include "audit/pipeline.hpp"
#include "audit/recompute.hpp"
#include "audit/recount.hpp"
#include "ledger/initial_state.hpp"

namespace moot::audit {
namespace {

using ledger::BlockResult;
using ledger::State;
using Outcome = std::optional<Problem>;

Problem problem_at(Height height, Check check, std::string what) {
  return {.height = height, .transaction = std::nullopt, .check = check, .what = std::move(what)};
}

std::string hex(const auto& digest) { return to_hex(digest.view()); }

// Of what should have come after `last`, the last good block.
Problem problem_of(const SourceError& error, Height last) {
  if (error.in_footer) return problem_at(last, Check::footer, error.what);
  return problem_at(Height{last.raw() + 1},
                    error.kind == SourceFault::damaged ? Check::damage : Check::source, error.what);
}

// Of a damaged block that can still be read. The damage is what is wrong; what the bytes come to tells where in the block.
Problem problem_of(const SourceError& error, Height last, const Outcome& judged) {
  Problem out = problem_of(error, last);
  if (!judged) {
    out.what += "; the block in it is in order all the same";
    return out;
  }
  out.transaction = judged->transaction;
  out.what += judged->transaction ? fmt::format("; transaction {} in it is bad: ", *judged->transaction)
                                  : std::string("; the block in it is bad: ");
  out.what += fmt::format("{}: {}", word(judged->check), judged->what);
  return out;
}

Outcome check_laws(Height height, std::span<const ledger::LawBreach> breaches) {
  if (breaches.empty()) return std::nullopt;
  return problem_at(height, Check::law, fmt::format("{}: {}", breaches.front().law, breaches.front().what));
}

// The genesis that the source gives, checked, of the ledger that is expected.
std::expected<ledger::Genesis, Problem> read_genesis(BlockSource& source, const ReplayOptions& options) {
  const auto fail = [](Check check, std::string what) {
    return std::unexpected(problem_at(Height{0}, check, std::move(what)));
  };
  const auto bytes = source.genesis();
  if (!bytes)
    return fail(bytes.error().kind == SourceFault::damaged ? Check::damage : Check::source,
                bytes.error().what);
  auto genesis = decoded<ledger::Genesis>(*bytes);
  if (!genesis) return fail(Check::genesis, "the genesis is not canonical");
  const LedgerId id = ledger::ledger_id(*genesis);
  if (options.expected_ledger && *options.expected_ledger != id)
    return fail(Check::ledger, fmt::format("{} is of ledger {}, not {}", source.name(), hex(id),
                                           hex(*options.expected_ledger)));
  if (const auto good = ledger::check_genesis(*genesis); !good) return fail(Check::genesis, good.error());
  return std::move(*genesis);
}

// The ledger being replayed: its state, and what was found so far.
class Replayer {
 public:
  Replayer(const ledger::Genesis& genesis, Findings& findings);

  // Executes the next block, or says what is wrong with it; then nothing has changed.
  Outcome run(const PreparedBlock& block);
  // What is wrong with the next block, which is not taken either way. Nothing comes after it.
  Outcome judge(const PreparedBlock& block);
  // After the last block. `footer` where the source said what it ends with.
  Outcome finish(const std::optional<Footer>& footer);
  // However it ended: the findings as of the last good block.
  void sum_up();

 private:
  std::expected<BlockResult, Problem> perform(const PreparedBlock& block);
  Outcome execute(const PreparedBlock& block, ledger::BlockExecution& execution);
  Outcome check_votes(const BlockResult& result);
  Outcome check_payouts(const BlockResult& result);
  Outcome check_sums(const State& state);
  Outcome count_open_votes();
  Outcome check_footer(const Footer& footer) const;
  void record(const PreparedBlock& block, BlockResult result);

  State state_;
  BlockHash tip_;
  BallotBook book_;
  Findings& findings_;
};

Replayer::Replayer(const ledger::Genesis& genesis, Findings& findings) : findings_(findings) {
  ledger::InitialBlock initial = ledger::initial_block(genesis);
  state_ = std::move(initial.state);
  findings_.ledger = state_.chain->ledger_id;
  findings_.organisation = state_.chain->organisation;
  findings_.time = state_.time();
  findings_.state_root = initial.roots.state_root;
  tip_ = consensus::genesis_hash(findings_.ledger);
}

Outcome Replayer::execute(const PreparedBlock& block, ledger::BlockExecution& execution) {
  std::vector<const ledger::VerifiedTransaction*> coming;
  coming.reserve(block.transactions.size());
  for (const PreparedTransaction& one : block.transactions) coming.push_back(&one.tx);
  execution.expect(std::move(coming));
  for (std::size_t i = 0; i < block.transactions.size(); ++i) {
    const PreparedTransaction& one = block.transactions[i];
    const auto fail = [&](Check check, std::string what) {
      return Problem{.height = block.height, .transaction = i, .check = check, .what = std::move(what)};
    };
    if (one.bad) return fail(one.bad->check, one.bad->what);
    const auto receipt = execution.add(one.tx);
    if (!receipt)
      return fail(Check::includable,
                  fmt::format("the ledger refuses it here: {}", ledger::reason(receipt.error().code)));
    const ledger::Transaction& tx = one.tx.tx;
    if (!ledger::is_ballot(tx.kind())) continue;
    const auto& vote = std::get<ledger::Vote>(tx.payload);
    const auto voter = execution.state().member_of(tx.signer);
    if (!voter) return fail(Check::tally, "a ballot of no member was taken");
    book_.add(vote.proposal, *voter,
              {.choice = vote.choice, .nonce = static_cast<u16>(tx.nonce), .height = block.height.raw()});
  }
  return std::nullopt;
}

Outcome compare_roots(const consensus::Header& header, const ledger::BlockRoots& roots) {
  const auto differ = [&](Check check, const auto& claimed, const auto& found) -> Outcome {
    if (claimed.bytes == found.bytes) return std::nullopt;
    return problem_at(header.height, check,
                      fmt::format("the header says {}, the blocks give {}", hex(claimed), hex(found)));
  };
  if (auto wrong = differ(Check::tx_root, header.tx_root, roots.tx_root)) return wrong;
  if (auto wrong = differ(Check::faults_root, header.evidence_root, roots.faults_root)) return wrong;
  if (auto wrong = differ(Check::receipts_root, header.receipts_root, roots.receipts_root)) return wrong;
  return differ(Check::state_root, header.state_root, roots.state_root);
}

// Votes that this block closed, from their ballots.
Outcome Replayer::check_votes(const BlockResult& result) {
  for (const auto& [id, box] : result.sealed) {
    const ProposalId proposal{id};
    auto found = recount({.state = result.state, .proposal = proposal, .box = box, .closed = true},
                         book_.of(proposal));
    if (!found) return problem_at(result.roots.height, Check::tally, found.error());
    findings_.proposals.push_back(std::move(*found));
    book_.drop(proposal);
  }
  return std::nullopt;
}

Outcome Replayer::check_payouts(const BlockResult& result) {
  bool any = false;
  for (const u64 id : result.changes.sales) {
    const ledger::Sale& sale = result.state.sales[id];
    if (sale.state != ledger::SaleState::paid_out || sale.paid_out != result.roots.height) continue;
    auto found = recompute_payout(result.state, SaleId{id});
    if (!found) return problem_at(result.roots.height, Check::payout, found.error());
    findings_.payouts.push_back(std::move(*found));
    any = true;
  }
  return any ? check_sums(result.state) : std::nullopt;
}

Outcome Replayer::check_sums(const State& state) {
  auto assets = sum_assets(state);
  if (!assets) return problem_at(state.height(), Check::sums, assets.error());
  findings_.assets = std::move(*assets);
  const auto breaches = ledger::check_full_sums(state);
  if (breaches.empty()) return std::nullopt;
  return problem_at(state.height(), Check::sums,
                    fmt::format("{}: {}", breaches.front().law, breaches.front().what));
}

std::expected<BlockResult, Problem> Replayer::perform(const PreparedBlock& block) {
  if (block.problem) return std::unexpected(*block.problem);
  ledger::BlockExecution execution(state_, block.header.time);
  // First, for where due work ended early everything after it differs (rule 2.4).
  if (auto wrong = check_laws(block.height, execution.breaches())) return std::unexpected(*wrong);
  if (auto wrong = execute(block, execution)) return std::unexpected(*wrong);
  BlockResult result = execution.finish(block.faults);
  if (auto wrong = compare_roots(block.header, result.roots)) return std::unexpected(*wrong);
  if (auto wrong = check_laws(block.height, result.breaches)) return std::unexpected(*wrong);
  return result;
}

Outcome Replayer::run(const PreparedBlock& block) {
  auto result = perform(block);
  if (!result) return result.error();
  if (auto wrong = check_votes(*result)) return wrong;
  if (auto wrong = check_payouts(*result)) return wrong;
  record(block, std::move(*result));
  return std::nullopt;
}

Outcome Replayer::judge(const PreparedBlock& block) {
  const auto result = perform(block);
  return result ? std::nullopt : Outcome(result.error());
}

void Replayer::record(const PreparedBlock& block, BlockResult result) {
  findings_.to = block.height;
  findings_.time = block.header.time;
  findings_.state_root = result.roots.state_root;
  for (std::size_t i = 0; i < block.transactions.size(); ++i) {
    findings_.signatures += block.transactions[i].signatures;
    findings_.ballots += ledger::is_ballot(block.transactions[i].tx.tx.kind()) ? 1 : 0;
    findings_.failed += result.receipts[i].failed() ? 1 : 0;
  }
  findings_.transactions += block.transactions.size();
  tip_ = block.hash;
  state_ = std::move(result.state);
}

Outcome Replayer::count_open_votes() {
  for (const auto& [id, box] : *state_.boxes) {
    const ProposalId proposal{id};
    auto found =
        recount({.state = state_, .proposal = proposal, .box = box, .closed = false}, book_.of(proposal));
    if (!found) return problem_at(state_.height(), Check::tally, found.error());
    findings_.proposals.push_back(std::move(*found));
  }
  return std::nullopt;
}

Outcome Replayer::check_footer(const Footer& footer) const {
  const bool same = footer.height == findings_.to && footer.block_hash == tip_ &&
                    (footer.height.is_zero() || footer.state_root == findings_.state_root);
  if (same) return std::nullopt;
  return problem_at(findings_.to, Check::footer,
                    fmt::format("it says that the ledger ends with block {}, hash {}, state root {}",
                                footer.height.raw(), hex(footer.block_hash), hex(footer.state_root)));
}

Outcome Replayer::finish(const std::optional<Footer>& footer) {
  if (auto wrong = check_sums(state_)) return wrong;
  if (auto wrong = count_open_votes()) return wrong;
  return footer ? check_footer(*footer) : std::nullopt;
}

// A proposal was found as its vote closed; what became of it since is known only at the end.
void Replayer::sum_up() {
  findings_.members = state_.members.size();
  std::sort(findings_.proposals.begin(), findings_.proposals.end(),
            [](const ProposalFinding& a, const ProposalFinding& b) { return a.id < b.id; });
  for (ProposalFinding& one : findings_.proposals)
    if (const ledger::Proposal* known = state_.proposals.find(one.id.value)) one.state = known->state;
}

PipelineOptions pipeline_options(const ReplayOptions& options, Depth depth) {
  return {.stop_at = options.stop_at,
          .threads = options.threads,
          .look_ahead = options.look_ahead,
          .depth = depth};
}

Outcome replay_blocks(BlockSource& source, Pipeline& pipeline, Replayer& replayer, const Findings& findings,
                      const ReplayCallback& progress) {
  while (auto run = pipeline.next()) {
    for (const PreparedBlock& block : run->blocks) {
      if (run->suspect == block.height) return problem_of(*run->error, findings.to, replayer.judge(block));
      if (auto wrong = replayer.run(block)) return wrong;
      if (progress)
        progress({.height = block.height,
                  .last = source.last_height(),
                  .transactions = findings.transactions,
                  .signatures = findings.signatures});
    }
    if (run->error) return problem_of(*run->error, findings.to);
    if (run->last) return replayer.finish(run->exhausted ? source.footer() : std::nullopt);
  }
  return problem_at(findings.to, Check::source, "the blocks ended without a word");
}

}  // namespace

Report replay(BlockSource& source, const ReplayOptions& options, const Clock& clock,
              const ReplayCallback& progress) {
  const u64 begun = clock.steady_ns();
  Report report;
  report.source = source.name();
  report.findings.signatures_checked = options.signatures;
  const auto genesis = read_genesis(source, options);
  if (!genesis) {
    report.findings.problem = genesis.error();
  } else {
    Replayer replayer(*genesis, report.findings);
    Pipeline pipeline(
        source, *genesis,
        pipeline_options(options, options.signatures ? Depth::signatures : Depth::transactions));
    report.threads = pipeline.threads();
    report.findings.problem = replay_blocks(source, pipeline, replayer, report.findings, progress);
    replayer.sum_up();
  }
  report.duration_ns = clock.steady_ns() - begun;
  return report;
}

std::expected<Footer, Problem> verify_chain(BlockSource& source, const ReplayOptions& options,
                                            const ReplayCallback& progress) {
  const auto genesis = read_genesis(source, options);
  if (!genesis) return std::unexpected(genesis.error());
  Footer found{
      .height = {}, .block_hash = consensus::genesis_hash(ledger::ledger_id(*genesis)), .state_root = {}};
  Pipeline pipeline(source, *genesis, pipeline_options(options, Depth::links));
  while (auto run = pipeline.next()) {
    for (const PreparedBlock& block : run->blocks) {
      if (run->suspect == block.height)
        return std::unexpected(problem_of(*run->error, found.height, block.problem));
      if (block.problem) return std::unexpected(*block.problem);
      found = {.height = block.height, .block_hash = block.hash, .state_root = block.header.state_root};
      if (progress) progress({.height = block.height, .last = source.last_height()});
    }
    if (run->error) return std::unexpected(problem_of(*run->error, found.height));
    const auto footer = run->exhausted ? source.footer() : std::nullopt;
    if (footer && *footer != found)
      return std::unexpected(
          problem_at(found.height, Check::footer, "it ends with another block than it says"));
    if (run->last) return found;
  }
  return std::unexpected(problem_at(found.height, Check::source, "the blocks ended without a word"));
}

}  // namespace moot::audit
