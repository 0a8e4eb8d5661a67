// What auditors send: payout pause, payout resume, attest-audit.
#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include "base/clock.hpp"
#include "wallet/audit_report.hpp"
#include "wallet/commands/commands.hpp"
#include "wallet/commands/payout.hpp"
#include "wallet/commands/sending.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/role_actions.hpp"

namespace moot::wallet {
namespace {

// ---- payout pause ----

struct PauseOptions {
  u64 sale = 0;
  std::string duration, until, reason;
  ApprovalOption approval;
};

Result<TimeMs> pause_end(const PauseOptions& options) {
  if (options.duration.empty() == options.until.empty())
    return fail("it is not said how long", "Give --for 2d, or --until with a time", ExitCode::usage);
  if (!options.until.empty()) {
    const auto time = parse_time(options.until);
    if (!time)
      return fail("--until " + options.until + " is no time", "Write it as 2026-03-01T12:00Z",
                  ExitCode::usage);
    return *time;
  }
  const auto duration = parse_duration(options.duration);
  const auto end = duration && !duration->is_zero()
                       ? SystemClock().now_ms().checked_add(TimeMs{duration->raw()})
                       : std::nullopt;
  if (!end)
    return fail("--for " + options.duration + " is no duration", "Write it as 12h or 2d", ExitCode::usage);
  return *end;
}

Result<TxRequest> pause_request(const Sender& sender, const PauseOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const auto until = pause_end(options);
  if (!until) return std::unexpected(until.error());
  const ledger::Payload payload = ledger::PausePayout{
      .payout = SaleId{options.sale}, .until = *until, .reason = options.reason, .expires = *expires};
  const std::string what =
      "the payout of sale " + std::to_string(options.sale) + " until " + time_text(*until);
  return TxRequest{.payload = payload,
                   .question = "Pause " + what + "? A payout can be paused once.",
                   .outcome = role_outcome(sender.client, payload, "Paused " + what + ".")};
}

// ---- payout resume ----

struct ResumeOptions {
  u64 sale = 0;
  ApprovalOption approval;
};

Result<TxRequest> resume_request(const Sender& sender, const ResumeOptions& options) {
  const auto expires = approval_expires(options.approval);
  if (!expires) return std::unexpected(expires.error());
  const ledger::Payload payload = ledger::ResumePayout{.payout = SaleId{options.sale}, .expires = *expires};
  const std::string what = "the pause of the payout of sale " + std::to_string(options.sale);
  return TxRequest{.payload = payload,
                   .question = "End " + what + "? It cannot be paused again.",
                   .outcome = role_outcome(sender.client, payload, "Ended " + what + ".")};
}

// ---- attest-audit ----

struct AttestOptions {
  std::string report;
};

// The ledger cannot compare an old root; the node's header of that height can. Nobody attests to a chain that the node
// does not have.
Result<void> check_root(const NodeClient& client, const ledger::AttestAudit& attestation) {
  pb::GetBlockRequest request;
  request.set_height(attestation.to_height.raw());
  const auto answer = client.call(&pb::LedgerService::Stub::GetBlock, client.ledger(), request);
  if (!answer) return std::unexpected(answer.error());
  if (answer->block().state_root() == as_string(attestation.state_root.view())) return {};
  return fail(
      "the node's block " + grouped(attestation.to_height.raw()) + " has another state root than the report",
      "Replay again; if they still differ, tell the other auditors", ExitCode::verification_failed);
}

Result<TxRequest> attest_request(const Sender& sender, const AttestOptions& options) {
  const auto text = read_text_file(options.report, kMaxAuditReport);
  if (!text) return std::unexpected(text.error());
  const auto report = parse_audit_report(*text);
  if (!report) return std::unexpected(report.error());
  const auto signing = sender.client.signing();
  if (!signing) return std::unexpected(signing.error());
  if (signing->ledger_id != report->ledger_id)
    return fail(
        "the report is about ledger 0x" + to_hex(report->ledger_id.view()) + ", which is not the node's",
        "Name the right node with --node");
  if (const auto same = check_root(sender.client, report->attestation); !same)
    return std::unexpected(same.error());
  const std::string what = "blocks " + grouped(report->attestation.from_height.raw()) + " to " +
                           grouped(report->attestation.to_height.raw()) + " as \"" +
                           report->attestation.verdict + "\"";
  return TxRequest{.payload = report->attestation,
                   .question = "Attest " + what + "?",
                   .outcome = [what](u64) { return "Attested " + what + "."; }};
}

}  // namespace

void add_payout_pause(CLI::App& payout, Globals& globals) {
  add_sending<PauseOptions>(
      payout, globals,
      {.name = "pause",
       .about = "Auditors: stop a payout, once, for at most the ledger's longest pause",
       .example = "moot payout pause 0 --for 2d --reason \"the register is being checked\" --from auditor"},
      pause_request, [](CLI::App& command, PauseOptions& options) {
        command.add_option("SALE", options.sale, "The sale's number")->required();
        auto* duration =
            command.add_option("--for", options.duration, "How long from now")->type_name("TIME");
        command.add_option("--until", options.until, "Until when: 2026-03-01T12:00Z")
            ->type_name("TIME")
            ->excludes(duration);
        command.add_option("--reason", options.reason, "Why, for everybody to read")
            ->type_name("TEXT")
            ->required();
        add_approval_option(command, options.approval);
      });
  add_sending<ResumeOptions>(payout, globals,
                             {.name = "resume",
                              .about = "Auditors: end a pause before its time",
                              .example = "moot payout resume 0 --from auditor"},
                             resume_request, [](CLI::App& command, ResumeOptions& options) {
                               command.add_option("SALE", options.sale, "The sale's number")->required();
                               add_approval_option(command, options.approval);
                             });
}

void add_auditor_commands(CLI::App& app, Globals& globals) {
  add_sending<AttestOptions>(
      app, globals,
      {.name = "attest-audit",
       .about = "Auditors: state on the ledger what a replay found",
       .example = "moot audit replay --node 127.0.0.1:9090 --json > report.json\n"
                  "         moot attest-audit --report report.json --from auditor"},
      attest_request, [](CLI::App& command, AttestOptions& options) {
        command.add_option("--report", options.report, "The JSON report of `moot audit replay`")
            ->type_name("FILE")
            ->required();
      });
}

}  // namespace moot::wallet
