// What this machine's cryptography allows: the limits that every other benchmark is divided by. Run in the same process and
// on the same day as the workload; absolute figures do not travel.
//
// V1, one core's verifications a second, is Limits/EcdsaVerifyParsed: plain verification with a parsed key, the cheapest that
// the library offers. The ledger itself recovers the key (crypto/ecdsa.hpp says why): Limits/EcdsaRecover is what the library
// takes for that, Limits/EcdsaRecoverAndAddressAtOnce what a node does.
#include <benchmark/benchmark.h>
#include <secp256k1.h>

#include <algorithm>

#include "base/check.hpp"
#include "crypto/context.hpp"
#include "crypto/ecdsa.hpp"
#include "crypto/keccak.hpp"
#include "crypto/schnorr.hpp"
#include "crypto/sha256.hpp"
#include "crypto/sha256_kernel.hpp"
#include "crypto/typed_data.hpp"
#include "crypto/verify_pool.hpp"

namespace moot::crypto {
namespace {

// Several messages under several keys, so that no cache serves the same one twice in a row.
constexpr std::size_t kSamples = 64;

struct Sample {
  Hash digest;
  ParsedKey key;
  XOnlyKey x_only_key;
  Signature signature;
  SchnorrSignature schnorr;
  Address address;
};

Hash numbered(u64 number) {
  Writer out;
  out.put(number);
  return sha256(out.view());
}

const std::vector<Sample>& samples() {
  static const std::vector<Sample> made = [] {
    std::vector<Sample> out;
    for (u64 i = 0; i < kSamples; ++i) {
      const SecretKey key = std::move(SecretKey::from_bytes(numbered(1'000 + i).view()).value());
      const Hash digest = numbered(i);
      out.push_back({.digest = digest,
                     .key = parsed_key(key),
                     .x_only_key = x_only(key),
                     .signature = sign(key, digest),
                     .schnorr = schnorr_sign(key, digest),
                     .address = address_of(key)});
    }
    return out;
  }();
  return made;
}

void run_over_samples(benchmark::State& state, auto&& one) {
  std::size_t i = 0;
  for (auto _ : state) {
    const bool good = one(samples()[i]);
    MOOT_CHECK(good, "a benchmark of failures measures nothing");
    i = (i + 1) % kSamples;
  }
  state.SetItemsProcessed(state.iterations());
}

void ecdsa_verify_parsed(benchmark::State& state) {
  struct Parsed {
    secp256k1_pubkey key;
    secp256k1_ecdsa_signature signature;
  };
  std::vector<Parsed> parsed;
  for (const Sample& sample : samples()) {
    Parsed& one = parsed.emplace_back();
    const PublicKey key = sample.key.compressed();
    MOOT_CHECK(secp256k1_ec_pubkey_parse(context(), &one.key, key.bytes.data(), key.bytes.size()) == 1,
               "sample");
    secp256k1_ecdsa_signature_parse_compact(context(), &one.signature, sample.signature.bytes.data());
  }
  run_over_samples(state, [&](const Sample& sample) {
    const Parsed& one = parsed[static_cast<std::size_t>(&sample - samples().data())];
    return secp256k1_ecdsa_verify(context(), &one.signature, sample.digest.bytes.data(), &one.key) == 1;
  });
}

void ecdsa_recover(benchmark::State& state) {
  run_over_samples(state, [](const Sample& s) { return verify(s.key, s.signature, s.digest); });
}

void ecdsa_job(benchmark::State& state) {
  run_over_samples(state, [](const Sample& s) {
    return verify_job({.signature = s.signature, .digest = s.digest, .expected = s.address}) ==
           VerifyResult::good;
  });
}

// As a thread of the pool takes them.
void ecdsa_jobs_at_once(benchmark::State& state) {
  std::vector<VerifyJob> jobs;
  for (const Sample& s : samples())
    jobs.push_back({.signature = s.signature, .digest = s.digest, .expected = s.address});
  std::vector<VerifyResult> results(jobs.size());
  for (auto _ : state) {
    verify_jobs(jobs, results);
    MOOT_CHECK(std::ranges::count(results, VerifyResult::good) == std::ssize(jobs),
               "a benchmark of failures measures nothing");
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(jobs));
}

void ecdsa_sign(benchmark::State& state) {
  const SecretKey key = std::move(SecretKey::from_bytes(numbered(1'000).view()).value());
  run_over_samples(state, [&](const Sample& s) { return sign(key, s.digest).bytes.back() <= 1; });
}

void schnorr_verification(benchmark::State& state) {
  run_over_samples(state, [](const Sample& s) { return schnorr_verify(s.x_only_key, s.digest, s.schnorr); });
}

void schnorr_signing(benchmark::State& state) {
  const SchnorrSigner signer(std::move(SecretKey::from_bytes(numbered(1'000).view()).value()));
  run_over_samples(state, [&](const Sample& s) { return signer.sign(s.digest) != SchnorrSignature{}; });
}

// All cores through the pool, in signatures a second.
void pool_verify_all(benchmark::State& state) {
  static VerifyPool pool;
  std::vector<VerifyJob> jobs;
  for (std::size_t i = 0; i < 2'048; ++i) {
    const Sample& s = samples()[i % kSamples];
    jobs.push_back({.signature = s.signature, .digest = s.digest, .expected = s.address});
  }
  for (auto _ : state) benchmark::DoNotOptimize(pool.verify_all(jobs));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(jobs.size()));
}

void sha256_pair(benchmark::State& state) {
  const TaggedHasher hasher("moot/bench");
  Hash left = numbered(1);
  const Hash right = numbered(2);
  for (auto _ : state) benchmark::DoNotOptimize(left = hasher.pair(left, right));
  state.SetItemsProcessed(state.iterations());
}

void sha256_level(benchmark::State& state, const kernel::Kernel* kernel) {
  if (kernel == nullptr) return state.SkipWithError("this processor has no SHA instructions");
  constexpr std::size_t kNodes = 1'024;
  std::vector<Hash> in(2 * kNodes, numbered(1));
  std::vector<Hash> out(kNodes);
  for (auto _ : state) {
    kernel->pairs(kernel::kInitial, in.data(), out.data(), kNodes);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kNodes));
}

void tagged_leaf(benchmark::State& state) {
  const TaggedHasher hasher("moot/bench");
  const Bytes message(static_cast<std::size_t>(state.range(0)), 7);
  for (auto _ : state) benchmark::DoNotOptimize(hasher(message));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void keccak(benchmark::State& state) {
  const Bytes message(static_cast<std::size_t>(state.range(0)), 7);
  for (auto _ : state) benchmark::DoNotOptimize(keccak256(message));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

// A ballot's digest: three texts, the struct, the whole.
void ballot_digest(benchmark::State& state) {
  const Hash type =
      type_hash("Vote(string organisation,uint64 proposal,bytes32 proposalHash,string choice,string reason)");
  const Hash separator = domain_separator({.name = "Moot", .version = "1", .salt = numbered(1)});
  const Hash proposal = numbered(2);
  for (auto _ : state) {
    const Hash vote =
        StructHasher(type).text("A co-operative").add(u64{7}).add(proposal).text("For").text("").finish();
    benchmark::DoNotOptimize(typed_data_digest(separator, vote));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(ecdsa_verify_parsed)->Name("Limits/EcdsaVerifyParsed");
BENCHMARK(ecdsa_recover)->Name("Limits/EcdsaRecover");
BENCHMARK(ecdsa_job)->Name("Limits/EcdsaRecoverAndAddress");
BENCHMARK(ecdsa_jobs_at_once)->Name("Limits/EcdsaRecoverAndAddressAtOnce");
BENCHMARK(pool_verify_all)->Name("Limits/EcdsaAllCores")->UseRealTime();
BENCHMARK(ecdsa_sign)->Name("Limits/EcdsaSign");
BENCHMARK(schnorr_verification)->Name("Limits/SchnorrVerify");
BENCHMARK(schnorr_signing)->Name("Limits/SchnorrSign");
BENCHMARK(sha256_pair)->Name("Limits/Sha256Node");
BENCHMARK_CAPTURE(sha256_level, best, &kernel::best())->Name("Limits/Sha256NodesInALevel");
BENCHMARK_CAPTURE(sha256_level, portable, &kernel::portable())->Name("Limits/Sha256NodesInALevelPortable");
BENCHMARK(tagged_leaf)->Name("Limits/Sha256Leaf")->Arg(64)->Arg(256);
BENCHMARK(keccak)->Name("Limits/Keccak256")->Arg(64)->Arg(200)->Arg(1024);
BENCHMARK(ballot_digest)->Name("Limits/BallotDigest");

}  // namespace
}  // namespace moot::crypto
