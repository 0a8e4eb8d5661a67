#include "ledger/payout.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/math.hpp"
#include "crypto/sha256.hpp"

namespace moot::ledger {
namespace {

void put_be(u8* to, u64 value) {
  for (int i = 0; i < 8; ++i) to[i] = static_cast<u8>(value >> (56 - 8 * i));
}

// TH("moot/payout-rank", ledger id ‖ sale id ‖ member id) for one payout and any member.
class RankHasher {
 public:
  explicit RankHasher(const PayoutTerms& terms) {
    std::copy(terms.ledger_id.bytes.begin(), terms.ledger_id.bytes.end(), message_.begin());
    put_be(message_.data() + 32, terms.sale.value);
  }
  Hash operator()(MemberId member) {
    static const crypto::TaggedHasher hasher("moot/payout-rank");
    put_be(message_.data() + 40, member.value);
    return hasher(message_);
  }

 private:
  std::array<u8, 48> message_{};
};

// True when (hash, member) ranks at or above the cut among equal remainders.
bool ranks_within(const Hash& hash, MemberId member, const RankKey& cut) {
  if (hash != cut.hash) return hash < cut.hash;
  return member <= cut.member;
}

// A·w mod U without a 256-bit product: A = a·U + b, so A·w = (a·w)·U + b·w with b, w < 2^64.
class Division {
 public:
  Division(Amount amount, u64 total)
      : total_(total), whole_(amount.raw() / total), rest_(static_cast<u64>(amount.raw() % total)) {}

  [[nodiscard]] u64 remainder(Units units) const {
    return static_cast<u64>(static_cast<u128>(rest_) * units.raw() % total_);
  }
  // floor(A·w / U): at most A, because w ≤ U.
  [[nodiscard]] u128 quotient(Units units) const {
    return whole_ * units.raw() + static_cast<u128>(rest_) * units.raw() / total_;
  }

