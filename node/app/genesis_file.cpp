#include "node/app/genesis_file.hpp"

#include <fmt/format.h>

#include "genesis/genesis_json.hpp"
#include "node/app/files.hpp"

namespace moot::node::app {

Result<ledger::Genesis> read_genesis(const std::filesystem::path& file) {
  const auto text = read_text(file, "the genesis", genesis::kMaxBytes);
  if (!text) return std::unexpected(text.error());
  return genesis_from_text(*text, file);
}

Result<ledger::Genesis> genesis_from_text(std::string_view text, const std::filesystem::path& file) {
  auto genesis = genesis::from_json(text);
  if (!genesis) return bad_input(fmt::format("genesis {}: {}", file.string(), genesis.error()));
  return std::move(*genesis);
}

}  // namespace moot::node::app
