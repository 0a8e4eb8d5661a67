// More connections than mootd has descriptors for: it turns some away, and serves as before once they are gone.
#include <gtest/gtest.h>

#include <deque>
#include <thread>

#include "node/app/open_files.hpp"
#include "tests/support/node/ledger_client.hpp"
#include "tests/support/node/mootd.hpp"
#include "tests/support/raw_connection.hpp"

namespace moot::test {
namespace {

using namespace std::chrono_literals;

class Connections : public testing::Test {
 protected:
  void SetUp() override {
    node::app::raise_open_file_limit();  // the clients' ends are this process's
    make_home(home(), genesis_);
  }
  [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }
  [[nodiscard]] Command start_with(const rlimit& open_files) const {
    Command command = mootd(home(), {"start"});
    command.open_files = open_files;
    return command;
  }

  ledger::Genesis genesis_ = live_genesis();
  TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(Connections, MoreThanThereAreDescriptorsDoNotEndTheService) {
  constexpr u64 kFiles = 700;
  Node node(start_with({.rlim_cur = kFiles, .rlim_max = kFiles}));
  const u32 most = node::app::connections_within(kFiles, 1u << 20);
  EXPECT_TRUE(node.process().complains("connections=" + std::to_string(most), 10s))
      << "the log says that the limit of open files leaves fewer: " << node.process().err();
  {
    std::deque<RawConnection> flood;
    for (u64 i = 0; i < kFiles + 200; ++i) flood.emplace_back(node.address());
    EXPECT_TRUE(flood.back().is_closed(10s)) << "turned away at once, not left waiting";
    EXPECT_FALSE(flood.front().is_closed(0ms));
  }
  // The node hears of the flood's end a moment later; until then it may turn away who comes.
  Sent sent;
  for (int i = 0; i < 100 && !sent.done; ++i) {
    if (i != 0) std::this_thread::sleep_for(100ms);
    LedgerClient client(node.address(), genesis_);
    sent = client.send(client.sign("r0", ledger::AdvanceNonce{.to = 5}, 1));
  }
  EXPECT_TRUE(sent.done) << sent.problem;
  EXPECT_TRUE(node.process().complains("connections refused", 10s)) << node.process().err();
  EXPECT_EQ(node.stop(), 0);
}

TEST_F(Connections, TheSoftLimitOfOpenFilesIsRaisedToTheHardOne) {
  Node node(start_with({.rlim_cur = 64, .rlim_max = 8'192}));
  std::deque<RawConnection> many;
  for (int i = 0; i < 200; ++i) many.emplace_back(node.address());
  LedgerClient client(node.address(), genesis_);
  const Sent sent = client.send(client.sign("r0", ledger::AdvanceNonce{.to = 5}, 1));
  EXPECT_TRUE(sent.done) << sent.problem;
  EXPECT_FALSE(many.back().is_closed(0ms));
  EXPECT_EQ(node.stop(), 0);
  EXPECT_EQ(node.process().err().find("fewer connections"), std::string::npos) << node.process().err();
}

}  // namespace
}  // namespace moot::test
