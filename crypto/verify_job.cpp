#include "crypto/verify_job.hpp"

#include <algorithm>
#include <vector>

#include "base/check.hpp"
#include "crypto/point_bytes.hpp"
#include "crypto/recover_kernel.hpp"

namespace moot::crypto {
namespace {

// The ledger's one acceptance rule: `recover` gives the signer's address.
void ask_library(std::span<const VerifyJob> jobs, std::span<VerifyResult> out) {
  std::vector<ParsedKey> keys;
  std::vector<std::size_t> places;  // of the jobs whose signatures gave the keys
  keys.reserve(jobs.size());
  places.reserve(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    out[i] = VerifyResult::bad_signature;
    const auto key = recover(jobs[i].signature, jobs[i].digest);
    if (!key) continue;
    keys.push_back(*key);
    places.push_back(i);
  }
  std::vector<Address> signers(keys.size());
  addresses_of(keys, signers);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const std::size_t i = places[k];
    out[i] = signers[k] == jobs[i].expected ? VerifyResult::good : VerifyResult::wrong_signer;
  }
}

// Marks as good what the kernel finds to be from the expected signer, and says which jobs are left, `good` or not.
std::vector<std::size_t> mark_good(kernel::Recover recover_many, std::span<const VerifyJob> jobs,
                                   std::span<VerifyResult> out) {
  std::vector<std::size_t> left;
  std::vector<std::size_t> asked;
  std::vector<kernel::RecoverJob> questions;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (check_canonical(jobs[i].signature)) {
      asked.push_back(i);
      questions.push_back({.signature = &jobs[i].signature, .digest = &jobs[i].digest});
    } else {
      left.push_back(i);
    }
  }
  std::vector<kernel::RecoveredPoint> points(questions.size());
  recover_many(questions, points);
  std::vector<PointBytes> found(points.size());
  std::ranges::transform(points, found.begin(), &kernel::RecoveredPoint::bytes);
  std::vector<Address> signers(found.size());
  addresses_of(found, signers);
  for (std::size_t k = 0; k < asked.size(); ++k) {
    if (points[k].found && signers[k] == jobs[asked[k]].expected)
      out[asked[k]] = VerifyResult::good;
    else
      left.push_back(asked[k]);
  }
  return left;
}

}  // namespace

VerifyResult verify_job(const VerifyJob& job) {
  VerifyResult out{};
  verify_jobs({&job, 1}, {&out, 1});
  return out;
}

void verify_jobs(std::span<const VerifyJob> jobs, std::span<VerifyResult> out) {
  MOOT_CHECK(jobs.size() == out.size(), "a place for each result");
  const kernel::Recover recover_many = kernel::best_recover();
  if (recover_many == nullptr || jobs.size() < kernel::kFewestAtOnce) return ask_library(jobs, out);
  const std::vector<std::size_t> left = mark_good(recover_many, jobs, out);
  for (const std::size_t i : left) ask_library(jobs.subspan(i, 1), out.subspan(i, 1));
}

void verify_by_library_alone() { kernel::use_recover(nullptr); }

}  // namespace moot::crypto
