// Texts that people sign and read (rule 1.9), and amounts written out (rule 6.8).
//
// A text is kept and hashed exactly as given: it is never normalised, only accepted or refused.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/units.hpp"
#include "ledger/tx_error.hpp"

namespace moot::ledger {

// What a text is for, which decides its longest length in bytes and whether it may be empty.
enum class TextUse : u8 {
  reason,        // ≤ 280, may be empty: reasons of ballots, pauses, refunds, and an audit's verdict
  title,         // 1…80
  organisation,  // 1…64
  name,          // 1…64: a share class, a parameter
  symbol,        // 1…11 of [A-Z0-9]
  body,          // ≤ 16 KiB, may be empty; the one use in which newline and tab are allowed
  destination,   // 1…128: where a redemption is paid, opaque or a salted hash (6.7)
  reference,     // 1…128: an outside payment
};

std::size_t max_bytes(TextUse use);

// bad_text: not UTF-8 (overlong forms and surrogates included), a control character (C0, DEL, C1), one of the characters
// that turn the direction of writing, or for a symbol another character than A-Z and 0-9. bad_value: empty where something
// is needed. text_too_long: more bytes than the use allows. The first of these is given (1.8).
std::expected<void, TxError> check_text(TextUse use, std::string_view text);

// The canonical text of an amount: "55000.000000 USDX". Exactly `decimals` digits after the point, no point when decimals
// is 0, no leading zeros, signs or separators.
std::string render_amount(Amount amount, u8 decimals, std::string_view symbol);

// The inverse of render_amount: nothing for any text but the canonical one.
std::optional<Amount> parse_amount(std::string_view text, u8 decimals, std::string_view symbol);

// What a person types: digits with at most `decimals` of them after an optional point ("55000", "0.5"). Nothing when it is
// not that or does not fit an Amount. Never used on what is signed.
std::optional<Amount> parse_decimal(std::string_view text, u8 decimals);

}  // namespace moot::ledger
