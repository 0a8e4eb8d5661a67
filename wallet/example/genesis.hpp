// What the example's ledger begins with: roles, one class of units, one asset, and policies with waits of seconds. There are
// no members in it: registrars admit them through the API.
#pragma once

#include <filesystem>

#include "ledger/genesis.hpp"
#include "wallet/example/cast.hpp"
#include "wallet/example/plan.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet::example {

inline constexpr const char* kOrganisation = "Listeners' Data Co-op";
inline constexpr const char* kSymbol = "USDX";
inline constexpr const char* kClassName = "listening data set";
inline constexpr u64 kPollMs = 10'000;  // how long the poll is open

struct GenesisTerms {
  Hash salt;
  TimeMs created;
};
ledger::Genesis make_genesis(const Cast& cast, const Numbers& numbers, const GenesisTerms& terms);

// A folder that both programs read:
//   config/genesis.json, config/node_key.json, config/config.toml   what `mootd start --home` needs
//   keystore/, password                                             the cast, and ada, ben, cleo and dan, for `moot --keystore`
//   example.json                                                    seed and number of members
// Never over what is there.
struct Setting {
  std::filesystem::path folder;
  u64 seed = kDefaultSeed;
  u64 members = kDefaultMembers;
};
Result<LedgerId> write_setting(const Setting& setting, const GenesisTerms& terms);
// Reads example.json.
Result<Setting> read_setting(const std::filesystem::path& folder);
// The id of the folder's genesis.
Result<LedgerId> ledger_of(const std::filesystem::path& folder);

}  // namespace moot::wallet::example
