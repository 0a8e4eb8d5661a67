// kill -9 of a real mootd, again and again, under load: whatever it called final is there afterwards, at the same height, and
// the whole ledger replays from genesis to the node's state root.
//
// 10 rounds; 200 with MOOT_SOAK=1. The moments of the kills come from a seed that each failure prints (MOOT_SEED).
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "node/storage/storage_error.hpp"
#include "tests/support/ledger_world.hpp"
#include "tests/support/node/ledger_client.hpp"
#include "tests/support/node/mootd.hpp"
#include "tests/support/soak.hpp"

namespace moot::test {
namespace {

constexpr unsigned kMembers = 12;
constexpr std::size_t kStreamed = 24;  // transactions of one member in one bulk stream

// What the node has called final, by every client, over all its lives.
class Acknowledged {
 public:
  void add(const TxId& id, u64 height) {
    const std::lock_guard lock(mutex_);
    all_.emplace(id, height);
  }
  [[nodiscard]] std::map<TxId, u64> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<TxId, u64> all_;
};

// One member's traffic: nonces in order, each transaction signed once and sent until it is final. After a crash the same
// bytes go again, as any wallet's would.
class Traffic {
 public:
  explicit Traffic(unsigned member) : label_("m" + std::to_string(member)), member_(member) {}

