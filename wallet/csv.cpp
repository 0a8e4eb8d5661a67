#include "wallet/csv.hpp"

#include <filesystem>

#include "crypto/keys.hpp"
#include "wallet/files.hpp"
#include "wallet/inputs.hpp"
#include "wallet/output.hpp"

namespace moot::wallet {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kShownCell = 80;  // bytes of a cell in a message

using Cells = std::expected<std::vector<std::string>, std::string>;

std::string in_quotes(std::string_view cell) {
  return "\"" + printable(cell.substr(0, kShownCell)) + (cell.size() > kShownCell ? "…\"" : "\"");
}

// Reads a quoted cell off the front of `line`, which begins with the quote; false when it does not close.
bool take_quoted(std::string_view& line, std::string& cell) {
  line.remove_prefix(1);
  while (!line.empty()) {
    const char c = line.front();
    line.remove_prefix(1);
    if (c != '"') {
      cell += c;
    } else if (line.starts_with('"')) {
      cell += '"';
      line.remove_prefix(1);
    } else {
      return true;
    }
  }
  return false;
}

// Why a cell may not stand as it is; empty when it may.
std::string problem_of(std::string_view cell) {
  if (cell.starts_with(' ') || cell.ends_with(' ')) return in_quotes(cell) + " has spaces around it";
  if (printable(cell) != cell) return "there is a control character, or text that is not UTF-8";
  return {};
}

Cells split(std::string_view line) {
  std::vector<std::string> cells;
  while (true) {
    std::string cell;
    if (line.starts_with('"')) {
      if (!take_quoted(line, cell)) return std::unexpected("a quote is not closed on its line");
      if (!line.empty() && !line.starts_with(','))
        return std::unexpected("something follows a closing quote");
    } else {
      cell = line.substr(0, line.find(','));
      line.remove_prefix(cell.size());
      if (cell.find('"') != std::string::npos)
        return std::unexpected("a quote stands inside a cell that is not quoted");
    }
    if (std::string problem = problem_of(cell); !problem.empty()) return std::unexpected(std::move(problem));
    cells.push_back(std::move(cell));
    if (line.empty()) return cells;
    line.remove_prefix(1);
  }
}

// Hands out lines with their numbers.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }
  [[nodiscard]] bool ended() const { return rest_.empty(); }
  [[nodiscard]] std::size_t number() const { return number_; }
  std::string_view next() {
    ++number_;
    std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

// Where each column asked for stands in the file's lines.
using Places = std::vector<std::optional<std::size_t>>;

std::expected<Places, std::string> places_of(const std::vector<std::string>& header,
                                             std::span<const CsvColumn> columns) {
  Places places(columns.size());
  for (std::size_t at = 0; at < header.size(); ++at) {
    const auto column = std::ranges::find(columns, header[at], &CsvColumn::name);
    if (column == columns.end())
      return std::unexpected("the column " + in_quotes(header[at]) + " is not one of those known");
    auto& place = places[static_cast<std::size_t>(column - columns.begin())];
    if (place) return std::unexpected("the column " + in_quotes(header[at]) + " stands twice");
    place = at;
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].required && !places[i])
      return std::unexpected("the column \"" + std::string(columns[i].name) + "\" is missing");
  return places;
}

std::string names_of(std::span<const CsvColumn> columns) {
  std::string out = "The first line names the columns:";
  const char* separator = " ";
  for (const CsvColumn& column : columns) {
    out += separator + std::string(column.name) + (column.required ? "" : " (may be left out)");
    separator = ", ";
  }
  return out;
}

}  // namespace

std::unexpected<Failure> CsvTable::wrong(std::size_t line, const std::string& what) const {
  return fail(name + " line " + std::to_string(line) + ": " + what,
              "Nothing was sent; correct the file and run this again");
}

Result<Address> CsvTable::address(const CsvRow& row, std::size_t column) const {
  const std::string& cell = row.cells[column];
  const auto address = crypto::parse_address(cell);
  if (!address)
    return wrong(row.line, in_quotes(cell) +
                               " is no address; write 0x and 40 digits, mixed case only as EIP-55 has it");
  if (address->is_zero()) return wrong(row.line, "the zero address is nobody's");
  return *address;
}

Result<u64> CsvTable::number(const CsvRow& row, std::size_t column, std::string_view what) const {
  const auto number = parse_number(row.cells[column]);
  if (!number)
    return wrong(row.line, in_quotes(row.cells[column]) + " is no " + std::string(what) +
                               "; write a whole number below 2^64 without sign or separators");
  return *number;
}

Result<Hash> CsvTable::hash(const CsvRow& row, std::size_t column, std::string_view what) const {
  const auto hash = fixed_from_hex<Hash>(row.cells[column]);
  if (!hash)
    return wrong(row.line,
                 in_quotes(row.cells[column]) + " is no " + std::string(what) + "; write 0x and 64 digits");
  return *hash;
}

Result<CsvTable> parse_csv(std::string name, std::string_view text, std::span<const CsvColumn> columns) {
  CsvTable table{.name = std::move(name), .rows = {}};
  Lines lines(text);
  if (lines.ended()) return fail(table.name + " is empty", names_of(columns));
  const Cells header = split(lines.next());
  const auto places = header ? places_of(*header, columns) : std::unexpected(header.error());
  if (!places) return fail(table.name + " line 1: " + places.error(), names_of(columns));
  while (!lines.ended()) {
    const std::string_view line = lines.next();
    if (line.empty()) return table.wrong(lines.number(), "the line is empty");
    Cells cells = split(line);
    if (!cells) return table.wrong(lines.number(), cells.error());
    if (cells->size() != header->size())
      return table.wrong(lines.number(), "there are " + std::to_string(cells->size()) + " cells, and " +
                                             std::to_string(header->size()) + " columns");
    if (table.rows.size() == kMaxCsvRows)
      return table.wrong(lines.number(), "there are more than " + grouped(kMaxCsvRows) + " rows");
    CsvRow row{.line = lines.number(), .cells = std::vector<std::string>(columns.size())};
    for (std::size_t i = 0; i < places->size(); ++i)
      if ((*places)[i]) row.cells[i] = std::move((*cells)[*(*places)[i]]);
    table.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) return fail(table.name + " has a header and no rows", "Nothing was sent");
  return table;
}

Result<CsvTable> read_csv(const std::string& path, std::span<const CsvColumn> columns) {
  const auto text = read_text_file(path, kMaxCsvFile);
  if (!text) return std::unexpected(text.error());
  return parse_csv(std::filesystem::path(path).filename().string(), *text, columns);
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

}  // namespace moot::wallet
