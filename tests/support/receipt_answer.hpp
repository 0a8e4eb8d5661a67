// A node's answer about one receipt of a block, as a node gives it, made without a node.
#pragma once

#include "crypto/merkle.hpp"
#include "ledger/tx_error.hpp"
#include "moot/v1/ledger_service.pb.h"
#include "tests/support/chronicle.hpp"

namespace moot::test {

inline moot::v1::GetReceiptResponse receipt_answer(const audit::RawBlock& block,
                                                   std::span<const ledger::Receipt> receipts, u32 index) {
  static const crypto::MerkleHasher hasher("moot/receipts");
  const ledger::Receipt& receipt = receipts[index];
  moot::v1::GetReceiptResponse out;
  auto& said = *out.mutable_receipt();
  said.set_tx_id(as_string(receipt.id.view()));
  said.set_height(block.height.raw());
  said.set_index(index);
  said.set_done(!receipt.failed());
  said.set_detail(receipt.detail);
  if (receipt.failed()) {
    said.set_code(receipt.code);
    said.set_reason(std::string(ledger::reason(static_cast<ledger::TxError>(receipt.code))));
    said.set_bad_index(receipt.bad_index);
  }
  said.set_encoded(as_string(encoded(receipt)));
  std::vector<Hash> leaves;
  for (const ledger::Receipt& one : receipts) leaves.push_back(hasher.leaf(encoded(one)));
  out.mutable_in_block()->set_index(index);
  out.mutable_in_block()->set_size(receipts.size());
  for (const Hash& sibling : crypto::inclusion_proof(hasher, leaves, index))
    out.mutable_in_block()->add_siblings(as_string(sibling.view()));
  out.set_header(as_string(block.header));
  out.set_finalization(as_string(block.finalization));
  return out;
}

}  // namespace moot::test
