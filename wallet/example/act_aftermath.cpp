// What members do with their money: transfers, redemptions, a new key, leaving; and the sum over all of it.
#include <fmt/format.h>

#include "crypto/ecdsa.hpp"
#include "wallet/example/votes.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

using ledger::TxError;

constexpr u64 kRefundEvery = 20;

ledger::Transfer transfer_of(const Address& to, u64 amount) {
  return {.asset = AssetId{0}, .to = to, .amount = Amount{amount}, .amount_text = signed_text(amount)};
}

// A debit settles first what the account is owed (6.6).
void debit(Stage& stage, u64 member, u64 amount) {
  stage.balances[member] -= amount;
  stage.settled[member] = true;
}

void transfers(Stage& stage) {
  std::vector<Bytes> envelopes;
  u64 moved = 0;
  for (const Pair& pair : stage.plan.transfers) {
    const u64 amount = stage.balances[pair.from] / 2;  // rounds down
    envelopes.push_back(
        stage.sign(stage.members[pair.from], transfer_of(stage.members[pair.to].address, amount)));
    debit(stage, pair.from, amount);
    stage.balances[pair.to] += amount;
    moved += amount;
  }
  const Milliseconds took = stage.send("Transferring", envelopes);
  if (!stage.ok()) return;
  stage.say.work(fmt::format("{} transfers, {}", grouped(envelopes.size()), money_text(moved)),
                 envelopes.size(), took);
  const Person& member = stage.members[stage.plan.quiet_member];
  const Person stranger = make_person(stage.plan.seed, "stranger", 1);
  ledger::Transfer mislabelled = transfer_of(stage.cast.buyers[0].address, 1);
  mislabelled.amount_text = signed_text(1'000'000);
  const u64 above = stage.balances[stage.plan.quiet_member] + 1;
  stage.refuse(
      {{"a transfer of one unit more than there is",
        stage.attempt(member, transfer_of(stage.cast.buyers[0].address, above)), TxError::insufficient_funds},
       {"a transfer to an address without an account",
        stage.attempt(member, transfer_of(stranger.address, 1)), TxError::no_account},
       {"a transfer whose text says another amount", stage.attempt(member, mislabelled),
        TxError::bad_amount_text}});
}

ledger::RequestRedemption redemption_of(u64 member, u64 amount) {
  return {.asset = AssetId{0},
          .amount = Amount{amount},
          .amount_text = signed_text(amount),
          .destination = fmt::format("bank account of member {}", member)};
}

struct Request {
  u64 redemption = 0;
  u64 member = 0;
  u64 amount = 0;
};

