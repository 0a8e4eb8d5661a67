#include "wallet/output.hpp"

#include <unistd.h>

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>

#include "base/check.hpp"

namespace moot::wallet {
namespace json = boost::json;
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr std::size_t kBarCells = 24;
constexpr auto kRedrawEvery = std::chrono::milliseconds(100);
constexpr auto kLineAtSoonest = std::chrono::seconds(1);
constexpr auto kLineAtLatest = std::chrono::seconds(5);

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The next code point and the bytes it takes; size 1 and code ~0 for bytes that are not UTF-8.
struct CodePoint {
  u32 code;
  std::size_t size;
};
CodePoint next_code_point(std::string_view text) {
  constexpr CodePoint kBad{.code = ~u32{0}, .size = 1};
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {.code = lead, .size = 1};
  const std::size_t size = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead >= 0xf5 || text.size() < size) return kBad;
  u32 code = lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return kBad;
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3f);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return kBad;
  return {.code = code, .size = size};
}

bool is_harmful(u32 code) {
  const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const bool bidirectional = code == 0x61c || code == 0x200e || code == 0x200f ||
                             (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return control || bidirectional || code == 0x2028 || code == 0x2029 || code == ~u32{0};
}

void write_json(std::ostream& out, const json::value& value, std::size_t depth) {
  const std::string inner(2 * (depth + 1), ' ');
  const std::string outer(2 * depth, ' ');
  const char* separator = "\n";
  if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
    out << '{';
    for (const auto& [key, member] : *object) {
      out << separator << inner << json::serialize(key) << ": ";
      write_json(out, member, depth + 1);
      separator = ",\n";
    }
    out << '\n' << outer << '}';
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
    out << '[';
    for (const auto& item : *array) {
      out << separator << inner;
      write_json(out, item, depth + 1);
      separator = ",\n";
    }
    out << '\n' << outer << ']';
  } else {
    out << json::serialize(value);
  }
}

std::string duration(u64 seconds) {
  const std::string rest = std::to_string(seconds % 60) + " s";
  return seconds < 60 ? rest : std::to_string(seconds / 60) + " min " + rest;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = next_code_point(text);
    out += is_harmful(next.code) ? kReplacement : text.substr(0, next.size);
    text.remove_prefix(next.size);
  }
  return out;
}

std::size_t cells(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::add_row(std::vector<std::string> row) {
  MOOT_CHECK(row.size() == columns_.size(), "a row has a cell for each column");
  for (auto& cell : row) cell = printable(cell);
  rows_.push_back(std::move(row));
}

void Table::print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  std::vector<std::string> titles;
  for (const auto& column : columns_) {
    widths.push_back(cells(column.title));
    titles.push_back(column.title);
  }
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], cells(row[i]));
  const auto print_row = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - cells(row[i]), ' ');
      line +=
          (i == 0 ? "" : "  ") + (columns_[i].align == Align::right ? padding + row[i] : row[i] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  };
  print_row(titles);
  for (const auto& row : rows_) print_row(row);
}

void print_facts(std::ostream& out, const std::vector<Fact>& facts) {
  std::size_t width = 0;
  for (const auto& fact : facts) width = std::max(width, cells(fact.title));
  for (const auto& fact : facts)
    out << fact.title << std::string(width - cells(fact.title) + 2, ' ') << printable(fact.value) << '\n';
}

void print_json(std::ostream& out, const json::value& value) {
  write_json(out, value, 0);
  out << '\n';
}

std::string grouped(u128 number) {
  std::string digits;
  for (std::size_t i = 0; i == 0 || number != 0; ++i, number /= 10) {
    if (i != 0 && i % 3 == 0) digits += ',';
    digits += static_cast<char>('0' + static_cast<int>(number % 10));
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

bool line_is_due(const LinePace& pace) {
  if (pace.done == pace.said || pace.silence < kLineAtSoonest) return false;
  if (pace.silence >= kLineAtLatest) return true;
  const auto tenth = [&](u64 count) { return static_cast<u64>(static_cast<u128>(count) * 10 / pace.total); };
  return pace.total != 0 && tenth(pace.done) > tenth(pace.said);
}

Progress::Progress(std::string label, u64 total, ProgressOptions options)
    : label_(std::move(label)),
      total_(total),
      options_(std::move(options)),
      style_(::isatty(STDERR_FILENO) == 1 ? Style::bar
             : options_.lines             ? Style::lines
                                          : Style::none),
      start_(Clock::now()),
      last_shown_(start_) {}

Progress::~Progress() { finish(); }

void Progress::set(u64 done) {
  done_ = done;
  if (style_ == Style::none) return;
  const auto silence = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - last_shown_);
  if (style_ == Style::bar && silence >= kRedrawEvery) draw();
  if (style_ == Style::lines &&
      line_is_due({.silence = silence, .said = said_, .done = done_, .total = total_}))
    print_line();
}

void Progress::finish() {
  if (style_ == Style::bar) {
    draw();
    std::cerr << std::endl;
  }
  if (style_ == Style::lines && said_ != done_) print_line();
  style_ = Style::none;
}

std::chrono::milliseconds Progress::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(last_shown_ - start_);
}

void Progress::draw() {
  last_shown_ = Clock::now();
  std::cerr << "\r\x1b[K" << line(elapsed()) << std::flush;
}

void Progress::print_line() {
  last_shown_ = Clock::now();
  said_ = done_;
  std::cerr << plain_line(elapsed()) << std::endl;
}

std::string Progress::count() const {
  std::string out = options_.counted.empty() ? "" : options_.counted + " ";
  out += grouped(done_);
  return total_ == 0 ? out : out + " of " + grouped(total_);
}

// The rate and what it makes of the rest, each after a separator.
std::string Progress::pace(std::chrono::milliseconds elapsed, std::string_view separator) const {
  const auto ms = static_cast<u64>(elapsed.count());
  const u64 rate = ms == 0 ? 0 : static_cast<u64>(static_cast<u128>(done_) * 1000 / ms);
  if (rate == 0) return {};
  std::string out = std::string(separator) + grouped(rate) + "/s";
  if (done_ < total_) out += std::string(separator) + duration((total_ - done_ + rate - 1) / rate) + " left";
  return out;
}

std::string Progress::line(std::chrono::milliseconds elapsed) const {
  std::string out = printable(label_) + "  ";
  if (total_ != 0) {
    const u64 shown = std::min(done_, total_);
    const auto full = static_cast<std::size_t>(static_cast<u128>(shown) * kBarCells / total_);
    out += "[" + std::string(full, '#') + std::string(kBarCells - full, '.') + "]  ";
    out += std::to_string(static_cast<u64>(static_cast<u128>(shown) * 100 / total_)) + " %  ";
  }
  return out + count() + pace(elapsed, "  ");
}

std::string Progress::plain_line(std::chrono::milliseconds elapsed) const {
  return printable(label_) + ": " + count() + pace(elapsed, ", ");
}

}  // namespace moot::wallet
