#include "wallet/receipt_check.hpp"

#include <algorithm>

#include "audit/prepare.hpp"
#include "consensus/certificates.hpp"
#include "crypto/merkle.hpp"
#include "ledger/block.hpp"
#include "ledger/tx_error.hpp"

namespace moot::wallet {
namespace {

std::unexpected<Failure> wrong(std::string what) {
  return fail("the receipt proves nothing: " + std::move(what), "Ask another node for it",
              ExitCode::verification_failed);
}

std::optional<Hash> hash_of(const std::string& bytes) {
  Hash out;
  if (bytes.size() != out.bytes.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), out.bytes.begin());
  return out;
}

Result<void> check_path(const moot::v1::GetReceiptResponse& answer, const Hash& receipts_root) {
  static const crypto::MerkleHasher hasher("moot/receipts");
  crypto::MerkleProof siblings;
  for (const auto& sibling : answer.in_block().siblings()) {
    const auto hash = hash_of(sibling);
    if (!hash) return wrong("a hash on its path has not 32 bytes");
    siblings.push_back(*hash);
  }
  const crypto::InclusionClaim claim{.leaf = hasher.leaf(as_bytes(answer.receipt().encoded())),
                                     .index = answer.in_block().index(),
                                     .size = answer.in_block().size(),
                                     .root = receipts_root};
  if (!crypto::verify_inclusion(hasher, claim, siblings))
    return wrong("its path does not lead to its block's header");
  return {};
}

Result<void> check_final(const moot::v1::GetReceiptResponse& answer, const consensus::Header& header,
                         const ledger::Genesis& genesis) {
  if (header.epoch != consensus::kFirstEpoch)
    return wrong("its block is past the first epoch, whose validators a genesis does not name");
  const auto validators = consensus::ValidatorSet::from(ledger::validator_keys(genesis));
  if (!validators || validators->hash() != header.validators_hash)
    return wrong("its block names other validators than the genesis");
  const auto certificate = decoded<consensus::Certificate>(as_bytes(answer.finalization()));
  if (!certificate) return wrong("its block's certificate cannot be read");
  const consensus::Statement expected{.kind = consensus::VoteKind::finalize,
                                      .position = header.position(),
                                      .block = consensus::block_hash(header)};
  if (certificate->statement != expected) return wrong("the certificate is for another block");
  if (const auto good = consensus::verify(*certificate, *validators, header.chain_id); !good)
    return wrong("its block's certificate: " + std::string(consensus::describe(good.error())));
  return {};
}

bool same_skipped(const moot::v1::Receipt& said, const ledger::Receipt& receipt) {
  return std::ranges::equal(said.skipped(), receipt.skipped, [](const auto& a, const ledger::SkippedItem& b) {
    return a.index() == b.index && a.code() == b.code;
  });
}

// What people read stands beside the bytes that are proven.
bool says_what_its_bytes_say(const moot::v1::GetReceiptResponse& answer, const ledger::Receipt& receipt,
                             Height height) {
  const auto& said = answer.receipt();
  const std::string reason = receipt.failed()
                                 ? std::string(ledger::reason(static_cast<ledger::TxError>(receipt.code)))
                                 : std::string();
  return said.tx_id() == as_string(receipt.id.view()) && said.done() == !receipt.failed() &&
         said.code() == receipt.code && said.reason() == reason && said.bad_index() == receipt.bad_index &&
         said.detail() == receipt.detail && said.height() == height.raw() &&
         said.index() == answer.in_block().index() && same_skipped(said, receipt);
}

}  // namespace

Result<CheckedReceipt> check_receipt(const moot::v1::GetReceiptResponse& answer,
                                     const ledger::Genesis& genesis) {
  const auto header = decoded<consensus::Header>(as_bytes(answer.header()));
  if (!header) return wrong("its block's header cannot be read");
  const auto receipt = decoded<ledger::Receipt>(as_bytes(answer.receipt().encoded()));
  if (!receipt) return wrong("its bytes cannot be read");
  const LedgerId id = ledger::ledger_id(genesis);
  if (header->chain_id != id) return wrong("it is of another ledger than the genesis");
  if (auto path = check_path(answer, header->receipts_root); !path) return std::unexpected(path.error());
  if (auto final = check_final(answer, *header, genesis); !final) return std::unexpected(final.error());
  if (!says_what_its_bytes_say(answer, *receipt, header->height))
    return wrong("what it says of itself is not what its bytes say");
  return CheckedReceipt{.id = receipt->id,
                        .height = header->height,
                        .time = header->time,
                        .done = !receipt->failed(),
                        .block = consensus::block_hash(*header),
                        .ledger_id = id};
}

}  // namespace moot::wallet
