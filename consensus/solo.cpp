#include "consensus/solo.hpp"

#include "base/check.hpp"

namespace moot::consensus {
namespace {

Header make_header(const ChainTip& tip, const BlockContent& content, const Justification& justification) {
  const auto height = tip.height.checked_add(Height{1});
  const auto view = tip.view.checked_add(View{1});
  MOOT_CHECK(height && view, "the last height or view was used");
  return {.version = kHeaderVersion,
          .chain_id = tip.epoch.chain_id,
          .epoch = tip.epoch.epoch,
          .view = *view,
          .height = *height,
          .parent = tip.hash,
          .parent_view = tip.view,
          .time = content.time,
          .proposer = 0,
          .tx_root = content.tx_root,
          .evidence_root = content.evidence_root,
          .justification_root = justification_root(justification),
          .state_root = content.state_root,
          .receipts_root = content.receipts_root,
          .validators_hash = tip.validators_hash,
          .next_validators_hash = tip.validators_hash,
          .flags = HeaderFlag::none};
}

Vote sign_vote(const LedgerId& chain_id, const Statement& statement, View final_view,
               const crypto::SchnorrSigner& signer) {
  return {.statement = statement,
          .signer = 0,
          .signature = signer.sign(vote_digest(chain_id, statement)),
          .final_view = final_view};
}

}  // namespace

SoloBlock make_solo_block(const ChainTip& tip, const BlockContent& content, const ValidatorSet& validators,
                          const crypto::SchnorrSigner& signer) {
  MOOT_CHECK(validators.size() == 1 && validators.key(0) == signer.key(),
             "the signer is not the only validator");
  MOOT_CHECK(validators.hash() == tip.validators_hash, "the validators are not those of the tip's epoch");
  MOOT_CHECK(content.time > tip.time, "a block's time is after its parent's");

  Justification justification{.parent = tip.finalization, .nullifications = {}};
  const Header header = make_header(tip, content, justification);
  const BlockHash hash = block_hash(header);
  const LedgerId& chain = header.chain_id;
  const Statement notarize{.kind = VoteKind::notarize, .position = header.position(), .block = hash};
  const Statement finalize{.kind = VoteKind::finalize, .position = header.position(), .block = hash};
  const Vote notarize_vote = sign_vote(chain, notarize, tip.view, signer);
  const Vote finalize_vote = sign_vote(chain, finalize, tip.view, signer);
  auto certificate = make_certificate(finalize, {&finalize_vote, 1}, validators);
  MOOT_CHECK(certificate.has_value(), "one vote of one validator is a quorum");
  return {.header = header,
          .justification = std::move(justification),
          .hash = hash,
          .notarize = notarize_vote,
          .finalize = finalize_vote,
          .finalization = *std::move(certificate)};
}

}  // namespace moot::consensus