 private:
  u64 total_;
  u128 whole_;
  u64 rest_;
};

u64 total_units(std::span<const Share> shares) {
  u64 total = 0;
  for (const Share& share : shares) {
    MOOT_CHECK(share.units.raw() <= ~u64{0} - total, "a class total fits 64 bits");
    total += share.units.raw();
  }
  MOOT_CHECK(total > 0, "a sale's class has units at its record height");
  return total;
}

struct Tied {
  u64 prefix;  // of the rank hash
  u64 member;
};

// The member of rank `rank` (from 0) by (hash, id) among the tied. Selection runs on eight bytes of each
// hash, so that ten million tied members take 160 MB; whole hashes are compared only where those eight bytes
// are equal.
RankKey select_tied(std::vector<Tied> tied, std::size_t rank, u64 remainder, RankHasher& hasher) {
  const auto by_prefix = [](const Tied& a, const Tied& b) { return a.prefix < b.prefix; };
  const auto middle = tied.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(tied.begin(), middle, tied.end(), by_prefix);
  const u64 prefix = middle->prefix;
  std::vector<std::pair<Hash, MemberId>> equal;
  std::size_t below = 0;
  for (const Tied& one : tied) {
    below += one.prefix < prefix ? 1 : 0;
    if (one.prefix == prefix) equal.emplace_back(hasher(MemberId{one.member}), MemberId{one.member});
  }
  std::sort(equal.begin(), equal.end());
  const auto& [hash, member] = equal[rank - below];
  return {.remainder = remainder, .hash = hash, .member = member};
}

// The L-th rank key, 1 ≤ extras < number of shares with units.
RankKey find_cut(const PayoutTerms& terms, std::span<const Share> shares, const Division& division,
                 u64 extras) {
  std::vector<u64> remainders;
  remainders.reserve(shares.size());
  for (const Share& share : shares)
    if (!share.units.is_zero()) remainders.push_back(division.remainder(share.units));
  const auto nth = remainders.begin() + static_cast<std::ptrdiff_t>(extras - 1);
  std::nth_element(remainders.begin(), nth, remainders.end(), std::greater<>{});
  const u64 threshold = *nth;
  remainders = {};

  // Only those exactly at the threshold compete by hash.
  RankHasher hasher(terms);
  std::vector<Tied> tied;
  u64 above = 0;
  for (const Share& share : shares) {
    if (share.units.is_zero()) continue;
    const u64 remainder = division.remainder(share.units);
    above += remainder > threshold ? 1 : 0;
    if (remainder != threshold) continue;
    const Hash hash = hasher(share.member);
    u64 prefix = 0;
    for (int i = 0; i < 8; ++i) prefix = prefix << 8 | hash.bytes[static_cast<std::size_t>(i)];
    tied.push_back({prefix, share.member.value});
  }
  return select_tied(std::move(tied), extras - above - 1, threshold, hasher);
}

}  // namespace

PayoutRecord compute_payout(const PayoutTerms& terms, std::span<const Share> shares) {
  MOOT_CHECK(!terms.amount.is_zero(), "a payout of nothing has no shares");
  const u64 total = total_units(shares);
  const Division division(terms.amount, total);
  // Σ A·w = A·U = U·Σq + Σr, so the extras are Σr / U, with nothing left over.
  u128 remainders = 0;
  for (const Share& share : shares) remainders += division.remainder(share.units);
  PayoutRecord record{.amount = terms.amount,
                      .total = Units{total},
                      .record_height = terms.record_height,
                      .extras = static_cast<u64>(remainders / total),
                      .cut = {},
                      .remaining = terms.amount,
                      .extra_left = 0};
  record.extra_left = record.extras;
  if (record.extras > 0) record.cut = find_cut(terms, shares, division, record.extras);
  return record;
}

namespace {

// Whether a member ranks at or above the cut, for the check alone: from the definition of 6.4, key by key.
bool at_or_above_cut(const PayoutTerms& terms, const RankKey& cut, MemberId member, u128 remainder) {
  if (remainder != cut.remainder) return remainder > cut.remainder;
  static const crypto::TaggedHasher rank("moot/payout-rank");
  Writer key;
  key.put(terms.ledger_id);
  key.put(terms.sale);
  key.put(member);
  return std::pair(rank(key.view()), member) <= std::pair(cut.hash, cut.member);
}

}  // namespace

bool payout_adds_up(const PayoutTerms& terms, std::span<const Share> shares, const PayoutRecord& record) {
  if (record.amount != terms.amount || record.record_height != terms.record_height || record.total.is_zero())
    return false;
  u128 paid = 0;
  u128 units = 0;
  u64 extras = 0;
  for (const auto& [member, held] : shares) {
    if (held.is_zero()) continue;
    const auto share = mul_div(terms.amount.raw(), held.raw(), record.total.raw());
    if (!share || share->quotient > terms.amount.raw() - paid) return false;
    paid += share->quotient;
    units += held.raw();
    if (record.extras != 0 && at_or_above_cut(terms, record.cut, member, share->remainder)) ++extras;
  }
  return units == record.total.raw() && extras == record.extras &&
         terms.amount.raw() - paid == record.extras && record.remaining == record.amount &&
         record.extra_left == record.extras;
}

Amount entitlement(const PayoutTerms& terms, const PayoutRecord& record, MemberId member, Units units) {
  if (units.is_zero()) return Amount{};
  MOOT_CHECK(units <= record.total, "one holds no more than all hold");
  const Division division(record.amount, record.total.raw());
  const u128 whole = division.quotient(units);
  if (record.extras == 0) return Amount{whole};
  const u64 remainder = division.remainder(units);
  if (remainder < record.cut.remainder) return Amount{whole};
  if (remainder > record.cut.remainder) return Amount{whole + 1};
  return Amount{whole + (ranks_within(RankHasher(terms)(member), member, record.cut) ? 1 : 0)};
}

Amount reserve_of(Amount proceeds, Ppm reserve) {
  MOOT_CHECK(reserve.raw() <= kMillion, "a reserve is a part of the whole");
  return Amount{mul_div(proceeds.raw(), reserve.raw(), kMillion)->quotient};
}

Hash payout_digest(const LedgerId& ledger_id, SaleId sale, Amount proceeds, Amount reserve,
                   const PayoutRecord& record) {
  Writer out;
  out.put(ledger_id);
  out.put(sale);
  out.put(proceeds);
  out.put(reserve);
  out.put(record.amount);
  out.put(record.total);
  out.put(record.record_height);
  out.put(record.extras);
  encode(out, record.cut);
  return crypto::tagged_hash("moot/payout", out.view());
}

}  // namespace moot::ledger
