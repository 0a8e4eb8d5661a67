// The ledger's whole state: a value. Copying it is O(1) and shares everything; a copy is how blocks are built, simulated,
// dropped and shown to readers. Readers of a copy need no lock; one thread changes a copy at a time.
//
// Everything above `derived` is under the state root; what is derived follows from it and is rebuilt at start
// (rebuild_derived).
#pragma once

#include "crypto/merkle.hpp"
#include "ledger/records/governance.hpp"
#include "ledger/records/proposal.hpp"
#include "ledger/records/sale.hpp"

namespace moot::ledger {

// One moment's work (rules.md §2 step 1), in the order in which it runs.
struct DueItem {
  u64 due_ms = 0;
  DueKind kind = DueKind::rules_upgrade;
  u64 id = 0;  // proposal, sale or member id; role_expiry: see role_expiry_id
  friend auto operator<=>(const DueItem&, const DueItem&) = default;
};
constexpr u64 role_expiry_id(Role role, AccountId account) {
  return static_cast<u64>(role) << 56 | account.value;
}

using UsedIndexKey = std::pair<u8, Hash>;
// Every address that ever had an account → its leaf, of which there are less than 2^30.
using AddressIndex = PersistentMap<Address, u32>;
AddressIndex address_index(const MerkleTable<Account>& accounts);

// The leaf hash of a small record, with the value that it is of: while that one stands, nothing is hashed again.
template <class Record>
struct KeptHash {
  Cow<Record> of;
  std::optional<Hash> hash;
};

struct State {
  Cow<Chain> chain;
  Cow<RuleBook> rules;
  MerkleTable<Account> accounts;  // leaves, retired addresses included
  MerkleTable<Member> members;
  MerkleTable<ConfirmedChunk> confirmations;  // chunk m / 32 holds member m's
  MerkleTable<ShareClass> classes;
  MerkleTable<Asset> assets;
  MerkleTable<Proposal> proposals;
  MerkleTable<Sale> sales;
  MerkleTable<Redemption> redemptions;
  MerkleTable<UsedKey> used;
  Cow<Roles> roles;
  Cow<OpenActions> actions;
  Cow<Marks> marks;
  Cow<PendingJoins> joins;
  Cow<Counters> counters;
  crypto::Peaks history;  // leaves of blocks 0…height − 1 (rules.md §8)
  Hash last_leaf;         // of block `height`: enters `history` with the next block; not under the root

  // Ballots of proposals that are pending or active. Under the root through Proposal::ballots_root.
  Cow<std::map<u64, BallotBox>> boxes;

  // derived
  AddressIndex by_address;
  PersistentMap<UsedIndexKey, u64> used_index;  // → leaf of `used`
  PersistentMap<std::pair<u64, u64>, u64>
      open_redemptions;  // (account, asset) → the one open redemption (6.7)
  PersistentMap<DueItem, u8> schedule;
  KeptHash<RuleBook> rules_hash;
  KeptHash<Roles> roles_hash;
  KeptHash<OpenActions> actions_hash;
  KeptHash<Marks> marks_hash;
  KeptHash<PendingJoins> joins_hash;

  [[nodiscard]] Height height() const { return chain->height; }
  [[nodiscard]] TimeMs time() const { return chain->time; }
  [[nodiscard]] u64 param(Param id) const { return rules->parameters[id]; }

