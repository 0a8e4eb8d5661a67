#include "audit/source.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "consensus/types.hpp"
#include "crypto/sha256.hpp"

namespace moot::audit {
namespace {

SourceError damage(std::string what) { return {.kind = SourceFault::damaged, .what = std::move(what)}; }

template <class T>
BlockSource::Result<T> from_archive(ArchiveReader::Result<T> read) {
  if (read) return std::move(*read);
  return std::unexpected(SourceError{.kind = SourceFault::damaged,
                                     .what = std::move(read.error().what),
                                     .in_footer = read.error().in_footer,
                                     .suspect = std::move(read.error().suspect)});
}

class ArchiveSource final : public BlockSource {
 public:
  ArchiveSource(std::string path, ArchiveReader reader)
      : path_(std::move(path)), reader_(std::move(reader)) {}

  [[nodiscard]] std::string name() const override { return "archive " + path_; }
  Result<Bytes> genesis() override { return from_archive(reader_.genesis()); }
  Result<std::optional<RawBlock>> next() override { return from_archive(reader_.next()); }
  [[nodiscard]] Height last_height() const override { return reader_.promised_height(); }
  [[nodiscard]] std::optional<Footer> footer() const override { return reader_.footer(); }

 private:
  std::string path_;
  ArchiveReader reader_;
};

// Where a chain stands before its first block.
Footer origin_of(ByteView genesis) {
  const auto ledger = crypto::tagged_hash("moot/genesis", genesis).as<LedgerId>();
  return {.height = Height{0}, .block_hash = consensus::genesis_hash(ledger), .state_root = {}};
}

}  // namespace

std::expected<std::unique_ptr<BlockSource>, SourceError> open_archive(const std::string& path) {
  auto reader = ArchiveReader::open(path);
  if (!reader) {
    std::error_code missing;
    const bool there = std::filesystem::is_regular_file(path, missing);
    return std::unexpected(
        SourceError{.kind = there ? SourceFault::damaged : SourceFault::unusable, .what = reader.error()});
  }
  return std::make_unique<ArchiveSource>(path, std::move(*reader));
}

std::expected<Footer, SourceError> export_archive(BlockSource& source, const std::string& path,
                                                  const ExportProgress& progress) {
  const auto cannot = [](const std::string& what) {
    return std::unexpected(SourceError{.kind = SourceFault::unusable, .what = what});
  };
  const auto genesis = source.genesis();
  if (!genesis) return std::unexpected(genesis.error());
  auto writer = ArchiveWriter::create(path);
  if (!writer) return cannot(writer.error());
  if (auto done = writer->add_genesis(*genesis); !done) return cannot(done.error());

  Footer footer = origin_of(*genesis);
  for (;;) {
    auto block = source.next();
    if (!block) return std::unexpected(block.error());
    if (!*block) break;
    const auto header = decoded<consensus::Header>((*block)->header);
    if (!header || header->height != (*block)->height || header->height.raw() != footer.height.raw() + 1)
      return std::unexpected(
          damage(fmt::format("{} gave block {} wrongly: block {} was due, with a header that says so",
                             source.name(), (*block)->height.raw(), footer.height.raw() + 1)));
    if (auto done = writer->add_block(**block); !done) return cannot(done.error());
    footer = {.height = header->height,
              .block_hash = consensus::block_hash(*header),
              .state_root = header->state_root};
    if (progress) progress(footer.height, source.last_height());
  }
  if (auto done = writer->finish(footer); !done) return cannot(done.error());
  return footer;
}

}  // namespace moot::audit
