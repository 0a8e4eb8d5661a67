#include "wallet/output.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <sstream>

#include "wallet/failure.hpp"

namespace moot::wallet {
namespace {

TEST(Table, AlignsTextLeftAndNumbersRight) {
  Table table({{"NAME"}, {"UNITS", Align::right}, {"NOTE"}});
  table.add_row({"Zoë", "7", "x"});
  table.add_row({"Alexander", "1,234", ""});
  std::ostringstream out;
  table.print(out);
  EXPECT_EQ(out.str(),
            "NAME       UNITS  NOTE\n"
            "Zoë            7  x\n"
            "Alexander  1,234\n");
}

TEST(Table, TextFromOutsideCannotDriveTheTerminal) {
  Table table({{"REASON"}});
  table.add_row({"\x1b[2Jgone\nFAKE ROW"});
  std::ostringstream out;
  table.print(out);
  EXPECT_EQ(out.str(),
            "REASON\n\xef\xbf\xbd[2Jgone\xef\xbf\xbd"
            "FAKE ROW\n");
}

TEST(Printable, KeepsTextAndReplacesWhatHarms) {
  const std::string bad = "\xef\xbf\xbd";
  EXPECT_EQ(printable("Grüße, 世界 🎉"), "Grüße, 世界 🎉");
  EXPECT_EQ(printable("a\u202egpj.exe"), "a" + bad + "gpj.exe");
  EXPECT_EQ(printable("\u2066x\u2069\u200f\u061c"), bad + "x" + bad + bad + bad);
  EXPECT_EQ(printable("\u0085\x7f\t"), bad + bad + bad);
  EXPECT_EQ(printable("\xff"
                      "a\xc3"),
            bad + "a" + bad);                                       // no UTF-8, cut short
  EXPECT_EQ(printable("\xc0\x9b"), bad + bad);                      // an overlong escape character
  EXPECT_EQ(printable("\xed\xa0\x80"), bad + bad + bad);            // half a surrogate pair
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), bad + bad + bad + bad);  // past U+10FFFF
}

TEST(Grouped, PutsCommasBetweenThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(kMaxU128), "340,282,366,920,938,463,463,374,607,431,768,211,455");
}

TEST(Json, IsIndentedAndParsesBack) {
  const boost::json::value value{
      {"empty", boost::json::array{}}, {"list", {1, "two", nullptr}}, {"in", {{"side", true}}}};
  std::ostringstream out;
  print_json(out, value);
  EXPECT_EQ(out.str(),
            "{\n  \"empty\": [],\n  \"list\": [\n    1,\n    \"two\",\n    null\n  ],\n"
            "  \"in\": {\n    \"side\": true\n  }\n}\n");
  EXPECT_EQ(boost::json::parse(out.str()), value);
}

TEST(Progress, TheLineShowsShareRateAndTimeLeft) {
  Progress progress("Checking signatures", 18'000);
  progress.set(9'000);
  EXPECT_EQ(progress.line(std::chrono::seconds(2)),
            "Checking signatures  [############............]  50 %  9,000 of 18,000  4,500/s  2 s left");
  progress.set(18'000);
  EXPECT_EQ(progress.line(std::chrono::seconds(4)),
            "Checking signatures  [########################]  100 %  18,000 of 18,000  4,500/s");
  progress.set(20'000);  // more than promised is no reason to draw outside the bar
  EXPECT_NE(progress.line(std::chrono::seconds(4)).find("[########################]  100 %"),
            std::string::npos);
}

TEST(Progress, NamesWhatItCounts) {
  Progress progress("replaying blocks", 10'000, {.counted = "height"});
  progress.set(2'500);
  EXPECT_EQ(progress.line(std::chrono::seconds(5)),
            "replaying blocks  [######..................]  25 %  height 2,500 of 10,000  500/s  15 s left");
  EXPECT_EQ(progress.plain_line(std::chrono::seconds(5)),
            "replaying blocks: height 2,500 of 10,000, 500/s, 15 s left");
}

TEST(Progress, APlainLineIsDueAtEachTenthAndAfterSomeSeconds) {
  using namespace std::chrono_literals;
  const struct {
    LinePace pace;
    bool due;
  } cases[] = {
      {{.silence = 999ms, .said = 0, .done = 100, .total = 100}, false},
      {{.silence = 1'000ms, .said = 0, .done = 9, .total = 100}, false},
      {{.silence = 1'000ms, .said = 0, .done = 10, .total = 100}, true},
      {{.silence = 1'000ms, .said = 10, .done = 19, .total = 100}, false},
      {{.silence = 4'999ms, .said = 10, .done = 19, .total = 100}, false},
      {{.silence = 5'000ms, .said = 10, .done = 11, .total = 100}, true},
      {{.silence = 60'000ms, .said = 10, .done = 10, .total = 100}, false},
      {{.silence = 4'999ms, .said = 0, .done = 1'000, .total = 0}, false},
      {{.silence = 5'000ms, .said = 0, .done = 1'000, .total = 0}, true},
  };
  for (const auto& [pace, due] : cases)
    EXPECT_EQ(line_is_due(pace), due)
        << pace.silence.count() << " ms, from " << pace.said << " to " << pace.done;
}

TEST(Progress, PrintsItsLastLineOnlyWhereLinesAreWanted) {
  for (const bool lines : {true, false}) {
    testing::internal::CaptureStderr();
    Progress progress("Signing", 3, {.lines = lines});
    progress.set(3);
    progress.finish();
    progress.set(3);
    const std::string said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(said.starts_with("Signing: 3 of 3"), lines) << said;
    EXPECT_EQ(std::ranges::count(said, '\n'), lines ? 1 : 0);
  }
}

TEST(Progress, WithoutATotalItCounts) {
  Progress progress("Reading", 0);
  progress.set(1'500);
  EXPECT_EQ(progress.line(std::chrono::milliseconds(0)), "Reading  1,500");
}

TEST(Failure, IsOneSentenceOnWhatAndOneOnWhatToDo) {
  EXPECT_EQ(sentence({.what = "no node answers at x:1", .advice = "Start mootd"}),
            "moot: no node answers at x:1. Start mootd.");
  EXPECT_EQ(sentence({.what = "really?"}), "moot: really?");
}

TEST(ExitCodes, AreThePublishedNumbers) {
  std::vector<int> numbers;
  for (const auto& row : exit_code_table()) {
    numbers.push_back(static_cast<int>(row.code));
    EXPECT_EQ(to_string(row.code), row.name);
  }
  EXPECT_EQ(numbers, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
}

}  // namespace
}  // namespace moot::wallet
