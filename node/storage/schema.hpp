// What the database holds, byte for byte. All integers are big-endian, so keys sort by number.
//
//   family     key                                  value                                            written
//   meta       "schema"                             version u32 ‖ ledger id 32 ‖ instance 16         synced, once
//   headers    height u64                           Header ‖ Justification ‖ Certificate             synced, a block's
//   bodies     height u64                           list of envelopes ‖ receipts, each u32-sized     … one write
//   tx_index   transaction id 32                    height u64 ‖ index u32                           unlogged
//   state      table u8 ‖ a u64 ‖ b u64             the ledger's record                              unlogged
//   sealed     proposal id u64 ‖ part u32           part 0: length u64 ‖ check 32; then the bytes    unlogged
//   progress   "state"                              applied height u64 ‖ state root 32               unlogged
//              "index"                              indexed height u64                               unlogged
//
// Headers stand apart from bodies so that a chain can be checked, and a height looked up, without reading megabytes.
// Everything unlogged follows from the blocks: after a crash it is behind, never ahead and never torn, because all
// families reach the disk in one atomic flush.
#pragma once

#include "node/storage/kv_store.hpp"

namespace moot::node {

inline constexpr u32 kSchemaVersion = 1;

// Drawn when a database is made: tells a database from another of the same ledger (safety_log.hpp).
struct InstanceId {
  std::array<u8, 16> bytes{};
  friend bool operator==(const InstanceId&, const InstanceId&) = default;
};

// Binds a new database to a ledger, or checks that an old one belongs to it and is of a version that this program reads.
// Nothing is changed when it is refused.
std::expected<InstanceId, StorageError> bind_schema(KvStore& store, const LedgerId& ledger);

// The ledger of a database, for tools that were given only a directory; nothing in a new one.
std::optional<LedgerId> bound_ledger(const KvStore& store);

// Keys, so that each layout is written once.
Bytes height_key(Height height);
std::optional<Height> height_from_key(ByteView key);
inline ByteView state_progress_key() { return as_bytes("state"); }
inline ByteView index_progress_key() { return as_bytes("index"); }

}  // namespace moot::node
