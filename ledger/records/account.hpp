// Accounts: whoever may sign or hold money. Ids are dense and separate from member ids (rule 3.1).
#pragma once

#include "ledger/transaction.hpp"

namespace moot::ledger {

struct Balance {
  AssetId asset;
  Amount amount;
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("amount", self.amount);
  }
  friend bool operator==(const Balance&, const Balance&) = default;
};

inline constexpr u64 kNone = ~u64{0};  // no id

// What few accounts have.
struct AccountExtra {
  u64 retired_of =
      kNone;            // a rotated-away address: the account that it belonged to; nothing else is used then
  TimeMs frozen_until;  // no debit before (3.9)
  friend bool operator==(const AccountExtra&, const AccountExtra&) = default;
};

struct Account {
  static constexpr const char* kLeafTag = "moot/leaf/account";
  static constexpr bool kLeafHashIsKept = false;
  Address address;
  Address next_address;  // the next in sorted order over all leaves, zero after the last: absence is provable
  u64 next_nonce = 1;
  u64 member = kNone;  // its member id
  Seldom<AccountExtra> extra;
  SmallList<Balance, 0> balances;  // by asset, none of them zero

  [[nodiscard]] bool retired() const { return extra->retired_of != kNone; }
  void settle() { extra.settle(); }
  [[nodiscard]] Amount balance(AssetId asset) const;
  void set_balance(AssetId asset, Amount amount);

  MOOT_DESCRIBE {
    auto& extra = Seldom<AccountExtra>::open(self.extra);
    v("address", self.address);
    v("nextAddress", self.next_address);
    v("nextNonce", self.next_nonce);
    v("member", self.member);
    v("retiredOf", extra.retired_of);
    v("frozenUntil", extra.frozen_until);
    v("balances", self.balances);
  }
  friend bool operator==(const Account&, const Account&) = default;
};

// A key, reference, content or invite that may be used once (rule 3.7). Leaf 0 is the sentinel (domain 0, key 0).
struct UsedKey {
  static constexpr const char* kLeafTag = "moot/leaf/used";
  u8 domain = 0;
  Hash key;
  u8 next_domain = 0;  // the next leaf in sorted order, zero after the last
  Hash next_key;
  MOOT_DESCRIBE {
    v("domain", self.domain);
    v("key", self.key);
    v("nextDomain", self.next_domain);
    v("nextKey", self.next_key);
  }
  friend bool operator==(const UsedKey&, const UsedKey&) = default;
};

// Money on its way out of the ledger (6.7).
struct Redemption {
  static constexpr const char* kLeafTag = "moot/leaf/redemption";
  AccountId account;
  AssetId asset;
  Amount amount;
  std::string destination;
  TimeMs requested;
  RedemptionState state = RedemptionState::open;
  std::string note;  // the outside reference, or why it was refunded
  MOOT_DESCRIBE {
    v("account", self.account);
    v("asset", self.asset);
    v("amount", self.amount);
    v("destination", self.destination);
    v("requested", self.requested);
    v("state", self.state);
    v("note", self.note);
  }
  friend bool operator==(const Redemption&, const Redemption&) = default;
};

// An asset and where every base unit of it stands: supply = stored + owed + treasury + escrow + locked (rules.md §7).
struct Asset {
  static constexpr const char* kLeafTag = "moot/leaf/asset";
  std::string symbol;
  u8 decimals = 0;
  AssetKind kind = AssetKind::external;
  Amount minimum_redemption;
  Amount supply;
  Amount stored;  // in accounts' balances
  Amount owed;    // entitlements of executed payouts, not yet settled
  Amount treasury;
  Amount escrow;  // of sales not yet paid out
  Amount locked;  // in open redemptions
  MOOT_DESCRIBE {
    v("symbol", self.symbol);
    v("decimals", self.decimals);
    v("kind", self.kind);
    v("minimumRedemption", self.minimum_redemption);
    v("supply", self.supply);
    v("stored", self.stored);
    v("owed", self.owed);
    v("treasury", self.treasury);
    v("escrow", self.escrow);
    v("locked", self.locked);
  }
  friend bool operator==(const Asset&, const Asset&) = default;
};

}  // namespace moot::ledger
