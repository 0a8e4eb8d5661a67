// What a handler is given: to check, a view it can only read; to execute, the state and the block it runs in.
#pragma once

#include "ledger/event.hpp"
#include "ledger/state.hpp"

namespace moot::ledger {

// Who sent a transaction, resolved. `account` is none only for Join, whose sender has no account yet.
struct Sender {
  Address address;
  std::optional<AccountId> account;
  std::optional<MemberId> member;
  u64 nonce = 0;
};

// The sender whose address has that leaf, if any.
inline Sender sender_at(const State& state, std::optional<AccountId> leaf, const Address& address,
                        u64 nonce) {
  Sender sender{.address = address, .account = {}, .member = {}, .nonce = nonce};
  if (!leaf) return sender;
  const Account& account = state.accounts[leaf->value];
  if (account.retired()) return sender;
  sender.account = leaf;
  if (account.member != kNone) sender.member = MemberId{account.member};
  return sender;
}

// Payouts computed ahead, off the strand, from registers that can no longer change (rule 6.5). Execution
// finds them ready, or computes the same record itself.
struct PreparedPayouts {
  std::map<u64, PayoutRecord> by_sale;
};

// For checks. `state` is the state at this position in block `height`, whose time is `now`.
struct View {
  const State& state;
  Height height;
  TimeMs now;
  Sender sender;
  const PreparedPayouts* prepared = nullptr;
};

// For execution, after every check has passed: it cannot fail. Broken expectations are MOOT_CHECKs.
struct Execution {
  State& state;
  Height height;
  TimeMs now;
  Sender sender;  // empty for due work
  std::vector<Event>& events;
  std::vector<ProposalId>& voted;                 // proposals that got a ballot in this block, in any order
  std::vector<std::pair<u32, TxError>>& skipped;  // list items left out, with their codes (6.7)
  std::map<u64, BallotBox>& sealed;               // boxes of proposals that closed in this block, for storage
  const PreparedPayouts* prepared = nullptr;
  // What this transaction weighs beyond its own bytes (2.3): payouts settled, and entries of the list that its approval set
  // going.
  u64 settled = 0;
  u64 entries = 0;

  void emit(Event event) { events.push_back(event); }
  [[nodiscard]] View view() const { return {state, height, now, sender, prepared}; }
};

// What an execution can be taken back to: everything that it was lent, as it stood.
class Savepoint {
 public:
  explicit Savepoint(const Execution& run)
      : state_(run.state),
        sealed_(run.sealed),
        events_(run.events.size()),
        voted_(run.voted.size()),
        skipped_(run.skipped.size()),
        settled_(run.settled),
        entries_(run.entries) {}
  void take_back(Execution& run) const {
    run.state = state_;
    run.sealed = sealed_;
    run.events.resize(events_);
    run.voted.resize(voted_);
    run.skipped.resize(skipped_);
    run.settled = settled_;
    run.entries = entries_;
  }

 private:
  State state_;
  std::map<u64, BallotBox> sealed_;
  std::size_t events_, voted_, skipped_;
  u64 settled_, entries_;
};

}  // namespace moot::ledger
