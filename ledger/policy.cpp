#include "ledger/policy.hpp"

#include <algorithm>

namespace moot::ledger {
namespace {

constexpr u32 kWhole = static_cast<u32>(kMillion);
// Bounds no sum of a policy's durations can overflow, and that keep a record lag within the ring of marks (3.5).
constexpr DurationMs kLongestDuration{366 * kDayMs};
constexpr DurationMs kLongestRecordLag{30 * kDayMs};

bool ratios_in_range(const Policy& policy) {
  return policy.quorum.raw() <= kWhole && policy.approval.raw() <= kWhole && policy.support.raw() < kWhole &&
         policy.veto.raw() < kWhole;
}

bool durations_in_range(const Policy& policy) {
  for (const DurationMs duration : {policy.delay, policy.period, policy.timelock, policy.grace})
    if (duration > kLongestDuration) return false;
  return !policy.period.is_zero() && policy.extension <= policy.period && policy.min_open <= policy.period &&
         policy.record_lag <= kLongestRecordLag;
}

// A field that another field switches off must be zero, so that one policy has one encoding.
bool unused_fields_are_zero(const Policy& policy) {
  const bool basis_class_used = policy.basis == BasisKind::units_of_class;
  const bool minimum_used = !policy.minimum_units.is_zero();
  return (basis_class_used || policy.basis_class == ClassId{}) &&
         (minimum_used || policy.minimum_class == ClassId{}) &&
         policy.vote_change == (policy.max_changes != 0);
}

Ppm stricter_veto(Ppm a, Ppm b) {
  if (a.is_zero() || b.is_zero()) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

std::string_view word(BasisKind value) {
  switch (value) {
    case BasisKind::members: return "members";
    case BasisKind::units_of_class: return "units-of-class";
    case BasisKind::units_of_sale_class: return "units-of-sale-class";
  }
  return "unknown";
}

std::optional<BasisKind> parse_basis_kind(std::string_view text) {
  for (const BasisKind kind : {BasisKind::members, BasisKind::units_of_class, BasisKind::units_of_sale_class})
    if (word(kind) == text) return kind;
  return std::nullopt;
}

bool is_weighty(ProposalKind kind) {
  switch (kind) {
    case ProposalKind::sale:
    case ProposalKind::spend:
    case ProposalKind::roles:
    case ProposalKind::policy:
    case ProposalKind::membership:
    case ProposalKind::upgrade: return true;
    case ProposalKind::text:
    case ProposalKind::creation:
    case ProposalKind::cancel_sale: return false;
  }
  return true;
}

Verdict check_policy(ProposalKind kind, const Policy& policy, DurationMs min_timelock) {
  if (!is_known(kind) || !is_known(policy.basis)) return refuse(TxError::bad_value);
  if (policy.basis == BasisKind::units_of_sale_class && kind != ProposalKind::sale)
    return refuse(TxError::bad_value);
  if (!ratios_in_range(policy) || !durations_in_range(policy) || !unused_fields_are_zero(policy))
    return refuse(TxError::bad_value);
  if (!is_weighty(kind)) return {};
  const bool no_turnout_asked = policy.quorum.is_zero() && policy.approval.is_zero();
  if (policy.support.raw() < kWhole / 2 || no_turnout_asked || policy.timelock < min_timelock)
    return refuse(TxError::policy_too_weak);
  return {};
}

Policy stricter(const Policy& a, const Policy& b) {
  Policy out = a;
  out.confirmed_only = a.confirmed_only || b.confirmed_only;
  out.quorum = std::max(a.quorum, b.quorum);
  out.approval = std::max(a.approval, b.approval);
  out.support = std::max(a.support, b.support);
  out.veto = stricter_veto(a.veto, b.veto);
  out.delay = std::max(a.delay, b.delay);
  out.period = std::max(a.period, b.period);
  out.min_open = std::max(a.min_open, b.min_open);
  out.extension = std::max(a.extension, b.extension);
  out.timelock = std::max(a.timelock, b.timelock);
  out.grace = std::min(a.grace, b.grace);
  out.record_lag = std::max(a.record_lag, b.record_lag);
  if (a.minimum_units.is_zero()) {
    out.minimum_class = b.minimum_class;
    out.minimum_units = b.minimum_units;
  } else if (a.minimum_class == b.minimum_class) {
    out.minimum_units = std::max(a.minimum_units, b.minimum_units);
  }
  return out;
}

Policy default_policy(ProposalKind kind) {
  Policy policy;
  policy.quorum = Ppm{200'000};
  policy.extension = DurationMs{kDayMs};
  policy.record_lag = DurationMs{0};
  if (!is_weighty(kind)) return policy;
  policy.record_lag = DurationMs{7 * kDayMs};
  policy.min_open = DurationMs{kDayMs};
  policy.timelock = DurationMs{kDayMs};
  const bool moves_money = kind == ProposalKind::sale || kind == ProposalKind::spend;
  if (!moves_money) {
    policy.support = Ppm{666'666};
    policy.timelock = DurationMs{2 * kDayMs};
  }
  return policy;
}

}  // namespace moot::ledger
