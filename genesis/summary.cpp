#include "genesis/summary.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"

namespace moot::genesis {

using namespace ledger;

std::string id_text(const Genesis& genesis) { return "0x" + to_hex(ledger_id(genesis).view()); }

std::vector<std::pair<std::string, std::string>> summary(const Genesis& genesis) {
  std::vector<std::pair<std::string, std::string>> out{{"organisation", genesis.organisation},
                                                       {"ledger id", id_text(genesis)},
                                                       {"created", to_iso8601(genesis.created)},
                                                       {"members", std::to_string(genesis.members.size())}};
  std::vector<u128> units(genesis.classes.size());
  for (const GenesisMember& member : genesis.members)
    for (const GenesisHolding& holding : member.holdings)
      units[holding.share_class.value] += holding.units.raw();
  for (std::size_t i = 0; i < units.size(); ++i)
    out.emplace_back("class " + std::to_string(i),
                     fmt::format("{}, {} units", genesis.classes[i].name, static_cast<u64>(units[i])));
  for (std::size_t i = 0; i < genesis.assets.size(); ++i)
    out.emplace_back("asset " + std::to_string(i),
                     fmt::format("{}, {} decimals, {}", genesis.assets[i].symbol, genesis.assets[i].decimals,
                                 word(genesis.assets[i].kind)));
  for (u8 i = 1; i <= kRoleCount; ++i) {
    const auto role = static_cast<Role>(i);
    const GenesisRole& table = genesis.roles[role];
    if (!table.holders.empty())
      out.emplace_back(word(role), fmt::format("{} of {}", table.threshold, table.holders.size()));
  }
  return out;
}

}  // namespace moot::genesis
