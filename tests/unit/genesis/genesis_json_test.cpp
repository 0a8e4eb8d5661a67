#include "genesis/genesis_json.hpp"

#include <gtest/gtest.h>

#include "tests/support/random_value.hpp"
#include "tests/support/sample_genesis.hpp"

namespace moot::genesis {
namespace {

using ledger::Genesis;
using ledger::Param;
using test::sample_genesis;

constexpr u64 kDay = 86'400'000;

constexpr std::string_view kSmallest = R"({
  "organisation": "Listeners",
  "salt": "0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a",
  "created": 1767225600000,
  "roles": {"validator": {"holders": [{"address": "0x0909090909090909090909090909090909090909",
    "validatorKey": "0x9999999999999999999999999999999999999999999999999999999999999999"}]}}
})";

// The smallest document with `entries` added at its top.
std::string with(std::string_view entries) {
  return std::string{kSmallest.substr(0, kSmallest.size() - 1)} + "," + std::string{entries} + "}";
}

std::string error_of(std::string_view text) {
  const auto genesis = from_json(text);
  return genesis ? "no error" : genesis.error();
}

TEST(GenesisJson, WhatIsWrittenReadsBackTheSame) {
  Genesis genesis = sample_genesis();
  genesis.organisation = "\"Słuchacze\" \\ 声";
  genesis.parent.emplace().height = Height{~u64{0}};
  genesis.parent->ledger.bytes[0] = genesis.parent->state_root.bytes[31] = 1;
  genesis.assets[1].supply = Amount{kMaxU128};
  genesis.rules.policies[1].period = DurationMs{86'400'001};
  const std::string text = to_json(genesis);
  const auto back = from_json(text);
  ASSERT_TRUE(back) << back.error() << "\n" << text;
  EXPECT_EQ(*back, genesis);
  EXPECT_EQ(to_json(*back), text);
  EXPECT_EQ(ledger_id(*back), ledger_id(genesis));
}

TEST(GenesisJson, LeftOutFieldsTakeTheirDefaults) {
  const auto genesis = from_json(kSmallest);
  ASSERT_TRUE(genesis) << genesis.error();
  EXPECT_EQ(genesis->rules, ledger::default_rules());
  EXPECT_EQ(genesis->rules_version, 1u);
  EXPECT_FALSE(genesis->parent);
  EXPECT_TRUE(genesis->members.empty());
}

