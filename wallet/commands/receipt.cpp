// moot receipt and moot verify receipt: what became of a transaction, and the proof that needs no trust in a node.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <google/protobuf/util/json_util.h>

#include <iostream>
#include <memory>

#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/genesis_file.hpp"
#include "wallet/inputs.hpp"
#include "wallet/receipt_check.hpp"
#include "wallet/tx_flow.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kMaxReceiptFile = std::size_t{1} << 20;

struct VerifyOptions {
  std::string file;
  std::string genesis;
};

std::string hex(std::string_view bytes) { return "0x" + to_hex(as_bytes(bytes)); }

Result<void> run_receipt(const Globals& globals, const std::string& id) {
  const auto hash = parse_hash(id, "the transaction's id");
  if (!hash) return std::unexpected(hash.error());
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  pb::GetReceiptRequest request;
  request.set_tx_id(as_string(hash->view()));
  const auto answer = client->call(&pb::LedgerService::Stub::GetReceipt, client->ledger(), request);
  if (!answer) return std::unexpected(answer.error());
  if (globals.json) {
    print_message(std::cout, *answer);
    return {};
  }
  auto facts = receipt_facts(answer->receipt());
  facts.push_back({"Time", time_text(TimeMs{answer->block().time_ms()})});
  facts.push_back({"Block hash", hex(answer->block().hash())});
  facts.push_back({"State root", hex(answer->block().state_root())});
  print_facts(std::cout, facts);
  return {};
}

// A genesis from a node is believed as far as the ledger id that follows from it is the one the reader knows.
Result<ledger::Genesis> genesis_of_node(const Globals& globals) {
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  const auto answer =
      client->call(&pb::LedgerService::Stub::GetGenesis, client->ledger(), pb::GetGenesisRequest{});
  if (!answer) return std::unexpected(answer.error());
  auto genesis = decoded<ledger::Genesis>(as_bytes(answer->genesis()));
  if (!genesis)
    return fail("the node's genesis cannot be read", "Use the wallet of its version",
                ExitCode::verification_failed);
  return std::move(*genesis);
}

Result<pb::GetReceiptResponse> receipt_file(const std::string& path) {
  const auto text = read_text_file(path, kMaxReceiptFile);
  if (!text) return std::unexpected(text.error());
  pb::GetReceiptResponse answer;
  if (!google::protobuf::util::JsonStringToMessage(*text, &answer).ok())
    return fail(shown(path) + " is no receipt", "Write one with `moot receipt ID --json`",
                ExitCode::verification_failed);
  return answer;
}

Result<void> run_verify_receipt(const Globals& globals, const VerifyOptions& options) {
  const auto answer = receipt_file(options.file);
  if (!answer) return std::unexpected(answer.error());
  const auto genesis = options.genesis.empty() ? genesis_of_node(globals)
                                               : read_genesis(options.genesis, ExitCode::verification_failed);
  if (!genesis) return std::unexpected(genesis.error());
  const auto checked = check_receipt(*answer, *genesis);
  if (!checked) return std::unexpected(checked.error());
  if (globals.json) {
    print_json(std::cout, boost::json::object{{"valid", true},
                                              {"transaction", hex(as_string(checked->id.view()))},
                                              {"done", checked->done},
                                              {"height", std::to_string(checked->height.raw())},
                                              {"ledgerId", hex(as_string(checked->ledger_id.view()))}});
    return {};
  }
  std::cout << "The receipt is good: the validators of the genesis made this final.\n\n";
  print_facts(std::cout,
              {{"Transaction", hex(as_string(checked->id.view()))},
               {"Result", checked->done ? "done" : "failed: " + answer->receipt().reason()},
               {"Block", grouped(checked->height.raw()) + " at " + time_text(checked->time)},
               {"Block hash", hex(as_string(checked->block.view()))},
               {"Ledger", hex(as_string(checked->ledger_id.view()))},
               {"Genesis from", options.genesis.empty()
                                    ? globals.node + " (compare the ledger's id with the one you know)"
                                    : shown(options.genesis)}});
  return {};
}

}  // namespace

void add_receipt_commands(CLI::App& app, Globals& globals) {
  auto id = std::make_shared<std::string>();
  auto* receipt = app.add_subcommand("receipt", "What became of a transaction");
  receipt->add_option("ID", *id, "The transaction's id, 0x and 64 digits")->required();
  receipt->footer("Example: moot receipt 0x4f2a… --json > receipt.json");
  receipt->callback([&globals, id] { globals.finish(run_receipt(globals, *id)); });
}

void add_verify_receipt(CLI::App& verify, Globals& globals) {
  auto options = std::make_shared<VerifyOptions>();
  auto* command = verify.add_subcommand("receipt", "Whether a receipt stands in a final block");
  command->add_option("FILE", options->file, "A file of `moot receipt ID --json`")->required();
  command->add_option("--genesis", options->genesis, "The ledger's genesis; asked of the node without")
      ->type_name("FILE");
  command->footer("Example: moot verify receipt receipt.json --genesis genesis.json");
  command->callback([&globals, options] { globals.finish(run_verify_receipt(globals, *options)); });
}

}  // namespace moot::wallet
