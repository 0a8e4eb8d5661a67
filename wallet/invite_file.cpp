#include "wallet/invite_file.hpp"

#include <boost/json.hpp>

#include <sstream>

#include "wallet/inputs.hpp"
#include "wallet/output.hpp"
#include "wallet/tx_file.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

constexpr std::string_view kFormat = "moot-invite/1";

std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }

std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

std::string to_json(const InviteFile& file) {
  std::ostringstream out;
  print_json(out, json::object{{"format", kFormat},
                               {"organisation", file.signing.organisation},
                               {"ledgerId", hex(file.signing.ledger_id.view())},
                               {"code", hex(file.invite.code.view())},
                               {"registrar", crypto::to_eip55(file.invite.registrar)},
                               {"validUntilMs", std::to_string(file.invite.valid_until.raw())},
                               {"signature", hex(crypto::with_ethereum_v({file.signature.bytes}))}});
  return out.str();
}

Result<InviteFile> parse_invite_file(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse(text, error);
  const std::string advice = "Ask the registrar for the file again";
  if (error || !value.is_object() || text_in(value.as_object(), "format") != kFormat)
    return fail("this is not an invite file", advice);
  const auto& object = value.as_object();
  const auto ledger_id = fixed_from_hex<LedgerId>(text_in(object, "ledgerId"));
  const auto code = fixed_from_hex<Hash>(text_in(object, "code"));
  const auto registrar = crypto::parse_address(text_in(object, "registrar"));
  const auto until = parse_number(text_in(object, "validUntilMs"));
  if (!ledger_id || !code || !registrar || !until)
    return fail("a field of the invite is missing or wrong", advice);
  InviteFile file{.signing = ledger::signing_context(text_in(object, "organisation"), *ledger_id),
                  .invite = {.code = *code, .registrar = *registrar, .valid_until = TimeMs{*until}},
                  .signature = {}};
  const Hash digest = ledger::statement_digest(file.signing, file.invite);
  const auto signature = signature_by(*registrar, digest, text_in(object, "signature"));
  if (!signature) return std::unexpected(signature.error());
  file.signature.bytes = signature->bytes;
  return file;
}

}  // namespace moot::wallet
