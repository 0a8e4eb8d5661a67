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

std::vector<crypto::XOnlyKey> validator_keys(const Genesis& genesis) {
  std::vector<crypto::XOnlyKey> keys;
  for (const GenesisHolder& holder : genesis.roles[Role::validator].holders)
    keys.push_back(crypto::XOnlyKey{holder.validator_key.bytes});
  return keys;
}

LedgerId ledger_id(const Genesis& genesis) {
  return crypto::tagged_hash("moot/genesis", encoded(genesis)).as<LedgerId>();
}

}  // namespace moot::ledger
