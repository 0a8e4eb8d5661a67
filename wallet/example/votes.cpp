#include "wallet/example/votes.hpp"

#include <fmt/format.h>

#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

constexpr Milliseconds kOpening{30'000};
constexpr std::size_t kSignature = 65;  // the envelope's last bytes: r, s, recid

// secp256k1's order, big-endian.
constexpr std::array<u8, 32> kOrder = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
                                       0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};

void check_counts(Stage& stage, std::string_view what, const Counts& expected,
                  const pb::TallyCounts& actual) {
  stage.expect(fmt::format("{}, For", what), expected.in_favour, actual.in_favour());
  stage.expect(fmt::format("{}, Against", what), expected.against, actual.against());
  stage.expect(fmt::format("{}, Abstain", what), expected.abstain, actual.abstain());
  stage.expect(fmt::format("{}, Veto", what), 0, actual.veto());
  stage.expect(fmt::format("{}, cast", what), expected.cast(), actual.cast());
}

}  // namespace

OpenProposal open_proposal(Stage& stage, u64 proposer, ledger::Propose propose) {
  OpenProposal out{.id = 0, .hash = {}, .title = propose.title};
  out.id = stage.act(stage.members[proposer], std::move(propose)).detail();
  pb::Proposal seen;
  stage.wait_until("the opening of a proposal", kOpening, [&] {
    seen = stage.proposal(out.id);
    return seen.state() == pb::PROPOSAL_STATE_ACTIVE;
  });
  if (stage.ok())
    stage.expect("bytes of the proposal's hash", out.hash.bytes.size(), seen.proposal_hash().size());
  if (stage.ok()) std::ranges::copy(as_bytes(seen.proposal_hash()), out.hash.bytes.begin());
  return out;
}

void check_tally(Stage& stage, const OpenProposal& on, const ExpectedTally& expected) {
  const pb::Proposal seen = stage.proposal(on.id);
  check_counts(stage, "tally", expected.counted, seen.tally().counts());
  check_counts(stage, "own ballots", expected.own, seen.tally().firm());
  stage.expect("electorate", expected.electorate, seen.tally().electorate());
  stage.expect("members who voted", expected.ballots, seen.tally().ballots());
}

void check_ballots(Stage& stage, const OpenProposal& on, std::span<const PlannedBallot> cast) {
  std::map<u64, PlannedBallot> standing;
  for (const PlannedBallot& ballot : cast) {
    PlannedBallot& slot = standing[ballot.member];
    if (slot.choice == ledger::Choice::none || ballot.revision > slot.revision) slot = ballot;
  }
  pb::ListBallotsRequest request;
  request.set_proposal(on.id);
  request.set_page_size(1'000);
  u64 listed = 0;
  do {
    const auto page =
        stage.call(&pb::GovernanceService::Stub::ListBallots, stage.client.governance(), request);
    for (const pb::Ballot& ballot : page.ballots()) {
      const auto planned = standing.find(ballot.member());
      const PlannedBallot own = planned == standing.end() ? PlannedBallot{} : planned->second;
      stage.expect(fmt::format("choice of member {}", ballot.member()), static_cast<u64>(own.choice),
                   static_cast<u64>(ballot.choice()));
      stage.expect(fmt::format("revision of member {}'s ballot", ballot.member()), own.revision,
                   ballot.revision());
      ++listed;
    }
    request.set_page_token(page.next_page_token());
  } while (stage.ok() && !request.page_token().empty());
  stage.expect("ballots in the node's list", standing.size(), listed);
}

std::string counts_text(const Counts& counts) {
  return fmt::format("{} For, {} Against, {} Abstain", grouped(counts.in_favour), grouped(counts.against),
                     grouped(counts.abstain));
}

Bytes high_s_twin(Bytes envelope) {
  u8* const s = envelope.data() + envelope.size() - kSignature + 32;
  unsigned borrow = 0;
  for (std::size_t i = 32; i-- > 0;) {
    const unsigned difference = 256U + kOrder[i] - s[i] - borrow;
    s[i] = static_cast<u8>(difference);
    borrow = difference < 256U ? 1 : 0;
  }
  envelope.back() ^= 1;  // the twin's nonce point is the other one of the pair
  return envelope;
}

Bytes damaged(Bytes envelope) {
  envelope[envelope.size() - 2] ^= 1;
  return envelope;
}

}  // namespace moot::wallet::example
