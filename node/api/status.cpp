#include "node/api/status.hpp"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/error_info.pb.h"
#include "google/rpc/status.pb.h"

namespace moot::node::api {
namespace {

constexpr int kRetryMs = 250;
constexpr std::string_view kApiPrefix = "API_ERROR_REASON_";

google::rpc::ErrorInfo error_info(std::string_view reason) {
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(reason));
  info.set_domain(std::string(kErrorDomain));
  return info;
}

google::rpc::ErrorInfo error_info(pb::ApiErrorReason reason) {
  return error_info(std::string_view(pb::ApiErrorReason_Name(reason)).substr(kApiPrefix.size()));
}

template <class... Details>
grpc::Status with_details(grpc::StatusCode code, std::string_view sentence, const Details&... details) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(std::string(sentence));
  (status.add_details()->PackFrom(details), ...);
  return {code, status.message(), status.SerializeAsString()};
}

grpc::Status retry_later(grpc::StatusCode code, pb::ApiErrorReason reason, std::string_view sentence) {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(kRetryMs * 1'000'000);
  return with_details(code, sentence, error_info(reason), retry);
}

}  // namespace

grpc::StatusCode code_of(ledger::TxError error) {
  switch (static_cast<unsigned>(error) / 100) {
    case 1:  // shape
    case 2:  // size
      return grpc::StatusCode::INVALID_ARGUMENT;
    case 3:  // signature
    case 4:  // signer field
      return grpc::StatusCode::UNAUTHENTICATED;
    case 6:  // account
    case 8:  // status or role
      return grpc::StatusCode::PERMISSION_DENIED;
    case 9:  // object exists
      return grpc::StatusCode::NOT_FOUND;
    case 12:  // duplicate
      return grpc::StatusCode::ALREADY_EXISTS;
    case 13:  // limits
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    default:  // expiry, nonce, object state, time window, funds or overflow
      return grpc::StatusCode::FAILED_PRECONDITION;
  }
}

grpc::Status refused(const ledger::Refusal& refusal, std::string_view id) {
  google::rpc::ErrorInfo info = error_info(reason(refusal.code));
  auto& metadata = *info.mutable_metadata();
  metadata["code"] = std::to_string(static_cast<unsigned>(refusal.code));
  if (refusal.index) metadata["index"] = std::to_string(*refusal.index);
  if (!id.empty()) metadata["tx_id"] = to_hex(as_bytes(id));
  std::string sentence(advice(refusal.code));
  if (refusal.index)
    sentence += " (entry " + std::to_string(*refusal.index) + " of the list, counted from 0)";
  return with_details(code_of(refusal.code), sentence, info);
}

grpc::Status bad_field(std::string_view field, std::string_view problem) {
  google::rpc::BadRequest request;
  auto& violation = *request.add_field_violations();
  violation.set_field(std::string(field));
  violation.set_description(std::string(problem));
  return with_details(grpc::StatusCode::INVALID_ARGUMENT,
                      std::string(field) + " " + std::string(problem) + ".",
                      error_info(pb::API_ERROR_REASON_FIELD_INVALID), request);
}

grpc::Status not_found(std::string_view type, std::string_view name) {
  google::rpc::ResourceInfo resource;
  resource.set_resource_type(std::string(type));
  resource.set_resource_name(std::string(name));
  return with_details(grpc::StatusCode::NOT_FOUND,
                      "There is no " + std::string(type) + " " + std::string(name) + ".",
                      error_info(pb::API_ERROR_REASON_NOT_FOUND), resource);
}

grpc::Status wrong_height(std::string_view what, Height height) {
  google::rpc::ErrorInfo info = error_info(pb::API_ERROR_REASON_HEIGHT_OUT_OF_RANGE);
  (*info.mutable_metadata())["height"] = std::to_string(height.raw());
  return with_details(grpc::StatusCode::OUT_OF_RANGE,
                      std::string(what) + "; the newest height is " + std::to_string(height.raw()) + ".",
                      info);
}

grpc::Status busy() {
  return retry_later(grpc::StatusCode::RESOURCE_EXHAUSTED, pb::API_ERROR_REASON_NODE_BUSY,
                     "A queue of the node is full; send the same again a little later.");
}

grpc::Status not_ready() {
  return retry_later(grpc::StatusCode::UNAVAILABLE, pb::API_ERROR_REASON_NODE_NOT_READY,
                     "The node is starting, syncing or stopping; try again, or ask another node.");
}

grpc::Status api_error(grpc::StatusCode code, pb::ApiErrorReason reason, std::string_view sentence) {
  return with_details(code, sentence, error_info(reason));
}

}  // namespace moot::node::api
