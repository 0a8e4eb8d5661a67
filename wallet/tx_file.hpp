// A transaction on its way between machines: a JSON file that a person can read, a wallet can sign without a node, and any
// EIP-712 tool can sign too, because the typed data stands in it.
//
//   {"format":"moot-transaction/1","kind":"Vote","organisation":…,"ledgerId":"0x…","signer":"0x…","nonce":"3",
//    "validUntilMs":"…","payload":"0x…","id":"0x…","typedData":{…},"signature":"0x…"}
//
// `payload` (its canonical bytes, kind first) is what counts. Everything else that follows from it must agree with it, so
// that nobody signs what they did not read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/ecdsa.hpp"
#include "ledger/typed_data.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxTransactionFile = std::size_t{4} << 20;

struct TransactionFile {
  ledger::SigningContext signing;
  ledger::Transaction tx;  // its signature is zeros while is_signed is false
  bool is_signed = false;

  [[nodiscard]] TxId id() const { return ledger::transaction_id(signing, tx); }
  [[nodiscard]] ledger::SignedMessage message() const;
};

std::string to_json(const TransactionFile& file);
// Refuses a file whose parts disagree, and a signature that is not its signer's (ExitCode::verification_failed).
Result<TransactionFile> parse_transaction_file(std::string_view text);

// What a wallet elsewhere gave, "0x" and 130 digits with v of 27, 28, 0 or 1: made canonical, once it is found to be by
// `signer` over `digest`.
Result<crypto::Signature> signature_by(const Address& signer, const Hash& digest, std::string_view pasted);

}  // namespace moot::wallet