TEST(GenesisJson, ANamedPolicyStartsFromItsKindsDefault) {
  const auto genesis = from_json(with(R"("policies": {"sale": {"quorum": 300000, "period": "2d"}})"));
  ASSERT_TRUE(genesis) << genesis.error();
  ledger::Policy expected = ledger::default_policy(ledger::ProposalKind::sale);
  expected.quorum = Ppm{300'000};
  expected.period = DurationMs{2 * kDay};
  EXPECT_EQ(genesis->rules.policy(ledger::ProposalKind::sale), expected);
}

TEST(GenesisJson, DurationsMayNameTheirUnit) {
  const std::pair<const char*, u64> forms[] = {
      {R"("36h")", 129'600'000}, {R"("1d")", kDay}, {R"("10m")", 600'000}, {R"("5s")", 5'000},
      {R"("250ms")", 250},       {"250", 250},      {R"("250")", 250},     {"1", 1},
  };
  for (const auto& [text, expected] : forms) {
    const auto genesis = from_json(with(R"("parameters": {"payout_delay_ms": )" + std::string{text} + "}"));
    ASSERT_TRUE(genesis) << text << ": " << genesis.error();
    EXPECT_EQ(genesis->rules.parameters[Param::payout_delay_ms], expected) << text;
  }
  for (const char* bad : {R"("1w")", R"("d")", R"("1.5d")", R"("-1d")", R"("01d")", "1.5", "-1", R"("")",
                          "true", R"("99999999999999999999d")", R"("213503982335d")"})
    EXPECT_TRUE(error_of(with(R"("parameters": {"payout_delay_ms": )" + std::string{bad} + "}"))
                    .starts_with("parameters.payout_delay_ms: is not a duration"))
        << bad;
}

TEST(GenesisJson, EveryFaultIsNamedByItsPlace) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "line 1: not JSON"},
      {"[]", "the document is not an object"},
      {"{\n\"organisation\": }", "line 2: not JSON"},
      {std::string{kSmallest} + " {}", "line 7: "},
      {with(R"("organisation": "Twice")"), "line 7: the key \"organisation\" stands twice"},
      {with(R"("policies": {"sale": {"quorum": 1, "quorum": 2}})"),
       "line 7: the key \"quorum\" stands twice"},
      {with(R"("motto": "x")"), "motto: is not a field here"},
      {with(R"("policies": {"sales": {}})"), "policies.sales: is not a field here"},
      {with(R"("policies": {"sale": {"quorums": 1}})"), "policies.sale.quorums: is not a field here"},
      {with(R"("policies": {"sale": {"quorum": 4294967296}})"), "policies.sale.quorum: is above 4294967295"},
      {with(R"("policies": {"sale": {"quorum": 0.2}})"), "policies.sale.quorum: is not a whole number"},
      {with(R"("policies": {"sale": {"basis": "people"}})"), "policies.sale.basis: \"people\" is not a word"},
      {with(R"("policies": {"sale": {"voteChange": 1}})"),
       "policies.sale.voteChange: is neither true nor false"},
      {with(R"("policies": [])"), "policies: is not an object"},
      {with(R"("parameters": {"invite": 1})"), "parameters.invite: is not a field here"},
      {with(R"("parameters": {"invites": 2})"), "parameters.invites: 2 is outside 0 to 1"},
      {with(R"("rulesVersion": "one")"), "rulesVersion: is not a whole number"},
      {with(R"("members": {})"), "members: is not a list"},
      {with(R"("members": [{}])"), "members[0].address: is missing"},
      {with(R"("members": [{"address": "0x12"}])"), "members[0].address: is not an address"},
      {with(R"("members": [{"address": 5}])"), "members[0].address: is not text"},
      {with(R"("members": [5])"), "members[0]: is not an object"},
      {with(
           R"("members": [{"address": "0x0909090909090909090909090909090909090909", "consentHash": "0x12"}])"),
       "members[0].consentHash: is not 32 bytes"},
      {with(R"("assets": [{"symbol": "X", "decimals": 256}])"), "assets[0].decimals: is above 255"},
      {with(
           R"("assets": [{"symbol": "X", "kind": "fixed", "supply": "340282366920938463463374607431768211456"}])"),
       "assets[0].supply: is not a whole number"},
      {with(R"("assets": [{"symbol": "X", "kind": "fixed", "supply": -1}])"),
       "assets[0].supply: is not a whole number"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_TRUE(error_of(text).starts_with(expected))
        << "expected: " << expected << "\n     was: " << error_of(text);
}

TEST(GenesisJson, AMixedCaseAddressMustHaveTheRightChecksum) {
  const auto members = [](std::string_view address) {
    return with(R"("members": [{"address": ")" + std::string{address} + R"("}])");
  };
  EXPECT_TRUE(from_json(members("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")));
  EXPECT_TRUE(from_json(members("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")));
  EXPECT_TRUE(error_of(members("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"))
                  .starts_with("members[0].address: is not an address"));
}

TEST(GenesisJson, WideIntegersAreTextAndEitherFormIsRead) {
  EXPECT_NE(to_json(sample_genesis()).find(R"("amount": "50")"), std::string::npos);
  const auto genesis =
      from_json(with(R"("assets": [{"symbol": "X", "kind": "fixed", "supply": 18446744073709551615}])"));
  ASSERT_TRUE(genesis) << genesis.error();
  EXPECT_EQ(genesis->assets[0].supply, Amount{~u64{0}});
}

TEST(GenesisJson, EighteenThousandMembersAreNoTrouble) {
  Genesis genesis = sample_genesis();
  test::Random random(18);
  for (u64 i = 0; i < 18'000; ++i) {
    ledger::GenesisMember member;
    test::fill(random, member.address);
    member.holdings = {{.share_class = ClassId{0}, .units = Units{1 + random.below(1'000)}}};
    genesis.members.push_back(member);
  }
  const auto back = from_json(to_json(genesis));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(*back, genesis);
}

}  // namespace
}  // namespace moot::genesis
