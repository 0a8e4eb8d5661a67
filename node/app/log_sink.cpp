#include "node/app/log_sink.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cstdlib>
#include <memory>

namespace moot::node::app {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warn: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
    case LogLevel::off: return spdlog::level::off;
  }
  return spdlog::level::info;
}

// The severities of syslog(3).
char severity(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug: return '7';
    case spdlog::level::warn: return '4';
    case spdlog::level::err: return '3';
    case spdlog::level::critical: return '2';
    default: return '6';
  }
}

class SeverityFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& line, const std::tm&, spdlog::memory_buf_t& out) override {
    out.push_back(severity(line.level));
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<SeverityFlag>();
  }
};

std::unique_ptr<spdlog::formatter> formatter(bool journal) {
  auto out = std::make_unique<spdlog::pattern_formatter>();
  out->add_flag<SeverityFlag>('*').set_pattern(journal ? "<%*>%v" : "%v");
  return out;
}

}  // namespace

bool stderr_is_journal() {
  return std::getenv("JOURNAL_STREAM") != nullptr;  // systemd.exec(5)
}

Logger::Sink stderr_sink(bool journal) {
  // Without a lock of its own: a sink is called under its logger's.
  auto out = std::make_shared<spdlog::logger>("mootd", std::make_shared<spdlog::sinks::stderr_sink_st>());
  out->set_level(spdlog::level::trace);  // what is wanted has been decided
  out->set_formatter(formatter(journal));
  out->flush_on(spdlog::level::trace);
  return [out](LogLevel level, std::string_view line) {
    out->log(level_of(level), spdlog::string_view_t(line.data(), line.size()));
  };
}

}  // namespace moot::node::app
