// A small organisation that passes check_genesis, for tests that then break one thing.
#pragma once

#include "ledger/genesis.hpp"

namespace moot::test {

inline Address address(u8 fill) {
  Address out;
  out.bytes.fill(fill);
  return out;
}

inline ledger::GenesisHolder holder(u8 fill) {
  return {.address = address(fill), .expires = {}, .validator_key = {}, .comet_key = {}};
}

// Registrars 1-2, treasurers 3-5 (two of three), auditor 6, guardian 7, attestor 8, validator 9; a buyer, address 10, with
// half of the fixed asset; members 20, 21, 22.
inline ledger::Genesis sample_genesis() {
  using ledger::Role;
  ledger::Genesis out;
  out.organisation = "Listeners";
  out.salt.bytes.fill(0x5A);
  out.created = TimeMs{1'767'225'600'000};
  out.assets = {
      {.symbol = "USDX",
       .decimals = 6,
       .kind = ledger::AssetKind::external,
       .supply = {},
       .minimum_redemption = Amount{1'000'000}},
      {.symbol = "LSN",
       .decimals = 0,
       .kind = ledger::AssetKind::fixed,
       .supply = Amount{100},
       .minimum_redemption = {}},
  };
  out.classes = {{.name = "data set 1", .attested_only = true}, {.name = "founders", .attested_only = false}};
  out.roles[Role::registrar].holders = {holder(1), holder(2)};
  out.roles[Role::treasurer].threshold = 2;
  out.roles[Role::treasurer].holders = {holder(3), holder(4), holder(5)};
  out.roles[Role::treasurer].thresholds = {{.kind = ledger::TxKind::settle_redemptions, .threshold = 1}};
  out.roles[Role::auditor].holders = {holder(6)};
  out.roles[Role::guardian].holders = {holder(7)};
  out.roles[Role::guardian].holders[0].expires = TimeMs{out.created.raw() + 86'400'000};
  out.roles[Role::attestor].holders = {holder(8)};
  out.roles[Role::validator].holders = {holder(9)};
  out.roles[Role::validator].holders[0].validator_key.bytes.fill(0x99);
  out.accounts = {{.address = address(10), .balances = {{.asset = AssetId{1}, .amount = Amount{50}}}}};
  out.members = {
      {.address = address(20),
       .holdings = {{.share_class = ClassId{0}, .units = Units{7}}},
       .consent_hash = {}},
      {.address = address(21),
       .holdings = {{.share_class = ClassId{0}, .units = Units{1}},
                    {.share_class = ClassId{1}, .units = Units{3}}},
       .consent_hash = {}},
      {.address = address(22), .holdings = {}, .consent_hash = {}},
  };
  return out;
}

}  // namespace moot::test
