#include "wallet/asset_book.hpp"

#include <algorithm>

#include "ledger/text.hpp"
#include "wallet/inputs.hpp"
#include "wallet/node_client.hpp"

namespace moot::wallet {
namespace {

constexpr int kPage = 1'000;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string base_units(Amount amount) {
  std::string text = ledger::render_amount(amount, 0, "");
  text.pop_back();  // the space before a symbol
  return text;
}

std::optional<Amount> parse_base_units(std::string_view digits) {
  const auto amount = ledger::parse_decimal(digits, 0);
  return amount && base_units(*amount) == digits ? amount : std::nullopt;
}

std::string MoneyInput::text() const { return ledger::render_amount(amount, asset.decimals, asset.symbol); }

Result<AssetBook> AssetBook::load(const NodeClient& client) {
  std::vector<AssetName> assets;
  pb::ListAssetsRequest request;
  request.set_page_size(kPage);
  do {
    const auto page = client.call(&pb::TreasuryService::Stub::ListAssets, client.treasury(), request);
    if (!page) return std::unexpected(page.error());
    for (const auto& asset : page->assets())
      assets.push_back({AssetId{asset.id()}, asset.symbol(), static_cast<u8>(asset.decimals())});
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return AssetBook(std::move(assets));
}

const AssetName* AssetBook::find(AssetId id) const {
  const auto found = std::ranges::find(assets_, id, &AssetName::id);
  return found == assets_.end() ? nullptr : &*found;
}

const AssetName* AssetBook::find(std::string_view symbol) const {
  const auto found = std::ranges::find(assets_, symbol, &AssetName::symbol);
  return found == assets_.end() ? nullptr : &*found;
}

std::optional<AssetId> AssetBook::only() const {
  return assets_.size() == 1 ? std::optional{assets_.front().id} : std::nullopt;
}

Result<AssetName> AssetBook::named(std::string_view text) const {
  const AssetName* found = find(text);
  if (found == nullptr)
    if (const auto number = parse_number(text)) found = find(AssetId{*number});
  if (found != nullptr) return *found;
  return fail("there is no asset " + std::string(text), "`moot assets` shows them", ExitCode::usage);
}

Result<MoneyInput> AssetBook::parse(std::string_view text, std::string_view asset) const {
  text = trimmed(text);
  const auto space = text.find(' ');
  const std::string_view digits = text.substr(0, space);
  const std::string_view symbol = space == std::string_view::npos ? "" : trimmed(text.substr(space));
  if (!symbol.empty() && !asset.empty()) {
    const auto named_asset = named(asset);
    if (!named_asset) return std::unexpected(named_asset.error());
    if (named_asset->symbol != symbol)
      return fail("the amount is in " + std::string(symbol) + ", the asset is " + named_asset->symbol, {},
                  ExitCode::usage);
  }
  const std::string_view name = symbol.empty() ? asset : symbol;
  if (name.empty() && assets_.size() != 1)
    return fail("the amount does not say of what", "Write it with its symbol, such as \"12.5 USDX\"",
                ExitCode::usage);
  const auto found = name.empty() ? Result<AssetName>(assets_.front()) : named(name);
  if (!found) return std::unexpected(found.error());
  const auto amount = ledger::parse_decimal(digits, found->decimals);
  if (!amount)
    return fail("\"" + std::string(text) + "\" is no amount of " + found->symbol,
                "Write digits, and after a point at most " + std::to_string(found->decimals) + " of them",
                ExitCode::usage);
  return MoneyInput{.asset = *found, .amount = *amount};
}

std::string AssetBook::render(AssetId asset, Amount amount) const {
  if (const AssetName* found = find(asset))
    return ledger::render_amount(amount, found->decimals, found->symbol);
  return base_units(amount) + " base units of asset " + std::to_string(asset.value);
}

}  // namespace moot::wallet
