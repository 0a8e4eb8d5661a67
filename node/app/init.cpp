#include "node/app/init.hpp"

#include <fmt/format.h>

#include <ostream>

#include "genesis/genesis_json.hpp"
#include "node/app/config.hpp"
#include "node/app/devnet.hpp"
#include "node/app/files.hpp"
#include "node/app/genesis_file.hpp"
#include "node/app/node_key.hpp"

namespace moot::node::app {
namespace {

struct Plan {
  std::vector<NewFile> files;
  std::string next;  // what to do now
};

std::string devnet_steps(const std::filesystem::path& home, const Devnet& devnet) {
  std::string out = fmt::format(
      "\nA ledger for trying things out: one member, one key a role, votes of an hour at most. Next:\n\n"
      "  mootd start --home {}\n\nThe keys are in {}, unprotected. Give them to the wallet:\n\n",
      home.string(), (home / "config" / "dev_keys").string());
  for (const DevKey& key : devnet.keys)
    out += fmt::format("  moot keys import {} --private-key-file {}\n", key.name,
                       (home / "config" / "dev_keys" / (key.name + ".key")).string());
  return out;
}

Result<Plan> plan_genesis(const InitOptions& options, const crypto::SecretKey& key, const Clock& clock) {
  Plan plan;
  if (options.devnet) {
    const Devnet devnet = make_devnet(options.organisation, key, clock.now_ms());
    if (const auto good = ledger::check_genesis(devnet.genesis); !good)
      return bad_input(fmt::format("the devnet's genesis would be refused: {}", good.error()));
    plan.files.push_back({.path = "genesis.json", .text = genesis::to_json(devnet.genesis)});
    for (const DevKey& dev : devnet.keys)
      plan.files.push_back(
          {.path = "dev_keys/" + dev.name + ".key", .text = to_hex(dev.key.view()) + "\n", .secret = true});
    plan.next = devnet_steps(options.home, devnet);
  } else if (options.genesis) {
    auto text = read_text(*options.genesis, "the genesis", genesis::kMaxBytes);
    if (!text) return std::unexpected(text.error());
    if (const auto read = genesis_from_text(*text, *options.genesis); !read)
      return std::unexpected(read.error());
    plan.files.push_back({.path = "genesis.json", .text = std::move(*text)});
    plan.next = fmt::format("\nNext:\n\n  mootd start --home {}\n", options.home.string());
  } else {
    plan.next = fmt::format(
        "\nThere is no genesis yet. Put one at {}, or make one in which this node is the validator:\n\n"
        "  moot genesis new --validator {} … --out {}\n",
        (options.home / "config" / "genesis.json").string(),
        (options.home / "config" / "node_key.json").string(),
        (options.home / "config" / "genesis.json").string());
  }
  return plan;
}

}  // namespace

Result<void> init(const InitOptions& options, const Clock& clock, std::ostream& out) {
  const auto key = new_key();
  auto plan = plan_genesis(options, key, clock);
  if (!plan) return std::unexpected(plan.error());
  plan->files.push_back({.path = "config.toml", .text = to_toml(Config{}, true)});
  plan->files.push_back({.path = "node_key.json", .text = to_json(key), .secret = true});
  if (auto made = make_folder(options.home / "config", plan->files); !made) return made;
  std::error_code error;
  std::filesystem::create_directories(options.home / "data", error);
  if (error)
    return fail(ExitCode::failed,
                fmt::format("cannot make {}: {}", (options.home / "data").string(), error.message()));

  out << "Made " << (options.home / "config").string() << ":\n";
  for (const NewFile& file : plan->files)
    out << "  " << file.path.string() << (file.secret ? "  (secret)\n" : "\n");
  out << "\nThis node's validator key is " << public_key_text(key) << ",\nits address "
      << crypto::to_eip55(crypto::address_of(key)) << ".\n"
      << plan->next;
  return {};
}

}  // namespace moot::node::app
