#include "ledger/laws/laws.hpp"

namespace moot::ledger {

std::span<const Law* const> all_laws() {
  static constexpr const Law* kAll[] = {&kMoneyLaw, &kPayoutLaw,   &kRegisterLaw,
                                        &kTallyLaw, &kSequenceLaw, &kAccountLaw};
  return kAll;
}

std::vector<LawBreach> check_laws(const State& before, const State& after, const Changes& changes) {
  const Step step{before, after, changes};
  std::vector<LawBreach> all;
  for (const Law* law : all_laws()) {
    Findings findings(law->name);
    law->after_block(step, findings);
    all.insert(all.end(), findings.breaches().begin(), findings.breaches().end());
  }
  return all;
}

std::vector<LawBreach> check_full_sums(const State& state) {
  std::vector<LawBreach> all;
  for (const Law* law : all_laws()) {
    if (!law->full_sums) continue;
    Findings findings(law->name);
    law->full_sums(state, findings);
    all.insert(all.end(), findings.breaches().begin(), findings.breaches().end());
  }
  return all;
}

}  // namespace moot::ledger
