#include "node/app/log_sink.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace moot::node::app {
namespace {

std::string written(bool journal, const std::function<void(Logger&)>& write) {
  testing::internal::CaptureStderr();
  {
    Logger log(LogLevel::debug, nullptr, stderr_sink(journal));
    write(log);
  }
  return testing::internal::GetCapturedStderr();
}

TEST(LogSink, WritesEachLineAsItIs) {
  EXPECT_EQ(written(false,
                    [](Logger& log) {
                      log.info("block committed", {{"height", 12}});
                      log.error("{} %v %s", {{"text", "{0}"}});
                    }),
            "level=info msg=\"block committed\" height=12\nlevel=error msg=\"{} %v %s\" text={0}\n");
}

TEST(LogSink, GivesTheJournalEachLinesSeverity) {
  EXPECT_EQ(written(true,
                    [](Logger& log) {
                      log.debug("a");
                      log.info("b");
                      log.warn("c");
                      log.error("d");
                    }),
            "<7>level=debug msg=a\n<6>level=info msg=b\n<4>level=warn msg=c\n<3>level=error msg=d\n");
}

TEST(LogSink, WritesALongLineWhole) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(written(false, [&](Logger& log) { log.info("m", {{"text", text}}); }),
            "level=info msg=m text=" + text + "\n");
}

TEST(LogSink, KnowsTheJournalByItsVariable) {
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_FALSE(stderr_is_journal());
  ::setenv("JOURNAL_STREAM", "9:1", 1);
  EXPECT_TRUE(stderr_is_journal());
  ::unsetenv("JOURNAL_STREAM");
}

}  // namespace
}  // namespace moot::node::app
