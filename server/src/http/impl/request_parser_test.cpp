#include "http/impl/request_parser.h"

#include <gtest/gtest.h>

namespace acquit::http {
namespace {

using State = RequestParser::State;
ParserLimits limits() { return {.header_max = 1024, .body_max = 100}; }

// Feeds `bytes` in parts of `step` as a connection does; what was not used comes again.
std::size_t feed_all(RequestParser& parser, std::string_view bytes, std::size_t step) {
  std::size_t used = 0;
  for (std::size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    used += parser.feed(bytes.substr(used, end - used));
    if (parser.state() == State::complete || parser.state() == State::refused || end == bytes.size()) return used;
  }
}

TEST(RequestParser, ReadsARequestHoweverItIsCut) {
  const std::string bytes =
      "\r\nPOST /pay?x=1 HTTP/1.1\r\nHost: shop.example:80\r\nX-Thing:  a b \r\nContent-Length: 5\r\n\r\nhelloGET";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestParser parser(limits());
    const std::size_t used = feed_all(parser, bytes, step);
    ASSERT_EQ(parser.state(), State::complete) << step;
    EXPECT_EQ(used, bytes.size() - 3);
    EXPECT_TRUE(parser.keep_alive());
    const Request request = parser.take();
    EXPECT_EQ(request.method, Method::post);
    EXPECT_EQ(request.path, "/pay");
    EXPECT_EQ(request.query, "x=1");
    EXPECT_EQ(request.header("x-thing"), "a b");
    EXPECT_EQ(request.header("absent"), "");
    EXPECT_EQ(request.body, "hello");
  }
}

TEST(RequestParser, ReadsChunksHoweverTheyAreCut) {
  const std::string bytes =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "3;ext=\"1\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nHost: evil\r\nX-Trailer: 1\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestParser parser(limits());
    EXPECT_EQ(feed_all(parser, bytes, step), bytes.size());
    ASSERT_EQ(parser.state(), State::complete) << step;
    const Request request = parser.take();
    EXPECT_EQ(request.body, "abc0123456789");
    EXPECT_EQ(request.header("host"), "a");
    EXPECT_EQ(request.header("x-trailer"), "");
  }
}

TEST(RequestParser, ReadsAnEmptyChunkedBodyHoweverItIsCut) {
  const std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    RequestParser parser(limits());
    EXPECT_EQ(feed_all(parser, bytes, step), bytes.size());
    ASSERT_EQ(parser.state(), State::complete) << step;
  }
}

TEST(RequestParser, GoesOnWithTheNextRequest) {
  const std::string bytes = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.0\r\n\r\n";
  RequestParser parser(limits());
  const std::size_t first = parser.feed(bytes);
  ASSERT_EQ(parser.state(), State::complete);
  EXPECT_EQ(parser.take().path, "/1");
  parser.reset();
  EXPECT_EQ(parser.feed(std::string_view(bytes).substr(first)), bytes.size() - first);
  ASSERT_EQ(parser.state(), State::complete);
  EXPECT_FALSE(parser.keep_alive());
  EXPECT_EQ(parser.take().path, "/2");
}

TEST(RequestParser, RefusesByRule) {
  const std::string host = "Host: a\r\n";
  const std::string get = "GET / HTTP/1.1\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";
  const struct {
    std::string bytes;
    int status;
  } rows[] = {
      {"garbage\r\n\r\n", 400},
      {std::string("\x16\x03\x01\x02\x00\x01", 6), 400},
      {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
      {"GET /../etc HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {get + "\r\n", 400},
      {get + host + host + "\r\n", 400},
      {get + "Host: a b\r\n\r\n", 400},
      {get + "Host: a/b\r\n\r\n", 400},
      {get + "Host:\r\n\r\n", 400},
      {get + host + "Bad Name: x\r\n\r\n", 400},
      {get + host + "Name : x\r\n\r\n", 400},
      {get + host + "Name: \x01\r\n\r\n", 400},
      {get + host + "Expect: wonders\r\n\r\n", 417},
      {post + "Transfer-Encoding: gzip\r\n\r\n", 501},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400},
      {post + "Content-Length: -1\r\n\r\n", 400},
      {post + "Content-Length: 18446744073709551616\r\n\r\n", 400},
      {post + "Content-Length: 101\r\n\r\n", 413},
      {post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 413},
      {post + "Transfer-Encoding: chunked\r\n\r\n65\r\nx", 413},
      {post + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabcdefg\r\n", 400},
      {post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(2000, 'x'), 431},
      {"GET /" + std::string(600, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"GET /" + std::string(2000, 'a'), 414},
      {get + host + "X: " + std::string(2000, 'x'), 431},
      {get + host + "X: " + std::string(2000, 'x') + "\r\n\r\n", 431},
  };
  for (const auto& row : rows) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, row.bytes.size()}) {
      RequestParser parser(limits());
      (void)feed_all(parser, row.bytes, step);
      ASSERT_EQ(parser.state(), State::refused) << row.bytes.substr(0, 80) << " in steps of " << step;
      EXPECT_EQ(parser.refusal().status, row.status) << row.bytes.substr(0, 80) << " in steps of " << step;
      EXPECT_FALSE(parser.refusal().rule.empty());
    }
  }
}

TEST(RequestParser, KnowsWhoWaitsForContinue) {
  RequestParser parser(limits());
  (void)parser.feed("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(parser.state(), State::body);
  EXPECT_TRUE(parser.expects_continue());
  (void)parser.feed("abc");
  EXPECT_EQ(parser.state(), State::complete);
}

}  // namespace
}  // namespace acquit::http
