#include "wallet/admissions.hpp"

namespace moot::wallet {
namespace {

constexpr std::size_t kAddress = 0;
constexpr std::size_t kUnits = 1;
constexpr std::size_t kConsent = 2;

Result<ledger::Admission> read_row(const CsvTable& table, const CsvRow& row) {
  ledger::Admission out;
  const auto address = table.address(row, kAddress);
  if (!address) return std::unexpected(address.error());
  out.address = *address;
  if (!row.cells[kUnits].empty()) {
    const auto units = table.number(row, kUnits, "number of units");
    if (!units) return std::unexpected(units.error());
    out.units = Units{*units};
  }
  if (!row.cells[kConsent].empty()) {
    const auto hash = table.hash(row, kConsent, "consent hash");
    if (!hash) return std::unexpected(hash.error());
    out.consent_hash = *hash;
  }
  return out;
}

}  // namespace

Result<std::vector<AdmissionRow>> read_admissions(const CsvTable& table) {
  std::vector<AdmissionRow> out;
  OnceInList<Address> addresses("address");
  u64 total = 0;
  for (const CsvRow& row : table.rows) {
    const auto admission = read_row(table, row);
    if (!admission) return std::unexpected(admission.error());
    if (const auto once = addresses.add(table, row, admission->address); !once)
      return std::unexpected(once.error());
    if (admission->units.raw() > ~u64{0} - total)
      return table.wrong(row.line, "the units add up to more than 2^64");
    total += admission->units.raw();
    out.push_back({.line = row.line, .admission = *admission});
  }
  return out;
}

}  // namespace moot::wallet
