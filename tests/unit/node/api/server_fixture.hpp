// A server over a FakeNode on a free loopback port, a channel to it, and stubs.
#pragma once

#include <gtest/gtest.h>

#include <atomic>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/error_info.pb.h"
#include "google/rpc/status.pb.h"
#include "node/api/messages.hpp"
#include "node/api/server.hpp"
#include "tests/unit/node/api/fake_node.hpp"

namespace moot::test {

namespace pb = ::moot::v1;

inline std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

// The reason that an error names; empty when it names none.
inline std::string reason_of(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.domain() == "moot.v1" ? info.reason() : "wrong domain";
  }
  return {};
}

// Wall time stands shortly after the world's genesis; steady time is the machine's, which somebody sets ahead.
class WorldClock final : public Clock {
 public:
  [[nodiscard]] TimeMs now_ms() const override { return TimeMs{kGenesisTime + kSecond}; }
  [[nodiscard]] u64 steady_ns() const override { return machine_.steady_ns() + ahead_ns.load(); }
  std::atomic<u64> ahead_ns{0};

 private:
  SystemClock machine_;
};

class ApiTest : public ::testing::Test {
 protected:
  explicit ApiTest(const WorldOptions& world = {}) : node(world), log(LogLevel::off, nullptr, {}) {
    options.listen = "127.0.0.1:0";
  }

  void SetUp() override { start(); }

  void start() {
    auto started = node::api::ApiServer::start(node, options, clock, log);
    ASSERT_TRUE(started) << started.error();
    server = std::move(*started);
    channel = grpc::CreateChannel(server->address(), grpc::InsecureChannelCredentials());
    txs = pb::TxService::NewStub(channel);
    governance = pb::GovernanceService::NewStub(channel);
    treasury = pb::TreasuryService::NewStub(channel);
    blocks = pb::LedgerService::NewStub(channel);
    status = pb::NodeService::NewStub(channel);
  }

  // Calls `(stub.*method)` and keeps the status in `last`.
  template <class Response, class Stub, class Method, class Request>
  Response call(Stub& stub, Method method, const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    Response response;
    last = (stub.*method)(&context, request, &response);
    return response;
  }
#define MOOT_CALL(stub, Method, request) \
  call<pb::Method##Response>(*stub, &std::decay_t<decltype(*stub)>::Method, request)

  FakeNode node;
  WorldClock clock;
  Logger log;
  node::api::ApiOptions options;
  std::unique_ptr<node::api::ApiServer> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<pb::TxService::Stub> txs;
  std::unique_ptr<pb::GovernanceService::Stub> governance;
  std::unique_ptr<pb::TreasuryService::Stub> treasury;
  std::unique_ptr<pb::LedgerService::Stub> blocks;
  std::unique_ptr<pb::NodeService::Stub> status;
  grpc::Status last;
};

}  // namespace moot::test
