#include "ledger/text.hpp"

#include <gtest/gtest.h>

namespace moot::ledger {
namespace {

using namespace std::string_literals;

struct Case {
  const char* what;
  std::string text;
  std::optional<TxError> refusal;
};

std::optional<TxError> refusal(TextUse use, std::string_view text) {
  const auto checked = check_text(use, text);
  return checked ? std::nullopt : std::optional{checked.error()};
}

TEST(Text, Rule1_9_WhatATitleMayHold) {
  const Case cases[] = {
      {"plain", "Sale of data set 7", std::nullopt},
      {"two, three and four bytes", "zażółć 声 🎧", std::nullopt},
      {"last code point", "\xF4\x8F\xBF\xBF", std::nullopt},
      {"above the last code point", "\xF4\x90\x80\x80", TxError::bad_text},
      {"first below the surrogates", "\xED\x9F\xBF", std::nullopt},
      {"a surrogate", "\xED\xA0\x80", TxError::bad_text},
      {"first above the surrogates", "\xEE\x80\x80", std::nullopt},
      {"overlong in two bytes", "\xC0\xAF", TxError::bad_text},
      {"overlong in two bytes, C1", "\xC1\xBF", TxError::bad_text},
      {"overlong in three bytes", "\xE0\x9F\xBF", TxError::bad_text},
      {"shortest of three bytes", "\xE0\xA0\x80", std::nullopt},
      {"overlong in four bytes", "\xF0\x8F\xBF\xBF", TxError::bad_text},
      {"shortest of four bytes", "\xF0\x90\x80\x80", std::nullopt},
      {"a lone continuation", "\x80", TxError::bad_text},
      {"a cut sequence", "a\xE5\xA3", TxError::bad_text},
      {"a wrong continuation", "\xE5\x41\xB0", TxError::bad_text},
      {"five bytes", "\xF8\x88\x80\x80\x80", TxError::bad_text},
      {"FF", "\xFF", TxError::bad_text},
      {"a NUL", "a\0b"s, TxError::bad_text},
      {"a newline", "a\nb", TxError::bad_text},
      {"a tab", "a\tb", TxError::bad_text},
      {"last C0", "\x1F", TxError::bad_text},
      {"space", " ", std::nullopt},
      {"tilde", "\x7E", std::nullopt},
      {"DEL", "\x7F", TxError::bad_text},
      {"first C1", "\xC2\x80", TxError::bad_text},
      {"last C1", "\xC2\x9F", TxError::bad_text},
      {"no-break space", "\xC2\xA0", std::nullopt},
      {"Arabic letter mark", "\xD8\x9C", TxError::bad_text},
      {"zero width joiner", "\xE2\x80\x8D", std::nullopt},
      {"left-to-right mark", "\xE2\x80\x8E", TxError::bad_text},
      {"right-to-left mark", "\xE2\x80\x8F", TxError::bad_text},
      {"before the embeddings", "\xE2\x80\xA9", std::nullopt},
      {"left-to-right embedding", "\xE2\x80\xAA", TxError::bad_text},
      {"right-to-left override", "\xE2\x80\xAE", TxError::bad_text},
      {"after the overrides", "\xE2\x80\xAF", std::nullopt},
      {"before the isolates", "\xE2\x81\xA5", std::nullopt},
      {"left-to-right isolate", "\xE2\x81\xA6", TxError::bad_text},
      {"pop isolate", "\xE2\x81\xA9", TxError::bad_text},
      {"after the isolates", "\xE2\x81\xAA", std::nullopt},
      {"empty", "", TxError::bad_value},
  };
  for (const Case& c : cases) EXPECT_EQ(refusal(TextUse::title, c.text), c.refusal) << c.what;
}

TEST(Text, Rule1_9_LengthsAreBytesAndTheLimitIsAllowed) {
  const std::pair<TextUse, std::size_t> limits[] = {
      {TextUse::reason, 280}, {TextUse::title, 80},    {TextUse::organisation, 64}, {TextUse::name, 64},
      {TextUse::symbol, 11},  {TextUse::body, 16'384}, {TextUse::destination, 128}, {TextUse::reference, 128},
  };
  for (const auto& [use, limit] : limits) {
    EXPECT_EQ(max_bytes(use), limit);
    EXPECT_EQ(refusal(use, std::string(limit, 'A')), std::nullopt) << limit;
    EXPECT_EQ(refusal(use, std::string(limit + 1, 'A')), TxError::text_too_long) << limit;
  }
  std::string wide(78, 'x');
  EXPECT_EQ(refusal(TextUse::title, wide + "é"), std::nullopt);
  EXPECT_EQ(refusal(TextUse::title, wide + "声"), TxError::text_too_long);
}

TEST(Text, BadCharactersAreNamedBeforeLength) {
  EXPECT_EQ(refusal(TextUse::title, std::string(200, '\n')), TxError::bad_text);
}

TEST(Text, OnlyABodyHasLinesAndTabs) {
  EXPECT_EQ(refusal(TextUse::body, "one\n\ttwo"), std::nullopt);
  EXPECT_EQ(refusal(TextUse::body, "one\rtwo"), TxError::bad_text);
  EXPECT_EQ(refusal(TextUse::reason, "one\ntwo"), TxError::bad_text);
}

TEST(Text, OnlyReasonsAndBodiesMayBeEmpty) {
  EXPECT_EQ(refusal(TextUse::reason, ""), std::nullopt);
  EXPECT_EQ(refusal(TextUse::body, ""), std::nullopt);
  for (const TextUse use : {TextUse::title, TextUse::organisation, TextUse::name, TextUse::symbol,
                            TextUse::destination, TextUse::reference})
    EXPECT_EQ(refusal(use, ""), TxError::bad_value);
}

TEST(Text, ASymbolIsCapitalsAndDigits) {
  EXPECT_EQ(refusal(TextUse::symbol, "USDX2"), std::nullopt);
  for (const char* bad : {"usdx", "US DX", "USD-X", "US\xC3\x89", "@", "[", "/", ":"})
    EXPECT_EQ(refusal(TextUse::symbol, bad), TxError::bad_text) << bad;
}

TEST(AmountText, Rule6_8_HasExactlyItsDecimals) {
  EXPECT_EQ(render_amount(Amount{55'000'000'000}, 6, "USDX"), "55000.000000 USDX");
  EXPECT_EQ(render_amount(Amount{0}, 6, "USDX"), "0.000000 USDX");
  EXPECT_EQ(render_amount(Amount{1}, 6, "USDX"), "0.000001 USDX");
  EXPECT_EQ(render_amount(Amount{999'999}, 6, "USDX"), "0.999999 USDX");
  EXPECT_EQ(render_amount(Amount{1'000'000}, 6, "USDX"), "1.000000 USDX");
  EXPECT_EQ(render_amount(Amount{55'000}, 0, "XYZ"), "55000 XYZ");
  EXPECT_EQ(render_amount(Amount{0}, 0, "XYZ"), "0 XYZ");
  EXPECT_EQ(render_amount(Amount{kMaxU128}, 0, "X"), "340282366920938463463374607431768211455 X");
  EXPECT_EQ(render_amount(Amount{kMaxU128}, 38, "X"), "3.40282366920938463463374607431768211455 X");
  EXPECT_EQ(render_amount(Amount{7}, 38, "X"), "0." + std::string(37, '0') + "7 X");
}

TEST(AmountText, OnlyTheCanonicalTextIsRead) {
  EXPECT_EQ(parse_amount("55000.000000 USDX", 6, "USDX"), Amount{55'000'000'000});
  for (const char* other :
       {"55000 USDX", "55000.00 USDX", "55000.0000000 USDX", "055000.000000 USDX", "55000.000000",
        "55000.000000 USDY", "55000.000000  USDX", "55000.000000 USDX ", " 55000.000000 USDX",
        "+55000.000000 USDX", "-1.000000 USDX", "55,000.000000 USDX", ".000000 USDX", "", " USDX", "1e3 USDX",
        "55000,000000 USDX"})
    EXPECT_EQ(parse_amount(other, 6, "USDX"), std::nullopt) << other;
  EXPECT_EQ(parse_amount("340282366920938463463374607431768211455 X", 0, "X"), Amount{kMaxU128});
  EXPECT_EQ(parse_amount("340282366920938463463374607431768211456 X", 0, "X"), std::nullopt);
  EXPECT_EQ(parse_amount("999999999999999999999999999999999999999999 X", 0, "X"), std::nullopt);
}

TEST(AmountText, EveryAmountReadsBack) {
  u128 value = 1;
  for (int step = 0; step < 127; ++step, value = value * 2 + (value % 3 == 0 ? 1 : 0))
    for (const u8 decimals : {u8{0}, u8{2}, u8{6}, u8{18}, u8{38}})
      ASSERT_EQ(parse_amount(render_amount(Amount{value}, decimals, "ABC"), decimals, "ABC"), Amount{value})
          << step;
}

TEST(AmountText, PeopleMayLeaveOutZeros) {
  EXPECT_EQ(parse_decimal("55000", 6), Amount{55'000'000'000});
  EXPECT_EQ(parse_decimal("0.5", 6), Amount{500'000});
  EXPECT_EQ(parse_decimal("007", 0), Amount{7});
  for (const char* bad : {"", ".", "5.", ".5", "1.0000001", "1.2.3", "1 ", "-1", "0x10"})
    EXPECT_EQ(parse_decimal(bad, 6), std::nullopt) << bad;
  EXPECT_EQ(parse_decimal("340282366920938463463374607431768211456", 0), std::nullopt);
  EXPECT_EQ(parse_decimal("340282366920938463463374607431768211455", 1), std::nullopt);
}

}  // namespace
}  // namespace moot::ledger
