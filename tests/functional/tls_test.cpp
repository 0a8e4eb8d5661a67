// A node behind TLS, as wallets and auditors reach it: with the certificate they were given, and not without.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/node/mootd.hpp"
#include "tests/support/tls.hpp"
#include "wallet/failure.hpp"

namespace moot::test {
namespace {

using ::testing::HasSubstr;
using wallet::ExitCode;

class Tls : public testing::Test {
 protected:
  void SetUp() override {
    make_home(home(), genesis_);
    write_text(path("cert.pem"), kTestCertificate);
    write_text(path("key.pem"), kTestKey);
    Command start = mootd(home(), {"start"});
    start.environment["MOOT_API_TLS_CERT"] = path("cert.pem");
    start.environment["MOOT_API_TLS_KEY"] = path("key.pem");
    node_ = std::make_unique<Node>(start);
  }
  [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }
  [[nodiscard]] std::string path(const char* name) const { return (folder_.path() / name).string(); }

  Finished moot(std::vector<std::string> words, bool trusting = true) {
    words.insert(words.end(), {"--node", node_->address()});
    if (trusting) words.insert(words.end(), {"--tls-ca", path("cert.pem")});
    return run({.program = MOOT_BIN, .arguments = std::move(words), .environment = {}});
  }

  ledger::Genesis genesis_ = live_genesis();
  TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
  std::unique_ptr<Node> node_;
};

TEST_F(Tls, WhoTrustsTheCertificateIsServed) {
  const Finished status = moot({"status"});
  EXPECT_EQ(status.status, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr(genesis_.organisation));
  const Finished replay = moot({"audit", "replay"});
  EXPECT_EQ(replay.status, 0) << replay.err;
  EXPECT_EQ(node_->stop(), 0);
}

TEST_F(Tls, WithoutItNobodyAnswersAndTheCommandSaysSo) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"status"}, {"audit", "replay"}}) {
    const Finished refused = moot(words, false);
    EXPECT_EQ(refused.status, static_cast<int>(ExitCode::unreachable)) << words[0] << ": " << refused.out;
    EXPECT_FALSE(refused.err.empty());
  }
  write_text(path("cert.pem"), "junk");
  EXPECT_NE(moot({"status"}).status, 0);
  EXPECT_EQ(node_->stop(), 0);
}

}  // namespace
}  // namespace moot::test
