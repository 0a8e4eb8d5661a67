#include "ledger/apply.hpp"

#include "base/math.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/registers.hpp"

namespace moot::ledger {
namespace {

constexpr u64 kMaxDueItems = 1'000'000;  // a schedule that does not drain is our own bug

// 1.5: money, approvals and key rotation name an end, not too far ahead.
Verdict check_valid_until(const Transaction& tx, const State& state, TimeMs now) {
  if (!needs_valid_until(tx.kind())) return {};
  const u64 until = tx.valid_until.raw();
  if (until == 0 || until - now.raw() > state.param(Param::valid_until_max_ms))
    return refuse(TxError::valid_until_needed);
  return {};
}

}  // namespace

Verdict check_payload_shape(const Payload& payload, const Parameters& parameters) {
  return std::visit([&](const auto& one) { return check_shape(one, parameters); }, payload);
}

Verdict check_payload(const View& view, const Payload& payload) {
  return std::visit([&](const auto& one) { return check(view, one); }, payload);
}

u64 execute_payload(Execution& run, const Payload& payload) {
  return std::visit([&](const auto& one) { return execute(run, one); }, payload);
}

std::expected<VerifiedTransaction, Refusal> trust_transaction(const SigningContext& context,
                                                              ByteView envelope) {
  auto tx = decode_transaction(envelope);
  if (!tx) return refuse(tx.error());
  const TxId id = transaction_id(context, *tx);
  return VerifiedTransaction{std::move(*tx), id, witness_id(envelope), static_cast<u32>(envelope.size())};
}

std::expected<VerifiedTransaction, Refusal> verify_transaction(const SigningContext& context,
                                                               const Parameters& parameters,
                                                               ByteView envelope) {
  auto tx = trust_transaction(context, envelope);
  if (!tx) return tx;
  if (envelope.size() > parameters[Param::max_transaction_bytes]) return refuse(TxError::too_large);
  if (const Verdict shape = check_payload_shape(tx->tx.payload, parameters); !shape)
    return std::unexpected(shape.error());
  if (const Verdict signatures = verify_signatures(context, tx->tx); !signatures)
    return std::unexpected(signatures.error());
  return tx;
}

BlockExecution::BlockExecution(const State& parent, TimeMs time, const PreparedPayouts* prepared)
    : before_(parent), state_(parent), prepared_(prepared), height_(parent.height().raw() + 1), time_(time) {
  MOOT_CHECK(time > parent.time(), "block time goes forward");
  append_history(state_);
  append_mark(state_, time_);
  Chain& chain = state_.chain.edit();
  chain.height = height_;
  chain.time = time_;
  run_due_work();
}

Execution BlockExecution::run_for(const Sender& sender) {
  skipped_.clear();
  return {.state = state_,
          .height = height_,
          .now = time_,
          .sender = sender,
          .events = events_,
          .voted = voted_,
          .skipped = skipped_,
          .sealed = sealed_,
          .prepared = prepared_};
}

void BlockExecution::run_due_work() {
  Execution run = run_for({});
  drop_stale_actions(run);
  for (u64 count = 0;; ++count) {
    const auto* first = state_.schedule.first();
    if (!first || first->first.due_ms > time_.raw()) break;
    const DueItem item = first->first;
    run_due(run, item);
    due_work_ = true;
    const auto* next = state_.schedule.first();
    MOOT_CHECK(!next || next->first != item, "due work that was done is off the schedule");
    MOOT_CHECK(count < kMaxDueItems, "due work ends");
  }
}

void BlockExecution::run_due(Execution& run, const DueItem& item) {
  switch (item.kind) {
    case DueKind::rules_upgrade: return run_rules_upgrade(run);
    case DueKind::role_expiry:
      return run_role_expiry(run, static_cast<Role>(item.id >> 56),
                             AccountId{item.id & ((u64{1} << 56) - 1)});
    case DueKind::suspension_end: return run_suspension_end(run, MemberId{item.id});
    case DueKind::recovery_completion: return run_recovery_completion(run, MemberId{item.id});
    case DueKind::funding_expiry: return run_funding_expiry(run, SaleId{item.id});
    case DueKind::proposal_opening: return run_proposal_opening(run, ProposalId{item.id});
    case DueKind::proposal_close: return run_proposal_close(run, ProposalId{item.id});
    case DueKind::execution_attempt: return run_execution_attempt(run, ProposalId{item.id});
    case DueKind::payout_due: return run_payout_due(run, SaleId{item.id});
  }
}

// 2.3: what a block can hold.
Verdict BlockExecution::fits(const VerifiedTransaction& tx, const Sender& sender) const {
  const Parameters& limits = state_.rules->parameters;
  const u64 added = weight(tx.tx.payload);
  const u64 maximum = limits[Param::max_block_weight];
  if (receipts_.size() >= limits[Param::max_block_transactions]) return refuse(TxError::block_full);
  if (bytes_ + tx.bytes > limits[Param::max_block_bytes]) return refuse(TxError::block_full);
  if (weight_ + added > maximum) return refuse(TxError::block_full);
  if (is_ballot(tx.tx.kind())) return {};
  const u64 plain_maximum =
      maximum - static_cast<u64>(mul_div(maximum, limits[Param::ballot_share_ppm], kMillion)->quotient);
  if (plain_weight_ + added > plain_maximum) return refuse(TxError::block_full);
  if (!sender.account) return {};
  const auto count = account_counts_.find(sender.account->value);
  if (count != account_counts_.end() && count->second >= limits[Param::account_block_limit])
    return refuse(TxError::account_block_limit);
  return {};
}

// 1.3, in the order of 1.8. Shape is judged by the caller, because it comes first.
Verdict BlockExecution::includable(const VerifiedTransaction& tx, const Sender& sender) const {
  const Transaction& envelope = tx.tx;
  if (!envelope.valid_until.is_zero() && time_ >= envelope.valid_until) return refuse(TxError::expired);
  const bool joining = envelope.kind() == TxKind::join;
  if (!sender.account && !joining)
    return refuse(state_.leaf_of(sender.address) ? TxError::account_retired : TxError::no_account);
  if (is_ballot(envelope.kind()) || joining) {
    const View view{state_, height_, time_, sender, prepared_};
    if (const Verdict accepted = check_payload(view, envelope.payload); !accepted) return accepted;
  } else {
    const u64 next = state_.accounts[sender.account->value].next_nonce;
    if (envelope.nonce < next) return refuse(TxError::nonce_stale);
    if (envelope.nonce > next) return refuse(TxError::nonce_ahead);
  }
  return fits(tx, sender);
}

// 1.4: whether an includable transaction does what it asks.
Verdict BlockExecution::judge(const VerifiedTransaction& tx, const Sender& sender) const {
  const Payload& payload = tx.tx.payload;
  if (const Verdict timely = check_valid_until(tx.tx, state_, time_); !timely) return timely;
  const View view{state_, height_, time_, sender, prepared_};
  if (!roles_needed(kind_of(payload)).empty()) return check_role_payload(view, payload);
  return check_payload(view, payload);
}

std::expected<Receipt, Refusal> BlockExecution::add(const VerifiedTransaction& tx) {
  const Transaction& envelope = tx.tx;
  Sender sender{.address = envelope.signer,
                .account = state_.account_of(envelope.signer),
                .member = state_.member_of(envelope.signer),
                .nonce = envelope.nonce};
  const Verdict shape = check_payload_shape(envelope.payload, state_.rules->parameters);
  const bool must_be_accepted = is_ballot(envelope.kind()) || envelope.kind() == TxKind::join;
  if (const Verdict inside = includable(tx, sender); !inside || (!shape && must_be_accepted))
    return std::unexpected(shape ? inside.error() : shape.error());
  if (must_be_accepted) return record(tx, sender, {});
  return record(tx, sender, shape ? judge(tx, sender) : shape);
}

Receipt BlockExecution::record(const VerifiedTransaction& tx, const Sender& sender, const Verdict& verdict) {
  const Transaction& envelope = tx.tx;
  const std::size_t first_event = events_.size();
  const bool ballot = is_ballot(envelope.kind());
  Receipt receipt{.id = tx.id};
  Execution run = run_for(sender);

  if (!ballot && sender.account) {
    state_.accounts.edit(sender.account->value).next_nonce += 1;
    ++account_counts_[sender.account->value];
  }
  if (!verdict) {
    receipt.code = static_cast<u16>(verdict.error().code);
    receipt.bad_index = verdict.error().index.value_or(0);
  } else {
    if (sender.member && !ballot) {
      confirm_member(run, *sender.member);
      end_recovery(run, *sender.member);
    }
    const bool role_payload = !roles_needed(envelope.kind()).empty();
    receipt.detail =
        role_payload ? execute_role_payload(run, envelope.payload) : execute_payload(run, envelope.payload);
    for (const auto& [index, code] : skipped_) receipt.skipped.push_back({index, static_cast<u16>(code)});
  }
  for (std::size_t i = first_event; i < events_.size(); ++i)
    events_[i].tx_index = static_cast<u32>(receipts_.size());

  const u64 spent = weight(envelope.payload) + run.settled;
  bytes_ += tx.bytes;
  weight_ += spent;
  plain_weight_ += ballot ? 0 : spent;
  Counters& counters = state_.counters.edit();
  ++counters.transactions;
  counters.ballots += ballot ? 1 : 0;
  witnesses_.push_back(tx.witness);
  receipts_.push_back(receipt);
  return receipt;
}

BlockResult BlockExecution::finish(std::span<const Fault> faults) {
  std::sort(voted_.begin(), voted_.end());
  voted_.erase(std::unique(voted_.begin(), voted_.end()), voted_.end());
  Execution run = run_for({});
  for (const ProposalId proposal : voted_) run_early(run, proposal);

  BlockResult result;
  for (auto& [proposal, box] : sealed_) {
    std::vector<u64> chunks;
    const Hash root = box.chunks().root(&chunks);
    for (const u64 chunk : chunks) result.changes.slots.emplace_back(proposal, chunk);
    if (state_.proposals[proposal].ballots_root != root) state_.proposals.edit(proposal).ballots_root = root;
  }
  const StateRoot root = state_root(state_, &result.changes);
  result.breaches = check_laws(before_, state_, result.changes);
  result.roots = {.height = height_,
                  .time = time_,
                  .tx_root = tx_root(witnesses_),
                  .faults_root = faults_root(faults),
                  .receipts_root = receipts_root(receipts_),
                  .state_root = root};
  state_.last_leaf = history_leaf(result.roots);
  result.state = std::move(state_);
  result.receipts = std::move(receipts_);
  result.events = std::move(events_);
  result.sealed = std::move(sealed_);
  return result;
}

}  // namespace moot::ledger
