// Members with keys, for benchmarks of signed ballots: keys and signatures come from a seed and are made before any clock
// starts, on every core, so that the generator never competes with what is measured.
#pragma once

#include "bench/goals/goals.hpp"
#include "crypto/keys.hpp"

namespace moot::bench {

class Voters {
 public:
  // `voters` of the `members` have keys, spread evenly over the members' ids.
  Voters(u64 voters, u64 members);

  [[nodiscard]] u64 count() const { return addresses_.size(); }
  // A ledger with all the members. Votes last a day and have no early result: every ballot is to be counted.
  [[nodiscard]] ledger::Genesis genesis(TimeMs created) const;
  [[nodiscard]] Bytes sign(const ledger::SigningContext& signing, u64 voter, ledger::Payload payload,
                           u64 nonce = 1) const;
  // One ballot of every voter, in an order that jumps about among the members; one in two hundred is against.
  [[nodiscard]] std::vector<Bytes> ballots(const ledger::SigningContext& signing, ProposalId id,
                                           const Hash& proposal_hash) const;
  // How many of ballots() are against.
  [[nodiscard]] u64 against() const { return (count() + 199) / 200; }

  // What a voter proposes; ballots() are on proposals of this text.
  static ledger::Propose proposal();

 private:
  [[nodiscard]] Address address_of_member(u64 member) const;

  u64 members_;
  std::vector<Address> addresses_;
};

// What the voter signs of a ballot and the signature itself, in bytes: what a ledger cannot do without.
u64 ballot_field_bytes();

}  // namespace moot::bench
