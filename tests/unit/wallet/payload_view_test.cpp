// What a person reads before signing.
#include "wallet/payload_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/payloads/money.hpp"

namespace moot::wallet {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string shown(const ledger::Payload& payload, std::string_view title) {
  for (const auto& fact : payload_facts(payload, AssetBook()))
    if (fact.title == title) return fact.value;
  return "(not shown)";
}

TEST(PayloadView, AnApprovalWithoutAnEndOfItsOwnLastsTheLongestAndNotForEver) {
  ledger::RecordProceeds proceeds;
  EXPECT_THAT(shown(proceeds, "expires"), AllOf(HasSubstr("after the longest time"), HasSubstr("30d")));
  EXPECT_THAT(shown(ledger::ApproveAction{}, "expires"), HasSubstr("after the longest time"));
  proceeds.expires = TimeMs{1'800'000'000'000};
  EXPECT_EQ(shown(proceeds, "expires"), "2027-01-15T08:00:00.000Z");
}

TEST(PayloadView, WhatIsGoodWithoutLimitSaysSo) {
  EXPECT_EQ(shown(ledger::Join{}, "invite valid until"), "no limit");
}

}  // namespace
}  // namespace moot::wallet
