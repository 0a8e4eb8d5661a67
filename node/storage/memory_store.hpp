// A KvStore in memory, for tests and simulations. It keeps apart what a disk would keep, so crash() shows exactly what a
// power cut may take: every unlogged write since the last flush. One thread.
#pragma once

#include <array>
#include <map>

#include "node/storage/kv_store.hpp"

namespace moot::node {

class MemoryStore final : public KvStore {
 public:
  [[nodiscard]] std::optional<Bytes> get(Family family, ByteView key) const override;
  [[nodiscard]] std::optional<std::pair<Bytes, Bytes>> last(Family family) const override;
  void scan(Family family, const KeyRange& range, const KvVisitor& visit) const override;
  void write(const KvBatch& batch, Durability durability) override;
  void flush() override;
  // Always `unsupported`: there are no files to copy.
  std::expected<void, StorageError> checkpoint(const std::string& directory) override;
  [[nodiscard]] StorageStats stats() const override { return stats_; }
  [[nodiscard]] std::string_view name() const override { return "memory"; }

  // Forgets every unlogged write since the last flush.
  void crash();

 private:
  using Families = std::array<std::map<Bytes, Bytes>, kFamilies>;
  static void apply(const KvBatch& batch, Families& families);

  Families current_;
  Families durable_;
  StorageStats stats_;
};

}  // namespace moot::node
