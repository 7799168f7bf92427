#include "base/form_fields.h"

#include <gtest/gtest.h>

#include <optional>

namespace acquit::base {
namespace {

TEST(FormFields, AreReadInTheirOrder) {
  struct Row {
    const char* body;
    std::optional<FormFields> fields;
  };
  const Row rows[] = {
      {"", FormFields{}},
      {"a=1&b=2&a=3", FormFields{{"a", "1"}, {"b", "2"}, {"a", "3"}}},
      {"a=&b&=c", FormFields{{"a", ""}, {"b", ""}, {"", "c"}}},
      {"&&a=1&", FormFields{{"a", "1"}}},
      {"a=b=c", FormFields{{"a", "b=c"}}},
      {"n=%C3%89lodie+O%27Brien+%2B+Co", FormFields{{"n", "Élodie O'Brien + Co"}}},
      {"%61%3d=%26%3D", FormFields{{"a=", "&="}}},
      {"a=%", std::nullopt},
      {"a=%4", std::nullopt},
      {"a=%4g", std::nullopt},
      {"%zz=1", std::nullopt},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.body);
    EXPECT_EQ(parse_form(row.body), row.fields);
  }
}

TEST(FormFields, AreFoundByTheFirstOfTheirName) {
  const FormFields fields{{"a", "1"}, {"b", ""}, {"a", "2"}};
  EXPECT_EQ(find_field(fields, "a"), &fields[0].second);
  EXPECT_EQ(find_field(fields, "b"), &fields[1].second);
  EXPECT_EQ(find_field(fields, "A"), nullptr);
  EXPECT_EQ(field_of(fields, "a"), "1");
  EXPECT_EQ(field_of(fields, "c"), "");
}

TEST(FormFields, AreWrittenInTheirOrder) {
  EXPECT_EQ(to_form({{"a b", "c&d"}, {"e", ""}}), "a%20b=c%26d&e=");
  for (const FormFields& fields : {FormFields{}, FormFields{{"", ""}}, FormFields{{"a b", "É&"}, {"", "\xFF~"}}}) {
    EXPECT_EQ(form_size(fields), to_form(fields).size());
  }
}

}  // namespace
}  // namespace acquit::base
