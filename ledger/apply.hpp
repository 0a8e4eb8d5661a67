// Executing blocks: the ledger's one way forward (rules.md §2).
//
// A BlockExecution starts from a copy of the parent state and runs step 1, due work. Transactions are added in order
// (step 2); finish() runs step 3, the laws, and the roots. Dropping it drops everything. Building a block, checking a
// proposed one, replaying a final one and simulating a transaction are this same object.
//
// Signatures are not checked here: a VerifiedTransaction says by its type that they were (rule 1.2).
#pragma once

#include "ledger/block.hpp"
#include "ledger/execution.hpp"
#include "ledger/laws/laws.hpp"
#include "ledger/typed_data.hpp"

namespace moot::ledger {

class VerifiedTransaction {
 public:
  Transaction tx;
  TxId id;
  WitnessId witness;
  u32 bytes = 0;  // of the canonical envelope
};

// Decodes and checks form, size and every signature, serially: stages shape to signer field of rule 1.8.
std::expected<VerifiedTransaction, Refusal> verify_transaction(const SigningContext& context,
                                                               const Parameters& parameters,
                                                               ByteView envelope);
// The same without signatures: for envelopes whose witness id is known to be verified, and for replay after a
// certificate has been checked.
std::expected<VerifiedTransaction, Refusal> trust_transaction(const SigningContext& context,
                                                              ByteView envelope);
// The same for many, in order: their digests are computed side by side.
std::vector<std::expected<VerifiedTransaction, Refusal>> trust_transactions(const SigningContext& context,
                                                                            std::span<const Bytes> envelopes);

// Shape of any payload by its kind (stages shape and size).
Verdict check_payload_shape(const Payload& payload, const Parameters& parameters);
// Everything of those two stages: the payload's shape, the range of a ballot's nonce (1.6), the envelope's bytes.
Verdict check_form(const Transaction& tx, std::size_t bytes, const Parameters& parameters);

// 1.3, in the order of 1.8: whether a block may hold the transaction at the view's position, by its end, its signer's account,
// and what it asks, for a ballot or Join, or its nonce, for every other kind. Form and signatures come before this, and the
// room that is left in the block after it.
Verdict check_inclusion(const View& view, const Transaction& tx);

// The time of a block on `parent` that is made at `now`: a block's time goes forward even where the clock does not.
inline TimeMs next_block_time(const State& parent, TimeMs now) {
  return std::max(now, TimeMs{parent.time().raw() + 1});
}

struct BlockResult {
  State state;
  BlockRoots roots;
  std::vector<Receipt> receipts;
  std::vector<Event> events;
  Changes changes;
  std::map<u64, BallotBox> sealed;  // ballots of proposals that closed in this block
  std::vector<LawBreach> breaches;  // empty, or the block must not become final

  // breaks_a_law where there are breaches: the word for a transaction without which there would be none (2.5).
  [[nodiscard]] Verdict keeps_laws() const;
};

class BlockExecution {
 public:
  // T must be later than the parent's time. `prepared` payouts are used where present (rule 6.5), and must outlive this.
  BlockExecution(const State& parent, TimeMs time, const PreparedPayouts* prepared = nullptr);

  // Says which transactions will be added, in that order, if they are: what they touch is fetched from memory a little ahead,
  // for several at once. It makes no other difference. They must outlive the adding; others may be added among them.
  void expect(std::vector<const VerifiedTransaction*> coming);
  // Adds the next transaction. An error: it is not includable here, and nothing has changed (1.3).
  std::expected<Receipt, Refusal> add(const VerifiedTransaction& tx);
  // True when this block's due work changed anything: such a block is worth making without transactions.
  [[nodiscard]] bool did_due_work() const { return due_work_; }
  // What due work broke already: finish() will give it too, whatever is added. Due work ends before an upgrade to rules that
  // this program does not know (2.4), and nothing else is found before finish().
  [[nodiscard]] std::span<const LawBreach> breaches() const { return breaches_; }
  [[nodiscard]] u64 transactions() const { return receipts_.size(); }
  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] std::span<const Event> events() const { return events_; }

  BlockResult finish(std::span<const Fault> faults = {});

 private:
  [[nodiscard]] Execution run_for(const Sender& sender);
  void fetch_ahead();
  [[nodiscard]] Sender sender_of(const VerifiedTransaction& tx);
  void run_due_work();
  [[nodiscard]] bool is_beyond_us(const DueItem& item);
  void run_due(Execution& run, const DueItem& item);
  [[nodiscard]] Verdict includable(const VerifiedTransaction& tx, const Sender& sender) const;
  [[nodiscard]] Verdict fits(const VerifiedTransaction& tx, const Sender& sender) const;
  [[nodiscard]] Verdict judge(const VerifiedTransaction& tx, const Sender& sender) const;
  [[nodiscard]] bool has_room(u64 added, bool ballot) const;
  std::expected<Receipt, Refusal> record(const VerifiedTransaction& tx, const Sender& sender,
                                         const Verdict& verdict);
  void run_transaction(Execution& run, const VerifiedTransaction& tx, const Verdict& verdict,
                       Receipt& receipt);

  const State before_;
  State state_;
  const PreparedPayouts* prepared_;
  Height height_;
  TimeMs time_;
  std::vector<Event> events_;
  std::vector<ProposalId> voted_;
  std::vector<std::pair<u32, TxError>> skipped_;
  std::map<u64, BallotBox> sealed_;
  std::vector<Receipt> receipts_;
  std::vector<LawBreach> breaches_;
  std::vector<WitnessId> witnesses_;
  std::vector<const VerifiedTransaction*> expected_;
  std::size_t next_expected_ = 0;
  std::vector<std::optional<AccountId>> fetched_;  // leaves of the signers of the first expected ones
  std::map<u64, u64> account_counts_;              // non-ballot transactions an account (2.3)
  u64 bytes_ = 0;
  u64 weight_ = 0;
  u64 plain_weight_ = 0;  // of other transactions than ballots
  bool due_work_ = false;
};

}  // namespace moot::ledger
