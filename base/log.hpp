// Lines for the operator: one event a line, `key=value` pairs (logfmt), to the sink that is given.
//
//   log.info("block committed", {{"height", height.raw()}, {"txs", count}});
//   time=2026-01-31T09:05:00.250Z level=info msg="block committed" height=12 txs=400
//
// Without a clock the time is left out, for a sink that stamps each line itself. A Logger is owned by the application and lent to the parts; it is thread-safe.
#pragma once

#include <atomic>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace moot {

enum class LogLevel : u8 { debug, info, warn, error, off };

std::string_view to_string(LogLevel level);
// debug, info, warn, error or off; nothing for another word.
std::optional<LogLevel> log_level_from(std::string_view word);

// One pair of a line. Values are kept as text; whatever would break a line or a pair is quoted and escaped when written.
struct LogField {
  std::string_view key;
  std::string value;

  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  LogField(std::string_view k, bool v) : key(k), value(v ? "true" : "false") {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  LogField(std::string_view k, T v) : key(k), value(std::to_string(v)) {}
  template <class Tag, class Raw>
  LogField(std::string_view k, Quantity<Tag, Raw> v) : LogField(k, v.raw()) {}
  template <class Tag>
  LogField(std::string_view k, Id<Tag> v) : LogField(k, v.value) {}
  template <class Tag>
  LogField(std::string_view k, const Digest<Tag>& v) : key(k), value(to_hex(v.view())) {}
  LogField(std::string_view k, const Address& v) : key(k), value("0x" + to_hex(v.view())) {}
};

class Logger {
 public:
  using Fields = std::initializer_list<LogField>;
  // Takes one whole line without its newline; called under the logger's lock, so lines never mix.
  using Sink = std::function<void(LogLevel, std::string_view)>;

  // `clock` outlives the logger; without one, lines carry no time.
  Logger(LogLevel level, const Clock* clock, Sink sink);
  // To standard error, a line each.
  static Sink stderr_sink();

  void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }
  [[nodiscard]] LogLevel level() const { return level_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool wants(LogLevel level) const { return level >= this->level() && level != LogLevel::off; }

  void debug(std::string_view message, Fields fields = {}) { write(LogLevel::debug, message, fields); }
  void info(std::string_view message, Fields fields = {}) { write(LogLevel::info, message, fields); }
  void warn(std::string_view message, Fields fields = {}) { write(LogLevel::warn, message, fields); }
  void error(std::string_view message, Fields fields = {}) { write(LogLevel::error, message, fields); }

 private:
  void write(LogLevel level, std::string_view message, Fields fields);

  std::atomic<LogLevel> level_;
  const Clock* clock_;
  std::mutex mutex_;
  Sink sink_;
};

}  // namespace moot
