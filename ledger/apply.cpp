#include "ledger/apply.hpp"

#include "base/math.hpp"
#include "ledger/genesis.hpp"
#include "ledger/handlers/first_refusal.hpp"
#include "ledger/handlers/handlers.hpp"
#include "ledger/registers.hpp"

namespace moot::ledger {
namespace {

constexpr u64 kMaxDueItems = 1'000'000;  // a schedule that does not drain is our own bug
constexpr u64 kMaxListEntries = 1'000;   // of any list, by the bounds of the parameters
constexpr u64 kMaxRevision = 65'535;     // of a ballot (1.6)

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

Verdict check_form(const Transaction& tx, std::size_t bytes, const Parameters& parameters) {
  FirstRefusal first;
  first.add(check_payload_shape(tx.payload, parameters));
  first.add_if(is_ballot(tx.kind()) && (tx.nonce == 0 || tx.nonce > kMaxRevision), TxError::bad_value);
  first.add_if(bytes > parameters[Param::max_transaction_bytes], TxError::too_large);
  return first.verdict();
}

Verdict check_payload(const View& view, const Payload& payload) {
  return std::visit([&](const auto& one) { return check(view, one); }, payload);
}

u64 execute_payload(Execution& run, const Payload& payload) {
  return std::visit([&](const auto& one) { return execute(run, one); }, payload);
}

Verdict check_inclusion(const View& view, const Transaction& tx) {
  if (!tx.valid_until.is_zero() && view.now >= tx.valid_until) return refuse(TxError::expired);
  if (!view.sender.account && tx.kind() != TxKind::join)
    return refuse(view.state.leaf_of(view.sender.address) ? TxError::account_retired : TxError::no_account);
  if (has_no_account_nonce(tx.kind())) return check_payload(view, tx.payload);
  const u64 next = view.state.accounts[view.sender.account->value].next_nonce;
  if (tx.nonce < next) return refuse(TxError::nonce_stale);
  if (tx.nonce > next) return refuse(TxError::nonce_ahead);
  return {};
}

std::expected<VerifiedTransaction, Refusal> trust_transaction(const SigningContext& context,
                                                              ByteView envelope) {
  auto tx = decode_transaction(envelope);
  if (!tx) return refuse(tx.error());
  const TxId id = transaction_id(context, *tx);
  return VerifiedTransaction{std::move(*tx), id, witness_id(envelope), static_cast<u32>(envelope.size())};
}

std::vector<std::expected<VerifiedTransaction, Refusal>> trust_transactions(
    const SigningContext& context, std::span<const Bytes> envelopes) {
  std::vector<std::expected<VerifiedTransaction, Refusal>> out;
  std::vector<std::size_t> good;
  out.reserve(envelopes.size());
  good.reserve(envelopes.size());
  const std::vector<WitnessId> witnesses = witness_ids(envelopes);
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    auto tx = decode_transaction(envelopes[i]);
    if (!tx) {
      out.emplace_back(refuse(tx.error()));
      continue;
    }
    good.push_back(i);
    out.emplace_back(
        VerifiedTransaction{std::move(*tx), {}, witnesses[i], static_cast<u32>(envelopes[i].size())});
  }
  std::vector<const Transaction*> txs;
  txs.reserve(good.size());
  for (const std::size_t place : good) txs.push_back(&out[place]->tx);
  const std::vector<TxId> ids = transaction_ids(context, txs);
  for (std::size_t i = 0; i < good.size(); ++i) out[good[i]]->id = ids[i];
  return out;
}

std::expected<VerifiedTransaction, Refusal> verify_transaction(const SigningContext& context,
                                                               const Parameters& parameters,
                                                               ByteView envelope) {
  auto tx = trust_transaction(context, envelope);
  if (!tx) return tx;
  if (const Verdict form = check_form(tx->tx, envelope.size(), parameters); !form)
    return std::unexpected(form.error());
  if (const Verdict signatures = verify_signatures(context, tx->tx); !signatures)
    return std::unexpected(signatures.error());
  return tx;
}

Verdict BlockResult::keeps_laws() const {
  if (breaches.empty()) return {};
  return refuse(TxError::breaks_a_law);
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
    due_work_ = true;
    if (is_beyond_us(item)) break;
    run_due(run, item);
    const auto* next = state_.schedule.first();
    MOOT_CHECK(!next || next->first != item, "due work that was done is off the schedule");
    MOOT_CHECK(count < kMaxDueItems, "due work ends");
  }
}

