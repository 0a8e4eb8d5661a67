// The one way in which every command sends a transaction:
//
//   who signs (--from) → nonce and time limit → a trial run on the node, whose refusal ends it → what will be signed, in
//   full, on standard error → a question before money moves → the signature: by a key here, by a wallet elsewhere, or later
//   by `moot sign` → the node → the receipt on standard output
//
// Private to the wallet's source files, as node_client.hpp is.
#pragma once

#include <functional>
#include <optional>

#include "wallet/asset_book.hpp"
#include "wallet/node_client.hpp"
#include "wallet/output.hpp"
#include "wallet/tx_file.hpp"

namespace moot::wallet {

// The options of every command that sends.
struct TxOptions {
  bool generate_only = false;   // write the unsigned file and stop
  std::string out;              // where to; empty for standard output
  bool sign_elsewhere = false;  // print the typed data, take a pasted signature
  bool no_wait = false;         // do not wait until it is final
  std::string valid_for = "1h";
  std::optional<u64> nonce;
};
void add_tx_options(CLI::App& command, TxOptions& options);

struct TxRequest {
  ledger::Payload payload;
  // Asked before signing where it is not empty: for what moves money or cannot be taken back.
  std::string question;
  // Ballots, whose nonce is not the account's.
  std::optional<u64> nonce;
  // Puts into the payload what depends on the nonce: the consent of a new key. May be empty.
  std::function<Result<void>(const ledger::SigningContext&, const ledger::Terms&, ledger::Payload&)> complete;
  // A sentence on what came of it, from the receipt's detail (an id): "Proposal 3 is open." May be empty.
  std::function<std::string(u64 detail)> outcome;
};

// The node that --node and --tls-ca name.
Result<NodeClient> connect(const Globals& globals);
// The address that --from names; without it that of the keystore's only key. The key need not be here.
Result<Address> acting_address(const Globals& globals);

// All of the way. With --generate-only it ends at the file.
Result<void> send_transaction(const Globals& globals, const TxOptions& options, const NodeClient& client,
                              const TxRequest& request);

// Its last stretch, for a file that is signed already.
Result<void> broadcast(const Globals& globals, bool wait, const NodeClient& client,
                       const TransactionFile& file);

// The stretches themselves, for commands that send many.
// Who, in which turn, until when. `nonce` instead of the account's next one; --nonce goes before both.
Result<ledger::Terms> terms_for(const Globals& globals, const TxOptions& options, const NodeClient& client,
                                std::optional<u64> nonce);
// To a new file, or to standard output where `out` is empty.
Result<void> write_unsigned(const TransactionFile& file, const std::string& out);
// The key of an address, opened; the keystore must have it.
Result<crypto::SecretKey> signing_key(const Globals& globals, const Address& signer);
// With `wait` its receipt, or what became of it as ExitCode::refused; without, that it is pending.
Result<pb::TxStatus> submit_to(const NodeClient& client, bool wait, const TransactionFile& file);

// The key of --from makes the signature; `signer` must be its address.
Result<void> sign_here(const Globals& globals, TransactionFile& file);
// Typed data to standard output, one pasted line from standard input.
Result<void> sign_elsewhere(TransactionFile& file);
Result<crypto::Signature> pasted_signature(const Address& signer, const Hash& digest,
                                           const std::string& typed_data);

// What is about to be signed, field by field, with lists and texts in full, and its digest.
void show_before_signing(std::ostream& out, const TransactionFile& file, const AssetBook& assets);

// What a receipt says, for people.
std::vector<Fact> receipt_facts(const pb::Receipt& receipt);
// Any message in Protobuf's JSON mapping: fields in lowerCamelCase, 64-bit integers as text, bytes in base64.
void print_message(std::ostream& out, const google::protobuf::Message& message);
boost::json::value message_json(const google::protobuf::Message& message);

}  // namespace moot::wallet
