// The list of members that a registrar admits: CSV with the columns address, units, consent_hash.
#pragma once

#include "ledger/payloads/members.hpp"
#include "wallet/csv.hpp"

namespace moot::wallet {

// The ledger's own bound, where no policy has lowered it (admissions_per_transaction).
inline constexpr std::size_t kAdmissionsPerTransaction = 1'000;

struct AdmissionRow {
  std::size_t line = 0;
  ledger::Admission admission;
};

// From a table of these three columns, in this order. An empty cell of units is 0, one of consent_hash is none. An address
// that stands twice is refused, naming both lines.
Result<std::vector<AdmissionRow>> read_admissions(const CsvTable& table);

}  // namespace moot::wallet
