#include "node/app/validator_notice.hpp"

#include <algorithm>
#include <iterator>

#include "node/machine/executed_block.hpp"

namespace moot::node::app {
namespace {

// "a,b": the keys of `all` that `others` lacks.
std::string only_in(const ValidatorKeys& all, const ValidatorKeys& others) {
  ValidatorKeys missing;
  std::ranges::set_difference(all, others, std::back_inserter(missing));
  std::string out;
  for (const crypto::XOnlyKey& key : missing) out += (out.empty() ? "" : ",") + to_hex(key.view());
  return out;
}

ValidatorKeys ascending(ValidatorKeys keys) {
  std::ranges::sort(keys);
  return keys;
}

}  // namespace

ValidatorNotice::ValidatorNotice(LedgerNode& node, ValidatorKeys signing, Logger& log)
    : signing_(ascending(std::move(signing))), log_(log), told_(signing_) {
  look(*node.snapshot());
  subscription_ = node.on_commit([this](const SnapshotPtr& snapshot) { look(*snapshot); });
}

void ValidatorNotice::look(const Snapshot& snapshot) {
  ValidatorKeys named = next_validators(snapshot.state);
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
