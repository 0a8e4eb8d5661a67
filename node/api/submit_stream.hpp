// SubmitBatch: a client stream of batches of envelopes, at the node's pace.
#pragma once

#include "node/api/context.hpp"
#include "node/api/messages.hpp"

namespace moot::node::api {

// The reactor deletes itself when its call is done.
grpc::ServerReadReactor<pb::SubmitBatchRequest>* start_submit_stream(Context& context, pb::SubmitBatchResponse& out);

}  // namespace moot::node::api
