// Where the story is played: the plan and its people, the node, and the calls and comparisons that every act needs.
//
// The first failure is kept and ends the story: after it, calls do nothing and give empty answers, so an act reads as it is
// played and is asked once, at its end, whether all went well. Private to wallet/example: it shows protobuf messages.
#pragma once

#include <functional>
#include <map>
#include <numeric>

#include "crypto/sha256.hpp"
#include "wallet/example/cast.hpp"
#include "wallet/example/genesis.hpp"
#include "wallet/example/model.hpp"
#include "wallet/example/narrator.hpp"
#include "wallet/node_client.hpp"

namespace moot::wallet::example {

// What a ballot says of its proposal.
struct OpenProposal {
  u64 id = 0;
  Hash hash;
  std::string title;
};

// A submission that must be refused, and with what.
struct Attempt {
  std::string what;
  Bytes envelope;
  ledger::TxError code;
};

class Stage {
 public:
  Stage(Plan plan, NodeClient client, Narrator& narrator);

  const Plan plan;
  const Cast cast;
  const NodeClient client;
  Narrator& say;
  crypto::VerifyPool pool;
  std::vector<Person> members;  // by id
  ledger::SigningContext signing;

  // What the story has come to.
  u64 sale = 0;
  u64 record_height = 0;      // of the sale
  std::vector<u64> shares;    // of the payout, by member, by the model
  std::vector<u64> balances;  // what each member must be able to spend
  std::vector<bool> settled;  // whose entitlement has moved into the stored balance
  u64 done = 0;               // transactions on the ledger
  u64 ballots = 0;
  u64 ballot_rate = 0;  // of the sale's vote, final a second

  // ---- failures
  [[nodiscard]] bool ok() const { return !failure_; }
  [[nodiscard]] const Failure& failure() const { return *failure_; }
  void fail_with(Failure failure);
  void expect(std::string_view what, u64 expected, u64 actual);
  void expect_text(std::string_view what, std::string_view expected, std::string_view actual);

  // ---- reading
  template <class Stub, class Request, class Response>
  Response call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Stub& stub,
                const std::type_identity_t<Request>& request) {
    return ok() ? value_of(client.call(method, stub, request)) : Response{};
  }
  pb::Proposal proposal(u64 id);
  pb::Sale sale_record();
  pb::Asset asset();
  pb::ReadContext head();
  // Asks every few milliseconds until `seen()`; fails with what was waited for.
  void wait_until(std::string_view what, Milliseconds limit, const std::function<bool()>& seen);

  // ---- signing and sending
  [[nodiscard]] u64 next_nonce(const Person& person) const;
  // Good for an hour; the nonce is the person's next, and stays so.
  Bytes attempt(const Person& person, ledger::Payload payload) const;
  // The same for what will be accepted: the nonce is used.
  Bytes sign(const Person& person, ledger::Payload payload);
  Bytes ballot(const OpenProposal& proposal, const PlannedBallot& ballot) const;
  // On all cores.
  std::vector<Bytes> sign_ballots(const OpenProposal& proposal, std::span<const PlannedBallot> list);
  // Sends all, waits until they are final, and checks that each was done.
  Milliseconds send(std::string_view what, const std::vector<Bytes>& envelopes);
  // One transaction that must be done; its receipt.
  pb::Receipt act(const Person& person, ledger::Payload payload);
  // Each must be refused with its code; tells so.
  void refuse(const std::vector<Attempt>& attempts);

  [[nodiscard]] static TimeMs in_an_hour();

 private:
  template <class T>
  T value_of(Result<T> result) {
    if (result) return std::move(*result);
    fail_with(std::move(result.error()));
    return T{};
  }

  std::optional<Failure> failure_;
  std::map<Address, u64> nonces_;
};

// A ballot's payload.
ledger::Vote vote_of(const OpenProposal& proposal, ledger::Choice choice, std::string reason = {});
// "55000.000000 USDX", as it is signed (rules.md 6.8).
std::string signed_text(u64 amount);
// Base units from an answer; what is no number is counted as a wrong one.
u64 base_units(const std::string& amount);

// ---- the acts, in order
void play_membership(Stage& stage);  // admission, attested contributions, delegations
void play_sale_vote(Stage& stage);   // 10,120 ballots, refusals, early pass
void play_poll(Stage& stage);        // vote change, by units, a close that falls due on an idle chain
void play_payout(Stage& stage);      // proceeds, preview, approvals, pause, execution, all balances
// Reads what every member can spend, and compares each with `balances`.
void check_balances(Stage& stage);
void play_aftermath(Stage& stage);  // transfers, redemptions, a new key, a member who leaves, the supply
void measure_limit(Stage& stage);   // how many signatures this machine can check in a second

}  // namespace moot::wallet::example
