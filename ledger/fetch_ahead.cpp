#include "ledger/fetch_ahead.hpp"

namespace moot::ledger {

// Every step asks for something of each transaction before the next step needs it of the first.
std::vector<std::optional<AccountId>> fetch_ahead(const State& state,
                                                  std::span<const VerifiedTransaction* const> coming) {
  std::vector<Address> signers;
  for (const VerifiedTransaction* tx : coming) signers.push_back(tx->tx.signer);
  state.by_address.fetch(signers);
  std::vector<std::optional<AccountId>> leaves;
  for (const Address& signer : signers) {
    leaves.push_back(state.leaf_of(signer));
    if (leaves.back()) state.accounts.prefetch(leaves.back()->value);
  }
  for (std::size_t i = 0; i < coming.size(); ++i) {
    const u64 number = leaves[i] ? state.accounts[leaves[i]->value].member : kNone;
    if (number == kNone) continue;
    const MemberId member{number};
    state.prefetch_member(member);
    if (const auto* vote = std::get_if<Vote>(&coming[i]->tx.payload))
      if (const BallotBox* box = state.box(vote->proposal)) box->prefetch(member);
  }
  return leaves;
}

void BlockExecution::expect(std::vector<const VerifiedTransaction*> coming) {
  expected_ = std::move(coming);
  next_expected_ = 0;
  fetched_.clear();
}

void BlockExecution::fetch_ahead() {
  const auto rest = std::span(expected_).subspan(fetched_.size());
  const auto leaves = ledger::fetch_ahead(state_, rest.first(std::min(kFetchedAtOnce, rest.size())));
  fetched_.insert(fetched_.end(), leaves.begin(), leaves.end());
}

// Who signs; the leaf that was fetched ahead is as good as a look-up while the address stands in it.
Sender BlockExecution::sender_of(const VerifiedTransaction& tx) {
  std::optional<AccountId> leaf;
  if (next_expected_ < expected_.size() && expected_[next_expected_] == &tx) {
    if (next_expected_ == fetched_.size()) fetch_ahead();
    leaf = fetched_[next_expected_++];
  }
  const Address& signer = tx.tx.signer;
  if (!leaf || state_.accounts[leaf->value].address != signer) leaf = state_.leaf_of(signer);
  return sender_at(state_, leaf, signer, tx.tx.nonce);
}

}  // namespace moot::ledger
