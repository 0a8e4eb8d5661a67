#include "node/app/doctor.hpp"

#include <fmt/format.h>

#include <ostream>

#include "genesis/summary.hpp"
#include "node/app/genesis_file.hpp"
#include "node/app/node_key.hpp"
#include "node/engine/chain_store.hpp"

namespace moot::node::app {

Result<void> doctor(const Config& config, std::ostream& out) {
  out << "configuration  good\n";
  const auto key = read_node_key(config.path(config.node.key_file));
  if (!key) return std::unexpected(key.error());
  out << "key            good, " << public_key_text(*key) << "\n";
  auto genesis = read_genesis(config.path(config.node.genesis_file));
  if (!genesis) return std::unexpected(genesis.error());
  out << "genesis        good, ledger " << genesis::id_text(*genesis) << "\n";

  const auto data = config.path(config.node.data_dir);
  std::error_code error;
  if (!std::filesystem::exists(data / "db", error)) {
    out << "database       none yet: the first `mootd start` makes it\n";
    return {};
  }
  StartReport report;
  auto chain = ChainStore::open(
      {.directory = data.string(), .genesis = std::move(*genesis), .create = false, .read_only = true},
      report);
  if (!chain) return std::unexpected(from_storage(chain.error()));
  for (const std::string& line : report.lines) out << "database       " << line << "\n";
  const auto snapshot = (*chain)->snapshot();
  out << fmt::format("newest block   {}, of {}, state root {}\n", snapshot->block.height.raw(),
                     to_iso8601(snapshot->block.time), to_hex(snapshot->block.state_root.view()));
  const bool validator = (*chain)->validators().index_of(crypto::x_only(*key)).has_value();
  out << (validator ? "role           this key is a validator's\n"
                    : "role           this key is no validator's\n");
  return {};
}

}  // namespace moot::node::app
