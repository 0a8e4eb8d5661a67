// What a block came to, in few bytes: receipts beside the block's body, events among the records.
//
// A receipt's id is not written, because the envelope beside it gives it; a ballot's receipt is one zero byte. Numbers are
// LEB128. This is a node's own storage form, never hashed: receipts are hashed in their canonical encoding.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ledger/block.hpp"
#include "ledger/event.hpp"

namespace moot::node {

Bytes pack_receipts(std::span<const ledger::Receipt> receipts);
// `ids` are the transactions' ids, in order; nothing when the bytes are not what pack_receipts writes for that many.
std::optional<std::vector<ledger::Receipt>> unpack_receipts(ByteView bytes, std::span<const TxId> ids);

Bytes pack_events(std::span<const ledger::Event> events);
std::optional<std::vector<ledger::Event>> unpack_events(ByteView bytes);

}  // namespace moot::node
