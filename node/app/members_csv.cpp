// Members of a genesis from CSV (RFC 4180: quoted fields, doubled quotes; LF or CRLF).
#include <fmt/format.h>

#include <charconv>
#include <map>

#include "crypto/keys.hpp"
#include "node/app/genesis_file.hpp"

namespace moot::node::app {
namespace {

struct Row {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

// Nothing inside: the text has ended. An error: the quote that opened is not closed, or something follows it.
class Rows {
 public:
  explicit Rows(std::string_view text) : left_(text) {
    if (left_.starts_with("\xEF\xBB\xBF")) left_.remove_prefix(3);  // spreadsheets put it there
  }

  std::expected<std::optional<Row>, std::string> next() {
    while (left_.starts_with('\n') || left_.starts_with("\r\n")) skip_break();
    if (left_.empty()) return std::nullopt;
    Row row{.line = line_, .fields = {}};
    while (true) {
      auto field = left_.starts_with('"') ? quoted() : plain();
      if (!field) return std::unexpected(field.error());
      row.fields.push_back(std::move(*field));
      if (left_.starts_with(',')) {
        left_.remove_prefix(1);
        continue;
      }
      if (!left_.empty()) skip_break();
      return row;
    }
  }

 private:
  void skip_break() {
    left_.remove_prefix(left_.starts_with("\r\n") ? 2 : 1);
    ++line_;
  }

  std::expected<std::string, std::string> plain() {
    const auto end = std::min(left_.find_first_of(",\n"), left_.size());
    std::string_view field = left_.substr(0, end);
    left_.remove_prefix(end);
    if (field.ends_with('\r')) field.remove_suffix(1);
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    return std::string{field};
  }

  std::expected<std::string, std::string> quoted() {
    const std::size_t line = line_;
    std::string out;
    left_.remove_prefix(1);
    while (!left_.empty()) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c == '\n') ++line_;
      if (c != '"') {
        out += c;
      } else if (left_.starts_with('"')) {
        left_.remove_prefix(1);
        out += '"';
      } else {
        const bool ends =
            left_.empty() || left_.starts_with(',') || left_.starts_with('\n') || left_.starts_with("\r\n");
        if (!ends) return std::unexpected(fmt::format("line {}: something follows a closing quote", line));
        return out;
      }
    }
    return std::unexpected(fmt::format("line {}: a quote is not closed", line));
  }

  std::string_view left_;
  std::size_t line_ = 1;
};

// What each column holds.
struct Columns {
  std::optional<std::size_t> address;
  std::optional<std::size_t> consent;
  std::map<std::size_t, std::size_t> class_of;  // class → column
};

std::expected<Columns, std::string> read_heading(const Row& row,
                                                 const std::vector<ledger::GenesisClass>& classes) {
  Columns out;
  const auto twice = [](const std::string& name) {
    return std::unexpected(fmt::format("line 1: the column {} stands twice", name));
  };
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    const std::string& name = row.fields[i];
    if (name == "address" || name == "consent") {
      auto& column = name == "address" ? out.address : out.consent;
      if (column) return twice(name);
      column = i;
      continue;
    }
    const auto found = std::ranges::find(classes, name, &ledger::GenesisClass::name);
    if (found == classes.end())
      return std::unexpected(
          fmt::format("line 1: the column \"{}\" is neither address, nor consent, nor a class given "
                      "with --class",
                      name));
    if (!out.class_of.emplace(found - classes.begin(), i).second) return twice(name);
  }
  if (!out.address)
    return std::unexpected("line 1: there is no column named address; the first line names the columns");
  return out;
}

std::expected<ledger::GenesisMember, std::string> read_member(const Row& row, const Columns& columns) {
  ledger::GenesisMember out;
  const auto wrong = [&row](std::string_view what) {
    return std::unexpected(fmt::format("line {}: {}", row.line, what));
  };
  const auto address = crypto::parse_address(row.fields[*columns.address]);
  if (!address)
    return wrong(
        fmt::format("\"{}\" is not an address; write 0x and 40 hexadecimal digits, mixed case only as "
                    "EIP-55 has it",
                    row.fields[*columns.address]));
  out.address = *address;
  for (const auto& [share_class, column] : columns.class_of) {
    const std::string& field = row.fields[column];
    if (field.empty()) continue;
    u64 units = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), units);
    if (error != std::errc{} || end != field.data() + field.size())
      return wrong(fmt::format("\"{}\" is not a number of units; write a whole number below 2^64", field));
    if (units != 0) out.holdings.push_back({ClassId{share_class}, Units{units}});
  }
  if (!columns.consent || row.fields[*columns.consent].empty()) return out;
  const auto consent = fixed_from_hex<Hash>(row.fields[*columns.consent]);
  if (!consent) return wrong("the consent is not a hash; write 0x and 64 hexadecimal digits");
  out.consent_hash = *consent;
  return out;
}

std::expected<std::vector<ledger::GenesisMember>, std::string> read_members(
    std::string_view text, const std::vector<ledger::GenesisClass>& classes) {
  Rows rows(text);
  const auto heading = rows.next();
  if (!heading) return std::unexpected(heading.error());
  if (!*heading)
    return std::unexpected("the file is empty; its first line names the columns, address among them");
  const auto columns = read_heading(**heading, classes);
  if (!columns) return std::unexpected(columns.error());
  std::vector<ledger::GenesisMember> out;
  std::map<Address, std::size_t> lines;
  while (true) {
    const auto row = rows.next();
    if (!row) return std::unexpected(row.error());
    if (!*row) return out;
    if ((*row)->fields.size() != (*heading)->fields.size())
      return std::unexpected(fmt::format("line {} has {} fields, but the first line names {}", (*row)->line,
                                         (*row)->fields.size(), (*heading)->fields.size()));
    auto member = read_member(**row, *columns);
    if (!member) return std::unexpected(member.error());
    const auto [first, fresh] = lines.emplace(member->address, (*row)->line);
    if (!fresh)
      return std::unexpected(
          fmt::format("line {}: this address stands on line {} already", (*row)->line, first->second));
    out.push_back(std::move(*member));
  }
}

}  // namespace

Result<std::vector<ledger::GenesisMember>> members_from_csv(
    std::string_view text, const std::string& name, const std::vector<ledger::GenesisClass>& classes) {
  auto members = read_members(text, classes);
  if (!members) return bad_input(fmt::format("members {}: {}", name, members.error()));
  return std::move(*members);
}

}  // namespace moot::node::app
