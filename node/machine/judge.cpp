#include "node/machine/judge.hpp"

namespace moot::node {
namespace {

using ledger::VerifiedTransaction;

Rejection of_transaction(Defect defect, std::size_t index, const ledger::Refusal& refusal) {
  return {.defect = defect,
          .transaction = index,
          .what = "transaction " + std::to_string(index) + ": " + std::string(ledger::reason(refusal.code)),
          .breaches = {}};
}

Rejection of_laws(std::span<const ledger::LawBreach> breaches) {
  return {.defect = Defect::law,
          .transaction = {},
          .what = "the law of " + std::string(breaches.front().law) + ": " + breaches.front().what,
          .breaches = {breaches.begin(), breaches.end()}};
}

std::expected<std::vector<VerifiedTransaction>, Rejection> decode(const ledger::SigningContext& context,
                                                                  std::span<const Bytes> envelopes) {
  auto decoded = ledger::trust_transactions(context, envelopes);
  std::vector<VerifiedTransaction> out;
  out.reserve(decoded.size());
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    if (!decoded[i]) return std::unexpected(of_transaction(Defect::envelope, i, decoded[i].error()));
    out.push_back(std::move(*decoded[i]));
  }
  return out;
}

std::expected<void, Rejection> check_signatures(const ledger::SigningContext& context,
                                                std::span<const VerifiedTransaction> txs,
                                                crypto::VerifyPool& pool) {
  ledger::SignatureChecks checks;
  for (const VerifiedTransaction& tx : txs) checks.add(context, tx.tx, tx.id);
  const auto results = pool.verify_all(ledger::jobs_of(checks.all()));
  for (std::size_t i = 0; i < txs.size(); ++i)
    if (const auto verdict = checks.verdict(i, results); !verdict)
      return std::unexpected(of_transaction(Defect::signature, i, verdict.error()));
  return {};
}

std::expected<void, Rejection> check_place(const ledger::State& parent, const ProposedBlock& block) {
  if (block.height.raw() != parent.height().raw() + 1)
    return std::unexpected(Rejection{.defect = Defect::height,
                                     .transaction = {},
                                     .what = "its height is " + std::to_string(block.height.raw()) +
                                             ", after " + std::to_string(parent.height().raw()),
                                     .breaches = {}});
  if (block.time <= parent.time())
    return std::unexpected(Rejection{.defect = Defect::time,
                                     .transaction = {},
                                     .what = "its time is not later than its parent's",
                                     .breaches = {}});
  return {};
}

}  // namespace

std::expected<ExecutedBlock, Rejection> judge(const ledger::State& parent,
                                              const ledger::SigningContext& context, ProposedBlock block,
                                              Signatures signatures,
                                              const ledger::PreparedPayouts& prepared) {
  if (auto good = check_place(parent, block); !good) return std::unexpected(std::move(good.error()));
  auto txs = decode(context, block.envelopes);
  if (!txs) return std::unexpected(std::move(txs.error()));
  if (signatures.pool != nullptr)
    if (auto good = check_signatures(context, *txs, *signatures.pool); !good)
      return std::unexpected(std::move(good.error()));

  ledger::BlockExecution execution(parent, block.time, &prepared);
  // Beyond rules that are not known here nothing can be judged.
  if (!execution.breaches().empty()) return std::unexpected(of_laws(execution.breaches()));
  std::vector<const VerifiedTransaction*> coming;
  for (const VerifiedTransaction& tx : *txs) coming.push_back(&tx);
  execution.expect(std::move(coming));
  for (std::size_t i = 0; i < txs->size(); ++i)
    if (const auto receipt = execution.add((*txs)[i]); !receipt)
      return std::unexpected(of_transaction(Defect::inclusion, i, receipt.error()));
  ledger::BlockResult result = execution.finish(block.faults);
  if (!result.breaches.empty()) return std::unexpected(of_laws(result.breaches));
  return ExecutedBlock{std::move(result), std::move(block.envelopes)};
}

}  // namespace moot::node
