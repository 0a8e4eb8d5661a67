#include "consensus/validator_set.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "crypto/sha256.hpp"

namespace moot::consensus {
namespace {

Hash hash_of(const std::vector<crypto::XOnlyKey>& keys) {
  Writer out;
  out.put(static_cast<u16>(keys.size()));
  for (const auto& key : keys) out.raw(key.view());
  return crypto::tagged_hash("moot/validators", out.view());
}

}  // namespace

ValidatorSet::ValidatorSet(std::vector<crypto::XOnlyKey> keys)
    : keys_(std::move(keys)), hash_(hash_of(keys_)) {}

std::optional<ValidatorSet> ValidatorSet::from(std::vector<crypto::XOnlyKey> keys) {
  if (keys.empty() || keys.size() > kMaxValidators) return std::nullopt;
  std::sort(keys.begin(), keys.end());
  if (std::adjacent_find(keys.begin(), keys.end()) != keys.end()) return std::nullopt;
  return ValidatorSet(std::move(keys));
}

const crypto::XOnlyKey& ValidatorSet::key(u16 index) const {
  MOOT_CHECK(index < keys_.size(), "no validator has this index");
  return keys_[index];
}

std::optional<u16> ValidatorSet::index_of(const crypto::XOnlyKey& key) const {
  const auto found = std::lower_bound(keys_.begin(), keys_.end(), key);
  if (found == keys_.end() || *found != key) return std::nullopt;
  return static_cast<u16>(found - keys_.begin());
}

std::vector<u16> leader_order(const EpochStart& start, std::size_t n) {
  MOOT_CHECK(n > 0 && n <= kMaxValidators, "an epoch has between one and kMaxValidators validators");
  Writer message;
  message.put(start.chain_id);
  message.put(start.epoch);
  message.put(start.seal);
  const Hash seed = crypto::tagged_hash("moot/leaders", message.view());

  std::vector<u16> order(n);
  std::iota(order.begin(), order.end(), u16{0});
  for (std::size_t i = n - 1; i > 0; --i) {
    Writer draw;
    draw.put(seed);
    draw.put(static_cast<u16>(i));
    const Hash hash = crypto::sha256(draw.view());
    const u64 number = Reader(hash.view()).get_uint<u64>();
    std::swap(order[i], order[number % (i + 1)]);
  }
  return order;
}

u16 leader_of(std::span<const u16> order, View view) {
  MOOT_CHECK(!order.empty(), "an epoch has at least one leader");
  return order[view.raw() % order.size()];
}

}  // namespace moot::consensus
