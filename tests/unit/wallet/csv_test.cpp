// Tables that people bring: what is read, and what is refused with which line.
#include "wallet/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/wallet/support.hpp"
#include "wallet/admissions.hpp"

namespace moot::wallet {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Result<CsvTable> parse(std::string_view text) { return parse_csv("t.csv", text, {{"a"}, {"b", false}}); }

std::string problem(std::string_view text) {
  const auto table = parse(text);
  return table ? "read" : table.error().what;
}

TEST(Csv, ColumnsStandInAnyOrderAndRowsKeepTheirLines) {
  const auto table = parse("b,a\n1,2\n3,4\n");
  ASSERT_TRUE(table) << table.error().what;
  ASSERT_EQ(table->rows.size(), 2u);
  EXPECT_THAT(table->rows[0].cells, ElementsAre("2", "1"));
  EXPECT_EQ(table->rows[0].line, 2u);
  EXPECT_EQ(table->rows[1].line, 3u);
}

TEST(Csv, AColumnThatMayBeLeftOutIsEmpty) {
  EXPECT_THAT(parse("a\nx\n")->rows[0].cells, ElementsAre("x", ""));
}

TEST(Csv, WhatSpreadsheetsWriteIsRead) {
  EXPECT_THAT(parse("\xef\xbb\xbf"
                    "a,b\r\n1,2\r\n")
                  ->rows[0]
                  .cells,
              ElementsAre("1", "2"));
  EXPECT_THAT(parse("a,b\n\"1,\"\"x\"\"\",2\n")->rows[0].cells, ElementsAre("1,\"x\"", "2"));
  EXPECT_THAT(parse("a,b\n1,2")->rows[0].cells, ElementsAre("1", "2")) << "a last line may lack its end";
  EXPECT_THAT(parse("a,b\n,\n")->rows[0].cells, ElementsAre("", ""));
}

TEST(Csv, WhatIsNotStrictIsRefusedWithItsLine) {
  const struct {
    std::string_view text;
    const char* problem;
  } kTable[] = {
      {"", "t.csv is empty"},
      {"a,b\n", "t.csv has a header and no rows"},
      {"1,2\n", "t.csv line 1: the column \"1\" is not one of those known"},
      {"a,c\n1,2\n", "t.csv line 1: the column \"c\" is not one of those known"},
      {"A\n1\n", "t.csv line 1: the column \"A\" is not one of those known"},
      {"a,a\n1,2\n", "t.csv line 1: the column \"a\" stands twice"},
      {"b\n1\n", "t.csv line 1: the column \"a\" is missing"},
      {"a,b\n1,2\n1\n", "t.csv line 3: there are 1 cells, and 2 columns"},
      {"a,b\n1,2,3\n", "t.csv line 2: there are 3 cells, and 2 columns"},
      {"a,b\n1,2\n\n", "t.csv line 3: the line is empty"},
      {"a\n1\n\n2\n", "t.csv line 3: the line is empty"},
      {"a,b\n 1,2\n", "t.csv line 2: \" 1\" has spaces around it"},
      {"a,b\n1,2 \n", "t.csv line 2: \"2 \" has spaces around it"},
      {"a,b\n\"1,2\n", "t.csv line 2: a quote is not closed on its line"},
      {"a,b\n\"1\n2\",3\n", "t.csv line 2: a quote is not closed on its line"},
      {"a,b\n\"1\"x,2\n", "t.csv line 2: something follows a closing quote"},
      {"a,b\n1\"2,2\n", "t.csv line 2: a quote stands inside a cell that is not quoted"},
      {"a,b\n1\t,2\n", "t.csv line 2: there is a control character, or text that is not UTF-8"},
      {"a,b\n1,\xff\n", "t.csv line 2: there is a control character, or text that is not UTF-8"},
      {"a;b\n1;2\n", "t.csv line 1: the column \"a;b\" is not one of those known"},
  };
  for (const auto& row : kTable) EXPECT_EQ(problem(row.text), row.problem) << row.text;
}

TEST(Csv, ACellIsQuotedWhereItMustBe) {
  EXPECT_EQ(csv_cell("plain"), "plain");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"so\""), "\"say \"\"so\"\"\"");
}

Result<std::vector<AdmissionRow>> admissions(const std::string& rows) {
  const auto table = parse_csv("members.csv", "address,units,consent_hash\n" + rows,
                               {{"address"}, {"units", false}, {"consent_hash", false}});
  if (!table) return std::unexpected(table.error());
  return read_admissions(*table);
}

std::string row(const char* address, const std::string& rest) {
  return std::string(address) + "," + rest + "\n";
}

TEST(Admissions, AreReadWithUnitsAndConsent) {
  const std::string hash(64, 'a');
  const auto rows = admissions(row(test::kFirstAddress, "12,0x" + hash) + row(test::kSecondAddress, ","));
  ASSERT_TRUE(rows) << rows.error().what;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].admission.units, Units{12});
  EXPECT_EQ(to_hex((*rows)[0].admission.consent_hash.view()), hash);
  EXPECT_EQ((*rows)[1].admission.units, Units{0});
  EXPECT_TRUE((*rows)[1].admission.consent_hash.is_zero());
  EXPECT_EQ((*rows)[1].line, 3u);
}

TEST(Admissions, NameTheLineOfWhatIsWrong) {
  const std::string good = row(test::kFirstAddress, "1,");
  const struct {
    std::string rows;
    const char* problem;
  } kTable[] = {
      {good + "0x12,1,\n", "members.csv line 3: \"0x12\" is no address"},
      {good + row("0xf39fd6e51aad88F6F4ce6aB8827279cffFb92266", "1,"), "members.csv line 3: \"0xf39f"},
      {good + row("0x0000000000000000000000000000000000000000", "1,"),
       "members.csv line 3: the zero address is nobody's"},
      {good + row("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "1,"),
       "members.csv line 3: this address stands on line 2 already"},
      {good + row(test::kSecondAddress, "-1,"), "members.csv line 3: \"-1\" is no number of units"},
      {good + row(test::kSecondAddress, "1.5,"), "members.csv line 3: \"1.5\" is no number of units"},
      {good + row(test::kSecondAddress, "18446744073709551616,"),
       "members.csv line 3: \"18446744073709551616\" is no number"},
      {good + row(test::kSecondAddress, "18446744073709551615,"),
       "members.csv line 3: the units add up to more than 2^64"},
      {good + row(test::kSecondAddress, "1,0xabc"), "members.csv line 3: \"0xabc\" is no consent hash"},
  };
  for (const auto& entry : kTable) {
    const auto rows = admissions(entry.rows);
    ASSERT_FALSE(rows) << entry.problem;
    EXPECT_THAT(rows.error().what, HasSubstr(entry.problem));
  }
}

}  // namespace
}  // namespace moot::wallet
