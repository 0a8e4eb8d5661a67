#include "ledger/text.hpp"

#include <algorithm>

#include "base/math.hpp"

namespace moot::ledger {
namespace {

// One code point from the front of `text`, which is not empty; nothing when the bytes are not the shortest UTF-8 form of a
// scalar value.
std::optional<u32> take_code_point(std::string_view& text) {
  const auto byte = [&text](std::size_t i) { return static_cast<u8>(text[i]); };
  const u8 lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                           : lead < 0xF5 ? 4
                                         : 0;
  if (size == 0 || size > text.size()) return std::nullopt;
  u32 point = size == 1 ? lead : static_cast<u32>(lead & (0x7F >> size));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
    point = point << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return std::nullopt;
  text.remove_prefix(size);
  return point;
}

bool is_control(u32 point) { return point < 0x20 || (point >= 0x7F && point <= 0x9F); }

// Unicode's Bidi_Control property: marks, embeddings, overrides and isolates, with which one text can be made to read as
// another.
bool is_bidi_control(u32 point) {
  return point == 0x061C || point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);
}

bool is_readable(std::string_view text, bool lines_allowed) {
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point || is_bidi_control(*point)) return false;
    const bool line_mark = *point == '\n' || *point == '\t';
    if (is_control(*point) && !(lines_allowed && line_mark)) return false;
  }
  return true;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_symbol_character(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }

// Appends a decimal digit to `value`; false when it would not fit.
bool push_digit(u128& value, u32 digit) {
  if (value > (kMaxU128 - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

}  // namespace

std::size_t max_bytes(TextUse use) {
  switch (use) {
    case TextUse::reason: return 280;
    case TextUse::title: return 80;
    case TextUse::organisation: return 64;
    case TextUse::name: return 64;
    case TextUse::symbol: return 11;
    case TextUse::body: return 16 * 1024;
    case TextUse::destination: return 128;
    case TextUse::reference: return 128;
  }
  return 0;
}

std::expected<void, TxError> check_text(TextUse use, std::string_view text) {
  const bool readable = use == TextUse::symbol ? std::ranges::all_of(text, is_symbol_character)
                                               : is_readable(text, use == TextUse::body);
  if (!readable) return std::unexpected(TxError::bad_text);
  const bool may_be_empty = use == TextUse::reason || use == TextUse::body;
  if (text.empty() && !may_be_empty) return std::unexpected(TxError::bad_value);
  if (text.size() > max_bytes(use)) return std::unexpected(TxError::text_too_long);
  return {};
}

std::string render_amount(Amount amount, u8 decimals, std::string_view symbol) {
  std::string out = to_decimal(amount.raw());
  if (decimals > 0) {
    if (out.size() <= decimals) out.insert(0, decimals + 1u - out.size(), '0');
    out.insert(out.size() - decimals, 1, '.');
  }
  out.push_back(' ');
  out.append(symbol);
  return out;
}

std::optional<Amount> parse_amount(std::string_view text, u8 decimals, std::string_view symbol) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto amount = parse_decimal(text.substr(0, space), decimals);
  if (!amount || render_amount(*amount, decimals, symbol) != text) return std::nullopt;
  return amount;
}

std::optional<Amount> parse_decimal(std::string_view text, u8 decimals) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == text.size() ? std::string_view{} : text.substr(point + 1);
  const bool point_without_digits = point != text.size() && fraction.empty();
  if (whole.empty() || point_without_digits || fraction.size() > decimals) return std::nullopt;
  u128 value = 0;
  for (const std::string_view part : {whole, fraction})
    for (const char c : part)
      if (!is_digit(c) || !push_digit(value, static_cast<u32>(c - '0'))) return std::nullopt;
  for (std::size_t i = fraction.size(); i < decimals; ++i)
    if (!push_digit(value, 0)) return std::nullopt;
  return Amount{value};
}

}  // namespace moot::ledger
