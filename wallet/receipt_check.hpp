// Checks a receipt alone, without the node that gave it: the receipt's bytes are in the tree under its block's header, and
// the validators of the genesis made that header final.
//
// Private to the wallet's source files: it shows protobuf messages.
#pragma once

#include "ledger/genesis.hpp"
#include "moot/v1/ledger_service.pb.h"
#include "wallet/failure.hpp"

namespace moot::wallet {

struct CheckedReceipt {
  TxId id;
  Height height;
  TimeMs time;
  bool done = false;
  BlockHash block;
  LedgerId ledger_id;
};

// Whoever holds the genesis decides what is true: its hash is the ledger's id and its validators are those believed. Only
// blocks of the first epoch can be checked, because later validators follow from blocks this receipt does not hold.
Result<CheckedReceipt> check_receipt(const moot::v1::GetReceiptResponse& answer,
                                     const ledger::Genesis& genesis);

}  // namespace moot::wallet
