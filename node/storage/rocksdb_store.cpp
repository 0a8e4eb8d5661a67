#include "node/storage/rocksdb_store.hpp"

#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <filesystem>
#include <optional>

#include "base/check.hpp"

namespace moot::node {
namespace {

constexpr std::array<const char*, kFamilies> kFamilyNames = {"default", "headers", "bodies",  "tx_index",
                                                             "state",   "sealed",  "progress"};
constexpr u64 kMinBlobBytes = 4'096;

rocksdb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
ByteView view(const rocksdb::Slice& bytes) {
  return {reinterpret_cast<const u8*>(bytes.data()), bytes.size()};
}
Bytes copy(const rocksdb::Slice& bytes) {
  const ByteView part = view(bytes);
  return {part.begin(), part.end()};
}

StorageFault fault_of(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return StorageFault::no_space;
  return status.IsCorruption() ? StorageFault::damaged : StorageFault::other;
}

[[noreturn]] void fail(std::string_view operation, const std::string& path, const rocksdb::Status& status) {
  fatal_storage(
      {.operation = operation, .path = path, .fault = fault_of(status), .detail = status.ToString()});
}

// A flush or compaction fails on RocksDB's own thread. Waiting for the next write to hear of it would let an idle node
// believe that its state is safe.
class FailureListener final : public rocksdb::EventListener {
 public:
  explicit FailureListener(std::string path) : path_(std::move(path)) {}
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    if (!status->ok()) fail("writing in the background", path_, *status);
  }

 private:
  std::string path_;
};

bool is_small(Family family) { return family == Family::meta || family == Family::progress; }

rocksdb::ColumnFamilyOptions family_options(Family family, const RocksDbOptions& options,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.format_version = 5;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;

  rocksdb::ColumnFamilyOptions out;
  // One family fills up first under every load, so each may use most of the common bound.
  out.write_buffer_size = is_small(family) ? std::size_t{1} << 20 : options.memory_bytes / 2;
  out.max_write_buffer_number = 4;
  out.compression = rocksdb::kNoCompression;  // ids, hashes and signatures do not compress
  out.level_compaction_dynamic_level_bytes = true;
  if (family == Family::bodies || family == Family::sealed || family == Family::state) {
    out.enable_blob_files = true;
    out.min_blob_size = kMinBlobBytes;  // of the state's records, only a block's events are as large
    // Half of a ballot is the same as in the ballot before it: proposal, title, lengths. So is most of its event and slot.
    out.blob_compression_type = rocksdb::kLZ4Compression;
  }
  // Slots are mostly zeros where few have voted yet, and a chunk of them is written for each of its ballots.
  if (family == Family::state) out.compression = rocksdb::kLZ4Compression;
  // Levels would write most of a family again for every few flushes: the state's changes lie among all its records, and ids
  // are uniform. Tiers merge what is of one size, and leave the members' records alone until as much has changed.
  if (family == Family::state || family == Family::tx_index)
    out.compaction_style = rocksdb::kCompactionStyleUniversal;
  // Answers "not on the ledger" without touching the disk.
  if (family == Family::tx_index) table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return out;
}

rocksdb::DBOptions database_options(const std::string& directory, const RocksDbOptions& options) {
  rocksdb::DBOptions out;
  out.create_if_missing = options.create_if_missing;
  out.create_missing_column_families = true;
  out.atomic_flush = true;
  out.max_open_files = options.open_files;
  out.db_write_buffer_size = options.memory_bytes;
  out.max_background_jobs = 2;
  out.bytes_per_sync =
      1 << 20;  // spreads the writing of tables, so that a block's sync does not wait behind them
  out.max_bgerror_resume_count = 0;
  // The end of the log may be torn by a crash: what is torn was never acknowledged.
  out.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  out.statistics = rocksdb::CreateDBStatistics();
  out.statistics->set_stats_level(rocksdb::StatsLevel::kExceptDetailedTimers);
  out.stats_dump_period_sec = 0;
  out.info_log_level = rocksdb::WARN_LEVEL;
  out.keep_log_file_num = 5;
  out.listeners.push_back(std::make_shared<FailureListener>(directory));
  return out;
}

StorageError open_error(const std::string& directory, const rocksdb::Status& status) {
  const std::string detail = status.ToString();
  if (status.IsNoSpace())
    return {StorageErrorKind::io, failure_sentence({.operation = "opening the database",
                                                    .path = directory,
                                                    .fault = StorageFault::no_space,
                                                    .detail = detail})};
  // RocksDB tells a held lock only in words.
  if (status.IsIOError() && detail.find("lock") != std::string::npos)
    return {StorageErrorKind::in_use,
            fmt::format("the database in {} is in use by another process: stop that one first", directory)};
  if (status.IsCorruption()) return {StorageErrorKind::damaged, damaged_sentence(directory, detail)};
  if (status.IsInvalidArgument())
    return {StorageErrorKind::damaged,
            fmt::format("{} holds no database that this program can open ({}): choose another directory",
                        directory, detail)};
  return {StorageErrorKind::io, fmt::format("cannot open the database in {}: {}", directory, detail)};
}

// Opening writes: a log, a manifest, and what the last log held. RocksDB itself may abort where that fails half way, so a
// disk without this much room is refused before.
constexpr std::uintmax_t kRoomToOpen = std::uintmax_t{16} << 20;

std::optional<StorageError> no_room(const std::string& directory) {
  std::error_code error;
  const auto space = std::filesystem::space(directory, error);
  if (error || space.available >= kRoomToOpen) return std::nullopt;
  return StorageError{StorageErrorKind::io,
                      failure_sentence({.operation = "opening the database",
                                        .path = directory,
                                        .fault = StorageFault::no_space,
                                        .detail = fmt::format("{} KiB are free, {} are needed",
                                                              space.available >> 10, kRoomToOpen >> 10)})};
}

}  // namespace

