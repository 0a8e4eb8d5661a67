#include "audit/archive.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "crypto/sha256.hpp"

namespace moot::audit {
namespace {

constexpr u8 kGenesis = 1;
constexpr u8 kBlock = 2;
constexpr u8 kFooter = 3;
constexpr std::size_t kHeadBytes = 5;  // kind ‖ length
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kFooterBody = 8 + 32 + 32;
constexpr std::size_t kFooterRecord = kHeadBytes + kFooterBody + kChecksumBytes;
constexpr std::size_t kBuffer = std::size_t{1} << 20;

using Checksum = std::array<u8, kChecksumBytes>;

Checksum checksum(ByteView head, ByteView body) {
  static const crypto::TaggedHasher hasher("moot/archive");
  const Hash whole = hasher(head, body);
  Checksum out;
  std::copy_n(whole.bytes.begin(), out.size(), out.begin());
  return out;
}

std::array<u8, kHeadBytes> record_head(u8 kind, u32 length) {
  return {kind, static_cast<u8>(length >> 24), static_cast<u8>(length >> 16), static_cast<u8>(length >> 8),
          static_cast<u8>(length)};
}

u32 length_in(ByteView head) {
  return u32{head[1]} << 24 | u32{head[2]} << 16 | u32{head[3]} << 8 | u32{head[4]};
}

// The directory entry is on the disk too, so that the name outlives a crash.
bool sync_directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const int fd = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = ::fsync(fd) == 0;
  ::close(fd);
  return done;
}

}  // namespace

std::size_t RawBlock::bytes() const {
  std::size_t sum = header.size() + justification.size() + finalization.size();
  for (const Bytes& envelope : envelopes) sum += envelope.size();
  for (const Bytes& fault : faults) sum += fault.size();
  return sum;
}

// ---- writing ----

ArchiveWriter::ArchiveWriter(std::string path, std::string part, File file)
    : path_(std::move(path)), part_(std::move(part)), file_(std::move(file)) {}

ArchiveWriter::~ArchiveWriter() {
  if (!file_) return;
  file_.reset();
  std::remove(part_.c_str());
}

std::unexpected<std::string> ArchiveWriter::failed(const char* what) const {
  return std::unexpected(fmt::format("cannot {} {}: {}", what, part_, std::strerror(errno)));
}

std::expected<ArchiveWriter, std::string> ArchiveWriter::create(std::string path) {
  std::string part = path + ".part";
  File file(std::fopen(part.c_str(), "wb"));
  if (!file) return std::unexpected(fmt::format("cannot create {}: {}", part, std::strerror(errno)));
  std::setvbuf(file.get(), nullptr, _IOFBF, kBuffer);
  ArchiveWriter writer(std::move(path), std::move(part), std::move(file));
  Writer preface;
  preface.raw(as_bytes(kArchiveMagic));
  preface.put(kArchiveVersion);
  if (auto done = writer.write(preface.view()); !done) return std::unexpected(done.error());
  return writer;
}

ArchiveWriter::Result ArchiveWriter::write(ByteView bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return failed("write");
  return {};
}

ArchiveWriter::Result ArchiveWriter::add_record(u8 kind, ByteView body) {
  const auto head = record_head(kind, static_cast<u32>(body.size()));
  if (auto done = write(head); !done) return done;
  if (auto done = write(body); !done) return done;
  return write(checksum(head, body));
}

ArchiveWriter::Result ArchiveWriter::add_genesis(ByteView canonical) {
  if (canonical.size() > kMaxGenesisBytes)
    return std::unexpected(
        fmt::format("the genesis has {} bytes, more than an archive takes", canonical.size()));
  return add_record(kGenesis, canonical);
}

ArchiveWriter::Result ArchiveWriter::add_block(const RawBlock& block) {
  const Bytes body = encoded(block);
  if (body.size() > kMaxBlockBytes)
    return std::unexpected(
        fmt::format("block {} has {} bytes, more than an archive takes", block.height.raw(), body.size()));
  return add_record(kBlock, body);
}

ArchiveWriter::Result ArchiveWriter::finish(const Footer& footer) {
  if (auto done = add_record(kFooter, encoded(footer)); !done) return done;
  if (std::fflush(file_.get()) != 0) return failed("write");
  if (::fsync(::fileno(file_.get())) != 0) return failed("write");
  if (std::rename(part_.c_str(), path_.c_str()) != 0) return failed("rename");
  file_.reset();
  if (!sync_directory_of(path_)) return std::unexpected("cannot sync the folder of " + path_);
  return {};
}

// ---- reading ----

ArchiveReader::ArchiveReader(std::string path, File file, u64 size)
    : path_(std::move(path)), file_(std::move(file)), size_(size) {}

std::expected<ArchiveReader, std::string> ArchiveReader::open(const std::string& path) {
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) return std::unexpected(fmt::format("cannot open archive {}: {}", path, std::strerror(errno)));
  struct stat info{};
  if (::fstat(::fileno(file.get()), &info) != 0 || !S_ISREG(info.st_mode))
    return std::unexpected(fmt::format("archive {}: it is not a file", path));
  std::setvbuf(file.get(), nullptr, _IOFBF, kBuffer);
  ArchiveReader reader(path, std::move(file), static_cast<u64>(info.st_size));
  reader.look_for_footer();
  if (auto good = reader.read_preface(); !good) return std::unexpected(good.error());
  return reader;
}

