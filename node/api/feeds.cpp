#include "node/api/feeds.hpp"

#include "node/api/views.hpp"

namespace moot::node::api {
namespace {

constexpr std::size_t kMessageBytes = 512 * 1024;  // a message is closed once it has grown so far
constexpr int kMessageEvents = 1'000;
constexpr u64 kBlocksLookedAt = 1'000;  // before a message goes out, if only to show progress

class BlockFeed final : public Feed<pb::WatchBlocksResponse> {
 public:
  BlockFeed(const LedgerNode& node, const pb::WatchBlocksRequest& request)
      : node_(node), next_(std::max<u64>(request.from_height(), 1)), last_(request.to_height()) {}

  Fed next(pb::WatchBlocksResponse& out) override {
    if (last_ != 0 && next_ > last_) return Fed::end;
    const u64 head = node_.snapshot()->block.height.raw();
    std::size_t bytes = 0;
    for (; next_ <= head && (last_ == 0 || next_ <= last_) && bytes < kMessageBytes; ++next_) {
      const auto block = node_.block(Height{next_});
      if (!block) break;  // published before it can be read: the next wake finds it
      bytes += add(*block, *out.add_blocks());
    }
    if (out.blocks().empty()) return Fed::nothing;
    heartbeat(out);
    return Fed::message;
  }

  void heartbeat(pb::WatchBlocksResponse& out) override {
    out.set_head_height(node_.snapshot()->block.height.raw());
    out.set_next_height(next_);
  }

 private:
  static std::size_t add(const FinalBlock& block, pb::RawBlock& out) {
    out.set_height(block.summary.height.raw());
    out.set_header(to_bytes(block.header));
    out.set_justification(to_bytes(block.justification));
    out.set_finalization(to_bytes(block.finalization));
    std::size_t bytes = block.header.size() + block.justification.size() + block.finalization.size();
    for (const Bytes& envelope : block.envelopes) {
      out.add_envelopes(envelope.data(), envelope.size());
      bytes += envelope.size();
    }
    for (const ledger::Fault& fault : block.faults) out.add_faults(to_bytes(encoded(fault)));
    return bytes;
  }

  const LedgerNode& node_;
  u64 next_;
  const u64 last_;
};

class EventFeed final : public Feed<pb::WatchEventsResponse> {
 public:
  EventFeed(const LedgerNode& node, const pb::WatchEventsRequest& request) : node_(node) {
    for (const int kind : request.kinds())
      if (kind >= 0 && kind < static_cast<int>(wanted_.size()))
        wanted_[static_cast<std::size_t>(kind)] = true;
    all_ = request.kinds().empty();
    height_ = request.from_now() ? node.snapshot()->block.height.raw() + 1
                                 : std::max<u64>(request.from_height(), 1);
    if (!request.from_now() && request.from_height() > 0) index_ = request.from_index();
  }

  Fed next(pb::WatchEventsResponse& out) override {
    const u64 head = node_.snapshot()->block.height.raw();
    u64 looked_at = 0;
    while (height_ <= head && out.events().empty() && looked_at < kBlocksLookedAt) {
      take_block(out);
      ++looked_at;
    }
    if (looked_at == 0 || (out.events().empty() && looked_at < kBlocksLookedAt)) return Fed::nothing;
    heartbeat(out);
    return Fed::message;
  }

  void heartbeat(pb::WatchEventsResponse& out) override {
    out.set_head_height(node_.snapshot()->block.height.raw());
    out.set_next_height(height_);
    out.set_next_index(index_);
  }

 private:
  // Events of the block at height_ from index_ on; moves to the next block when they all fitted.
  void take_block(pb::WatchEventsResponse& out) {
    const auto summary = node_.summary(Height{height_});
    const auto events = node_.events(Height{height_});
    for (; index_ < events.size(); ++index_) {
      if (out.events_size() == kMessageEvents) return;
      const ledger::Event& event = events[index_];
      if (!all_ && !wanted_[static_cast<u8>(event.kind)]) continue;
      view_event(event, {Height{height_}, summary ? summary->time : TimeMs{}, index_}, *out.add_events());
    }
    ++height_;
    index_ = 0;
  }

  const LedgerNode& node_;
  std::array<bool, 256> wanted_{};
  bool all_ = true;
  u64 height_ = 1;
  u32 index_ = 0;
};

}  // namespace

std::unique_ptr<Feed<pb::WatchBlocksResponse>> make_block_feed(const LedgerNode& node,
                                                               const pb::WatchBlocksRequest& request) {
  return std::make_unique<BlockFeed>(node, request);
}

std::unique_ptr<Feed<pb::WatchEventsResponse>> make_event_feed(const LedgerNode& node,
                                                               const pb::WatchEventsRequest& request) {
  return std::make_unique<EventFeed>(node, request);
}

}  // namespace moot::node::api
