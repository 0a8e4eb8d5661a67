// What people type: durations, times, percentages and amounts.
#include "wallet/inputs.hpp"

#include <gtest/gtest.h>

#include "wallet/asset_book.hpp"

namespace moot::wallet {
namespace {

TEST(Inputs, Durations) {
  EXPECT_EQ(parse_duration("7d"), DurationMs{7 * 86'400'000ull});
  EXPECT_EQ(parse_duration("90m"), DurationMs{5'400'000});
  EXPECT_EQ(parse_duration("250ms"), DurationMs{250});
  EXPECT_EQ(parse_duration("5s"), DurationMs{5'000});
  EXPECT_EQ(parse_duration("0"), DurationMs{0});
  EXPECT_EQ(parse_duration("18446744073709551615"), DurationMs{~0ull});
  for (const char* text : {"", "d", "-1d", "1.5h", "7 d", "07d", "1w", "18446744073709551615s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Inputs, ADurationsTextIsReadBack) {
  for (const char* text : {"7d", "36h", "90m", "5s", "250ms", "0"})
    EXPECT_EQ(duration_text(*parse_duration(text)), text);
}

TEST(Inputs, Times) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z"), TimeMs{0});
  EXPECT_EQ(parse_time("2026-01-31T09:05:00.250Z"), TimeMs{1'769'850'300'250});
  EXPECT_EQ(parse_time("2026-01-31T09:05Z"), TimeMs{1'769'850'300'000});
  EXPECT_EQ(parse_time("1769850300250"), TimeMs{1'769'850'300'250});
  EXPECT_EQ(time_text(*parse_time("2026-01-31T09:05:00.250Z")), "2026-01-31T09:05:00.250Z");
  for (const char* text :
       {"2026-02-30T00:00Z", "2026-01-31", "2026-01-31T24:00Z", "2026-01-31T09:05:00", "soon"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Inputs, PartsOfAWhole) {
  EXPECT_EQ(parse_ppm("20%"), Ppm{200'000});
  EXPECT_EQ(parse_ppm("66.6667%"), Ppm{666'667});
  EXPECT_EQ(parse_ppm("0.05%"), Ppm{500});
  EXPECT_EQ(parse_ppm("100%"), Ppm{1'000'000});
  EXPECT_EQ(parse_ppm("1000000"), Ppm{1'000'000});
  EXPECT_EQ(ppm_text(Ppm{666'667}), "66.6667%");
  EXPECT_EQ(ppm_text(Ppm{500}), "0.05%");
  EXPECT_EQ(ppm_text(Ppm{200'000}), "20%");
  for (const char* text : {"", "%", "101%", "100.0001%", "1000001", "1.23456%", "5.%", "-1%"})
    EXPECT_FALSE(parse_ppm(text)) << text;
}

class Amounts : public ::testing::Test {
 protected:
  AssetBook one{{{.id = AssetId{0}, .symbol = "USDX", .decimals = 6}}};
  AssetBook two{{{.id = AssetId{0}, .symbol = "USDX", .decimals = 6},
                 {.id = AssetId{1}, .symbol = "EGG", .decimals = 0}}};
};

TEST_F(Amounts, AreReadWithTheirSymbol) {
  const auto money = two.parse("12.5 USDX");
  ASSERT_TRUE(money);
  EXPECT_EQ(money->amount, Amount{12'500'000});
  EXPECT_EQ(money->text(), "12.500000 USDX");
  EXPECT_EQ(two.parse("12 EGG")->text(), "12 EGG");
  EXPECT_EQ(two.parse("12", "EGG")->asset.id, AssetId{1});
  EXPECT_EQ(two.parse("12", "1")->asset.symbol, "EGG");
}

TEST_F(Amounts, NeedASymbolUnlessThereIsOneAsset) {
  EXPECT_EQ(one.parse("0.000001")->amount, Amount{1});
  EXPECT_EQ(two.parse("1").error().code, ExitCode::usage);
}

TEST_F(Amounts, AreNeverRoundedOrGuessed) {
  for (const char* text : {"", "USDX", "1.0000001 USDX", "-1 USDX", "1e3 USDX", "1,000 USDX", "1 usdx",
                           "0.5 EGG", "1 USDX EGG", "340282366920938463463374607431768211456 EGG"})
    EXPECT_FALSE(two.parse(text)) << text;
  EXPECT_FALSE(two.parse("1 USDX", "EGG"));
}

}  // namespace
}  // namespace moot::wallet
