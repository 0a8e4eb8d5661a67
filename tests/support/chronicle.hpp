// The blocks of a history as a final chain, every one signed by the validator "v0": what a node would hand to an auditor, made
// without a node. It can sign falsehoods too.
#pragma once

#include "audit/source.hpp"
#include "base/check.hpp"
#include "consensus/solo.hpp"
#include "tests/support/ledger_world.hpp"

namespace moot::test {

class Chronicle {
 public:
  explicit Chronicle(const ledger::Genesis& genesis)
      : genesis_(encoded(genesis)),
        signer_(std::make_shared<const crypto::SchnorrSigner>(test_key("v0"))),
        validators_(consensus::ValidatorSet::from({signer_->key()}).value()),
        tips_{consensus::genesis_tip(ledger::ledger_id(genesis), genesis.created, validators_)} {}

  // The next block, as it is.
  void add(std::vector<Bytes> envelopes, const ledger::BlockResult& result,
           const std::vector<ledger::Fault>& faults = {}) {
    add(std::move(envelopes), content_of(result.roots), faults);
  }
  void add(std::span<const ledger::VerifiedTransaction> txs, const ledger::BlockResult& result) {
    std::vector<Bytes> envelopes;
    for (const auto& tx : txs) envelopes.push_back(ledger::encode_transaction(tx.tx));
    add(std::move(envelopes), result);
  }
  // The next block, of which the validator signs whatever `content` says.
  void add(std::vector<Bytes> envelopes, const consensus::BlockContent& content,
           const std::vector<ledger::Fault>& faults = {}) {
    const auto solo = consensus::make_solo_block(tips_.back(), content, validators_, *signer_);
    audit::RawBlock block{.height = solo.header.height,
                          .header = encoded(solo.header),
                          .justification = encoded(solo.justification),
                          .finalization = encoded(solo.finalization),
                          .envelopes = std::move(envelopes),
                          .faults = {}};
    for (const ledger::Fault& fault : faults) block.faults.push_back(encoded(fault));
    tips_.push_back(consensus::next_tip(tips_.back(), solo.header, solo.finalization));
    contents_.push_back(content);
    blocks_.push_back(std::move(block));
  }
  // Forgets the blocks from this height on, so that another one may stand there.
  void cut_back_to(u64 height) {
    blocks_.resize(height - 1);
    contents_.resize(height - 1);
    tips_.resize(height);
  }
  // Takes block `height` again with a changed content, and forgets the ones after it.
  template <class Change>
  void sign_again(u64 height, Change&& change) {
    std::vector<Bytes> envelopes = blocks_[height - 1].envelopes;
    consensus::BlockContent content = contents_[height - 1];
    cut_back_to(height);
    change(envelopes, content);
    add(std::move(envelopes), content);
  }

  static consensus::BlockContent content_of(const ledger::BlockRoots& roots) {
    return {.time = roots.time,
            .tx_root = roots.tx_root,
            .evidence_root = roots.faults_root,
            .state_root = roots.state_root,
            .receipts_root = roots.receipts_root};
  }
  [[nodiscard]] const Bytes& genesis() const { return genesis_; }
  [[nodiscard]] std::vector<audit::RawBlock>& blocks() { return blocks_; }
  [[nodiscard]] const std::vector<audit::RawBlock>& blocks() const { return blocks_; }
  [[nodiscard]] audit::Footer footer() const {
    return {.height = tips_.back().height,
            .block_hash = tips_.back().hash,
            .state_root = contents_.empty() ? StateRoot{} : contents_.back().state_root};
  }

 private:
  Bytes genesis_;
  std::shared_ptr<const crypto::SchnorrSigner> signer_;
  consensus::ValidatorSet validators_;
  std::vector<consensus::ChainTip> tips_;  // before each block, and after the last
  std::vector<consensus::BlockContent> contents_;
  std::vector<audit::RawBlock> blocks_;
};

// A chronicle as a source of blocks, held by reference.
class ChronicleSource final : public audit::BlockSource {
 public:
  explicit ChronicleSource(const Chronicle& chronicle) : chronicle_(chronicle) {}
  [[nodiscard]] std::string name() const override { return "chronicle"; }
  Result<Bytes> genesis() override { return chronicle_.genesis(); }
  Result<std::optional<audit::RawBlock>> next() override {
    if (at_ == chronicle_.blocks().size()) return std::nullopt;
    return chronicle_.blocks()[at_++];
  }
  [[nodiscard]] Height last_height() const override { return Height{chronicle_.blocks().size()}; }

 private:
  const Chronicle& chronicle_;
  std::size_t at_ = 0;
};

}  // namespace moot::test
