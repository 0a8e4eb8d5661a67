// The two streams of LedgerService.
#pragma once

#include "node/api/watch.hpp"

namespace moot::node::api {

std::unique_ptr<Feed<pb::WatchBlocksResponse>> make_block_feed(const LedgerNode& node,
                                                               const pb::WatchBlocksRequest& request);
std::unique_ptr<Feed<pb::WatchEventsResponse>> make_event_feed(const LedgerNode& node,
                                                               const pb::WatchEventsRequest& request);

}  // namespace moot::node::api
