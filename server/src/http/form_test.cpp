#include "http/form.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

using base::FormFields;

Request multipart(std::string body, std::string type = "multipart/form-data; boundary=b") {
  return {.method = Method::post, .path = "/", .headers = {{"content-type", std::move(type)}}, .body = std::move(body)};
}

// A part with the headers and the value.
std::string part(const std::string& headers, const std::string& value) {
  return "--b\r\n" + headers + "\r\n\r\n" + value + "\r\n";
}
std::string field(const std::string& name, const std::string& value) {
  return part("Content-Disposition: form-data; name=" + name, value);
}

TEST(Form, IsReadInBothEncodingsOfHtml) {
  const FormFields fields{{"a", "1"}, {"b", "é +&"}, {"b", ""}};
  const std::string body = base::to_form(fields);
  EXPECT_EQ(form_of({.method = Method::get, .path = "/", .query = body, .body = "c=2"}), fields);
  EXPECT_EQ(form_of({.method = Method::post, .path = "/", .query = "c=2", .body = body}), fields);
  EXPECT_EQ(form_of(multipart(body, "application/x-www-form-urlencoded; charset=UTF-8")), fields);
  EXPECT_EQ(form_of(multipart(field("\"a\"", "1") + field("\"b\"", "é +&") + field("\"b\"", "") + "--b--\r\n")),
            fields);
  EXPECT_EQ(form_of(multipart("", "application/x-www-form-urlencoded")), FormFields{});
  EXPECT_EQ(form_of(multipart("--b--")), FormFields{});
}

TEST(Form, IsReadAsBrowsersAndLibrariesWriteItsParts) {
  const struct {
    std::string what;
    std::string type;
    std::string body;
    FormFields fields;
  } rows[] = {
      {"as a browser",
       "multipart/form-data; boundary=----WebKitFormBoundaryABC",
       "------WebKitFormBoundaryABC\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
       "------WebKitFormBoundaryABC--\r\n",
       {{"a", "1"}}},
      {"as a Java library",
       "Multipart/Form-Data;Boundary=\"=_Part 1\";charset=UTF-8",
       "--=_Part 1\r\ncontent-disposition:form-data;name=a\r\nContent-Type: text/plain; charset=ISO-8859-1\r\n"
       "Content-Transfer-Encoding: 8bit\r\nContent-Length: 1\r\n\r\n\xE9\r\n--=_Part 1--",
       {{"a", "\xE9"}}},
      {"with preamble and epilogue",
       "multipart/form-data; boundary=b",
       "preamble --b\r\n" + field("\"a\"", "1") + "--b--\r\nepilogue\r\n--b\r\n",
       {{"a", "1"}}},
      {"with an empty line before it",
       "multipart/form-data; boundary=b",
       "\r\n" + field("\"a\"", "1") + "--b--",
       {{"a", "1"}}},
      {"with blanks behind boundaries",
       "multipart/form-data; boundary=b",
       "--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b-- \r\n",
       {{"a", "1"}}},
      {"a value with line breaks and what is nearly a boundary",
       "multipart/form-data; boundary=b",
       field("a", "\r\n1\r\n--bc\r\n--b-\r\n\r\n --b\n--b\r\n") + "--b--",
       {{"a", "\r\n1\r\n--bc\r\n--b-\r\n\r\n --b\n--b\r\n"}}},
      {"bytes of all kinds",
       "multipart/form-data; boundary=b",
       field("a", std::string("\0\xFF%41+&=", 8)) + "--b--",
       {{"a", std::string("\0\xFF%41+&=", 8)}}},
      {"names with escapes",
       "multipart/form-data; boundary=b",
       field("\"%22a%0d%0A%25%41\"", "1") + field(R"("b\"\\c\d")", "2") + field("\"é; x=y\"", "3") + "--b--",
       {{"\"a\r\n%25%41", "1"}, {R"(b"\c\d)", "2"}, {"é; x=y", "3"}}},
      {"a semicolon at the end", "multipart/form-data; boundary=b;", field("\"a\";", "1") + "--b--", {{"a", "1"}}},
  };
  for (const auto& row : rows) {
    const auto fields = form_of(multipart(row.body, row.type));
    ASSERT_TRUE(fields) << row.what << ": " << fields.error().detail;
    EXPECT_EQ(*fields, row.fields) << row.what;
  }
}

TEST(Form, IsRefusedWhereItsPartsAreNotClear) {
  const std::string good = field("\"a\"", "1");
  const std::pair<std::string, std::string> rows[] = {
      {"", "the boundary is nowhere in the body"},
      {"a=1&b=2", "the boundary is nowhere in the body"},
      {good, "the form ends before its last boundary"},
      {"--b\r\n", "the form ends before its last boundary"},
      {good + "--b-", "the form ends before its last boundary"},
      {"--b\nContent-Disposition: form-data; name=\"a\"\n\n1\n--b--\n", "the boundary is nowhere in the body"},
      {"--b\r\nContent-Disposition: form-data; name=a\r\n--b--", "a part has no empty line behind its headers"},
      {"--b\r\n\r\n1\r\n--b--", "a part has no name"},
      {part("Content-Type: text/plain", "1") + "--b--", "a part has no name"},
      {part("Content-Disposition", "1") + "--b--", "a part has a header without a colon"},
      {part("Content-Disposition: form-data", "1") + "--b--", "a part is no field with a name"},
      {part("Content-Disposition: attachment; name=a", "1") + "--b--", "a part is no field with a name"},
      {field("\"a", "1") + "--b--", "a part is no field with a name"},
      {field("\"a\"b", "1") + "--b--", "a part is no field with a name"},
      {field("a; name=c", "1") + "--b--", "a part is no field with a name"},
      {part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=c", "1") + "--b--",
       "a part has two names"},
      {part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "MQ==") + "--b--",
       "a part has a transfer encoding"},
      {part("Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=c", "--c--") + "--b--",
       "a part has parts of its own"},
      {part("X: " + std::string(4096, 'x') + "\r\nContent-Disposition: form-data; name=a", "1") + "--b--",
       "a part has more headers than a field needs"},
  };
  for (const auto& [body, detail] : rows) {
    const auto fields = form_of(multipart(body));
    ASSERT_FALSE(fields) << body;
    EXPECT_EQ(fields.error().code, base::ErrorCode::body_malformed) << body;
    EXPECT_EQ(fields.error().detail, detail) << body;
  }
  for (const std::string type :
       {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b\r\n\"",
        "multipart/form-data; boundary=\"b", "multipart/form-data; boundary=b; boundary=c", "multipart/form-data; b"}) {
    EXPECT_FALSE(form_of(multipart(good + "--b--", type))) << type;
  }
  EXPECT_FALSE(form_of(multipart(good + "--b--", "multipart/form-data; boundary=" + std::string(71, 'b'))));
}

TEST(Form, BringsNoFiles) {
  for (const std::string file : {"filename=\"b.txt\"", "filename=b.txt", "FileName=\"\"", "filename*=UTF-8''b.txt"}) {
    const auto fields = form_of(multipart(field("\"a%22\"; " + file, "1") + "--b--"));
    ASSERT_FALSE(fields) << file;
    EXPECT_EQ(fields.error().code, base::ErrorCode::unsupported);
    EXPECT_EQ(fields.error().field, "a\"");
  }
}

}  // namespace
}  // namespace acquit::http
