// The vocabulary of ordering: positions, the header of a block and its hash, votes and the digests that they sign.
//
// Blocks are opaque here: a header commits to transactions, receipts and state by roots that the ledger computed. Every
// layout in this folder is protocol, frozen by tests/vectors/consensus.json.
#pragma once

#include <optional>
#include <string_view>

#include "base/codec.hpp"
#include "crypto/schnorr.hpp"

namespace moot::consensus {

using Epoch = Quantity<struct EpochTag, u32>;  // a term of one validator list; the first is 0
using View =
    Quantity<struct ViewTag>;  // one leader's turn; genesis is view 0 and the first block's is at least 1

inline constexpr Epoch kFirstEpoch{0};
inline constexpr u16 kHeaderVersion = 1;

// When something was signed: compared by epoch, then by view. A view alone orders nothing, because numbers overlap
// across epochs.
struct Position {
  Epoch epoch;
  View view;

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("epoch", self.epoch);
    visit("view", self.view);
  }
  friend auto operator<=>(const Position&, const Position&) = default;
};

// What a block is to its epoch. A seal is the last block that counts in its epoch; fillers only carry a seal to finality
// and are never executed, stored or shown.
enum class HeaderFlag : u8 { none = 0, seal = 1, filler = 2 };
constexpr bool is_known(HeaderFlag flag) { return flag <= HeaderFlag::filler; }

struct Header {
  u16 version = kHeaderVersion;
  LedgerId chain_id;  // the ledger id
  Epoch epoch;
  View view;
  Height height;
  BlockHash parent;
  View parent_view;
  TimeMs time;       // greater than the parent's
  u16 proposer = 0;  // index in the epoch's validators
  Hash tx_root;
  Hash evidence_root;
  Hash justification_root;
  StateRoot state_root;  // after this block
  Hash receipts_root;
  Hash validators_hash;
  Hash next_validators_hash;  // differs from validators_hash exactly in a seal
  HeaderFlag flags = HeaderFlag::none;

  [[nodiscard]] Position position() const { return {epoch, view}; }

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("version", self.version);
    visit("chainId", self.chain_id);
    visit("epoch", self.epoch);
    visit("view", self.view);
    visit("height", self.height);
    visit("parent", self.parent);
    visit("parentView", self.parent_view);
    visit("timeMs", self.time);
    visit("proposer", self.proposer);
    visit("txRoot", self.tx_root);
    visit("evidenceRoot", self.evidence_root);
    visit("justificationRoot", self.justification_root);
    visit("stateRoot", self.state_root);
    visit("receiptsRoot", self.receipts_root);
    visit("validatorsHash", self.validators_hash);
    visit("nextValidatorsHash", self.next_validators_hash);
    visit("flags", self.flags);
  }
  friend bool operator==(const Header&, const Header&) = default;
};

// TH("moot/v1/header", canonical header): the identity of a block.
BlockHash block_hash(const Header& header);

// What stands in a first block's `parent`, and seeds the first epoch's leaders: the ledger id, since genesis has no
// header.
BlockHash genesis_hash(const LedgerId& chain_id);

enum class VoteKind : u8 { notarize = 1, nullify = 2, finalize = 3 };
constexpr bool is_known(VoteKind kind) { return kind >= VoteKind::notarize && kind <= VoteKind::finalize; }
std::string_view word(VoteKind kind);

// What one vote says: a notarize or finalize names a block, a nullify names none.
struct Statement {
  VoteKind kind = VoteKind::notarize;
  Position position;
  std::optional<BlockHash> block;

  // Whether a block is named exactly where the kind asks for one.
  [[nodiscard]] bool well_formed() const { return block.has_value() == (kind != VoteKind::nullify); }

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("kind", self.kind);
    visit("position", self.position);
    visit("blockHash", self.block);
  }
  friend auto operator<=>(const Statement&, const Statement&) = default;
};

// The 32 bytes that a validator signs: tagged_hash("moot/v1/" + kind, chain id ‖ epoch u32 ‖ view u64 ‖ [block hash]).
Hash vote_digest(const LedgerId& chain_id, const Statement& statement);

struct Vote {
  Statement statement;
  u16 signer = 0;  // index in the epoch's validators
  crypto::SchnorrSignature signature;
  View final_view;  // unsigned hint: the sender's last final view

  template <class Self, class Visitor>
  static void describe(Self& self, Visitor&& visit) {
    visit("statement", self.statement);
    visit("signer", self.signer);
    visit("signature", self.signature);
    visit("finalView", self.final_view);
  }
  friend bool operator==(const Vote&, const Vote&) = default;
};

}  // namespace moot::consensus
