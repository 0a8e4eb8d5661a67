// Replays in a line, for the tests of the auditor.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "audit/replay.hpp"
#include "tests/unit/audit/co_op_story.hpp"

namespace moot::audit {

// Made once: nobody changes it.
inline const test::CoOpStory& story() {
  static const test::CoOpStory made;
  return made;
}

inline Report replayed(BlockSource& source, const ReplayOptions& options = {}) {
  const ManualClock clock(TimeMs{0});
  return replay(source, options, clock);
}
inline Report replayed(const test::Chronicle& chronicle, const ReplayOptions& options = {}) {
  test::ChronicleSource source(chronicle);
  return replayed(source, options);
}
inline std::string problem_text(const Report& report) {
  return report.good() ? "no problem" : sentence(*report.findings.problem);
}

// A file name of this test's own, gone at its end.
class TemporaryFile {
 public:
  TemporaryFile() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::temp_directory_path() /
            ("moot_audit_" + std::to_string(::getpid()) + "_" + test->test_suite_name() + "_" + test->name());
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    std::filesystem::remove(part(), ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string part() const { return path_.string() + ".part"; }
  [[nodiscard]] Bytes read() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  void write(ByteView bytes) const {
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

 private:
  std::filesystem::path path_;
};

inline void write_archive(const test::Chronicle& chronicle, const TemporaryFile& file) {
  test::ChronicleSource source(chronicle);
  const auto footer = export_archive(source, file.path());
  ASSERT_TRUE(footer) << footer.error().what;
  EXPECT_EQ(*footer, chronicle.footer());
}

}  // namespace moot::audit
