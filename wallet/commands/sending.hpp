// How a command that sends registers itself: its own options, those of every sender, and a function that makes the payload.
//
//   add_sending<TransferOptions>(app, globals, {.name = "transfer", .about = …, .example = …}, transfer_request,
//                                [](CLI::App& command, TransferOptions& options) { command.add_option(…); });
#pragma once

#include <CLI/CLI.hpp>

#include <memory>

#include "wallet/tx_flow.hpp"

namespace moot::wallet {

struct CommandText {
  const char* name;
  const char* about;
  const char* example;  // a command line that works
};

// What a payload is made from besides the command's options.
struct Sender {
  const Globals& globals;
  const NodeClient& client;
};

template <class Options>
using MakeRequest = Result<TxRequest> (*)(const Sender&, const Options&);

struct NoOptions {};

template <class Options>
Result<void> run_sending(const Globals& globals, const TxOptions& tx, const Options& options,
                         MakeRequest<Options> make) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto request = make({globals, *client}, options);
  if (!request) return std::unexpected(request.error());
  return send_transaction(globals, tx, *client, *request);
}

template <class Options, class AddOptions>
CLI::App* add_sending(CLI::App& app, Globals& globals, const CommandText& text, MakeRequest<Options> make,
                      AddOptions&& add_options) {
  auto options = std::make_shared<Options>();
  auto tx = std::make_shared<TxOptions>();
  auto* command = app.add_subcommand(text.name, text.about);
  add_options(*command, *options);
  add_tx_options(*command, *tx);
  command->footer("Example: " + std::string(text.example));
  command->callback(
      [&globals, options, tx, make] { globals.finish(run_sending(globals, *tx, *options, make)); });
  return command;
}

// Of commands that only name one thing by its number.
struct NumberOption {
  u64 number = 0;
};

inline CLI::App* add_sending_of_number(CLI::App& app, Globals& globals, const CommandText& text,
                                       const char* operand, MakeRequest<NumberOption> make) {
  return add_sending<NumberOption>(app, globals, text, make,
                                   [operand](CLI::App& command, NumberOption& options) {
                                     command.add_option(operand, options.number, "Its number")->required();
                                   });
}

}  // namespace moot::wallet
