// How answers look: aligned tables for people, indented JSON for programs, and progress of long work on standard error.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"

namespace boost::json {
class value;
}

namespace moot::wallet {

// Text from the ledger or a file made safe for a terminal: control characters, which could move the cursor or hide text,
// and bytes that are not UTF-8 are replaced by U+FFFD. Bidirectional controls too.
std::string printable(std::string_view text);

// Character cells of a UTF-8 text, one for each code point.
std::size_t cells(std::string_view text);

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;  // numbers go right
};

class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // As many cells as there are columns. Text is made printable.
  void add_row(std::vector<std::string> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  // Titles, then rows, two spaces between columns, nothing after the last cell of a line.
  void print(std::ostream& out) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "title  value" lines with aligned values, for one thing with many properties.
struct Fact {
  std::string title;
  std::string value;
};
void print_facts(std::ostream& out, const std::vector<Fact>& facts);

// Two spaces an indent, members in their order, a newline at the end. 64-bit and larger integers should be texts, as in
// Protobuf's JSON.
void print_json(std::ostream& out, const boost::json::value& value);

// 1234567 → "1,234,567".
std::string grouped(u128 number);

struct ProgressOptions {
  std::string counted = {};  // what the count is of, such as "height"
  bool lines = false;  // where standard error is no terminal: a plain line now and then, instead of nothing
};

// Whether another plain line is due: at each tenth of the whole, but not sooner than a second after the last one, and after
// five seconds in any case.
struct LinePace {
  std::chrono::milliseconds silence;  // since the last line
  u64 said = 0;                       // the count in it
  u64 done = 0;
  u64 total = 0;
};
bool line_is_due(const LinePace& pace);

// Progress of long work on standard error. On a terminal a line that redraws itself: label, bar, count, rate, time left.
// Elsewhere nothing, or plain lines. One thread at a time.
class Progress {
 public:
  Progress(std::string label, u64 total,
           ProgressOptions options = {});  // total 0: unknown, only the count is shown
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void set(u64 done);
  void advance(u64 more) { set(done_ + more); }
  // Shows the last state and ends the line; later calls do nothing.
  void finish();

  // The line as it is drawn, and as it is printed where nothing is drawn, for a given time since the start.
  [[nodiscard]] std::string line(std::chrono::milliseconds elapsed) const;
  [[nodiscard]] std::string plain_line(std::chrono::milliseconds elapsed) const;

 private:
  using Clock = std::chrono::steady_clock;
  enum class Style { none, bar, lines };
  [[nodiscard]] std::chrono::milliseconds elapsed() const;
  [[nodiscard]] std::string count() const;
  [[nodiscard]] std::string pace(std::chrono::milliseconds elapsed, std::string_view separator) const;
  void draw();
  void print_line();

  std::string label_;
  u64 total_;
  ProgressOptions options_;
  u64 done_ = 0;
  u64 said_ = 0;
  Style style_;
  Clock::time_point start_;
  Clock::time_point last_shown_;
};

}  // namespace moot::wallet
