// Events as sentences, and whom they concern. Private to the wallet's source files.
#pragma once

#include "moot/v1/ledger.pb.h"
#include "wallet/asset_book.hpp"

namespace moot::wallet {

// "member 3 votes For on proposal 1".
std::string event_text(const moot::v1::Event& event, const AssetBook& assets);

// Whose history an event may stand in.
struct Party {
  std::optional<u64> account;
  std::optional<u64> member;
};
bool concerns(const moot::v1::Event& event, const Party& party);

}  // namespace moot::wallet
