#include "ledger/parameters.hpp"

#include <gtest/gtest.h>

#include <set>

#include "ledger/transaction.hpp"

namespace moot::ledger {
namespace {

constexpr u64 kDay = 86'400'000;

TEST(ParameterTable, Rule9_EveryNumberHasANameItsOwnDefaultAndBounds) {
  std::set<std::string_view> names;
  for (const ParamInfo& row : param_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_LE(row.minimum, row.default_value) << row.name;
    EXPECT_LE(row.default_value, row.maximum) << row.name;
    EXPECT_FALSE(row.meaning.empty()) << row.name;
    EXPECT_EQ(parse_param(row.name), row.id);
    EXPECT_EQ(info(row.id).name, row.name);
    EXPECT_EQ(default_parameters()[row.id], row.default_value);
  }
  EXPECT_EQ(names.size(), kParamCount);
  EXPECT_EQ(parse_param("no_such"), std::nullopt);
}

TEST(ParameterTable, HoldsTheNumbersOfTheRules) {
  const Parameters p = default_parameters();
  EXPECT_EQ(p[Param::max_block_bytes], 2'097'152u);
  EXPECT_EQ(p[Param::ballot_share_ppm], 500'000u);
  EXPECT_EQ(p[Param::account_block_limit], 16u);
  EXPECT_EQ(p[Param::max_live_proposals], 64u);
  EXPECT_EQ(p[Param::max_actions], 256u);
  EXPECT_EQ(p[Param::outage_ms], 600'000u);
  EXPECT_EQ(p[Param::execute_attempts], 16u);
  EXPECT_EQ(p[Param::payout_delay_ms], kDay);
  EXPECT_EQ(p[Param::approval_timeout_ms], 30 * kDay);
  EXPECT_EQ(p[Param::pause_max_ms], 14 * kDay);
  EXPECT_EQ(p[Param::settle_max], 256u);
  EXPECT_EQ(p[Param::recovery_delay_ms], 14 * kDay);
  EXPECT_EQ(p[Param::recovery_freeze_ms], 7 * kDay);
  EXPECT_EQ(p[Param::suspension_max_ms], 180 * kDay);
  EXPECT_EQ(p[Param::guardian_cancels], 2u);
  EXPECT_EQ(p[Param::open_actions_per_holder], 16u);
  EXPECT_EQ(p[Param::valid_until_max_ms], 30 * kDay);
  EXPECT_EQ(p[Param::nonce_advance_max], 1'000u);
  EXPECT_EQ(p[Param::invites], 0u);
}

// Whatever is voted within the bounds, the largest transaction fits a block and the longest list fits the weight that is
// not kept for ballots; and the ring of 1,024 marks reaches back past the longest record lag.
TEST(ParameterTable, BoundsCannotContradictEachOther) {
  EXPECT_GE(info(Param::max_block_bytes).minimum, info(Param::max_transaction_bytes).maximum);
  EXPECT_LE(info(Param::max_transaction_bytes).maximum, kMaxTransactionBytes);
  const u64 open_weight =
      info(Param::max_block_weight).minimum * (kMillion - info(Param::ballot_share_ppm).maximum) / kMillion;
  for (const Param list : {Param::admissions_per_transaction, Param::contributions_per_transaction,
                           Param::redemptions_per_transaction, Param::max_actions, Param::settle_max})
    EXPECT_GT(open_weight, info(list).maximum) << info(list).name;
  EXPECT_GT(1'024 * info(Param::mark_interval_ms).minimum, 30 * kDay);
}

}  // namespace
}  // namespace moot::ledger