struct RocksDbStore::Impl {
  std::string directory;
  bool read_only = false;
  std::shared_ptr<rocksdb::Statistics> statistics;
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;

  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    return families[static_cast<std::size_t>(family)];
  }
  [[nodiscard]] u64 ticker(rocksdb::Tickers which) const { return statistics->getTickerCount(which); }
};

RocksDbStore::RocksDbStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

std::expected<std::unique_ptr<RocksDbStore>, StorageError> RocksDbStore::open(const std::string& directory,
                                                                              const RocksDbOptions& options) {
  MOOT_CHECK(options.memory_bytes >= std::size_t{1} << 20, "RocksDB needs a mebibyte for unflushed writes");
  std::error_code error;
  if (options.create_if_missing) std::filesystem::create_directories(directory, error);
  if (error)
    return std::unexpected(StorageError{
        StorageErrorKind::io, fmt::format("cannot make the directory {}: {}", directory, error.message())});

  if (!options.read_only)
    if (auto full = no_room(directory)) return std::unexpected(std::move(*full));

  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(kFamilies);
  for (std::size_t i = 0; i < kFamilies; ++i)
    descriptors.emplace_back(kFamilyNames[i], family_options(static_cast<Family>(i), options, cache));

  auto impl = std::make_unique<Impl>();
  impl->directory = directory;
  impl->read_only = options.read_only;
  const rocksdb::DBOptions database = database_options(directory, options);
  impl->statistics = database.statistics;
  rocksdb::DB* db = nullptr;
  const auto status =
      options.read_only ? rocksdb::DB::OpenForReadOnly(database, directory, descriptors, &impl->families, &db)
                        : rocksdb::DB::Open(database, directory, descriptors, &impl->families, &db);
  if (!status.ok()) return std::unexpected(open_error(directory, status));
  impl->db.reset(db);
  return std::unique_ptr<RocksDbStore>(new RocksDbStore(std::move(impl)));
}

RocksDbStore::~RocksDbStore() {
  flush();
  for (auto* family : impl_->families) {
    const auto status = impl_->db->DestroyColumnFamilyHandle(family);
    if (!status.ok()) fail("closing the database", impl_->directory, status);
  }
  const auto status = impl_->db->Close();
  if (!status.ok()) fail("closing the database", impl_->directory, status);
}

