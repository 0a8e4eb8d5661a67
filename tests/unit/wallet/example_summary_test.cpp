// The summary: how numbers are written, and that an audit which says anything else than the story fails it.
#include <gtest/gtest.h>

#include <sstream>

#include "tests/unit/wallet/support.hpp"
#include "wallet/example/narrator.hpp"
#include "wallet/example/story.hpp"

namespace moot::wallet::example {
namespace {

using test::TempFolder;

constexpr const char* kStory =
    R"({"facts":[{"name":"members","title":"Members","text":"3"}],"refusals":[],"acts":[],"numbers":{"ledger":"0xaa",)"
    R"("height":9,"stateRoot":"0xbb","transactions":4,"members":3,"ballots":2,"counted":2,"smallest":1,"median":2,)"
    R"("largest":3,"sum":6,"reserve":1}})";
constexpr const char* kAudit =
    R"({"verdict":"verified","ledgerId":"0xaa","toHeight":"9","stateRoot":"0xbb","transactions":"4","members":"3",)"
    R"("signatures":"4","durationMs":"1","proposals":[{"ballots":"2","for":"2"}],"payouts":[{"smallest":"1","median":"2",)"
    R"("largest":"3","sum":"6","amount":"6","reserve":"1"}]})";

Result<void> summary_with(const std::string& audit) {
  const TempFolder temp;
  (void)temp.file("story.json", kStory);
  return print_summary({.folder = temp.path(), .audit_report = temp.file("audit.json", audit), .json = true});
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(ExampleSummary, AcceptsAnAuditOfTheVerySameEnd) { EXPECT_TRUE(summary_with(kAudit)); }

TEST(ExampleSummary, FailsAtAnyNumberThatTheAuditSaysOtherwise) {
  const std::pair<const char*, const char*> changes[] = {{R"("verified")", R"("not verified")"},
                                                         {R"("toHeight":"9")", R"("toHeight":"8")"},
                                                         {R"("0xaa")", R"("0xab")"},
                                                         {R"("0xbb")", R"("0xbc")"},
                                                         {R"("transactions":"4")", R"("transactions":"5")"},
                                                         {R"("members":"3")", R"("members":"4")"},
                                                         {R"("ballots":"2")", R"("ballots":"1")"},
                                                         {R"("for":"2")", R"("for":"1")"},
                                                         {R"("smallest":"1")", R"("smallest":"2")"},
                                                         {R"("median":"2")", R"("median":"1")"},
                                                         {R"("largest":"3")", R"("largest":"4")"},
                                                         {R"("sum":"6")", R"("sum":"5")"},
                                                         {R"("amount":"6")", R"("amount":"7")"},
                                                         {R"("reserve":"1")", R"("reserve":"0")"},
                                                         {R"("payouts":[{)", R"("others":[{)"}};
  for (const auto& [from, to] : changes) {
    const auto result = summary_with(replaced(kAudit, from, to));
    ASSERT_FALSE(result) << to;
    EXPECT_EQ(result.error().code, ExitCode::verification_failed) << to;
  }
}

TEST(ExampleSummary, SaysWhichFileIsNoReport) {
  const auto result = summary_with("verified");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("audit.json"), std::string::npos);
}

TEST(ExampleNarrator, WritesNumbersForReading) {
  EXPECT_EQ(seconds_text(Milliseconds{1'239}), "1.23 s");
  EXPECT_EQ(seconds_text(Milliseconds{60'005}), "60.00 s");
  EXPECT_EQ(money_text(55'000'000'000), "55,000.000000 USDX");
  EXPECT_EQ(money_text(1), "0.000001 USDX");
  EXPECT_EQ(percent_text(10'069, 10'120), "99.49 %");
  EXPECT_EQ(percent_text(0, 0), "0.00 %");
  EXPECT_EQ(rate_of(10, Milliseconds{4}), 2'500U);
  EXPECT_EQ(rate_of(10, Milliseconds{0}), 0U);
}

TEST(ExampleNarrator, KeepsFactsActsAndRefusalsForTheSummary) {
  std::ostringstream out;
  Narrator narrator(out);
  narrator.act("One");
  narrator.refused("a forged ballot", "BAD_SIGNATURE");
  narrator.fact("members", "Members", "3", 3);
  const auto story = narrator.finish();
  EXPECT_NE(out.str().find("1. One"), std::string::npos);
  EXPECT_NE(out.str().find("BAD_SIGNATURE"), std::string::npos);
  EXPECT_EQ(story.at("numbers").at("members").to_number<int>(), 3);
  EXPECT_EQ(story.at("acts").as_array().size(), 1U);
  EXPECT_EQ(story.at("refusals").at(0).at("code").as_string(), "BAD_SIGNATURE");
}

}  // namespace
}  // namespace moot::wallet::example
