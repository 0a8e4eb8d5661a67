// A ledger in one file: its genesis and every final block with all that proves it, to be handed to anyone and replayed
// anywhere. It holds nothing that a reader must believe: no states, no receipts, no tallies.
//
//   file      "MOOTARCH" ‖ version u16 = 1 ‖ record …
//   record    kind u8 ‖ length u32 ‖ body ‖ checksum (8 bytes)
//   kinds     1 genesis: its canonical bytes. Record 0, and nowhere else.
//             2 block: RawBlock in canonical encoding. Record n holds block n.
//             3 footer: Footer in canonical encoding. The last record; the file ends with it.
//
// Integers are big-endian (base/codec.hpp). The checksum is the first 8 bytes of TH("moot/archive", kind ‖ length ‖ body):
// it finds damage, not fraud; fraud is what the replay finds. A file without its footer was not written to its end.
#pragma once

#include <cstdio>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "ledger/block.hpp"

namespace moot::audit {

inline constexpr std::string_view kArchiveMagic = "MOOTARCH";
inline constexpr u16 kArchiveVersion = 1;
inline constexpr u64 kMaxGenesisBytes = u64{1} << 31;  // about twenty million members
inline constexpr u64 kMaxBlockBytes = u64{1} << 28;

// A final block as it travels: each part in its canonical encoding, none of it checked.
struct RawBlock {
  Height height;
  Bytes header;
  Bytes justification;
  Bytes finalization;
  std::vector<Bytes> envelopes;
  std::vector<Bytes> faults;

  [[nodiscard]] std::size_t bytes() const;
  MOOT_DESCRIBE {
    v("height", self.height);
    v("header", self.header);
    v("justification", self.justification);
    v("finalization", self.finalization);
    v("envelopes", self.envelopes);
    v("faults", self.faults);
  }
  friend bool operator==(const RawBlock&, const RawBlock&) = default;
};

// What the writer of an archive says it ends with.
struct Footer {
  Height height;
  BlockHash block_hash;
  StateRoot state_root;
  MOOT_DESCRIBE {
    v("height", self.height);
    v("blockHash", self.block_hash);
    v("stateRoot", self.state_root);
  }
  friend bool operator==(const Footer&, const Footer&) = default;
};

// Why a record is not believed.
struct RecordDamage {
  std::string what;        // one sentence: the file, the record, the byte where it begins, and what is wrong
  bool in_footer = false;  // it is not a block's
  // The block as it reads, where nothing is wrong but the checksum: what its bytes claim may tell which of them are bad.
  std::optional<RawBlock> suspect = std::nullopt;
};

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

// Writes FILE.part and gives it its name when it is whole and on the disk: a file of that name is never half an archive.
// Dropped before finish(), it removes what it wrote. Errors are sentences with the file's name.
class ArchiveWriter {
 public:
  using Result = std::expected<void, std::string>;

  static std::expected<ArchiveWriter, std::string> create(std::string path);
  ArchiveWriter(ArchiveWriter&&) = default;
  ArchiveWriter& operator=(ArchiveWriter&&) = delete;
  ~ArchiveWriter();

  // Once, first.
  Result add_genesis(ByteView canonical);
  // In order, from block 1.
  Result add_block(const RawBlock& block);
  Result finish(const Footer& footer);

 private:
  ArchiveWriter(std::string path, std::string part, File file);
  Result add_record(u8 kind, ByteView body);
  Result write(ByteView bytes);
  [[nodiscard]] std::unexpected<std::string> failed(const char* what) const;

  std::string path_;
  std::string part_;
  File file_;
};

// Reads one from its beginning to its end; holds one record at a time. An error ends the reading.
class ArchiveReader {
 public:
  template <class T>
  using Result = std::expected<T, RecordDamage>;

  static std::expected<ArchiveReader, std::string> open(const std::string& path);

  // The genesis's canonical bytes; once, first.
  Result<Bytes> genesis();
  // The next block; nothing after the footer.
  Result<std::optional<RawBlock>> next();
  // Once next() has given nothing.
  [[nodiscard]] const std::optional<Footer>& footer() const { return footer_; }
  // The height in the footer, looked up ahead for the sake of progress; 0 when there is no whole footer.
  [[nodiscard]] Height promised_height() const { return promised_; }

 private:
  struct Record {
    u8 kind = 0;
    Bytes body;
  };

  ArchiveReader(std::string path, File file, u64 size);
  std::expected<void, std::string> read_preface();
  void look_for_footer();
  Result<Record> read_record();
  Result<std::optional<RawBlock>> read_footer(ByteView body);
  bool read(std::span<u8> into);
  [[nodiscard]] bool at_footer() const;
  [[nodiscard]] std::unexpected<RecordDamage> damaged(const std::string& why) const;
  [[nodiscard]] std::unexpected<RecordDamage> mismatched(ByteView body) const;

  std::string path_;
  File file_;
  u64 size_;
  std::array<u8, 5> head_{};  // kind and length of the record being read
  u64 at_ = 0;                // of the next byte
  u64 record_start_ = 0;      // of the record being read
  u64 record_ = 0;
  Height promised_;
  std::optional<Footer> footer_;
};

}  // namespace moot::audit
