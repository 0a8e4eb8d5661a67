#include "ledger/transaction.hpp"

#include <array>
#include <utility>

#include "base/check.hpp"
#include "crypto/sha256.hpp"

namespace moot::ledger {
namespace {

constexpr std::size_t kPayloads = std::variant_size_v<Payload>;
constexpr std::size_t kActions = std::variant_size_v<Action>;

template <std::size_t... I>
constexpr bool in_kind_order(std::index_sequence<I...>) {
  return ((static_cast<std::size_t>(std::variant_alternative_t<I, Payload>::kKind) == I + 1) && ...);
}
static_assert(in_kind_order(std::make_index_sequence<kPayloads>{}), "index() + 1 is the kind");

// Puts a default value of the alternative at `index` (below the variant's size) into `out`.
template <class Variant>
void emplace_at(Variant& out, std::size_t index) {
  using Maker = void (*)(Variant&);
  static constexpr auto kMakers = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Maker, sizeof...(I)>{+[](Variant& v) { v.template emplace<I>(); }...};
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
  kMakers[index](out);
}

template <class T>
concept Expires = requires(T& payload) { payload.expires; };

// The entries of the one list a payload may have, each of which weighs as much as a transaction (2.3).
struct ListEntries {
  std::size_t operator()(const AdmitMembers& p) const { return p.members.size(); }
  std::size_t operator()(const GrantUnits& p) const { return p.grants.size(); }
  std::size_t operator()(const RecordContributions& p) const { return p.contributions.size(); }
  std::size_t operator()(const Propose& p) const { return p.actions.size(); }
  std::size_t operator()(const SettleRedemptions& p) const { return p.items.size(); }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return 0;
  }
};

}  // namespace

std::string_view word(RoleChangeKind value) {
  switch (value) {
    case RoleChangeKind::grant: return "grant";
    case RoleChangeKind::remove: return "remove";
    case RoleChangeKind::renew: return "renew";
    case RoleChangeKind::set_threshold: return "set-threshold";
  }
  return "unknown";
}

std::optional<RoleChangeKind> parse_role_change_kind(std::string_view text) {
  for (const auto kind :
       {RoleChangeKind::grant, RoleChangeKind::remove, RoleChangeKind::renew, RoleChangeKind::set_threshold})
    if (word(kind) == text) return kind;
  return std::nullopt;
}

void encode_value(Writer& out, const Action& action) {
  out.put(static_cast<u8>(action.index()));
  std::visit([&out](const auto& value) { encode(out, value); }, action);
}

void decode_value(Reader& in, Action& action) {
  const u8 index = in.get_uint<u8>();
  if (index >= kActions) return in.fail();
  emplace_at(action, index);
  std::visit([&in](auto& value) { decode(in, value); }, action);
}

ProposalKind kind_of(const Action& action) {
  static constexpr std::array<ProposalKind, kActions> kKinds{
      ProposalKind::sale,    ProposalKind::spend,       ProposalKind::roles,    ProposalKind::policy,
      ProposalKind::policy,  ProposalKind::membership,  ProposalKind::creation, ProposalKind::creation,
      ProposalKind::upgrade, ProposalKind::cancel_sale,
  };
  return kKinds[action.index()];
}

Payload empty_payload(TxKind kind) {
  MOOT_CHECK(is_known(kind), "kinds from outside are checked when they are decoded");
  Payload out;
  emplace_at(out, static_cast<std::size_t>(kind) - 1);
  return out;
}

void encode_value(Writer& out, const Payload& payload) {
  out.put(kind_of(payload));
  std::visit([&out](const auto& value) { encode(out, value); }, payload);
}

void decode_value(Reader& in, Payload& payload) {
  TxKind kind{};
  in.get(kind);
  if (!in.ok()) return;
  emplace_at(payload, static_cast<std::size_t>(kind) - 1);
  std::visit([&in](auto& value) { decode(in, value); }, payload);
}

Bytes encode_transaction(const Transaction& tx) {
  Writer out;
  out.reserve(512);
  encode(out, tx.payload);
  encode(out, tx.signer);
  out.put(tx.nonce);
  out.put(tx.valid_until);
  out.put(tx.signature);
  return out.take();
}

std::expected<Transaction, TxError> decode_transaction(ByteView bytes) {
  if (bytes.size() > kMaxTransactionBytes) return std::unexpected(TxError::too_large);
  Reader in(bytes);
  Transaction tx;
  decode(in, tx.payload);
  in.get(tx.signer);
  in.get(tx.nonce);
  in.get(tx.valid_until);
  in.get(tx.signature);
  if (!in.finish()) return std::unexpected(TxError::malformed);
  return tx;
}

