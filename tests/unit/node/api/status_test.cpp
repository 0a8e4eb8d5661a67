#include "node/api/status.hpp"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/error_info.pb.h"
#include "google/rpc/status.pb.h"
#include "node/api/listen_address.hpp"

namespace moot::node::api {
namespace {

using grpc::StatusCode;
using ledger::TxError;

template <class Detail>
std::optional<Detail> detail_of(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return std::nullopt;
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(details.message(), status.error_message());
  for (const auto& any : details.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}

TEST(Errors, EachStageHasItsCode) {
  const std::pair<TxError, StatusCode> expected[] = {
      {TxError::malformed, StatusCode::INVALID_ARGUMENT},
      {TxError::too_large, StatusCode::INVALID_ARGUMENT},
      {TxError::bad_signature, StatusCode::UNAUTHENTICATED},
      {TxError::signer_mismatch, StatusCode::UNAUTHENTICATED},
      {TxError::expired, StatusCode::FAILED_PRECONDITION},
      {TxError::no_account, StatusCode::PERMISSION_DENIED},
      {TxError::nonce_stale, StatusCode::FAILED_PRECONDITION},
      {TxError::not_a_member, StatusCode::PERMISSION_DENIED},
      {TxError::no_such_proposal, StatusCode::NOT_FOUND},
      {TxError::wrong_title, StatusCode::FAILED_PRECONDITION},
      {TxError::voting_closed, StatusCode::FAILED_PRECONDITION},
      {TxError::already_voted, StatusCode::ALREADY_EXISTS},
      {TxError::block_full, StatusCode::RESOURCE_EXHAUSTED},
      {TxError::insufficient_funds, StatusCode::FAILED_PRECONDITION},
  };
  for (const auto& [error, code] : expected) EXPECT_EQ(code_of(error), code) << reason(error);
}

TEST(Errors, EveryRefusalNamesItsReasonAndSaysWhatToDo) {
  for (const TxError code : ledger::all_tx_errors()) {
    const auto status = refused({code, std::nullopt}, "id");
    const auto info = detail_of<google::rpc::ErrorInfo>(status);
    ASSERT_TRUE(info) << reason(code);
    EXPECT_EQ(info->reason(), reason(code));
    EXPECT_EQ(info->domain(), "moot.v1");
    EXPECT_EQ(info->metadata().at("code"), std::to_string(static_cast<int>(code)));
    EXPECT_EQ(info->metadata().at("tx_id"), "6964");
    EXPECT_FALSE(info->metadata().contains("index"));
    EXPECT_EQ(status.error_message(), advice(code));
  }
}

TEST(Errors, ARefusalOverAListNamesTheEntry) {
  const auto status = refused({TxError::already_member, 17});
  EXPECT_EQ(detail_of<google::rpc::ErrorInfo>(status)->metadata().at("index"), "17");
  EXPECT_NE(status.error_message().find("entry 17"), std::string::npos);
}

TEST(Errors, DetailsFitTheirKind) {
  const auto bad = bad_field("page_size", "must not be negative");
  EXPECT_EQ(bad.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(detail_of<google::rpc::BadRequest>(bad)->field_violations(0).field(), "page_size");
  EXPECT_EQ(detail_of<google::rpc::ErrorInfo>(bad)->reason(), "FIELD_INVALID");
  const auto missing = not_found("proposal", "7");
  EXPECT_EQ(missing.error_message(), "There is no proposal 7.");
  EXPECT_EQ(detail_of<google::rpc::ResourceInfo>(missing)->resource_name(), "7");
  EXPECT_GT(detail_of<google::rpc::RetryInfo>(busy())->retry_delay().nanos(), 0);
  EXPECT_EQ(not_ready().error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(detail_of<google::rpc::ErrorInfo>(wrong_height("No", Height{9}))->metadata().at("height"), "9");
}

TEST(ListenAddress, IsHostAndPort) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:9090")->port, 9090);
  EXPECT_EQ(parse_listen_address("[::1]:0")->host, "::1");
  EXPECT_EQ(parse_listen_address("[::1]:0")->text(7), "[::1]:7");
  EXPECT_EQ(parse_listen_address("example.org:1")->text(7), "example.org:7");
  for (const char* bad : {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000",
                          "127.0.0.1:1 ", "::1:9090", "[]:1", "[::1:1", "127.0.0.1:-1"})
    EXPECT_FALSE(parse_listen_address(bad)) << bad;
}

TEST(ListenAddress, LoopbackIsThisMachineAlone) {
  for (const char* loopback : {"127.0.0.1:1", "127.9.8.7:1", "localhost:1", "[::1]:1"})
    EXPECT_TRUE(parse_listen_address(loopback)->is_loopback()) << loopback;
  for (const char* open : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1", "127.0.0.1.example.org:1",
                           "127.1:1", "128.0.0.1:1", "127.0.0.256:1"})
    EXPECT_FALSE(parse_listen_address(open)->is_loopback()) << open;
}

}  // namespace
}  // namespace moot::node::api
