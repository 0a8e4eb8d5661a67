// A small ledger for tests: deterministic keys, a genesis with everything in it, and blocks made of signed transactions.
//
//   LedgerWorld world;                              // 5 members with 10, 20, 30, 40, 50 units of class 0
//   const auto receipt = world.run(world.member(0), SetDelegate{world.address("m1")});   // signed, one block
//   EXPECT_EQ(world.code(world.member(0), …), TxError::self_delegation);                 // failed or refused, either
#pragma once

#include <functional>
#include <string>

#include "crypto/keys.hpp"
#include "ledger/initial_state.hpp"

namespace moot::test {

inline constexpr u64 kGenesisTime = 1'700'000'000'000;
inline constexpr u64 kSecond = 1'000;
inline constexpr u64 kHour = 3'600'000;
inline constexpr u64 kDay = 86'400'000;

// The key that a label stands for: sha256("moot test key " + label).
crypto::SecretKey test_key(std::string_view label);
Address test_address(std::string_view label);

// Notes that the code under test gave this refusal. With MOOT_CENSUS set, its name goes to that file: scripts/check_refusals
// asks that every code there is comes up.
void note_refusal(ledger::TxError code);

struct WorldOptions {
  unsigned members = 5;        // "m0", "m1", … with 10·(i+1) units of class 0
  bool attested_only = false;  // class 0
};

// Roles: registrars "r0" "r1" (m 1), attestor "a0", treasurers "t0" "t1" "t2" (m 2), auditors "u0" "u1" (m 1), guardian
// "g0" (a year), validator "v0". Asset 0: USDX, external, 6 decimals. Asset 1: TOK, fixed, 0 decimals, supply 1,000,000 in
// the treasury but 1,000 that account "buyer" holds. Classes: 0 "data set", 1 "house" (registrars grant). Policies: voting for
// an hour, no delay, no timelock, record lag 0, quorum 20 %, support 50 %; delays of payouts one second.
ledger::Genesis test_genesis(const WorldOptions& options = {});

class LedgerWorld {
 public:
  explicit LedgerWorld(const WorldOptions& options = {}) : LedgerWorld(test_genesis(options)) {}
  explicit LedgerWorld(const ledger::Genesis& genesis);

  [[nodiscard]] const ledger::State& state() const { return state_; }
  // For tests that break something on purpose.
  ledger::State& mutable_state() { return state_; }
  [[nodiscard]] const ledger::SigningContext& signing() const { return signing_; }
  [[nodiscard]] TimeMs now() const { return state_.time(); }
  [[nodiscard]] Height height() const { return state_.height(); }
  [[nodiscard]] const StateRoot& root() const { return root_; }
  [[nodiscard]] MemberId member(std::string_view label) const;
  [[nodiscard]] AccountId account(std::string_view label) const;

  // Signed by `label`'s key, with its next nonce (counted over transactions not yet in a block too), valid for an hour.
  ledger::VerifiedTransaction sign(std::string_view label, ledger::Payload payload);
  struct Terms {
    u64 nonce = 0;
    TimeMs valid_until;
  };
  ledger::VerifiedTransaction sign(std::string_view label, ledger::Payload payload, const Terms& terms) const;
  // A ballot with everything it must carry; nonce is the slot's revision.
  ledger::VerifiedTransaction ballot(std::string_view label, ProposalId proposal, ledger::Choice choice,
                                     u16 nonce = 1, std::string reason = {}) const;

  // Hears every block that is made: what was in it and what came of it.
  using Observer =
      std::function<void(std::span<const ledger::VerifiedTransaction>, const ledger::BlockResult&)>;
  void observe(Observer observer) { observer_ = std::move(observer); }

  // Makes a block `step` later of these transactions; each must be includable. Checks that no law is broken.
  ledger::BlockResult block(std::span<const ledger::VerifiedTransaction> txs, u64 step_ms = kSecond);
  ledger::BlockResult block(u64 step_ms = kSecond) { return block({}, step_ms); }
  // One transaction in a block of its own: its receipt must be good.
  ledger::Receipt run(std::string_view label, ledger::Payload payload, u64 step_ms = kSecond);
  ledger::Receipt vote(std::string_view label, ProposalId proposal, ledger::Choice choice, u16 nonce = 1);
  // What it comes to, refused or failed, in a block that is dropped; nothing when it would be done.
  [[nodiscard]] std::optional<ledger::TxError> code(std::string_view label, ledger::Payload payload,
                                                    u64 step_ms = kSecond) const;
  [[nodiscard]] std::optional<ledger::TxError> code(const ledger::VerifiedTransaction& tx,
                                                    u64 step_ms = kSecond) const;
  // Proposes (by "m0" unless said) and opens voting: two blocks.
  ProposalId propose(ledger::ProposalKind kind, std::vector<ledger::Action> actions,
                     std::string_view label = "m0");

 private:
  ledger::SigningContext signing_;
  ledger::State state_;
  StateRoot root_;
  Observer observer_;
};

}  // namespace moot::test
