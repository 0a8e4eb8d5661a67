#include "ledger/records/account.hpp"

#include <algorithm>

namespace moot::ledger {
namespace {

constexpr auto kByAsset = [](const Balance& balance, AssetId asset) { return balance.asset < asset; };

}  // namespace

Amount Account::balance(AssetId asset) const {
  const auto at = std::lower_bound(balances.begin(), balances.end(), asset, kByAsset);
  return at != balances.end() && at->asset == asset ? at->amount : Amount{};
}

void Account::set_balance(AssetId asset, Amount amount) {
  const auto at = std::lower_bound(balances.begin(), balances.end(), asset, kByAsset);
  const bool present = at != balances.end() && at->asset == asset;
  if (present && amount.is_zero()) {
    balances.erase(at);
  } else if (present) {
    at->amount = amount;
  } else if (!amount.is_zero()) {
    balances.insert(at, {asset, amount});
  }
}

}  // namespace moot::ledger
