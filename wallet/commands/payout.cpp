// moot payout preview and moot payout show: what a payout pays and how it stands. Reading only.
#include "wallet/commands/payout.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "ledger/types.hpp"
#include "wallet/asset_book.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/csv.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

std::string hex(const std::string& bytes) { return "0x" + to_hex(as_bytes(bytes)); }

std::string state_text(pb::SaleState state) {
  return std::string(word(static_cast<ledger::SaleState>(state)));
}

// ---- preview ----

struct PreviewOptions {
  u64 sale = 0;
  std::string suppose;
  bool all = false;
  std::string csv;
};

void print_shares(std::ostream& out, const std::vector<pb::Share>& shares) {
  Table table(
      {{"MEMBER", Align::right}, {"UNITS", Align::right}, {"SHARE", Align::right}, {"UNIT LEFT OVER"}});
  for (const auto& share : shares)
    table.add_row({std::to_string(share.member()), grouped(share.units()), share.amount().text(),
                   share.extra() ? "yes" : ""});
  table.print(out);
}

Result<void> write_shares(const std::string& path, const std::vector<pb::Share>& shares) {
  std::string text = "member,units,share_base_units,share,extra\n";
  for (const auto& share : shares)
    text += std::to_string(share.member()) + "," + std::to_string(share.units()) + "," +
            share.amount().amount() + "," + csv_cell(share.amount().text()) +
            (share.extra() ? ",1\n" : ",0\n");
  return write_private_file(path, text, Existing::refuse);
}

Result<std::string> supposed_units(const NodeClient& client, const pb::Sale& sale,
                                   const std::string& suppose) {
  if (suppose.empty()) return std::string();
  const auto assets = AssetBook::load(client);
  if (!assets) return std::unexpected(assets.error());
  const auto money = assets->parse(suppose, std::to_string(sale.terms().asset()));
  if (!money) return std::unexpected(money.error());
  return base_units(money->amount);
}

Result<void> run_preview(const Globals& globals, const PreviewOptions& options) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto sale = get_sale(*client, SaleId{options.sale});
  if (!sale) return std::unexpected(sale.error());
  const auto suppose = supposed_units(*client, *sale, options.suppose);
  if (!suppose) return std::unexpected(suppose.error());
  const bool whole = options.all || !options.csv.empty();
  auto preview = fetch_preview(*client, SaleId{options.sale}, *suppose, whole);
  if (!preview) return std::unexpected(preview.error());
  if (whole) {
    const auto signing = client->signing();
    if (!signing) return std::unexpected(signing.error());
    const auto checked = check_payout(signing->ledger_id, Ppm{sale->terms().reserve()}, *preview);
    if (!checked) return std::unexpected(checked.error());
  }
  if (!options.csv.empty())
    if (auto written = write_shares(options.csv, preview->shares); !written) return written;
  if (globals.json) {
    if (options.all) preview->totals.mutable_shares()->Assign(preview->shares.begin(), preview->shares.end());
    print_message(std::cout, preview->totals);
    return {};
  }
  print_preview(std::cout, *sale, *preview);
  if (whole) std::cout << "Computed again here from the members' units: every share is the same.\n";
  if (options.all) {
    std::cout << "\n";
    print_shares(std::cout, preview->shares);
  }
  return {};
}

void add_preview(CLI::App& payout, Globals& globals) {
  auto options = std::make_shared<PreviewOptions>();
  auto* command =
      payout.add_subcommand("preview", "What a sale's payout pays: sums, shares, and the digest to approve");
  command->add_option("SALE", options->sale, "The sale's number")->required();
  command->add_option("--suppose", options->suppose, "Before the money is there: suppose these proceeds")
      ->type_name("AMOUNT");
  command->add_flag("--all", options->all, "Check and list every member's share");
  command->add_option("--csv", options->csv, "Check every share and write them to a new CSV file")
      ->type_name("FILE");
  command->footer("Example: moot payout preview 0 --csv shares.csv");
  command->callback([&globals, options] { globals.finish(run_preview(globals, *options)); });
}

