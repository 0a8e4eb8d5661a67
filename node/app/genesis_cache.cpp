#include "node/app/genesis_cache.hpp"

#include <fmt/format.h>

#include "crypto/sha256.hpp"
#include "genesis/genesis_json.hpp"
#include "node/app/files.hpp"
#include "node/app/genesis_file.hpp"

namespace moot::node::app {
namespace {

Hash check_of(ByteView canonical) { return crypto::tagged_hash("moot/genesis-copy", canonical); }

// The genesis that a copy holds, if it was made from a file of this hash.
std::optional<ledger::Genesis> from_copy(const std::filesystem::path& copy, const Hash& file_hash) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(copy, error)) return std::nullopt;
  const auto bytes = read_text(copy, "the copy of the genesis", 2 * genesis::kMaxBytes);
  if (!bytes) return std::nullopt;
  Reader in(as_bytes(*bytes));
  Hash made_from;
  Hash check;
  in.get(made_from);
  in.get(check);
  if (!in.ok() || made_from != file_hash) return std::nullopt;
  const ByteView canonical = in.take(in.left());
  if (check != check_of(canonical)) return std::nullopt;
  return decoded<ledger::Genesis>(canonical);
}

}  // namespace

Result<ReadGenesis> read_genesis_once(const std::filesystem::path& file, const std::filesystem::path& copy) {
  const auto text = read_text(file, "the genesis", genesis::kMaxBytes);
  if (!text) return std::unexpected(text.error());
  const Hash file_hash = crypto::sha256(as_bytes(*text));
  if (auto kept = from_copy(copy, file_hash)) return ReadGenesis{std::move(*kept), file_hash, true};
  auto genesis = genesis_from_text(*text, file);
  if (!genesis) return std::unexpected(genesis.error());
  return ReadGenesis{std::move(*genesis), file_hash, false};
}

void keep_genesis(const std::filesystem::path& copy, const Hash& file_hash, ByteView canonical, Logger& log) {
  Writer out;
  out.reserve(canonical.size() + 2 * sizeof(Hash));
  out.put(file_hash);
  out.put(check_of(canonical));
  out.raw(canonical);
  std::filesystem::path fresh = copy;
  fresh += ".new";
  std::error_code error;
  std::filesystem::remove(fresh, error);
  const auto made = make_file({.path = fresh, .text = as_string(out.view())});
  if (made) std::filesystem::rename(fresh, copy, error);
  if (!made)
    log.warn("the genesis is not kept for a faster start", {{"why", made.error().text}});
  else if (error)
    log.warn("the genesis is not kept for a faster start", {{"why", error.message()}});
}

}  // namespace moot::node::app
