#include "wallet/tx_file.hpp"

#include <boost/json.hpp>

#include <charconv>
#include <sstream>

#include "wallet/output.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

constexpr std::string_view kFormat = "moot-transaction/1";
constexpr ExitCode kWrong = ExitCode::verification_failed;

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }

ledger::Terms terms_of(const ledger::Transaction& tx) {
  return {.signer = tx.signer, .nonce = tx.nonce, .valid_until = tx.valid_until};
}

// Reads fields of one object; the first that is missing or wrong is kept.
class FieldsOf {
 public:
  explicit FieldsOf(const json::object& object) : object_(object) {}

  std::string text(std::string_view name) {
    const auto* value = object_.if_contains(name);
    if (value != nullptr && value->is_string()) return std::string(value->as_string());
    missing(name);
    return {};
  }
  u64 number(std::string_view name) {
    const std::string digits = text(name);
    u64 out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error != std::errc{} || end != digits.data() + digits.size()) missing(name);
    return out;
  }
  template <class Fixed>
  Fixed fixed(std::string_view name) {
    const auto out = fixed_from_hex<Fixed>(text(name));
    if (!out) missing(name);
    return out.value_or(Fixed{});
  }
  void missing(std::string_view name) {
    if (!problem_) problem_ = std::string(name);
  }
  [[nodiscard]] const std::optional<std::string>& problem() const { return problem_; }

 private:
  const json::object& object_;
  std::optional<std::string> problem_;
};

std::unexpected<Failure> disagree(std::string_view part) {
  return fail("the file's " + std::string(part) + " is not that of its payload",
              "Do not sign it: somebody changed it, or it is damaged. Make it again", kWrong);
}

// The parts that follow from the payload are there for people and other wallets; they may not say anything else.
Result<void> check_agreement(const json::object& object, const TransactionFile& file, FieldsOf& fields) {
  if (fields.text("kind") != ledger::word(file.tx.kind())) return disagree("kind");
  if (fields.fixed<TxId>("id") != file.id()) return disagree("id");
  const auto typed = json::parse(ledger::typed_data_json(file.signing, file.message()));
  if (const auto* stated = object.if_contains("typedData"); stated == nullptr || *stated != typed)
    return disagree("typed data");
  return {};
}

Result<TransactionFile> read_object(const json::object& object) {
  FieldsOf fields(object);
  if (fields.text("format") != kFormat)
    return fail("this is not a transaction file of this wallet", "Make one with --generate-only");
  const std::string organisation = fields.text("organisation");
  TransactionFile file{.signing = ledger::signing_context(organisation, fields.fixed<LedgerId>("ledgerId")),
                       .tx = {.payload = {},
                              .signer = fields.fixed<Address>("signer"),
                              .nonce = fields.number("nonce"),
                              .valid_until = TimeMs{fields.number("validUntilMs")}}};
  const auto payload = from_hex(fields.text("payload"));
  if (fields.problem())
    return fail("the transaction file's " + *fields.problem() + " is missing or wrong",
                "Make the file again");
  if (!payload) return disagree("payload");
  Reader in(*payload);
  decode(in, file.tx.payload);
  if (!in.finish()) return disagree("payload");
  if (auto agreed = check_agreement(object, file, fields); !agreed) return std::unexpected(agreed.error());
  return file;
}

}  // namespace

ledger::SignedMessage TransactionFile::message() const {
  return ledger::signed_message(signing, tx.payload, terms_of(tx));
}

std::string to_json(const TransactionFile& file) {
  json::object out{{"format", kFormat},
                   {"kind", ledger::word(file.tx.kind())},
                   {"organisation", file.signing.organisation},
                   {"ledgerId", hex(file.signing.ledger_id.view())},
                   {"signer", crypto::to_eip55(file.tx.signer)},
                   {"nonce", std::to_string(file.tx.nonce)},
                   {"validUntilMs", std::to_string(file.tx.valid_until.raw())},
                   {"payload", hex(encoded(file.tx.payload))},
                   {"id", hex(file.id().view())},
                   {"typedData", json::parse(ledger::typed_data_json(file.signing, file.message()))}};
  if (file.is_signed) out["signature"] = hex(crypto::with_ethereum_v({file.tx.signature}));
  std::ostringstream text;
  print_json(text, out);
  return text.str();
}

Result<TransactionFile> parse_transaction_file(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  if (error || !value.is_object())
    return fail("this is not a transaction file: it is no JSON object", "Make one with --generate-only");
  auto file = read_object(value.as_object());
  if (!file) return file;
  const auto* signature = value.as_object().if_contains("signature");
  if (signature == nullptr) return file;
  if (!signature->is_string()) return fail("the file's signature is no text", {}, kWrong);
  const auto checked =
      signature_by(file->tx.signer, file->id().as<Hash>(), std::string_view(signature->as_string()));
  if (!checked) return std::unexpected(checked.error());
  file->tx.signature = checked->bytes;
  file->is_signed = true;
  return file;
}

Result<crypto::Signature> signature_by(const Address& signer, const Hash& digest, std::string_view pasted) {
  const auto first = pasted.find_first_not_of(" \t\r\n\"");
  const auto last = pasted.find_last_not_of(" \t\r\n\"");
  if (first != std::string_view::npos) pasted = pasted.substr(first, last - first + 1);
  const auto bytes = from_hex(pasted);
  if (!bytes) return fail("the signature is not hexadecimal", "Paste 0x and 130 digits", kWrong);
  const auto canonical = crypto::canonical_signature(*bytes);
  if (!canonical)
    return fail(std::string(crypto::text(canonical.error())), "Paste 0x and 130 digits", kWrong);
  const auto key = crypto::recover(*canonical, digest);
  if (!key) return fail(std::string(crypto::text(key.error())), "Sign again", kWrong);
  if (const Address by = crypto::address_of(*key); by != signer)
    return fail("the signature is by " + crypto::to_eip55(by) + ", not by " + crypto::to_eip55(signer),
                "Sign exactly this typed data with the right key", kWrong);
  return *canonical;
}

}  // namespace moot::wallet
