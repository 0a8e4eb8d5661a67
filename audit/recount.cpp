#include "audit/recount.hpp"

#include <fmt/format.h>

namespace moot::audit {
namespace {

using ledger::Choice;
using ledger::Member;
using ledger::Proposal;
using Ballot = BallotBook::Ballot;

constexpr std::size_t kAgainst = 1;
constexpr std::size_t kFor = 2;
constexpr std::size_t kVeto = 4;

const Ballot kNoBallot;

const Ballot& ballot_of(const std::vector<Ballot>& ballots, u64 member) {
  return member < ballots.size() ? ballots[member] : kNoBallot;
}

struct Elector {
  bool eligible = false;
  u64 weight = 0;
  std::optional<u64> delegate;
};

// What one member is to one vote, from the registers at the record height.
Elector elector_at(const ledger::State& state, MemberId id, const Proposal& proposal) {
  const Member& member = state.members[id.value];
  const Height at = proposal.record_height;
  const bool active = member.status.at(at) == static_cast<u64>(ledger::MemberStatus::active);
  const bool confirmed = state.confirmed_at(id, at);
  if (!active || (proposal.policy.confirmed_only && !confirmed)) return {};
  Elector out{.eligible = true, .weight = 1, .delegate = {}};
  if (proposal.basis.value != 0) {
    out.weight = 0;
    for (const ledger::Holding& holding : member.holdings)
      if (holding.share_class.value + 1 == proposal.basis.value) out.weight = holding.units.at(at);
  }
  if (const u64 delegate = member.extra->delegate.at(at); delegate != 0) out.delegate = delegate - 1;
  return out;
}

struct Sums {
  std::array<u128, ledger::kChoiceSlots> tally{};
  std::array<u128, ledger::kChoiceSlots> firm{};
  u128 electorate = 0;
  u64 ballots = 0;
};

// rules.md §5.2: c_i is the own ballot, else the delegate's; tally[c] = Σ w_i over c_i = c.
Sums count(const ledger::State& state, const Proposal& proposal, const std::vector<Ballot>& ballots) {
  Sums sums;
  std::vector<Elector> electors;
  electors.reserve(state.members.size());
  for (u64 i = 0; i < state.members.size(); ++i) electors.push_back(elector_at(state, MemberId{i}, proposal));
  for (u64 i = 0; i < electors.size(); ++i) {
    const Elector& elector = electors[i];
    if (!elector.eligible) continue;
    sums.electorate += elector.weight;
    const auto own = static_cast<std::size_t>(ballot_of(ballots, i).choice);
    auto counted = own;
    if (own == 0 && elector.delegate && electors[*elector.delegate].eligible)
      counted = static_cast<std::size_t>(ballot_of(ballots, *elector.delegate).choice);
    sums.tally[counted] += elector.weight;
    if (own == 0) continue;
    sums.firm[own] += elector.weight;
    ++sums.ballots;
  }
  return sums;
}

// rules.md §5.4 without a division: cast ≥ ceil(W·q/M) is cast·M ≥ W·q.
u8 failed_tests(const ledger::Policy& policy, const Sums& sums) {
  const auto& tally = sums.tally;
  const u128 cast = tally[1] + tally[2] + tally[3] + tally[4];
  const u128 opposed = tally[kAgainst] + tally[kVeto];
  const u128 support = policy.support.raw();
  unsigned failed = 0;
  if (cast * kMillion < sums.electorate * policy.quorum.raw()) failed |= ledger::kFailedQuorum;
  if (tally[kFor] * kMillion < sums.electorate * policy.approval.raw()) failed |= ledger::kFailedApproval;
  const bool supported = (kMillion - support) * tally[kFor] > support * opposed && tally[kFor] + opposed > 0;
  if (!supported) failed |= ledger::kFailedSupport;
  const u128 veto = policy.veto.raw();
  if (veto > 0 && tally[kVeto] * kMillion > veto * cast) failed |= ledger::kFailedVeto;
  return static_cast<u8>(failed);
}

// The ledger's slots against the ballots as they came.
std::optional<std::string> compare_slots(const Recount& what, const std::vector<Ballot>& ballots) {
  for (u64 i = 0; i < what.state.members.size(); ++i) {
    const ledger::Slot slot = what.box.slot(MemberId{i});
    const Ballot& ballot = ballot_of(ballots, i);
    if (slot.choice != ballot.choice || slot.revision != ballot.nonce || slot.height != ballot.height)
      return fmt::format("proposal {}: the ballot kept for member {} is not the one that the member sent",
                         what.proposal.value, i);
  }
  return std::nullopt;
}

std::optional<std::string> compare_sums(u64 id, const Proposal& proposal, const Sums& sums) {
  if (sums.electorate != proposal.electorate.raw())
    return fmt::format("proposal {}: its electorate is {} but the registers give {}", id,
                       proposal.electorate.raw(), static_cast<u64>(sums.electorate));
  if (sums.ballots != proposal.ballots)
    return fmt::format("proposal {}: it counts {} ballots where {} were cast", id, proposal.ballots,
                       sums.ballots);
  for (std::size_t choice = 1; choice < ledger::kChoiceSlots; ++choice) {
    const std::string_view name = ledger::word(static_cast<Choice>(choice));
    if (sums.tally[choice] != proposal.tally.power[choice].raw())
      return fmt::format("proposal {}: the tally of {} is {} but the ballots give {}", id, name,
                         proposal.tally.power[choice].raw(), static_cast<u64>(sums.tally[choice]));
    if (sums.firm[choice] != proposal.firm.power[choice].raw())
      return fmt::format("proposal {}: the own ballots for {} weigh {}, not {}", id, name,
                         static_cast<u64>(sums.firm[choice]), proposal.firm.power[choice].raw());
  }
  return std::nullopt;
}

std::optional<std::string> compare_outcome(u64 id, const Proposal& proposal, const Sums& sums) {
  if (proposal.state == ledger::ProposalState::canceled) return std::nullopt;
  const u8 failed = failed_tests(proposal.policy, sums);
  const bool defeated = proposal.state == ledger::ProposalState::defeated;
  if (failed == proposal.defeat && defeated == (failed != 0)) return std::nullopt;
  return fmt::format("proposal {}: it is {} (failed tests {:#x}) but its count fails {:#x}", id,
                     ledger::word(proposal.state), proposal.defeat, failed);
}

}  // namespace

void BallotBook::add(ProposalId proposal, MemberId voter, const Ballot& ballot) {
  std::vector<Ballot>& book = books_[proposal.value];
  if (voter.value >= book.size()) book.resize(voter.value + 1);
  book[voter.value] = ballot;
}

const std::vector<Ballot>& BallotBook::of(ProposalId proposal) const {
  static const std::vector<Ballot> none;
  const auto found = books_.find(proposal.value);
  return found == books_.end() ? none : found->second;
}

std::expected<ProposalFinding, std::string> recount(const Recount& what, const std::vector<Ballot>& ballots) {
  const u64 id = what.proposal.value;
  const Proposal& proposal = what.state.proposals[id];
  const Sums sums = count(what.state, proposal, ballots);
  if (auto wrong = compare_slots(what, ballots)) return std::unexpected(*wrong);
  if (auto wrong = compare_sums(id, proposal, sums)) return std::unexpected(*wrong);
  if (what.closed)
    if (auto wrong = compare_outcome(id, proposal, sums)) return std::unexpected(*wrong);

  ProposalFinding found{.id = what.proposal,
                        .title = proposal.title,
                        .kind = proposal.kind,
                        .state = proposal.state,
                        .record_height = proposal.record_height,
                        .electorate = proposal.electorate,
                        .power = {},
                        .ballots = sums.ballots,
                        .counted_at = what.state.height()};
  for (std::size_t choice = 1; choice < found.power.size(); ++choice)
    found.power[choice] = Power{static_cast<u64>(sums.tally[choice])};
  return found;
}

}  // namespace moot::audit
