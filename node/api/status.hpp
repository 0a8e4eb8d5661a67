// Errors as clients get them: a gRPC code, a sentence, and google.rpc.Status details that name a stable reason
// (docs/api.md). Every error carries an ErrorInfo of domain "moot.v1".
#pragma once

#include <string>
#include <string_view>

#include "ledger/tx_error.hpp"
#include "node/api/convert.hpp"

namespace moot::node::api {

inline constexpr std::string_view kErrorDomain = "moot.v1";

// The code of each stage of rule 1.8: shape and size INVALID_ARGUMENT, signature and signer UNAUTHENTICATED, account and
// status PERMISSION_DENIED, missing objects NOT_FOUND, duplicates ALREADY_EXISTS, limits RESOURCE_EXHAUSTED, the rest
// FAILED_PRECONDITION.
grpc::StatusCode code_of(ledger::TxError error);

// A refused transaction. `id` is empty when the bytes could not be decoded.
grpc::Status refused(const ledger::Refusal& refusal, std::string_view id = {});
// INVALID_ARGUMENT, with BadRequest.
grpc::Status bad_field(std::string_view field, std::string_view problem);
inline grpc::Status bad_field(const FieldError& error) { return bad_field(error.field, error.problem); }
// NOT_FOUND, with ResourceInfo: not_found("proposal", "17").
grpc::Status not_found(std::string_view type, std::string_view name);
// OUT_OF_RANGE: only `height` can be answered for.
grpc::Status wrong_height(std::string_view what, Height height);
// RESOURCE_EXHAUSTED or UNAVAILABLE, with RetryInfo.
grpc::Status busy();
grpc::Status not_ready();
// Any other error of the API's own.
grpc::Status api_error(grpc::StatusCode code, pb::ApiErrorReason reason, std::string_view sentence);

}  // namespace moot::node::api
