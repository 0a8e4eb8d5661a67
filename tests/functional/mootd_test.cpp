// mootd as a real process: starts, stops, and refuses what is wrong with one sentence, a status and no trace.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "crypto/sha256.hpp"
#include "genesis/genesis_json.hpp"
#include "node/app/failure.hpp"
#include "node/app/node_key.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/node/ledger_client.hpp"
#include "tests/support/node/mootd.hpp"

namespace moot::test {
namespace {

namespace fs = std::filesystem;
using node::app::ExitCode;

class Mootd : public testing::Test {
 protected:
  void SetUp() override { make_home(home(), genesis_); }

  [[nodiscard]] fs::path home() const { return folder_.path() / "home"; }
  [[nodiscard]] fs::path config(const char* name) const { return home() / "config" / name; }

  // It ends by itself with this status, never got ready, and says this in its last line, one sentence of mootd's.
  void refuses(ExitCode status, const std::string& says, std::vector<std::string> words = {"start"}) {
    const Finished finished = run(mootd(home(), std::move(words)));
    EXPECT_EQ(finished.status, static_cast<int>(status)) << finished.err;
    EXPECT_EQ(finished.out.find("ready "), std::string::npos);
    const auto line = finished.err.rfind("\n", finished.err.size() - 2);
    const std::string last = finished.err.substr(line == std::string::npos ? 0 : line + 1);
    EXPECT_TRUE(last.starts_with("mootd: ")) << finished.err;
    EXPECT_NE(last.find(says), std::string::npos) << "\"" << says << "\" not in: " << finished.err;
  }

  // One transaction on the ledger, so that there is something to lose.
  void make_a_block(Node& node) {
    LedgerClient client(node.address(), genesis_);
    const auto sent = client.send(client.sign("r0", ledger::AdvanceNonce{.to = 5}, 1));
    ASSERT_TRUE(sent.done) << sent.problem;
  }

  // Of its first block of records.
  void flip_a_byte_of_the_largest_table() const {
    fs::path largest;
    for (const auto& entry : fs::directory_iterator(home() / "data" / "db"))
      if (entry.path().extension() == ".sst" &&
          (largest.empty() || entry.file_size() > fs::file_size(largest)))
        largest = entry.path();
    std::string bytes = read_text(largest);
    bytes.at(20) = static_cast<char>(~bytes.at(20));
    write_text(largest, bytes);
  }