// ---- show ----

// Null before the payout has executed.
Result<std::optional<pb::GetPayoutResponse>> executed_payout(const NodeClient& client, const pb::Sale& sale) {
  if (sale.state() != pb::SALE_STATE_PAID_OUT) return std::nullopt;
  pb::GetPayoutRequest request;
  request.set_payout(sale.id());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallTimeout);
  pb::GetPayoutResponse answer;
  const grpc::Status status = client.treasury().GetPayout(&context, request, &answer);
  if (status.error_code() == grpc::StatusCode::NOT_FOUND)
    return std::nullopt;  // the reserve took all: no record (6.4)
  if (!status.ok()) return std::unexpected(failure_of(status, client.node()));
  return answer;
}

// Actions about this payout that wait for approvals.
Result<std::vector<pb::OpenAction>> actions_about(const NodeClient& client, u64 sale) {
  auto actions = list_actions(client);
  if (!actions) return std::unexpected(actions.error());
  std::erase_if(*actions, [sale](const pb::OpenAction& action) {
    const pb::Payload& payload = action.payload();
    const bool about = (payload.has_approve_payout() && payload.approve_payout().payout() == sale) ||
                       (payload.has_pause_payout() && payload.pause_payout().payout() == sale) ||
                       (payload.has_resume_payout() && payload.resume_payout().payout() == sale) ||
                       (payload.has_record_proceeds() && payload.record_proceeds().sale() == sale);
    return !about;
  });
  return actions;
}

std::vector<Fact> sale_facts(const pb::Sale& sale) {
  std::vector<Fact> facts{
      {"Sale", std::to_string(sale.id()) + ", authorised by proposal " + std::to_string(sale.proposal())},
      {"State", state_text(sale.state())},
      {"Proceeds", sale.proceeds().text()}};
  if (sale.state() == pb::SALE_STATE_AUTHORISED)
    facts.push_back({"To be paid until", time_text(TimeMs{sale.funding_deadline_ms()})});
  if (sale.funded_at_ms() != 0) {
    facts.push_back({"Funded", time_text(TimeMs{sale.funded_at_ms()})});
    facts.push_back({"Reserve", sale.reserve().text()});
  }
  if (sale.due_ms() != 0) facts.push_back({"Due", time_text(TimeMs{sale.due_ms()})});
  if (sale.paused_until_ms() != 0)
    facts.push_back({"Paused until", time_text(TimeMs{sale.paused_until_ms()})});
  else if (sale.pause_used())
    facts.push_back({"Pause", "used and ended"});
  return facts;
}

void print_show(const pb::Sale& sale, const std::optional<pb::GetPayoutResponse>& executed,
                const std::vector<pb::OpenAction>& actions, const AssetBook& assets) {
  auto facts = sale_facts(sale);
  if (sale.paid_out_height() != 0) facts.push_back({"Paid out", "block " + grouped(sale.paid_out_height())});
  if (executed) {
    const pb::Payout& payout = executed->payout();
    facts.push_back({"Shared", payout.amount().text()});
    facts.push_back(
        {"Units", grouped(payout.total_units()) + " at height " + grouped(payout.record_height())});
    facts.push_back(
        {"Not settled yet", assets.render(AssetId{payout.amount().asset()},
                                          parse_base_units(payout.remaining()).value_or(Amount{}))});
    facts.push_back({"Digest", hex(payout.digest())});
  }
  print_facts(std::cout, facts);
  for (const auto& action : actions)
    std::cout << "\nAction " << action.id() << " waits: " << action.tx_name() << ", "
              << approvals_text(action) << "\n";
}