  // Keeps a node busy until it is gone. Singles wait for each transaction; streams wait for a batch, then ask where each is.
  void run(LedgerClient& client, Acknowledged& acknowledged, const std::atomic<bool>& enough) {
    while (!enough) {
      fill(client);
      const bool alive =
          member_ % 2 == 0 ? one_by_one(client, acknowledged) : in_a_stream(client, acknowledged);
      if (!alive) return;
    }
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  void fill(LedgerClient& client) {
    while (waiting_.size() < kStreamed) {
      // Some of them fail on the ledger, as when the other one delegates too: a failed one is as final as any.
      const u64 other = (member_ + 1 + next_nonce_ % (kMembers - 1)) % kMembers;
      const Address delegate = test_address("m" + std::to_string(other));
      waiting_.push_back(client.sign(label_, ledger::SetDelegate{.delegate = delegate}, next_nonce_++));
    }
  }

  bool settle(const SignedTx& tx, const Sent& sent, Acknowledged& acknowledged) {
    if (!sent.answered) return false;
    if (sent.height == 0) {
      problem_ = label_ + ": " + sent.problem;
      return false;
    }
    acknowledged.add(tx.id, sent.height);
    return true;
  }

  bool one_by_one(LedgerClient& client, Acknowledged& acknowledged) {
    const SignedTx tx = waiting_.front();
    if (!settle(tx, client.send(tx), acknowledged)) return false;
    waiting_.erase(waiting_.begin());
    return true;
  }

  bool in_a_stream(LedgerClient& client, Acknowledged& acknowledged) {
    const auto batch = client.send_batch(waiting_, true);
    if (!batch.answered) return false;
    if (batch.refused + batch.dropped != 0) {
      problem_ = label_ + ": of " + std::to_string(batch.received) + " in a stream " +
                 std::to_string(batch.refused) + " refused, " + std::to_string(batch.dropped) + " dropped, " +
                 std::to_string(batch.known) + " known, first reason: " + batch.problem;
      return false;
    }
    for (const SignedTx& tx : waiting_)
      if (!settle(tx, client.wait(tx.id), acknowledged)) return false;
    waiting_.clear();
    return true;
  }

  std::string label_;
  unsigned member_;
  u64 next_nonce_ = 1;
  std::vector<SignedTx> waiting_;
  std::string problem_;
};

// A small disk of its own, where the machine lets us mount one.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path at) : at_(std::move(at)) {
    mounted_ = ::mount("none", at_.c_str(), "tmpfs", 0, "size=48m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return mounted_; }

  // Somebody else's file takes all the room but this much.
  void fill(std::uintmax_t leave) {
    const std::string megabyte(1 << 20, 'x');
    std::ofstream out(at_ / "filler", std::ios::binary);
    while (std::filesystem::space(at_).available > leave + megabyte.size()) out << megabyte << std::flush;
    out << megabyte.substr(0, std::filesystem::space(at_).available - leave) << std::flush;
  }
  void free() { std::filesystem::remove(at_ / "filler"); }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

class Crash : public testing::Test {
 protected:
  void SetUp() override { make_home(home(), genesis_); }
  [[nodiscard]] std::filesystem::path home() const { return folder_.path() / "home"; }

  // Everything that was acknowledged stands where it stood, and nothing stands twice.
  void compare(LedgerClient& client) {
    const auto replay = client.replay();
    ASSERT_TRUE(replay) << replay.error();
    EXPECT_EQ(client.height(), replay->height);
    EXPECT_EQ(client.state_root(), replay->root);
    std::map<TxId, u64> on_ledger;
    for (const auto& [id, height] : replay->transactions)
      EXPECT_TRUE(on_ledger.emplace(id, height).second) << to_hex(id.view()) << " is on the ledger twice";
    const auto acknowledged = acknowledged_.all();
    for (const auto& [id, height] : acknowledged) {
      const auto at = on_ledger.find(id);
      ASSERT_NE(at, on_ledger.end()) << to_hex(id.view()) << ", acknowledged at " << height << ", is lost";
      EXPECT_EQ(at->second, height) << to_hex(id.view()) << " has moved";
    }
    // The node's own index, rebuilt after the crash, says the same.
    std::size_t asked = 0;
    for (auto it = acknowledged.rbegin(); it != acknowledged.rend() && asked < 100; ++it, ++asked) {
      const auto found = client.find(it->first);
      ASSERT_TRUE(found) << to_hex(it->first.view()) << " is not found";
      EXPECT_EQ(found->height, it->second);
    }
    EXPECT_GE(replay->height, newest_) << "the chain is shorter than it was";
    newest_ = replay->height;
  }

  // A node under load until `end` has ended it.
  void life(const std::function<void(Node&)>& end) {
    Node node(home());
    if (HasFailure()) return;
    std::atomic<bool> enough = false;
    std::vector<std::thread> threads;
    for (Traffic& traffic : traffic_)
      threads.emplace_back([&] {
        LedgerClient client(node.address(), genesis_);
        traffic.run(client, acknowledged_, enough);
      });
    end(node);
    node.kill();
    enough = true;
    for (std::thread& thread : threads) thread.join();
    for (const Traffic& traffic : traffic_) EXPECT_EQ(traffic.problem(), "");
  }

  std::vector<Traffic> traffic_ = [] {
    std::vector<Traffic> out;
    for (unsigned i = 0; i < kMembers; ++i) out.emplace_back(i);
    return out;
  }();
  ledger::Genesis genesis_ = live_genesis(kMembers);
  Acknowledged acknowledged_;
  u64 newest_ = 0;
  TemporaryFolder folder_{"crash"};
};

TEST_F(Crash, NothingAcknowledgedIsLostByKill9UnderLoad) {
  const u64 rounds = soaking() ? 200 : 10;
  const u64 seed = asked_seed().value_or(SystemClock().now_ms().raw());
  SeededRandom random(seed);
  SCOPED_TRACE("MOOT_SEED=" + std::to_string(seed));
  for (u64 round = 0; round < rounds && !HasFailure(); ++round) {
    // Early kills meet recovery and the first blocks; later ones meet a busy node.
    const u64 milliseconds = random.below(4) == 0 ? random.below(30) : 50 + random.below(700);
    SCOPED_TRACE("round " + std::to_string(round) + ", killed after " + std::to_string(milliseconds) + " ms");
    life([milliseconds](Node&) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); });
    if (HasFailure()) return;
    Node node(home());
    LedgerClient client(node.address(), genesis_);
    compare(client);
    if (round % 2 == 0)
      node.kill();  // also straight after recovery
    else
      EXPECT_EQ(node.stop(), 0);
  }
  const std::size_t acknowledged = acknowledged_.all().size();
  RecordProperty("acknowledged", static_cast<int>(acknowledged));
  std::cout << acknowledged << " transactions acknowledged over " << rounds << " kills, " << newest_
            << " blocks\n";
  EXPECT_GT(acknowledged, rounds * 10) << "the node was hardly under load";
}

TEST_F(Crash, AFullDiskEndsTheNodeAndLosesNothingThatWasFinal) {
  SmallDisk disk(home() / "data");
  if (!disk.mounted()) GTEST_SKIP() << "this user may not mount a small disk";
  life([&disk](Node& node) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    disk.fill(std::uintmax_t{256} << 10);
    EXPECT_EQ(node.process().wait(std::chrono::seconds(60)), node::kStorageFailureExit)
        << node.process().err();
    EXPECT_NE(node.process().err().find("disk full: free space on "), std::string::npos)
        << node.process().err();
  });
  if (HasFailure()) return;
  const Finished still_full = run(mootd(home(), {"start"}));
  EXPECT_EQ(still_full.status, node::kStorageFailureExit) << still_full.err;
  EXPECT_NE(still_full.err.find("are needed"), std::string::npos) << still_full.err;
  disk.free();
  Node node(home());
  LedgerClient client(node.address(), genesis_);
  compare(client);
  EXPECT_GT(acknowledged_.all().size(), 10u);
  EXPECT_EQ(node.stop(), 0);
}

}  // namespace
}  // namespace moot::test
