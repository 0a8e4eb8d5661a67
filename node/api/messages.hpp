// Every generated message and service. Private to this folder: it costs seconds to compile, so the build precompiles it.
#pragma once

#include <grpcpp/grpcpp.h>

#include "moot/v1/errors.pb.h"
#include "moot/v1/governance_service.grpc.pb.h"
#include "moot/v1/ledger_service.grpc.pb.h"
#include "moot/v1/node_service.grpc.pb.h"
#include "moot/v1/treasury_service.grpc.pb.h"
#include "moot/v1/tx_service.grpc.pb.h"

namespace moot::node::api {
namespace pb = ::moot::v1;
}