namespace {

const crypto::TaggedHasher& envelope_hasher() {
  static const crypto::TaggedHasher hasher("moot/envelope");
  return hasher;
}

}  // namespace

WitnessId witness_id(ByteView envelope) { return envelope_hasher()(envelope).as<WitnessId>(); }

std::vector<WitnessId> witness_ids(std::span<const Bytes> envelopes) {
  std::vector<WitnessId> out(envelopes.size());
  std::vector<const u8*> messages;
  std::vector<Hash> hashes(envelopes.size());
  std::vector<Hash*> places;
  for (std::size_t begin = 0; begin < envelopes.size(); begin += messages.size()) {
    const std::size_t size = envelopes[begin].size();
    messages.clear();
    places.clear();
    for (std::size_t i = begin; i < envelopes.size() && envelopes[i].size() == size; ++i) {
      messages.push_back(envelopes[i].data());
      places.push_back(&hashes[i]);
    }
    envelope_hasher().each(messages, size, places);
  }
  std::ranges::transform(hashes, out.begin(), [](const Hash& hash) { return hash.as<WitnessId>(); });
  return out;
}

u64 weight(const Payload& payload) { return 1 + std::visit(ListEntries{}, payload); }

bool needs_valid_until(TxKind kind) {
  switch (kind) {
    case TxKind::rotate_key:
    case TxKind::recover_key:
    case TxKind::record_proceeds:
    case TxKind::pay_sale:
    case TxKind::approve_payout:
    case TxKind::transfer:
    case TxKind::request_redemption:
    case TxKind::settle_redemptions:
    case TxKind::approve_action: return true;
    // Settle moves only what already is the member's, from owed to stored, and CancelRedemption gives the owner its own
    // money back: neither lets anything leave.
    case TxKind::settle:
    case TxKind::cancel_redemption:
    case TxKind::join:
    case TxKind::admit_members:
    case TxKind::grant_units:
    case TxKind::record_contributions:
    case TxKind::revoke_units:
    case TxKind::confirm:
    case TxKind::set_delegate:
    case TxKind::leave:
    case TxKind::propose:
    case TxKind::cancel_proposal:
    case TxKind::guardian_cancel:
    case TxKind::vote:
    case TxKind::execute:
    case TxKind::pause_payout:
    case TxKind::resume_payout:
    case TxKind::advance_nonce:
    case TxKind::revoke_approval:
    case TxKind::resign_role:
    case TxKind::attest_audit: return false;
  }
  return true;
}

std::span<const Role> roles_needed(TxKind kind) {
  static constexpr Role kRegistrar[] = {Role::registrar};
  static constexpr Role kRevocation[] = {Role::registrar, Role::auditor};
  static constexpr Role kTreasurer[] = {Role::treasurer};
  static constexpr Role kAuditor[] = {Role::auditor};
  static constexpr Role kGuardian[] = {Role::guardian};
  switch (kind) {
    case TxKind::admit_members:
    case TxKind::grant_units:
    case TxKind::recover_key: return kRegistrar;
    case TxKind::revoke_units: return kRevocation;
    case TxKind::record_proceeds:
    case TxKind::approve_payout:
    case TxKind::settle_redemptions: return kTreasurer;
    case TxKind::pause_payout:
    case TxKind::resume_payout: return kAuditor;
    case TxKind::guardian_cancel: return kGuardian;
    case TxKind::join:
    case TxKind::record_contributions:
    case TxKind::confirm:
    case TxKind::set_delegate:
    case TxKind::rotate_key:
    case TxKind::leave:
    case TxKind::propose:
    case TxKind::cancel_proposal:
    case TxKind::vote:
    case TxKind::execute:
    case TxKind::pay_sale:
    case TxKind::settle:
    case TxKind::transfer:
    case TxKind::request_redemption:
    case TxKind::cancel_redemption:
    case TxKind::advance_nonce:
    case TxKind::approve_action:
    case TxKind::revoke_approval:
    case TxKind::resign_role:
    case TxKind::attest_audit: return {};
  }
  return {};
}

ActionKey action_key(const Payload& payload) {
  static const crypto::TaggedHasher hasher("moot/action");
  Payload bare = payload;
  std::visit(
      []<class P>(P& value) {
        if constexpr (Expires<P>) value.expires = TimeMs{};
      },
      bare);
  return hasher(encoded(bare)).as<ActionKey>();
}

TimeMs approval_expiry(const Payload& payload) {
  return std::visit(
      []<class P>(const P& value) {
        if constexpr (Expires<const P>) return value.expires;
        return TimeMs{};
      },
      payload);
}

}  // namespace moot::ledger