  ledger::Genesis genesis_ = live_genesis();
  TemporaryFolder folder_{testing::UnitTest::GetInstance()->current_test_info()->name()};
};

TEST_F(Mootd, StartsServesAndStopsCleanly) {
  Node node(home());
  EXPECT_EQ(field(node.ready_line(), "ledger"), "0x" + to_hex(ledger::ledger_id(genesis_).view()));
  EXPECT_EQ(field(node.ready_line(), "height"), "0");
  EXPECT_EQ(field(node.ready_line(), "validating"), "true");
  EXPECT_EQ(field(node.ready_line(), "pid"), std::to_string(node.process().pid()));
  EXPECT_FALSE(node.address().ends_with(":0"));
  make_a_block(node);
  EXPECT_EQ(node.stop(), 0) << node.process().err();
  EXPECT_EQ(node.process().out(), node.ready_line() + "\n") << "standard output is for programs: one line";

  Node again(home());
  EXPECT_EQ(field(again.ready_line(), "height"), "1");
  again.process().signal(SIGINT);
  EXPECT_EQ(again.process().wait(std::chrono::seconds(30)), 0);
}

TEST_F(Mootd, StopsCleanlyWhileClientsStream) {
  Node node(home());
  LedgerClient client(node.address(), genesis_);
  std::thread watcher([&client] { client.watch_until_it_ends(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto from = std::chrono::steady_clock::now();
  EXPECT_EQ(node.stop(), 0) << node.process().err();
  EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(10));
  watcher.join();
}

TEST_F(Mootd, TellsSystemdWhenItIsReadyAndWhenItStops) {
  const std::string path = (folder_.path() / "notify").string();
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(fd, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const timeval limit{.tv_sec = 60, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  Command command = mootd(home(), {"start"});
  command.environment["NOTIFY_SOCKET"] = path;
  Process process(command);
  char buffer[512];
  ssize_t size = ::recv(fd, buffer, sizeof buffer, 0);
  ASSERT_GT(size, 0) << process.err();
  EXPECT_TRUE(std::string(buffer, static_cast<std::size_t>(size)).starts_with("READY=1\n"));
  process.signal(SIGTERM);
  size = ::recv(fd, buffer, sizeof buffer, 0);
  ASSERT_GT(size, 0);
  EXPECT_TRUE(std::string(buffer, static_cast<std::size_t>(size)).starts_with("STOPPING=1"));
  EXPECT_EQ(process.wait(std::chrono::seconds(30)), 0);
  ::close(fd);
}

TEST_F(Mootd, ASecondProcessOnOneDataDirectoryIsRefused) {
  Node first(home());
  make_a_block(first);
  refuses(ExitCode::in_use, "is in use by process " + std::to_string(first.process().pid()));
  // Another key, same data: now the data directory's own lock must refuse it.
  write_text(config("other_key.json"), node::app::to_json(test_key("another")));
  fs::permissions(config("other_key.json"), fs::perms::owner_read | fs::perms::owner_write);
  Command other = mootd(home(), {"start"});
  other.environment["MOOT_NODE_KEY_FILE"] = "config/other_key.json";
  const Finished finished = run(other);
  EXPECT_EQ(finished.status, static_cast<int>(ExitCode::in_use)) << finished.err;
  EXPECT_NE(finished.err.find("data directory " + (home() / "data").string() + " is in use"),
            std::string::npos)
      << finished.err;
  refuses(ExitCode::in_use, "is in use by process", {"doctor"});
  // The first one did not notice.
  LedgerClient client(first.address(), genesis_);
  EXPECT_EQ(client.height(), 1u);
  EXPECT_EQ(first.stop(), 0);
}

TEST_F(Mootd, AConfigurationWithATypoIsRefused) {
  std::string text = read_text(config("config.toml"));
  text.replace(text.find("listen ="), 6, "listne");
  write_text(config("config.toml"), text);
  const auto before = contents(home());
  refuses(ExitCode::usage, "there is no setting api.listne");
  refuses(ExitCode::usage, "there is no setting api.listne", {"config", "check"});
  EXPECT_EQ(contents(home()), before);
}

TEST_F(Mootd, AWrongKeyFileIsRefused) {
  const auto before = contents(home());
  fs::permissions(config("node_key.json"), fs::perms::others_read, fs::perm_options::add);
  refuses(ExitCode::usage, "chmod 600");
  EXPECT_EQ(contents(home()), before);
  fs::remove(config("node_key.json"));
  refuses(ExitCode::usage, "node_key.json cannot be used");
}

TEST_F(Mootd, AWrongGenesisIsRefused) {
  write_text(config("genesis.json"), "{\"organisation\": 3}");
  const auto before = contents(home());
  refuses(ExitCode::usage, "organisation");
  fs::remove(config("genesis.json"));
  refuses(ExitCode::usage, "cannot read the genesis");
  write_text(config("genesis.json"), "{\"organisation\": 3}");
  EXPECT_EQ(contents(home()), before);
}

TEST_F(Mootd, ADatabaseOfAnotherLedgerIsRefusedAndLeftAsItIs) {
  {
    Node node(home());
    make_a_block(node);
    ASSERT_EQ(node.stop(), 0);
  }
  ledger::Genesis other = genesis_;
  other.salt = crypto::sha256(as_bytes("another ledger"));
  write_text(config("genesis.json"), genesis::to_json(other));
  refuses(ExitCode::wrong_data, "ledger");
  refuses(ExitCode::wrong_data, "ledger", {"doctor"});
  write_text(config("genesis.json"), genesis::to_json(genesis_));
  Node back(home());
  EXPECT_EQ(field(back.ready_line(), "height"), "1");
  EXPECT_EQ(back.stop(), 0);
}

TEST_F(Mootd, AGenesisFromTheFutureIsAMatterOfTheClock) {
  genesis_.created = TimeMs{genesis_.created.raw() + kHour};
  write_text(config("genesis.json"), genesis::to_json(genesis_));
  const auto before = contents(home());
  refuses(ExitCode::clock, "the wall clock says");
  EXPECT_EQ(contents(home()), before) << "not even an empty database";
}

TEST_F(Mootd, AClockBehindTheNewestBlockIsRefusedUnlessAllowed) {
  // Begun in the future, as by a clock that once ran ahead.
  genesis_.created = TimeMs{genesis_.created.raw() + kHour};
  genesis_.roles[ledger::Role::guardian].holders[0].expires = TimeMs{genesis_.created.raw() + 300 * kDay};
  write_text(config("genesis.json"), genesis::to_json(genesis_));
  {
    Node node(home(), {"--allow-clock-behind"});
    make_a_block(node);
    ASSERT_EQ(node.stop(), 0);
  }
  refuses(ExitCode::clock, "the wall clock says");
  Node node(home(), {"--allow-clock-behind"});
  EXPECT_EQ(field(node.ready_line(), "height"), "1");
  EXPECT_EQ(node.stop(), 0);
}

TEST_F(Mootd, TheSameGenesisStartedTwiceWithOneKeyIsRefused) {
  {
    Node node(home());
    make_a_block(node);
    ASSERT_EQ(node.stop(), 0);
  }
  fs::remove_all(home() / "data");
  refuses(ExitCode::wrong_data, "");
}

TEST_F(Mootd, APortInUseIsSaid) {
  Node first(home());
  const fs::path second = folder_.path() / "second";
  make_home(second, genesis_);
  write_text(second / "config" / "node_key.json", node::app::to_json(test_key("another")));
  const auto before = contents(second);
  const Finished finished = run(mootd(second, {"start", "--listen", first.address()}));
  EXPECT_EQ(finished.status, static_cast<int>(ExitCode::failed)) << finished.err;
  EXPECT_NE(finished.err.find(first.address()), std::string::npos) << finished.err;
  EXPECT_EQ(contents(second), before) << "no ledger is begun that nobody could reach";
}

TEST_F(Mootd, ASecondStartOnThePortOfTheFirstIsToldOfTheFirst) {
  Node first(home());
  refuses(ExitCode::in_use, "is in use by process " + std::to_string(first.process().pid()),
          {"start", "--listen", first.address()});
}

TEST_F(Mootd, PlaintextForOtherMachinesIsRefusedByCheckAndStartBeforeAnythingIsMade) {
  const auto before = contents(home());
  refuses(ExitCode::usage, "without TLS", {"start", "--listen", "0.0.0.0:0"});
  std::string text = read_text(config("config.toml"));
  text.replace(text.find("127.0.0.1:0"), 11, "0.0.0.0:0");
  write_text(config("config.toml"), text);
  refuses(ExitCode::usage, "set api.tls_cert and api.tls_key", {"config", "check"});
  refuses(ExitCode::usage, "set api.tls_cert and api.tls_key");
  text.replace(text.find("0.0.0.0:0"), 9, "127.0.0.1:0");
  write_text(config("config.toml"), text);
  EXPECT_EQ(contents(home()), before);
}

TEST_F(Mootd, AnotherKeyServesAndMakesNoBlock) {
  write_text(config("node_key.json"), node::app::to_json(test_key("another")));
  Node node(home());
  EXPECT_EQ(field(node.ready_line(), "validating"), "false");
  EXPECT_EQ(node.stop(), 0);
}

TEST_F(Mootd, AnotherKeyServesALedgerThatHasSomethingDue) {
  genesis_.roles[ledger::Role::guardian].holders[0].expires = TimeMs{genesis_.created.raw() + 1};
  write_text(config("genesis.json"), genesis::to_json(genesis_));
  write_text(config("node_key.json"), node::app::to_json(test_key("another")));
  Node node(home());
  EXPECT_EQ(field(node.ready_line(), "validating"), "false");
  LedgerClient client(node.address(), genesis_);
  EXPECT_EQ(client.height(), 0u);
  EXPECT_EQ(node.stop(), 0) << node.process().err();
}

TEST_F(Mootd, DoctorChangesNothingInTheDatabaseEvenAfterACrash) {
  {
    Node node(home());
    make_a_block(node);
    node.kill();
  }
  const auto data = [this] {
    auto all = contents(home() / "data" / "db");
    std::erase_if(all,
                  [](const auto& file) { return file.first.starts_with("LOG"); });  // RocksDB's own diary
    return all;
  };
  const auto before = data();
  const Finished finished = run(mootd(home(), {"doctor"}));
  EXPECT_EQ(finished.status, 0) << finished.err;
  EXPECT_NE(finished.out.find("newest block   1,"), std::string::npos) << finished.out;
  EXPECT_NE(finished.out.find("executed 1 block"), std::string::npos) << finished.out;
  EXPECT_EQ(data(), before);
}

TEST_F(Mootd, ADamagedDatabaseIsRefusedByDoctorAndStart) {
  {
    Node node(home());
    make_a_block(node);
    ASSERT_EQ(node.stop(), 0);
  }
  flip_a_byte_of_the_largest_table();
  for (const char* word : {"doctor", "start"}) refuses(ExitCode::wrong_data, "is damaged", {word});
  refuses(ExitCode::wrong_data, "restore the data directory from a copy");
}

}  // namespace
}  // namespace moot::test
