#include "audit/prepare.hpp"

#include <fmt/format.h>

#include "base/check.hpp"

namespace moot::audit {
namespace {

constexpr std::size_t kGrain = 32;  // transactions a thread takes at a time: about 1.5 ms of verification

std::string refusal_text(const ledger::Refusal& refusal) {
  const std::string name(ledger::reason(refusal.code));
  return refusal.index ? fmt::format("{} at entry {}", name, *refusal.index) : name;
}

PreparedTransaction bad(Check check, std::string what) {
  PreparedTransaction out;
  out.bad = {.check = check, .what = std::move(what)};
  return out;
}

static_assert(ledger::kMaxGenesisValidators == consensus::kMaxValidators);

consensus::ValidatorSet set_of(const ledger::Genesis& genesis) {
  auto validators = consensus::ValidatorSet::from(ledger::validator_keys(genesis));
  MOOT_CHECK(validators.has_value(), "a genesis that was checked names validators, each once");
  return std::move(*validators);
}

// A transaction's place among all of a run's.
struct Place {
  std::size_t block;
  std::size_t transaction;
};

}  // namespace

Preparer::Preparer(const ledger::Genesis& genesis, Depth depth, crypto::VerifyPool& pool)
    : signing_(ledger::signing_context(genesis.organisation, ledger::ledger_id(genesis))),
      validators_(set_of(genesis)),
      tip_(consensus::genesis_tip(signing_.ledger_id, genesis.created, validators_)),
      depth_(depth),
      pool_(pool) {}

std::optional<Preparer::Proof> Preparer::decode(const RawBlock& raw, PreparedBlock& block) {
  block.height = raw.height;
  const auto fail = [&](const char* what) {
    block.problem = {.height = raw.height, .transaction = {}, .check = Check::encoding, .what = what};
    return std::nullopt;
  };
  const auto header = decoded<consensus::Header>(raw.header);
  if (!header) return fail("the header is not canonical");
  auto justification = decoded<consensus::Justification>(raw.justification);
  if (!justification) return fail("the justification is not canonical");
  auto finalization = decoded<consensus::Certificate>(raw.finalization);
  if (!finalization) return fail("the finalization is not canonical");
  for (const Bytes& bytes : raw.faults) {
    const auto fault = decoded<ledger::Fault>(bytes);
    if (!fault) return fail("a fault is not canonical");
    block.faults.push_back(*fault);
  }
  block.header = *header;
  // Before a tip is made of it: a header out of place may name what no chain can continue.
  const u64 due = tip_.height.raw() + 1;
  if (raw.height.raw() != due || header->height.raw() != due) {
    block.problem = {.height = Height{due},
                     .transaction = {},
                     .check = Check::link,
                     .what = fmt::format("block {} stands where block {} is due", header->height.raw(), due)};
    return std::nullopt;
  }
  Proof proof{.tip = tip_, .justification = std::move(*justification), .finalization = *finalization};
  tip_ = consensus::next_tip(tip_, *header, *finalization);
  block.hash = tip_.hash;
  return proof;
}

void Preparer::check_link(const Proof& proof, PreparedBlock& block) const {
  const auto good =
      consensus::verify_link(proof.tip, block.header, proof.justification, proof.finalization, validators_);
  const auto fail = [&](std::string what) {
    block.problem = {
        .height = block.height, .transaction = {}, .check = Check::link, .what = std::move(what)};
  };
  if (good && block.header.flags != consensus::HeaderFlag::seal) return;
  if (good) return fail("it changes the validators, which this program does not follow");
  // The text begins with the block, which the problem names already.
  const std::string& text = good.error().text;
  const std::size_t colon = text.find(": ");
  fail(colon == std::string::npos ? text : text.substr(colon + 2));
}

std::vector<PreparedTransaction> Preparer::prepare_range(std::span<const Bytes> envelopes) const {
  auto trusted = ledger::trust_transactions(signing_, envelopes);
  ledger::SignatureChecks checks;
  for (const auto& tx : trusted) {
    if (tx && depth_ == Depth::signatures)
      checks.add(signing_, tx->tx, tx->id);
    else
      checks.add_none();
  }
  const std::vector<crypto::VerifyResult> results = ledger::verify_checks(checks.all());
  std::vector<PreparedTransaction> out(trusted.size());
  for (std::size_t i = 0; i < trusted.size(); ++i) {
    if (!trusted[i]) {
      out[i] = bad(Check::transaction, refusal_text(trusted[i].error()));
    } else if (const auto verdict = checks.verdict(i, results); !verdict) {
      out[i] = bad(Check::signature, refusal_text(verdict.error()));
    } else {
      out[i].tx = std::move(*trusted[i]);
      out[i].signatures = static_cast<u32>(checks.of(i).size());
    }
  }
  return out;
}

std::vector<PreparedBlock> Preparer::prepare(std::vector<RawBlock> raw) {
  std::vector<PreparedBlock> blocks(raw.size());
  std::vector<std::optional<Proof>> proofs(raw.size());
  std::vector<Place> places;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    proofs[i] = decode(raw[i], blocks[i]);
    if (depth_ == Depth::links) raw[i].envelopes.clear();
    blocks[i].transactions.resize(raw[i].envelopes.size());
    for (std::size_t t = 0; t < raw[i].envelopes.size(); ++t) places.push_back({i, t});
    if (!proofs[i]) {  // nothing after it will be looked at
      blocks.resize(i + 1);
      break;
    }
  }
  // Links and transactions together, so that no core waits between the two.
  const std::size_t links = blocks.size();
  pool_.parallel_for(links + places.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < std::min(end, links); ++i)
      if (proofs[i]) check_link(*proofs[i], blocks[i]);
    if (end <= links) return;
    const auto range =
        std::span(places).subspan(std::max(begin, links) - links, end - std::max(begin, links));
    std::vector<Bytes> envelopes;
    envelopes.reserve(range.size());
    for (const Place place : range)
      envelopes.push_back(std::exchange(raw[place.block].envelopes[place.transaction], {}));
    auto prepared = prepare_range(envelopes);
    for (std::size_t i = 0; i < range.size(); ++i)
      blocks[range[i].block].transactions[range[i].transaction] = std::move(prepared[i]);
  });
  return blocks;
}

}  // namespace moot::audit
