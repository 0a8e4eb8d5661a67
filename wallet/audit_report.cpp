#include "wallet/audit_report.hpp"

#include <boost/json.hpp>

#include "wallet/inputs.hpp"

namespace moot::wallet {
namespace {

namespace json = boost::json;

std::string text_in(const json::object& report, std::string_view name) {
  const json::value* value = report.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

Result<AuditReport> parse_audit_report(std::string_view text) {
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object())
    return fail("this is no report of an audit", "Make one with `moot audit replay --json > report.json`");
  const json::object& report = value.as_object();
  const auto ledger_id = fixed_from_hex<LedgerId>(text_in(report, "ledgerId"));
  const auto state_root = fixed_from_hex<StateRoot>(text_in(report, "stateRoot"));
  const auto report_hash = fixed_from_hex<Hash>(text_in(report, "reportHash"));
  const auto from = parse_number(text_in(report, "fromHeight"));
  const auto to = parse_number(text_in(report, "toHeight"));
  const std::string verdict = text_in(report, "verdict");
  const json::value* problem = report.if_contains("problem");
  if (!ledger_id || !state_root || !report_hash || !from || !to || verdict.empty() || problem == nullptr)
    return fail("this is no report of an audit: a member is missing or wrong",
                "Take the file as `moot audit replay --json` wrote it");
  if (!problem->is_null())
    return fail("the audit found a problem, and what is not verified is not attested",
                "Tell the other auditors and the treasurers; `moot payout pause` stops a payout",
                ExitCode::verification_failed);
  return AuditReport{.ledger_id = *ledger_id,
                     .attestation = {.from_height = Height{*from},
                                     .to_height = Height{*to},
                                     .state_root = *state_root,
                                     .report_hash = *report_hash,
                                     .verdict = verdict}};
}

}  // namespace moot::wallet
