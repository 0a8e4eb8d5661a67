// Reading money: balances, assets, sales, payouts and shares of them, redemptions.
#include "wallet/commands/asking.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

// ---- balance ----

struct BalanceOptions {
  std::string account;
};

void show_balance(const pb::GetBalanceResponse& answer, const AssetBook&) {
  std::cout << "Account " << answer.account() << ", " << crypto::to_eip55(address_in(answer.address()))
            << "\n\n";
  Table table({{"CAN BE SPENT", Align::right},
               {"IN HAND", Align::right},
               {"OF PAYOUTS", Align::right},
               {"LOCKED", Align::right},
               {"PAYOUTS UNSETTLED", Align::right}});
  for (const auto& one : answer.balances())
    table.add_row({one.spendable().text(), one.stored().text(), one.entitled().text(), one.locked().text(),
                   std::to_string(one.unsettled_payouts())});
  if (table.empty())
    std::cout << "Nothing.\n";
  else
    table.print(std::cout);
  if (answer.frozen_until_ms() != 0)
    std::cout << "No money leaves before " << time_text(TimeMs{answer.frozen_until_ms()})
              << ": the key was recovered.\n";
}

Result<void> ask_balance(const Asker& asker, const BalanceOptions& options) {
  pb::GetBalanceRequest request;
  if (const auto number = parse_number(options.account)) {
    request.set_member(*number);
  } else {
    const auto address =
        options.account.empty() ? acting_address(asker.globals) : parse_party(asker.globals, options.account);
    if (!address) return std::unexpected(address.error());
    request.set_address(as_string(address->view()));
  }
  return print_answer(
      asker, asker.client.call(&pb::TreasuryService::Stub::GetBalance, asker.client.treasury(), request),
      show_balance);
}

// ---- assets ----

void show_assets(const pb::ListAssetsResponse& answer, const AssetBook& assets) {
  Table table({{"ID", Align::right},
               {"SUPPLY", Align::right},
               {"KIND"},
               {"IN ACCOUNTS", Align::right},
               {"OF PAYOUTS", Align::right},
               {"TREASURY", Align::right},
               {"ESCROW", Align::right},
               {"LOCKED", Align::right}});
  for (const auto& one : answer.assets()) {
    const auto text = [&](const std::string& digits) {
      const auto amount = parse_base_units(digits);
      return amount ? assets.render(AssetId{one.id()}, *amount) : digits;
    };
    table.add_row({std::to_string(one.id()), text(one.supply()), enum_text(one.kind()), text(one.stored()),
                   text(one.owed()), text(one.treasury()), text(one.escrow()), text(one.locked())});
  }
  print_listing(table, answer, "There are no assets.");
}

Result<void> ask_assets(const Asker& asker, const ListOptions& options) {
  return print_answer(asker,
                      all_pages(asker.client, &pb::TreasuryService::Stub::ListAssets, asker.client.treasury(),
                                pb::ListAssetsRequest{}, options.limit),
                      show_assets);
}

// ---- sales and payouts ----

void show_sales(const pb::ListSalesResponse& answer, const AssetBook&) {
  Table table({{"ID", Align::right},
               {"STATE"},
               {"PROPOSAL", Align::right},
               {"CLASS", Align::right},
               {"PROCEEDS", Align::right},
               {"PAYABLE UNTIL"},
               {"PAYOUT DUE"}});
  for (const auto& one : answer.sales())
    table.add_row(
        {std::to_string(one.id()), enum_text(one.state()), std::to_string(one.proposal()),
         std::to_string(one.terms().share_class()), one.proceeds().text(),
         time_text(TimeMs{one.funding_deadline_ms()}),
         one.due_ms() == 0 ? "-" : time_text(TimeMs{std::max(one.due_ms(), one.paused_until_ms())})});
  print_listing(table, answer, "There are no sales.");
}

Result<void> ask_sales(const Asker& asker, const ListOptions& options) {
  return print_answer(asker,
                      all_pages(asker.client, &pb::TreasuryService::Stub::ListSales, asker.client.treasury(),
                                pb::ListSalesRequest{}, options.limit),
                      show_sales);
}

