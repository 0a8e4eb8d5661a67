// moot settle-redemptions: treasurers say what became of money on its way out of the ledger.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <map>
#include <memory>

#include "wallet/asset_book.hpp"
#include "wallet/bulk.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/csv.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

constexpr int kPage = 1'000;
constexpr std::size_t kSettledPerTransaction = 500;  // redemptions_per_transaction of the ledger

Result<std::vector<pb::Redemption>> open_redemptions(const NodeClient& client) {
  std::vector<pb::Redemption> out;
  pb::ListRedemptionsRequest request;
  request.set_state(pb::REDEMPTION_STATE_OPEN);
  request.set_page_size(kPage);
  do {
    const auto page = client.call(&pb::TreasuryService::Stub::ListRedemptions, client.treasury(), request);
    if (!page) return std::unexpected(page.error());
    out.insert(out.end(), page->redemptions().begin(), page->redemptions().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return out;
}

struct SettleOptions {
  std::string file;
  std::vector<std::string> pay;     // id, reference
  std::vector<std::string> refund;  // id, reason
  ApprovalOption approval;
};

struct Item {
  ledger::Settlement settlement;
  std::string place;  // "settled.csv line 4"
};

Result<std::vector<Item>> items_in_file(const std::string& file) {
  const auto table = read_csv(file, {{"redemption"}, {"result"}, {"note"}});
  if (!table) return std::unexpected(table.error());
  std::vector<Item> out;
  OnceInList<u64> redemptions("redemption");
  OnceInList<std::string> references("reference");
  for (const CsvRow& row : table->rows) {
    const auto id = table->number(row, 0, "redemption's number");
    if (!id) return std::unexpected(id.error());
    if (const auto once = redemptions.add(*table, row, *id); !once) return std::unexpected(once.error());
    const bool paid = row.cells[1] == "paid";
    if (!paid && row.cells[1] != "refund")
      return table->wrong(row.line, "the result is neither \"paid\" nor \"refund\"");
    if (row.cells[2].empty())
      return table->wrong(
          row.line, paid ? "the payment's reference is missing" : "the reason of the refund is missing");
    if (const auto once = references.add(*table, row, row.cells[2]); paid && !once)
      return std::unexpected(once.error());
    out.push_back({.settlement = {.redemption = RedemptionId{*id}, .paid = paid, .note = row.cells[2]},
                   .place = table->name + " line " + std::to_string(row.line)});
  }
  return out;
}

Result<std::vector<Item>> items_of(const SettleOptions& options) {
  if (!options.file.empty()) return items_in_file(options.file);
  const bool paid = !options.pay.empty();
  const auto& words = paid ? options.pay : options.refund;
  if (words.size() != 2)
    return fail("it is not said which redemptions",
                "Name a file, or use --pay ID REFERENCE or --refund ID REASON", ExitCode::usage);
  const auto id = parse_number(words[0]);
  if (!id)
    return fail(words[0] + " is no redemption's number", "`moot redemptions` shows them", ExitCode::usage);
  return std::vector<Item>{{.settlement = {.redemption = RedemptionId{*id}, .paid = paid, .note = words[1]},
                            .place = "redemption " + words[0]}};
}

// Money by asset and outcome, for the question.
class Sums {
 public:
  void add(const pb::Money& money, bool paid) {
    const Amount amount = parse_base_units(money.amount()).value_or(Amount{});
    auto& sum = (paid ? paid_ : refunded_)[money.asset()];
    sum = sum.checked_add(amount).value_or(Amount{kMaxU128});
  }
  [[nodiscard]] std::string text(const AssetBook& assets) const {
    std::string out;
    for (const auto& [sums, word] : {std::pair{&paid_, "burn as paid "}, std::pair{&refunded_, "give back "}})
      for (const auto& [asset, sum] : *sums)
        out += (out.empty() ? "" : ", ") + (word + assets.render(AssetId{asset}, sum));
    return out;
  }

 private:
  std::map<u64, Amount> paid_, refunded_;
};

// Every item is looked up: what is asked about is shown with owner, amount and destination, and is open.
Result<std::string> check_items(const Globals& globals, const NodeClient& client,
                                const std::vector<Item>& items) {
  const auto open = open_redemptions(client);
  if (!open) return std::unexpected(open.error());
  const auto assets = AssetBook::load(client);
  if (!assets) return std::unexpected(assets.error());
  std::map<u64, const pb::Redemption*> by_id;
  for (const auto& one : *open) by_id[one.id()] = &one;
  Table table({{"ID", Align::right}, {"AMOUNT", Align::right}, {"OWNER"}, {"PAY TO"}, {"RESULT"}, {"NOTE"}});
  Sums sums;
  for (const Item& item : items) {
    const auto found = by_id.find(item.settlement.redemption.value);
    if (found == by_id.end())
      return fail(
          item.place + ": redemption " + std::to_string(item.settlement.redemption.value) + " is not open",
          "`moot redemptions` shows how it stands; take it out and run this again");
    const pb::Redemption& one = *found->second;
    sums.add(one.amount(), item.settlement.paid);
    table.add_row({std::to_string(one.id()), one.amount().text(), crypto::to_eip55(address_in(one.address())),
                   one.destination(), item.settlement.paid ? "paid" : "refund", item.settlement.note});
  }
  if (!globals.json) {
    table.print(std::cerr);
    std::cerr << std::endl;
  }
  return sums.text(*assets);
}

BulkRequest settle_parts(const std::vector<Item>& items, TimeMs expires) {
  BulkRequest bulk;
  for (std::size_t begin = 0; begin < items.size(); begin += kSettledPerTransaction) {
    const std::size_t end = std::min(begin + kSettledPerTransaction, items.size());
    ledger::SettleRedemptions part{.items = {}, .expires = expires};
    for (std::size_t i = begin; i < end; ++i) part.items.push_back(items[i].settlement);
    bulk.parts.push_back({.payload = std::move(part), .entries = end - begin});
  }
  bulk.label = "Settling";
  bulk.place = [&items](std::size_t part, u32 index) {
    const std::size_t at = part * kSettledPerTransaction + index;
    return at < items.size() ? items[at].place : std::string("the list");
  };
  return bulk;
}

// Items that the ledger left out, by the lines they came from.
std::vector<Fact> left_out(const BulkRequest& bulk, const std::vector<BulkSent>& sent) {
  std::vector<Fact> out;
  for (std::size_t part = 0; part < sent.size(); ++part)
    for (const auto& item : sent[part].status.receipt().skipped())
      out.push_back({"Left out", bulk.place(part, item.index()) + ": " + item.reason()});
  return out;
}

Result<void> run_settle(const Globals& globals, const TxOptions& tx, const SettleOptions& options) {
  const auto items = items_of(options);
  if (!items) return std::unexpected(items.error());
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto sums = check_items(globals, *client, *items);
  if (!sums) return std::unexpected(sums.error());
  BulkRequest bulk = settle_parts(*items, *expires);
  bulk.question = "Settle " + grouped(items->size()) +
                  (items->size() == 1 ? " redemption: " : " redemptions: ") + *sums + "?";
  const auto sent = send_parts(globals, tx, *client, bulk);
  if (!sent) return std::unexpected(sent.error());
  if (tx.generate_only) return {};
  const auto skipped = left_out(bulk, *sent);
  if (globals.json) {
    boost::json::object out;
    add_sent(out, bulk, *sent);
    boost::json::array list;
    for (const auto& fact : skipped) list.push_back(boost::json::string(fact.value));
    out["leftOutItems"] = std::move(list);
    print_json(std::cout, out);
    return {};
  }
  auto facts = sent_facts(bulk, *sent);
  facts.insert(facts.end(), skipped.begin(), skipped.end());
  print_facts(std::cout, facts);
  return {};
}

}  // namespace

void add_redemption_commands(CLI::App& app, Globals& globals) {
  auto options = std::make_shared<SettleOptions>();
  auto tx = std::make_shared<TxOptions>();
  auto* command = app.add_subcommand(
      "settle-redemptions", "Treasurers: say which redemptions were paid outside, and which are given back");
  auto* file = command->add_option(
      "FILE", options->file,
      "CSV with the columns redemption, result (paid or refund), note (reference or reason)");
  auto* pay = command->add_option("--pay", options->pay, "One that was paid, and the payment's reference")
                  ->type_name("ID REFERENCE")
                  ->expected(2)
                  ->excludes(file);
  command->add_option("--refund", options->refund, "One to give back, and why")
      ->type_name("ID REASON")
      ->expected(2)
      ->excludes(file, pay);
  add_approval_option(*command, options->approval);
  add_tx_options(*command, *tx);
  command->footer(
      "Example: moot settle-redemptions paid.csv --from treasurer\n"
      "         moot settle-redemptions --pay 4 \"wire 8812\" --from treasurer");
  command->callback([&globals, options, tx] { globals.finish(run_settle(globals, *tx, *options)); });
}

}  // namespace moot::wallet
