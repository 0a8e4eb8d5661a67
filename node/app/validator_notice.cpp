#include "node/app/validator_notice.hpp"

#include <algorithm>
#include <iterator>

namespace moot::node::app {
namespace {

// "a,b": the keys of `all` that `others` lacks.
std::string only_in(const ValidatorKeys& all, const ValidatorKeys& others) {
  std::string out;
  for (const Hash& key : all)
    if (!others.contains(key)) out += (out.empty() ? "" : ",") + to_hex(key.view());
  return out;
}

}  // namespace

ValidatorKeys signing_validators(const ledger::Genesis& genesis) {
  ValidatorKeys out;
  for (const ledger::GenesisHolder& holder : genesis.roles[ledger::Role::validator].holders)
    out.insert(holder.validator_key);
  return out;
}

ValidatorKeys named_validators(const Snapshot& snapshot) {
  const ledger::RoleTable& table = (*snapshot.state.roles)[ledger::Role::validator];
  ValidatorKeys out;
  for (const ledger::Holder& holder : table.holders)
    if (table.holder(holder.account, snapshot.block.time) != nullptr) out.insert(holder.validator_key);
  return out;
}

ValidatorNotice::ValidatorNotice(LedgerNode& node, ValidatorKeys signing, Logger& log)
    : signing_(std::move(signing)), log_(log), told_(signing_) {
  look(*node.snapshot());
  subscription_ = node.on_commit([this](const SnapshotPtr& snapshot) { look(*snapshot); });
}

void ValidatorNotice::look(const Snapshot& snapshot) {
  ValidatorKeys named = named_validators(snapshot);
  if (named == told_) return;
  told_ = std::move(named);
  if (told_ == signing_) {
    log_.info("the ledger's validators are those who sign its blocks again",
              {{"height", snapshot.block.height}});
    return;
  }
  log_.warn(
      "the ledger's validators are not those who sign its blocks: the keys of the genesis go on signing",
      {{"height", snapshot.block.height},
       {"named_only", only_in(told_, signing_)},
       {"signing_only", only_in(signing_, told_)}});
}

}  // namespace moot::node::app