std::vector<Request> request_redemptions(Stage& stage) {
  std::vector<Bytes> envelopes;
  std::map<std::string, Request> wanted;  // by address
  for (const u64 member : stage.plan.redeemers) {
    const Request request{.redemption = 0, .member = member, .amount = stage.balances[member] / 2};
    envelopes.push_back(stage.sign(stage.members[member], redemption_of(member, request.amount)));
    wanted.emplace(as_string(stage.members[member].address.view()), request);
    debit(stage, member, request.amount);
  }
  const Milliseconds took = stage.send("Asking for redemptions", envelopes);
  if (!stage.ok()) return {};
  stage.say.work(fmt::format("{} redemptions asked for", grouped(envelopes.size())), envelopes.size(), took);
  const u64 first = stage.plan.redeemers.front();
  stage.refuse({{"a second open redemption of one member",
                 stage.attempt(stage.members[first], redemption_of(first, kLeastRedemption)),
                 TxError::redemption_already_open},
                {"a redemption below the asset's minimum",
                 stage.attempt(stage.members[stage.plan.quiet_member],
                               redemption_of(stage.plan.quiet_member, kLeastRedemption - 1)),
                 TxError::below_minimum}});
  std::vector<Request> out;
  pb::ListRedemptionsRequest request;
  request.set_page_size(1'000);
  do {
    const auto page =
        stage.call(&pb::TreasuryService::Stub::ListRedemptions, stage.client.treasury(), request);
    for (const pb::Redemption& redemption : page.redemptions()) {
      Request known = wanted[redemption.address()];
      known.redemption = redemption.id();
      stage.expect(fmt::format("amount of redemption {}", redemption.id()), known.amount,
                   base_units(redemption.amount().amount()));
      out.push_back(known);
    }
    request.set_page_token(page.next_page_token());
  } while (stage.ok() && !request.page_token().empty());
  stage.expect("redemptions in the node's list", wanted.size(), out.size());
  return out;
}

// What the treasurers' lists have come to.
struct Settled {
  u64 paid = 0;
  u64 paid_amount = 0;
  u64 refunded = 0;
};

// Two of three treasurers settle a list. `stale`: a redemption that is settled already, put in front; it is left out.
void settle_list(Stage& stage, std::span<const Request> list, const Request* stale, Settled& total) {
  ledger::SettleRedemptions tx{.items = {}, .expires = Stage::in_an_hour()};
  if (stale != nullptr)
    tx.items.push_back(
        {.redemption = RedemptionId{stale->redemption}, .paid = true, .note = "bank transfer twice"});
  for (const Request& request : list) {
    const bool paid = request.redemption % kRefundEvery != kRefundEvery - 1;
    tx.items.push_back(
        {.redemption = RedemptionId{request.redemption},
         .paid = paid,
         .note = paid ? fmt::format("bank transfer {}", request.redemption) : "the bank sent it back"});
    if (paid) {
      ++total.paid;
      total.paid_amount += request.amount;
    } else {
      ++total.refunded;
      stage.balances[request.member] += request.amount;
    }
  }
  stage.act(stage.cast.treasurers[1], tx);
  const pb::Receipt receipt = stage.act(stage.cast.treasurers[2], tx);
  stage.expect("items left out of a list of redemptions", stale == nullptr ? 0 : 1,
               static_cast<u64>(receipt.skipped_size()));
  if (!stage.ok() || stale == nullptr) return;
  stage.expect("place of the item left out", 0, receipt.skipped(0).index());
  stage.expect_text("reason of the item left out", ledger::reason(TxError::redemption_not_open),
                    receipt.skipped(0).reason());
  if (stage.ok())
    stage.say.refused("one item of a treasurers' list; the others stand", receipt.skipped(0).reason());
}

// All but one request, in two lists; the one left stays locked. Gives what was burned.
u64 settle_redemptions(Stage& stage, const std::vector<Request>& requests) {
  if (!stage.ok()) return 0;
  const std::span<const Request> closing(requests.data(), requests.size() - 1);
  const std::size_t half = std::min<std::size_t>(closing.size() / 2, 499);
  const std::size_t rest = std::min<std::size_t>(closing.size() - half, 499);
  Settled total;
  settle_list(stage, closing.first(half), nullptr, total);
  settle_list(stage, closing.subspan(half, rest), &requests.front(), total);
  if (stage.ok())
    stage.say.line(fmt::format("{} paid by treasurers 2 and 3 ({} leave the ledger), {} given back",
                               grouped(total.paid), money_text(total.paid_amount), grouped(total.refunded)));
  return total.paid_amount;
}

void rotate_key(Stage& stage) {
  const u64 id = stage.plan.rotating;
  const Person before = std::move(stage.members[id]);
  Person after = make_person(stage.plan.seed, "rotated", id);
  const ledger::AcceptKey consent{
      .previous = before.address, .next = after.address, .nonce = stage.next_nonce(before)};
  ledger::RotateKey tx{.new_address = after.address, .new_signature = {}};
  tx.new_signature.bytes = crypto::sign(after.key, ledger::statement_digest(stage.signing, consent)).bytes;
  stage.act(before, tx);
  stage.refuse(
      {{"a transfer by a key that was rotated away",
        stage.attempt(before, transfer_of(stage.cast.buyers[0].address, 1)), TxError::account_retired}});
  pb::GetMemberRequest request;
  request.mutable_member()->set_member(id);
  const auto member =
      stage.call(&pb::GovernanceService::Stub::GetMember, stage.client.governance(), request).member();
  stage.expect_text("address of the member with a new key", to_hex(after.address.view()),
                    to_hex(as_bytes(member.address())));
  stage.members[id] = std::move(after);
  if (stage.ok())
    stage.say.line(fmt::format("member {} has a new key: same units, same money, same history", id));
}

void leave(Stage& stage) {
  const u64 id = stage.plan.leaving;
  stage.act(stage.members[id], ledger::Leave{});
  stage.settled[id] = true;  // a change of units settles first (6.6)
  pb::GetMemberRequest request;
  request.mutable_member()->set_member(id);
  const auto member =
      stage.call(&pb::GovernanceService::Stub::GetMember, stage.client.governance(), request).member();
  stage.expect("status of the member who left", pb::MEMBER_STATUS_LEFT, static_cast<u64>(member.status()));
  stage.expect("units of the member who left", 0,
               member.holdings_size() == 0 ? 0 : member.holdings(0).units());
  const auto classes = stage.call(&pb::GovernanceService::Stub::ListShareClasses, stage.client.governance(),
                                  pb::ListShareClassesRequest{});
  const u64 total =
      std::accumulate(stage.plan.units.begin(), stage.plan.units.end(), u64{0}) - stage.plan.units[id];
  stage.expect("share classes", 1, static_cast<u64>(classes.share_classes_size()));
  if (stage.ok())
    stage.expect("units of the class, one member less", total, classes.share_classes(0).total_units());
  if (stage.ok()) stage.say.line(fmt::format("member {} left: no units, and the money is still theirs", id));
}

// Something to vote on for whoever looks at the data afterwards.
void leave_a_proposal_open(Stage& stage) {
  const OpenProposal on =
      open_proposal(stage, stage.plan.sale_proposer,
                    {.title = "A class of units for podcasts",
                     .body = {"Open for seven days: `moot vote` works on it."},
                     .kind = ledger::ProposalKind::creation,
                     .actions = {ledger::ClassCreation{.name = "podcasts", .attested_only = true}}});
  if (!stage.ok()) return;
  stage.send("Voting",
             {stage.ballot(on, {.member = stage.plan.sale_proposer, .choice = ledger::Choice::in_favour})});
  ++stage.ballots;
  stage.say.line(fmt::format("proposal {}, \"{}\", stays open for visitors", on.id, on.title));
}

// supply = stored + owed + treasury + escrow + locked (rules.md §7), each part by itself.
void check_supply(Stage& stage, u64 burned, u64 locked) {
  const pb::Asset asset = stage.asset();
  u64 owed = 0;
  for (u64 member = 0; member < stage.shares.size(); ++member)
    if (!stage.settled[member]) owed += stage.shares[member];
  const u64 held = std::accumulate(stage.balances.begin(), stage.balances.end(), u64{0});
  stage.expect("supply", kProceeds - burned, base_units(asset.supply()));
  stage.expect("owed to members", owed, base_units(asset.owed()));
  stage.expect("stored in accounts", held - owed, base_units(asset.stored()));
  stage.expect("locked in redemptions", locked, base_units(asset.locked()));
  stage.expect("in the treasury", kReserve, base_units(asset.treasury()));
  stage.expect("in escrow", 0, base_units(asset.escrow()));
  stage.expect("supply as the sum of its parts", kProceeds - burned, held + locked + kReserve);
  if (!stage.ok()) return;
  stage.say.line(fmt::format("supply {} = members {} + locked {} + treasury {}",
                             money_text(kProceeds - burned), money_text(held), money_text(locked),
                             money_text(kReserve)));
  stage.say.fact("supply", "Supply",
                 fmt::format("{} = members + locked + treasury", money_text(kProceeds - burned)),
                 kProceeds - burned);
}

void check_counters(Stage& stage) {
  const auto status =
      stage.call(&pb::NodeService::Stub::GetStatus, stage.client.info(), pb::GetStatusRequest{});
  stage.expect("transactions on the ledger", stage.done, status.transactions());
  stage.expect("ballots on the ledger", stage.ballots, status.ballots());
  stage.expect("members", stage.plan.numbers.members, status.members());
  stage.expect("active members", stage.plan.numbers.members - 1, status.active_members());
  if (!stage.ok()) return;
  stage.say.fact("transactions", "Transactions",
                 fmt::format("{}, {} of them ballots", grouped(stage.done), grouped(stage.ballots)),
                 stage.done);
}

}  // namespace

void play_aftermath(Stage& stage) {
  if (!stage.ok()) return;
  stage.say.act("Transfers, redemptions, a new key, a farewell");
  transfers(stage);
  const std::vector<Request> requests = request_redemptions(stage);
  const u64 burned = settle_redemptions(stage, requests);
  rotate_key(stage);
  leave(stage);
  check_balances(stage);
  check_supply(stage, burned, requests.empty() ? 0 : requests.back().amount);
  leave_a_proposal_open(stage);
  check_counters(stage);
}

}  // namespace moot::wallet::example
