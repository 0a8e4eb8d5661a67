#include "tests/model/payout_model.hpp"

#include <algorithm>
#include <tuple>

#include "crypto/sha256.hpp"

namespace moot::model {
namespace {

void append_number(Bytes& out, u64 value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<u8>(value >> shift));
}

void append(Bytes& out, ByteView part) { out.insert(out.end(), part.begin(), part.end()); }

Hash rank_hash(const LedgerId& ledger, u64 sale, u64 member) {
  const Hash tag = crypto::sha256(as_bytes("moot/payout-rank"));
  Bytes message;
  append(message, tag.view());
  append(message, tag.view());
  append(message, ledger.view());
  append_number(message, sale);
  append_number(message, member);
  return crypto::sha256(message);
}

}  // namespace

BigInt big(u128 value) {
  return (BigInt(static_cast<u64>(value >> 64)) << 64) + BigInt(static_cast<u64>(value));
}

std::map<u64, BigInt> share_out(const LedgerId& ledger, u64 sale, const BigInt& amount,
                                const std::map<u64, u64>& units_by_member) {
  BigInt total = 0;
  for (const auto& [member, units] : units_by_member) total += units;

  std::map<u64, BigInt> shares;
  std::vector<std::tuple<BigInt, Hash, u64>> ranking;  // (minus the remainder, hash, member)
  BigInt left = amount;
  for (const auto& [member, units] : units_by_member) {
    if (units == 0) continue;
    const BigInt product = amount * units;
    const BigInt quotient = product / total;
    const BigInt remainder = product % total;
    shares[member] = quotient;
    left -= quotient;
    ranking.emplace_back(-remainder, rank_hash(ledger, sale, member), member);
  }
  std::sort(ranking.begin(), ranking.end());
  for (std::size_t i = 0; left > 0; ++i, --left) shares[std::get<2>(ranking.at(i))] += 1;
  return shares;
}

}  // namespace moot::model
