// A holder's own money: transfer, pay for a sale, redeem, take a redemption back, settle.
#include "wallet/asset_book.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/inputs.hpp"
#include "wallet/people.hpp"

namespace moot::wallet {
namespace {

Result<MoneyInput> money_of(const Sender& sender, const std::string& amount, const std::string& asset) {
  const auto assets = AssetBook::load(sender.client);
  if (!assets) return std::unexpected(assets.error());
  return assets->parse(amount, asset);
}

void add_amount(CLI::App& command, std::string& amount, std::string& asset) {
  command.add_option("AMOUNT", amount, "Such as \"12.5 USDX\"")->required();
  command.add_option("--asset", asset, "The asset's symbol, where the amount has none")->type_name("SYMBOL");
}

// ---- transfer ----

struct TransferOptions {
  std::string to, amount, asset;
};

Result<TxRequest> transfer_request(const Sender& sender, const TransferOptions& options) {
  const auto to = member_address(sender.globals, sender.client, options.to);
  if (!to) return std::unexpected(to.error());
  const auto money = money_of(sender, options.amount, options.asset);
  if (!money) return std::unexpected(money.error());
  const std::string what = money->text() + " to " + crypto::to_eip55(*to);
  return TxRequest{
      .payload =
          ledger::Transfer{
              .asset = money->asset.id, .to = *to, .amount = money->amount, .amount_text = money->text()},
      .question = "Pay " + what + "?",
      .outcome = [what](u64) { return "Paid " + what + "."; }};
}

// ---- pay-sale ----

struct PayOptions {
  u64 sale = 0;
  std::string amount, asset;
};

Result<TxRequest> pay_request(const Sender& sender, const PayOptions& options) {
  const auto money = money_of(sender, options.amount, options.asset);
  if (!money) return std::unexpected(money.error());
  const std::string what = money->text() + " for sale " + std::to_string(options.sale);
  return TxRequest{.payload = ledger::PaySale{.sale = SaleId{options.sale},
                                              .amount = money->amount,
                                              .amount_text = money->text()},
                   .question = "Pay " + what + "?",
                   .outcome = [what](u64) { return "Paid " + what + "."; }};
}

// ---- redeem ----

struct RedeemOptions {
  std::string amount, asset, destination;
};

Result<TxRequest> redeem_request(const Sender& sender, const RedeemOptions& options) {
  const auto money = money_of(sender, options.amount, options.asset);
  if (!money) return std::unexpected(money.error());
  const std::string what = money->text();
  return TxRequest{
      .payload = ledger::RequestRedemption{.asset = money->asset.id,
                                           .amount = money->amount,
                                           .amount_text = what,
                                           .destination = options.destination},
      .question = "Lock " + what + " until a treasurer pays it to \"" + options.destination + "\"?",
      .outcome = [what](u64 id) {
        return "Redemption " + std::to_string(id) + " is open: " + what +
               " is locked until treasurers pay it or give it back.";
      }};
}

Result<TxRequest> cancel_request(const Sender&, const NumberOption& options) {
  const std::string done =
      "Redemption " + std::to_string(options.number) + " is taken back; its money is yours again.";
  return TxRequest{.payload = ledger::CancelRedemption{.redemption = RedemptionId{options.number}},
                   .outcome = [done](u64) { return done; }};
}

// ---- settle ----

struct SettleOptions {
  std::string member, share_class;
  u16 limit = 0;
};

Result<TxRequest> settle_request(const Sender& sender, const SettleOptions& options) {
  const auto member = find_member(sender.globals, sender.client, options.member);
  if (!member) return std::unexpected(member.error());
  const auto share_class = find_class(sender.client, options.share_class);
  if (!share_class) return std::unexpected(share_class.error());
  return TxRequest{.payload = ledger::Settle{.member = MemberId{member->id()},
                                             .share_class = *share_class,
                                             .limit = options.limit},
                   .outcome = [id = member->id()](u64) {
                     return "The shares of member " + std::to_string(id) + " are in its own hands.";
                   }};
}

void add_redeem(CLI::App& app, Globals& globals) {
  add_sending<RedeemOptions>(
      app, globals,
      {.name = "redeem",
       .about = "Ask treasurers to pay money out, outside the ledger",
       .example = "moot redeem \"50 USDX\" --to \"IBAN DE89 3704 0044 0532 0130 00\""},
      redeem_request, [](CLI::App& command, RedeemOptions& options) {
        add_amount(command, options.amount, options.asset);
        command
            .add_option("--to", options.destination,
                        "Where to pay, at most 128 bytes. Everybody can read it: where that is "
                        "not wanted, a salted hash that treasurers know")
            ->type_name("TEXT")
            ->required();
      });
}

void add_settle(CLI::App& app, Globals& globals) {
  add_sending<SettleOptions>(
      app, globals,
      {.name = "settle",
       .about = "Move shares of payouts into the own balance; happens by itself when money leaves",
       .example = "moot settle"},
      settle_request, [](CLI::App& command, SettleOptions& options) {
        command.add_option("--member", options.member, "Whose; yours without")->type_name("MEMBER");
        command.add_option("--class", options.share_class, "The share class")->type_name("CLASS");
        command.add_option("--limit", options.limit, "At most so many payouts; 0: as many as fit")
            ->type_name("COUNT");
      });
}

}  // namespace

void add_money_commands(CLI::App& app, Globals& globals) {
  add_sending<TransferOptions>(
      app, globals,
      {.name = "transfer",
       .about = "Pay somebody who has an account",
       .example = "moot transfer 0x7099…79C8 \"12.5 USDX\""},
      transfer_request, [](CLI::App& command, TransferOptions& options) {
        command.add_option("TO", options.to, "An address, a member's number or a key's name")->required();
        add_amount(command, options.amount, options.asset);
      });
  add_sending<PayOptions>(app, globals,
                          {.name = "pay-sale",
                           .about = "Pay for a sale, as its buyer",
                           .example = "moot pay-sale 0 \"55000 USDX\""},
                          pay_request, [](CLI::App& command, PayOptions& options) {
                            command.add_option("SALE", options.sale, "Its number")->required();
                            add_amount(command, options.amount, options.asset);
                          });
  add_redeem(app, globals);
  add_sending_of_number(app, globals,
                        {.name = "cancel-redemption",
                         .about = "Take a redemption back, once the treasurers' time is over",
                         .example = "moot cancel-redemption 4"},
                        "REDEMPTION", cancel_request);
  add_settle(app, globals);
}

}  // namespace moot::wallet
