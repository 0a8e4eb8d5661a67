#include "node/api/proofs.hpp"

#include "crypto/merkle.hpp"

namespace moot::node::api {
namespace {

using ledger::State;

// Places of the tables' roots among the container's fields (docs/protocol.md, "State root").
enum Field : u32 {
  kAccounts = 1,
  kMembers = 2,
  kClasses = 3,
  kProposals = 4,
  kSales = 5,
  kAssets = 6,
  kUsed = 8,
  kRedemptions = 11,
  kConfirmations = 12,
};

template <class Record>
pb::Proof prove_leaf(const ledger::MerkleTable<Record>& table, u64 index) {
  pb::Proof out;
  Writer leaf;
  ledger::put_leaf(leaf, table[index]);
  out.set_leaf_tag(Record::kLeafTag);
  out.set_leaf(to_bytes(leaf.view()));
  out.set_record(to_bytes(encoded(table[index])));
  out.set_index(index);
  for (const Hash& sibling : table.prove(index).siblings) out.add_siblings(to_bytes(sibling.bytes));
  out.set_table_root(to_bytes(table.clean_root().bytes));
  return out;
}

template <class Record>
std::expected<pb::Proof, grpc::Status> prove_record(const State& state,
                                                    const ledger::MerkleTable<Record>& table, Field field,
                                                    u64 index, std::string_view type) {
  if (!table.contains(index)) return std::unexpected(not_found(type, std::to_string(index)));
  pb::Proof out = prove_leaf(table, index);
  out.set_field_index(field);
  for (const Hash& sibling : field_path(state, field)) out.add_field_siblings(to_bytes(sibling.bytes));
  return out;
}

// The account of an address, or the one before it in sorted order, whose leaf names the next: so absence is provable.
std::expected<pb::Proof, grpc::Status> prove_account(const State& state, const std::string& text) {
  const auto address = fixed_from<Address>(text);
  if (!address) return std::unexpected(bad_field("account_address", "must be 20 bytes"));
  const auto* at = state.by_address.at_or_below(*address);
  if (!at) at = state.by_address.first();
  if (!at) return std::unexpected(not_found("account of address", "0x" + to_hex(address->view())));
  return prove_record(state, state.accounts, kAccounts, at->second, "account");
}

std::expected<pb::Proof, grpc::Status> prove_ballot(const LedgerNode& node, const State& state,
                                                    const pb::BallotSlot& slot) {
  auto outer = prove_record(state, state.proposals, kProposals, slot.proposal(), "proposal");
  if (!outer) return outer;
  const auto member = find_member(state, slot.member());
  if (!member) return std::unexpected(member.error());
  const ProposalId id{slot.proposal()};
  const ledger::BallotBox* box = state.box(id);
  const auto sealed = box ? nullptr : node.sealed_box(id);
  if (!box) box = sealed.get();
  const u64 chunk = member->value / ledger::kChunkSize;
  if (!box || !box->chunks().contains(chunk))
    return std::unexpected(not_found("leaf of ballots", "for member " + std::to_string(member->value) +
                                                            ": nobody with an id as high has voted"));
  pb::Proof out = prove_leaf(box->chunks(), chunk);
  *out.mutable_outer() = std::move(*outer);
  return out;
}

std::expected<pb::Proof, grpc::Status> prove_confirmation(const State& state, const pb::MemberName& name) {
  const auto member = find_member(state, name);
  if (!member) return std::unexpected(member.error());
  const u64 chunk = member->value / ledger::ConfirmedChunk::kMembers;
  return prove_record(state, state.confirmations, kConfirmations, chunk, "leaf of confirmations");
}

// The leaf of the key, or the one before it in sorted order, whose leaf names the next: so absence is provable.
std::expected<pb::Proof, grpc::Status> prove_used(const State& state, const pb::UsedKeyName& name) {
  const auto key = fixed_from<Hash>(name.key());
  if (!key) return std::unexpected(bad_field("used.key", "must be 32 bytes"));
  const auto domain = static_cast<ledger::UsedDomain>(name.domain());
  if (name.domain() > 255 || !ledger::is_known(domain))
    return std::unexpected(bad_field("used.domain", "must be 1 to 4"));
  const auto* at = state.used_index.at_or_below({static_cast<u8>(domain), *key});
  if (!at) return std::unexpected(not_found("used key", "because nothing has been used yet"));
  return prove_record(state, state.used, kUsed, at->second, "used key");
}

void fill_inclusion(const crypto::MerkleHasher& hasher, std::span<const Hash> leaves, u64 index,
                    pb::Inclusion& out) {
  out.set_leaf_hash(to_bytes(leaves[index].bytes));
  out.set_index(index);
  out.set_size(leaves.size());
  for (const Hash& sibling : crypto::inclusion_proof(hasher, leaves, index))
    out.add_siblings(to_bytes(sibling.bytes));
  out.set_root(to_bytes(crypto::merkle_root(hasher, leaves).bytes));
}

}  // namespace

std::array<Hash, 4> field_path(const State& state, u32 field) {
  const auto fields = ledger::root_fields(state);
  std::vector<Hash> level(fields.begin(), fields.end());
  std::array<Hash, 4> out;
  for (Hash& sibling : out) {
    sibling = level[field ^ 1u];
    for (std::size_t i = 0; i < level.size() / 2; ++i)
      level[i] = ledger::node_hasher().pair(level[2 * i], level[2 * i + 1]);
    level.resize(level.size() / 2);
    field /= 2;
  }
  return out;
}

std::expected<pb::Proof, grpc::Status> prove(const LedgerNode& node, const Snapshot& snapshot,
                                             const pb::GetProofRequest& request) {
  const State& state = snapshot.state;
  switch (request.of_case()) {
    case pb::GetProofRequest::kMember: {
      const auto member = find_member(state, request.member());
      if (!member) return std::unexpected(member.error());
      return prove_record(state, state.members, kMembers, member->value, "member");
    }
    case pb::GetProofRequest::kAccountAddress: return prove_account(state, request.account_address());
    case pb::GetProofRequest::kProposal:
      return prove_record(state, state.proposals, kProposals, request.proposal(), "proposal");
    case pb::GetProofRequest::kBallot: return prove_ballot(node, state, request.ballot());
    case pb::GetProofRequest::kSale: return prove_record(state, state.sales, kSales, request.sale(), "sale");
    case pb::GetProofRequest::kAsset:
      return prove_record(state, state.assets, kAssets, request.asset(), "asset");
    case pb::GetProofRequest::kShareClass:
      return prove_record(state, state.classes, kClasses, request.share_class(), "share class");
    case pb::GetProofRequest::kRedemption:
      return prove_record(state, state.redemptions, kRedemptions, request.redemption(), "redemption");
    case pb::GetProofRequest::kConfirmation: return prove_confirmation(state, request.confirmation());
    case pb::GetProofRequest::kUsed: return prove_used(state, request.used());
    case pb::GetProofRequest::OF_NOT_SET: break;
  }
  return std::unexpected(bad_field("of", "must name what is to be proved"));
}

void prove_receipt(std::span<const ledger::Receipt> receipts, u32 index, pb::Inclusion& out) {
  static const crypto::MerkleHasher hasher("moot/receipts");
  std::vector<Hash> leaves;
  leaves.reserve(receipts.size());
  for (const ledger::Receipt& receipt : receipts) leaves.push_back(hasher.leaf(encoded(receipt)));
  out.set_tree("moot/receipts");
  fill_inclusion(hasher, leaves, index, out);
}

void prove_block(const LedgerNode& node, const Snapshot& snapshot, Height height, pb::Inclusion& out) {
  static const crypto::MerkleHasher hasher("moot/history-tree");
  const std::vector<Hash> leaves = node.history_leaves(snapshot.state.history.size());
  out.set_tree("moot/history-tree");
  if (height.raw() < leaves.size()) fill_inclusion(hasher, leaves, height.raw(), out);
}

}  // namespace moot::node::api
