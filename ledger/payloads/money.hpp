// Proceeds, payouts, transfers and redemptions (rules.md §6).
//
// `amount_text` is the amount as people read it, "55000.000000 USDX"; it must be the canonical rendering (6.8).
#pragma once

#include "ledger/payloads/common.hpp"

namespace moot::ledger {

// Treasurers state that proceeds arrived outside; mints into the sale's escrow (6.2). Role action.
struct RecordProceeds {
  static constexpr TxKind kKind = TxKind::record_proceeds;
  static constexpr const char* kSigner = "treasurer";
  SaleId sale;
  Amount amount;
  std::string amount_text;
  std::string reference;  // the outside payment, used once
  TimeMs expires;
  MOOT_DESCRIBE {
    v("sale", self.sale);
    v("amount", self.amount);
    v("amountText", self.amount_text);
    v("reference", self.reference);
    v("expires", self.expires);
  }
  friend bool operator==(const RecordProceeds&, const RecordProceeds&) = default;
};

// The buyer pays from its own balance (6.2).
struct PaySale {
  static constexpr TxKind kKind = TxKind::pay_sale;
  static constexpr const char* kSigner = "buyer";
  SaleId sale;
  Amount amount;
  std::string amount_text;
  MOOT_DESCRIBE {
    v("sale", self.sale);
    v("amount", self.amount);
    v("amountText", self.amount_text);
  }
  friend bool operator==(const PaySale&, const PaySale&) = default;
};

// Treasurers sign the digest of the previewed payout; the m-th approval schedules it (6.3). Role action.
struct ApprovePayout {
  static constexpr TxKind kKind = TxKind::approve_payout;
  static constexpr const char* kSigner = "treasurer";
  SaleId payout;
  Hash payout_digest;
  Amount total;  // P, the proceeds
  std::string total_text;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("payout", self.payout);
    v("payoutDigest", self.payout_digest);
    v("total", self.total);
    v("totalText", self.total_text);
    v("expires", self.expires);
  }
  friend bool operator==(const ApprovePayout&, const ApprovePayout&) = default;
};

// Auditors stop a payout once, at most pause_max_ms (6.3). Role action.
struct PausePayout {
  static constexpr TxKind kKind = TxKind::pause_payout;
  static constexpr const char* kSigner = "auditor";
  SaleId payout;
  TimeMs until;
  std::string reason;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("payout", self.payout);
    v("until", self.until);
    v("reason", self.reason);
    v("expires", self.expires);
  }
  friend bool operator==(const PausePayout&, const PausePayout&) = default;
};

struct ResumePayout {
  static constexpr TxKind kKind = TxKind::resume_payout;
  static constexpr const char* kSigner = "auditor";
  SaleId payout;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("payout", self.payout);
    v("expires", self.expires);
  }
  friend bool operator==(const ResumePayout&, const ResumePayout&) = default;
};

// Moves up to `limit` (0: settle_max) entitlements of a member's class into its stored balance (6.6). Anyone may.
struct Settle {
  static constexpr TxKind kKind = TxKind::settle;
  static constexpr const char* kSigner = "from";
  MemberId member;
  ClassId share_class;
  u16 limit = 0;
  MOOT_DESCRIBE {
    v("member", self.member);
    v("shareClass", self.share_class);
    v("limit", self.limit);
  }
  friend bool operator==(const Settle&, const Settle&) = default;
};

struct Transfer {
  static constexpr TxKind kKind = TxKind::transfer;
  static constexpr const char* kSigner = "from";
  AssetId asset;
  Address to;
  Amount amount;
  std::string amount_text;
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("to", self.to);
    v("amount", self.amount);
    v("amountText", self.amount_text);
  }
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

// Locks money until treasurers pay it outside or give it back (6.7).
struct RequestRedemption {
  static constexpr TxKind kKind = TxKind::request_redemption;
  static constexpr const char* kSigner = "from";
  AssetId asset;
  Amount amount;
  std::string amount_text;
  std::string destination;  // ≤ 128 bytes, opaque or a salted hash
  MOOT_DESCRIBE {
    v("asset", self.asset);
    v("amount", self.amount);
    v("amountText", self.amount_text);
    v("destination", self.destination);
  }
  friend bool operator==(const RequestRedemption&, const RequestRedemption&) = default;
};

struct CancelRedemption {
  static constexpr TxKind kKind = TxKind::cancel_redemption;
  static constexpr const char* kSigner = "from";
  RedemptionId redemption;
  MOOT_DESCRIBE { v("redemption", self.redemption); }
  friend bool operator==(const CancelRedemption&, const CancelRedemption&) = default;
};

struct Settlement {
  RedemptionId redemption;
  bool paid = false;  // true: burn against `note`, the outside reference; false: refund, `note` says why
  std::string note;
  MOOT_DESCRIBE {
    v("redemption", self.redemption);
    v("paid", self.paid);
    v("note", self.note);
  }
  friend bool operator==(const Settlement&, const Settlement&) = default;
};

// Each item stands alone: one that is no longer open is skipped with a code in the receipt (6.7). Role action.
struct SettleRedemptions {
  static constexpr TxKind kKind = TxKind::settle_redemptions;
  static constexpr const char* kSigner = "treasurer";
  std::vector<Settlement> items;
  TimeMs expires;
  MOOT_DESCRIBE {
    v("items", self.items);
    v("expires", self.expires);
  }
  friend bool operator==(const SettleRedemptions&, const SettleRedemptions&) = default;
};

}  // namespace moot::ledger
