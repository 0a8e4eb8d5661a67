// The KvStore of a real node: one RocksDB database (Debian's 7.8). The library's headers stay in the source file.
//
// One log serves the synced families; unlogged families reach the disk by an atomic flush of all families, so the disk
// always holds one moment of them. Values of 4 KiB and more stand in blob files, which compaction does not copy.
#pragma once

#include <memory>

#include "node/storage/kv_store.hpp"

namespace moot::node {

struct RocksDbOptions {
  std::size_t cache_bytes = std::size_t{64} << 20;    // blocks of tables, all families together
  std::size_t memory_bytes = std::size_t{128} << 20;  // unflushed writes, all families; at least 1 MiB
  int open_files = 384;  // tables and blob files held open; above it the least used are closed
  bool create_if_missing = true;
  bool read_only =
      false;  // for inspection: what would be written is dropped, and the database stays as it is
};

class RocksDbStore final : public KvStore {
 public:
  // Opens or makes the database. RocksDB's own lock refuses a second process, besides mootd.lock (file_lock.hpp).
  static std::expected<std::unique_ptr<RocksDbStore>, StorageError> open(const std::string& directory,
                                                                         const RocksDbOptions& options = {});
  // Flushes, then closes.
  ~RocksDbStore() override;

  [[nodiscard]] std::optional<Bytes> get(Family family, ByteView key) const override;
  [[nodiscard]] std::optional<std::pair<Bytes, Bytes>> last(Family family) const override;
  void scan(Family family, const KeyRange& range, const KvVisitor& visit) const override;
  void write(const KvBatch& batch, Durability durability) override;
  void flush() override;
  std::expected<void, StorageError> checkpoint(const std::string& directory) override;
  [[nodiscard]] StorageStats stats() const override;
  [[nodiscard]] std::string_view name() const override;

 private:
  struct Impl;
  explicit RocksDbStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace moot::node
