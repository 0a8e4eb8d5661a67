// Everything about blocks that needs no state: decoding, the links from header to header with their certificates, and every
// signature. Done for many blocks at once, on all cores.
#pragma once

#include "audit/report.hpp"
#include "audit/source.hpp"
#include "consensus/chain.hpp"
#include "crypto/verify_pool.hpp"
#include "ledger/apply.hpp"

namespace moot::audit {

struct PreparedTransaction {
  ledger::VerifiedTransaction tx;
  u32 signatures = 0;  // checked
  struct Bad {
    Check check{};
    std::string what;
  };
  std::optional<Bad> bad;
};

struct PreparedBlock {
  Height height;
  consensus::Header header;
  BlockHash hash;
  std::vector<ledger::Fault> faults;
  std::vector<PreparedTransaction> transactions;
  std::optional<Problem> problem;  // of the block as a whole; transactions have their own
};

// How much is looked at.
enum class Depth : u8 {
  links,         // headers and certificates only; envelopes are not even decoded
  transactions,  // and transactions, whose signatures are believed
  signatures,    // and every signature
};

// Prepares one run of consecutive blocks after another. It takes each header's word for what the next one must fit, which is
// enough: the first wrong block has a problem, and nobody looks at those after it. Not thread-safe; the pool is lent.
//
// The validators are those of the genesis: a chain whose validators changed is refused at the seal that changed them.
class Preparer {
 public:
  Preparer(const ledger::Genesis& genesis, Depth depth, crypto::VerifyPool& pool);

  // The bytes of `blocks` are dropped as soon as they are decoded.
  std::vector<PreparedBlock> prepare(std::vector<RawBlock> blocks);

 private:
  struct Proof {
    consensus::ChainTip tip;  // what the block must fit
    consensus::Justification justification;
    consensus::Certificate finalization;
  };
  std::optional<Proof> decode(const RawBlock& raw, PreparedBlock& block);
  void check_link(const Proof& proof, PreparedBlock& block) const;
  // Digests and signatures of the whole range at once.
  [[nodiscard]] std::vector<PreparedTransaction> prepare_range(std::span<const Bytes> envelopes) const;

  ledger::SigningContext signing_;
  consensus::ValidatorSet validators_;
  consensus::ChainTip tip_;
  Depth depth_;
  crypto::VerifyPool& pool_;
};

}  // namespace moot::audit
