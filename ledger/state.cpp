#include "ledger/state.hpp"

#include "ledger/voting.hpp"

namespace moot::ledger {
namespace {

constexpr const char* kRulesTag = "moot/leaf/rules";
constexpr const char* kRolesTag = "moot/leaf/roles";
constexpr const char* kActionsTag = "moot/leaf/actions";
constexpr const char* kMarksTag = "moot/leaf/marks";
constexpr const char* kJoinsTag = "moot/leaf/joins";

const crypto::MerkleHasher& history_hasher() {
  static const crypto::MerkleHasher hasher("moot/history-tree");
  return hasher;
}

// Refreshes the ballot trees of open proposals and notes their roots in the proposals' leaves.
void refresh_boxes(State& state, Changes* changes) {
  bool any = false;
  for (const auto& [proposal, box] : *state.boxes) any = any || box.chunks().dirty();
  if (!any) return;
  for (auto& [proposal, box] : state.boxes.edit()) {
    if (!box.chunks().dirty()) continue;
    std::vector<u64> chunks;
    state.proposals.edit(proposal).ballots_root = box.chunks().root(&chunks);
    if (!changes) continue;
    for (const u64 chunk : chunks) changes->slots.emplace_back(proposal, chunk);
  }
}

// Links an address into the sorted order, before its leaf is known; gives the address after it.
Address link_in(State& state, const Address& address) {
  if (const auto* before = state.by_address.at_or_below(address))
    return std::exchange(state.accounts.edit(before->second).next_address, address);
  const auto* first = state.by_address.first();
  return first ? first->first : Address{};
}

template <class T>
Hash record_hash(const char* tag, const T& value) {
  Writer out;
  put_leaf(out, value);
  return crypto::tagged_hash(tag, out.view());
}

template <class Record>
Hash small_hash(const char* tag, const Cow<Record>& record, const KeptHash<Record>& kept) {
  return kept.hash && kept.of.same(record) ? *kept.hash : record_hash(tag, *record);
}

template <class Record>
void keep_hash(const char* tag, const Cow<Record>& record, KeptHash<Record>& kept) {
  if (!kept.hash || !kept.of.same(record)) kept = {.of = record, .hash = record_hash(tag, *record)};
}

// Thousands of pending joins and a thousand marks would otherwise be hashed in every block.
void keep_hashes(State& state) {
  keep_hash(kRulesTag, state.rules, state.rules_hash);
  keep_hash(kRolesTag, state.roles, state.roles_hash);
  keep_hash(kActionsTag, state.actions, state.actions_hash);
  keep_hash(kMarksTag, state.marks, state.marks_hash);
  keep_hash(kJoinsTag, state.joins, state.joins_hash);
}

// A table's records by a key that no two of them share.
template <class Key, class Position, class Record, class KeyOf>
PersistentMap<Key, Position> index_by(const MerkleTable<Record>& table, KeyOf key_of) {
  std::vector<std::pair<Key, Position>> entries;
  entries.reserve(table.size());
  for (u64 i = 0; i < table.size(); ++i) entries.emplace_back(key_of(table[i]), static_cast<Position>(i));
  std::sort(entries.begin(), entries.end());
  return PersistentMap<Key, Position>::from_sorted(entries);
}

PersistentMap<UsedIndexKey, u64> used_index(const MerkleTable<UsedKey>& used) {
  return index_by<UsedIndexKey, u64>(used,
                                     [](const UsedKey& leaf) { return UsedIndexKey{leaf.domain, leaf.key}; });
}

template <class... Hashes>
Hash joined(const Hashes&... parts) {
  Writer out;
  (out.put(parts), ...);
  return crypto::tagged_hash("moot/join", out.view());
}

}  // namespace

std::optional<AccountId> State::leaf_of(const Address& address) const {
  const u32* leaf = by_address.find(address);
  if (!leaf) return std::nullopt;
  return AccountId{*leaf};
}

std::optional<AccountId> State::account_of(const Address& address) const {
  const auto leaf = leaf_of(address);
  if (!leaf || accounts[leaf->value].retired()) return std::nullopt;
  return leaf;
}

std::optional<MemberId> State::member_of(const Address& address) const {
  const auto account = account_of(address);
  if (!account || accounts[account->value].member == kNone) return std::nullopt;
  return MemberId{accounts[account->value].member};
}

std::optional<Height> State::confirmed(MemberId member) const {
  const ConfirmedChunk* chunk = confirmations.find(member.value / ConfirmedChunk::kMembers);
  const u64 raw = chunk ? chunk->heights[member.value % ConfirmedChunk::kMembers] : 0;
  if (raw == 0) return std::nullopt;
  return Height{raw - 1};
}

bool State::confirmed_at(MemberId member, Height height) const {
  const auto at = confirmed(member);
  return at && *at <= height;
}

const BallotBox* State::box(ProposalId proposal) const {
  const auto it = boxes->find(proposal.value);
  return it == boxes->end() ? nullptr : &it->second;
}

std::optional<TimeMs> State::next_due() const {
  const auto* first = schedule.first();
  if (!first) return std::nullopt;
  return TimeMs{first->first.due_ms};
}

StateRoot state_root(State& state, Changes* changes) {
  Changes unused;
  Changes& to = changes ? *changes : unused;
  refresh_boxes(state, changes);
  state.accounts.root(&to.accounts);
  state.members.root(&to.members);
  state.confirmations.root(&to.confirmations);
  state.classes.root(&to.classes);
  state.assets.root(&to.assets);
  state.proposals.root(&to.proposals);
  state.sales.root(&to.sales);
  state.redemptions.root(&to.redemptions);
  state.used.root(&to.used);

  keep_hashes(state);
  const auto fields = root_fields(state);
  std::vector<Hash> level(fields.begin(), fields.end());
  while (level.size() > 1) {
    for (std::size_t i = 0; i < level.size() / 2; ++i)
      level[i] = node_hasher().pair(level[2 * i], level[2 * i + 1]);
    level.resize(level.size() / 2);
  }
  return level.front().as<StateRoot>();
}

std::array<Hash, 16> root_fields(const State& state) {
  std::array<Hash, 16> fields{};
  fields[0] = joined(record_hash("moot/leaf/chain", *state.chain),
                     small_hash(kRulesTag, state.rules, state.rules_hash));
  fields[1] = state.accounts.clean_root();
  fields[2] = state.members.clean_root();
  fields[3] = state.classes.clean_root();
  fields[4] = state.proposals.clean_root();
  fields[5] = state.sales.clean_root();
  fields[6] = state.assets.clean_root();
  fields[7] = joined(small_hash(kRolesTag, state.roles, state.roles_hash),
                     small_hash(kActionsTag, state.actions, state.actions_hash),
                     small_hash(kMarksTag, state.marks, state.marks_hash),
                     small_hash(kJoinsTag, state.joins, state.joins_hash));
  fields[8] = state.used.clean_root();
  fields[9] = record_hash("moot/leaf/counters", *state.counters);
  fields[10] = state.history.root(history_hasher());
  fields[11] = state.redemptions.clean_root();
  fields[12] = state.confirmations.clean_root();
  return fields;
}

void append_history(State& state) { state.history.append(history_hasher(), state.last_leaf); }

void reschedule(State& state, const std::vector<DueItem>& before, const std::vector<DueItem>& after) {
  if (before == after) return;
  for (const DueItem& item : before) state.schedule.erase(item);
  for (const DueItem& item : after) state.schedule.put(item, 0);
}

AddressIndex address_index(const MerkleTable<Account>& accounts) {
  return index_by<Address, u32>(accounts, [](const Account& leaf) { return leaf.address; });
}

AccountId add_account(State& state, const Address& address) {
  MOOT_CHECK(!state.by_address.contains(address), "an address belongs for ever to its first account");
  Account account;
  account.address = address;
  account.next_address = link_in(state, address);
  const u64 id = state.accounts.push(std::move(account));
  state.by_address.put(address, static_cast<u32>(id));
  return AccountId{id};
}

void rotate_address(State& state, AccountId id, const Address& address) {
  MOOT_CHECK(!state.by_address.contains(address), "an address belongs for ever to its first account");
  Account retired;
  retired.address = state.accounts[id.value].address;
  retired.next_address = state.accounts[id.value].next_address;
  retired.extra.edit().retired_of = id.value;
  const Address old = retired.address;
  state.by_address.put(old, static_cast<u32>(state.accounts.push(std::move(retired))));

  const Address next = link_in(state, address);
  Account& account = state.accounts.edit(id.value);
  account.address = address;
  account.next_address = next;
  state.by_address.put(address, static_cast<u32>(id.value));
}

void set_confirmed(State& state, MemberId member, Height height) {
  const u64 chunk = member.value / ConfirmedChunk::kMembers;
  state.confirmations.reach(chunk).heights[member.value % ConfirmedChunk::kMembers] = height.raw() + 1;
}

bool is_used(const State& state, UsedDomain domain, const Hash& key) {
  return state.used_index.contains({static_cast<u8>(domain), key});
}

bool use_key(State& state, UsedDomain domain, const Hash& key) {
  const UsedIndexKey at{static_cast<u8>(domain), key};
  if (state.used.size() == 0) state.used_index.put({0, Hash{}}, state.used.push(UsedKey{}));
  const auto* before = state.used_index.at_or_below(at);
  if (before->first == at) return false;
  UsedKey& neighbour = state.used.edit(before->second);
  UsedKey leaf{
      .domain = at.first, .key = key, .next_domain = neighbour.next_domain, .next_key = neighbour.next_key};
  neighbour.next_domain = at.first;
  neighbour.next_key = key;
  state.used_index.put(at, state.used.push(leaf));
  return true;
}

std::vector<DueItem> dues_of(const Member& member, u64 id) {
  std::vector<DueItem> out;
  if (!member.extra->suspended_until.is_zero())
    out.push_back({member.extra->suspended_until.raw(), DueKind::suspension_end, id});
  if (member.extra->recovery)
    out.push_back({member.extra->recovery->due.raw(), DueKind::recovery_completion, id});
  return out;
}

std::vector<DueItem> dues_of(const Roles& roles) {
  std::vector<DueItem> out;
  for (u8 role = 1; role <= kRoleCount; ++role)
    for (const Holder& holder : roles[static_cast<Role>(role)].holders)
      if (!holder.expires.is_zero())
        out.push_back({holder.expires.raw(), DueKind::role_expiry,
                       role_expiry_id(static_cast<Role>(role), holder.account)});
  return out;
}

std::vector<DueItem> dues_of(const Chain& chain) {
  if (!chain.upgrade) return {};
  return {{chain.upgrade->activates.raw(), DueKind::rules_upgrade, chain.upgrade->version}};
}

void rebuild_derived(State& state) {
  state.by_address = address_index(state.accounts);
  state.used_index = used_index(state.used);
  state.schedule = {};
  state.open_redemptions = {};
  for (u64 i = 0; i < state.redemptions.size(); ++i) {
    const Redemption& record = state.redemptions[i];
    if (record.state == RedemptionState::open)
      state.open_redemptions.put({record.account.value, record.asset.value}, i);
  }
  for (u64 i = 0; i < state.members.size(); ++i) reschedule(state, {}, dues_of(state.members[i], i));
  for (u64 i = 0; i < state.proposals.size(); ++i) reschedule(state, {}, dues_of(state.proposals[i], i));
  for (u64 i = 0; i < state.sales.size(); ++i)
    reschedule(state, {}, dues_of(state.sales[i], i, state.rules->parameters));
  reschedule(state, {}, dues_of(*state.roles));
  reschedule(state, {}, dues_of(*state.chain));
  if (state.boxes->empty()) return;
  for (auto& [proposal, box] : state.boxes.edit()) rebuild_taken(state, state.proposals[proposal], box);
}

}  // namespace moot::ledger
