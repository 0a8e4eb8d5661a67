#include "wallet/tx_flow.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <google/protobuf/util/json_util.h>

#include <iostream>

#include "base/check.hpp"
#include "base/clock.hpp"
#include "wallet/asset_book.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/payload_view.hpp"

namespace moot::wallet {
namespace {

std::string hex(std::string_view bytes) { return "0x" + to_hex(as_bytes(bytes)); }

Result<TransactionFile> build(const Globals& globals, const TxOptions& options, const NodeClient& client,
                              const TxRequest& request) {
  auto signing = client.signing();
  if (!signing) return std::unexpected(signing.error());
  const auto terms = terms_for(globals, options, client, request.nonce);
  if (!terms) return std::unexpected(terms.error());
  TransactionFile file{.signing = std::move(*signing),
                       .tx = {.payload = request.payload,
                              .signer = terms->signer,
                              .nonce = terms->nonce,
                              .valid_until = terms->valid_until}};
  if (request.complete)
    if (auto done = request.complete(file.signing, *terms, file.tx.payload); !done)
      return std::unexpected(done.error());
  return file;
}

// A nonce given by hand may be ahead on purpose: several transactions signed at once, to be sent in their order.
bool expected_refusal(const TxOptions& options, const pb::SimulateResponse& answer) {
  return options.nonce && answer.code() == static_cast<u32>(ledger::TxError::nonce_ahead);
}

Result<void> try_out(const TxOptions& options, const NodeClient& client, const TransactionFile& file) {
  pb::SimulateRequest request;
  const Bytes envelope = ledger::encode_transaction(file.tx);
  request.mutable_transaction()->set_envelope(envelope.data(), envelope.size());
  const auto answer = client.call(&pb::TxService::Stub::Simulate, client.tx(), request);
  if (!answer) return std::unexpected(answer.error());
  if (answer->would_be_done() || expected_refusal(options, *answer)) return {};
  std::string what =
      (answer->refused() ? "the ledger would refuse this: " : "this would fail on the ledger: ") +
      answer->reason();
  if (answer->has_bad_index() && answer->bad_index() > 0)
    what += " (entry " + std::to_string(answer->bad_index() + 1) + " of the list)";
  return fail(std::move(what), answer->advice(), ExitCode::refused);
}

void print_outcome(const Globals& globals, const pb::TxStatus& status, const TxRequest* request) {
  const bool pending = status.state() == pb::TX_STATE_PENDING;
  std::string text;
  if (!pending && request != nullptr && request->outcome) text = request->outcome(status.receipt().detail());
  if (globals.json) return print_message(std::cout, status);
  if (pending) {
    print_facts(std::cout, {{"Transaction", hex(status.tx_id())}, {"State", "waits for a block"}});
    return;
  }
  if (!text.empty()) std::cout << printable(text) << "\n\n";
  print_facts(std::cout, receipt_facts(status.receipt()));
}

Result<void> submit(const Globals& globals, bool wait, const NodeClient& client, const TransactionFile& file,
                    const TxRequest* request) {
  const auto status = submit_to(client, wait, file);
  if (!status) return std::unexpected(status.error());
  print_outcome(globals, *status, request);
  return {};
}

}  // namespace

void add_tx_options(CLI::App& command, TxOptions& options) {
  const std::string group = "Signing and sending";
  auto* generate = command
                       .add_flag("--generate-only", options.generate_only,
                                 "Write the unsigned transaction as JSON, and stop")
                       ->group(group);
  command.add_option("--out", options.out, "The file for it; standard output without")
      ->type_name("FILE")
      ->needs(generate)
      ->group(group);
  command
      .add_flag("--sign-elsewhere", options.sign_elsewhere,
                "Print the typed data for another wallet, and read its signature")
      ->excludes(generate)
      ->group(group);
  command.add_flag("--no-wait", options.no_wait, "Send it, and do not wait until it is final")->group(group);
  command
      .add_option("--valid-for", options.valid_for, "How long it may take to get on the ledger: 30m, 12h, 7d")
      ->type_name("TIME")
      ->capture_default_str()
      ->group(group);
  command.add_option("--nonce", options.nonce, "Its nonce, instead of the next one")
      ->type_name("NUMBER")
      ->group(group);
}

Result<NodeClient> connect(const Globals& globals) {
  return NodeClient::connect(globals.node, globals.tls_ca);
}

Result<Address> acting_address(const Globals& globals) {
  if (!globals.from.empty()) return parse_party(globals, globals.from);
  const auto entry = chosen_key(globals);
  if (!entry) return std::unexpected(entry.error());
  if (!entry->address)
    return fail("the key file " + shown(entry->file) + " does not tell its address",
                "Name the address with --from");
  return *entry->address;
}

Result<ledger::Terms> terms_for(const Globals& globals, const TxOptions& options, const NodeClient& client,
                                std::optional<u64> nonce) {
  const auto signer = acting_address(globals);
  if (!signer) return std::unexpected(signer.error());
  const auto valid_for = parse_duration(options.valid_for);
  if (!valid_for || valid_for->is_zero())
    return fail("--valid-for " + options.valid_for + " is no duration", "Write it as 30m, 12h or 7d",
                ExitCode::usage);
  const auto until = SystemClock().now_ms().checked_add(TimeMs{valid_for->raw()});
  if (!until) return fail("--valid-for is too long", "The ledger takes 30d at most", ExitCode::usage);
  ledger::Terms terms{.signer = *signer, .nonce = 0, .valid_until = *until};
  if (options.nonce) {
    terms.nonce = *options.nonce;
  } else if (nonce) {
    terms.nonce = *nonce;
  } else {
    const auto next = client.next_nonce(*signer);
    if (!next) return std::unexpected(next.error());
    terms.nonce = *next;
  }
  return terms;
}

Result<void> write_unsigned(const TransactionFile& file, const std::string& out) {
  if (!out.empty()) return write_private_file(out, to_json(file), Existing::refuse);
  std::cout << to_json(file);
  return {};
}

Result<pb::TxStatus> submit_to(const NodeClient& client, bool wait, const TransactionFile& file) {
  const Bytes envelope = ledger::encode_transaction(file.tx);
  if (wait) return client.submit_and_wait(envelope);
  pb::SubmitRequest submit;
  submit.mutable_transaction()->set_envelope(envelope.data(), envelope.size());
  auto answer = client.call(&pb::TxService::Stub::Submit, client.tx(), submit);
  if (!answer) return std::unexpected(answer.error());
  return std::move(*answer->mutable_status());
}

Result<crypto::SecretKey> signing_key(const Globals& globals, const Address& signer) {
  const auto keystore = globals.open_keystore();
  if (!keystore) return std::unexpected(keystore.error());
  const auto entry = keystore->find(crypto::to_eip55(signer));
  if (!entry) return std::unexpected(entry.error());
  auto key = unlock(globals, *entry);
  if (!key) return std::unexpected(key.error());
  if (crypto::address_of(*key) != signer)
    return fail("the key in " + shown(entry->file) + " is not that of " + crypto::to_eip55(signer),
                "Its file is named wrongly; import the key again", ExitCode::verification_failed);
  return std::move(*key);
}

Result<void> sign_here(const Globals& globals, TransactionFile& file) {
  const auto key = signing_key(globals, file.tx.signer);
  if (!key) return std::unexpected(key.error());
  file.tx.signature = crypto::sign(*key, file.id().as<Hash>()).bytes;
  file.is_signed = true;
  return {};
}

Result<crypto::Signature> pasted_signature(const Address& signer, const Hash& digest,
                                           const std::string& typed_data) {
  std::cout << typed_data << std::endl;
  std::cerr << "Sign this with the key of " << crypto::to_eip55(signer)
            << " (eth_signTypedData_v4), and paste the signature: " << std::flush;
  std::string line;
  if (!std::getline(std::cin, line))
    return fail("no signature was given", "Paste 0x and 130 digits", ExitCode::cancelled);
  return signature_by(signer, digest, line);
}

Result<void> sign_elsewhere(TransactionFile& file) {
  const auto signature = pasted_signature(file.tx.signer, file.id().as<Hash>(),
                                          ledger::typed_data_json(file.signing, file.message()));
  if (!signature) return std::unexpected(signature.error());
  file.tx.signature = signature->bytes;
  file.is_signed = true;
  return {};
}

void show_before_signing(std::ostream& out, const TransactionFile& file, const AssetBook& assets) {
  std::vector<Fact> facts{{"organisation", file.signing.organisation}};
  for (auto& fact : payload_facts(file.tx.payload, assets)) facts.push_back(std::move(fact));
  facts.push_back({"signer", crypto::to_eip55(file.tx.signer)});
  facts.push_back({"nonce", std::to_string(file.tx.nonce)});
  facts.push_back({"valid until", limit_text(file.tx.valid_until)});
  facts.push_back({"digest", "0x" + to_hex(file.id().view())});
  out << ledger::word(file.tx.kind()) << '\n';
  print_facts(out, facts);
  out << std::endl;
}

Result<void> send_transaction(const Globals& globals, const TxOptions& options, const NodeClient& client,
                              const TxRequest& request) {
  auto file = build(globals, options, client, request);
  if (!file) return std::unexpected(file.error());
  if (auto tried = try_out(options, client, *file); !tried) return tried;
  if (options.generate_only) return write_unsigned(*file, options.out);
  if (!globals.json) {
    const auto assets = AssetBook::load(client);
    if (!assets) return std::unexpected(assets.error());
    show_before_signing(std::cerr, *file, *assets);
  }
  if (!request.question.empty())
    if (auto sure = confirm(globals, request.question); !sure) return sure;
  if (auto done = options.sign_elsewhere ? sign_elsewhere(*file) : sign_here(globals, *file); !done)
    return done;
  return submit(globals, !options.no_wait, client, *file, &request);
}

Result<void> broadcast(const Globals& globals, bool wait, const NodeClient& client,
                       const TransactionFile& file) {
  const auto signing = client.signing();
  if (!signing) return std::unexpected(signing.error());
  if (signing->ledger_id != file.signing.ledger_id || signing->organisation != file.signing.organisation)
    return fail("this transaction is for " + file.signing.organisation + ", ledger 0x" +
                    to_hex(file.signing.ledger_id.view()) + ", and the node serves " + signing->organisation +
                    ", ledger 0x" + to_hex(signing->ledger_id.view()),
                "Name the right node with --node");
  return submit(globals, wait, client, file, nullptr);
}

std::vector<Fact> receipt_facts(const pb::Receipt& receipt) {
  std::vector<Fact> facts{
      {"Transaction", hex(receipt.tx_id())},
      {"Block", grouped(receipt.height()) + ", place " + std::to_string(receipt.index() + 1)},
      {"Result", receipt.done() ? "done" : "failed: " + receipt.reason()}};
  if (!receipt.done()) facts.push_back({"Advice", receipt.advice()});
  for (const auto& item : receipt.skipped())
    facts.push_back({"Left out", "entry " + std::to_string(item.index() + 1) + ": " + item.reason()});
  return facts;
}

boost::json::value message_json(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string text;
  const auto status = google::protobuf::util::MessageToJsonString(message, &text, options);
  MOOT_CHECK(status.ok(), "every message has a JSON form");
  return boost::json::parse(text);
}

void print_message(std::ostream& out, const google::protobuf::Message& message) {
  print_json(out, message_json(message));
}

}  // namespace moot::wallet