Result<void> ask_sale(const Asker& asker, const NumberOption& options) {
  pb::GetSaleRequest request;
  request.set_sale(options.number);
  return print_answer(
      asker, asker.client.call(&pb::TreasuryService::Stub::GetSale, asker.client.treasury(), request),
      [](const pb::GetSaleResponse& answer, const AssetBook& assets) {
        print_facts(std::cout, message_facts(answer.sale(), assets));
      });
}

struct ShareOptions {
  u64 payout = 0;
  std::string member;
};

void show_share(const pb::GetEntitlementResponse& answer, const AssetBook&) {
  const auto& share = answer.share();
  print_facts(std::cout,
              {{"Member", std::to_string(share.member())},
               {"Units", grouped(share.units())},
               {"Share", share.amount().text()},
               {"One more by rank", share.extra() ? "yes" : "no"},
               {"Settled", answer.settled() ? "yes" : "no; it moves by itself when money leaves"}});
}

Result<void> ask_share(const Asker& asker, const ShareOptions& options) {
  pb::GetEntitlementRequest request;
  request.set_payout(options.payout);
  auto who = member_name(asker.globals, options.member);
  if (!who) return std::unexpected(who.error());
  *request.mutable_member() = std::move(*who);
  return print_answer(
      asker, asker.client.call(&pb::TreasuryService::Stub::GetEntitlement, asker.client.treasury(), request),
      show_share);
}

// ---- redemptions ----

struct RedemptionsOptions : ListOptions {
  bool open = false;
};

void show_redemptions(const pb::ListRedemptionsResponse& answer, const AssetBook&) {
  Table table({{"ID", Align::right},
               {"STATE"},
               {"ACCOUNT", Align::right},
               {"AMOUNT", Align::right},
               {"ASKED"},
               {"TO"},
               {"NOTE"}});
  for (const auto& one : answer.redemptions())
    table.add_row({std::to_string(one.id()), enum_text(one.state()), std::to_string(one.account()),
                   one.amount().text(), time_text(TimeMs{one.requested_ms()}), one.destination(),
                   one.note()});
  print_listing(table, answer, "There are no such redemptions.");
}

Result<void> ask_redemptions(const Asker& asker, const RedemptionsOptions& options) {
  pb::ListRedemptionsRequest request;
  if (options.open) request.set_state(pb::REDEMPTION_STATE_OPEN);
  return print_answer(asker,
                      all_pages(asker.client, &pb::TreasuryService::Stub::ListRedemptions,
                                asker.client.treasury(), request, options.limit),
                      show_redemptions);
}

void add_number(CLI::App& command, NumberOption& options) {
  command.add_option("SALE", options.number, "Its number")->required();
}

}  // namespace

void add_treasury_queries(CLI::App& app, Globals& globals) {
  add_asking<BalanceOptions>(app, globals,
                             {.name = "balance",
                              .about = "What an account has: in hand, of payouts, locked",
                              .example = "moot balance\n         moot balance 0x7099…79C8 --json"},
                             ask_balance, [](CLI::App& command, BalanceOptions& options) {
                               command.add_option(
                                   "ACCOUNT", options.account,
                                   "An address, a key's name or a member's number; yours without");
                             });
  add_asking<ListOptions>(
      app, globals,
      {.name = "assets", .about = "Assets, and where every unit of them is", .example = "moot assets"},
      ask_assets, add_limit);
  add_asking<ListOptions>(app, globals,
                          {.name = "sales", .about = "Sales, newest first", .example = "moot sales"},
                          ask_sales, add_limit);
  add_asking<NumberOption>(app, globals, {.name = "sale", .about = "A sale, whole", .example = "moot sale 0"},
                           ask_sale, add_number);
  add_asking<ShareOptions>(
      app, globals,
      {.name = "share", .about = "A member's share of a payout", .example = "moot share 0 --member 12"},
      ask_share, [](CLI::App& command, ShareOptions& options) {
        command.add_option("SALE", options.payout, "The payout's number")->required();
        command.add_option("--member", options.member, "A number, an address or a key's name; you without")
            ->type_name("MEMBER");
      });
  add_asking<RedemptionsOptions>(
      app, globals,
      {.name = "redemptions", .about = "Redemptions, newest first", .example = "moot redemptions --open"},
      ask_redemptions, [](CLI::App& command, RedemptionsOptions& options) {
        command.add_flag("--open", options.open, "Only those that wait");
        add_limit(command, options);
      });
}

}  // namespace moot::wallet
