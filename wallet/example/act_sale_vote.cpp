// The vote on the sale: one member one vote, no change of a ballot, an early pass at the very ballot that makes it certain.
#include <fmt/format.h>

#include "wallet/example/votes.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

using ledger::Choice;
using ledger::TxError;

constexpr Milliseconds kExecution{30'000};

ledger::Propose sale_proposal(const Stage& stage) {
  ledger::SaleTerms terms{
      .share_class = ClassId{0},
      .buyer = stage.cast.buyers.front().address,
      .asset = AssetId{0},
      .min_price = Amount{kProceeds - 5'000 * kUnitOfMoney},
      .max_price = Amount{kProceeds + 5'000 * kUnitOfMoney},
      .terms_hash = crypto::tagged_hash("moot/example-text", as_bytes("terms of the sale")),
      .reserve = Ppm{static_cast<u32>(kReservePpm)},
      .funding = DurationMs{30 * kDayMs}};
  return {.title = "Sell the 2026 listening data set",
          .body = {"The buyer gets one copy of the data set under the terms named by their hash.\nEach "
                   "member is paid by "
                   "the units held when this proposal opened; 2 % stays in the treasury."},
          .kind = ledger::ProposalKind::sale,
          .actions = {std::move(terms)}};
}

// What attackers and mistakes would send while the vote is open.
std::vector<Attempt> attempts(const Stage& stage, const OpenProposal& on) {
  const PlannedBallot& voted = stage.plan.sale_ballots.front();
  const u64 quiet = stage.plan.quiet_member;
  const PlannedBallot fresh{.member = quiet, .choice = Choice::in_favour, .revision = 1};
  const auto by = [&](const Person& person, const ledger::Vote& vote, u64 nonce) {
    return signed_envelope(stage.signing, person.key, vote, nonce, {});
  };
  OpenProposal other = on;
  other.hash.bytes[0] ^= 1;
  OpenProposal retitled = on;
  retitled.title += "!";
  LedgerId elsewhere = stage.signing.ledger_id;
  elsewhere.bytes[0] ^= 1;
  const auto foreign = ledger::signing_context(stage.signing.organisation, elsewhere);
  const Person stranger = make_person(stage.plan.seed, "stranger", 1);
  const Person& member = stage.members[quiet];
  const auto bytes_of = [&](TimeMs until) {
    return signed_envelope(stage.signing, member.key, vote_of(on, Choice::in_favour), 1, until);
  };
  return {
      {"a damaged signature", damaged(stage.ballot(on, fresh)), TxError::signer_mismatch},
      {"the high-s twin of a good signature", high_s_twin(stage.ballot(on, fresh)), TxError::bad_signature},
      {"a ballot signed for another ledger",
       signed_envelope(foreign, member.key, vote_of(on, Choice::in_favour), 1, {}), TxError::signer_mismatch},
      {"a ballot with another proposal's hash", stage.ballot(other, fresh), TxError::wrong_proposal_hash},
      {"a ballot with another title", stage.ballot(retitled, fresh), TxError::wrong_title},
      {"a ballot past its time", bytes_of(TimeMs{1}), TxError::expired},
      {"a ballot by somebody without an account", by(stranger, vote_of(on, Choice::against), 1),
       TxError::no_account},
      {"a ballot by the buyer, who is no member",
       by(stage.cast.buyers.front(), vote_of(on, Choice::in_favour), 1), TxError::not_a_member},
      {"a veto where the policy has none", by(member, vote_of(on, Choice::veto), 1),
       TxError::veto_not_allowed},
      {"a second ballot where votes are not changed",
       by(stage.members[voted.member], vote_of(on, Choice::abstain, "changed my mind"), 2),
       TxError::already_voted},
  };
}

void cast_ballots(Stage& stage, const OpenProposal& on) {
  const auto& plan = stage.plan.sale_ballots;
  const Stopwatch signing;
  const std::vector<Bytes> envelopes = stage.sign_ballots(on, plan);
  stage.say.work(fmt::format("{} ballots signed beforehand", grouped(plan.size())), plan.size(),
                 signing.elapsed());
  const std::vector<Bytes> all_but_one(envelopes.begin(), envelopes.end() - 1);
  const Milliseconds took = stage.send("Voting on the sale", all_but_one);
  if (!stage.ok()) return;
  stage.say.work(fmt::format("{} ballots sent, checked and final on disk", grouped(all_but_one.size())),
                 all_but_one.size(), took);
  stage.ballot_rate = rate_of(all_but_one.size(), took);
  stage.refuse(attempts(stage, on));
  stage.expect("state of the proposal, one ballot before the last", pb::PROPOSAL_STATE_ACTIVE,
               static_cast<u64>(stage.proposal(on.id).state()));
  stage.send("Voting on the sale", {envelopes.back()});
  stage.wait_until("the execution of the sale's proposal", kExecution,
                   [&] { return stage.proposal(on.id).state() == pb::PROPOSAL_STATE_EXECUTED; });
  stage.ballots += plan.size();
}

void tell_result(Stage& stage, const ExpectedTally& tally) {
  const Numbers& n = stage.plan.numbers;
  stage.say.line(fmt::format("the {}th ballot made the result certain: passed early, sale authorised",
                             grouped(n.sale_ballots)));
  stage.say.line(
      fmt::format("with {} delegated votes: {}", grouped(tally.delegated), counts_text(tally.counted)));
  stage.say.line(
      fmt::format("{} delegators voted themselves, over their delegates", grouped(tally.overrides)));
  stage.say.fact("ballots", "Turnout",
                 fmt::format("{} of {} members by their own ballot ({}), {} more through delegates",
                             grouped(tally.ballots), grouped(n.members),
                             percent_text(tally.ballots, n.members), grouped(tally.delegated)),
                 tally.ballots);
  stage.say.fact(
      "inFavour", "Own ballots",
      fmt::format("{} ({} For)", counts_text(tally.own), percent_text(tally.own.in_favour, tally.ballots)),
      tally.own.in_favour);
  stage.say.fact("counted", "Result", "passed: " + counts_text(tally.counted), tally.counted.in_favour);
}

}  // namespace

void play_sale_vote(Stage& stage) {
  if (!stage.ok()) return;
  stage.say.act("The vote on the sale");
  stage.refuse({{"a proposal by a member with too few units",
                 stage.attempt(stage.members[stage.plan.poor_member], sale_proposal(stage)),
                 TxError::units_below_minimum}});
  const OpenProposal on = open_proposal(stage, stage.plan.sale_proposer, sale_proposal(stage));
  if (!stage.ok()) return;
  stage.say.line(fmt::format("\"{}\": half of the members must vote, more than {} of them For", on.title,
                             percent_text(stage.plan.numbers.sale_support.raw(), kMillion)));
  cast_ballots(stage, on);
  const std::vector<u64> weights(stage.plan.numbers.members, 1);
  const ExpectedTally tally = count_votes(stage.plan.sale_ballots, stage.plan.delegates, weights);
  check_tally(stage, on, tally);
  check_ballots(stage, on, stage.plan.sale_ballots);
  stage.expect("ballots For", stage.plan.numbers.in_favour, tally.own.in_favour);
  stage.refuse(
      {{"a ballot after the close",
        stage.ballot(on, {.member = stage.plan.quiet_member, .choice = Choice::against, .revision = 1}),
        TxError::voting_closed}});
  const auto sales =
      stage.call(&pb::TreasuryService::Stub::ListSales, stage.client.treasury(), pb::ListSalesRequest{});
  stage.expect("sales on the ledger", 1, static_cast<u64>(sales.sales_size()));
  if (!stage.ok()) return;
  stage.sale = sales.sales(0).id();
  stage.record_height = sales.sales(0).record_height();
  stage.expect("the sale's proposal", on.id, sales.sales(0).proposal());
  stage.expect("state of the sale", pb::SALE_STATE_AUTHORISED, static_cast<u64>(sales.sales(0).state()));
  if (stage.ok()) tell_result(stage, tally);
}

}  // namespace moot::wallet::example
