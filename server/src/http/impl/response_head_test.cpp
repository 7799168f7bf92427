#include "http/impl/response_head.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

std::string head(const Response& response, HeadFacts facts = {}) {
  facts.request_id = "0123456789abcdef";
  facts.date = "Sun, 06 Nov 1994 08:49:37 GMT";
  std::string out;
  append_head(out, response, facts);
  return out;
}

TEST(ResponseHead, HasOurDefaults) {
  EXPECT_EQ(head(Response::html(200, "<p>")),
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Cache-Control: no-store\r\n"
            "Content-Length: 3\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "X-Request-Id: 0123456789abcdef\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Server: Acquit\r\n"
            "Connection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, GivesEveryAnswerAPolicyUnlessItBringsItsOwn) {
  const HeadFacts facts{.policy = "default-src 'none'"};
  EXPECT_TRUE(head(Response::json(200, "{}"), facts).contains("Content-Security-Policy: default-src 'none'\r\n"));
  EXPECT_TRUE(head(Response::see_other("/"), facts).contains("Content-Security-Policy: default-src 'none'\r\n"));
  for (const std::string_view name : {"content-security-policy", "Content-Security-Policy"}) {
    const std::string own = head(Response::html(200, "").with_header(name, "img-src *"), facts);
    EXPECT_TRUE(own.contains("Content-Security-Policy: img-src *\r\n")) << name;
    EXPECT_FALSE(own.contains("'none'")) << name;
  }
}

TEST(ResponseHead, TellsBrowsersToStayWithTls) {
  EXPECT_TRUE(
      head(Response::html(200, ""), {.secure = true}).contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"));
  EXPECT_FALSE(head(Response::html(200, "")).contains("Strict-Transport-Security"));
}

TEST(ResponseHead, SaysTheCharacterSetOfJson) {
  EXPECT_TRUE(head(Response::json(200, "{}")).contains("Content-Type: application/json; charset=utf-8\r\n"));
}

TEST(ResponseHead, LetsTheHandlerDecideButNotAboutFraming) {
  const std::string text = head(Response::text(404, "no")
                                    .with_header("referrer-policy", "same-origin")
                                    .with_header("content-length", "9")
                                    .with_header("transfer-encoding", "chunked")
                                    .with_header("connection", "upgrade"),
                                {.keep_alive = false});
  EXPECT_NE(text.find("Referrer-Policy: same-origin\r\n"), std::string::npos);
  EXPECT_EQ(text.find("no-referrer"), std::string::npos);
  EXPECT_NE(text.find("Content-Length: 2\r\n"), std::string::npos);
  EXPECT_EQ(text.find("Content-Length: 9"), std::string::npos);
  EXPECT_EQ(text.find("chunked"), std::string::npos);
  EXPECT_EQ(text.find("upgrade"), std::string::npos);
  EXPECT_NE(text.find("Connection: close\r\n"), std::string::npos);
}

TEST(ResponseHead, TellsTheLengthOnlyWhereThereIsABody) {
  const struct {
    int status;
    Method method;
    std::string_view own_length;
    std::string_view expected;
  } rows[] = {
      {200, Method::get, "", "Content-Length: 4\r\n"},
      {200, Method::head, "", "Content-Length: 4\r\n"},
      {200, Method::head, "9", "Content-Length: 9\r\n"},
      {204, Method::get, "", ""},
      {304, Method::get, "", ""},
      {303, Method::post, "", "Content-Length: 4\r\n"},
  };
  for (const auto& row : rows) {
    Response response{.status = row.status, .headers = {}, .body = "body"};
    if (!row.own_length.empty()) response.with_header("content-length", std::string(row.own_length));
    const std::string text = head(response, {.method = row.method});
    if (row.expected.empty()) {
      EXPECT_EQ(text.find("Content-Length"), std::string::npos) << row.status;
    } else {
      EXPECT_NE(text.find(row.expected), std::string::npos) << row.status << text;
    }
  }
}

TEST(ResponseHead, RefusesHeadersThatWouldSplitTheResponse) {
  EXPECT_TRUE(is_sendable(Response::see_other("/a?b=c\xC3\xA9")));
  EXPECT_FALSE(is_sendable(Response{}.with_header("location", "/a\r\nSet-Cookie: x")));
  EXPECT_FALSE(is_sendable(Response{}.with_header("location", std::string("/a\0", 3))));
  EXPECT_FALSE(is_sendable(Response{}.with_header("x y", "z")));
  EXPECT_FALSE(is_sendable(Response{}.with_header("", "z")));
  EXPECT_FALSE(is_sendable(Response{.status = 99}));
  EXPECT_FALSE(is_sendable(Response{.status = 101}));
}

TEST(ResponseHead, WritesTheDate) {
  EXPECT_EQ(http_date(base::time_from_ms(784'111'777'999)), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(base::time_from_ms(1'709'164'800'000)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(Response, ReplacesAHeaderButAddsCookies) {
  Response response = Response::json(200, "{}");
  response.with_header("content-type", "text/csv").with_header("set-cookie", "a=1").with_header("set-cookie", "b=2");
  const Headers expected{{"content-type", "text/csv"}, {"set-cookie", "a=1"}, {"set-cookie", "b=2"}};
  EXPECT_EQ(response.headers, expected);
}

}  // namespace
}  // namespace acquit::http
