// The bytes and hashes of tests/vectors/consensus.json: protocol, frozen. MOOT_BLESS=1 rewrites the file, for a change of
// protocol that somebody has decided on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/consensus/fixture.hpp"

namespace moot::consensus::test {
namespace {

constexpr const char* kPath = MOOT_SOURCE_DIR "/tests/vectors/consensus.json";

Header golden_header(const Validators& validators) {
  return {.chain_id = kChain,
          .epoch = Epoch{0x01020304},
          .view = View{0x1112131415161718},
          .height = Height{0x2122232425262728},
          .parent = filled(0x31).as<BlockHash>(),
          .parent_view = View{0x1112131415161716},
          .time = TimeMs{1'767'225'600'250},
          .proposer = 0x0102,
          .tx_root = filled(0x41),
          .evidence_root = filled(0x42),
          .justification_root = filled(0x43),
          .state_root = filled(0x44).as<StateRoot>(),
          .receipts_root = filled(0x45),
          .validators_hash = validators.set().hash(),
          .next_validators_hash = filled(0x46),
          .flags = HeaderFlag::seal};
}

std::string order_text(const std::vector<u16>& order) {
  std::string out;
  for (const u16 index : order) out += fmt::format("{}{}", out.empty() ? "" : " ", index);
  return out;
}

// Name and value, in the order of the file.
std::vector<std::pair<std::string, std::string>> vectors() {
  const auto hex = [](const auto& value) { return to_hex(encoded(value)); };
  const Validators ten(10);
  const Header header = golden_header(ten);
  const Statement finalize{
      .kind = VoteKind::finalize, .position = header.position(), .block = block_hash(header)};
  Statement notarize = finalize;
  notarize.kind = VoteKind::notarize;
  const Statement nullify = nullify_at(0x01020304, 0x1112131415161717);
  const auto certificate = ten.certificate({0, 2, 3, 5, 7, 8, 9}, finalize);
  const auto skipped = ten.certificate({0, 1, 2, 3, 4, 5, 6}, nullify);
  const Justification justification{.parent = certificate, .nullifications = {skipped}};
  const EpochStart start{.chain_id = kChain, .epoch = Epoch{7}, .seal = filled(0x5e).as<BlockHash>()};
  const Validators one(1);
  const auto solo =
      make_solo_block(genesis_tip(kChain, TimeMs{1}, one.set()), content_at(2), one.set(), one.signer(0));

  return {{"chain_id", hex(kChain)},
          {"genesis_hash", hex(genesis_hash(kChain))},
          {"validators_10_hash", hex(ten.set().hash())},
          {"header", hex(header)},
          {"block_hash", hex(block_hash(header))},
          {"digest_notarize", hex(vote_digest(kChain, notarize))},
          {"digest_nullify", hex(vote_digest(kChain, nullify))},
          {"digest_finalize", hex(vote_digest(kChain, finalize))},
          {"vote", hex(ten.vote(3, finalize))},
          {"certificate_finalize", hex(certificate)},
          {"certificate_nullify", hex(skipped)},
          {"certificate_hash", hex(certificate_hash(certificate))},
          {"justification_root", hex(justification_root(justification))},
          {"justification_root_empty", hex(justification_root({}))},
          {"leader_order_10", order_text(leader_order(start, 10))},
          {"solo_header", hex(solo.header)},
          {"solo_block_hash", hex(solo.hash)},
          {"solo_finalization", hex(solo.finalization)}};
}

std::string as_json() {
  std::string out = "{";
  for (const auto& [name, value] : vectors())
    out += fmt::format("{}\n  \"{}\": \"{}\"", out == "{" ? "" : ",", name, value);
  return out + "\n}\n";
}

TEST(GoldenVectors, OfConsensusAreTheFrozenOnes) {
  const std::string ours = as_json();
  if (std::getenv("MOOT_BLESS") != nullptr) {
    std::ofstream(kPath) << ours;
    GTEST_SKIP() << "rewrote " << kPath;
  }
  std::ifstream file(kPath);
  ASSERT_TRUE(file.good()) << "cannot read " << kPath;
  std::stringstream frozen;
  frozen << file.rdbuf();
  EXPECT_EQ(ours, frozen.str());
}

}  // namespace
}  // namespace moot::consensus::test
