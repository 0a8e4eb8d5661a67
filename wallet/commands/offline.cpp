// moot sign, broadcast and verify signature: the split between the machine that has the key and the one that has the network.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <memory>

#include "wallet/commands/commands.hpp"
#include "wallet/files.hpp"
#include "wallet/tx_flow.hpp"

namespace moot::wallet {
namespace {

Result<TransactionFile> read_transaction(const std::string& path) {
  const auto text = read_text_file(path, kMaxTransactionFile);
  if (!text) return std::unexpected(text.error());
  return parse_transaction_file(*text);
}

struct SignOptions {
  std::string file;
  std::string out;
  std::string signature;
};

// Offline, so amounts inside lists stand in base units: only the ledger knows an asset's decimals.
Result<void> run_sign(const Globals& globals, const SignOptions& options) {
  auto file = read_transaction(options.file);
  if (!file) return std::unexpected(file.error());
  if (file->is_signed)
    return fail(shown(options.file) + " is signed already", "`moot broadcast` sends it", ExitCode::usage);
  if (!options.signature.empty()) {
    const auto signature = signature_by(file->tx.signer, file->id().as<Hash>(), options.signature);
    if (!signature) return std::unexpected(signature.error());
    file->tx.signature = signature->bytes;
    file->is_signed = true;
  } else {
    show_before_signing(std::cerr, *file, AssetBook());
    if (auto sure = confirm(globals, "Sign this?"); !sure) return sure;
    if (auto done = sign_here(globals, *file); !done) return done;
  }
  if (options.out.empty()) {
    std::cout << to_json(*file);
    return {};
  }
  return write_private_file(options.out, to_json(*file), Existing::refuse);
}

Result<void> run_broadcast(const Globals& globals, const std::string& path, bool no_wait) {
  const auto file = read_transaction(path);
  if (!file) return std::unexpected(file.error());
  if (!file->is_signed)
    return fail(shown(path) + " is not signed", "Sign it with `moot sign`", ExitCode::usage);
  const auto client = connect(globals);
  if (!client) return std::unexpected(client.error());
  return broadcast(globals, !no_wait, *client, *file);
}

Result<void> run_verify_signature(const Globals& globals, const std::string& path) {
  const auto file = read_transaction(path);
  if (!file) return std::unexpected(file.error());
  if (!file->is_signed)
    return fail(shown(path) + " is not signed", "Sign it with `moot sign`", ExitCode::verification_failed);
  if (globals.json) {
    print_json(std::cout, boost::json::object{{"valid", true},
                                              {"signer", crypto::to_eip55(file->tx.signer)},
                                              {"id", "0x" + to_hex(file->id().view())}});
    return {};
  }
  std::cout << "The signature is good: " << crypto::to_eip55(file->tx.signer) << " signed this.\n\n";
  show_before_signing(std::cout, *file, AssetBook());
  return {};
}

}  // namespace

void add_offline_commands(CLI::App& app, Globals& globals) {
  auto sign = std::make_shared<SignOptions>();
  auto* command = app.add_subcommand("sign", "Sign a transaction file, without a node");
  command->add_option("FILE", sign->file, "A file of --generate-only")->required();
  command->add_option("-o,--out", sign->out, "The signed file; standard output without")->type_name("FILE");
  command
      ->add_option("--signature", sign->signature,
                   "Use this signature, made elsewhere over the file's typedData: 0x and 130 digits")
      ->type_name("0x…");
  command->footer(
      "Example: moot vote 3 For --generate-only --out vote.json\n"
      "         moot sign vote.json --out signed.json    (on the machine that has the key)\n"
      "         moot broadcast signed.json");
  command->callback([&globals, sign] { globals.finish(run_sign(globals, *sign)); });

  auto path = std::make_shared<std::string>();
  auto no_wait = std::make_shared<bool>(false);
  auto* send = app.add_subcommand("broadcast", "Send a signed transaction file; it needs no key");
  send->add_option("FILE", *path, "A file of `moot sign`")->required();
  send->add_flag("--no-wait", *no_wait, "Do not wait until it is final");
  send->footer("Example: moot broadcast signed.json");
  send->callback([&globals, path, no_wait] { globals.finish(run_broadcast(globals, *path, *no_wait)); });
}

void add_verify_commands(CLI::App& app, Globals& globals) {
  auto* verify =
      app.add_subcommand("verify", "Check a signature or a receipt by itself")->require_subcommand(1);
  auto path = std::make_shared<std::string>();
  auto* signature = verify->add_subcommand("signature", "Whether a transaction file is signed by its signer");
  signature->add_option("FILE", *path, "A file of `moot sign`")->required();
  signature->footer("Example: moot verify signature signed.json");
  signature->callback([&globals, path] { globals.finish(run_verify_signature(globals, *path)); });
  add_verify_receipt(*verify, globals);
}

}  // namespace moot::wallet
