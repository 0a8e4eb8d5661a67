// Whatever is changed, and wherever, the replay names the first bad block, the transaction where one is to blame, and why.
#include "tests/unit/audit/fixture.hpp"

namespace moot::audit {
namespace {

using test::Chronicle;
using test::CoOpStory;

struct Blame {
  u64 height;
  std::optional<u64> transaction;
  Check check;
};

void expect_blame(const Chronicle& chronicle, const Blame& blame, const ReplayOptions& options = {}) {
  const Report report = replayed(chronicle, options);
  ASSERT_FALSE(report.good()) << "nothing was found; expected " << word(blame.check) << " in block "
                              << blame.height;
  const Problem& found = *report.findings.problem;
  EXPECT_EQ(found.height.raw(), blame.height) << sentence(found);
  EXPECT_EQ(found.transaction, blame.transaction) << sentence(found);
  EXPECT_EQ(word(found.check), word(blame.check)) << sentence(found);
  EXPECT_FALSE(found.what.empty());
  // What is before the bad block was found good, and no more.
  EXPECT_EQ(report.findings.to.raw(), blame.height - 1);
  if (blame.height > 1) { EXPECT_EQ(report.findings.state_root, story().roots()[blame.height - 2]); }
}

// ---- bytes ----

// Each field of a header, by the encoding of a header with another value in it.
template <class Change>
Chronicle with_header(u64 height, Change&& change) {
  Chronicle chronicle = story().chronicle();
  Bytes& bytes = chronicle.blocks()[height - 1].header;
  auto header = decoded<consensus::Header>(bytes).value();
  change(header);
  bytes = encoded(header);
  return chronicle;
}

TEST(Tamper, AnyFieldOfAHeaderIsFoundInItsBlock) {
  using consensus::Header;
  const std::vector<std::function<void(Header&)>> changes{
      [](Header& h) { ++h.version; },
      [](Header& h) { h.chain_id.bytes[0] ^= 1; },
      [](Header& h) { h.epoch = consensus::Epoch{1}; },
      [](Header& h) { h.view = consensus::View{h.view.raw() + 1}; },
      [](Header& h) { h.parent.bytes[9] ^= 1; },
      [](Header& h) { h.parent_view = consensus::View{h.parent_view.raw() + 1}; },
      [](Header& h) { h.time = TimeMs{h.time.raw() + 1}; },
      [](Header& h) { ++h.proposer; },
      [](Header& h) { h.tx_root.bytes[1] ^= 1; },
      [](Header& h) { h.evidence_root.bytes[1] ^= 1; },
      [](Header& h) { h.justification_root.bytes[1] ^= 1; },
      [](Header& h) { h.state_root.bytes[1] ^= 1; },
      [](Header& h) { h.receipts_root.bytes[1] ^= 1; },
      [](Header& h) { h.validators_hash.bytes[1] ^= 1; },
      [](Header& h) { h.next_validators_hash.bytes[1] ^= 1; },
      [](Header& h) { h.flags = consensus::HeaderFlag::seal; },
      [](Header& h) { h.flags = consensus::HeaderFlag::filler; },
      [](Header& h) { h.height = Height{h.height.raw() + 1}; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    SCOPED_TRACE("change " + std::to_string(i));
    expect_blame(with_header(6, changes[i]), {6, std::nullopt, Check::link});
  }
}

// The parts of a block, one bit of every n-th byte at a time.
void flip_every(std::size_t stride, u64 height, Bytes& (*part)(RawBlock&),
                const std::function<void(const Report&)>& judge) {
  Chronicle chronicle = story().chronicle();
  Bytes& bytes = part(chronicle.blocks()[height - 1]);
  for (std::size_t at = 0; at < bytes.size(); at += stride) {
    SCOPED_TRACE("byte " + std::to_string(at));
    bytes[at] ^= 0x10;
    const Report report = replayed(chronicle);
    bytes[at] ^= 0x10;
    ASSERT_FALSE(report.good());
    EXPECT_EQ(report.findings.problem->height.raw(), height) << problem_text(report);
    judge(report);
  }
}

TEST(Tamper, AnyByteOfAHeaderJustificationOrFinalizationIsFoundInItsBlock) {
  const auto link_or_form = [](const Report& report) {
    const Check check = report.findings.problem->check;
    EXPECT_TRUE(check == Check::link || check == Check::encoding) << problem_text(report);
    EXPECT_FALSE(report.findings.problem->transaction);
  };
  flip_every(3, 4, [](RawBlock& block) -> Bytes& { return block.header; }, link_or_form);
  flip_every(3, 4, [](RawBlock& block) -> Bytes& { return block.justification; }, link_or_form);
  flip_every(3, 4, [](RawBlock& block) -> Bytes& { return block.finalization; }, link_or_form);
}

TEST(Tamper, AnyByteOfAnEnvelopeIsFoundInItsTransaction) {
  const u64 height = story().find(ledger::TxKind::vote).height;
  ASSERT_GE(story().chronicle().blocks()[height - 1].envelopes.size(), 3u);
  flip_every(
      1, height, [](RawBlock& block) -> Bytes& { return block.envelopes[1]; },
      [](const Report& report) {
        EXPECT_EQ(report.findings.problem->transaction, 1u) << problem_text(report);
        const Check check = report.findings.problem->check;
        EXPECT_TRUE(check == Check::transaction || check == Check::signature) << problem_text(report);
      });
}

TEST(Tamper, AnyByteOfACarriedSignatureIsFound) {
  const auto place = story().find(ledger::TxKind::record_contributions);
  auto tx =
      ledger::decode_transaction(story().chronicle().blocks()[place.height - 1].envelopes[place.transaction])
          .value();
  for (const std::size_t at : {std::size_t{0}, std::size_t{31}, std::size_t{40}, std::size_t{64}}) {
    auto changed = tx;
    std::get<ledger::RecordContributions>(changed.payload).contributions[1].signature.bytes[at] ^= 1;
    Chronicle chronicle = story().chronicle();
    chronicle.blocks()[place.height - 1].envelopes[place.transaction] = ledger::encode_transaction(changed);
    expect_blame(chronicle, {place.height, place.transaction, Check::signature});
  }
}

TEST(Tamper, WithoutSignaturesAChangedEnvelopeIsFoundByTheTransactionsRoot) {
  const auto place = story().find(ledger::TxKind::set_delegate);
  Chronicle chronicle = story().chronicle();
  chronicle.blocks()[place.height - 1].envelopes[place.transaction].back() ^= 1;
  expect_blame(chronicle, {place.height, std::nullopt, Check::tx_root}, {.signatures = false});
}

TEST(Tamper, AFaultThatNoHeaderKnowsIsFound) {
  Chronicle chronicle = story().chronicle();
  chronicle.blocks()[2].faults.push_back(encoded(ledger::Fault{.validator = 0, .kind = 1}));
  expect_blame(chronicle, {3, std::nullopt, Check::faults_root});
  chronicle.blocks()[2].faults.back().push_back(0);
  expect_blame(chronicle, {3, std::nullopt, Check::encoding});
}

// ---- whole blocks and transactions ----

TEST(Tamper, AMissingTransactionIsFound) {
  const auto place = story().find(ledger::TxKind::vote);
  Chronicle chronicle = story().chronicle();
  chronicle.blocks()[place.height - 1].envelopes.pop_back();
  expect_blame(chronicle, {place.height, std::nullopt, Check::tx_root});
}

TEST(Tamper, TransactionsInAnotherOrderAreFound) {
  const auto place = story().find(ledger::TxKind::vote);
  Chronicle chronicle = story().chronicle();
  auto& envelopes = chronicle.blocks()[place.height - 1].envelopes;
  std::swap(envelopes[0], envelopes[1]);
  expect_blame(chronicle, {place.height, std::nullopt, Check::tx_root});
}

TEST(Tamper, ARemovedBlockIsFoundWhereItIsMissing) {
  Chronicle chronicle = story().chronicle();
  chronicle.blocks().erase(chronicle.blocks().begin() + 6);
  expect_blame(chronicle, {7, std::nullopt, Check::link});
}

TEST(Tamper, SwappedBlocksAreFoundAtTheFirst) {
  Chronicle chronicle = story().chronicle();
  std::swap(chronicle.blocks()[4], chronicle.blocks()[5]);
  expect_blame(chronicle, {5, std::nullopt, Check::link});
  // Renumbering them does not help.
  std::swap(chronicle.blocks()[4].height, chronicle.blocks()[5].height);
  expect_blame(chronicle, {5, std::nullopt, Check::link});
}

TEST(Tamper, ABlockOfAnotherLedgerIsFound) {
  ledger::Genesis other = story().genesis();
  other.salt.bytes[0] ^= 1;
  Chronicle chronicle(other);
  chronicle.blocks() = story().chronicle().blocks();
  expect_blame(chronicle, {1, std::nullopt, Check::link});
}

TEST(Tamper, AGenesisThatIsNoneIsRefused) {
  class BadGenesis final : public BlockSource {
   public:
    explicit BadGenesis(Bytes bytes) : bytes_(std::move(bytes)) {}
    [[nodiscard]] std::string name() const override { return "bad"; }
    Result<Bytes> genesis() override { return bytes_; }
    Result<std::optional<RawBlock>> next() override { return std::nullopt; }
    [[nodiscard]] Height last_height() const override { return {}; }

   private:
    Bytes bytes_;
  };
  ledger::Genesis no_validator = story().genesis();
  no_validator.roles[ledger::Role::validator].holders.clear();
  Bytes cut = story().chronicle().genesis();
  cut.pop_back();
  for (const Bytes& bytes : {cut, Bytes{}, encoded(no_validator)}) {
    BadGenesis source(bytes);
    const Report report = replayed(source);
    ASSERT_FALSE(report.good());
    EXPECT_EQ(report.findings.problem->check, Check::genesis);
    EXPECT_EQ(report.findings.problem->height, Height{0});
  }
}

TEST(Tamper, ASourceThatBreaksOffIsNamed) {
  class Breaking final : public BlockSource {
   public:
    [[nodiscard]] std::string name() const override { return "breaking"; }
    Result<Bytes> genesis() override { return story().chronicle().genesis(); }
    Result<std::optional<RawBlock>> next() override {
      if (at_ == 5)
        return std::unexpected(SourceError{.kind = SourceFault::unreachable, .what = "the line is dead"});
      return story().chronicle().blocks()[at_++];
    }
    [[nodiscard]] Height last_height() const override { return {}; }

   private:
    std::size_t at_ = 0;
  };
  Breaking source;
  const Report report = replayed(source);
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->check, Check::source);
  EXPECT_EQ(report.findings.problem->what, "the line is dead");
  EXPECT_EQ(report.findings.problem->height, Height{6});
  EXPECT_EQ(report.findings.to, Height{5});
}

TEST(Tamper, WhatIsFoundBeforeTheBadBlockIsToldAsItIsThen) {
  Chronicle chronicle = story().chronicle();
  chronicle.blocks().back().finalization.back() ^= 1;
  const Findings found = replayed(chronicle).findings;
  const Findings whole =
      replayed(story().chronicle(), {.stop_at = Height{story().world().height().raw() - 1}}).findings;
  ASSERT_TRUE(found.problem);
  EXPECT_EQ(found.members, whole.members);
  const auto executed = [](const ProposalFinding& one) {
    return one.state == ledger::ProposalState::executed;
  };
  EXPECT_EQ(std::ranges::count_if(found.proposals, executed), 1) << "the sale, whose vote closed long before";
}

// ---- a validator that signs what is not so ----

TEST(LyingValidator, IsCaughtByEachRoot) {
  const struct {
    void (*lie)(consensus::BlockContent&);
    Check check;
  } lies[] = {
      {[](consensus::BlockContent& c) { c.tx_root.bytes[5] ^= 1; }, Check::tx_root},
      {[](consensus::BlockContent& c) { c.evidence_root.bytes[5] ^= 1; }, Check::faults_root},
      {[](consensus::BlockContent& c) { c.receipts_root.bytes[5] ^= 1; }, Check::receipts_root},
      {[](consensus::BlockContent& c) { c.state_root.bytes[5] ^= 1; }, Check::state_root},
      {[](consensus::BlockContent& c) { c.time = TimeMs{c.time.raw() + 1}; }, Check::state_root},
  };
  for (const auto& [lie, check] : lies) {
    Chronicle chronicle = story().chronicle();
    chronicle.sign_again(6, [lie](std::vector<Bytes>&, consensus::BlockContent& content) { lie(content); });
    expect_blame(chronicle, {6, std::nullopt, check});
  }
}

// The validator puts an envelope into a block and signs it.
Chronicle with_extra(u64 height, const Bytes& envelope) {
  Chronicle chronicle = story().chronicle();
  chronicle.sign_again(height, [&](std::vector<Bytes>& envelopes, consensus::BlockContent& content) {
    envelopes.push_back(envelope);
    std::vector<WitnessId> witnesses;
    for (const Bytes& one : envelopes) witnesses.push_back(ledger::witness_id(one));
    content.tx_root = ledger::tx_root(witnesses);
  });
  return chronicle;
}

TEST(LyingValidator, CannotCountABallotTwice) {
  const auto place = story().find(ledger::TxKind::vote);
  const auto& block = story().chronicle().blocks()[place.height - 1];
  expect_blame(with_extra(place.height, block.envelopes[0]),
               {place.height, block.envelopes.size(), Check::includable});
}

TEST(LyingValidator, CannotRepeatATransactionLater) {
  const auto place = story().find(ledger::TxKind::transfer);
  const auto& blocks = story().chronicle().blocks();
  const Bytes& paid = blocks[place.height - 1].envelopes[place.transaction];
  expect_blame(with_extra(place.height + 1, paid),
               {place.height + 1, blocks[place.height].envelopes.size(), Check::includable});
}

TEST(LyingValidator, CannotVoteForAMember) {
  const auto place = story().find(ledger::TxKind::vote);
  const auto& block = story().chronicle().blocks()[place.height - 1];
  auto forged = ledger::decode_transaction(block.envelopes[0]).value();
  forged.signer = test::test_address("m1");
  expect_blame(with_extra(place.height, ledger::encode_transaction(forged)),
               {place.height, block.envelopes.size(), Check::signature});
}

TEST(LyingValidator, CannotHideAFailedTransaction) {
  // The failed transfer's block, with the receipt of one that was done.
  const auto& blocks = story().chronicle().blocks();
  u64 height = 0;
  for (const RawBlock& block : blocks)
    for (const Bytes& envelope : block.envelopes) {
      const auto tx = ledger::decode_transaction(envelope).value();
      if (const auto* transfer = std::get_if<ledger::Transfer>(&tx.payload);
          transfer && transfer->amount.raw() > (u128{1} << 99))
        height = block.height.raw();
    }
  ASSERT_NE(height, 0u);
  Chronicle chronicle = story().chronicle();
  chronicle.sign_again(height, [](std::vector<Bytes>& envelopes, consensus::BlockContent& content) {
    const auto tx = ledger::trust_transaction(story().world().signing(), envelopes.front()).value();
    content.receipts_root = ledger::receipts_root(std::vector{ledger::Receipt{.id = tx.id, .skipped = {}}});
  });
  expect_blame(chronicle, {height, std::nullopt, Check::receipts_root});
}

TEST(LyingValidator, OfAnotherKeyIsNotBelieved) {
  ledger::Genesis other = story().genesis();
  other.roles[ledger::Role::validator].holders[0].validator_key =
      Hash{crypto::x_only(test::test_key("v1")).bytes};
  Chronicle chronicle = story().chronicle();
  class Replaced final : public BlockSource {
   public:
    explicit Replaced(const ledger::Genesis& genesis) : genesis_(encoded(genesis)) {}
    [[nodiscard]] std::string name() const override { return "replaced"; }
    Result<Bytes> genesis() override { return genesis_; }
    Result<std::optional<RawBlock>> next() override { return story().chronicle().blocks()[0]; }
    [[nodiscard]] Height last_height() const override { return {}; }

   private:
    Bytes genesis_;
  };
  Replaced source(other);
  const Report report = replayed(source, {.stop_at = Height{1}});
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->check, Check::link);
}

}  // namespace
}  // namespace moot::audit
