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
  if (empty()) return 0;
  if (newest_.height <= height.raw()) return newest_.value;
  if (!older_) return 0;
  const auto& points = older_->points;
  const auto after = std::upper_bound(points.begin(), points.end(), height.raw(),
                                      [](u64 h, const Checkpoint& point) { return h < point.height; });
  return after == points.begin() ? 0 : std::prev(after)->value;
}

void History::set(Height height, u64 value) {
  if (!empty()) {
    MOOT_CHECK(newest_.height <= height.raw(), "a register's history goes forward");
    if (newest_.height == height.raw()) {
      newest_.value = value;
      return;
    }
    if (newest_.value == value) return;
    const Hash head = extend(older_head(), newest_);
    if (!older_) older_ = Ref<Older>::make();
    Older& older = older_.unique();
    older.head = head;
    older.points.push_back(newest_);
  }
  newest_ = {.height = height.raw(), .value = value};
}

std::vector<Checkpoint> History::checkpoints() const {
  std::vector<Checkpoint> points;
  if (older_) points = older_->points;
  if (!empty()) points.push_back(newest_);
  return points;
}

Hash History::head() const { return empty() ? Hash{} : extend(older_head(), newest_); }

bool operator==(const History& a, const History& b) {
  return a.checkpoints() == b.checkpoints() && a.older_head() == b.older_head();
}

void encode_value(Writer& out, const History& history) {
  out.put(history.older_head());
  const auto points = history.checkpoints();
  out.put(static_cast<u32>(points.size()));
  for (const Checkpoint& point : points) {
    out.put(point.height);
    out.put(point.value);
  }
}

void decode_value(Reader& in, History& history) {
  Hash head;
  in.get(head);
  const u32 count = in.get_count(16);
  std::vector<Checkpoint> points;
  points.reserve(count);
  for (u32 i = 0; i < count && in.ok(); ++i) {
    Checkpoint point;
    in.get(point.height);
    in.get(point.value);
    const bool later = points.empty() || point.height > points.back().height;
    if (!later || point.height == History::kNever) in.fail();
    points.push_back(point);
  }
  history = History{};
  if (!in.ok() || points.empty()) {
    if (!head.is_zero()) in.fail();
    return;
  }
  history.newest_ = points.back();
  points.pop_back();
  if (points.empty() && head.is_zero()) return;
  history.older_ = Ref<History::Older>::make(History::Older{head, std::move(points)});
}

}  // namespace moot::ledger
