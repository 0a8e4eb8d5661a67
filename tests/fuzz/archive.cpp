// An archive of a ledger as an auditor gets it: the whole file, and its records apart. The first byte chooses.
#include "audit/replay.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/chronicle.hpp"

namespace moot::audit {
namespace {

// A ledger of two members and two blocks, the second with a transaction in it.
test::Chronicle two_blocks() {
  const ledger::Genesis genesis = test::test_genesis({.members = 2});
  test::Chronicle out(genesis);
  test::LedgerWorld world(genesis);
  world.observe([&](std::span<const ledger::VerifiedTransaction> txs, const ledger::BlockResult& result) {
    out.add(txs, result);
  });
  world.block();
  world.run("m0", ledger::SetDelegate{test::test_address("m1")});
  return out;
}

Bytes archive_of(const test::Chronicle& chronicle) {
  const std::string path = "/tmp/moot-fuzz-archive-" + std::to_string(::getpid());
  test::ChronicleSource source(chronicle);
  MOOT_CHECK(export_archive(source, path).has_value(), "an archive is written");
  const File file(std::fopen(path.c_str(), "rb"));
  std::remove(path.c_str());
  Bytes out(std::size_t{1} << 20);
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  return out;
}

const std::vector<Bytes>& archives() {
  static const std::vector<Bytes> made{archive_of(test::Chronicle(test::test_genesis({.members = 2}))),
                                       archive_of(two_blocks())};
  return made;
}

// Every byte counts: nothing is verified but what was written.
bool whole(ByteView in) {
  static const fuzz::MemoryFile file;
  file.write(in);
  auto source = open_archive(file.path());
  if (!source) return false;
  const ManualClock clock(TimeMs{0});
  const Report report = replay(**source, {.threads = 1}, clock);
  if (!report.good()) {
    MOOT_CHECK(!sentence(*report.findings.problem).empty(), "what is wrong is said");
    return false;
  }
  const auto same = [in](const Bytes& archive) { return std::ranges::equal(archive, in); };
  MOOT_CHECK(std::ranges::any_of(archives(), same), "another file than was written is verified");
  return true;
}

bool feed(ByteView in) {
  if (in.empty()) return false;
  const ByteView rest = in.subspan(1);
  switch (in[0]) {
    case 'a': return whole(rest);
    case 'b': return fuzz::is_canonical<RawBlock>(rest);
    case 'f': return fuzz::is_canonical<Footer>(rest);
    case 'r': return fuzz::is_canonical<Findings>(rest);
    default: return false;
  }
}

}  // namespace
}  // namespace moot::audit

moot::fuzz::Samples moot::fuzz::good_samples() {
  using namespace audit;
  const test::Chronicle chronicle = two_blocks();
  test::ChronicleSource source(chronicle);
  const ManualClock clock(TimeMs{0});
  Samples out{choose('b', encoded(chronicle.blocks().back())), choose('f', encoded(chronicle.footer())),
              choose('r', encoded(replay(source, {.threads = 1}, clock).findings))};
  for (const Bytes& archive : archives()) out.push_back(choose('a', archive));
  for (const Bytes& sample : out) MOOT_CHECK(feed(sample), "a good sample is taken");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moot::audit::feed({data, size});
  return 0;
}
