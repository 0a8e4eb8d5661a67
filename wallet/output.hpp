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

// A line on standard error that redraws itself: label, bar, count, rate, time left. Draws nothing when standard error is
// not a terminal. One thread at a time.
class Progress {
 public:
  Progress(std::string label, u64 total);  // total 0: unknown, only the count is shown
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void set(u64 done);
  void advance(u64 more) { set(done_ + more); }
  // Draws the last state and ends the line; later calls do nothing.
  void finish();

  // The line as it is drawn, for a given time since the start.
  [[nodiscard]] std::string line(std::chrono::milliseconds elapsed) const;

 private:
  using Clock = std::chrono::steady_clock;
  void draw();

  std::string label_;
  u64 total_;
  u64 done_ = 0;
  bool live_;
  Clock::time_point start_;
  Clock::time_point last_draw_{};
};

}  // namespace moot::wallet
