// What exactly is signed: EIP-712 typed data, so that a member signs readable fields in the wallet they already have.
//
//   domain   EIP712Domain(string name,string version,bytes32 salt) = ("Moot", "1", ledger id)
//   message  <Kind>(string organisation, the payload's fields, address <signer's field>, uint64 nonce, uint64 validUntil)
//   id       keccak256(19 01 ‖ domain separator ‖ hashStruct(message)), the transaction id
//
// There is no chainId (wallets refuse one that is not their own network's) and no verifyingContract. signed_fields.hpp maps
// fields to types. A signature in the envelope ends in recid 0 or 1; wallets that give 27 or 28 are normalised by the client
// (crypto::canonical_signature).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ecdsa.hpp"
#include "crypto/verify_job.hpp"
#include "ledger/transaction.hpp"

namespace moot::ledger {

inline constexpr std::string_view kDomainName = "Moot";
inline constexpr std::string_view kDomainVersion = "1";

// What every signature of one ledger shares. Immutable; may be read by all threads.
struct SigningContext {
  std::string organisation;
  LedgerId ledger_id;
  Hash separator;          // of the domain
  Hash organisation_word;  // keccak256(organisation), the first field of every message
};
SigningContext signing_context(std::string organisation, const LedgerId& ledger_id);

// TH("moot/text", the text's bytes): how a long text is signed, and named by the proposal hash (5.12).
Hash text_hash(std::string_view text);
// TH("moot/list", canonical encoding of the list, its count included): how a list is signed, and a proposal's actions named.
Hash list_hash(ByteView encoded_list);

// The envelope without payload and signature: who, in which turn, until when.
struct Terms {
  Address signer;
  u64 nonce = 0;
  TimeMs valid_until;
};

// Allocates nothing for a Vote.
TxId transaction_id(const SigningContext& context, const Payload& payload, const Terms& terms);
TxId transaction_id(const SigningContext& context, const Transaction& tx);
// The ids of many, in order. Neighbours of one kind are hashed side by side, and a text that they share is hashed once: a
// block of ballots costs a fifth of what they cost one at a time.
std::vector<TxId> transaction_ids(const SigningContext& context, std::span<const Transaction* const> txs);

// EIP-712 encodeType of a kind's message: "Vote(string organisation,uint64 proposal,…)". Lives for ever.
std::string_view type_string(TxKind kind);

// Statements by somebody else that travel inside a payload, each signed under the same domain.
struct Invite {
  static constexpr std::string_view kType = "Invite";
  Hash code;
  Address registrar;
  TimeMs valid_until;
  MOOT_DESCRIBE {
    v("code", self.code);
    v("registrar", self.registrar);
    v("validUntil", self.valid_until);
  }
};
struct ContributionStatement {
  static constexpr std::string_view kType = "Contribution";
  ClassId share_class;
  MemberId member;
  Units units;
  Hash content_hash;
  Address attestor;
  TimeMs valid_until;
  MOOT_DESCRIBE {
    v("shareClass", self.share_class);
    v("member", self.member);
    v("units", self.units);
    v("contentHash", self.content_hash);
    v("attestor", self.attestor);
    v("validUntil", self.valid_until);
  }
};
// The new key's consent to a rotation; `nonce` is the envelope's, so the consent serves that one transaction.
struct AcceptKey {
  static constexpr std::string_view kType = "AcceptKey";
  Address previous;
  Address next;
  u64 nonce = 0;
  MOOT_DESCRIBE {
    v("previous", self.previous);
    v("next", self.next);
    v("nonce", self.nonce);
  }
};
Hash statement_digest(const SigningContext& context, const Invite& statement);
Hash statement_digest(const SigningContext& context, const ContributionStatement& statement);
Hash statement_digest(const SigningContext& context, const AcceptKey& statement);
ContributionStatement statement_of(ClassId share_class, const Contribution& contribution);

// One signature to check, with what it must be found to be.
struct SignatureCheck {
  crypto::VerifyJob job;
  bool carried = false;      // by somebody else, inside the payload
  std::optional<u32> index;  // its place in the payload's list
};

// Appends the envelope's signature, then every carried one in order, and gives the transaction's id. Digests are computed
// here, signatures are checked by whoever takes the jobs: verify_signatures, or a pool over many transactions.
TxId signature_checks(const SigningContext& context, const Transaction& tx, std::vector<SignatureCheck>& out);
// The same for a transaction whose id is known.
void signature_checks(const SigningContext& context, const Transaction& tx, const TxId& id,
                      std::vector<SignatureCheck>& out);

// What a pool takes of them, one to one.
std::vector<crypto::VerifyJob> jobs_of(std::span<const SignatureCheck> checks);
// Their results, one to one, on this thread.
std::vector<crypto::VerifyResult> verify_checks(std::span<const SignatureCheck> checks);

// One transaction's results as a verdict, by precedence (1.8): the first bad_signature; signer_mismatch; the first
// carried_signature_mismatch. `checks` and `results` go together, one to one.
Verdict signature_verdict(std::span<const SignatureCheck> checks,
                          std::span<const crypto::VerifyResult> results);

// The checks of many transactions in order, which are verified together and judged one by one.
class SignatureChecks {
 public:
  // Those of the next transaction, whose id is known.
  void add(const SigningContext& context, const Transaction& tx, const TxId& id);
  // The next transaction is not asked about: it has no checks, and its verdict is good.
  void add_none() { ends_.push_back(checks_.size()); }

  [[nodiscard]] std::span<const SignatureCheck> all() const { return checks_; }
  // Of one transaction, by its place.
  [[nodiscard]] std::span<const SignatureCheck> of(std::size_t place) const;
  // `results` are of all(), one to one.
  [[nodiscard]] Verdict verdict(std::size_t place, std::span<const crypto::VerifyResult> results) const;

 private:
  [[nodiscard]] std::size_t begin_of(std::size_t place) const { return place == 0 ? 0 : ends_[place - 1]; }

  std::vector<SignatureCheck> checks_;
  std::vector<std::size_t> ends_;  // of each transaction's checks
};

// All in one, on this thread.
Verdict verify_signatures(const SigningContext& context, const Transaction& tx);

// ---- what a wallet shows and signs --------------------------------------------------------------------------------

struct SignedField {
  std::string name;   // "proposalHash"
  std::string type;   // "bytes32"
  std::string value;  // decimal, 0x and hexadecimal, an EIP-55 address, true or false, or the text itself
  friend bool operator==(const SignedField&, const SignedField&) = default;
};
struct SignedMessage {
  std::string primary_type;
  std::vector<SignedField> fields;
};
SignedMessage signed_message(const SigningContext& context, const Payload& payload, const Terms& terms);
SignedMessage signed_message(const SigningContext& context, const Invite& statement);
SignedMessage signed_message(const SigningContext& context, const ContributionStatement& statement);
SignedMessage signed_message(const SigningContext& context, const AcceptKey& statement);

// The argument of eth_signTypedData_v4: {types, primaryType, domain, message}. EIP712Domain is always among the types,
// because one widespread encoder silently hashes an empty domain without it. Integers are strings: JavaScript's numbers
// are not wide enough.
std::string typed_data_json(const SigningContext& context, const SignedMessage& message);

}  // namespace moot::ledger
