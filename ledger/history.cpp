#include "ledger/history.hpp"

#include "base/check.hpp"
#include "crypto/sha256.hpp"

namespace moot::ledger {
namespace {

Hash extend(const Hash& head, const Checkpoint& point) {
  static const crypto::TaggedHasher hasher("moot/hist");
  std::array<u8, 48> message;
  std::copy(head.bytes.begin(), head.bytes.end(), message.begin());
  for (unsigned i = 0; i < 8; ++i) {
    message[32 + i] = static_cast<u8>(point.height >> (56 - 8 * i));
    message[40 + i] = static_cast<u8>(point.value >> (56 - 8 * i));
  }
  return hasher(message);
}

}  // namespace

u64 History::at(Height height) const {
  const auto after = std::upper_bound(points_.begin(), points_.end(), height.raw(),
                                      [](u64 h, const Checkpoint& point) { return h < point.height; });
  return after == points_.begin() ? 0 : std::prev(after)->value;
}

void History::set(Height height, u64 value) {
  if (!points_.empty()) {
    Checkpoint& newest = points_.back();
    MOOT_CHECK(newest.height <= height.raw(), "a register's history goes forward");
    if (newest.height == height.raw()) {
      newest.value = value;
      return;
    }
    if (newest.value == value) return;
    before_last_ = extend(before_last_, newest);
  }
  points_.push_back({height.raw(), value});
}

Hash History::head() const { return points_.empty() ? Hash{} : extend(before_last_, points_.back()); }

void encode_value(Writer& out, const History& history) {
  out.put(history.before_last_);
  out.put(static_cast<u32>(history.points_.size()));
  for (const Checkpoint& point : history.points_) {
    out.put(point.height);
    out.put(point.value);
  }
}

void decode_value(Reader& in, History& history) {
  in.get(history.before_last_);
  const u32 count = in.get_count(16);
  history.points_.clear();
  history.points_.reserve(count);
  u64 previous = 0;
  for (u32 i = 0; i < count; ++i) {
    Checkpoint point;
    in.get(point.height);
    in.get(point.value);
    if (i > 0 && point.height <= previous) in.fail();
    previous = point.height;
    history.points_.push_back(point);
  }
}

}  // namespace moot::ledger
