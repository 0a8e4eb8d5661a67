// Refusals in any order, of which the one that comes first in rule 1.8 is given: by code, then by place in the
// list.
#pragma once

#include "ledger/tx_error.hpp"

namespace moot::ledger {

// Callers add the entries of a list in their order, so that of one code the lowest index stays.
class FirstRefusal {
 public:
  void add(const Verdict& verdict) {
    if (!verdict && (verdict_.has_value() || verdict.error().code < verdict_.error().code))
      verdict_ = verdict;
  }
  void add_if(bool refused, TxError code) {
    if (refused) add(refuse(code));
  }
  void add_if(bool refused, TxError code, std::size_t index) {
    if (refused) add(refuse_at(code, index));
  }
  [[nodiscard]] const Verdict& verdict() const { return verdict_; }

 private:
  Verdict verdict_;
};

}  // namespace moot::ledger
