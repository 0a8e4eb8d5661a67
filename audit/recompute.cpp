#include "audit/recompute.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>

#include "crypto/sha256.hpp"
#include "ledger/payout.hpp"

namespace moot::audit {
namespace {

using Wide = boost::multiprecision::uint256_t;
using ledger::PayoutRecord;
using ledger::Sale;
using ledger::SaleState;
using ledger::State;

Wide wide(u128 value) { return Wide{static_cast<u64>(value >> 64)} << 64 | Wide{static_cast<u64>(value)}; }
u128 narrow(const Wide& value) {
  return static_cast<u128>(static_cast<u64>(value >> 64)) << 64 | static_cast<u64>(value & Wide{~u64{0}});
}

struct Claim {
  u64 member = 0;
  u64 units = 0;
  u128 whole = 0;
  u64 rest = 0;
  Hash rank;
};

// Everyone with units of the class at the record height, whatever their status.
std::vector<Claim> claims_of(const State& state, const Sale& sale) {
  std::vector<Claim> claims;
  for (u64 i = 0; i < state.members.size(); ++i)
    for (const ledger::Holding& holding : state.members[i].holdings) {
      if (holding.share_class != sale.terms.share_class) continue;
      const u64 units = holding.units.at(sale.record_height);
      if (units > 0) claims.push_back({.member = i, .units = units});
    }
  return claims;
}

void divide(std::vector<Claim>& claims, const LedgerId& ledger, SaleId sale, const Wide& amount,
            const Wide& units) {
  for (Claim& claim : claims) {
    const Wide product = amount * claim.units;
    claim.whole = narrow(product / units);
    claim.rest = static_cast<u64>(product % units);
    Writer message;
    message.put(ledger);
    message.put(sale);
    message.put(claim.member);
    claim.rank = crypto::tagged_hash("moot/payout-rank", message.view());
  }
}

bool ranks_before(const Claim& a, const Claim& b) {
  if (a.rest != b.rest) return a.rest > b.rest;
  if (a.rank != b.rank) return a.rank < b.rank;
  return a.member < b.member;
}

std::unexpected<std::string> wrong(SaleId sale, const std::string& why) {
  return std::unexpected(fmt::format("payout {}: {}", sale.value, why));
}

// The record against the sorted claims, of which the first `extras` get one unit more.
std::expected<void, std::string> compare_record(SaleId sale, const PayoutRecord& record,
                                                const std::vector<Claim>& claims, u64 extras) {
  if (record.extras != extras)
    return wrong(sale, fmt::format("{} units are left over, not {}", extras, record.extras));
  if (extras == 0) return {};
  const Claim& last = claims[extras - 1];
  if (record.cut.remainder != last.rest || record.cut.hash != last.rank ||
      record.cut.member.value != last.member)
    return wrong(sale, fmt::format("its cut is not where member {} ranks", last.member));
  return {};
}

std::expected<std::vector<u128>, std::string> shares_of(const State& state, SaleId sale,
                                                        const PayoutRecord& record,
                                                        const std::vector<Claim>& claims, u64 extras) {
  const ledger::PayoutTerms terms{.ledger_id = state.chain->ledger_id,
                                  .sale = sale,
                                  .amount = record.amount,
                                  .record_height = record.record_height};
  std::vector<u128> shares;
  shares.reserve(claims.size());
  for (std::size_t place = 0; place < claims.size(); ++place) {
    const Claim& claim = claims[place];
    const u128 share = claim.whole + (place < extras ? 1 : 0);
    const Amount given = ledger::entitlement(terms, record, MemberId{claim.member}, Units{claim.units});
    if (given.raw() != share)
      return wrong(sale, fmt::format("member {} is given another share than is due", claim.member));
    shares.push_back(share);
  }
  return shares;
}

void describe_shares(PayoutFinding& found, std::vector<u128> shares) {
  std::sort(shares.begin(), shares.end());
  found.members = shares.size();
  if (shares.empty()) return;
  u128 sum = 0;
  for (const u128 share : shares) sum += share;
  found.smallest = Amount{shares.front()};
  found.median = Amount{shares[shares.size() / 2]};
  found.largest = Amount{shares.back()};
  found.sum = Amount{sum};
}

// ---- supplies ----

struct Pools {
  Wide stored, owed, escrow, locked;
};

void add_accounts(const State& state, std::vector<Pools>& pools) {
  for (u64 i = 0; i < state.accounts.size(); ++i)
    for (const ledger::Balance& balance : state.accounts[i].balances)
      pools.at(balance.asset.value).stored += wide(balance.amount.raw());
}

void add_sales(const State& state, std::vector<Pools>& pools) {
  for (u64 i = 0; i < state.sales.size(); ++i) {
    const Sale& sale = state.sales[i];
    Pools& pool = pools.at(sale.terms.asset.value);
    const bool open = sale.state == SaleState::authorised || sale.state == SaleState::funded ||
                      sale.state == SaleState::approved;
    if (open) pool.escrow += wide(sale.paid.raw()) + wide(sale.recorded.raw());
    if (sale.payout) pool.owed += wide(sale.payout->remaining.raw());
  }
}

void add_redemptions(const State& state, std::vector<Pools>& pools) {
  for (u64 i = 0; i < state.redemptions.size(); ++i) {
    const ledger::Redemption& redemption = state.redemptions[i];
    if (redemption.state == ledger::RedemptionState::open)
      pools.at(redemption.asset.value).locked += wide(redemption.amount.raw());
  }
}

}  // namespace

std::expected<PayoutFinding, std::string> recompute_payout(const State& state, SaleId id) {
  const Sale& sale = state.sales[id.value];
  const u128 proceeds = sale.paid.raw() + sale.recorded.raw();
  const u128 reserve = narrow(wide(proceeds) * sale.terms.reserve.raw() / kMillion);
  PayoutFinding found{.sale = id,
                      .asset = sale.terms.asset,
                      .height = sale.paid_out,
                      .record_height = sale.record_height,
                      .proceeds = Amount{proceeds},
                      .reserve = Amount{reserve},
                      .amount = Amount{proceeds - reserve},
                      .units = {},
                      .members = 0,
                      .extras = 0,
                      .smallest = {},
                      .median = {},
                      .largest = {},
                      .sum = {}};
  if (sale.reserve != found.reserve)
    return wrong(id, "its reserve is not the part that the sale's terms name");
  if (found.amount.is_zero()) {
    if (sale.payout) return wrong(id, "there is a record of a payout of nothing");
    return found;
  }
  if (!sale.payout) return wrong(id, "it has no record");
  const PayoutRecord& record = *sale.payout;

  std::vector<Claim> claims = claims_of(state, sale);
  Wide units = 0;
  for (const Claim& claim : claims) units += claim.units;
  if (units == 0 || units != record.total.raw() || record.amount != found.amount ||
      record.record_height != sale.record_height)
    return wrong(id, "it is of another amount, other units or another height than the sale");
  divide(claims, state.chain->ledger_id, id, wide(found.amount.raw()), units);
  std::sort(claims.begin(), claims.end(), ranks_before);
  Wide whole = 0;
  for (const Claim& claim : claims) whole += wide(claim.whole);
  found.extras = static_cast<u64>(wide(found.amount.raw()) - whole);
  found.units = record.total;

  if (auto same = compare_record(id, record, claims, found.extras); !same)
    return std::unexpected(same.error());
  auto shares = shares_of(state, id, record, claims, found.extras);
  if (!shares) return std::unexpected(shares.error());
  describe_shares(found, std::move(*shares));
  if (found.sum != found.amount) return wrong(id, "the shares do not add up to the amount");
  return found;
}

std::expected<std::vector<AssetFinding>, std::string> sum_assets(const State& state) {
  std::vector<Pools> pools(state.assets.size());
  add_accounts(state, pools);
  add_sales(state, pools);
  add_redemptions(state, pools);
  std::vector<AssetFinding> found;
  for (u64 i = 0; i < state.assets.size(); ++i) {
    const ledger::Asset& asset = state.assets[i];
    const Pools& sum = pools[i];
    const auto differs = [](const Wide& summed, Amount counter) { return summed != wide(counter.raw()); };
    const char* bad = differs(sum.stored, asset.stored)   ? "stored"
                      : differs(sum.owed, asset.owed)     ? "owed"
                      : differs(sum.escrow, asset.escrow) ? "escrow"
                      : differs(sum.locked, asset.locked) ? "locked"
                                                          : nullptr;
    if (bad)
      return std::unexpected(
          fmt::format("asset {}: its counter of {} money is not the sum of the records", i, bad));
    if (sum.stored + sum.owed + wide(asset.treasury.raw()) + sum.escrow + sum.locked !=
        wide(asset.supply.raw()))
      return std::unexpected(fmt::format("asset {}: its supply is not where its money stands", i));
    found.push_back({.asset = AssetId{i},
                     .symbol = asset.symbol,
                     .decimals = asset.decimals,
                     .supply = asset.supply,
                     .stored = asset.stored,
                     .owed = asset.owed,
                     .treasury = asset.treasury,
                     .escrow = asset.escrow,
                     .locked = asset.locked});
  }
  return found;
}

}  // namespace moot::audit
