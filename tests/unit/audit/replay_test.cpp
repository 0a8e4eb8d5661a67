#include "audit/replay.hpp"

#include <boost/json.hpp>

#include "tests/unit/audit/fixture.hpp"

namespace moot::audit {
namespace {

using test::Chronicle;

TEST(Replay, AHistoryWithAllInItIsVerified) {
  const Report report = replayed(story().chronicle());
  ASSERT_TRUE(report.good()) << problem_text(report);
  const Findings& found = report.findings;
  EXPECT_EQ(found.state_root, story().world().root());
  EXPECT_EQ(found.to, story().world().height());
  EXPECT_EQ(found.ledger, ledger::ledger_id(story().genesis()));
  EXPECT_EQ(found.transactions, story().world().state().counters->transactions);
  EXPECT_EQ(found.ballots, story().world().state().counters->ballots);
  EXPECT_EQ(found.failed, 1u);
  EXPECT_EQ(found.signatures, found.transactions + 3)
      << "two attestations and a new key's consent are carried";
  EXPECT_EQ(found.members, 7u);
  EXPECT_EQ(verdict(found), "verified");
}

TEST(Replay, TalliesAreRecounted) {
  const Findings found = replayed(story().chronicle()).findings;
  ASSERT_EQ(found.proposals.size(), story().world().state().proposals.size());
  const ProposalFinding& defeated = found.proposals[story().defeated().value];
  EXPECT_EQ(defeated.state, ledger::ProposalState::defeated);
  // Units: m0 10, m1 27 (with m4, by delegation), m2 30, m3 40, m4 50, n0 25.
  EXPECT_EQ(defeated.electorate.raw(), 182u);
  EXPECT_EQ(defeated.power[1].raw(), 10u + 27 + 50)
      << "against: m0's own, m4's changed, and m1's by delegation";
  EXPECT_EQ(defeated.power[2].raw(), 30u) << "for: the one whose key was rotated";
  EXPECT_EQ(defeated.power[3].raw(), 25u);
  EXPECT_EQ(defeated.power[4].raw(), 40u);
  EXPECT_EQ(defeated.ballots, 5u);
  const ProposalFinding& open = found.proposals[story().open().value];
  EXPECT_EQ(open.state, ledger::ProposalState::active);
  EXPECT_EQ(open.counted_at, found.to);
}

TEST(Replay, PayoutsAreRecomputed) {
  const Findings found = replayed(story().chronicle()).findings;
  ASSERT_EQ(found.payouts.size(), 1u);
  const PayoutFinding& payout = found.payouts.front();
  EXPECT_EQ(payout.sale, story().sold());
  EXPECT_EQ(payout.proceeds.raw(), 54'999'999'999u);
  EXPECT_EQ(payout.reserve.raw(), 2'749'999'999u) << "5 %, rounded down";
  EXPECT_EQ(payout.amount.raw(), 52'250'000'000u);
  EXPECT_EQ(payout.sum, payout.amount);
  EXPECT_EQ(payout.members, 6u);
  EXPECT_EQ(payout.units.raw(), 182u);
  EXPECT_EQ(payout.smallest.raw() / 1'000'000, 52'250'000'000u * 10 / 182 / 1'000'000);
  EXPECT_GT(payout.extras, 0u);
}

TEST(Replay, SuppliesAreSummed) {
  const Findings found = replayed(story().chronicle()).findings;
  ASSERT_EQ(found.assets.size(), 2u);
  const AssetFinding& usdx = found.assets[0];
  EXPECT_EQ(usdx.supply.raw(), 54'999'999'999u - 5'000'000) << "one redemption was paid and burned";
  EXPECT_EQ(usdx.locked.raw(), 2'000'000u);
  EXPECT_EQ(usdx.treasury.raw(), 2'749'999'999u);
  EXPECT_GT(usdx.owed.raw(), 0u) << "some have not settled yet";
}

TEST(Replay, FindsTheSameWhateverTheThreadsAndTheLookAhead) {
  const Hash expected = report_hash(replayed(story().chronicle()).findings);
  for (const unsigned threads : {1u, 2u, 5u})
    for (const std::size_t look_ahead : {std::size_t{1}, std::size_t{4'000}, std::size_t{1} << 26})
      EXPECT_EQ(
          report_hash(replayed(story().chronicle(), {.threads = threads, .look_ahead = look_ahead}).findings),
          expected);
}

TEST(Replay, SaysWhenSignaturesWereNotChecked) {
  const Report report = replayed(story().chronicle(), {.signatures = false});
  ASSERT_TRUE(report.good()) << problem_text(report);
  EXPECT_EQ(report.findings.state_root, story().world().root());
  EXPECT_EQ(report.findings.signatures, 0u);
  EXPECT_EQ(verdict(report.findings), "verified without signatures");
  EXPECT_NE(report_hash(report.findings), report_hash(replayed(story().chronicle()).findings));
}

TEST(Replay, StopsAfterTheHeightThatIsAsked) {
  for (const u64 height : {u64{1}, u64{7}, story().world().height().raw()}) {
    const Report report = replayed(story().chronicle(), {.stop_at = Height{height}});
    ASSERT_TRUE(report.good()) << problem_text(report);
    EXPECT_EQ(report.findings.to, Height{height});
    EXPECT_EQ(report.findings.state_root, story().roots()[height - 1]);
  }
}

TEST(Replay, TellsEachHeightInOrder) {
  test::ChronicleSource source(story().chronicle());
  const ManualClock clock(TimeMs{0});
  std::vector<u64> heights;
  replay(source, {}, clock, [&](const ReplayProgress& at) {
    heights.push_back(at.height.raw());
    EXPECT_EQ(at.last, story().world().height());
  });
  ASSERT_EQ(heights.size(), story().world().height().raw());
  for (std::size_t i = 0; i < heights.size(); ++i) EXPECT_EQ(heights[i], i + 1);
}

TEST(Replay, ALedgerWithoutBlocksIsItsGenesis) {
  const Report report = replayed(Chronicle(story().genesis()));
  ASSERT_TRUE(report.good()) << problem_text(report);
  EXPECT_EQ(report.findings.to, Height{0});
  EXPECT_EQ(report.findings.state_root, ledger::initial_block(story().genesis()).roots.state_root);
}

TEST(Replay, RefusesAnotherLedgerThanTheExpectedOne) {
  const LedgerId right = ledger::ledger_id(story().genesis());
  EXPECT_TRUE(replayed(story().chronicle(), {.expected_ledger = right}).good());
  LedgerId other = right;
  other.bytes[31] ^= 1;
  const Report report = replayed(story().chronicle(), {.expected_ledger = other});
  ASSERT_FALSE(report.good());
  EXPECT_EQ(report.findings.problem->check, Check::ledger);
  EXPECT_EQ(report.findings.problem->height, Height{0});
  EXPECT_EQ(report.findings.to, Height{0});
}

TEST(Report, HasStableNamesInJson) {
  const Report report = replayed(story().chronicle());
  const auto parsed = boost::json::parse(to_json(report));
  const auto& json = parsed.as_object();
  EXPECT_EQ(json.at("verdict"), "verified");
  EXPECT_EQ(json.at("toHeight").as_string(), std::to_string(story().world().height().raw()));
  EXPECT_EQ(json.at("stateRoot").as_string(), "0x" + to_hex(story().world().root().view()));
  EXPECT_EQ(json.at("reportHash").as_string(), "0x" + to_hex(report_hash(report.findings).view()));
  EXPECT_TRUE(json.at("problem").is_null());
  EXPECT_EQ(json.at("payouts").as_array().at(0).at("sum"), "52250000000");
  EXPECT_EQ(json.at("proposals").as_array().at(0).at("abstain"), "25");
  EXPECT_EQ(json.at("assets").as_array().at(0).at("symbol"), "USDX");
}

TEST(Report, EndsInItsVerdictForPeople) {
  const std::string good = to_text(replayed(story().chronicle()));
  EXPECT_TRUE(good.ends_with("Verdict         verified\n")) << good;
  EXPECT_NE(good.find("52250.000000 USDX shared by 6 members with 182 units"), std::string::npos) << good;
  Chronicle bad = story().chronicle();
  bad.blocks()[4].finalization.back() ^= 1;
  const std::string text = to_text(replayed(bad));
  EXPECT_NE(text.find("First problem   block 5: link: "), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("Verdict         not verified\n")) << text;
}

TEST(Report, HashesWhatWasFoundAndNotHowLongItTook) {
  Report report = replayed(story().chronicle());
  const Findings before = report.findings;
  report.duration_ns = 12'345;
  report.source = "elsewhere";
  EXPECT_EQ(report_hash(report.findings), report_hash(before));
  ++report.findings.ballots;
  EXPECT_NE(report_hash(report.findings), report_hash(before));
  EXPECT_EQ(decoded<Findings>(encoded(before)), before);
}

}  // namespace
}  // namespace moot::audit
