#include "ledger/genesis.hpp"

#include "crypto/sha256.hpp"

namespace moot::ledger {

RuleBook default_rules() {
  RuleBook book;
  for (std::size_t i = 0; i < kProposalKinds; ++i)
    book.policies[i] = default_policy(static_cast<ProposalKind>(i));
  book.parameters = default_parameters();
  return book;
}

LedgerId ledger_id(const Genesis& genesis) {
  return crypto::tagged_hash("moot/genesis", encoded(genesis)).as<LedgerId>();
}

}  // namespace moot::ledger
