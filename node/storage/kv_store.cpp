#include "node/storage/kv_store.hpp"

#include "base/check.hpp"

namespace moot::node {

void KvBatch::put(Family family, ByteView key, ByteView value) {
  MOOT_CHECK(value.size() <= 0xffff'ffff && key.size() <= 0xffff, "a stored value or key is too long");
  entries_.push_back({.family = family,
                      .erase = false,
                      .key_size = static_cast<u32>(key.size()),
                      .value_size = static_cast<u32>(value.size()),
                      .offset = arena_.size()});
  arena_.insert(arena_.end(), key.begin(), key.end());
  arena_.insert(arena_.end(), value.begin(), value.end());
}

void KvBatch::erase(Family family, ByteView key) {
  put(family, key, {});
  entries_.back().erase = true;
}

KvBatch::Change KvBatch::operator[](std::size_t index) const {
  const Entry& entry = entries_[index];
  const ByteView all(arena_);
  return {.family = entry.family,
          .erase = entry.erase,
          .key = all.subspan(entry.offset, entry.key_size),
          .value = all.subspan(entry.offset + entry.key_size, entry.value_size)};
}

void KvBatch::clear() {
  entries_.clear();
  arena_.clear();
}

KeyRange prefix_range(ByteView prefix) {
  KeyRange range{.from = {prefix.begin(), prefix.end()}, .to = std::nullopt};
  // The first key past every key with this prefix: the prefix with its last byte that is not 0xff counted up.
  Bytes end = range.from;
  while (!end.empty() && end.back() == 0xff) end.pop_back();
  if (end.empty()) return range;
  ++end.back();
  range.to = std::move(end);
  return range;
}

}  // namespace moot::node
