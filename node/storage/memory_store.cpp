#include "node/storage/memory_store.hpp"

namespace moot::node {
namespace {

constexpr std::size_t index_of(Family family) { return static_cast<std::size_t>(family); }
Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

std::optional<Bytes> MemoryStore::get(Family family, ByteView key) const {
  const auto& map = current_[index_of(family)];
  const auto found = map.find(copy(key));
  if (found == map.end()) return std::nullopt;
  return found->second;
}

std::optional<std::pair<Bytes, Bytes>> MemoryStore::last(Family family) const {
  const auto& map = current_[index_of(family)];
  if (map.empty()) return std::nullopt;
  return *map.rbegin();
}

void MemoryStore::scan(Family family, const KeyRange& range, const KvVisitor& visit) const {
  // A copy, so that a visitor may write to the family that it is reading.
  const auto map = current_[index_of(family)];
  for (auto it = map.lower_bound(range.from); it != map.end(); ++it) {
    if (range.to && it->first >= *range.to) return;
    if (!visit(it->first, it->second)) return;
  }
}

void MemoryStore::apply(const KvBatch& batch, Families& families) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto change = batch[i];
    auto& map = families[index_of(change.family)];
    if (change.erase)
      map.erase(copy(change.key));
    else
      map.insert_or_assign(copy(change.key), copy(change.value));
  }
}

void MemoryStore::write(const KvBatch& batch, Durability durability) {
  apply(batch, current_);
  ++stats_.writes;
  stats_.puts += batch.size();
  if (durability == Durability::unlogged) return;
  apply(batch, durable_);
  ++stats_.syncs;
}

void MemoryStore::flush() { durable_ = current_; }

std::expected<void, StorageError> MemoryStore::checkpoint(const std::string&) {
  return std::unexpected(
      StorageError{StorageErrorKind::unsupported, "a store in memory has no files to copy"});
}

void MemoryStore::crash() { current_ = durable_; }

}  // namespace moot::node
