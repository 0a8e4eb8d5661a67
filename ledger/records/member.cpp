#include "ledger/records/member.hpp"

namespace moot::ledger {

std::optional<MemberId> Member::delegate_at(Height h) const {
  const u64 raw = extra->delegate.at(h);
  if (raw == 0) return std::nullopt;
  return MemberId{raw - 1};
}

const Holding* Member::holding(ClassId share_class) const {
  for (const Holding& one : holdings)
    if (one.share_class == share_class) return &one;
  return nullptr;
}

Units Member::units_at(ClassId share_class, Height h) const {
  const Holding* own = holding(share_class);
  return own ? Units{own->units.at(h)} : Units{};
}

Units Member::units_now(ClassId share_class) const {
  const Holding* own = holding(share_class);
  return own ? Units{own->units.last()} : Units{};
}

Power Member::delegated_at(BasisKey basis, Height h) const {
  for (const DelegatedPower& one : extra->delegated)
    if (one.basis == basis) return Power{one.power.at(h)};
  return Power{};
}

}  // namespace moot::ledger
