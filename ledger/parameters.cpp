#include "ledger/parameters.hpp"

#include "base/check.hpp"

namespace moot::ledger {
namespace {

constexpr u64 kSecond = 1'000;
constexpr u64 kMinute = 60 * kSecond;
constexpr u64 kHour = 60 * kMinute;
constexpr u64 kDay = kDayMs;
constexpr u64 kKiB = 1'024;
constexpr u64 kMiB = 1'024 * kKiB;
constexpr ProposalKind kByPolicy = ProposalKind::policy;

// Bounds are chosen so that parameters cannot contradict each other whatever is voted: the smallest block holds the
// largest transaction, the part of its weight that is not kept for ballots holds the longest list, and the ring of
// 1,024 marks at the shortest interval reaches back past the longest record lag (42 days against 30).
constexpr ParamInfo kTable[] = {
    {Param::max_block_bytes, "max_block_bytes", 2 * kMiB, 256 * kKiB, 8 * kMiB, kByPolicy,
     "bytes of transactions in a block"},
    {Param::max_block_weight, "max_block_weight", 40'000, 8'000, 1'000'000, kByPolicy,
     "weight of a block: 1 a transaction, 1 a list entry, 1 a payout settled"},
    {Param::max_block_transactions, "max_block_transactions", 16'384, 16, 65'536, kByPolicy,
     "transactions in a block"},
    {Param::ballot_share_ppm, "ballot_share_ppm", 500'000, 0, 750'000, kByPolicy,
     "part of a block's weight that is open to ballots only"},
    {Param::account_block_limit, "account_block_limit", 16, 1, 1'024, kByPolicy,
     "transactions of one account in a block, ballots not counted"},
    {Param::max_transaction_bytes, "max_transaction_bytes", 256 * kKiB, 64 * kKiB, 256 * kKiB, kByPolicy,
     "bytes of one transaction"},
    {Param::admissions_per_transaction, "admissions_per_transaction", 1'000, 1, 1'000, kByPolicy,
     "entries of AdmitMembers and of GrantUnits"},
    {Param::contributions_per_transaction, "contributions_per_transaction", 500, 1, 1'000, kByPolicy,
     "entries of RecordContributions"},
    {Param::redemptions_per_transaction, "redemptions_per_transaction", 500, 1, 1'000, kByPolicy,
     "entries of SettleRedemptions"},
    {Param::max_live_proposals, "max_live_proposals", 64, 1, 1'024, kByPolicy,
     "proposals that are pending, active, succeeded or queued at one time; no fewer than policies reserve, "
     "and one that a proposal of kind policy may have"},
    {Param::max_actions, "max_actions", 256, 1, 256, kByPolicy, "actions of one proposal"},
    {Param::outage_ms, "outage_ms", 10 * kMinute, kMinute, kDay, kByPolicy,
     "how late a close must fall due for the voting time to be given back"},
    {Param::execute_attempts, "execute_attempts", 16, 1, 255, kByPolicy,
     "executions of one proposal tried by account holders after its own attempt failed"},
    {Param::min_timelock_ms, "min_timelock_ms", kDay, 0, 30 * kDay, kByPolicy,
     "shortest timelock of kinds that move money, roles, policies or members"},
    {Param::payout_delay_ms, "payout_delay_ms", kDay, 1, 90 * kDay, kByPolicy,
     "from the last approval of a payout to its execution"},
    {Param::approval_timeout_ms, "approval_timeout_ms", 30 * kDay, 0, 365 * kDay, kByPolicy,
     "after funding, when a payout no longer needs approvals; 0: never"},
    {Param::pause_max_ms, "pause_max_ms", 14 * kDay, 1, 14 * kDay, kByPolicy, "longest pause of a payout"},
    {Param::settle_max, "settle_max", 256, 1, 256, kByPolicy, "payouts settled by one transaction"},
    {Param::grant_cap_ppm, "grant_cap_ppm", 1'000'000, 0, 1'000'000'000, kByPolicy,
     "registrars' grants a day, of the class total at the day's start, in ppm; a class that started the day "
     "at 0 is "
     "free; 0: no cap"},
    {Param::recovery_delay_ms, "recovery_delay_ms", 14 * kDay, 14 * kDay, 365 * kDay, kByPolicy,
     "from the opening of a key recovery to its completion"},
    {Param::recovery_freeze_ms, "recovery_freeze_ms", 7 * kDay, 7 * kDay, 90 * kDay, kByPolicy,
     "after a key recovery, when no money leaves the account"},
    {Param::suspension_max_ms, "suspension_max_ms", 180 * kDay, kDay, 180 * kDay, kByPolicy,
     "longest suspension of a member"},
    {Param::guardian_term_max_ms, "guardian_term_max_ms", 365 * kDay, kDay, 365 * kDay, kByPolicy,
     "longest term of a guardian"},
    {Param::guardian_cancels, "guardian_cancels", 2, 0, 2, kByPolicy, "cancellations in guardian_window_ms"},
    {Param::guardian_window_ms, "guardian_window_ms", 30 * kDay, 30 * kDay, 365 * kDay, kByPolicy,
     "window in which guardians' cancellations are counted"},
    {Param::open_actions_per_holder, "open_actions_per_holder", 16, 1, 64, kByPolicy,
     "actions one role holder may have open"},
    {Param::action_expiry_max_ms, "action_expiry_max_ms", 30 * kDay, kMinute, 90 * kDay, kByPolicy,
     "furthest expiry of an approval"},
    {Param::valid_until_max_ms, "valid_until_max_ms", 30 * kDay, kHour, 30 * kDay, kByPolicy,
     "furthest valid_until of what moves money, approves, or changes a key"},
    {Param::mark_interval_ms, "mark_interval_ms", kHour, kHour, kDay, kByPolicy,
     "time between two marks from which record heights are taken"},
    {Param::redemption_timeout_ms, "redemption_timeout_ms", 30 * kDay, kHour, 365 * kDay, kByPolicy,
     "after which an unanswered redemption may be canceled by its owner"},
    {Param::max_pending_joins, "max_pending_joins", 10'000, 0, 1'000'000, kByPolicy,
     "people who asked to join and wait for admission"},
    {Param::nonce_advance_max, "nonce_advance_max", 1'000, 1, 1'000'000, kByPolicy,
     "furthest an AdvanceNonce may go"},
    {Param::invites, "invites", 0, 0, 1, kByPolicy, "1: people may ask to join with a registrar's invite"},
};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kParamCount; ++i)
    if (static_cast<std::size_t>(kTable[i].id) != i) return false;
  return true;
}
static_assert(std::size(kTable) == kParamCount && in_enum_order(),
              "one row a parameter, in the enum's order");

}  // namespace

std::span<const ParamInfo> param_table() { return kTable; }

const ParamInfo& info(Param id) {
  MOOT_CHECK(id < Param::count_, "a parameter of the table");
  return kTable[static_cast<std::size_t>(id)];
}

std::optional<Param> parse_param(std::string_view name) {
  for (const ParamInfo& row : kTable)
    if (row.name == name) return row.id;
  return std::nullopt;
}

Parameters default_parameters() {
  Parameters out;
  for (const ParamInfo& row : kTable) out.set(row.id, row.default_value);
  return out;
}

}  // namespace moot::ledger