// 2.4: without the version decided on there is no such block.
bool BlockExecution::is_beyond_us(const DueItem& item) {
  if (item.kind != DueKind::rules_upgrade || state_.chain->upgrade->version <= kRulesVersion) return false;
  breaches_.push_back({"rules", "the ledger decided on rules version " +
                                    std::to_string(state_.chain->upgrade->version) +
                                    ", which this program does not know: install a newer one"});
  return true;
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

// 2.3: whether the block's weight, and the part of it that is not kept for ballots, can bear so much more.
bool BlockExecution::has_room(u64 added, bool ballot) const {
  const u64 maximum = state_.param(Param::max_block_weight);
  if (weight_ + added > maximum) return false;
  const u64 for_ballots =
      static_cast<u64>(mul_div(maximum, state_.param(Param::ballot_share_ppm), kMillion)->quotient);
  return ballot || plain_weight_ + added <= maximum - for_ballots;
}

// 2.3: what a block can hold. What a transaction settles, and the list that an approval sets going, are known when it has
// run: see record().
Verdict BlockExecution::fits(const VerifiedTransaction& tx, const Sender& sender) const {
  const Parameters& limits = state_.rules->parameters;
  const bool ballot = is_ballot(tx.tx.kind());
  if (receipts_.size() >= limits[Param::max_block_transactions]) return refuse(TxError::block_full);
  if (bytes_ + tx.bytes > limits[Param::max_block_bytes]) return refuse(TxError::block_full);
  if (!has_room(weight(tx.tx.payload), ballot)) return refuse(TxError::block_full);
  if (ballot || !sender.account) return {};
  const auto count = account_counts_.find(sender.account->value);
  if (count != account_counts_.end() && count->second >= limits[Param::account_block_limit])
    return refuse(TxError::account_block_limit);
  return {};
}

Verdict BlockExecution::includable(const VerifiedTransaction& tx, const Sender& sender) const {
  const View view{state_, height_, time_, sender, prepared_};
  if (const Verdict inside = check_inclusion(view, tx.tx); !inside) return inside;
  return fits(tx, sender);
}

// 1.4: whether an includable transaction does what it asks. What a payload says of itself against the state, such as an
// amount's text, is of an earlier stage than its end.
Verdict BlockExecution::judge(const VerifiedTransaction& tx, const Sender& sender) const {
  const Payload& payload = tx.tx.payload;
  const View view{state_, height_, time_, sender, prepared_};
  FirstRefusal first;
  first.add(check_valid_until(tx.tx, state_, time_));
  first.add(roles_needed(kind_of(payload)).empty() ? check_payload(view, payload)
                                                   : check_role_payload(view, payload));
  return first.verdict();
}

std::expected<Receipt, Refusal> BlockExecution::add(const VerifiedTransaction& tx) {
  const Transaction& envelope = tx.tx;
  const Sender sender = sender_of(tx);
  const Verdict form = check_form(envelope, tx.bytes, state_.rules->parameters);
  const bool must_be_accepted = has_no_account_nonce(envelope.kind());
  if (!form && must_be_accepted) return std::unexpected(form.error());
  if (const Verdict inside = includable(tx, sender); !inside)
    return std::unexpected(form ? inside.error() : form.error());
  if (must_be_accepted) return record(tx, sender, {});
  return record(tx, sender, form ? judge(tx, sender) : form);
}

void BlockExecution::run_transaction(Execution& run, const VerifiedTransaction& tx, const Verdict& verdict,
                                     Receipt& receipt) {
  const Payload& payload = tx.tx.payload;
  const bool ballot = is_ballot(tx.tx.kind());
  if (!ballot && run.sender.account) state_.accounts.edit(run.sender.account->value).next_nonce += 1;
  // Whether it is done or fails, the key has spoken (3.9; docs/decisions/0012-a-failed-transaction-is-a-sign-of-life.md).
  if (!ballot && run.sender.member) end_recovery(run, *run.sender.member);
  if (!verdict) {
    receipt.code = static_cast<u16>(verdict.error().code);
    receipt.bad_index = verdict.error().index.value_or(0);
    return;
  }
  if (!ballot && run.sender.member) confirm_member(run, *run.sender.member);
  receipt.detail =
      roles_needed(tx.tx.kind()).empty() ? execute_payload(run, payload) : execute_role_payload(run, payload);
  for (const auto& [index, code] : skipped_) receipt.skipped.push_back({index, static_cast<u16>(code)});
}

// A transaction whose full weight shows only in its execution is taken back when the block cannot bear it. Where there is
// room for the heaviest, nothing needs to be kept for that.
std::expected<Receipt, Refusal> BlockExecution::record(const VerifiedTransaction& tx, const Sender& sender,
                                                       const Verdict& verdict) {
  const std::size_t first_event = events_.size();
  const bool ballot = is_ballot(tx.tx.kind());
  const u64 own_weight = weight(tx.tx.payload);
  const bool may_be_too_heavy =
      !ballot && !has_room(own_weight + state_.param(Param::settle_max) + kMaxListEntries, false);

  Receipt receipt{.id = tx.id};
  Execution run = run_for(sender);
  std::optional<Savepoint> before;
  if (may_be_too_heavy) before.emplace(run);
  run_transaction(run, tx, verdict, receipt);
  const u64 spent = own_weight + run.settled + run.entries;
  if (before && !has_room(spent, false)) {
    before->take_back(run);
    return refuse(TxError::block_full);
  }
  for (std::size_t i = first_event; i < events_.size(); ++i)
    events_[i].tx_index = static_cast<u32>(receipts_.size());

  if (!ballot && sender.account) ++account_counts_[sender.account->value];
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
  result.breaches.insert(result.breaches.begin(), breaches_.begin(), breaches_.end());
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
