#include "wallet/example/model.hpp"

#include <algorithm>
#include <numeric>

#include "crypto/sha256.hpp"

namespace moot::wallet::example {
namespace {

using ledger::Choice;

void add(Counts& counts, Choice choice, u64 weight) {
  switch (choice) {
    case Choice::against: counts.against += weight; return;
    case Choice::in_favour: counts.in_favour += weight; return;
    case Choice::abstain: counts.abstain += weight; return;
    case Choice::none:
    case Choice::veto: return;  // nobody in the plan casts one
  }
}

void put_u64(Bytes& out, u64 value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<u8>(value >> shift));
}

struct Claim {
  u64 member;
  u64 remainder;
  Hash draw;
};

}  // namespace

ExpectedTally count_votes(std::span<const PlannedBallot> ballots,
                          std::span<const std::optional<u64>> delegates, std::span<const u64> weights) {
  std::vector<PlannedBallot> standing(weights.size(),
                                      PlannedBallot{.member = 0, .choice = Choice::none, .revision = 0});
  for (const PlannedBallot& ballot : ballots)
    if (ballot.revision > standing[ballot.member].revision) standing[ballot.member] = ballot;
  ExpectedTally out;
  for (u64 member = 0; member < weights.size(); ++member) {
    out.electorate += weights[member];
    const Choice own = standing[member].choice;
    const Choice by_delegate = delegates[member] ? standing[*delegates[member]].choice : Choice::none;
    add(out.counted, own != Choice::none ? own : by_delegate, weights[member]);
    add(out.own, own, weights[member]);
    if (own != Choice::none) ++out.ballots;
    if (own != Choice::none && by_delegate != Choice::none) ++out.overrides;
    if (own == Choice::none && by_delegate != Choice::none) ++out.delegated;
  }
  return out;
}

std::vector<u64> share_out(u64 amount, std::span<const u64> units, const LedgerId& ledger, u64 sale) {
  u128 total = 0;
  for (const u64 one : units) total += one;
  std::vector<u64> shares(units.size());
  std::vector<Claim> claims;
  u64 left = amount;
  for (u64 member = 0; member < units.size(); ++member) {
    const u128 product = u128{amount} * units[member];
    shares[member] = static_cast<u64>(product / total);  // rounds down
    left -= shares[member];
    if (units[member] == 0) continue;
    Bytes message(ledger.bytes.begin(), ledger.bytes.end());
    put_u64(message, sale);
    put_u64(message, member);
    claims.push_back(
        {member, static_cast<u64>(product % total), crypto::tagged_hash("moot/payout-rank", message)});
  }
  std::ranges::sort(claims, [](const Claim& a, const Claim& b) {
    if (a.remainder != b.remainder) return a.remainder > b.remainder;
    return a.draw != b.draw ? a.draw < b.draw : a.member < b.member;
  });
  for (u64 i = 0; i < left; ++i) ++shares[claims[i].member];
  return shares;
}

ShareFigures figures_of(std::vector<u64> shares) {
  ShareFigures out;
  if (shares.empty()) return out;
  std::ranges::sort(shares);
  out.smallest = shares.front();
  out.median = shares[(shares.size() - 1) / 2];
  out.largest = shares.back();
  out.sum = std::accumulate(shares.begin(), shares.end(), u64{0});
  return out;
}

}  // namespace moot::wallet::example
