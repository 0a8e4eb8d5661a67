// Connections: a maximum, and an acceptor that no shortage ends.
#include "node/api/acceptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <mutex>
#include <optional>

#include "tests/support/raw_connection.hpp"

namespace moot::test {
namespace {

using namespace std::chrono_literals;
using node::api::Acceptor;
using node::api::Descriptor;
using node::api::Listener;

class AcceptorTest : public ::testing::Test {
 protected:
  void start(u32 max_connections) { start(max_connections, machine_clock_); }
  void start(u32 max_connections, const Clock& clock) {
    auto listener = Listener::bind("127.0.0.1:0");
    ASSERT_TRUE(listener) << listener.error();
    ASSERT_TRUE(listener->listen());
    address_ = listener->address();
    acceptor_ = std::make_unique<Acceptor>(
        std::move(*listener), max_connections, [this](int fd) { keep(fd); }, clock, log_);
  }
  void TearDown() override { acceptor_.reset(); }

  void keep(int fd) {
    const std::lock_guard lock(mutex_);
    accepted_.emplace_back(fd);
  }
  std::size_t accepted() {
    const std::lock_guard lock(mutex_);
    return accepted_.size();
  }
  void close_accepted() {
    const std::lock_guard lock(mutex_);
    accepted_.clear();
  }
  [[nodiscard]] bool accepts(std::size_t count) {
    for (int i = 0; i < 500 && accepted() < count; ++i) std::this_thread::sleep_for(10ms);
    return accepted() == count;
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  // A connection is closed before it is told, so that a line may come a moment later.
  [[nodiscard]] bool tells(std::size_t count) {
    for (int i = 0; i < 500 && lines().size() < count; ++i) std::this_thread::sleep_for(10ms);
    return lines().size() == count;
  }
  // All lines together.
  u64 told_refusals() {
    constexpr std::string_view kField = " refused=";
    u64 sum = 0;
    for (const std::string& line : lines())
      sum += std::stoull(line.substr(line.find(kField) + kField.size()));
    return sum;
  }

  std::mutex mutex_;
  std::vector<Descriptor> accepted_;
  std::vector<std::string> lines_;
  SystemClock machine_clock_;
  Logger log_{LogLevel::info, nullptr, [this](LogLevel, std::string_view line) {
                const std::lock_guard lock(mutex_);
                lines_.emplace_back(line);
              }};
  std::string address_;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(AcceptorTest, HandsOverAConnectionThatDoesNotBlock) {
  start(8);
  RawConnection client(address_);
  ASSERT_TRUE(accepts(1));
  EXPECT_NE(::fcntl(accepted_[0].get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(accepted_[0].get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_FALSE(client.is_closed(0ms));
}

TEST_F(AcceptorTest, ClosesAtOnceWhatIsAboveTheMaximumAndCountsIt) {
  start(2);
  RawConnection first(address_), second(address_);
  ASSERT_TRUE(accepts(2));
  for (u64 i = 1; i <= 5; ++i) {
    EXPECT_TRUE(RawConnection(address_).is_closed(5s));
    EXPECT_EQ(acceptor_->refused(), i);
  }
  EXPECT_FALSE(first.is_closed(0ms));
  EXPECT_FALSE(second.is_closed(0ms));
  EXPECT_EQ(accepted(), 2u);
}

TEST_F(AcceptorTest, AConnectionThatEndsMakesRoomForAnother) {
  start(2);
  RawConnection first(address_), second(address_);
  ASSERT_TRUE(accepts(2));
  close_accepted();
  EXPECT_TRUE(first.is_closed(5s));
  RawConnection third(address_), fourth(address_);
  EXPECT_TRUE(accepts(2));
  EXPECT_FALSE(third.is_closed(0ms));
  EXPECT_TRUE(RawConnection(address_).is_closed(5s));
}

TEST_F(AcceptorTest, TheFirstRefusalIsLoggedAndAFloodIsNot) {
  ManualClock clock(TimeMs{0});
  clock.advance(DurationMs{1'000});
  start(1, clock);
  RawConnection first(address_);
  ASSERT_TRUE(accepts(1));
  EXPECT_TRUE(RawConnection(address_).is_closed(5s));
  ASSERT_TRUE(tells(1));
  EXPECT_EQ(lines()[0],
            "level=warn msg=\"connections refused: as many as api.max_connections are open\" max=1 refused=1 "
            "since_start=1");
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(RawConnection(address_).is_closed(5s));
  EXPECT_EQ(lines().size(), 1u);
  clock.advance(DurationMs{10'000});
  EXPECT_TRUE(RawConnection(address_).is_closed(5s));
  EXPECT_TRUE(tells(2)) << "a line in ten seconds";
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(RawConnection(address_).is_closed(5s));
  acceptor_->stop();
  ASSERT_EQ(lines().size(), 3u) << "the rest is told at the end";
  EXPECT_TRUE(lines()[2].ends_with("since_start=50")) << lines()[2];
  EXPECT_EQ(told_refusals(), 50u);
}

// Leaves the process no descriptor to open, while it lives.
class NoDescriptorLeft {
 public:
  NoDescriptorLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const Descriptor lowest_free(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const rlimit none{.rlim_cur = static_cast<rlim_t>(lowest_free.get()), .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST_F(AcceptorTest, GoesOnAfterTheProcessHadNoDescriptorLeft) {
  start(8);
  std::optional<RawConnection> client;
  {
    // The client takes the last number, so that none is left for the other end.
    std::optional<Descriptor> spare(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const NoDescriptorLeft none;
    spare.reset();
    client.emplace(address_);
    ASSERT_TRUE(client->is_connected());
    EXPECT_TRUE(tells(1));
    EXPECT_EQ(accepted(), 0u);
  }
  EXPECT_TRUE(accepts(1));
  ASSERT_EQ(lines().size(), 1u);
  EXPECT_EQ(lines()[0],
            "level=warn msg=\"no room for a connection, trying on\" reason=\"Too many open files\"");
}

TEST_F(AcceptorTest, AfterTheStopThePortIsFree) {
  start(8);
  acceptor_->stop();
  acceptor_->stop();
  EXPECT_FALSE(RawConnection(address_).is_connected());
  auto again = Listener::bind(address_);
  ASSERT_TRUE(again) << again.error();
  EXPECT_TRUE(again->listen());
}

TEST(Listener, APortWhereAnotherListensIsRefusedWithWhatToDo) {
  auto first = Listener::bind("127.0.0.1:0");
  ASSERT_TRUE(first) << first.error();
  ASSERT_TRUE(first->listen());
  const auto second = Listener::bind(first->address());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(),
            "the API cannot listen on " + first->address() +
                ": Address already in use; set api.listen to an address of this machine and a "
                "free port");
}

TEST(Listener, UntilItListensClientsAreTurnedAway) {
  auto listener = Listener::bind("127.0.0.1:0");
  ASSERT_TRUE(listener) << listener.error();
  EXPECT_FALSE(RawConnection(listener->address()).is_connected());
  ASSERT_TRUE(listener->listen());
  EXPECT_TRUE(RawConnection(listener->address()).is_connected());
}

TEST(Listener, ANameStandsForAllItsAddressesOnOnePort) {
  auto listener = Listener::bind("localhost:0");
  ASSERT_TRUE(listener) << listener.error();
  ASSERT_TRUE(listener->listen());
  EXPECT_EQ(listener->address(), "localhost:" + std::to_string(listener->port()));
  EXPECT_TRUE(RawConnection(listener->address()).is_connected());
}

TEST(Listener, AnAddressThatIsNotThisMachinesIsRefused) {
  for (const char* listen : {"192.0.2.1:0", "no-such-host.invalid:0", "nonsense"})
    EXPECT_FALSE(Listener::bind(listen)) << listen;
}

}  // namespace
}  // namespace moot::test
