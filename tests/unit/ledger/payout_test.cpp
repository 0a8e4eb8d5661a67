// The arithmetic of rules.md §6.4–6.5.
#include "ledger/payout.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/model/payout_model.hpp"

namespace moot::ledger {
namespace {

constexpr u128 kTen38 = u128{10'000'000'000'000'000'000ull} * 10'000'000'000'000'000'000ull;

PayoutTerms terms_for(u128 amount, u64 sale = 7) {
  PayoutTerms terms{
      .ledger_id = {}, .sale = SaleId{sale}, .amount = Amount{amount}, .record_height = Height{12}};
  terms.ledger_id.bytes[0] = 0xAB;
  return terms;
}

std::vector<Share> shares_of(const std::vector<u64>& units) {
  std::vector<Share> out;
  for (std::size_t i = 0; i < units.size(); ++i) out.push_back({MemberId{i}, Units{units[i]}});
  return out;
}

std::vector<u128> entitlements(const PayoutTerms& terms, const std::vector<Share>& shares) {
  const PayoutRecord record = compute_payout(terms, shares);
  std::vector<u128> out;
  for (const Share& share : shares)
    out.push_back(entitlement(terms, record, share.member, share.units).raw());
  return out;
}

// Amounts of every size: small, in the middle, and up to 2^128 − 1.
rc::Gen<u128> any_amount() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::arbitrary<u64>(), rc::gen::arbitrary<u64>(), rc::gen::inRange(0, 128)),
      [](const std::tuple<u64, u64, int>& parts) {
        const u128 whole = static_cast<u128>(std::get<0>(parts)) << 64 | std::get<1>(parts);
        const u128 cut = whole >> std::get<2>(parts);
        return cut == 0 ? u128{1} : cut;
      });
}

