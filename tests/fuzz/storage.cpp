// What a node reads back from its own disk: a block's link and body, its receipts and events, the record that names the
// database's ledger, a validator's safety log, the kept copy of the genesis. The first byte chooses.
#include <filesystem>

#include "genesis/genesis_json.hpp"
#include "node/app/genesis_cache.hpp"
#include "node/engine/outcome_codec.hpp"
#include "node/storage/block_store.hpp"
#include "node/storage/memory_store.hpp"
#include "node/storage/safety_log.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/chronicle.hpp"

namespace moot::node {
namespace {

constexpr std::size_t kIds = 3;  // transactions that the packed receipts are of

bool receipts(ByteView in) {
  static const std::vector<TxId> ids(kIds);
  const auto read = unpack_receipts(in, ids);
  if (!read) return false;
  const auto again = unpack_receipts(pack_receipts(*read), ids);
  MOOT_CHECK(again && *again == *read, "receipts came back");
  return true;
}

bool events(ByteView in) {
  const auto read = unpack_events(in);
  if (!read) return false;
  const Bytes written = pack_events(*read);
  const auto again = unpack_events(written);
  MOOT_CHECK(again && pack_events(*again) == written, "events came back");
  return true;
}

const LedgerId& ledger() {
  static const LedgerId id = ledger::ledger_id(test::test_genesis({.members = 2}));
  return id;
}

bool schema(ByteView in) {
  MemoryStore store;
  KvBatch batch;
  batch.put(Family::meta, as_bytes("schema"), in);
  store.write(batch, Durability::synced);
  const auto bound = bind_schema(store, ledger());
  if (bound) MOOT_CHECK(bound_ledger(store) == ledger(), "a database is bound to the ledger that it names");
  if (!bound) MOOT_CHECK(!bound.error().text.empty(), "what is wrong is said");
  return bound.has_value();
}

// One folder for a run, gone at its end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("moot-fuzz-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};
const Folder& folder() {
  static const Folder made;
  return made;
}

void write_file(const std::string& path, ByteView bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  MOOT_CHECK(file != nullptr && std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size(),
             "a file is written");
  std::fclose(file);
}
Bytes read_file_of(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  MOOT_CHECK(file != nullptr, "a file is there");
  Bytes out(std::size_t{1} << 16);
  out.resize(std::fread(out.data(), 1, out.size(), file));
  std::fclose(file);
  return out;
}

const crypto::XOnlyKey& validator() {
  static const crypto::XOnlyKey key = crypto::x_only(test::test_key("v0"));
  return key;
}
SafetyStart first_block() {
  return {.ledger = ledger(),
          .instance = {},
          .height = Height{1},
          .position = {consensus::Epoch{0}, consensus::View{1}}};
}

const Bytes& good_log() {
  static const Bytes made = [] {
    const std::string path = folder().file("good.log");
    auto log = SafetyLog::open(path, validator());
    MOOT_CHECK(log.has_value(), "a new log is made");
    SafetyStart start = first_block();
    start.height = Height{0};
    start.position = {};
    log->begin(start);
    log->confirm(first_block());
    return read_file_of(path);
  }();
  return made;
}

// A log that is taken is the log that was written: an edited one could let a key sign twice.
bool safety_log(ByteView in) {
  const std::string path = folder().file("safety.log");
  write_file(path, in);
  const auto log = SafetyLog::open(path, validator());
  if (log) MOOT_CHECK(log->knows(ledger()) && std::ranges::equal(in, good_log()), "an edited log is taken");
  return log.has_value();
}

const std::string& genesis_text() {
  static const std::string text = genesis::to_json(test::test_genesis({.members = 2}));
  return text;
}

// Whatever the copy holds, the genesis is the file's.
bool genesis_copy(ByteView in) {
  static const fuzz::MemoryFile file, copy;
  static const ledger::Genesis expected = test::test_genesis({.members = 2});
  file.write(as_bytes(genesis_text()));
  copy.write(in);
  const auto read = app::read_genesis_once(file.path(), copy.path());
  MOOT_CHECK(read && read->genesis == expected, "the genesis is the file's");
  return read->cached;
}

bool feed(ByteView in) {
  if (in.empty()) return false;
  const ByteView rest = in.subspan(1);
  switch (in[0]) {
    case 'l': return fuzz::is_canonical<BlockLink>(rest);
    case 'b': return fuzz::is_canonical<BlockBody>(rest);
    case 'r': return receipts(rest);
    case 'e': return events(rest);
    case 'd': return schema(rest);
    case 's': return safety_log(rest);
    case 'g': return genesis_copy(rest);
    default: return false;
  }
}

Bytes kept_genesis() {
  const std::string path = folder().file("genesis.copy");
  Logger log(LogLevel::off, nullptr, Logger::stderr_sink());
  app::keep_genesis(path, crypto::sha256(as_bytes(genesis_text())),
                    encoded(test::test_genesis({.members = 2})), log);
  return read_file_of(path);
}

Bytes schema_record() {
  MemoryStore store;
  MOOT_CHECK(bind_schema(store, ledger()).has_value(), "a new database is bound");
  return store.get(Family::meta, as_bytes("schema")).value();
}

}  // namespace
}  // namespace moot::node

moot::fuzz::Samples moot::fuzz::good_samples() {
  using namespace node;
  test::LedgerWorld world({.members = 2});
  test::Chronicle chronicle(test::test_genesis({.members = 2}));
  const ledger::BlockResult block = world.block();
  chronicle.add(std::vector<Bytes>{}, block);
  const auto& raw = chronicle.blocks().front();
  const BlockLink link{.header = decoded<consensus::Header>(raw.header).value(),
                       .justification = decoded<consensus::Justification>(raw.justification).value(),
                       .finalization = decoded<consensus::Certificate>(raw.finalization).value()};
  const std::vector<ledger::Receipt> three{
      {.id = {}, .skipped = {}},
      {.id = {}, .code = 300, .bad_index = 2, .skipped = {}},
      {.id = {}, .detail = 1'000'000, .skipped = {{.index = 1, .code = 9}}}};
  const std::vector<ledger::Event> two{
      {.kind = ledger::EventKind::proposal_executed, .a = 300, .b = 2, .c = ~u64{0}},
      {.kind = ledger::EventKind::transferred, .a = 1, .amount = Amount{7}, .tx_index = 4}};
  Samples out{
      choose('l', encoded(link)),
      choose('b', encoded(BlockBody{.envelopes = {Bytes{1, 2, 3}, Bytes{}}, .receipts = Bytes{0, 0}})),
      choose('r', pack_receipts(three)),
      choose('e', pack_events(two)),
      choose('d', schema_record()),
      choose('s', good_log()),
      choose('g', kept_genesis())};
  for (const Bytes& sample : out) MOOT_CHECK(feed(sample), "a good sample is taken");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moot::node::feed({data, size});
  return 0;
}
