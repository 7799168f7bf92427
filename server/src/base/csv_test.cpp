#include "base/csv.h"

#include <gtest/gtest.h>

#include <sstream>

namespace acquit::base {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Result<Rows> read(const std::string& text, std::vector<CsvColumn> columns) {
  std::istringstream in(text);
  ACQUIT_TRY(auto reader, CsvReader::open(in, std::move(columns)));
  Rows rows;
  for (;;) {
    ACQUIT_TRY(auto row, reader.next());
    if (!row) return rows;
    rows.push_back(std::move(row->values));
  }
}

TEST(Csv, ReadsColumnsByNameAsSpreadsheetsWriteThem) {
  const Rows expected{{"1", "Café \"du\" coin"}, {"2", "two; three"}, {"3", ""}};
  for (const std::string text :
       {"name,id\n\"Café \"\"du\"\" coin\",1\n\"two; three\",2\n,3\n",
        "\xEF\xBB\xBF\"name\",\"id\"\r\n\"Café \"\"du\"\" coin\",\"1\"\r\n\"two; three\",\"2\"\r\n\"\",\"3\"\r\n",
        "\xEF\xBB\xBFName;ID\r\n\"Café \"\"du\"\" coin\";1\r\n\"two; three\";2\r\n;3",
        "id\tother\tname\n1\tx\t\"Café \"\"du\"\" coin\"\n\n 2 \t\t \"two; three\" \n3\ty\t\n",
        "name,id\r\"Café \"\"du\"\" coin\",1\r\"two; three\",2\r\"\",3\r"}) {
    const auto rows = read(text, {{.name = "id"}, {.name = "name"}});
    ASSERT_TRUE(rows) << text << rows.error().detail;
    EXPECT_EQ(*rows, expected) << text;
  }
}

TEST(Csv, KeepsLinesWithinQuotesAndReadsAbsentOptionalColumnsAsEmpty) {
  const auto rows = read("a;b\n\"x\r\ny\";1\n", {{.name = "a"}, {.name = "c", .required = false}});
  ASSERT_TRUE(rows) << rows.error().detail;
  EXPECT_EQ(*rows, (Rows{{"x\ny", ""}}));
  EXPECT_EQ(*read("a\nx\n", {{.name = "a"}}), (Rows{{"x"}}));
}

TEST(Csv, SaysWhatIsWrongAndOnWhichLine) {
  struct Case {
    std::string text;
    ErrorCode code;
    std::string detail;
  };
  const std::vector<Case> cases{
      {"", ErrorCode::field_missing, "line 1: the table is empty; its first line names the columns"},
      {"b,c\n1,2\n", ErrorCode::field_missing, "line 1: the heading has no column a"},
      {"a,b\n1,2\n1,2,3\n", ErrorCode::field_format, "line 3: 3 fields, where the heading has 2"},
      {"a,b\n1,\"2\n3\n", ErrorCode::field_format, "line 2: a quote is not closed"},
      {"a,b\n\"x\ny\",2\n1,2\"\n", ErrorCode::field_format,
       "line 4: a quote stands within a field; such a field is put in quotes whole"},
      {"a,b\n\"1\"2,3\n", ErrorCode::field_format,
       "line 2: a quote stands within a field; such a field is put in quotes whole"},
      {"a,b\n\xE9,3\n", ErrorCode::field_format, "line 2: the text is not in UTF-8"},
      {"a,b\n" + std::string(70'000, 'x'), ErrorCode::field_too_long, "line 2: the record is too long"},
      {"a,b\n\"" + std::string(70'000, 'x'), ErrorCode::field_too_long,
       "line 2: the record is too long; perhaps a quote is not closed"},
  };
  for (const Case& one : cases) {
    const auto rows = read(one.text, {{.name = "a"}});
    ASSERT_FALSE(rows) << one.detail;
    EXPECT_EQ(rows.error().code, one.code) << one.detail;
    EXPECT_EQ(rows.error().detail, one.detail);
  }
}

}  // namespace
}  // namespace acquit::base
