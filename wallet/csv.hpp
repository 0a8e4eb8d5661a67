// Tables that people bring: CSV of RFC 4180, read strictly, so that a slip of the pen is a message and not a payment.
//
// The first line names the columns, in any order; a column that nobody asked for, or that stands twice, is refused, and so
// is a row of another length, an empty line, a quote out of place, a control character. Lines end in LF or CRLF; a byte
// order mark, which spreadsheets write, is passed over. A quoted cell does not reach over a line's end.
//
// Every failure names the file and the line: `members.csv line 17: "0x12" is no address`.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "wallet/failure.hpp"

namespace moot::wallet {

inline constexpr std::size_t kMaxCsvFile = std::size_t{1} << 30;
inline constexpr std::size_t kMaxCsvRows = 10'000'000;

struct CsvColumn {
  std::string_view name;
  bool required = true;
};

// One line below the header. Cells stand in the order of the columns asked for; those of a column that the file lacks
// are empty.
struct CsvRow {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

struct CsvTable {
  std::string name;  // of the file, without its folder, for messages
  std::vector<CsvRow> rows;

  [[nodiscard]] std::unexpected<Failure> wrong(std::size_t line, const std::string& what) const;

  // One cell of a row as a value, or the failure that names its line.
  [[nodiscard]] Result<Address> address(const CsvRow& row, std::size_t column) const;
  [[nodiscard]] Result<u64> number(const CsvRow& row, std::size_t column, std::string_view what) const;
  [[nodiscard]] Result<Hash> hash(const CsvRow& row, std::size_t column, std::string_view what) const;
};

Result<CsvTable> parse_csv(std::string name, std::string_view text, std::span<const CsvColumn> columns);
Result<CsvTable> read_csv(const std::string& path, std::span<const CsvColumn> columns);
// The same of columns that are written out.
template <std::size_t kCount>
Result<CsvTable> parse_csv(std::string name, std::string_view text, const CsvColumn (&columns)[kCount]) {
  return parse_csv(std::move(name), text, std::span<const CsvColumn>(columns));
}
template <std::size_t kCount>
Result<CsvTable> read_csv(const std::string& path, const CsvColumn (&columns)[kCount]) {
  return read_csv(path, std::span<const CsvColumn>(columns));
}

// What may stand once in a list: the second is a failure that names the line of the first.
template <class Value>
class OnceInList {
 public:
  // "this <what> stands on line 3 already", and `why` after it.
  explicit OnceInList(std::string what, std::string why = {})
      : what_(std::move(what)), why_(std::move(why)) {}

  [[nodiscard]] Result<void> add(const CsvTable& table, const CsvRow& row, const Value& value) {
    const auto [first, fresh] = lines_.emplace(value, row.line);
    if (fresh) return {};
    return table.wrong(
        row.line, "this " + what_ + " stands on line " + std::to_string(first->second) + " already" + why_);
  }

 private:
  std::string what_, why_;
  std::map<Value, std::size_t> lines_;
};

// A cell as RFC 4180 writes it: in quotes where it needs them.
std::string csv_cell(std::string_view text);

}  // namespace moot::wallet
