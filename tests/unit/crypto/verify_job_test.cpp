#include "crypto/verify_job.hpp"

#include <gtest/gtest.h>

#include "crypto/recover_kernel.hpp"
#include "tests/unit/crypto/mixed_jobs.hpp"

namespace moot::crypto {
namespace {

using test::mixed_jobs;
using test::numbered_hash;
using test::numbered_key;

// Gives the choice of a kernel back at its end.
class WithRecover {
 public:
  explicit WithRecover(kernel::Recover recover) : before_(kernel::best_recover()) {
    kernel::use_recover(recover);
  }
  ~WithRecover() { kernel::use_recover(before_); }
  WithRecover(const WithRecover&) = delete;
  WithRecover& operator=(const WithRecover&) = delete;

 private:
  kernel::Recover before_;
};

std::vector<VerifyResult> results_of(std::span<const VerifyJob> jobs) {
  std::vector<VerifyResult> out(jobs.size());
  verify_jobs(jobs, out);
  return out;
}

TEST(VerifyJob, TellsABadSignatureFromAnothersSignature) {
  const SecretKey key = numbered_key(1);
  const VerifyJob good{
      .signature = sign(key, numbered_hash(1)), .digest = numbered_hash(1), .expected = address_of(key)};
  EXPECT_EQ(verify_job(good), VerifyResult::good);
  VerifyJob bad = good;
  bad.signature.bytes[64] = 3;
  EXPECT_EQ(verify_job(bad), VerifyResult::bad_signature);
  bad = good;
  bad.expected = address_of(numbered_key(2));
  EXPECT_EQ(verify_job(bad), VerifyResult::wrong_signer);
  bad = good;
  bad.digest = numbered_hash(2);
  EXPECT_EQ(verify_job(bad), VerifyResult::wrong_signer);
}

TEST(VerifyJob, ManyAtOnceAreAnsweredAsOneAfterTheOther) {
  for (const std::size_t count : {0U, 1U, 2U, 3U, 9U, 64U, 500U}) {
    const auto jobs = mixed_jobs(count, count);
    std::vector<VerifyResult> expected;
    for (const VerifyJob& job : jobs) expected.push_back(verify_job(job));
    EXPECT_EQ(results_of(jobs), expected) << count;
    verify_by_library_alone();
    EXPECT_EQ(results_of(jobs), expected) << count;
    kernel::use_recover(kernel::recover_ifma());
  }
}

// A kernel that finds nothing, one that finds the wrong keys, one that would accept whatever it is asked: none of them
// changes an answer for the worse.
TEST(VerifyJob, AKernelThatIsWrongChangesNoAnswer) {
  const auto jobs = mixed_jobs(200, 11);
  const auto expected = [&] {
    const WithRecover none(nullptr);
    return results_of(jobs);
  }();
  const WithRecover blind([](std::span<const kernel::RecoverJob>, std::span<kernel::RecoveredPoint> out) {
    for (kernel::RecoveredPoint& point : out) point.found = false;
  });
  EXPECT_EQ(results_of(jobs), expected);
  const WithRecover liar([](std::span<const kernel::RecoverJob>, std::span<kernel::RecoveredPoint> out) {
    for (kernel::RecoveredPoint& point : out) point = {.bytes = {1, 2, 3}, .found = true};
  });
  EXPECT_EQ(results_of(jobs), expected);
}

TEST(VerifyJob, ANonCanonicalSignatureNeverReachesTheKernel) {
  static std::size_t asked;
  asked = 0;
  const WithRecover counting(
      [](std::span<const kernel::RecoverJob> jobs, std::span<kernel::RecoveredPoint> out) {
        for (const kernel::RecoverJob& job : jobs) EXPECT_TRUE(check_canonical(*job.signature));
        asked += jobs.size();
        for (kernel::RecoveredPoint& point : out) point.found = false;
      });
  const auto jobs = mixed_jobs(300, 12);
  const auto canonical = std::ranges::count_if(
      jobs, [](const VerifyJob& job) { return check_canonical(job.signature).has_value(); });
  ASSERT_LT(static_cast<std::size_t>(canonical), jobs.size());
  results_of(jobs);
  EXPECT_EQ(asked, static_cast<std::size_t>(canonical));
}

}  // namespace
}  // namespace moot::crypto