  // The account leaf of an address, retired ones included.
  [[nodiscard]] std::optional<AccountId> leaf_of(const Address& address) const;
  // The account that signs with this address now; nothing for unknown or retired addresses.
  [[nodiscard]] std::optional<AccountId> account_of(const Address& address) const;
  [[nodiscard]] std::optional<MemberId> member_of(const Address& address) const;
  // The block that confirmed a member (3.8); nothing when none has yet.
  [[nodiscard]] std::optional<Height> confirmed(MemberId member) const;
  [[nodiscard]] bool confirmed_at(MemberId member, Height height) const;
  // Asks the processor for what counting this member's ballot reads. Changes nothing.
  void prefetch_member(MemberId member) const {
    members.prefetch(member.value);
    confirmations.prefetch(member.value / ConfirmedChunk::kMembers);
  }
  [[nodiscard]] const BallotBox* box(ProposalId proposal) const;
  // When the next item falls due; nothing when the schedule is empty. Only items that change state stand in it.
  [[nodiscard]] std::optional<TimeMs> next_due() const;
};

// What a block changed: for storage and for the laws. Indices ascend.
struct Changes {
  std::vector<u64> accounts, members, confirmations, classes, assets, proposals, sales, redemptions, used;
  std::vector<std::pair<u64, u64>> slots;  // (proposal, chunk)
};

// Brings every tree up to date and gives the state root: the root of the 16-field container (docs/protocol.md).
StateRoot state_root(State& state, Changes* changes = nullptr);
// The 16 fields of the container, up to date after state_root(); zero where vacant.
std::array<Hash, 16> root_fields(const State& state);

// Items the schedule holds for a record.
std::vector<DueItem> dues_of(const Proposal& proposal, u64 id);
std::vector<DueItem> dues_of(const Sale& sale, u64 id, const Parameters& parameters);
std::vector<DueItem> dues_of(const Member& member, u64 id);
std::vector<DueItem> dues_of(const Roles& roles);
std::vector<DueItem> dues_of(const Chain& chain);

// Changes a proposal, sale, member, the roles or the chain record, and keeps the schedule in step. Use these, never edit(),
// wherever a due time may change.
template <class Change>
void change_proposal(State& state, ProposalId id, Change&& change);
template <class Change>
void change_sale(State& state, SaleId id, Change&& change);
template <class Change>
void change_member(State& state, MemberId id, Change&& change);
template <class Change>
void change_roles(State& state, Change&& change);
template <class Change>
void change_chain(State& state, Change&& change);
void reschedule(State& state, const std::vector<DueItem>& before, const std::vector<DueItem>& after);

// Creates an account leaf for an address that has none, in sorted linked order.
AccountId add_account(State& state, const Address& address);
// Gives an account an address that has no leaf (3.9). The account keeps its id and everything it has; the address that it
// leaves stays on a new, retired leaf, so that nobody else ever gets it.
void rotate_address(State& state, AccountId account, const Address& address);
// Notes the block that confirmed a member.
void set_confirmed(State& state, MemberId member, Height height);
// Marks (domain, key) as used; false when it already was.
bool use_key(State& state, UsedDomain domain, const Hash& key);
[[nodiscard]] bool is_used(const State& state, UsedDomain domain, const Hash& key);

// Appends the last block's leaf to the history; the first thing that a block does.
void append_history(State& state);

// Rebuilds everything derived, from records alone.
void rebuild_derived(State& state);

// ---- inline ----

template <class Change>
void change_proposal(State& state, ProposalId id, Change&& change) {
  Proposal& record = state.proposals.edit(id.value);
  const auto before = dues_of(record, id.value);
  change(record);
  reschedule(state, before, dues_of(record, id.value));
}
template <class Change>
void change_sale(State& state, SaleId id, Change&& change) {
  Sale& record = state.sales.edit(id.value);
  const auto before = dues_of(record, id.value, state.rules->parameters);
  change(record);
  reschedule(state, before, dues_of(record, id.value, state.rules->parameters));
}
template <class Change>
void change_member(State& state, MemberId id, Change&& change) {
  Member& record = state.members.edit(id.value);
  const auto before = dues_of(record, id.value);
  change(record);
  reschedule(state, before, dues_of(record, id.value));
}

template <class Change>
void change_roles(State& state, Change&& change) {
  const auto before = dues_of(*state.roles);
  change(state.roles.edit());
  reschedule(state, before, dues_of(*state.roles));
}
template <class Change>
void change_chain(State& state, Change&& change) {
  const auto before = dues_of(*state.chain);
  change(state.chain.edit());
  reschedule(state, before, dues_of(*state.chain));
}

}  // namespace moot::ledger
