#include "node/engine/outcome_codec.hpp"

#include "base/codec.hpp"

namespace moot::node {
namespace {

void put_number(Writer& out, u64 value) {
  while (value >= 0x80) {
    out.put(static_cast<u8>(value | 0x80));
    value >>= 7;
  }
  out.put(static_cast<u8>(value));
}

u64 get_number(Reader& in) {
  u64 value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const u8 byte = in.get_uint<u8>();
    if (shift == 63 && byte > 1) break;
    value |= static_cast<u64>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  in.fail();
  return 0;
}

enum ReceiptFlag : u8 { kCode = 1, kDetail = 2, kSkipped = 4 };
enum EventFlag : u8 { kByTransaction = 1, kAmount = 2 };

}  // namespace

Bytes pack_receipts(std::span<const ledger::Receipt> receipts) {
  Writer out;
  for (const ledger::Receipt& receipt : receipts) {
    const u8 flags = static_cast<u8>((receipt.failed() ? kCode : 0) | (receipt.detail != 0 ? kDetail : 0) |
                                     (receipt.skipped.empty() ? 0 : kSkipped));
    out.put(flags);
    if (flags & kCode) {
      put_number(out, receipt.code);
      put_number(out, receipt.bad_index);
    }
    if (flags & kDetail) put_number(out, receipt.detail);
    if (flags & kSkipped) encode(out, receipt.skipped);
  }
  return out.take();
}

std::optional<std::vector<ledger::Receipt>> unpack_receipts(ByteView bytes, std::span<const TxId> ids) {
  Reader in(bytes);
  std::vector<ledger::Receipt> receipts;
  receipts.reserve(ids.size());
  for (const TxId& id : ids) {
    ledger::Receipt receipt{.id = id};
    const u8 flags = in.get_uint<u8>();
    if (flags > (kCode | kDetail | kSkipped)) in.fail();
    if (flags & kCode) {
      receipt.code = static_cast<u16>(get_number(in));
      receipt.bad_index = static_cast<u32>(get_number(in));
    }
    if (flags & kDetail) receipt.detail = get_number(in);
    if (flags & kSkipped) decode(in, receipt.skipped);
    receipts.push_back(std::move(receipt));
  }
  if (!in.finish()) return std::nullopt;
  return receipts;
}

Bytes pack_events(std::span<const ledger::Event> events) {
  Writer out;
  for (const ledger::Event& event : events) {
    const bool by_transaction = event.tx_index != ledger::kDueWork;
    out.put(event.kind);
    out.put(static_cast<u8>((by_transaction ? kByTransaction : 0) | (event.amount.is_zero() ? 0 : kAmount)));
    put_number(out, event.a);
    put_number(out, event.b);
    put_number(out, event.c);
    if (by_transaction) put_number(out, event.tx_index);
    if (!event.amount.is_zero()) out.put(event.amount);
  }
  return out.take();
}

std::optional<std::vector<ledger::Event>> unpack_events(ByteView bytes) {
  Reader in(bytes);
  std::vector<ledger::Event> events;
  while (in.ok() && in.left() > 0) {
    ledger::Event event;
    in.get(event.kind);
    const u8 flags = in.get_uint<u8>();
    if (flags > (kByTransaction | kAmount)) in.fail();
    event.a = get_number(in);
    event.b = get_number(in);
    event.c = get_number(in);
    if (flags & kByTransaction) event.tx_index = static_cast<u32>(get_number(in));
    if (flags & kAmount) in.get(event.amount);
    events.push_back(event);
  }
  if (!in.ok()) return std::nullopt;
  return events;
}

}  // namespace moot::node
