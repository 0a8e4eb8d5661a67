// A real mootd, ballots over gRPC: G1, G11, G12 and G14.
//
// One folder is prepared (records of every member, open proposals) and copied, so that the node which is killed and the node
// which is timed take the same ballots, signed once.
#include <atomic>
#include <cstdio>
#include <thread>
#include <unordered_set>

#include "base/clock.hpp"
#include "bench/goals/daemon.hpp"
#include "bench/goals/voters.hpp"
#include "crypto/sha256.hpp"

namespace moot::bench {
namespace {

namespace fs = std::filesystem;

constexpr u64 kMaxVoters = 50'000;
constexpr u64 kMembersThatWeigh = 1'000'000;  // with fewer, the program itself is most of what is resident
constexpr u64 kMaxProposals = 64;             // that may be live at once
constexpr unsigned kStreams = 4;
constexpr u64 kAcknowledgedPart = 2'000;  // ballots of a stream under the load that is killed
constexpr auto kLoad =
    std::chrono::seconds(25);  // short of the flush after 30 s: recovery has all of it to do

class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(fs::temp_directory_path() / ("moot-goals-" + name + "-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

struct Election {
  Voters voters;
  std::vector<Bytes> ballots;  // proposal after proposal
  u64 proposals = 0;
};

// Starts a ledger in `home`, opens proposals, stops, and signs the ballots for it.
Election prepare(const fs::path& home, u64 members, u64 ballots) {
  Election out{.voters = Voters(std::min(members, kMaxVoters), members), .ballots = {}};
  out.proposals = std::clamp<u64>(ballots / out.voters.count(), 1, kMaxProposals);
  const TimeMs created{SystemClock().now_ms().raw() - 60'000};
  ledger::SigningContext signing;
  {
    const ledger::Genesis genesis = out.voters.genesis(created);
    signing = ledger::signing_context(genesis.organisation, ledger::ledger_id(genesis));
    make_daemon_home(home, genesis);
  }
  Daemon node(home);
  progress("first start took " + std::to_string(node.start_time()) + " s; proposals and ballots");
  std::vector<Bytes> proposals;
  for (u64 i = 0; i < out.proposals; ++i)
    proposals.push_back(out.voters.sign(signing, i, Voters::proposal()));
  MOOT_CHECK(node.send(proposals), "the proposals are taken");
  std::vector<Hash> hashes;
  for (u64 i = 0; i < out.proposals; ++i) {
    const Daemon::Counted proposal = node.proposal(ProposalId{i});
    hashes.push_back(proposal.hash);
  }
  while (!node.proposal(ProposalId{out.proposals - 1}).open)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  node.stop();
  for (u64 i = 0; i < out.proposals; ++i)
    for (Bytes& ballot : out.voters.ballots(signing, ProposalId{i}, hashes[i]))
      out.ballots.push_back(std::move(ballot));
  return out;
}

void check_tallies(const Daemon& node, const Election& election) {
  MOOT_CHECK(node.status().ballots == election.ballots.size(), "every ballot is final, once");
  for (u64 i = 0; i < election.proposals; ++i) {
    const Daemon::Counted counted = node.proposal(ProposalId{i});
    MOOT_CHECK(counted.cast == election.voters.count() && counted.against == election.voters.against(),
               "each proposal's tally is of the ballots that were sent");
  }
}

// Every stream has its own stretch of the ballots.
void send_all(const Daemon& node, const Election& election) {
  std::vector<std::jthread> streams;
  const std::span<const Bytes> all = election.ballots;
  for (unsigned i = 0; i < kStreams; ++i) {
    const std::size_t begin = all.size() * i / kStreams;
    const std::size_t end = all.size() * (i + 1) / kStreams;
    streams.emplace_back([&node, part = all.subspan(begin, end - begin)] {
      MOOT_CHECK(node.send(part), "the node stays to the end");
    });
  }
}

void restart_goals(Table& table, const Daemon& node, u64 members) {
  table.add({.goal = "G11",
             .what = "cold restart of mootd, to its ready line",
             .members = members,
             .value = node.start_time(),
             .unit = "s",
             .better = Better::lower,
             .floor = restart_floor(members),
             .target = restart_target(members),
             .limit = "genesis file, records, trees, root, chain",
             .clock = true,
             .work = node.start_time()});
  if (members < kMembersThatWeigh) return;
  const double resident = static_cast<double>(node.resident_bytes());
  table.add({.goal = "G10",
             .what = "resident set of mootd, a member",
             .members = members,
             .value = resident / static_cast<double>(members),
             .unit = "B",
             .better = Better::lower,
             .floor = 400,
             .target = 240,
             .limit = text("%.0f MiB after a restart, all in", resident / (1 << 20)),
             .work = std::nullopt});
}

void throughput_goal(Table& table, const Daemon& node, const Election& election, u64 members) {
  const Limits before = measure_limits();
  const Seconds cpu_before = node.cpu_time();
  const Seconds voting = timed([&] { send_all(node, election); });
  const Seconds cpu = node.cpu_time() - cpu_before;
  const Limits limits = mean(before, measure_limits());
  check_tallies(node, election);
  const double count = static_cast<double>(election.ballots.size());
  const double rate = count / voting;
  table.add({.goal = "G1",
             .what = "ballots final over gRPC, a second, of C x V1",
             .members = members,
             .value = rate / (limits.cores * limits.verify),
             .unit = "x C*V1",
             .floor = 0.50,
             .target = 0.75,
             .limit = text("%.0f/s; of C x recovery at once %.2f; mootd used %.1f us of processor a ballot",
                           rate, rate / (limits.cores * limits.recover), cpu / count * 1e6),
             .clock = true,
             .work = std::nullopt});
}

// Restarts, takes every ballot, stops: the process that was charged did nothing else.
void voting_goals(Table& table, const Election& election, const fs::path& home, u64 members) {
  Daemon node(home);
  restart_goals(table, node, members);
  throughput_goal(table, node, election, members);
  const Daemon::Charged charged = node.stop();
  const double written = static_cast<double>(charged.disk_bytes);
  const double count = static_cast<double>(election.ballots.size());
  double own = 0;
  for (const Bytes& ballot : election.ballots) own += static_cast<double>(ballot.size());
  table.add(
      {.goal = "G14",
       .what = "disk bytes written of the ballots' own bytes",
       .members = members,
       .value = written / own,
       .unit = "x",
       .better = Better::lower,
       .floor = 4,
       .target = 2,
       .limit = text("%.0f ballots of %.0f B; %.0f B each, all that the process wrote from start to stop",
                     count, own / count, written / count),
       .work = std::nullopt});
}

// What the node called final before it was killed.
class Acknowledged {
 public:
  void add(std::span<const Bytes> ballots) {
    const std::lock_guard lock(mutex_);
    parts_.push_back(ballots);
    count_ += ballots.size();
  }
  [[nodiscard]] u64 count() const { return count_; }
  [[nodiscard]] const std::vector<std::span<const Bytes>>& parts() const { return parts_; }

 private:
  std::mutex mutex_;
  std::vector<std::span<const Bytes>> parts_;
  std::atomic<u64> count_ = 0;
};

// Streams without end until the node is gone, or the ballots are.
void load_and_kill(Daemon& node, const Election& election, Acknowledged& acknowledged) {
  const std::span<const Bytes> all = election.ballots;
  std::atomic<u64> next = 0;
  std::atomic<unsigned> idle = 0;
  std::vector<std::jthread> streams;
  for (unsigned i = 0; i < kStreams; ++i)
    streams.emplace_back([&] {
      for (;;) {
        const u64 at = next.fetch_add(kAcknowledgedPart);
        if (at >= all.size()) break;
        const auto part = all.subspan(at, std::min<u64>(kAcknowledgedPart, all.size() - at));
        if (!node.send(part)) return;
        acknowledged.add(part);
      }
      ++idle;
    });
  // Killed while every stream is busy.
  const auto end = std::chrono::steady_clock::now() + kLoad;
  while (std::chrono::steady_clock::now() < end && next < all.size() * 3 / 4)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  MOOT_CHECK(idle == 0, "the node is under load when it is killed");
  node.kill();
}

void check_acknowledged(const Daemon& node, const Acknowledged& acknowledged) {
  std::unordered_set<std::string_view> wanted;
  wanted.reserve(acknowledged.count());
  for (const auto& part : acknowledged.parts())
    for (const Bytes& ballot : part)
      wanted.emplace(reinterpret_cast<const char*>(ballot.data()), ballot.size());
  MOOT_CHECK(node.status().ballots >= wanted.size(), "no acknowledged ballot is missing from the count");
  node.for_each_envelope([&](ByteView envelope) {
    wanted.erase({reinterpret_cast<const char*>(envelope.data()), envelope.size()});
  });
  MOOT_CHECK(wanted.empty(), "every acknowledged ballot is in a block after the crash");
}

void recovery_goal(Table& table, const Election& election, const fs::path& home, u64 members) {
  Acknowledged acknowledged;
  {
    Daemon node(home);
    load_and_kill(node, election, acknowledged);
  }
  MOOT_CHECK(acknowledged.count() > 0, "something was acknowledged");
  Daemon node(home);
  check_acknowledged(node, acknowledged);
  table.add(
      {.goal = "G12",
       .what = "kill -9 under load: process start to serving",
       .members = members,
       .value = node.start_time(),
       .unit = "s",
       .better = Better::lower,
       .floor = 15,
       .target = 5,
       .limit = text("%.0f ballots acknowledged and all there; %.0f final",
                     static_cast<double>(acknowledged.count()), static_cast<double>(node.status().ballots)),
       .clock = true,
       .work = std::nullopt});
  node.stop();
}

}  // namespace

void daemon_goals(Table& table, const Options& options, u64 members) {
  const Folder folder(std::to_string(members));
  progress("a real mootd of " + std::to_string(members) + " members");
  const Election election = prepare(folder / "voted", members, options.ballots);
  fs::copy(folder / "voted", folder / "killed", fs::copy_options::recursive);
  voting_goals(table, election, folder / "voted", members);
  progress("kill -9 and recovery");
  recovery_goal(table, election, folder / "killed", members);
}

}  // namespace moot::bench
