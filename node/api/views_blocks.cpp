#include "node/api/views.hpp"

namespace moot::node::api {

void view_block(const BlockSummary& block, pb::Block& out) {
  out.set_height(block.height.raw());
  out.set_time_ms(block.time.raw());
  out.set_hash(to_bytes(block.hash.bytes));
  out.set_parent(to_bytes(block.parent.bytes));
  out.set_epoch(block.epoch);
  out.set_view(block.view);
  out.set_proposer(block.proposer);
  out.set_tx_root(to_bytes(block.tx_root.bytes));
  out.set_faults_root(to_bytes(block.faults_root.bytes));
  out.set_receipts_root(to_bytes(block.receipts_root.bytes));
  out.set_state_root(to_bytes(block.state_root.bytes));
  out.set_transactions(block.transactions);
  out.set_bytes(block.bytes);
}

void view_receipt(const ledger::Receipt& receipt, TxPlace place, pb::Receipt& out) {
  out.set_tx_id(to_bytes(receipt.id.bytes));
  out.set_height(place.height.raw());
  out.set_index(place.index);
  out.set_done(!receipt.failed());
  if (receipt.failed()) {
    const auto code = static_cast<ledger::TxError>(receipt.code);
    out.set_code(receipt.code);
    out.set_reason(std::string(reason(code)));
    out.set_advice(std::string(advice(code)));
    out.set_bad_index(receipt.bad_index);
  }
  out.set_detail(receipt.detail);
  for (const ledger::SkippedItem& item : receipt.skipped) {
    pb::SkippedItem& one = *out.add_skipped();
    one.set_index(item.index);
    one.set_code(item.code);
    one.set_reason(std::string(reason(static_cast<ledger::TxError>(item.code))));
  }
  out.set_encoded(to_bytes(encoded(receipt)));
}

void view_event(const ledger::Event& event, const EventPlace& place, pb::Event& out) {
  out.set_height(place.height.raw());
  out.set_index(place.index);
  out.set_time_ms(place.time.raw());
  out.set_kind(enum_to_proto<pb::EventKind>(event.kind));
  out.set_a(event.a);
  out.set_b(event.b);
  out.set_c(event.c);
  if (!event.amount.is_zero()) out.set_amount(to_decimal(event.amount.raw()));
  if (event.tx_index != ledger::kDueWork) out.set_tx_index(event.tx_index);
}

void view_status(const LedgerNode& node, const TxId& id, const TxStatus& status, pb::TxStatus& out) {
  out.set_tx_id(to_bytes(id.bytes));
  switch (status.phase) {
    case TxPhase::unknown:
      if (!status.dropped) return;
      out.set_state(pb::TX_STATE_DROPPED);
      out.set_dropped_code(static_cast<u32>(status.dropped->code));
      out.set_dropped_reason(std::string(reason(status.dropped->code)));
      return;
    case TxPhase::pending: out.set_state(pb::TX_STATE_PENDING); return;
    case TxPhase::final: {
      out.set_state(pb::TX_STATE_FINAL);
      const auto receipts = node.receipts(status.height);
      if (status.index < receipts.size())
        view_receipt(receipts[status.index], {status.height, status.index}, *out.mutable_receipt());
      return;
    }
  }
}

}  // namespace moot::node::api
