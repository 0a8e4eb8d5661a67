#include "ledger/records/governance.hpp"

namespace moot::ledger {

u16 RoleTable::threshold_for(TxKind kind) const {
  for (const KindThreshold& own : thresholds)
    if (own.kind == kind) return own.threshold;
  return threshold;
}

const Holder* RoleTable::holder(AccountId account, TimeMs now) const {
  for (const Holder& holder : holders)
    if (holder.account == account)
      return holder.expires.is_zero() || now < holder.expires ? &holder : nullptr;
  return nullptr;
}

bool live_places_fit(const RuleBook& book) {
  const u64 places = book.parameters[Param::max_live_proposals];
  u64 reserved = 0;
  for (const Policy& policy : book.policies) reserved += policy.reserved_live;
  return reserved <= places && reserved - book.policy(ProposalKind::policy).reserved_live < places;
}

void encode_value(Writer& out, const RuleBook& book) {
  for (const Policy& policy : book.policies) encode(out, policy);
  for (const u64 value : book.parameters.values) out.put(value);
}

void decode_value(Reader& in, RuleBook& book) {
  for (Policy& policy : book.policies) decode(in, policy);
  for (u64& value : book.parameters.values) in.get(value);
}

}  // namespace moot::ledger
