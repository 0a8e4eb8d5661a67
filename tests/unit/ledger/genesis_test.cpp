#include "ledger/genesis.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/random_value.hpp"
#include "tests/support/sample_genesis.hpp"

namespace moot::ledger {
namespace {

using test::address;
using test::holder;
using test::sample_genesis;

constexpr u64 kDay = 86'400'000;

struct Case {
  const char* field;  // how the sentence begins
  std::function<void(Genesis&)> spoil;
};

GenesisRole& role(Genesis& genesis, Role which) { return genesis.roles[which]; }

void name_validators(Genesis& genesis, std::size_t count) {
  auto& holders = role(genesis, Role::validator).holders;
  holders.assign(count, holder(0));
  for (std::size_t i = 0; i < count; ++i) {
    const u8 number[] = {static_cast<u8>(i >> 8), static_cast<u8>(i), 1};
    std::ranges::copy(number, holders[i].address.bytes.begin());
    std::ranges::copy(number, holders[i].validator_key.bytes.begin());
  }
}

TEST(GenesisCheck, NamesAsManyValidatorsAsConsensusCanHave) {
  Genesis genesis = sample_genesis();
  name_validators(genesis, kMaxGenesisValidators);
  const auto checked = check_genesis(genesis);
  EXPECT_TRUE(checked) << checked.error();
  EXPECT_EQ(validator_keys(genesis).size(), kMaxGenesisValidators);
}

TEST(GenesisCheck, ASoundGenesisPasses) {
  const auto checked = check_genesis(sample_genesis());
  EXPECT_TRUE(checked) << checked.error();
}

TEST(GenesisCheck, EveryFaultIsNamedByItsField) {
  const Case cases[] = {
      {"rulesVersion: ", [](Genesis& g) { g.rules_version = 2; }},
      {"organisation: is missing", [](Genesis& g) { g.organisation.clear(); }},
      {"organisation: is longer", [](Genesis& g) { g.organisation.assign(65, 'x'); }},
      {"organisation: is not readable", [](Genesis& g) { g.organisation = "a\nb"; }},
      {"salt: ", [](Genesis& g) { g.salt = {}; }},
      {"created: is missing", [](Genesis& g) { g.created = {}; }},
      {"created: lies beyond", [](Genesis& g) { g.created = TimeMs{1'767'225'600'000'000'000}; }},
      {"parent.ledger: ", [](Genesis& g) { g.parent.emplace(); }},
      {"parent.stateRoot: ", [](Genesis& g) { g.parent.emplace().ledger.bytes[0] = 1; }},
      {"parameters.pause_max_ms: ",
       [](Genesis& g) { g.rules.parameters.set(Param::pause_max_ms, 15 * kDay); }},
      {"parameters.invites: ", [](Genesis& g) { g.rules.parameters.set(Param::invites, 2); }},
      {"parameters.recovery_delay_ms: is shorter",
       [](Genesis& g) { g.rules.policies[0].period = DurationMs{14 * kDay + 1}; }},
      {"policies.sale: is too weak", [](Genesis& g) { g.rules.policies[1].support = Ppm{499'999}; }},
      {"policies.spend: is too weak", [](Genesis& g) { g.rules.policies[2].timelock = DurationMs{0}; }},
      {"policies.text: has a ratio", [](Genesis& g) { g.rules.policies[0].quorum = Ppm{1'000'001}; }},
      {"policies.text.basisClass: ",
       [](Genesis& g) {
         g.rules.policies[0].basis = BasisKind::units_of_class;
         g.rules.policies[0].basis_class = ClassId{2};
       }},
      {"policies.text.minimumClass: ",
       [](Genesis& g) {
         g.rules.policies[0].minimum_units = Units{1};
         g.rules.policies[0].minimum_class = ClassId{2};
       }},
      {"roles.validator.holders: are more",
       [](Genesis& g) { name_validators(g, kMaxGenesisValidators + 1); }},
      {"policies: reserve more", [](Genesis& g) { g.rules.policies[0].reserved_live = 65; }},
      {"policies: reserve every", [](Genesis& g) { g.rules.policies[0].reserved_live = 64; }},
      {"assets[0].symbol: is missing", [](Genesis& g) { g.assets[0].symbol.clear(); }},
      {"assets[0].symbol: may hold only", [](Genesis& g) { g.assets[0].symbol = "usdx"; }},
      {"assets[1].symbol: is used", [](Genesis& g) { g.assets[1].symbol = "USDX"; }},
      {"assets[0].decimals: ", [](Genesis& g) { g.assets[0].decimals = 39; }},
      {"assets[0].supply: ", [](Genesis& g) { g.assets[0].supply = Amount{1}; }},
      {"assets[1].minimumRedemption: ", [](Genesis& g) { g.assets[1].minimum_redemption = Amount{1}; }},
      {"classes[1].name: is used", [](Genesis& g) { g.classes[1].name = g.classes[0].name; }},
      {"classes[0].name: is missing", [](Genesis& g) { g.classes[0].name.clear(); }},
      {"roles.treasurer.threshold: ", [](Genesis& g) { role(g, Role::treasurer).threshold = 0; }},
      {"roles.treasurer.threshold: ", [](Genesis& g) { role(g, Role::treasurer).threshold = 4; }},
      {"roles.attestor.threshold: must be 1",
       [](Genesis& g) {
         role(g, Role::attestor).holders.push_back(holder(30));
         role(g, Role::attestor).threshold = 2;
       }},
      {"roles.treasurer.thresholds[0].kind: is not this role's",
       [](Genesis& g) { role(g, Role::treasurer).thresholds[0].kind = TxKind::vote; }},
      {"roles.treasurer.thresholds[0].threshold: ",
       [](Genesis& g) { role(g, Role::treasurer).thresholds[0].threshold = 4; }},
      {"roles.treasurer.thresholds[1].kind: is not in ascending",
       [](Genesis& g) {
         role(g, Role::treasurer).thresholds.push_back({.kind = TxKind::record_proceeds, .threshold = 1});
       }},
      {"roles.registrar.holders[1].address: is listed twice",
       [](Genesis& g) { role(g, Role::registrar).holders[1] = holder(1); }},
      {"roles.auditor.holders[0].address: already holds a role at roles.treasurer.holders[0]",
       [](Genesis& g) { role(g, Role::auditor).holders[0] = holder(3); }},
      {"roles.registrar.holders[0].address: is missing",
       [](Genesis& g) { role(g, Role::registrar).holders[0].address = {}; }},
      {"roles.auditor.holders[0].expires: is not after",
       [](Genesis& g) { role(g, Role::auditor).holders[0].expires = g.created; }},
      {"roles.guardian.holders[0].expires: ",
       [](Genesis& g) { role(g, Role::guardian).holders[0].expires = TimeMs{0}; }},
      {"roles.guardian.holders[0].expires: ",
       [](Genesis& g) {
         role(g, Role::guardian).holders[0].expires = TimeMs{g.created.raw() + 365 * kDay + 1};
       }},
      {"roles.auditor.holders[0].validatorKey: is for validators",
       [](Genesis& g) { role(g, Role::auditor).holders[0].validator_key.bytes[0] = 1; }},
      {"roles.auditor.holders[0].cometKey: is for validators",
       [](Genesis& g) { role(g, Role::auditor).holders[0].comet_key.bytes[0] = 1; }},
      {"roles.validator.holders[0].validatorKey: is missing",
       [](Genesis& g) { role(g, Role::validator).holders[0].validator_key = {}; }},
      {"roles.validator.holders[1].validatorKey: is used",
       [](Genesis& g) {
         role(g, Role::validator).holders.push_back(role(g, Role::validator).holders[0]);
         role(g, Role::validator).holders[1].address = address(31);
       }},
      {"roles.validator.holders: need", [](Genesis& g) { role(g, Role::validator).holders.clear(); }},
      {"members[0].address: is missing", [](Genesis& g) { g.members[0].address = {}; }},
      {"members[2].address: is already used by members[0]",
       [](Genesis& g) { g.members[2].address = g.members[0].address; }},
      {"members[1].address: is already used by accounts[0]",
       [](Genesis& g) { g.members[1].address = g.accounts[0].address; }},
      {"accounts[0].balances[0].asset: is not in assets",
       [](Genesis& g) { g.accounts[0].balances[0].asset = AssetId{2}; }},
      {"accounts[0].balances[0].asset: is external",
       [](Genesis& g) { g.accounts[0].balances[0].asset = AssetId{0}; }},
      {"accounts[0].balances[0].amount: is 0", [](Genesis& g) { g.accounts[0].balances[0].amount = {}; }},
      {"accounts[0].balances[0].amount: takes",
       [](Genesis& g) { g.accounts[0].balances[0].amount = Amount{101}; }},
      {"accounts[1].balances[0].amount: takes",
       [](Genesis& g) {
         g.accounts.push_back(
             {.address = address(11), .balances = {{.asset = AssetId{1}, .amount = Amount{51}}}});
       }},
      {"accounts[0].balances[1].asset: is not in ascending",
       [](Genesis& g) { g.accounts[0].balances.push_back(g.accounts[0].balances[0]); }},
      {"members[0].holdings[0].shareClass: is not in classes",
       [](Genesis& g) { g.members[0].holdings[0].share_class = ClassId{2}; }},
      {"members[1].holdings[1].shareClass: is not in ascending",
       [](Genesis& g) { g.members[1].holdings[1].share_class = ClassId{0}; }},
      {"members[0].holdings[0].units: is 0", [](Genesis& g) { g.members[0].holdings[0].units = {}; }},
      {"members[1].holdings[0].units: takes",
       [](Genesis& g) { g.members[0].holdings[0].units = Units{~u64{0}}; }},
  };
  for (const Case& c : cases) {
    Genesis genesis = sample_genesis();
    c.spoil(genesis);
    const auto checked = check_genesis(genesis);
    ASSERT_FALSE(checked) << c.field;
    EXPECT_TRUE(checked.error().starts_with(c.field)) << c.field << " but was: " << checked.error();
  }
}

TEST(GenesisCheck, WhatIsJustWithinItsBoundsPasses) {
  const std::function<void(Genesis&)> cases[] = {
      [](Genesis& g) { g.rules.policies[0].period = DurationMs{14 * kDay}; },
      [](Genesis& g) { g.accounts[0].balances[0].amount = Amount{100}; },
      [](Genesis& g) { g.members[0].holdings[0].units = Units{~u64{0} - 1}; },
      [](Genesis& g) { role(g, Role::guardian).holders[0].expires = TimeMs{g.created.raw() + 365 * kDay}; },
      [](Genesis& g) { role(g, Role::treasurer).threshold = 3; },
      [](Genesis& g) { role(g, Role::attestor).holders.push_back(holder(1)); },  // a registrar may attest
      [](Genesis& g) { role(g, Role::registrar).holders[0] = holder(20); },      // a member may hold a role
      [](Genesis& g) { g.members.clear(); },
      [](Genesis& g) { g.assets[1].supply = Amount{kMaxU128}; },
      [](Genesis& g) {
        g.created = TimeMs{u64{1} << 46};
        role(g, Role::guardian).holders[0].expires = TimeMs{g.created.raw() + 1};
      },
  };
  for (std::size_t i = 0; i < std::size(cases); ++i) {
    Genesis genesis = sample_genesis();
    cases[i](genesis);
    const auto checked = check_genesis(genesis);
    EXPECT_TRUE(checked) << i << ": " << checked.error();
  }
}

TEST(GenesisBytes, RoundTrip) {
  Genesis genesis = sample_genesis();
  genesis.parent.emplace().height = Height{7};
  const Bytes bytes = encoded(genesis);
  EXPECT_EQ(decoded<Genesis>(bytes), genesis);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(decoded<Genesis>(ByteView{bytes}.first(size))) << size;
}

TEST(GenesisBytes, Rule8_TheLedgerIdCoversEveryByte) {
  const Bytes bytes = encoded(sample_genesis());
  const LedgerId id = ledger_id(sample_genesis());
  std::size_t others = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    Bytes changed = bytes;
    changed[i] ^= 1;
    const auto genesis = decoded<Genesis>(changed);
    if (!genesis) continue;
    ++others;
    ASSERT_NE(ledger_id(*genesis), id) << i;
  }
  EXPECT_GT(others, bytes.size() / 6);
}

// The id of this very genesis is protocol: it changes only when the encoding or a default does.
TEST(GenesisBytes, TheSamplesIdIsGolden) {
  EXPECT_EQ(to_hex(ledger_id(sample_genesis()).view()),
            "7e97254d6dbe89932e757eac4b0a721f059aefbc5f1cc23957c11af06dc6fb30");
}

}  // namespace
}  // namespace moot::ledger
