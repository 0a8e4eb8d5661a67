#include "bench/goals/goals.hpp"

#include <secp256k1.h>

#include <algorithm>
#include <span>
#include <thread>

#include "crypto/ecdsa.hpp"
#include "crypto/sha256.hpp"
#include "crypto/verify_job.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::bench {
namespace {

// All of different signatures: a few, again and again, would only ever touch a corner of the library's tables, which fill
// a core's cache, and tell a limit that no work on real signatures can reach.
constexpr std::size_t kVerifications = 4'096;
constexpr std::size_t kAtOnce = 64;  // as a pool's thread takes them

struct PlainSignature {
  secp256k1_ecdsa_signature signature;
  secp256k1_pubkey key;
  Hash digest;
};

std::vector<PlainSignature> plain_signatures(const secp256k1_context* context) {
  std::vector<PlainSignature> out(kVerifications);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const crypto::SecretKey key = test::test_key("limit " + std::to_string(i));
    out[i].digest = crypto::sha256(key.view());
    MOOT_CHECK(secp256k1_ec_pubkey_create(context, &out[i].key, key.view().data()) == 1, "a good key");
    MOOT_CHECK(secp256k1_ecdsa_sign(context, &out[i].signature, out[i].digest.bytes.data(), key.view().data(),
                                    nullptr, nullptr) == 1,
               "a good signature");
  }
  return out;
}

// One at a time is always the library's work (crypto/recover_kernel.hpp).
double recoveries_a_second(std::span<const crypto::VerifyJob> jobs, std::size_t at_once) {
  std::vector<crypto::VerifyResult> results(jobs.size());
  const Seconds seconds = timed([&] {
    for (std::size_t i = 0; i < jobs.size(); i += at_once)
      crypto::verify_jobs(jobs.subspan(i, at_once), std::span(results).subspan(i, at_once));
  });
  MOOT_CHECK(std::ranges::count(results, crypto::VerifyResult::good) == std::ssize(jobs),
             "every signature recovers to its signer");
  return static_cast<double>(jobs.size()) / seconds;
}

}  // namespace

Limits measure_limits() {
  Limits limits;
  limits.cores = std::max(1u, std::thread::hardware_concurrency());
  secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY);
  const auto plain = plain_signatures(context);
  std::size_t good = 0;
  const Seconds verify = timed([&] {
    for (const PlainSignature& one : plain)
      good += secp256k1_ecdsa_verify(context, &one.signature, one.digest.bytes.data(), &one.key) == 1 ? 1 : 0;
  });
  MOOT_CHECK(good == kVerifications, "every signature is good");
  secp256k1_context_destroy(context);

  std::vector<crypto::VerifyJob> jobs;
  for (std::size_t i = 0; i < kVerifications; ++i) {
    const crypto::SecretKey key = test::test_key("limit " + std::to_string(i));
    const Hash digest = crypto::sha256(key.view());
    jobs.push_back({crypto::sign(key, digest), digest, crypto::address_of(key)});
  }
  limits.verify = static_cast<double>(kVerifications) / verify;
  limits.library = recoveries_a_second(jobs, 1);
  limits.recover = recoveries_a_second(jobs, kAtOnce);
  return limits;
}

Limits mean(const Limits& before, const Limits& after) {
  return {.verify = (before.verify + after.verify) / 2,
          .library = (before.library + after.library) / 2,
          .recover = (before.recover + after.recover) / 2,
          .cores = before.cores};
}

Address member_address(u64 member) {
  Writer out;
  out.put(member);
  const Hash hash = crypto::tagged_hash("moot/bench-member", out.view());
  Address address;
  std::copy_n(hash.bytes.begin(), address.bytes.size(), address.bytes.begin());
  return address;
}

BigLedger big_ledger(u64 members) {
  ledger::Genesis genesis = test::test_genesis({.members = 0, .attested_only = false});
  genesis.members.reserve(members);
  for (u64 i = 0; i < members; ++i)
    genesis.members.push_back({.address = member_address(i),
                               .holdings = {{ClassId{0}, Units{1 + (i * 7'919) % 1'000}}},
                               .consent_hash = {}});
  ledger::InitialBlock initial = ledger::initial_block(genesis);
  return {std::move(initial.state), ledger::signing_context(genesis.organisation, ledger::ledger_id(genesis)),
          initial.roots.state_root};
}

namespace {

ledger::VerifiedTransaction unsigned_transaction(const BigLedger& big, ledger::Transaction tx) {
  const Bytes envelope = ledger::encode_transaction(tx);
  auto trusted = ledger::trust_transaction(big.signing, envelope);
  MOOT_CHECK(trusted.has_value(), "a canonical envelope");
  return std::move(*trusted);
}

ledger::State after_block(const ledger::State& state, std::span<const ledger::VerifiedTransaction> txs) {
  ledger::BlockExecution execution(state, TimeMs{state.time().raw() + 1'000});
  for (const auto& tx : txs) {
    const auto receipt = execution.add(tx);
    MOOT_CHECK(receipt && !receipt->failed(), "a benchmark's transaction is done");
  }
  ledger::BlockResult result = execution.finish();
  MOOT_CHECK(result.breaches.empty(), "no law is broken");
  return std::move(result.state);
}

}  // namespace

OpenVote open_vote(const BigLedger& big, bool vote_change) {
  ledger::State state = big.state;
  ledger::Policy& policy = state.rules.edit().policies[0];
  policy.vote_change = vote_change;
  policy.max_changes = vote_change ? 255 : 0;
  policy.min_open = policy.period;  // no early result: every ballot is to be counted
  ledger::state_root(state);
  const auto propose =
      unsigned_transaction(big, {.payload = ledger::Propose{.title = "Sell the listening data set",
                                                            .body = {"Shall we?"},
                                                            .kind = ledger::ProposalKind::text,
                                                            .actions = {}},
                                 .signer = member_address(0),
                                 .nonce = 1});
  state = after_block(state, std::span(&propose, 1));
  state = after_block(state, {});
  MOOT_CHECK(state.proposals[0].state == ledger::ProposalState::active, "voting is open");
  return {std::move(state), ProposalId{0}};
}

ledger::VerifiedTransaction ballot_of(const BigLedger& big, const OpenVote& vote, u64 member,
                                      ledger::Choice choice) {
  const ledger::Proposal& proposal = vote.state.proposals[vote.proposal.value];
  return unsigned_transaction(big, {.payload = ledger::Vote{.proposal = vote.proposal,
                                                            .proposal_hash = proposal.hash,
                                                            .title = proposal.title,
                                                            .choice = choice,
                                                            .reason = ""},
                                    .signer = member_address(member),
                                    .nonce = 1});
}

}  // namespace moot::bench
