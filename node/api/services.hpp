// The five services, one source file each. They live as long as the server, and the context longer.
#pragma once

#include "node/api/context.hpp"
#include "node/api/messages.hpp"

namespace moot::node::api {

std::unique_ptr<grpc::Service> make_tx_service(Context& context);
std::unique_ptr<grpc::Service> make_governance_service(Context& context);
std::unique_ptr<grpc::Service> make_treasury_service(Context& context);
std::unique_ptr<grpc::Service> make_ledger_service(Context& context);
std::unique_ptr<grpc::Service> make_node_service(Context& context);

}  // namespace moot::node::api
