// What the consensus layer reads as bytes: headers, justifications, certificates, votes, and the three together as the link
// from one block to the next. The first byte chooses.
#include "consensus/solo.hpp"
#include "crypto/sha256.hpp"
#include "node/storage/block_store.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::consensus {
namespace {

// A chain of two blocks by one validator.
struct Chain {
  crypto::SchnorrSigner signer{test::test_key("v0")};
  ValidatorSet validators = ValidatorSet::from({signer.key()}).value();
  LedgerId id = crypto::sha256(as_bytes("a chain")).as<LedgerId>();
  ChainTip genesis = genesis_tip(id, TimeMs{1'000}, validators);
  SoloBlock first = make_solo_block(genesis, {.time = TimeMs{2'000}}, validators, signer);
  ChainTip tip = next_tip(genesis, first.header, first.finalization);
  SoloBlock second = make_solo_block(tip, {.time = TimeMs{3'000}}, validators, signer);
};
const Chain& chain() {
  static const Chain made;
  return made;
}

bool certificate(ByteView in) {
  if (!fuzz::is_canonical<Certificate>(in)) return false;
  const auto read = decoded<Certificate>(in);
  const auto good = verify(*read, chain().validators, chain().id);
  if (!good) MOOT_CHECK(!describe(good.error()).empty(), "what is wrong is said");
  return true;
}

// Only the header that the finalization is of can be the second block.
bool link(ByteView in) {
  if (!fuzz::is_canonical<node::BlockLink>(in)) return false;
  const auto read = decoded<node::BlockLink>(in);
  const auto good =
      verify_link(chain().tip, read->header, read->justification, read->finalization, chain().validators);
  if (good) MOOT_CHECK(read->header == chain().second.header, "no other block was signed");
  if (!good) MOOT_CHECK(!good.error().text.empty(), "what is wrong is said");
  return true;
}

bool feed(ByteView in) {
  if (in.empty()) return false;
  const ByteView rest = in.subspan(1);
  switch (in[0]) {
    case 'h': return fuzz::is_canonical<Header>(rest);
    case 'j': return fuzz::is_canonical<Justification>(rest);
    case 'c': return certificate(rest);
    case 'v': return fuzz::is_canonical<Vote>(rest);
    case 'l': return link(rest);
    default: return false;
  }
}

}  // namespace
}  // namespace moot::consensus

moot::fuzz::Samples moot::fuzz::good_samples() {
  using namespace consensus;
  const SoloBlock& block = chain().second;
  Justification both = block.justification;
  both.nullifications.push_back(chain().first.finalization);
  Samples out{choose('h', encoded(block.header)),
              choose('j', encoded(block.justification)),
              choose('j', encoded(both)),
              choose('c', encoded(block.finalization)),
              choose('v', encoded(block.notarize)),
              choose('l', encoded(node::BlockLink{block.header, block.justification, block.finalization}))};
  for (const Bytes& sample : out) MOOT_CHECK(feed(sample), "a good sample is taken");
  return out;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  moot::consensus::feed({data, size});
  return 0;
}
