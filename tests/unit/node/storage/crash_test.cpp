// kill -9 at random moments: a writer process appends blocks and tells each one that is final; after each kill every
// block it told must be there, and the records must stand at one whole earlier moment.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <charconv>
#include <cstdlib>
#include <map>
#include <thread>

#include "base/random.hpp"
#include "node/storage/file_lock.hpp"
#include "node/storage/state_store.hpp"
#include "tests/unit/node/storage/fixture.hpp"

extern char** environ;

namespace moot::node::test {
namespace {

constexpr const char* kDirectoryVariable = "MOOT_CRASH_DIR";
constexpr u64 kSlots = 64;      // block h writes record h mod kSlots
constexpr u64 kSealEvery = 16;  // block h seals proposal h
constexpr u64 kFlushEvery = 37;
constexpr int kRounds = 12;
constexpr std::size_t kBlocksMore = 4;  // that every other writer tells before it is killed
constexpr int kSilenceMs = 120'000;     // after it a writer is taken for dead

std::string text_of(u64 number) { return std::to_string(number); }

// Large enough that the records fill their family's memory many times in a round: RocksDB then flushes of its own accord,
// and only an atomic flush keeps the records and the height they stand at together.
std::string record_of(u64 height) { return text_of(height) + std::string(16'000, '.'); }

std::vector<Bytes> envelopes_of(u64 height) {
  // From empty blocks to some of a few hundred kilobytes, which go to blob files.
  std::vector<Bytes> out;
  for (u64 i = 0; i < height % 5; ++i) {
    out.push_back(bytes_of("tx " + text_of(height) + " " + text_of(i)));
    out.back().resize(32 + (height * 2'654'435'761 >> 7) % 60'000, 7);
  }
  return out;
}

void apply_block(StateStore& state, const consensus::Header& header) {
  const u64 height = header.height.raw();
  const std::vector<RecordChange> changes = {
      {.table = 1, .a = height % kSlots, .b = 0, .value = bytes_of(record_of(height))},
      {.table = 2, .a = 0, .b = 0, .value = bytes_of(text_of(height))}};
  const Bytes slots(3'000, static_cast<u8>(height));
  std::vector<SealedBallots> sealed;
  if (height % kSealEvery == 0) sealed.push_back({ProposalId{height}, slots});
  state.apply({.height = header.height, .root = header.state_root, .changes = changes, .sealed = sealed});
}

// Everything that must hold of a directory at any moment. Returns the tip's height.
u64 check(const std::string& directory, const std::map<u64, std::string>& told) {
  const auto store = open_rocksdb(directory + "/db");
  EXPECT_TRUE(bind_schema(*store, kLedger).has_value());
  const auto blocks = BlockStore::open(*store, id_of);
  EXPECT_TRUE(blocks.has_value());
  const u64 tip = (*blocks)->tip() ? (*blocks)->tip()->height.raw() : 0;
  if (!told.empty()) EXPECT_GE(tip, told.rbegin()->first);

  ChainBuilder chain;
  (*blocks)->for_each_block(Height{1}, [&](const StoredBlock& block) {
    const u64 height = block.link.header.height.raw();
    const auto ok = consensus::verify_link(chain.tip(), block.link.header, block.link.justification,
                                           block.link.finalization, chain.validators());
    EXPECT_TRUE(ok.has_value()) << ok.error().text;
    chain.follow(block.link);
    if (told.contains(height)) EXPECT_EQ(told.at(height), to_hex(chain.tip().hash.view()));
    EXPECT_EQ(block.body.envelopes, envelopes_of(height));
    const auto ids = ids_of(block);
    for (u32 i = 0; i < ids.size(); ++i)
      EXPECT_EQ((*blocks)->find(ids[i]), (TxLocation{Height{height}, i})) << height;
    return !::testing::Test::HasFailure();
  });
  EXPECT_EQ(chain.tip().height.raw(), tip);

  const StateStore state(*store);
  const u64 applied = state.applied() ? state.applied()->height.raw() : 0;
  EXPECT_LE(applied, tip);
  std::map<u64, std::string> expected;
  for (u64 h = 1; h <= applied; ++h) expected[h % kSlots] = record_of(h);
  std::map<u64, std::string> found;
  state.load(1, [&](u64 a, u64, ByteView value) {
    found[a] = as_string(value);
    return true;
  });
  EXPECT_TRUE(found == expected) << "the records are not those of height " << applied;
  for (u64 h = kSealEvery; h <= tip; h += kSealEvery) {
    const auto slots = state.sealed(ProposalId{h});
    EXPECT_EQ(slots.has_value(), h <= applied) << h;
    if (slots) EXPECT_EQ(*slots, Bytes(3'000, static_cast<u8>(h)));
  }
  return tip;
}

// The writer: goes on from what it finds, as an engine does, until it is killed.
[[noreturn]] void write_until_killed(const std::string& directory) {
  const auto lock = FileLock::acquire_directory(directory);
  MOOT_CHECK(lock.has_value(), "the killed writer still holds the directory");
  const auto store = open_rocksdb(directory + "/db");
  MOOT_CHECK(bind_schema(*store, kLedger).has_value(), "the database changed its ledger");
  const auto blocks = BlockStore::open(*store, id_of).value();
  StateStore state(*store);
  ChainBuilder chain;
  const Height applied = state.applied() ? state.applied()->height : Height{0};
  blocks->for_each_link(Height{1}, [&](const BlockLink& link) {
    chain.follow(link);
    if (link.header.height > applied) apply_block(state, link.header);
    return true;
  });
  for (;;) {
    const u64 height = chain.tip().height.raw() + 1;
    const StoredBlock block = chain.next(envelopes_of(height));
    blocks->append(block, ids_of(block));
    const std::string line = text_of(height) + " " + to_hex(chain.tip().hash.view()) + "\n";
    MOOT_CHECK(::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size()), "pipe");
    apply_block(state, block.link.header);
    if (height % kFlushEvery == 0) state.flush();
  }
}

// Not a test of its own: StorageCrash starts this program again with only this case.
TEST(DISABLED_StorageCrashWriter, WritesUntilKilled) {
  const char* directory = std::getenv(kDirectoryVariable);
  if (directory == nullptr) GTEST_SKIP() << "started by StorageCrash only";
  write_until_killed(directory);
}

// Lines of "<height> <hash>"; others (the test framework's own), and a last line without its end, are not told.
std::map<u64, std::string> told_in(const std::string& said) {
  std::map<u64, std::string> told;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = said.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const std::string_view line(said.data() + begin, end - begin);
    u64 height = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), height);
    const auto digits = static_cast<std::size_t>(rest - line.data());
    if (error == std::errc{} && line.size() == digits + 65) told[height] = line.substr(digits + 1);
  }
  return told;
}

class WriterProcess {
 public:
  explicit WriterProcess(const std::string& directory) {
    int ends[2];
    MOOT_CHECK(::pipe2(ends, O_CLOEXEC) == 0, "no pipe");
    read_end_ = ends[0];
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = "/proc/self/exe";
    std::string filter = "--gtest_filter=DISABLED_StorageCrashWriter.*";
    std::string disabled = "--gtest_also_run_disabled_tests";
    char* arguments[] = {program.data(), filter.data(), disabled.data(), nullptr};
    ::setenv(kDirectoryVariable, directory.c_str(), 1);
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    MOOT_CHECK(::posix_spawn(&pid_, self.c_str(), &actions, nullptr, arguments, environ) == 0,
               "cannot start the writer");
    ::unsetenv(kDirectoryVariable);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
  }

  // Waits until the writer has told so many blocks, then a little longer, kills it and returns everything it had said.
  std::string kill_after(std::size_t blocks, std::chrono::milliseconds delay) {
    std::string out;
    while (told_in(out).size() < blocks && read_more(out)) {}
    std::this_thread::sleep_for(delay);
    ::kill(pid_, SIGKILL);
    while (read_more(out)) {}
    ::close(read_end_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself: " << out;
    return out;
  }

 private:
  // False at the end, and when the writer says nothing for as long as no machine is slow.
  bool read_more(std::string& out) const {
    pollfd ready{.fd = read_end_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, kSilenceMs) <= 0) return false;
    char part[4096];
    const ssize_t size = ::read(read_end_, part, sizeof part);
    if (size > 0) out.append(part, static_cast<std::size_t>(size));
    return size > 0;
  }

  pid_t pid_ = 0;
  int read_end_ = -1;
};

TEST(StorageCrash, LosesNoBlockThatWasToldAndTearsNoState) {
  const TempDir dir;
  const u64 seed = 20'260'131;
  SeededRandom random(seed);
  std::map<u64, std::string> told;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    WriterProcess writer(dir / "data");
    // The first rounds may kill it before it says anything; the later ones let it come further each time.
    const auto delay = std::chrono::milliseconds(random.below(100));
    told.merge(told_in(writer.kill_after(kBlocksMore * static_cast<std::size_t>(round / 2), delay)));
    check(dir / "data", told);
  }
  EXPECT_GT(told.size(), 2 * kFlushEvery) << "the writer fell silent";
  RecordProperty("blocks", static_cast<int>(told.size()));
}

}  // namespace
}  // namespace moot::node::test
