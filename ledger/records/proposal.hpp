// Proposals and their ballots (rules.md §5).
#pragma once

#include "base/persistent_map.hpp"
#include "ledger/records/member.hpp"
#include "ledger/tree/merkle_table.hpp"

namespace moot::ledger {

// Power per choice, indexed by Choice; [none] stays 0.
struct Tally {
  std::array<Power, kChoiceSlots> power{};
  Power& operator[](Choice choice) { return power[static_cast<std::size_t>(choice)]; }
  Power operator[](Choice choice) const { return power[static_cast<std::size_t>(choice)]; }
  // y + n + a + v; never overflows because it is at most W.
  [[nodiscard]] Power cast() const;
  friend bool operator==(const Tally&, const Tally&) = default;
};
void encode_value(Writer& out, const Tally& tally);  // Against, For, Abstain, Veto
void decode_value(Reader& in, Tally& tally);

struct Proposal {
  static constexpr const char* kLeafTag = "moot/leaf/proposal";
  MemberId proposer;
  ProposalKind kind = ProposalKind::text;
  std::string title;
  HashedText body;
  std::vector<Action> actions;
  Policy policy;
  u32 rules_version = 1;
  Height opened;
  Height record_height;
  Hash hash;  // proposalHash (5.12)
  TimeMs opens_at;
  TimeMs first_deadline;
  TimeMs deadline;
  ProposalState state = ProposalState::pending;
  BasisKey basis;    // the policy's, with "the class of the sale" resolved
  Power electorate;  // W
  Tally tally;
  Tally firm;                    // own ballots only (5.6)
  u64 ballots = 0;               // own ballots cast
  Hash ballots_root;             // of the slots' tree, kept up to date; final once closed
  bool quorum_extended = false;  // late quorum used (5.8)
  bool flip_extended = false;    // late flip used (5.8)
  bool outage_extended = false;  // 5.9 used
  bool quorum_seen = false;      // quorum was reached in an earlier block
  bool would_pass = false;       // "would it pass now", after the last block that changed the tally
  u8 defeat = 0;                 // mask of DefeatReason
  TimeMs closed_at;              // T of the closing block
  TimeMs eta;                    // closed_at + timelock
  bool attempted = false;        // the automatic attempt was made (5.10)
  u16 attempts = 0;              // by Execute
  u16 failure = 0;               // TxError of the last failed attempt; 0: none
  Height failure_height;
  Height executed;  // 0: not executed

  [[nodiscard]] bool is_live() const {
    return state == ProposalState::pending || state == ProposalState::active ||
           state == ProposalState::succeeded || state == ProposalState::queued;
  }
  [[nodiscard]] bool takes_ballots() const { return state == ProposalState::active; }

  MOOT_DESCRIBE {
    v("proposer", self.proposer);
    v("kind", self.kind);
    v("title", self.title);
    v("body", self.body);
    v("actions", self.actions);
    v("policy", self.policy);
    v("rulesVersion", self.rules_version);
    v("opened", self.opened);
    v("recordHeight", self.record_height);
    v("hash", self.hash);
    v("opensAt", self.opens_at);
    v("firstDeadline", self.first_deadline);
    v("deadline", self.deadline);
    v("state", self.state);
    v("basis", self.basis);
    v("electorate", self.electorate);
    v("tally", self.tally);
    v("firm", self.firm);
    v("ballots", self.ballots);
    v("ballotsRoot", self.ballots_root);
    v("quorumExtended", self.quorum_extended);
    v("flipExtended", self.flip_extended);
    v("outageExtended", self.outage_extended);
    v("quorumSeen", self.quorum_seen);
    v("wouldPass", self.would_pass);
    v("defeat", self.defeat);
    v("closedAt", self.closed_at);
    v("eta", self.eta);
    v("attempted", self.attempted);
    v("attempts", self.attempts);
    v("failure", self.failure);
    v("failureHeight", self.failure_height);
    v("executed", self.executed);
  }
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

// One elector's slot: choice u8 ‖ revision u16 ‖ height u40, 8 bytes (5.3). Power never stands in a slot.
struct Slot {
  Choice choice = Choice::none;
  u16 revision = 0;
  u64 height = 0;  // below 2^40

  [[nodiscard]] u64 packed() const {
    return static_cast<u64>(choice) << 56 | static_cast<u64>(revision) << 40 | height;
  }
  static Slot unpacked(u64 raw) {
    return {static_cast<Choice>(raw >> 56), static_cast<u16>(raw >> 40), raw & ((u64{1} << 40) - 1)};
  }
  friend bool operator==(const Slot&, const Slot&) = default;
};

// 32 slots: one 256-byte leaf of a proposal's ballot tree.
struct SlotChunk {
  static constexpr const char* kLeafTag = "moot/leaf/ballots";
  std::array<u64, kChunkSize> slots{};
  friend bool operator==(const SlotChunk&, const SlotChunk&) = default;
};
inline void encode_value(Writer& out, const SlotChunk& chunk) { out.put(chunk.slots); }
inline void decode_value(Reader& in, SlotChunk& chunk) {
  for (u64& slot : chunk.slots) in.get(slot);
}

// The ballots of one open proposal: slots by member id, and what delegators have taken back by voting themselves
// (`taken`, derived: rebuilt from the slots, never under the root).
class BallotBox {
 public:
  [[nodiscard]] Slot slot(MemberId member) const;
  void set(MemberId member, Slot slot);
  // Asks the processor for a member's slot. Changes nothing.
  void prefetch(MemberId member) const { chunks_.prefetch(member.value / kChunkSize); }
  [[nodiscard]] u64 taken(MemberId delegate) const;
  void set_taken(MemberId delegate, u64 power) { taken_.put(delegate.value, power); }

  [[nodiscard]] const MerkleTable<SlotChunk>& chunks() const { return chunks_; }
  MerkleTable<SlotChunk>& chunks() { return chunks_; }

 private:
  MerkleTable<SlotChunk> chunks_;
  PersistentMap<u64, u64> taken_;
};

}  // namespace moot::ledger