Result<void> run_show(const Globals& globals, u64 id) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto sale = get_sale(*client, SaleId{id});
  if (!sale) return std::unexpected(sale.error());
  const auto executed = executed_payout(*client, *sale);
  if (!executed) return std::unexpected(executed.error());
  const auto actions = actions_about(*client, id);
  if (!actions) return std::unexpected(actions.error());
  if (globals.json) {
    boost::json::object out{{"sale", message_json(*sale)}};
    out["payout"] = *executed ? message_json((*executed)->payout()) : boost::json::value(nullptr);
    boost::json::array list;
    for (const auto& action : *actions) list.push_back(message_json(action));
    out["actions"] = std::move(list);
    print_json(std::cout, out);
    return {};
  }
  const auto assets = AssetBook::load(*client);
  if (!assets) return std::unexpected(assets.error());
  print_show(*sale, *executed, *actions, *assets);
  return {};
}

void add_show(CLI::App& payout, Globals& globals) {
  auto sale = std::make_shared<u64>(0);
  auto* command =
      payout.add_subcommand("show", "How a sale's money and payout stand, and what waits for approvals");
  command->add_option("SALE", *sale, "The sale's number")->required();
  command->footer("Example: moot payout show 0");
  command->callback([&globals, sale] { globals.finish(run_show(globals, *sale)); });
}

}  // namespace

Result<pb::Sale> get_sale(const NodeClient& client, SaleId sale) {
  pb::GetSaleRequest request;
  request.set_sale(sale.value);
  auto answer = client.call(&pb::TreasuryService::Stub::GetSale, client.treasury(), request);
  if (!answer) return std::unexpected(answer.error());
  return std::move(*answer->mutable_sale());
}

Result<CheckedPayout> fetch_and_check(const NodeClient& client, SaleId id) {
  auto sale = get_sale(client, id);
  if (!sale) return std::unexpected(sale.error());
  const auto signing = client.signing();
  if (!signing) return std::unexpected(signing.error());
  auto preview = fetch_preview(client, id, {}, true);
  if (!preview) return std::unexpected(preview.error());
  const auto computed = check_payout(signing->ledger_id, Ppm{sale->terms().reserve()}, *preview);
  if (!computed) return std::unexpected(computed.error());
  return CheckedPayout{.sale = std::move(*sale), .preview = std::move(*preview), .computed = *computed};
}

void print_preview(std::ostream& out, const pb::Sale& sale, const WholePreview& preview) {
  const auto& totals = preview.totals;
  const pb::Payout& payout = totals.payout();
  std::vector<Fact> facts{
      {"Payout of sale", std::to_string(sale.id()) + " (" + state_text(sale.state()) + ")"},
      {"Proceeds", payout.proceeds().text()},
      {"Reserve", payout.reserve().text() + " (" + ppm_text(Ppm{sale.terms().reserve()}) + ")"},
      {"Members share", payout.amount().text()},
      {"Class", std::to_string(payout.share_class())},
      {"Units", grouped(payout.total_units()) + " at height " + grouped(payout.record_height())},
      {"Members with units", grouped(totals.members())}};
  if (totals.members() > 0) {
    facts.push_back({"Smallest share", totals.smallest().text()});
    facts.push_back({"Median share", totals.median().text()});
    facts.push_back({"Largest share", totals.largest().text()});
    facts.push_back({"Sum of shares", totals.sum().text()});
    facts.push_back({"Units left over", grouped(payout.extras()) + " members get one base unit more"});
  }
  facts.push_back(
      {"Digest", payout.digest().empty() ? "none while proceeds are supposed" : hex(payout.digest())});
  print_facts(out, facts);
  if (totals.members_without_share() > 0)
    out << "\nNote: " << grouped(totals.members_without_share()) << " members with units get nothing.\n";
  if (totals.draw())
    out << "\nWarning: there are fewer base units than members with units. Who gets one is drawn by a public "
           "hash.\n";
  out << std::endl;
}

void add_payout_commands(CLI::App& app, Globals& globals) {
  auto* payout =
      app.add_subcommand("payout", "Look at payouts, approve, pause and resume them")->require_subcommand(1);
  add_preview(*payout, globals);
  add_show(*payout, globals);
  add_payout_approve(*payout, globals);
  add_payout_pause(*payout, globals);
}

}  // namespace moot::wallet
