// The report of `moot audit replay --json`, as far as an auditor attests it.
#pragma once

#include <string_view>

#include "ledger/payloads/accounts.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxAuditReport = std::size_t{64} << 20;

struct AuditReport {
  LedgerId ledger_id;
  ledger::AttestAudit attestation;
};

// Refuses a report that found a problem: what is not verified is not attested (ExitCode::verification_failed).
Result<AuditReport> parse_audit_report(std::string_view json);

}  // namespace moot::wallet
