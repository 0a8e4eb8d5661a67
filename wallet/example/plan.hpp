// What everybody in the example will do, drawn from a seed before anything happens: units, delegations, ballots,
// transfers and redemptions. No floating point and no clock, so one seed gives one plan on every machine.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "ledger/types.hpp"

namespace moot::wallet::example {

inline constexpr u64 kDefaultMembers = 18'000;
inline constexpr u64 kDefaultSeed = 2026;
inline constexpr u64 kLeastMembers = 450;  // below, the shares of the story round to nothing
inline constexpr u64 kMostMembers =
    1'000'000;  // above, early pass cannot be set to one ballot (Numbers::sale_support)

inline constexpr u64 kLeastUnits = 20;
inline constexpr u64 kMostUnits = 20'000;
inline constexpr u64 kProposerUnits = 100;  // the policies' minimum for a proposer
inline constexpr u8 kMaxChanges = 3;        // of a ballot, in the poll

inline constexpr u8 kDecimals = 6;
inline constexpr u64 kUnitOfMoney = 1'000'000;           // base units of one USDX
inline constexpr u64 kProceeds = 55'000 * kUnitOfMoney;  // P
inline constexpr u64 kReservePpm = 20'000;               // the treasury's part
inline constexpr u64 kReserve = kProceeds / 1'000'000 * kReservePpm;
inline constexpr u64 kShared = kProceeds - kReserve;  // A
inline constexpr u64 kLeastRedemption = kUnitOfMoney / 100;

// How many do what, as the real co-operative's vote had it: of 18,000 members 10,120 vote, 99.5 % of them For.
struct Numbers {
  u64 members = 0;
  u64 sale_ballots = 0;  // 10,120
  u64 in_favour = 0;     // 10,069
  u64 abstain = 0;       // 20
  u64 against = 0;       // 31
  u64 delegates = 0;
  u64 delegators = 0;
  u64 silent_delegates = 0;  // have delegators and cast no ballot
  u64 chained = 0;           // of those, delegate on; power does not travel a second hop
  u64 overriders = 0;        // delegators who vote themselves
  u64 poll_ballots = 0;
  u64 poll_changes = 0;
  u64 transfers = 0;
  u64 redemptions = 0;
  // The support threshold under which the last planned For ballot, and none before it, makes the result certain: an early
  // pass then counts exactly sale_ballots ballots, however fast the machine is (rules.md 5.6).
  Ppm sale_support;
};
std::expected<Numbers, std::string> numbers_for(u64 members);

struct PlannedBallot {
  u64 member = 0;
  ledger::Choice choice = ledger::Choice::none;
  u16 revision = 1;
  friend bool operator==(const PlannedBallot&, const PlannedBallot&) = default;
};

struct Pair {
  u64 from = 0;
  u64 to = 0;
  friend bool operator==(const Pair&, const Pair&) = default;
};

struct Plan {
  u64 seed = 0;
  Numbers numbers;
  std::vector<u64> units;                     // by member
  std::vector<std::optional<u64>> delegates;  // by member
  std::vector<PlannedBallot> sale_ballots;    // in the order of casting; the last one is For
  std::vector<PlannedBallot> poll_first;      // revision 1
  std::vector<PlannedBallot> poll_changes;    // revision 2: another choice, or the same once more
  u64 sale_proposer = 0;
  u64 poll_proposer = 0;
  u64 poor_member = 0;          // has too few units to propose
  u64 quiet_member = 0;         // casts no ballot in either vote
  std::vector<Pair> transfers;  // nobody sends or gets twice
  std::vector<u64> redeemers;   // apart from those
  u64 rotating = 0;             // gets a new key; votes, and is in no transfer
  u64 leaving = 0;
};

std::expected<Plan, std::string> make_plan(u64 seed, u64 members);

}  // namespace moot::wallet::example
