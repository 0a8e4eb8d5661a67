// Starting and stopping: addresses, TLS, health, reflection. Each wrong setting gives one sentence and listens nowhere.
#include <filesystem>
#include <fstream>

#include "tests/support/raw_connection.hpp"
#include "tests/support/tls.hpp"
#include "tests/unit/node/api/raw_call.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

// Of no certificate.
constexpr const char* kAnotherKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKx08OFsdXXoSwyMy
h71m5ezp7E/dtuwMflrGid8Fs6ahRANCAAT1oEQ+GL8PPBwonAVbJUW6j+eZmXmO
WE2ghIHkob9xE4xsXOMxM/XQtxYfJYd9McKHbUMLcSAYirdJ+R3MKYyY
-----END PRIVATE KEY-----
)";

class StartTest : public ApiTest {
 protected:
  StartTest() : folder_(std::filesystem::temp_directory_path() / ("moot-api-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~StartTest() override { std::filesystem::remove_all(folder_); }
  void SetUp() override {}

  std::string file(const std::string& name, const std::string& text) {
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }
  std::string refusal() {
    const auto started = node::api::ApiServer::start(node, options, clock, log);
    return started ? "it started" : started.error();
  }

 private:
  std::filesystem::path folder_;
};

bool serving(const std::shared_ptr<grpc::Channel>& channel) {
  const auto answer = raw_call(channel, "/grpc.health.v1.Health/Check", {""}, std::chrono::seconds(5));
  return answer.status.ok() && answer.messages.size() == 1 &&
         answer.messages[0] == std::string("\x08\x01", 2);
}

TEST_F(StartTest, PlaintextStaysOnLoopbackUnlessToldOtherwise) {
  options.listen = "0.0.0.0:0";
  EXPECT_NE(refusal().find("without TLS"), std::string::npos) << refusal();
  options.insecure = true;
  EXPECT_EQ(refusal(), "it started");
  options = {.listen = "nonsense"};
  EXPECT_NE(refusal().find("not host:port"), std::string::npos) << refusal();
}

TEST_F(StartTest, ATakenPortIsSaid) {
  start();
  options.listen = server->address();
  EXPECT_NE(refusal().find("cannot listen on " + options.listen), std::string::npos) << refusal();
}

TEST_F(StartTest, WrongTlsFilesAreSaid) {
  options.tls_certificate = file("cert.pem", kTestCertificate);
  EXPECT_NE(refusal().find("set both or neither"), std::string::npos) << refusal();
  options.tls_key = "/nowhere/key.pem";
  EXPECT_NE(refusal().find("api.tls_key names /nowhere/key.pem, which cannot be read"), std::string::npos)
      << refusal();
  options.tls_key = file("junk.pem", "junk");
  EXPECT_NE(refusal().find("not a PEM file"), std::string::npos) << refusal();
  options.tls_key = file("other.pem", kAnotherKey);
  EXPECT_NE(refusal().find("do not fit each other"), std::string::npos) << refusal();
}

TEST_F(StartTest, TlsFilesCanBeCheckedWithoutServing) {
  const auto problem = [this] {
    const auto checked = node::api::check_tls_files(options);
    return checked ? "" : checked.error();
  };
  EXPECT_EQ(problem(), "");
  options.tls_certificate = file("cert.pem", kTestCertificate);
  options.tls_key = file("key.pem", kTestKey);
  EXPECT_EQ(problem(), "");
  options.tls_key = file("other.pem", kAnotherKey);
  EXPECT_NE(problem().find("do not fit each other"), std::string::npos) << problem();
  options.tls_key = "/nowhere/key.pem";
  EXPECT_NE(problem().find("cannot be read"), std::string::npos) << problem();
}

bool answers(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  pb::GetInfoResponse info;
  return pb::NodeService::NewStub(channel)->GetInfo(&context, {}, &info).ok();
}

// A connection of its own; channels to one address share theirs otherwise.
std::shared_ptr<grpc::Channel> connect(const std::string& address,
                                       const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments own;
  own.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, credentials, own);
}

// With three connections at most: one that is served and two that are idle leave no room for a fourth, until one ends.
void expect_a_maximum_of_three(const node::api::ApiServer& server,
                               const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  const auto served = connect(server.address(), credentials);
  ASSERT_TRUE(answers(served));
  std::optional<RawConnection> idle(server.address());
  RawConnection another(server.address());
  EXPECT_TRUE(RawConnection(server.address()).is_closed(std::chrono::seconds(5)));
  EXPECT_FALSE(answers(connect(server.address(), credentials)));
  EXPECT_GE(server.refused_connections(), 2u);
  EXPECT_TRUE(answers(served)) << "who is connected does not notice";
  EXPECT_FALSE(another.is_closed(std::chrono::milliseconds(0)));
  idle.reset();
  bool room = false;
  for (int i = 0; i < 500 && !room; ++i) {
    room = answers(connect(server.address(), credentials));
    if (!room) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_TRUE(room);
}

TEST_F(StartTest, ConnectionsAboveTheMaximumAreClosedAndThoseWithinItServed) {
  options.max_connections = 3;
  start();
  channel.reset();
  expect_a_maximum_of_three(*server, grpc::InsecureChannelCredentials());
}

TEST_F(StartTest, ConnectionsHaveAMaximumUnderTlsToo) {
  options.max_connections = 3;
  options.tls_certificate = file("cert.pem", kTestCertificate);
  options.tls_key = file("key.pem", kTestKey);
  start();
  channel.reset();
  grpc::SslCredentialsOptions trust;
  trust.pem_root_certs = kTestCertificate;
  expect_a_maximum_of_three(*server, grpc::SslCredentials(trust));
}

TEST_F(StartTest, TlsServesThoseWhoTrustTheCertificateAndNobodyElse) {
  options.listen = "127.0.0.1:0";
  options.tls_certificate = file("cert.pem", kTestCertificate);
  options.tls_key = file("key.pem", kTestKey);
  start();  // leaves a plaintext channel in `status`
  grpc::ClientContext plain;
  plain.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  pb::GetInfoResponse info;
  EXPECT_FALSE(status->GetInfo(&plain, {}, &info).ok());
  grpc::SslCredentialsOptions trust;
  trust.pem_root_certs = kTestCertificate;
  const auto tls = grpc::CreateChannel(server->address(), grpc::SslCredentials(trust));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  const auto got = pb::NodeService::NewStub(tls)->GetInfo(&context, {}, &info);
  EXPECT_TRUE(got.ok()) << got.error_message();
  EXPECT_EQ(info.organisation(), "Test Co-op");
}

TEST_F(StartTest, HealthFollowsTheNode) {
  start();
  EXPECT_TRUE(serving(channel));
  node.set_ready(false);
  bool still = true;
  for (int i = 0; i < 100 && still; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    still = serving(channel);
  }
  EXPECT_FALSE(still);
}

TEST_F(StartTest, ReflectionListsTheServices) {
  start();
  // ServerReflectionRequest{list_services: ""}
  const auto answer = raw_call(channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                               {std::string("\x3a\x00", 2)}, std::chrono::seconds(5));
  ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
  ASSERT_EQ(answer.messages.size(), 1u);
  for (const char* name : {"moot.v1.TxService", "moot.v1.GovernanceService", "moot.v1.TreasuryService",
                           "moot.v1.LedgerService", "moot.v1.NodeService", "grpc.health.v1.Health"})
    EXPECT_NE(answer.messages[0].find(name), std::string::npos) << name;
}

TEST_F(StartTest, StoppingTwiceIsStoppingOnce) {
  start();
  server->stop(DurationMs{100});
  server->stop(DurationMs{100});
  grpc::ClientContext context;
  pb::GetInfoResponse info;
  EXPECT_EQ(status->GetInfo(&context, {}, &info).error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace moot::test
