// An electorate made through the registers, and the tally's definition (rules.md §5.2), which every faster way of counting
// must agree with.
#pragma once

#include "ledger/registers.hpp"
#include "ledger/voting.hpp"

namespace moot::ledger::voting_test {

struct Elector {
  u64 units = 1;
  std::optional<u64> delegate;
  bool active = true;
  bool confirmed = true;
};

inline constexpr Height kRecord{1};
inline constexpr ClassId kClass{0};

// Registers written at height 1, by the functions that blocks use.
class Electorate {
 public:
  explicit Electorate(const std::vector<Elector>& electors) {
    state.rules.edit().parameters = default_parameters();
    state.classes.push(ShareClass{.name = "shares"});
    Execution run = run_at(kRecord);
    for (const Elector& elector : electors) {
      Address address;
      address.bytes[19] = static_cast<u8>(state.members.size() + 1);
      const MemberId id = add_member(run, add_account(state, address), Hash{});
      if (elector.confirmed) confirm_member(run, id);
      set_units(run, id, kClass, Units{elector.units});
    }
    for (u64 i = 0; i < electors.size(); ++i)
      if (electors[i].delegate) set_delegate(run, MemberId{i}, MemberId{*electors[i].delegate});
    for (u64 i = 0; i < electors.size(); ++i)
      if (!electors[i].active) set_status(run, MemberId{i}, MemberStatus::suspended);
  }

  Execution run_at(Height height) {
    return {.state = state,
            .height = height,
            .now = TimeMs{height.raw() * 1'000},
            .sender = {},
            .events = events_,
            .voted = voted_,
            .skipped = skipped_,
            .sealed = sealed_};
  }

  [[nodiscard]] Proposal proposal(const Policy& policy, BasisKey basis) const {
    Proposal out;
    out.policy = policy;
    out.state = ProposalState::active;
    out.record_height = kRecord;
    out.basis = basis;
    out.electorate = electorate_power(state, basis, policy.confirmed_only, kRecord);
    return out;
  }

  State state;

 private:
  std::vector<Event> events_;
  std::vector<ProposalId> voted_;
  std::vector<std::pair<u32, TxError>> skipped_;
  std::map<u64, BallotBox> sealed_;
};

// 5.2, word for word: tally[c] = Σ w_i over c_i = c, where c_i is the own ballot, else that of d_i, else none.
inline Tally tally_by_definition(const State& state, const Proposal& proposal, const BallotBox& box,
                                 bool own_only) {
  Tally out;
  const auto may_vote = [&](u64 i) {
    return eligible(state, MemberId{i}, proposal.policy.confirmed_only, proposal.record_height);
  };
  for (u64 i = 0; i < state.members.size(); ++i) {
    if (!may_vote(i)) continue;
    Choice choice = box.slot(MemberId{i}).choice;
    const auto delegate = state.members[i].delegate_at(proposal.record_height);
    if (choice == Choice::none && !own_only && delegate && may_vote(delegate->value))
      choice = box.slot(*delegate).choice;
    if (choice == Choice::none) continue;
    out[choice] =
        Power{out[choice].raw() + weight_of(state.members[i], proposal.basis, proposal.record_height).raw()};
  }
  return out;
}

struct Counts {
  u64 against = 0;
  u64 in_favour = 0;
  u64 abstain = 0;
  u64 veto = 0;
};
inline Tally tally_of(const Counts& counts) {
  Tally out;
  out[Choice::against] = Power{counts.against};
  out[Choice::in_favour] = Power{counts.in_favour};
  out[Choice::abstain] = Power{counts.abstain};
  out[Choice::veto] = Power{counts.veto};
  return out;
}

struct Thresholds {
  u32 quorum = 0;
  u32 approval = 0;
  u32 support = 500'000;
  u32 veto = 0;
};
inline Policy policy_of(const Thresholds& thresholds) {
  Policy policy;
  policy.quorum = Ppm{thresholds.quorum};
  policy.approval = Ppm{thresholds.approval};
  policy.support = Ppm{thresholds.support};
  policy.veto = Ppm{thresholds.veto};
  return policy;
}

}  // namespace moot::ledger::voting_test
