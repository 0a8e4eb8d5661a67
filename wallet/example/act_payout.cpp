// From the proceeds to everybody's balance: recorded by two of three treasurers, previewed, approved by two of three, held
// by an auditor, let go by another, executed in one record.
#include <fmt/format.h>

#include <thread>

#include "wallet/example/stage.hpp"
#include "wallet/output.hpp"

namespace moot::wallet::example {
namespace {

using ledger::TxError;

constexpr Milliseconds kExecution{30'000};
constexpr Milliseconds kHeld{1'000};  // how long the story watches that a paused payout stays where it is
constexpr u64 kPauseMs = 600'000;
constexpr unsigned kReaders = 4;  // calls at once when all balances are read

// The second of two signatures: finds the open action as a treasurer would, and approves it by its key.
pb::Receipt approve_open_action(Stage& stage, const Person& person) {
  const auto actions = stage.call(&pb::GovernanceService::Stub::ListActions, stage.client.governance(),
                                  pb::ListActionsRequest{});
  stage.expect("actions that wait for an approval", 1, static_cast<u64>(actions.actions_size()));
  if (!stage.ok()) return {};
  const pb::OpenAction& open = actions.actions(0);
  ledger::ApproveAction tx{.action = open.id(), .key = {}, .expires = Stage::in_an_hour()};
  std::ranges::copy(as_bytes(open.key()), tx.key.bytes.begin());
  return stage.act(person, tx);
}

void record_proceeds(Stage& stage) {
  const auto& treasurers = stage.cast.treasurers;
  const ledger::RecordProceeds tx{.sale = SaleId{stage.sale},
                                  .amount = Amount{kProceeds},
                                  .amount_text = signed_text(kProceeds),
                                  .reference = "wire 2026-11-0001",
                                  .expires = Stage::in_an_hour()};
  stage.refuse({{"proceeds recorded by a registrar", stage.attempt(stage.cast.registrars[0], tx),
                 TxError::role_needed}});
  stage.act(treasurers[0], tx);
  stage.refuse({{"a treasurer's second approval of one action", stage.attempt(treasurers[0], tx),
                 TxError::already_approved}});
  stage.expect("state of the sale with one approval of its proceeds", pb::SALE_STATE_AUTHORISED,
               static_cast<u64>(stage.sale_record().state()));
  approve_open_action(stage, treasurers[2]);
  const pb::Sale funded = stage.sale_record();
  stage.expect("state of the sale with two approvals of its proceeds", pb::SALE_STATE_FUNDED,
               static_cast<u64>(funded.state()));
  stage.expect("proceeds", kProceeds, base_units(funded.proceeds().amount()));
  stage.expect("reserve", kReserve, base_units(funded.reserve().amount()));
  if (stage.ok())
    stage.say.line(fmt::format("{} recorded by treasurers 1 and 3; {} of it stay in the treasury",
                               money_text(kProceeds), money_text(kReserve)));
}

// Every member's share on every page against the model's. Gives the digest that treasurers sign.
Hash check_preview(Stage& stage) {
  stage.shares = share_out(kShared, stage.plan.units, stage.signing.ledger_id, stage.sale);
  const ShareFigures figures = figures_of(stage.shares);
  pb::PreviewPayoutRequest request;
  request.set_sale(stage.sale);
  request.set_page_size(1'000);
  Hash digest;
  u64 listed = 0;
  const Stopwatch watch;
  do {
    const auto page = stage.call(&pb::TreasuryService::Stub::PreviewPayout, stage.client.treasury(), request);
    if (listed == 0) {
      stage.expect("amount to share out", kShared, base_units(page.payout().amount().amount()));
      stage.expect("record height of the payout", stage.record_height, page.payout().record_height());
      stage.expect("members with a share", stage.plan.numbers.members, page.members());
      stage.expect("smallest share", figures.smallest, base_units(page.smallest().amount()));
      stage.expect("median share", figures.median, base_units(page.median().amount()));
      stage.expect("largest share", figures.largest, base_units(page.largest().amount()));
      stage.expect("sum of the shares", kShared, base_units(page.sum().amount()));
      stage.expect("bytes of the payout's digest", digest.bytes.size(), page.payout().digest().size());
      if (stage.ok()) std::ranges::copy(as_bytes(page.payout().digest()), digest.bytes.begin());
    }
    for (const pb::Share& share : page.shares()) {
      if (!stage.ok() || share.member() >= stage.shares.size()) break;
      stage.expect(fmt::format("share of member {}", share.member()), stage.shares[share.member()],
                   base_units(share.amount().amount()));
      ++listed;
    }
    request.set_page_token(page.next_page_token());
  } while (stage.ok() && !request.page_token().empty());
  stage.expect("shares in the preview", stage.plan.numbers.members, listed);
  stage.expect("sum of the model's shares", kShared, figures.sum);
  if (!stage.ok()) return digest;
  stage.say.work(fmt::format("{} shares previewed, each as computed here", grouped(listed)), listed,
                 watch.elapsed());
  stage.say.fact("smallest", "Smallest share", money_text(figures.smallest), figures.smallest);
  stage.say.fact("median", "Median share", money_text(figures.median), figures.median);
  stage.say.fact("largest", "Largest share", money_text(figures.largest), figures.largest);
  return digest;
}

ledger::PausePayout pause(const Stage& stage) {
  return {.payout = SaleId{stage.sale},
          .until = TimeMs{Stage::in_an_hour().raw() - 3'600'000 + kPauseMs},
          .reason = "checking the list of members",
          .expires = Stage::in_an_hour()};
}

// Approved and due, but paused: the chain stands still until the pause is ended.
void approve_and_hold(Stage& stage, const Hash& digest) {
  const auto& treasurers = stage.cast.treasurers;
  const auto& auditors = stage.cast.auditors;
  const ledger::ApprovePayout approval{.payout = SaleId{stage.sale},
                                       .payout_digest = digest,
                                       .total = Amount{kProceeds},
                                       .total_text = signed_text(kProceeds),
                                       .expires = Stage::in_an_hour()};
  stage.act(treasurers[0], approval);
  stage.act(auditors[0], pause(stage));
  approve_open_action(stage, treasurers[1]);
  stage.refuse(
      {{"a second pause of one payout", stage.attempt(auditors[1], pause(stage)), TxError::already_paused}});
  const u64 height = stage.head().height();
  if (stage.ok()) std::this_thread::sleep_for(kHeld);
  stage.expect("state of a sale whose payout is approved and paused", pb::SALE_STATE_APPROVED,
               static_cast<u64>(stage.sale_record().state()));
  stage.expect("height while the payout is held", height, stage.head().height());
  if (stage.ok()) stage.say.line("approved by treasurers 1 and 2, held by auditor 1: nothing moves");
  stage.act(auditors[1], ledger::ResumePayout{.payout = SaleId{stage.sale}, .expires = Stage::in_an_hour()});
  const Stopwatch watch;
  stage.wait_until("the payout", kExecution,
                   [&] { return stage.sale_record().state() == pb::SALE_STATE_PAID_OUT; });
  if (stage.ok())
    stage.say.line(fmt::format("let go by auditor 2: {} paid to {} members by one record, {} ms later",
                               money_text(kShared), grouped(stage.plan.numbers.members),
                               watch.elapsed().count()));
  stage.refuse(
      {{"a pause after the fact", stage.attempt(auditors[0], pause(stage)), TxError::payout_not_payable}});
}

std::vector<u64> read_balances(Stage& stage) {
  std::vector<u64> out(stage.plan.numbers.members, ~u64{0});
  if (!stage.ok()) return out;
  std::vector<std::optional<Failure>> failures(kReaders);
  std::vector<std::jthread> readers;
  for (unsigned reader = 0; reader < kReaders; ++reader)
    readers.emplace_back([&, reader] {
      for (u64 member = reader; member < out.size() && !failures[reader]; member += kReaders) {
        pb::GetBalanceRequest request;
        request.set_member(member);
        const auto answer =
            stage.client.call(&pb::TreasuryService::Stub::GetBalance, stage.client.treasury(), request);
        if (!answer)
          failures[reader] = answer.error();
        else
          out[member] =
              answer->balances_size() == 0 ? 0 : base_units(answer->balances(0).spendable().amount());
      }
    });
  readers.clear();
  for (auto& failure : failures)
    if (failure) stage.fail_with(std::move(*failure));
  return out;
}

}  // namespace

void check_balances(Stage& stage) {
  const Stopwatch watch;
  const std::vector<u64> actual = read_balances(stage);
  for (u64 member = 0; member < actual.size() && stage.ok(); ++member)
    stage.expect(fmt::format("balance of member {}", member), stage.balances[member], actual[member]);
  if (stage.ok())
    stage.say.work(fmt::format("{} balances read, each as expected", grouped(actual.size())), actual.size(),
                   watch.elapsed());
}

void play_payout(Stage& stage) {
  if (!stage.ok()) return;
  stage.say.act("Proceeds, approvals, a pause, the payout");
  record_proceeds(stage);
  const Hash digest = check_preview(stage);
  approve_and_hold(stage, digest);
  stage.balances = stage.shares;
  stage.settled.assign(stage.shares.size(), false);
  check_balances(stage);
  if (!stage.ok()) return;
  const u64 sum = std::accumulate(stage.balances.begin(), stage.balances.end(), u64{0});
  stage.expect("sum of all balances", kShared, sum);
  stage.say.fact("sum", "Sum of all shares",
                 fmt::format("{} = the amount shared out, to the unit", money_text(sum)), sum);
  stage.say.fact("reserve", "Treasury", money_text(kReserve), kReserve);
}

}  // namespace moot::wallet::example