bool ArchiveReader::read(std::span<u8> into) {
  if (into.size() > size_ - at_) return false;
  if (std::fread(into.data(), 1, into.size(), file_.get()) != into.size()) return false;
  at_ += into.size();
  return true;
}

std::expected<void, std::string> ArchiveReader::read_preface() {
  std::array<u8, 8> magic{};
  std::array<u8, 2> version{};
  if (!read(magic) || as_string(magic) != kArchiveMagic)
    return std::unexpected(fmt::format(
        "archive {}: it is not an archive of a ledger; make one with `moot audit export`", path_));
  const bool whole = read(version);
  const unsigned number = static_cast<unsigned>(version[0]) << 8 | version[1];
  if (!whole || number != kArchiveVersion)
    return std::unexpected(fmt::format("archive {}: it is of version {}; this program reads version {}",
                                       path_, number, kArchiveVersion));
  return {};
}

void ArchiveReader::look_for_footer() {
  std::array<u8, kFooterRecord> last{};
  const ByteView all = last;
  const bool there = size_ > kFooterRecord &&
                     std::fseek(file_.get(), -static_cast<long>(kFooterRecord), SEEK_END) == 0 &&
                     std::fread(last.data(), 1, last.size(), file_.get()) == last.size();
  std::rewind(file_.get());
  const ByteView head = all.first(kHeadBytes);
  if (!there || head[0] != kFooter || length_in(head) != kFooterBody) return;
  const auto footer = decoded<Footer>(all.subspan(kHeadBytes, kFooterBody));
  if (footer) promised_ = footer->height;
}

// By two of its kind, its length and its place, because one of them may be what is damaged.
bool ArchiveReader::at_footer() const {
  const int signs = (head_[0] == kFooter ? 1 : 0) + (length_in(head_) == kFooterBody ? 1 : 0) +
                    (record_start_ + kFooterRecord == size_ ? 1 : 0);
  return record_ != 0 && signs >= 2;
}

std::unexpected<RecordDamage> ArchiveReader::damaged(const std::string& why) const {
  const bool footer = at_footer();
  const std::string what = record_ == 0 ? "the genesis"
                           : footer     ? "the footer"
                                        : fmt::format("block {}", record_);
  return std::unexpected(
      RecordDamage{.what = fmt::format("archive {}: record {} ({}) is damaged at byte {}: {}", path_, record_,
                                       what, record_start_, why),
                   .in_footer = footer});
}

std::unexpected<RecordDamage> ArchiveReader::mismatched(ByteView body) const {
  auto damage = damaged("its checksum does not match");
  auto block = record_ == 0 ? std::nullopt : decoded<RawBlock>(body);
  if (block && block->height.raw() == record_) damage.error().suspect = std::move(block);
  return damage;
}

// A length is believed only as far as the file reaches, so a wrong one allocates nothing.
ArchiveReader::Result<ArchiveReader::Record> ArchiveReader::read_record() {
  record_start_ = at_;
  if (at_ == size_)
    return std::unexpected(RecordDamage{
        .what =
            fmt::format("archive {}: it ends at byte {}, {}without its footer: it was not written to its end",
                        path_, at_, record_ == 0 ? "" : fmt::format("after record {}, ", record_ - 1))});
  head_ = {};
  if (!read(head_)) return damaged("the file ends inside it");
  const u32 length = length_in(head_);
  const u64 most = head_[0] == kGenesis ? kMaxGenesisBytes : kMaxBlockBytes;
  if (head_[0] < kGenesis || head_[0] > kFooter)
    return damaged(fmt::format("there is no kind {} of records", head_[0]));
  if (length > most) return damaged(fmt::format("it says it is {} bytes long", length));
  if (u64{length} + kChecksumBytes > size_ - at_) return damaged("the file ends inside it");
  Record record{.kind = head_[0], .body = Bytes(length)};
  Checksum sum{};
  if (!read(record.body) || !read(sum)) return damaged("it cannot be read");
  if (sum != checksum(head_, record.body)) return mismatched(record.body);
  return record;
}

ArchiveReader::Result<Bytes> ArchiveReader::genesis() {
  auto record = read_record();
  if (!record) return std::unexpected(record.error());
  if (record->kind != kGenesis) return damaged("it is not a genesis");
  ++record_;
  return std::move(record->body);
}

ArchiveReader::Result<std::optional<RawBlock>> ArchiveReader::next() {
  if (footer_) return std::nullopt;
  auto record = read_record();
  if (!record) return std::unexpected(record.error());
  if (record->kind == kFooter) return read_footer(record->body);
  if (record->kind != kBlock) return damaged("it is a second genesis");
  auto block = decoded<RawBlock>(record->body);
  if (!block) return damaged("it is not a block");
  if (block->height.raw() != record_)
    return damaged(fmt::format("it holds block {} where block {} is due", block->height.raw(), record_));
  ++record_;
  return std::move(*block);
}

ArchiveReader::Result<std::optional<RawBlock>> ArchiveReader::read_footer(ByteView body) {
  const auto footer = decoded<Footer>(body);
  if (!footer) return damaged("it is not a footer");
  if (at_ != size_) return damaged("the footer is not the end of the file");
  if (footer->height.raw() != record_ - 1)
    return damaged(
        fmt::format("the footer speaks of {} blocks and there are {}", footer->height.raw(), record_ - 1));
  footer_ = footer;
  return std::nullopt;
}

}  // namespace moot::audit
