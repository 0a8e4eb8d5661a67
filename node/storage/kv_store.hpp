// An ordered map from bytes to bytes, in column families: all that block_store and state_store ask of a disk.
//
// Keys sort by unsigned bytes. Reads may come from any thread and see every write that returned; writes come from one
// thread. Nothing here reports a failed read or write: it is fatal (storage_error.hpp).
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "node/storage/storage_error.hpp"

namespace moot::node {

// One family a kind of data (schema.hpp says what each holds). The numbers only index tables in memory.
enum class Family : u8 { meta, headers, bodies, tx_index, state, sealed, progress };
inline constexpr std::size_t kFamilies = 7;

// How a write meets a crash. `synced` is on the disk when write() returns. `unlogged` is in memory until the next
// flush(); a crash loses a suffix of all unlogged writes, in the order they were made, across all families.
enum class Durability { synced, unlogged };

// Changes that happen together or not at all. Bytes are copied into one arena, so a batch of thousands of small records
// allocates a handful of times.
class KvBatch {
 public:
  struct Change {
    Family family;
    bool erase;
    ByteView key;
    ByteView value;
  };

  void put(Family family, ByteView key, ByteView value);
  void erase(Family family, ByteView key);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] Change operator[](std::size_t index) const;
  void clear();

 private:
  struct Entry {
    Family family;
    bool erase;
    u32 key_size;
    u32 value_size;
    u64 offset;
  };
  std::vector<Entry> entries_;
  Bytes arena_;
};

// Keys from `from` up to, not including, `to`; no `to` means to the end.
struct KeyRange {
  Bytes from;
  std::optional<Bytes> to;
};
KeyRange prefix_range(ByteView prefix);

// What reached the disk since the store was opened; for benchmarks and exact counters in tests.
struct StorageStats {
  u64 log_bytes = 0;         // write-ahead log
  u64 flush_bytes = 0;       // tables written from memory, blob files included
  u64 compaction_bytes = 0;  // tables rewritten
  u64 syncs = 0;             // synced writes of the log
  u64 writes = 0;            // batches, synced or not
  u64 puts = 0;              // keys written or erased
  [[nodiscard]] u64 bytes_written() const { return log_bytes + flush_bytes + compaction_bytes; }
};

// Sees a key and a value; both are good only during the call. False ends the scan.
using KvVisitor = std::function<bool(ByteView key, ByteView value)>;

class KvStore {
 public:
  virtual ~KvStore() = default;

  [[nodiscard]] virtual std::optional<Bytes> get(Family family, ByteView key) const = 0;
  // The greatest key of a family and its value.
  [[nodiscard]] virtual std::optional<std::pair<Bytes, Bytes>> last(Family family) const = 0;
  // Visits a range in key order, as it stood when the scan began.
  virtual void scan(Family family, const KeyRange& range, const KvVisitor& visit) const = 0;

  virtual void write(const KvBatch& batch, Durability durability) = 0;
  // Makes every unlogged write durable, all families together.
  virtual void flush() = 0;
  // A consistent copy in a new directory that must not exist, sharing unchanged files with this one.
  virtual std::expected<void, StorageError> checkpoint(const std::string& directory) = 0;
  [[nodiscard]] virtual StorageStats stats() const = 0;
  // What to call this store in a message: its directory.
  [[nodiscard]] virtual std::string_view name() const = 0;
};

}  // namespace moot::node
