#include "wallet/example/plan.hpp"

#include <algorithm>
#include <numeric>

#include "base/math.hpp"
#include "base/random.hpp"

namespace moot::wallet::example {
namespace {

using ledger::Choice;

constexpr u64 kSeedOfUnits =
    1;  // each part of the plan has a stream of its own, so that one can change alone
constexpr u64 kSeedOfPeople = 2;
constexpr u64 kSeedOfPoll = 3;

SeededRandom stream(u64 seed, u64 part) {
  SeededRandom mixed(seed ^ (part << 56));
  return SeededRandom(mixed.next());
}

// The least t, as round as it can be, with t·(W − a) in [M·(y − 1), M·y): y firm For ballots pass early and y − 1 do not.
Ppm support_reached_by(u64 in_favour, u64 counted) {
  const u64 least = (kMillion * (in_favour - 1) + counted - 1) / counted;  // rounds up
  for (const u64 grain : {u64{10'000}, u64{1'000}, u64{100}, u64{10}, u64{1}}) {
    const u64 round = (least + grain - 1) / grain * grain;  // rounds up
    if (round * counted < kMillion * in_favour) return Ppm{static_cast<u32>(round)};
  }
  return Ppm{};
}

std::vector<u64> shuffled(u64 count, SeededRandom& random) {
  std::vector<u64> out(count);
  std::iota(out.begin(), out.end(), u64{0});
  for (u64 i = count; i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

template <class T>
void shuffle(std::vector<T>& list, SeededRandom& random) {
  for (u64 i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
}

// Pareto's distribution with exponent 1, cut off: half of the members hold less than twice the least, a few hold hundreds
// of times as much, as listening does.
std::vector<u64> draw_units(u64 seed, u64 members) {
  SeededRandom random = stream(seed, kSeedOfUnits);
  std::vector<u64> out(members);
  constexpr u64 kScale = u64{1} << 32;
  for (u64& units : out) units = std::min(kMostUnits, kLeastUnits * kScale / (random.below(kScale) + 1));
  return out;
}

// Members in random order, handed out from the front: nobody is given two parts that would get in each other's way.
class Parts {
 public:
  Parts(u64 members, SeededRandom& random) : order_(shuffled(members, random)) {}

  std::vector<u64> take(u64 count) {
    const auto from = order_.begin() + static_cast<std::ptrdiff_t>(next_);
    next_ += count;
    return {from, from + static_cast<std::ptrdiff_t>(count)};
  }
  // The next one for whom `fits` holds; the others keep their places.
  template <class Fits>
  std::optional<u64> take_first(Fits&& fits) {
    const auto from = order_.begin() + static_cast<std::ptrdiff_t>(next_);
    const auto found = std::find_if(from, order_.end(), fits);
    if (found == order_.end()) return std::nullopt;
    std::rotate(from, found, found + 1);
    return take(1).front();
  }

 private:
  std::vector<u64> order_;
  u64 next_ = 0;
};

struct Voters {
  std::vector<u64> delegates;
  std::vector<u64> delegators;
  std::vector<u64> others;  // who neither delegate nor are delegates
};

void plan_delegations(Plan& plan, const Voters& voters, SeededRandom& random) {
  const Numbers& n = plan.numbers;
  plan.delegates.resize(n.members);
  for (const u64 member : voters.delegators)
    plan.delegates[member] = voters.delegates[random.below(voters.delegates.size())];
  // The last of the silent delegates delegate on, to one who votes.
  const u64 voting = n.delegates - n.silent_delegates;
  for (u64 i = n.delegates - n.chained; i < n.delegates; ++i)
    plan.delegates[voters.delegates[i]] = voters.delegates[random.below(voting)];
}

void plan_sale(Plan& plan, const Voters& voters, SeededRandom& random) {
  const Numbers& n = plan.numbers;
  std::vector<u64> casting{plan.rotating};
  const auto add = [&casting](const std::vector<u64>& list, u64 count) {
    casting.insert(casting.end(), list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count));
  };
  add(voters.delegates, n.delegates - n.silent_delegates);
  add(voters.delegators, n.overriders);
  add(voters.others, n.sale_ballots - 1 - casting.size());
  shuffle(casting, random);
  for (u64 i = 0; i < casting.size(); ++i) {
    const Choice choice = i < n.against               ? Choice::against
                          : i < n.against + n.abstain ? Choice::abstain
                                                      : Choice::in_favour;
    plan.sale_ballots.push_back({casting[i], choice, 1});
  }
  shuffle(plan.sale_ballots, random);
  plan.sale_ballots.push_back({plan.sale_proposer, Choice::in_favour, 1});
}

void plan_poll(Plan& plan, const Voters& voters) {
  const Numbers& n = plan.numbers;
  SeededRandom random = stream(plan.seed, kSeedOfPoll);
  std::vector<u64> casting = voters.delegates;
  casting.resize(n.delegates - n.silent_delegates);
  casting.push_back(plan.poll_proposer);
  std::vector<u64> rest = voters.delegators;
  rest.insert(rest.end(), voters.others.begin(), voters.others.end());
  shuffle(rest, random);
  const u64 more = n.poll_ballots - casting.size();
  casting.insert(casting.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(more));
  for (const u64 member : casting) {
    const u64 draw = random.below(10);
    const Choice choice = draw < 6 ? Choice::in_favour : draw < 9 ? Choice::against : Choice::abstain;
    plan.poll_first.push_back({member, choice, 1});
  }
  for (u64 i = 0; i < n.poll_changes; ++i) {
    const PlannedBallot& first = plan.poll_first[i];
    const bool again = i % 8 == 7;  // the same choice with a higher nonce
    const Choice other = first.choice == Choice::against ? Choice::in_favour : Choice::against;
    plan.poll_changes.push_back({first.member, again ? first.choice : other, 2});
  }
}

}  // namespace

std::expected<Numbers, std::string> numbers_for(u64 members) {
  if (members < kLeastMembers || members > kMostMembers)
    return std::unexpected("the example needs " + std::to_string(kLeastMembers) + " to " +
                           std::to_string(kMostMembers) + " members");
  Numbers n;
  n.members = members;
  n.sale_ballots = members * 253 / 450;  // 10,120 of 18,000; all the divisions here round down
  n.in_favour = n.sale_ballots * 995 / 1'000;
  n.abstain = (n.sale_ballots - n.in_favour) * 2 / 5;
  n.against = n.sale_ballots - n.in_favour - n.abstain;
  n.delegates = members / 300 + 4;
  n.silent_delegates = n.delegates / 5 + 1;
  n.chained = n.silent_delegates / 3 + 1;
  n.delegators = members / 10;
  n.overriders = members / 30;
  n.poll_ballots = members / 8;
  n.poll_changes = members / 60;
  n.transfers = members / 45;
  n.redemptions = members / 90;
  n.sale_support = support_reached_by(n.in_favour, members - n.abstain);
  if (n.sale_support.is_zero()) return std::unexpected("no support threshold fits this number of members");
  return n;
}

std::expected<Plan, std::string> make_plan(u64 seed, u64 members) {
  const auto numbers = numbers_for(members);
  if (!numbers) return std::unexpected(numbers.error());
  Plan plan{.seed = seed, .numbers = *numbers, .units = draw_units(seed, members)};
  const Numbers& n = plan.numbers;
  SeededRandom random = stream(seed, kSeedOfPeople);
  Parts parts(members, random);
  const auto rich = [&](u64 member) { return plan.units[member] >= kProposerUnits; };
  const auto poor = [&](u64 member) { return plan.units[member] < kProposerUnits; };
  const auto proposer = parts.take_first(rich);
  const auto second = parts.take_first(rich);
  const auto below = parts.take_first(poor);
  if (!proposer || !second || !below)
    return std::unexpected("this seed draws nobody who may propose; choose another");
  plan.sale_proposer = *proposer;
  plan.poll_proposer = *second;
  plan.poor_member = *below;
  plan.rotating = parts.take(1).front();
  plan.leaving = parts.take(1).front();
  plan.quiet_member = parts.take(1).front();
  for (u64 i = 0; i < n.redemptions; ++i) {
    // A redemption must reach the asset's minimum, so it is planned for those with more units than the least.
    const auto redeemer = parts.take_first(rich);
    if (redeemer) plan.redeemers.push_back(*redeemer);
  }
  Voters voters{.delegates = parts.take(n.delegates), .delegators = parts.take(n.delegators), .others = {}};
  voters.others = parts.take(members - 6 - plan.redeemers.size() - n.delegates - n.delegators);
  for (u64 i = 0; i < n.transfers; ++i)
    plan.transfers.push_back({voters.others[2 * i], voters.others[2 * i + 1]});
  plan_delegations(plan, voters, random);
  plan_sale(plan, voters, random);
  plan_poll(plan, voters);
  return plan;
}

}  // namespace moot::wallet::example
