#include "wallet/genesis_file.hpp"

#include "genesis/genesis_json.hpp"
#include "wallet/files.hpp"

namespace moot::wallet {

Result<ledger::Genesis> read_genesis(const std::string& file, ExitCode code) {
  const auto text = read_text_file(file, genesis::kMaxBytes);
  if (!text) return std::unexpected(text.error());
  auto genesis = genesis::from_json(*text);
  if (!genesis)
    return fail(shown(file) + " is no genesis: " + genesis.error(),
                "Use the genesis file that the ledger began with", code);
  return std::move(*genesis);
}

}  // namespace moot::wallet
