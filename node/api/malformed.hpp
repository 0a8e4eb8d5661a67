// gRPC answers a request that cannot be parsed with UNIMPLEMENTED and no word of why. This interceptor says what happened:
// INVALID_ARGUMENT, with our reason.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <memory>

namespace moot::node::api {

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> make_malformed_interceptor();

}  // namespace moot::node::api
