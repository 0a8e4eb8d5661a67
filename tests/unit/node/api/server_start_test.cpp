// Starting and stopping: addresses, TLS, health, reflection. Each wrong setting gives one sentence and listens nowhere.
#include <filesystem>
#include <fstream>

#include "tests/unit/node/api/raw_call.hpp"
#include "tests/unit/node/api/server_fixture.hpp"

namespace moot::test {
namespace {

// Made for this test alone: CN localhost, a hundred years.
constexpr const char* kTestKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg55TkUeUoERgWy3Aw
C9Nd7rAIH3A773c6eq4NT1H5AMihRANCAAQ5zssQu4SO50uqa15YYq+if+S8FMU+
4fehXmj/ro4ruE5j3G99NDMdl/3KtnWo93sGMiLzSVa54VOwUwXlF8B8
-----END PRIVATE KEY-----
)";
constexpr const char* kTestCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUK163gEaZTTstINY7nySR8YhKriwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzIzMDIwN1oYDzIxMjYxMDMw
MjMwMjA3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ5zssQu4SO50uqa15YYq+if+S8FMU+4fehXmj/ro4ruE5j3G99NDMd
l/3KtnWo93sGMiLzSVa54VOwUwXlF8B8o28wbTAdBgNVHQ4EFgQUtMnwkfNnyIu4
YGIgWrB9XLgHQ1YwHwYDVR0jBBgwFoAUtMnwkfNnyIu4YGIgWrB9XLgHQ1YwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSQAwRgIhAKlJeoUbBCaw2oXdwd0nmHcSsSOlx9D/gT8E0CZSvqwHAiEA
rU0z9OL+TAyIPWABVZ51vTfGOwdDlrDoEkMct5/8Gek=
-----END CERTIFICATE-----
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
  EXPECT_NE(refusal().find("is not host:port"), std::string::npos) << refusal();
}

TEST_F(StartTest, ATakenPortIsSaid) {
  start();
  options.listen = server->address();
  EXPECT_NE(refusal().find("cannot listen on " + options.listen), std::string::npos) << refusal();
}

TEST_F(StartTest, WrongTlsFilesAreSaid) {
  options.tls_certificate = file("cert.pem", kTestCertificate);
  EXPECT_NE(refusal().find("both a certificate and a key"), std::string::npos) << refusal();
  options.tls_key = "/nowhere/key.pem";
  EXPECT_NE(refusal().find("TLS key /nowhere/key.pem cannot be read"), std::string::npos) << refusal();
  options.tls_key = file("junk.pem", "junk");
  EXPECT_NE(refusal().find("not a PEM file"), std::string::npos) << refusal();
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
