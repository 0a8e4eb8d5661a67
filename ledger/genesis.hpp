// What a ledger begins with, and its name for ever: the ledger id is the hash of these bytes, the salt of everything that
// its members sign, and the consensus chain's id (rules.md §8). genesis/genesis_json.hpp reads and writes it for people.
#pragma once

#include <expected>
#include <string>

#include "crypto/keys.hpp"
#include "ledger/records/governance.hpp"

namespace moot::ledger {

inline constexpr u32 kRulesVersion = 1;  // the newest this code executes

// The ledger that this one continues, when an organisation starts anew.
struct GenesisParent {
  LedgerId ledger;
  Height height;
  StateRoot state_root;
  MOOT_DESCRIBE {
    v("ledger", self.ledger);
    v("height", self.height);
    v("stateRoot", self.state_root);
  }
  friend bool operator==(const GenesisParent&, const GenesisParent&) = default;
};

struct GenesisAsset {
  std::string symbol;
  u8 decimals = 0;
  AssetKind kind = AssetKind::external;
  Amount supply;  // fixed: created whole; what accounts do not get stands in the treasury. external: 0
  Amount minimum_redemption;  // external
  MOOT_DESCRIBE {
    v("symbol", self.symbol);
    v("decimals", self.decimals);
    v("kind", self.kind);
    v("supply", self.supply);
    v("minimumRedemption", self.minimum_redemption);
  }
  friend bool operator==(const GenesisAsset&, const GenesisAsset&) = default;
};

struct GenesisClass {
  std::string name;
  bool attested_only = true;  // from block 1 on; units that the genesis itself gives need no attestation
  MOOT_DESCRIBE {
    v("name", self.name);
    v("attestedOnly", self.attested_only);
  }
  friend bool operator==(const GenesisClass&, const GenesisClass&) = default;
};

// A role holder need not be a member, nor listed among the accounts.
struct GenesisHolder {
  Address address;
  TimeMs expires;      // 0: never; guardians need one
  Hash validator_key;  // validators: the BIP-340 key
  Hash comet_key;      // validators: the key for another engine; may be zero
  MOOT_DESCRIBE {
    v("address", self.address);
    v("expires", self.expires);
    v("validatorKey", self.validator_key);
    v("cometKey", self.comet_key);
  }
  friend bool operator==(const GenesisHolder&, const GenesisHolder&) = default;
};

struct GenesisRole {
  u16 threshold = 1;                      // m
  std::vector<KindThreshold> thresholds;  // m for one kind of transaction, where it differs; by kind
  std::vector<GenesisHolder> holders;     // n
  MOOT_DESCRIBE {
    v("threshold", self.threshold);
    v("thresholds", self.thresholds);
    v("holders", self.holders);
  }
  friend bool operator==(const GenesisRole&, const GenesisRole&) = default;
};

struct GenesisRoles {
  std::array<GenesisRole, kRoleCount> tables{};
  GenesisRole& operator[](Role role) { return tables[static_cast<std::size_t>(role) - 1]; }
  const GenesisRole& operator[](Role role) const { return tables[static_cast<std::size_t>(role) - 1]; }
  MOOT_DESCRIBE {
    v("registrar", self.tables[0]);
    v("attestor", self.tables[1]);
    v("treasurer", self.tables[2]);
    v("auditor", self.tables[3]);
    v("guardian", self.tables[4]);
    v("validator", self.tables[5]);
  }
  friend bool operator==(const GenesisRoles&, const GenesisRoles&) = default;
};

// An account without membership, such as a buyer's. Balances are of fixed assets only: an external asset's supply rises
// by recorded proceeds alone (6.1).
struct GenesisAccount {
  Address address;
  std::vector<Balance> balances;  // by asset, none of them zero
  MOOT_DESCRIBE {
    v("address", self.address);
    v("balances", self.balances);
  }
  friend bool operator==(const GenesisAccount&, const GenesisAccount&) = default;
};

struct GenesisHolding {
  ClassId share_class;
  Units units;
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("units", self.units);
  }
  friend bool operator==(const GenesisHolding&, const GenesisHolding&) = default;
};

// A founding member; its member id is its place in the list.
struct GenesisMember {
  Address address;
  std::vector<GenesisHolding> holdings;  // by class, none of them zero
  Hash consent_hash;                     // 0: none yet
  MOOT_DESCRIBE {
    v("address", self.address);
    v("holdings", self.holdings);
    v("consentHash", self.consent_hash);
  }
  friend bool operator==(const GenesisMember&, const GenesisMember&) = default;
};

// Default parameters, and default_policy for each kind.
RuleBook default_rules();

struct Genesis {
  u32 rules_version = kRulesVersion;
  std::string organisation;
  Hash salt;       // drawn at random, so that two ledgers of one organisation differ
  TimeMs created;  // the time of block 0
  std::optional<GenesisParent> parent;
  RuleBook rules = default_rules();
  std::vector<GenesisAsset> assets;   // asset ids are places in this list
  std::vector<GenesisClass> classes;  // class ids likewise
  GenesisRoles roles;
  std::vector<GenesisAccount> accounts;
  std::vector<GenesisMember> members;
  MOOT_DESCRIBE {
    v("rulesVersion", self.rules_version);
    v("organisation", self.organisation);
    v("salt", self.salt);
    v("created", self.created);
    v("parent", self.parent);
    v("rules", self.rules);
    v("assets", self.assets);
    v("classes", self.classes);
    v("roles", self.roles);
    v("accounts", self.accounts);
    v("members", self.members);
  }
  friend bool operator==(const Genesis&, const Genesis&) = default;
};

inline constexpr std::size_t kMaxGenesisValidators = 1'024;  // what consensus can have
// The consensus keys of the validators that a genesis names, in its order.
std::vector<crypto::XOnlyKey> validator_keys(const Genesis& genesis);

// TH("moot/genesis", canonical bytes).
LedgerId ledger_id(const Genesis& genesis);

// Everything a ledger may rely on from its first block. The error is one sentence that names the field, in the words of the
// JSON form: "members[17].address: is already used by members[3]".
std::expected<void, std::string> check_genesis(const Genesis& genesis);

}  // namespace moot::ledger
