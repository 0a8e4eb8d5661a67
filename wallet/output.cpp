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

Progress::Progress(std::string label, u64 total)
    : label_(std::move(label)), total_(total), live_(::isatty(STDERR_FILENO) == 1), start_(Clock::now()) {}

Progress::~Progress() { finish(); }

void Progress::set(u64 done) {
  done_ = done;
  if (!live_ || Clock::now() - last_draw_ < kRedrawEvery) return;
  draw();
}

void Progress::finish() {
  if (!live_) return;
  draw();
  std::cerr << std::endl;
  live_ = false;
}

void Progress::draw() {
  last_draw_ = Clock::now();
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(last_draw_ - start_);
  std::cerr << "\r\x1b[K" << line(elapsed) << std::flush;
}

std::string Progress::line(std::chrono::milliseconds elapsed) const {
  const auto ms = static_cast<u64>(elapsed.count());
  const u64 rate = ms == 0 ? 0 : static_cast<u64>(static_cast<u128>(done_) * 1000 / ms);
  std::string out = printable(label_) + "  ";
  if (total_ == 0) {
    out += grouped(done_);
  } else {
    const u64 shown = std::min(done_, total_);
    const auto full = static_cast<std::size_t>(static_cast<u128>(shown) * kBarCells / total_);
    out += "[" + std::string(full, '#') + std::string(kBarCells - full, '.') + "]  ";
    out += std::to_string(static_cast<u64>(static_cast<u128>(shown) * 100 / total_)) + " %  ";
    out += grouped(done_) + " of " + grouped(total_);
  }
  if (rate != 0) out += "  " + grouped(rate) + "/s";
  if (rate != 0 && done_ < total_) out += "  " + duration((total_ - done_ + rate - 1) / rate) + " left";
  return out;
}

}  // namespace moot::wallet
