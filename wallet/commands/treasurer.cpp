// What treasurers send about sales and payouts: record-proceeds, payout approve. Reading is in payout.cpp.
#include <CLI/CLI.hpp>

#include "wallet/asset_book.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/payout.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/inputs.hpp"
#include "wallet/payout_check.hpp"
#include "wallet/people.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

// ---- record-proceeds ----

struct ProceedsOptions {
  u64 sale = 0;
  std::string amount;
  std::string reference;
  ApprovalOption approval;
};

Result<TxRequest> proceeds_request(const Sender& sender, const ProceedsOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto sale = get_sale(sender.client, SaleId{options.sale});
  if (!sale) return std::unexpected(sale.error());
  const auto assets = AssetBook::load(sender.client);
  if (!assets) return std::unexpected(assets.error());
  const auto money = assets->parse(options.amount, std::to_string(sale->terms().asset()));
  if (!money) return std::unexpected(money.error());
  const ledger::Payload payload = ledger::RecordProceeds{.sale = SaleId{options.sale},
                                                         .amount = money->amount,
                                                         .amount_text = money->text(),
                                                         .reference = options.reference,
                                                         .expires = *expires};
  const std::string what = money->text() + " for sale " + std::to_string(options.sale);
  return TxRequest{
      .payload = payload,
      .question = "State that " + what + " arrived, under the reference \"" + options.reference + "\"?",
      .outcome = role_outcome(sender.client, payload, "Recorded " + what + ".")};
}

// ---- payout approve ----

struct ApproveOptions {
  u64 sale = 0;
  std::string digest;
  ApprovalOption approval;
};

// Only a payout computed here is approved; its digest may be compared with the one that colleagues read out.
Result<TxRequest> approve_request(const Sender& sender, const ApproveOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto checked = fetch_and_check(sender.client, SaleId{options.sale});
  if (!checked) return std::unexpected(checked.error());
  const std::string digest = "0x" + to_hex(checked->computed.digest.view());
  if (!options.digest.empty()) {
    const auto expected = parse_hash(options.digest, "--digest");
    if (!expected) return std::unexpected(expected.error());
    if (*expected != checked->computed.digest)
      return fail("the payout's digest is " + digest + ", not the one of --digest",
                  "Find out with the other treasurers which payout they looked at",
                  ExitCode::verification_failed);
  }
  if (!sender.globals.json) print_preview(std::cerr, checked->sale, checked->preview);
  const std::string total = checked->preview.totals.payout().proceeds().text();
  const ledger::Payload payload = ledger::ApprovePayout{.payout = SaleId{options.sale},
                                                        .payout_digest = checked->computed.digest,
                                                        .total = checked->computed.proceeds,
                                                        .total_text = total,
                                                        .expires = *expires};
  return TxRequest{.payload = payload,
                   .question = "Approve the payout of " + total + ", digest " + digest + "?",
                   .outcome = role_outcome(sender.client, payload,
                                           "The payout is approved; `moot payout show " +
                                               std::to_string(options.sale) + "` tells when it executes.")};
}

}  // namespace

void add_payout_approve(CLI::App& payout, Globals& globals) {
  add_sending<ApproveOptions>(
      payout, globals,
      {.name = "approve",
       .about = "Treasurers: compute a payout here, compare it with the node's, and approve its digest",
       .example = "moot payout approve 0 --from treasurer"},
      approve_request, [](CLI::App& command, ApproveOptions& options) {
        command.add_option("SALE", options.sale, "The sale's number")->required();
        command.add_option("--digest", options.digest, "Approve only if the digest is this one")
            ->type_name("0x…");
        add_approval_option(command, options.approval);
      });
}

void add_treasurer_commands(CLI::App& app, Globals& globals) {
  add_sending<ProceedsOptions>(
      app, globals,
      {.name = "record-proceeds",
       .about = "Treasurers: state that money for a sale arrived outside the ledger",
       .example =
           "moot record-proceeds 0 \"55000 USDX\" --reference \"wire 2026-03-01 #7731\" --from treasurer"},
      proceeds_request, [](CLI::App& command, ProceedsOptions& options) {
        command.add_option("SALE", options.sale, "The sale's number")->required();
        command.add_option("AMOUNT", options.amount, "How much, such as \"55000 USDX\"")->required();
        command.add_option("--reference", options.reference, "What the bank calls the payment; used once")
            ->type_name("TEXT")
            ->required();
        add_approval_option(command, options.approval);
      });
}

}  // namespace moot::wallet
