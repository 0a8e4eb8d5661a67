// What an operator writes by hand: a genesis in JSON, config.toml, node_key.json. The first byte chooses.
#include "genesis/genesis_json.hpp"
#include "node/app/config.hpp"
#include "node/app/node_key.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::node::app {
namespace {

bool genesis_json(const std::string& text) {
  const auto read = genesis::from_json(text);
  if (!read) {
    MOOT_CHECK(!read.error().empty(), "what is wrong is said");
    return false;
  }
  const auto again = genesis::from_json(genesis::to_json(*read));
  MOOT_CHECK(again && *again == *read, "a genesis came back");
  return true;
}

bool config_toml(const std::string& text) {
  const auto read = parse_config(text, "config.toml", {});
  if (!read) return false;
  const std::string written = to_toml(*read, true);
  const auto again = parse_config(written, "config.toml", {});
  MOOT_CHECK(again && to_toml(*again, true) == written, "a configuration came back");
  return true;
}

bool node_key(ByteView in) {
  static const fuzz::MemoryFile file;
  file.write(in);
  const auto read = read_node_key(file.path());
  if (!read) return false;
  const std::string written = to_json(*read);
  file.write(as_bytes(written));
  const auto again = read_node_key(file.path());
  MOOT_CHECK(again && public_key_text(*again) == public_key_text(*read), "a key came back");
  return true;
}

bool feed(ByteView in) {
  if (in.empty()) return false;
  const ByteView rest = in.subspan(1);
  switch (in[0]) {
    case 'g': return genesis_json(as_string(rest));
    case 'c': return config_toml(as_string(rest));
    case 'k': return node_key(rest);
    default: return false;
  }
}

}  // namespace
}  // namespace moot::node::app

moot::fuzz::Samples moot::fuzz::good_samples() {
  using namespace node::app;
  Samples out{choose('g', genesis::to_json(test::test_genesis({.members = 2}))),
              choose('c', to_toml(Config{}, true)), choose('c', "[api]\nlisten = \"127.0.0.1:0\"\n"),
              choose('k', to_json(test::test_key("v0")))};
  for (const Bytes& sample : out) MOOT_CHECK(feed(sample), "a good sample is taken");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moot::node::app::feed({data, size});
  return 0;
}
