#include "node/machine/executed_block.hpp"

#include <algorithm>

namespace moot::node {

std::vector<crypto::XOnlyKey> next_validators(const ledger::State& state) {
  std::vector<crypto::XOnlyKey> keys;
  const ledger::RoleTable& table = (*state.roles)[ledger::Role::validator];
  for (const ledger::Holder& holder : table.holders)
    if (table.holder(holder.account, state.time()) != nullptr)
      keys.push_back(crypto::XOnlyKey{holder.validator_key.bytes});
  std::ranges::sort(keys);
  return keys;
}

}  // namespace moot::node
