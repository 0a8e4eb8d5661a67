// Every number of the rules has a name (rules.md §9): one table with name, default, bounds and the kind of proposal that
// changes it. docs/parameters.md is generated from this table, and a test compares the two.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "ledger/types.hpp"

namespace moot::ledger {

enum class Param : u8 {
  max_block_bytes,   // bytes of transactions in a block
  max_block_weight,  // 1 a transaction + 1 a list entry + 1 a payout settled
  max_block_transactions,
  ballot_share_ppm,     // of the weight, open to ballots only
  account_block_limit,  // non-ballot transactions an account a block
  max_transaction_bytes,
  admissions_per_transaction,
  contributions_per_transaction,
  redemptions_per_transaction,
  max_live_proposals,
  max_actions,  // in a proposal
  outage_ms,
  execute_attempts,
  min_timelock_ms,  // for weighty kinds
  payout_delay_ms,
  approval_timeout_ms,  // 0: never
  pause_max_ms,
  settle_max,     // payouts settled by one transaction
  grant_cap_ppm,  // registrars' grants a day, of the class total at the day's start; 0: no cap
  recovery_delay_ms,
  recovery_freeze_ms,  // no debit after a recovery completes
  suspension_max_ms,
  guardian_term_max_ms,
  guardian_cancels,  // in guardian_window_ms
  guardian_window_ms,
  open_actions_per_holder,
  action_expiry_max_ms,
  valid_until_max_ms,
  mark_interval_ms,
  redemption_timeout_ms,  // after which its owner may cancel
  max_pending_joins,
  nonce_advance_max,
  invites,  // 1: Join is on (3.8)
  count_,
};
inline constexpr std::size_t kParamCount = static_cast<std::size_t>(Param::count_);

struct ParamInfo {
  Param id;
  std::string_view name;
  u64 default_value;
  u64 minimum;
  u64 maximum;
  ProposalKind changed_by;
  std::string_view meaning;
};

std::span<const ParamInfo> param_table();  // in the order of the enum
const ParamInfo& info(Param id);
std::optional<Param> parse_param(std::string_view name);

struct Parameters {
  std::array<u64, kParamCount> values{};

  [[nodiscard]] u64 operator[](Param id) const { return values[static_cast<std::size_t>(id)]; }
  void set(Param id, u64 value) { values[static_cast<std::size_t>(id)] = value; }
  friend bool operator==(const Parameters&, const Parameters&) = default;
};

Parameters default_parameters();

}  // namespace moot::ledger
