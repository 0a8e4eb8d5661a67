#include "base/log.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace moot {
namespace {

struct Lines {
  std::vector<std::string> lines;
  Logger::Sink sink() {
    return [this](LogLevel, std::string_view line) { lines.emplace_back(line); };
  }
};

TEST(Logger, WritesOneEventALineWithItsTime) {
  Lines out;
  const ManualClock clock(TimeMs{0});
  Logger log(LogLevel::info, &clock, out.sink());
  log.info("block committed", {{"height", Height{12}}, {"txs", 400}, {"ok", true}, {"who", MemberId{3}}});
  ASSERT_EQ(out.lines.size(), 1u);
  EXPECT_EQ(
      out.lines[0],
      "time=1970-01-01T00:00:00.000Z level=info msg=\"block committed\" height=12 txs=400 ok=true who=3");
}

TEST(Logger, LetsNoTextFromOutsideForgeALine) {
  Lines out;
  Logger log(LogLevel::info, nullptr, out.sink());
  log.warn("x", {{"name", std::string("a\nlevel=error msg=\"forged\"\x1b[2J\\")}, {"empty", ""}});
  ASSERT_EQ(out.lines.size(), 1u);
  EXPECT_EQ(out.lines[0],
            "level=warn msg=x name=\"a\\nlevel=error msg=\\\"forged\\\"\\x1b[2J\\\\\" empty=\"\"");
}

TEST(Logger, WritesOnlyWhatItsLevelWants) {
  Lines out;
  Logger log(LogLevel::warn, nullptr, out.sink());
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  EXPECT_EQ(out.lines, (std::vector<std::string>{"level=warn msg=c", "level=error msg=d"}));
  log.set_level(LogLevel::off);
  log.error("e");
  EXPECT_EQ(out.lines.size(), 2u);
}

TEST(Logger, KeepsLinesWholeAcrossThreads) {
  Lines out;
  Logger log(LogLevel::info, nullptr, out.sink());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&log] {
      for (int i = 0; i < 250; ++i) log.info("m", {{"i", i}});
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(out.lines.size(), 1000u);
  for (const auto& line : out.lines) EXPECT_TRUE(line.starts_with("level=info msg=m i=")) << line;
}

TEST(LogLevel, ReadsItsOwnNamesOnly) {
  for (const LogLevel level :
       {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error, LogLevel::off})
    EXPECT_EQ(log_level_from(to_string(level)), level);
  EXPECT_FALSE(log_level_from("verbose"));
  EXPECT_FALSE(log_level_from("INFO"));
  EXPECT_FALSE(log_level_from(""));
}

}  // namespace
}  // namespace moot
