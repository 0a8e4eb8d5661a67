// Fetching from memory what the next transactions of a block touch, while the ones before them run. It changes nothing that
// can be seen: with a million members nearly every record that a ballot reads is far away, and waiting for one after the
// other costs more than all the arithmetic.
#include "ledger/apply.hpp"

namespace moot::ledger {
namespace {

constexpr std::size_t kFetchedAtOnce = 32;  // transactions; what they touch fits the nearer caches

}  // namespace

void BlockExecution::expect(std::vector<const VerifiedTransaction*> coming) {
  expected_ = std::move(coming);
  next_expected_ = 0;
  fetched_.clear();
}

// What the next expected transactions will read lies scattered over the state: every step asks for something of each of
// them before the next step needs it of the first.
void BlockExecution::fetch_ahead() {
  const std::size_t first = fetched_.size();
  const std::size_t count = std::min(kFetchedAtOnce, expected_.size() - first);
  const auto coming = std::span(expected_).subspan(first, count);
  std::vector<Address> signers;
  for (const VerifiedTransaction* tx : coming) signers.push_back(tx->tx.signer);
  state_.by_address.fetch(signers);
  for (const Address& signer : signers) {
    fetched_.push_back(state_.leaf_of(signer));
    if (fetched_.back()) state_.accounts.prefetch(fetched_.back()->value);
  }
  std::vector<MemberId> members;
  for (std::size_t i = 0; i < count; ++i) {
    const auto leaf = fetched_[first + i];
    const u64 member = leaf ? state_.accounts[leaf->value].member : kNone;
    if (member == kNone) continue;
    members.push_back(MemberId{member});
    state_.prefetch_member(members.back());
    if (const auto* vote = std::get_if<Vote>(&coming[i]->tx.payload))
      if (const BallotBox* box = state_.box(vote->proposal)) box->prefetch(members.back());
  }
  for (const MemberId member : members) prefetch_parts(state_.members[member.value]);
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
