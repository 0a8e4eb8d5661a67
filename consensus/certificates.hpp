// Certificates: proof that a quorum of an epoch's validators signed one statement. A bitmap of signers and their BIP-340
// signatures, one by one, in the order of the bits.
//
// Bitmap (consensus.md §0.15): signer i is bit 1 << (i mod 8) of byte i / 8, length ⌈n/8⌉, tail bits zero. Signers are
// therefore strictly increasing by construction, and one set of signers has one encoding.
#pragma once

#include <expected>
#include <string_view>

#include "consensus/validator_set.hpp"

namespace moot::consensus {

struct Certificate {
  Statement statement;
  Bytes bitmap;
  std::vector<crypto::SchnorrSignature> signatures;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("statement", self.statement);
    visit("bitmap", self.bitmap);
    visit("signatures", self.signatures);
  }
  friend bool operator==(const Certificate&, const Certificate&) = default;
};

// Why a certificate proves nothing, in the order in which it is checked: what costs no cryptography first.
enum class CertificateError {
  block_named_wrongly,  // a nullification names a block, or another kind names none
  bitmap_length,        // not ⌈n/8⌉ bytes
  tail_bits,            // a bit at or past n
  below_quorum,         // fewer than q signers
  signature_count,      // not one signature for each signer
  bad_signature,        // a signature is not that validator's over this statement in this ledger
};
std::string_view describe(CertificateError error);

std::expected<void, CertificateError> verify(const Certificate& certificate, const ValidatorSet& validators,
                                             const LedgerId& chain_id);

// Why votes make no certificate.
enum class VotesError {
  mixed,         // not all for this statement
  signer_range,  // an index at or past n
  signer_twice,  // one validator counted twice
  below_quorum,
};
std::string_view describe(VotesError error);

// Collects votes for one statement, in any order. Signatures are taken as verified: votes are checked when they arrive.
std::expected<Certificate, VotesError> make_certificate(const Statement& statement,
                                                        std::span<const Vote> votes,
                                                        const ValidatorSet& validators);

// Why a block may stand where it does: its parent's notarization or finalization (none when the parent is genesis or the
// seal of the epoch before), and one nullification for every view between the parent's and its own, ascending.
struct Justification {
  std::optional<Certificate> parent;
  std::vector<Certificate> nullifications;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("parentCertificate", self.parent);
    visit("nullifications", self.nullifications);
  }
  friend bool operator==(const Justification&, const Justification&) = default;
};

// TH("moot/v1/certificate", canonical certificate).
Hash certificate_hash(const Certificate& certificate);

// TH("moot/v1/justification", optional parent's certificate hash ‖ list of the nullifications' hashes). Over hashes, so
// that a holder of some of many nullifications can check those against the root (consensus.md §0.9).
Hash justification_root(const Justification& justification);

}  // namespace moot::consensus