std::optional<Bytes> RocksDbStore::get(Family family, ByteView key) const {
  rocksdb::PinnableSlice value;
  const auto status = impl_->db->Get({}, impl_->handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) fail("reading", impl_->directory, status);
  return copy(value);
}

std::optional<std::pair<Bytes, Bytes>> RocksDbStore::last(Family family) const {
  const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator({}, impl_->handle(family)));
  it->SeekToLast();
  if (!it->status().ok()) fail("reading", impl_->directory, it->status());
  if (!it->Valid()) return std::nullopt;
  return std::pair{copy(it->key()), copy(it->value())};
}

void RocksDbStore::scan(Family family, const KeyRange& range, const KvVisitor& visit) const {
  rocksdb::ReadOptions options;
  options.readahead_size = 2 << 20;
  options.fill_cache = false;  // a scan of everything would push out what point reads need
  rocksdb::Slice end;
  if (range.to) {
    end = slice(*range.to);
    options.iterate_upper_bound = &end;
  }
  const std::unique_ptr<rocksdb::Iterator> it(impl_->db->NewIterator(options, impl_->handle(family)));
  for (it->Seek(slice(range.from)); it->Valid(); it->Next())
    if (!visit(view(it->key()), view(it->value()))) return;
  if (!it->status().ok()) fail("reading", impl_->directory, it->status());
}

void RocksDbStore::write(const KvBatch& batch, Durability durability) {
  if (impl_->read_only) return;
  rocksdb::WriteBatch out;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto change = batch[i];
    auto* family = impl_->handle(change.family);
    const auto status = change.erase ? out.Delete(family, slice(change.key))
                                     : out.Put(family, slice(change.key), slice(change.value));
    if (!status.ok()) fail("gathering a write", impl_->directory, status);
  }
  rocksdb::WriteOptions options;
  options.sync = durability == Durability::synced;
  options.disableWAL = durability == Durability::unlogged;
  const auto status = impl_->db->Write(options, &out);
  if (!status.ok()) fail("writing", impl_->directory, status);
}

void RocksDbStore::flush() {
  if (impl_->read_only) return;
  // RocksDB flushes all families as of one moment when atomic_flush is on and they are named together.
  const auto status = impl_->db->Flush({}, impl_->families);
  if (!status.ok()) fail("flushing", impl_->directory, status);
}

std::expected<void, StorageError> RocksDbStore::checkpoint(const std::string& directory) {
  if (std::filesystem::exists(directory))
    return std::unexpected(
        StorageError{StorageErrorKind::io,
                     fmt::format("{} exists already: name a new directory for the copy", directory)});
  // Unlogged writes are in no log that a checkpoint could copy.
  flush();
  rocksdb::Checkpoint* made = nullptr;
  auto status = rocksdb::Checkpoint::Create(impl_->db.get(), &made);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(made);
  if (status.ok()) status = checkpoint->CreateCheckpoint(directory);
  if (status.ok()) return {};
  return std::unexpected(StorageError{
      StorageErrorKind::io, fmt::format("cannot copy the database to {}: {}", directory, status.ToString())});
}

StorageStats RocksDbStore::stats() const {
  return {.log_bytes = impl_->ticker(rocksdb::WAL_FILE_BYTES),
          .flush_bytes = impl_->ticker(rocksdb::FLUSH_WRITE_BYTES),  // counts the flush's blob files too
          .compaction_bytes = impl_->ticker(rocksdb::COMPACT_WRITE_BYTES),
          .syncs = impl_->ticker(rocksdb::WAL_FILE_SYNCED),
          .writes = impl_->ticker(rocksdb::WRITE_DONE_BY_SELF) + impl_->ticker(rocksdb::WRITE_DONE_BY_OTHER),
          .puts = impl_->ticker(rocksdb::NUMBER_KEYS_WRITTEN)};
}

std::string_view RocksDbStore::name() const { return impl_->directory; }

}  // namespace moot::node
