// What storage costs next to the disk itself, measured in the same run and the same directory: a block's synced write beside
// a bare fdatasync of as many bytes, and the records of a block. Each benchmark reads back what it wrote.
//
// Files go to MOOT_BENCH_DIR, else to the system's temporary directory; a directory in memory measures nothing.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "base/check.hpp"
#include "consensus/solo.hpp"
#include "crypto/sha256.hpp"
#include "node/storage/block_store.hpp"
#include "node/storage/rocksdb_store.hpp"
#include "node/storage/state_store.hpp"

namespace moot::node {
namespace {

class BenchDir {
 public:
  BenchDir() {
    const char* chosen = std::getenv("MOOT_BENCH_DIR");
    const auto parent = chosen ? std::filesystem::path(chosen) : std::filesystem::temp_directory_path();
    path_ = (parent / "moot-bench-XXXXXX").string();
    MOOT_CHECK(::mkdtemp(path_.data()) != nullptr, "cannot make a directory for the benchmark");
  }
  ~BenchDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BenchDir(const BenchDir&) = delete;
  BenchDir& operator=(const BenchDir&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

template <class Work>
void timed(benchmark::State& state, Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
}

std::unique_ptr<RocksDbStore> open_store(const std::string& path) {
  auto store = RocksDbStore::open(path);
  MOOT_CHECK(store.has_value(), "cannot open the benchmark's database");
  return *std::move(store);
}

// The limit: the same bytes at the end of a preallocated file.
void raw_fdatasync(benchmark::State& state) {
  const BenchDir dir;
  const auto size = static_cast<std::size_t>(state.range(0));
  const Bytes data(size, 0x5a);
  const int fd = ::open((dir / "raw").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  constexpr off_t kFileBytes = off_t{256} << 20;
  MOOT_CHECK(fd >= 0 && ::posix_fallocate(fd, 0, kFileBytes) == 0, "cannot make the benchmark's file");
  off_t at = 0;
  for (auto _ : state) {
    if (at + static_cast<off_t>(size) > kFileBytes) at = 0;
    timed(state, [&] {
      MOOT_CHECK(::pwrite(fd, data.data(), size, at) == static_cast<ssize_t>(size), "short write");
      MOOT_CHECK(::fdatasync(fd) == 0, "fdatasync failed");
    });
    at += static_cast<off_t>(size);
  }
  Bytes read(size);
  if (::pread(fd, read.data(), size, 0) != static_cast<ssize_t>(size) || read != data)
    state.SkipWithError("the file does not hold what was written");
  ::close(fd);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * state.range(0));
}

consensus::BlockContent content_after(const consensus::ChainTip& tip) {
  consensus::BlockContent content;
  content.time = TimeMs{tip.time.raw() + 1};
  return content;
}

// A chain of one validator whose blocks hold `bytes` of transactions, 200 bytes each, as a ballot's envelope about is.
class Chain {
 public:
  explicit Chain(std::size_t bytes) : bytes_(bytes) {
    std::array<u8, 32> scalar{};
    scalar[31] = 1;
    signer_ = std::make_unique<crypto::SchnorrSigner>(*crypto::SecretKey::from_bytes(scalar));
    validators_ = consensus::ValidatorSet::from({signer_->key()});
    tip_ = consensus::genesis_tip(LedgerId{}, TimeMs{1}, *validators_);
  }

  StoredBlock next() {
    const auto solo = consensus::make_solo_block(*tip_, content_after(*tip_), *validators_, *signer_);
    tip_ = consensus::next_tip(*tip_, solo.header, solo.finalization);
    StoredBlock block{.link = {solo.header, solo.justification, solo.finalization}, .body = {}};
    for (std::size_t done = 0; done < bytes_; done += kEnvelopeBytes) {
      Writer envelope;
      envelope.put(counter_++);
      Bytes bytes = envelope.take();
      bytes.resize(kEnvelopeBytes, 0x33);
      block.body.envelopes.push_back(std::move(bytes));
    }
    return block;
  }

 private:
  static constexpr std::size_t kEnvelopeBytes = 200;
  std::size_t bytes_;
  u64 counter_ = 0;
  std::unique_ptr<crypto::SchnorrSigner> signer_;
  std::optional<consensus::ValidatorSet> validators_;
  std::optional<consensus::ChainTip> tip_;
};

TxId id_of(ByteView envelope) { return crypto::sha256(envelope).as<TxId>(); }

std::vector<TxId> ids_of(const StoredBlock& block) {
  std::vector<TxId> ids;
  for (const Bytes& envelope : block.body.envelopes) ids.push_back(id_of(envelope));
  return ids;
}

// BlockStore::append: the durable point of a block, with its index entries.
void synced_block(benchmark::State& state) {
  const BenchDir dir;
  const auto store = open_store(dir / "db");
  const auto blocks = BlockStore::open(*store, id_of).value();
  Chain chain(static_cast<std::size_t>(state.range(0)));
  StoredBlock last;
  for (auto _ : state) {
    last = chain.next();
    const auto ids = ids_of(last);
    timed(state, [&] { blocks->append(last, ids); });
  }
  store->flush();
  const auto stats = store->stats();
  const Height height = last.link.header.height;
  if (blocks->block(height) != last) state.SkipWithError("the last block is not the one written");
  if (blocks->find(ids_of(last)[0]) != TxLocation{height, 0})
    state.SkipWithError("the index misses a transaction");
  if (stats.syncs != static_cast<u64>(state.iterations()))
    state.SkipWithError("not one synced write a block");
  const double ledger_bytes = static_cast<double>(state.iterations()) * static_cast<double>(state.range(0));
  state.counters["disk_per_ledger_byte"] = static_cast<double>(stats.bytes_written()) / ledger_bytes;
  state.SetBytesProcessed(static_cast<int64_t>(ledger_bytes));
}

constexpr u64 kRecords = 10'000;
constexpr u64 kMembers = 1'000'000;

// StateStore::apply: 10,000 records of 64 bytes, dense ids spread over a million, unlogged; flushes included.
void state_batch(benchmark::State& state) {
  const BenchDir dir;
  const auto store = open_store(dir / "db");
  StateStore records(*store);
  u64 height = 0;
  for (auto _ : state) {
    ++height;
    std::vector<RecordChange> changes;
    changes.reserve(kRecords);
    for (u64 i = 0; i < kRecords; ++i) {
      Writer value;
      value.put(height);
      Bytes bytes = value.take();
      bytes.resize(64, static_cast<u8>(i));
      changes.push_back(
          {.table = 1, .a = (height * 7'919 + i * 101) % kMembers, .b = 0, .value = std::move(bytes)});
    }
    timed(state,
          [&] { records.apply({.height = Height{height}, .root = {}, .changes = changes, .sealed = {}}); });
  }
  u64 newest = 0;
  records.load(1, [&](u64, u64, ByteView value) {
    newest += Reader(value).get_uint<u64>() == height ? 1 : 0;
    return true;
  });
  if (newest != kRecords) state.SkipWithError("the newest block's records are not all there");
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(kRecords));
}

// StateStore::load: what a start reads before it rebuilds the trees.
void load_records(benchmark::State& state) {
  const BenchDir dir;
  const auto count = static_cast<u64>(state.range(0));
  const auto store = open_store(dir / "db");
  StateStore records(*store);
  u64 height = 0;
  for (u64 first = 0; first < count; first += kRecords) {
    std::vector<RecordChange> changes;
    for (u64 i = first; i < std::min(count, first + kRecords); ++i)
      changes.push_back({.table = 1, .a = i, .b = 0, .value = Bytes(64, static_cast<u8>(i))});
    records.apply({.height = Height{++height}, .root = {}, .changes = changes, .sealed = {}});
  }
  records.flush();
  for (auto _ : state) {
    u64 next = 0;
    timed(state, [&] {
      records.load(1, [&](u64 a, u64, ByteView value) { return a == next++ && value.size() == 64; });
    });
    if (next != count) state.SkipWithError("a record is missing or out of order");
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * state.range(0));
}

BENCHMARK(raw_fdatasync)
    ->Name("Limits/RawFdatasync")
    ->Arg(64 << 10)
    ->Arg(1 << 20)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(synced_block)
    ->Name("Storage/SyncedBlock")
    ->Arg(64 << 10)
    ->Arg(1 << 20)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(state_batch)->Name("Storage/StateBatch10000")->UseManualTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(load_records)
    ->Name("Storage/LoadRecords")
    ->Arg(1'000'000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace moot::node
