// The ledger's assets by symbol, and amounts as people write them: "12.5 USDX".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

class NodeClient;

struct AssetName {
  AssetId id;
  std::string symbol;
  u8 decimals = 0;
};

struct MoneyInput {
  AssetName asset;
  Amount amount;

  [[nodiscard]] std::string text() const;  // canonical: "12.500000 USDX"
};

class AssetBook {
 public:
  AssetBook() = default;
  explicit AssetBook(std::vector<AssetName> assets) : assets_(std::move(assets)) {}
  // Asks the node for all of them.
  static Result<AssetBook> load(const NodeClient& client);

  [[nodiscard]] const AssetName* find(AssetId id) const;
  [[nodiscard]] const AssetName* find(std::string_view symbol) const;
  // Of a ledger with one asset, that one.
  [[nodiscard]] std::optional<AssetId> only() const;
  // A symbol or a number.
  [[nodiscard]] Result<AssetName> named(std::string_view text) const;
  // "12.5 USDX"; or "12.5" alone, where `asset` names one or the ledger has no other.
  [[nodiscard]] Result<MoneyInput> parse(std::string_view text, std::string_view asset = {}) const;
  // Canonical text; base units and the asset's number where the asset is not known.
  [[nodiscard]] std::string render(AssetId asset, Amount amount) const;

 private:
  std::vector<AssetName> assets_;
};

// Decimal digits of an amount of base units, and back.
std::string base_units(Amount amount);
std::optional<Amount> parse_base_units(std::string_view digits);

}  // namespace moot::wallet
