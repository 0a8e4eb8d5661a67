// What both votes of the example share. Private to wallet/example.
#pragma once

#include "wallet/example/stage.hpp"

namespace moot::wallet::example {

// Opens a proposal and waits until it takes ballots.
OpenProposal open_proposal(Stage& stage, u64 proposer, ledger::Propose propose);

// The node's tally against the model's, choice by choice, and every ballot that it lists against the plan. `slots`: the
// ballots that stand, one a member.
void check_tally(Stage& stage, const OpenProposal& on, const ExpectedTally& expected);
void check_ballots(Stage& stage, const OpenProposal& on, std::span<const PlannedBallot> cast);

// "10,069 For, 31 Against, 20 Abstain".
std::string counts_text(const Counts& counts);

// Not the ballot that its maker signed: s replaced by n − s, the other solution of the same equation.
Bytes high_s_twin(Bytes envelope);
// One bit of s turned.
Bytes damaged(Bytes envelope);

}  // namespace moot::wallet::example
