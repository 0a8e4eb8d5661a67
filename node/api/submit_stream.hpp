// SubmitBatch: a client stream of batches of envelopes, at the node's pace.
//
// It takes raw messages and parses them itself: gRPC would show a message that cannot be parsed as the end of the stream, and
// the client would be told that all is well.
#pragma once

#include "node/api/context.hpp"
#include "node/api/messages.hpp"

namespace moot::node::api {

// The reactor deletes itself when its call is done.
grpc::ServerReadReactor<grpc::ByteBuffer>* start_submit_stream(Context& context, grpc::ByteBuffer& out);

}  // namespace moot::node::api