// Up to 60 holders; few different values, so that ties and equal units are common; some hold nothing.
rc::Gen<std::vector<u64>> any_units() {
  const auto unit = rc::gen::oneOf(rc::gen::inRange<u64>(0, 4), rc::gen::inRange<u64>(0, 1'000),
                                   rc::gen::map(rc::gen::arbitrary<u64>(), [](u64 raw) { return raw / 64; }));
  return rc::gen::suchThat(rc::gen::container<std::vector<u64>>(unit), [](const std::vector<u64>& units) {
    return units.size() <= 60 && std::any_of(units.begin(), units.end(), [](u64 one) { return one != 0; });
  });
}

TEST(Payout, SharesWholeUnitsByWeight_6_4) {
  EXPECT_EQ(entitlements(terms_for(100), shares_of({1, 2, 7})), (std::vector<u128>{10, 20, 70}));
}

TEST(Payout, HasNoCutWhenNothingIsLeftOver_6_4) {
  const auto shares = shares_of({1, 1, 2});
  const PayoutRecord record = compute_payout(terms_for(8), shares);
  EXPECT_EQ(record.extras, 0u);
  EXPECT_EQ(record.cut, RankKey{});
  EXPECT_EQ(record.remaining, Amount{8});
  EXPECT_EQ(record.extra_left, 0u);
}

TEST(Payout, GivesTheLeftoverToTheGreatestRemainders_6_4) {
  // 10·(1,2,3)/6 = 1 r4, 3 r2, 5 r0: one left over, for the first.
  EXPECT_EQ(entitlements(terms_for(10), shares_of({1, 2, 3})), (std::vector<u128>{2, 3, 5}));
}

TEST(Payout, OneHolderGetsEverything) {
  EXPECT_EQ(entitlements(terms_for(kMaxU128), shares_of({3})), (std::vector<u128>{kMaxU128}));
}

TEST(Payout, MembersWithoutUnitsGetNothing_6_4) {
  const PayoutTerms terms = terms_for(5);
  const auto shares = shares_of({0, 3, 0, 4});
  const PayoutRecord record = compute_payout(terms, shares);
  EXPECT_EQ(entitlement(terms, record, MemberId{0}, Units{0}), Amount{0});
  EXPECT_EQ(entitlements(terms, shares), (std::vector<u128>{0, 2, 0, 3}));
}

TEST(Payout, FewerUnitsOfMoneyThanMembersIsADrawByHash_6_4) {
  const PayoutTerms terms = terms_for(3);
  const auto shares = shares_of(std::vector<u64>(10, 1));
  const auto paid = entitlements(terms, shares);
  EXPECT_EQ(std::count(paid.begin(), paid.end(), u128{1}), 3);
  EXPECT_EQ(std::count(paid.begin(), paid.end(), u128{0}), 7);
  const auto other = entitlements(terms_for(3, 8), shares);
  EXPECT_NE(paid, other) << "the draw depends on the sale";
}

TEST(Payout, MembersMakeItADrawAndNotTheirUnits_6_4) {
  EXPECT_TRUE(is_draw(Amount{2}, 3));
  EXPECT_FALSE(is_draw(Amount{3}, 3)) << "each of them may hold a million units";
}

TEST(Payout, TheRankBytesAreFrozen) {
  // Frozen so that no refactoring moves money: three equal members, one unit to give.
  const PayoutTerms terms = terms_for(1);
  const PayoutRecord record = compute_payout(terms, shares_of({1, 1, 1}));
  const auto model = model::share_out(terms.ledger_id, 7, 1, {{0, 1}, {1, 1}, {2, 1}});
  EXPECT_EQ(model.at(record.cut.member.value), 1);
  EXPECT_EQ(record.cut.remainder, 1u);
  EXPECT_EQ(to_hex(record.cut.hash.view()),
            "5c82eb285b0e21c9ddc310503602b8cd428da73c46f1b7751fad801fc931a2d0");
}

TEST(Payout, TheDigestCoversEveryField) {
  PayoutRecord record{.amount = Amount{90},
                      .total = Units{7},
                      .record_height = Height{5},
                      .extras = 2,
                      .cut = {.remainder = 3, .hash = {}, .member = MemberId{4}}};
  const auto digest = [&record](u64 sale = 1, u128 proceeds = 100, u128 reserve = 10, u8 ledger = 0) {
    LedgerId id;
    id.bytes[5] = ledger;
    return payout_digest(id, SaleId{sale}, Amount{proceeds}, Amount{reserve}, record);
  };
  const Hash base = digest();
  EXPECT_EQ(to_hex(base.view()), "215d9664c49bac4f7efca21f18e90630f528cbb14a8325a0d1c16b9d6eecc146");
  std::vector<Hash> others{digest(2), digest(1, 101), digest(1, 100, 11), digest(1, 100, 10, 1)};
  const PayoutRecord original = record;
  const auto with = [&](auto change) {
    record = original;
    change(record);
    others.push_back(digest());
  };
  with([](PayoutRecord& r) { r.amount = Amount{91}; });
  with([](PayoutRecord& r) { r.total = Units{8}; });
  with([](PayoutRecord& r) { r.record_height = Height{6}; });
  with([](PayoutRecord& r) { r.extras = 3; });
  with([](PayoutRecord& r) { r.cut.remainder = 4; });
  with([](PayoutRecord& r) { r.cut.hash.bytes[31] = 1; });
  with([](PayoutRecord& r) { r.cut.member = MemberId{5}; });
  for (const Hash& other : others) EXPECT_NE(other, base);
}

TEST(Reserve, RoundsDown_6_4) {
  EXPECT_EQ(reserve_of(Amount{999'999}, Ppm{1}), Amount{0});
  EXPECT_EQ(reserve_of(Amount{1'000'000}, Ppm{1}), Amount{1});
  EXPECT_EQ(reserve_of(Amount{kMaxU128}, Ppm{1'000'000}), Amount{kMaxU128});
  EXPECT_EQ(reserve_of(Amount{kMaxU128}, Ppm{0}), Amount{0});
  EXPECT_EQ(reserve_of(Amount{kTen38}, Ppm{50'000}), Amount{kTen38 / 20});
}

TEST(PayoutSecondLoop, CatchesEveryWrongRecord_6_5) {
  const PayoutTerms terms = terms_for(1'000);
  const auto shares = shares_of({1, 1, 1, 4, 6, 0, 17});
  const PayoutRecord good = compute_payout(terms, shares);
  ASSERT_GT(good.extras, 1u);
  ASSERT_TRUE(payout_adds_up(terms, shares, good));
  const auto broken = [&](auto change) {
    PayoutRecord record = good;
    change(record);
    return !payout_adds_up(terms, shares, record);
  };
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.amount = Amount{1'001}; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.total = Units{r.total.raw() + 1}; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.total = Units{0}; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.record_height = Height{1}; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.extras -= 1; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.cut.remainder += 1; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.cut.hash = {}; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.remaining = Amount{999}; }));
  EXPECT_TRUE(broken([](PayoutRecord& r) { r.extra_left += 1; }));
  auto lost = shares;
  lost.pop_back();
  EXPECT_FALSE(payout_adds_up(terms, lost, good));
  auto twice = shares;
  twice.push_back(shares[0]);
  EXPECT_FALSE(payout_adds_up(terms, twice, good));
}

RC_GTEST_PROP(PayoutLaws, IsTheModelToTheUnit, ()) {
  const PayoutTerms terms = terms_for(*any_amount(), *rc::gen::arbitrary<u64>());
  const auto units = *any_units();
  const auto shares = shares_of(units);
  std::map<u64, u64> by_member;
  for (std::size_t i = 0; i < units.size(); ++i) by_member[i] = units[i];
  auto expected =
      model::share_out(terms.ledger_id, terms.sale.value, model::big(terms.amount.raw()), by_member);
  const auto paid = entitlements(terms, shares);
  for (std::size_t i = 0; i < paid.size(); ++i) RC_ASSERT(model::big(paid[i]) == expected[i]);
}

RC_GTEST_PROP(PayoutLaws, SumsToTheAmountAndErrsByLessThanOne, ()) {
  const PayoutTerms terms = terms_for(*any_amount());
  const auto shares = shares_of(*any_units());
  const PayoutRecord record = compute_payout(terms, shares);
  RC_ASSERT(payout_adds_up(terms, shares, record));
  model::BigInt sum = 0;
  for (const Share& share : shares) {
    const model::BigInt exact = model::big(terms.amount.raw()) * share.units.raw();  // times U
    const model::BigInt paid = model::big(entitlement(terms, record, share.member, share.units).raw());
    const model::BigInt total = record.total.raw();
    RC_ASSERT(paid * total > exact - total);
    RC_ASSERT(paid * total < exact + total);
    sum += paid;
  }
  RC_ASSERT(sum == model::big(terms.amount.raw()));
}

RC_GTEST_PROP(PayoutLaws, DoesNotDependOnTheOrderOfMembers, ()) {
  const PayoutTerms terms = terms_for(*any_amount());
  auto shares = shares_of(*any_units());
  const PayoutRecord record = compute_payout(terms, shares);
  const auto shift = *rc::gen::inRange<std::size_t>(0, shares.size());
  std::rotate(shares.begin(), shares.begin() + static_cast<std::ptrdiff_t>(shift), shares.end());
  RC_ASSERT(compute_payout(terms, shares) == record);
  std::reverse(shares.begin(), shares.end());
  RC_ASSERT(compute_payout(terms, shares) == record);
}

RC_GTEST_PROP(PayoutLaws, MoreUnitsNeverGetLessAndEqualUnitsDifferByAtMostOne, ()) {
  const PayoutTerms terms = terms_for(*any_amount());
  auto shares = shares_of(*any_units());
  const PayoutRecord record = compute_payout(terms, shares);
  std::sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.units < b.units; });
  for (std::size_t i = 1; i < shares.size(); ++i) {
    const u128 less = entitlement(terms, record, shares[i - 1].member, shares[i - 1].units).raw();
    const u128 more = entitlement(terms, record, shares[i].member, shares[i].units).raw();
    if (shares[i - 1].units == shares[i].units) {
      RC_ASSERT((less > more ? less - more : more - less) <= u128{1});
    } else {
      RC_ASSERT(less <= more);
    }
  }
}

// Every member is tied and half get one more: the path on which selection runs over hashes alone.
TEST(Payout, FindsTheCutAmongManyTiedMembers) {
  const auto shares = shares_of(std::vector<u64>(20'000, 5));
  const PayoutTerms terms = terms_for(30'001);
  const PayoutRecord record = compute_payout(terms, shares);
  EXPECT_EQ(record.extras, 10'001u);
  EXPECT_TRUE(payout_adds_up(terms, shares, record));
}

TEST(Payout, IsExactForTenToThe38) {
  const auto shares = shares_of({1, 1, 1});
  const PayoutTerms terms = terms_for(kTen38);
  const PayoutRecord record = compute_payout(terms, shares);
  EXPECT_EQ(record.extras, 1u);
  EXPECT_TRUE(payout_adds_up(terms, shares, record));
  const u64 huge = ~u64{0} / 3;
  const auto large = shares_of({huge, huge, huge});
  EXPECT_TRUE(payout_adds_up(terms_for(kMaxU128), large, compute_payout(terms_for(kMaxU128), large)));
}

}  // namespace
}  // namespace moot::ledger
