#include "crypto/verify_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>

#include "tests/unit/crypto/mixed_jobs.hpp"

namespace moot::crypto {
namespace {

using test::mixed_jobs;

std::vector<VerifyResult> one_by_one(std::span<const VerifyJob> jobs) {
  std::vector<VerifyResult> out;
  for (const auto& job : jobs) out.push_back(verify_job(job));
  return out;
}

TEST(VerifyPool, GivesWhatOneThreadGivesInTheSameOrder) {
  VerifyPool pool({.threads = 3});
  for (const std::size_t count : {0U, 1U, 2U, 63U, 64U, 65U, 500U}) {
    const auto jobs = mixed_jobs(count, count);
    EXPECT_EQ(pool.verify_all(jobs), one_by_one(jobs)) << count;
  }
}

TEST(VerifyPool, CallsBackOnceForEachBatchWithItsOwnResults) {
  constexpr std::size_t kBatches = 8;
  std::latch left(kBatches);
  std::vector<std::vector<VerifyResult>> results(kBatches);
  VerifyPool pool({.threads = 2});
  for (std::size_t b = 0; b < kBatches; ++b) {
    ASSERT_TRUE(pool.submit(mixed_jobs(b * 20, b), [&, b](std::vector<VerifyResult> batch) {
      results[b] = std::move(batch);
      left.count_down();
    }));
  }
  left.wait();
  for (std::size_t b = 0; b < kBatches; ++b) EXPECT_EQ(results[b], one_by_one(mixed_jobs(b * 20, b))) << b;
}

// Holds every thread of a pool until let go. What the threads wait on lives as long as the last of them.
class Blocker {
 public:
  explicit Blocker(VerifyPool& pool) : gate_(std::make_shared<Gate>(pool.threads())) {
    const auto jobs = mixed_jobs(1, 1);
    for (unsigned i = 0; i < pool.threads(); ++i) {
      EXPECT_TRUE(pool.submit(jobs, [gate = gate_](const auto&) {
        gate->held.count_down();
        gate->opened.wait();
      }));
    }
    gate_->held.wait();
  }
  void let_go() { gate_->opened.count_down(); }

 private:
  struct Gate {
    explicit Gate(unsigned threads) : held(threads) {}
    std::latch held;
    std::latch opened{1};
  };
  std::shared_ptr<Gate> gate_;
};

TEST(VerifyPool, RefusesABatchThatDoesNotFitItsQueue) {
  std::atomic<int> called = 0;
  VerifyPool pool({.threads = 1, .max_queued = 100});
  Blocker blocker(pool);
  const auto count = [&called](auto) { ++called; };
  EXPECT_FALSE(pool.submit(mixed_jobs(101, 1), count));
  EXPECT_TRUE(pool.submit(mixed_jobs(70, 1), count));
  EXPECT_FALSE(pool.submit(mixed_jobs(31, 1), count));
  EXPECT_TRUE(pool.submit(mixed_jobs(30, 1), count));
  EXPECT_FALSE(pool.submit(mixed_jobs(1, 1), count));
  EXPECT_EQ(called, 0);
  blocker.let_go();
  while (called != 2) std::this_thread::yield();
  EXPECT_TRUE(pool.submit(mixed_jobs(100, 1), count));
}

TEST(VerifyPool, DoesUrgentWorkThoughEveryThreadIsBusy) {
  VerifyPool pool({.threads = 2});
  Blocker blocker(pool);
  const auto jobs = mixed_jobs(100, 5);
  EXPECT_EQ(pool.verify_all(jobs), one_by_one(jobs));
  blocker.let_go();
}

TEST(VerifyPool, EndsOnlyWhenWhatItAcceptedIsDone) {
  std::atomic<std::size_t> results = 0;
  {
    VerifyPool pool({.threads = 2});
    for (int i = 0; i < 5; ++i)
      ASSERT_TRUE(pool.submit(mixed_jobs(100, 3), [&](const auto& batch) { results += batch.size(); }));
  }
  EXPECT_EQ(results, 500U);
}

TEST(VerifyPool, ParallelForCoversEveryIndexOnce) {
  VerifyPool pool({.threads = 3});
  for (const std::size_t n : {0U, 1U, 7U, 64U, 1'000U}) {
    for (const std::size_t grain :
         {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{64}, ~std::size_t{0}}) {
      std::vector<int> hits(n);
      pool.parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
        EXPECT_LE(end - begin, std::max<std::size_t>(grain, 1));
        for (std::size_t i = begin; i < end; ++i) ++hits[i];
      });
      EXPECT_EQ(hits, std::vector<int>(n, 1)) << n << " by " << grain;
    }
  }
}

TEST(VerifyPool, ParallelForMayStandInsideAnother) {
  VerifyPool pool({.threads = 2});
  std::atomic<int> sum = 0;
  pool.parallel_for(8, 1, [&](std::size_t, std::size_t) {
    pool.parallel_for(10, 2,
                      [&](std::size_t begin, std::size_t end) { sum += static_cast<int>(end - begin); });
  });
  EXPECT_EQ(sum, 80);
}

TEST(VerifyPool, ServesManyCallersAtOnce) {
  VerifyPool pool({.threads = 2});
  const auto jobs = mixed_jobs(40, 9);
  const auto expected = one_by_one(jobs);
  std::vector<std::thread> callers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 5; ++round) right += pool.verify_all(jobs) == expected ? 1 : 0;
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(right, 20);
}

}  // namespace
}  // namespace moot::crypto
