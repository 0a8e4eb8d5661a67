#include "ledger/policy.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/random_value.hpp"

namespace moot::ledger {
namespace {

constexpr u64 kDay = 86'400'000;
constexpr DurationMs kTimelock{kDay};

struct Case {
  const char* what;
  std::function<void(Policy&)> change;
  std::optional<TxError> refusal;
};

std::optional<TxError> refusal(ProposalKind kind, const Policy& policy) {
  const Verdict verdict = check_policy(kind, policy, kTimelock);
  return verdict ? std::nullopt : std::optional{verdict.error().code};
}

TEST(PolicyBounds, TheDefaultsPass) {
  for (u8 i = 0; i < kProposalKinds; ++i) {
    const auto kind = static_cast<ProposalKind>(i);
    EXPECT_EQ(refusal(kind, default_policy(kind)), std::nullopt) << word(kind);
    EXPECT_EQ(default_policy(kind).record_lag, DurationMs{is_weighty(kind) ? 7 * kDay : 0}) << word(kind);
  }
}

TEST(PolicyBounds, Rule5_5_EachBoundIsAllowedAndNothingPastIt) {
  const Case cases[] = {
      {"quorum M", [](Policy& p) { p.quorum = Ppm{1'000'000}; }, std::nullopt},
      {"quorum M + 1", [](Policy& p) { p.quorum = Ppm{1'000'001}; }, TxError::bad_value},
      {"approval M", [](Policy& p) { p.approval = Ppm{1'000'000}; }, std::nullopt},
      {"approval M + 1", [](Policy& p) { p.approval = Ppm{1'000'001}; }, TxError::bad_value},
      {"support M - 1", [](Policy& p) { p.support = Ppm{999'999}; }, std::nullopt},
      {"support M", [](Policy& p) { p.support = Ppm{1'000'000}; }, TxError::bad_value},
      {"veto M - 1", [](Policy& p) { p.veto = Ppm{999'999}; }, std::nullopt},
      {"veto M", [](Policy& p) { p.veto = Ppm{1'000'000}; }, TxError::bad_value},
      {"no veto", [](Policy& p) { p.veto = Ppm{0}; }, std::nullopt},
      {"period 1",
       [](Policy& p) {
         p.period = DurationMs{1};
         p.extension = p.min_open = DurationMs{0};
       },
       std::nullopt},
      {"period 0", [](Policy& p) { p.period = p.extension = p.min_open = DurationMs{0}; },
       TxError::bad_value},
      {"extension = period", [](Policy& p) { p.extension = p.period; }, std::nullopt},
      {"extension > period", [](Policy& p) { p.extension = DurationMs{p.period.raw() + 1}; },
       TxError::bad_value},
      {"min_open = period", [](Policy& p) { p.min_open = p.period; }, std::nullopt},
      {"min_open > period", [](Policy& p) { p.min_open = DurationMs{p.period.raw() + 1}; },
       TxError::bad_value},
      {"record lag 30 days", [](Policy& p) { p.record_lag = DurationMs{30 * kDay}; }, std::nullopt},
      {"record lag past the marks", [](Policy& p) { p.record_lag = DurationMs{30 * kDay + 1}; },
       TxError::bad_value},
      {"largest delay", [](Policy& p) { p.delay = DurationMs{~u64{0}}; }, TxError::bad_value},
      {"largest grace", [](Policy& p) { p.grace = DurationMs{~u64{0}}; }, TxError::bad_value},
      {"largest timelock", [](Policy& p) { p.timelock = DurationMs{~u64{0}}; }, TxError::bad_value},
      {"support at its floor", [](Policy& p) { p.support = Ppm{500'000}; }, std::nullopt},
      {"support below its floor", [](Policy& p) { p.support = Ppm{499'999}; }, TxError::policy_too_weak},
      {"approval alone",
       [](Policy& p) {
         p.quorum = Ppm{0};
         p.approval = Ppm{1};
       },
       std::nullopt},
      {"no turnout asked", [](Policy& p) { p.quorum = p.approval = Ppm{0}; }, TxError::policy_too_weak},
      {"timelock at its floor", [](Policy& p) { p.timelock = kTimelock; }, std::nullopt},
      {"timelock below its floor", [](Policy& p) { p.timelock = DurationMs{kDay - 1}; },
       TxError::policy_too_weak},
      {"vote change",
       [](Policy& p) {
         p.vote_change = true;
         p.max_changes = 1;
       },
       std::nullopt},
      {"vote change, none allowed", [](Policy& p) { p.vote_change = true; }, TxError::bad_value},
      {"changes without vote change", [](Policy& p) { p.max_changes = 1; }, TxError::bad_value},
      {"class of a basis by members", [](Policy& p) { p.basis_class = ClassId{1}; }, TxError::bad_value},
      {"class without minimum units", [](Policy& p) { p.minimum_class = ClassId{1}; }, TxError::bad_value},
      {"the sale's class", [](Policy& p) { p.basis = BasisKind::units_of_sale_class; }, std::nullopt},
      {"unknown basis", [](Policy& p) { p.basis = static_cast<BasisKind>(3); }, TxError::bad_value},
  };
  for (const Case& c : cases) {
    Policy policy = default_policy(ProposalKind::sale);
    c.change(policy);
    EXPECT_EQ(refusal(ProposalKind::sale, policy), c.refusal) << c.what;
  }
}

TEST(PolicyBounds, FloorsAreForWeightyKindsOnly) {
  Policy weak = default_policy(ProposalKind::text);
  weak.quorum = weak.support = Ppm{0};
  for (u8 i = 0; i < kProposalKinds; ++i) {
    const auto kind = static_cast<ProposalKind>(i);
    const auto expected = is_weighty(kind) ? std::optional{TxError::policy_too_weak} : std::nullopt;
    EXPECT_EQ(refusal(kind, weak), expected) << word(kind);
  }
}

TEST(PolicyBounds, ABasisByTheSalesClassIsForSales) {
  Policy policy = default_policy(ProposalKind::spend);
  policy.basis = BasisKind::units_of_sale_class;
  EXPECT_EQ(refusal(ProposalKind::spend, policy), TxError::bad_value);
}

TEST(StricterPolicy, TakesEachFieldFromTheHarderSide) {
  Policy a, b;
  a.quorum = Ppm{300'000};
  b.quorum = Ppm{200'000};
  a.support = Ppm{500'000};
  b.support = Ppm{666'666};
  a.timelock = DurationMs{5};
  b.timelock = DurationMs{9};
  a.grace = DurationMs{100};
  b.grace = DurationMs{50};
  b.confirmed_only = true;
  b.minimum_class = ClassId{2};
  b.minimum_units = Units{10};
  const Policy both = stricter(a, b);
  EXPECT_EQ(both.quorum, Ppm{300'000});
  EXPECT_EQ(both.support, Ppm{666'666});
  EXPECT_EQ(both.timelock, DurationMs{9});
  EXPECT_EQ(both.grace, DurationMs{50});
  EXPECT_TRUE(both.confirmed_only);
  EXPECT_EQ(both.minimum_class, ClassId{2});
  EXPECT_EQ(both.minimum_units, Units{10});
}

// Whichever of the two has it, the harder value of every field that has a harder side is taken.
TEST(StricterPolicy, TakesEachFieldFromEitherSide_5_5) {
  const auto expect_taken = [](auto Policy::* field, auto weak, auto hard, const char* name) {
    Policy easy, strict;
    easy.*field = weak;
    strict.*field = hard;
    EXPECT_EQ(stricter(easy, strict).*field, hard) << name;
    EXPECT_EQ(stricter(strict, easy).*field, hard) << name;
  };
  expect_taken(&Policy::quorum, Ppm{1}, Ppm{2}, "quorum");
  expect_taken(&Policy::approval, Ppm{1}, Ppm{2}, "approval");
  expect_taken(&Policy::support, Ppm{1}, Ppm{2}, "support");
  expect_taken(&Policy::veto, Ppm{2}, Ppm{1}, "veto");
  expect_taken(&Policy::delay, DurationMs{1}, DurationMs{2}, "delay");
  expect_taken(&Policy::period, DurationMs{1}, DurationMs{2}, "period");
  expect_taken(&Policy::min_open, DurationMs{1}, DurationMs{2}, "min_open");
  expect_taken(&Policy::extension, DurationMs{1}, DurationMs{2}, "extension");
  expect_taken(&Policy::timelock, DurationMs{1}, DurationMs{2}, "timelock");
  expect_taken(&Policy::grace, DurationMs{2}, DurationMs{1}, "grace");
  expect_taken(&Policy::record_lag, DurationMs{1}, DurationMs{2}, "record_lag");
  expect_taken(&Policy::confirmed_only, false, true, "confirmed_only");
  expect_taken(&Policy::minimum_units, Units{1}, Units{2}, "minimum_units");
}

TEST(StricterPolicy, TheSmallerVetoIsStricterAndNoneIsTheWeakest) {
  const auto veto = [](u32 a, u32 b) {
    Policy left, right;
    left.veto = Ppm{a};
    right.veto = Ppm{b};
    return stricter(left, right).veto.raw();
  };
  EXPECT_EQ(veto(0, 0), 0u);
  EXPECT_EQ(veto(0, 333'333), 333'333u);
  EXPECT_EQ(veto(333'333, 0), 333'333u);
  EXPECT_EQ(veto(333'333, 250'000), 250'000u);
}

// Whatever passes the bounds on both sides passes them combined, so a policy change can always be decided.
TEST(StricterPolicy, OfTwoSoundPoliciesIsSound) {
  test::Random random(7);
  const auto draw = [&random](ProposalKind kind) {
    Policy policy = default_policy(kind);
    policy.quorum = Ppm{static_cast<u32>(random.below(1'000'001))};
    policy.approval = Ppm{static_cast<u32>(random.below(1'000'000) + 1)};
    policy.support = Ppm{static_cast<u32>(500'000 + random.below(500'000))};
    policy.veto = Ppm{static_cast<u32>(random.below(1'000'000))};
    policy.period = DurationMs{1 + random.below(30 * kDay)};
    policy.extension = DurationMs{random.below(policy.period.raw() + 1)};
    policy.min_open = DurationMs{random.below(policy.period.raw() + 1)};
    policy.minimum_units = Units{random.below(3)};
    policy.minimum_class = ClassId{policy.minimum_units.is_zero() ? 0 : random.below(3)};
    return policy;
  };
  for (int round = 0; round < 2'000; ++round) {
    const Policy a = draw(ProposalKind::policy), b = draw(ProposalKind::sale);
    ASSERT_EQ(refusal(ProposalKind::policy, stricter(a, b)), std::nullopt) << "round " << round;
  }
}

}  // namespace
}  // namespace moot::ledger
