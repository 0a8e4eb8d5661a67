// The frame of every unary call: bounds on the request, one answer, and no exception that reaches gRPC.
#pragma once

#include <exception>

#include "node/api/context.hpp"
#include "node/api/status.hpp"

namespace moot::node::api {

template <class Request, class Response, class Answer>
grpc::Status guarded(Context& context, const Request& request, Response& response, Answer&& answer) {
  if (request.ByteSizeLong() > context.options.max_message_bytes)
    return api_error(
        grpc::StatusCode::RESOURCE_EXHAUSTED, pb::API_ERROR_REASON_FIELD_INVALID,
        "The request is larger than " + std::to_string(context.options.max_message_bytes) + " bytes.");
  try {
    return answer(request, response);
  } catch (const std::exception& error) {
    context.log.error("a call failed", {{"what", error.what()}});
    return {grpc::StatusCode::INTERNAL, "The node met an error of its own; its log says more."};
  }
}

// answer(request, response) → grpc::Status, on the thread that gRPC calls.
template <class Request, class Response, class Answer>
grpc::ServerUnaryReactor* answer_now(Context& context, grpc::CallbackServerContext* call,
                                     const Request* request, Response* response, Answer answer) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  reactor->Finish(guarded(context, *request, *response, answer));
  return reactor;
}

// The same on the slow lane. gRPC keeps request and response until Finish.
template <class Request, class Response, class Answer>
grpc::ServerUnaryReactor* answer_slowly(Context& context, grpc::CallbackServerContext* call,
                                        const Request* request, Response* response, Answer answer) {
  grpc::ServerUnaryReactor* reactor = call->DefaultReactor();
  SlowLane::Task task = [&context, request, response, reactor, answer]() mutable {
    reactor->Finish(guarded(context, *request, *response, answer));
  };
  if (!context.slow.run(task)) reactor->Finish(busy());
  return reactor;
}

void fill_context(const Snapshot& snapshot, pb::ReadContext& out);

}  // namespace moot::node::api
