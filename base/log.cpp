#include "base/log.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace moot {
namespace {

constexpr LogLevel kLevels[] = {LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error,
                                LogLevel::off};

bool is_plain(std::string_view value) {
  if (value.empty()) return false;
  for (const char c : value)
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) return false;
  return true;
}

// Control bytes are escaped, so that text from outside can neither forge a line nor move the terminal's cursor.
// Bytes of UTF-8 sequences pass.
void append_value(std::string& out, std::string_view value) {
  if (is_plain(value)) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    const auto byte = static_cast<u8>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

std::string_view to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warn: return "warn";
    case LogLevel::error: return "error";
    case LogLevel::off: return "off";
  }
  return "?";
}

std::optional<LogLevel> log_level_from(std::string_view word) {
  for (const LogLevel level : kLevels)
    if (to_string(level) == word) return level;
  return std::nullopt;
}

Logger::Logger(LogLevel level, const Clock* clock, Sink sink)
    : level_(level), clock_(clock), sink_(std::move(sink)) {}

Logger::Sink Logger::stderr_sink() {
  return [](LogLevel, std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  };
}

void Logger::write(LogLevel level, std::string_view message, Fields fields) {
  if (!wants(level)) return;
  std::string line;
  if (clock_ != nullptr) line += "time=" + to_iso8601(clock_->now_ms()) + " ";
  line += "level=";
  line += to_string(level);
  line += " msg=";
  append_value(line, message);
  for (const LogField& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    append_value(line, field.value);
  }
  const std::lock_guard lock(mutex_);
  sink_(level, line);
}

}  // namespace moot
