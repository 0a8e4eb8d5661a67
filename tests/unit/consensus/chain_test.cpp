#include "consensus/chain.hpp"

#include <gtest/gtest.h>

#include "tests/unit/consensus/fixture.hpp"

namespace moot::consensus::test {
namespace {

struct Block {
  Header header;
  Justification justification;
  Certificate finalization;
};

constexpr std::initializer_list<u16> kQuorum = {0, 1, 3};

// A chain of four validators: genesis, block 1 in view 1, and a block 2 in view 4 that skipped two views.
class Link : public ::testing::Test {
 protected:
  Link() : genesis_(genesis_tip(kChain, TimeMs{1'000}, four_.set())) {
    first_ = make(genesis_, View{1});
    tip_ = next_tip(genesis_, first_.header, first_.finalization);
    block_ = make(tip_, View{4});
  }

  [[nodiscard]] Block make(const ChainTip& tip, View view) const {
    Block block;
    block.justification.parent = tip.finalization;
    for (u64 skipped = tip.view.raw() + 1; skipped < view.raw(); ++skipped)
      block.justification.nullifications.push_back(four_.certificate(kQuorum, nullify_at(0, skipped)));
    block.header = {.chain_id = kChain,
                    .epoch = tip.epoch.epoch,
                    .view = view,
                    .height = Height{tip.height.raw() + 1},
                    .parent = tip.hash,
                    .parent_view = tip.view,
                    .time = TimeMs{tip.time.raw() + 1},
                    .proposer = leader_of(leader_order(tip.epoch, 4), view),
                    .state_root = filled(7).as<StateRoot>(),
                    .validators_hash = four_.set().hash(),
                    .next_validators_hash = four_.set().hash()};
    sign(block);
    return block;
  }

  // Commits to the justification and certifies, so that a test reaches the check it is about.
  void sign(Block& block) const {
    block.header.justification_root = justification_root(block.justification);
    block.finalization = four_.certificate(
        kQuorum,
        {.kind = VoteKind::finalize, .position = block.header.position(), .block = block_hash(block.header)});
  }

  [[nodiscard]] std::optional<LinkFault> fault(const Block& block) const {
    const auto result = verify_link(tip_, block.header, block.justification, block.finalization, four_.set());
    if (result) return std::nullopt;
    EXPECT_TRUE(result.error().text.starts_with("block ")) << result.error().text;
    return result.error().fault;
  }

  template <class Change>
  [[nodiscard]] std::optional<LinkFault> fault_after(Change change) const {
    Block block = block_;
    change(block);
    sign(block);
    return fault(block);
  }

  Validators four_{4};
  ChainTip genesis_;
  Block first_;
  ChainTip tip_;
  Block block_;
};

TEST_F(Link, FromGenesisAndOverSkippedViewsHolds) {
  EXPECT_TRUE(verify_link(genesis_, first_.header, first_.justification, first_.finalization, four_.set())
                  .has_value());
  EXPECT_EQ(fault(block_), std::nullopt);
}

TEST_F(Link, RefusesAHeaderThatDoesNotFollow) {
  EXPECT_EQ(fault_after([](Block& b) { b.header.version = 2; }), LinkFault::version);
  EXPECT_EQ(fault_after([](Block& b) { b.header.chain_id = kOtherChain; }), LinkFault::chain);
  EXPECT_EQ(fault_after([](Block& b) { b.header.flags = HeaderFlag::filler; }), LinkFault::filler);
  EXPECT_EQ(fault_after([](Block& b) { b.header.height = Height{3}; }), LinkFault::height);
  EXPECT_EQ(fault_after([](Block& b) { b.header.height = Height{1}; }), LinkFault::height);
  EXPECT_EQ(fault_after([](Block& b) { b.header.parent.bytes[0] ^= 1; }), LinkFault::parent);
  EXPECT_EQ(fault_after([](Block& b) { b.header.parent_view = View{2}; }), LinkFault::parent_view);
  EXPECT_EQ(fault_after([](Block& b) { b.header.epoch = Epoch{1}; }), LinkFault::epoch);
}

TEST_F(Link, RefusesAViewOrATimeThatDoesNotGrow) {
  EXPECT_EQ(fault_after([&](Block& b) { b.header.view = tip_.view; }), LinkFault::view);
  EXPECT_EQ(fault_after([&](Block& b) { b.header.time = tip_.time; }), LinkFault::time);
  EXPECT_EQ(fault_after([&](Block& b) { b.header.time = TimeMs{tip_.time.raw() - 1}; }), LinkFault::time);
}

TEST_F(Link, RefusesOtherValidatorsAndChangesOutsideASeal) {
  EXPECT_EQ(fault_after([](Block& b) { b.header.validators_hash = filled(1); }), LinkFault::validators);
  EXPECT_EQ(fault_after([](Block& b) { b.header.next_validators_hash = filled(1); }),
            LinkFault::next_validators);
  EXPECT_EQ(fault_after([](Block& b) { b.header.flags = HeaderFlag::seal; }), LinkFault::next_validators);
  EXPECT_EQ(fault_after([](Block& b) { b.header.proposer ^= 1; }), LinkFault::proposer);
}

TEST_F(Link, RefusesAJustificationThatTheHeaderDoesNotCommitTo) {
  Block block = block_;
  block.justification.nullifications[0] = four_.certificate({1, 2, 3}, nullify_at(0, 2));
  EXPECT_EQ(fault(block), LinkFault::justification_root);
}

TEST_F(Link, RefusesAMissingOrForeignParentCertificate) {
  EXPECT_EQ(fault_after([](Block& b) { b.justification.parent.reset(); }), LinkFault::parent_certificate);
  EXPECT_EQ(
      fault_after([&](Block& b) { b.justification.parent = four_.certificate(kQuorum, finalize_at(0, 1)); }),
      LinkFault::parent_certificate);
  EXPECT_EQ(fault_after([](Block& b) { b.justification.parent->signatures[0].bytes[5] ^= 1; }),
            LinkFault::parent_certificate);
}

TEST_F(Link, AcceptsTheParentsNotarizationInThePlaceOfItsFinalization) {
  EXPECT_EQ(fault_after([&](Block& b) {
              b.justification.parent = four_.certificate(
                  {1, 2, 3},
                  {.kind = VoteKind::notarize, .position = first_.header.position(), .block = tip_.hash});
            }),
            std::nullopt);
}

TEST_F(Link, RefusesAParentCertificateOnGenesis) {
  Block block = first_;
  block.justification.parent = first_.finalization;
  sign(block);
  const auto result =
      verify_link(genesis_, block.header, block.justification, block.finalization, four_.set());
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().fault, LinkFault::parent_certificate);
}

TEST_F(Link, RefusesAViewSkippedWithoutItsNullification) {
  EXPECT_EQ(fault_after([](Block& b) { b.justification.nullifications.pop_back(); }),
            LinkFault::nullifications);
  EXPECT_EQ(fault_after([](Block& b) {
              std::swap(b.justification.nullifications[0], b.justification.nullifications[1]);
            }),
            LinkFault::nullifications);
  EXPECT_EQ(fault_after([](Block& b) { b.justification.nullifications[1].signatures[0].bytes[9] ^= 1; }),
            LinkFault::nullifications);
  EXPECT_EQ(fault_after([&](Block& b) {
              b.justification.nullifications.push_back(four_.certificate(kQuorum, nullify_at(0, 4)));
            }),
            LinkFault::nullifications);
}

TEST_F(Link, RefusesAFinalizationOfAnotherBlockKindOrKey) {
  Block block = block_;
  block.finalization = first_.finalization;
  EXPECT_EQ(fault(block), LinkFault::finalization);
  block = block_;
  block.finalization = four_.certificate(
      kQuorum,
      {.kind = VoteKind::notarize, .position = block.header.position(), .block = block_hash(block.header)});
  EXPECT_EQ(fault(block), LinkFault::finalization);
  block = block_;
  block.finalization.signatures[0].bytes[1] ^= 1;
  EXPECT_EQ(fault(block), LinkFault::finalization);
}

TEST_F(Link, AfterASealOpensTheNextEpochWithItsValidators_0_1) {
  const Validators five(5);
  Block seal = block_;
  seal.header.flags = HeaderFlag::seal;
  seal.header.next_validators_hash = five.set().hash();
  sign(seal);
  ASSERT_EQ(fault(seal), std::nullopt);

  const ChainTip opened = next_tip(tip_, seal.header, seal.finalization);
  EXPECT_EQ(opened.epoch.epoch, Epoch{1});
  EXPECT_EQ(opened.epoch.seal, block_hash(seal.header));
  EXPECT_EQ(opened.validators_hash, five.set().hash());
  EXPECT_FALSE(opened.finalization.has_value());

  Header header = seal.header;
  header.epoch = Epoch{1};
  header.view = View{5};
  header.height = Height{3};
  header.parent = opened.hash;
  header.parent_view = View{4};
  header.time = TimeMs{opened.time.raw() + 1};
  header.proposer = leader_of(leader_order(opened.epoch, 5), header.view);
  header.justification_root = justification_root({});
  header.validators_hash = header.next_validators_hash = five.set().hash();
  header.flags = HeaderFlag::none;
  const Statement final{
      .kind = VoteKind::finalize, .position = header.position(), .block = block_hash(header)};
  EXPECT_TRUE(verify_link(opened, header, {}, five.certificate({0, 1, 2, 4}, final), five.set()).has_value());
  EXPECT_EQ(verify_link(opened, header, {}, four_.certificate(kQuorum, final), four_.set()).error().fault,
            LinkFault::validators);
}

TEST_F(Link, NamesWhatIsWrongInASentence) {
  Block block = block_;
  block.header.time = tip_.time;
  sign(block);
  const auto result = verify_link(tip_, block.header, block.justification, block.finalization, four_.set());
  EXPECT_EQ(result.error().text, "block 2: its time 1001 ms is not after its parent's, 1001 ms");
}

TEST(SoloBlock, ChainsFromGenesisAndVerifies) {
  const Validators one(1);
  ChainTip tip = genesis_tip(kChain, TimeMs{1'000}, one.set());
  for (u64 height = 1; height <= 5; ++height) {
    const auto block = make_solo_block(tip, content_at(1'000 + height), one.set(), one.signer(0));
    EXPECT_EQ(block.header.height, Height{height});
    EXPECT_EQ(block.header.view, View{height});
    EXPECT_EQ(block.hash, block_hash(block.header));
    for (const Vote* vote : {&block.notarize, &block.finalize})
      EXPECT_TRUE(
          crypto::schnorr_verify(one.set().key(0), vote_digest(kChain, vote->statement), vote->signature));
    EXPECT_EQ(block.finalization.signatures, std::vector{block.finalize.signature});
    const auto ok = verify_link(tip, block.header, block.justification, block.finalization, one.set());
    ASSERT_TRUE(ok.has_value()) << ok.error().text;
    tip = next_tip(tip, block.header, block.finalization);
  }
}

TEST(SoloBlock, IsTheSameBytesEachTime) {
  const Validators one(1);
  const ChainTip tip = genesis_tip(kChain, TimeMs{1}, one.set());
  const auto first = make_solo_block(tip, content_at(2), one.set(), one.signer(0));
  const auto second = make_solo_block(tip, content_at(2), one.set(), one.signer(0));
  EXPECT_EQ(encoded(first.header), encoded(second.header));
  EXPECT_EQ(encoded(first.finalization), encoded(second.finalization));
}

TEST(SoloBlockDeathTest, StopsBeforeItSignsWhatItMustNot) {
  const Validators one(1);
  const Validators four(4);
  const ChainTip tip = genesis_tip(kChain, TimeMs{5}, one.set());
  EXPECT_DEATH((void)make_solo_block(tip, content_at(5), one.set(), one.signer(0)), "after its parent's");
  EXPECT_DEATH((void)make_solo_block(tip, content_at(6), four.set(), one.signer(0)), "only validator");
}

}  // namespace
}  // namespace moot::consensus::test
