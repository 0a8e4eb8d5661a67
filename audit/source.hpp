// Where blocks come from: an archive file, or a running node.
#pragma once

#include <functional>
#include <memory>

#include "audit/archive.hpp"

namespace moot::audit {

enum class SourceFault : u8 {
  unusable,     // a file cannot be opened, read or written
  unreachable,  // the node does not answer
  damaged,      // what was given is wrong
};

struct SourceError {
  SourceFault kind{};
  std::string what;                                // one sentence
  bool in_footer = false;                          // of damage: the blocks before it are whole
  std::optional<RawBlock> suspect = std::nullopt;  // of damage: the due block, as far as it can be read
};

// Used by one thread at a time, but for cancel().
class BlockSource {
 public:
  template <class T>
  using Result = std::expected<T, SourceError>;

  BlockSource() = default;
  BlockSource(const BlockSource&) = delete;
  BlockSource& operator=(const BlockSource&) = delete;
  virtual ~BlockSource() = default;

  // For people: "archive ledger.moot".
  [[nodiscard]] virtual std::string name() const = 0;
  // The canonical genesis; once, before the first block.
  virtual Result<Bytes> genesis() = 0;
  // The next block, from block 1 on; nothing when there are no more.
  virtual Result<std::optional<RawBlock>> next() = 0;
  // The last height there will be, for progress; 0 while unknown.
  [[nodiscard]] virtual Height last_height() const = 0;
  // What the source says it ended with, after the last block.
  [[nodiscard]] virtual std::optional<Footer> footer() const { return std::nullopt; }
  // Makes a next() that waits in another thread return soon.
  virtual void cancel() {}
};

std::expected<std::unique_ptr<BlockSource>, SourceError> open_archive(const std::string& path);

// The node's final blocks, from the first to the newest one at the moment of the first call.
struct NodeAddress {
  std::string target;    // HOST:PORT
  std::string root_pem;  // certificates to trust; empty: plaintext
};
std::unique_ptr<BlockSource> open_node(const NodeAddress& address);

// Copies everything into an archive at `path`. `progress` hears each height that was written.
using ExportProgress = std::function<void(Height written, Height last)>;
std::expected<Footer, SourceError> export_archive(BlockSource& source, const std::string& path,
                                                  const ExportProgress& progress = {});

}  // namespace moot::audit
