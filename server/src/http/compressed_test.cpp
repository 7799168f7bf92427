#include "http/compressed.h"

#include <set>

#include "http/testing/server_fixture.h"

namespace acquit::http {
namespace {

class CompressedTest : public ServerFixture {
 protected:
  // A page of so many bytes, behind the server.
  void serve(std::size_t size, bool compressible) {
    start(compressed(random_, [size, compressible](Request) { return page(size, compressible); }));
  }
  static Task<Response> page(std::size_t size, bool compressible) {
    Response response = Response::html(200, std::string(size, 'a'));
    response.compressible = compressible;
    co_return response;
  }
  std::string ask_for(const std::string& method, const std::string& accept) {
    return ask(method + " / HTTP/1.0\r\nAccept-Encoding: " + accept + "\r\n\r\n");
  }
  static std::string length_of(const std::string& answer) {
    const std::size_t begin = answer.find("Content-Length: ");
    return begin == std::string::npos ? "" : answer.substr(begin, answer.find('\r', begin) - begin);
  }
};

TEST_F(CompressedTest, SendsAPageGzipped) {
  serve(20'000, true);
  const std::string answer = ask_for("GET", "gzip, br");
  EXPECT_TRUE(contains(answer, "\r\nContent-Encoding: gzip\r\n")) << answer.substr(0, 500);
  EXPECT_TRUE(contains(answer, "\r\nVary: Accept-Encoding\r\n"));
  EXPECT_TRUE(contains(answer, "\r\n\r\n\x1f\x8b"));
  EXPECT_LT(answer.size(), 1'000U);
  const std::size_t body = answer.size() - answer.find("\r\n\r\n") - 4;
  EXPECT_EQ(length_of(answer), "Content-Length: " + std::to_string(body));
}

TEST_F(CompressedTest, SendsItPlainToWhoTakesNoGzip) {
  serve(20'000, true);
  for (const std::string accept : {"br", "gzip;q=0", "identity"}) {
    const std::string answer = ask_for("GET", accept);
    EXPECT_FALSE(contains(answer, "Content-Encoding")) << accept;
    EXPECT_TRUE(contains(answer, "\r\nVary: Accept-Encoding\r\n")) << accept;
    EXPECT_EQ(length_of(answer), "Content-Length: 20000");
  }
}

TEST_F(CompressedTest, AnswersHeadWithTheHeadersOfAGzippedPage) {
  serve(20'000, true);
  const std::string answer = ask_for("HEAD", "gzip");
  EXPECT_TRUE(contains(answer, "\r\nContent-Encoding: gzip\r\n")) << answer;
  EXPECT_FALSE(contains(answer, "Content-Length: 20000"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(CompressedTest, LeavesWhatIsNotMarkedOrShortAsItIs) {
  for (const auto& [size, compressible] : {std::pair(20'000U, false), std::pair(1'000U, true)}) {
    serve(size, compressible);
    const std::string answer = ask_for("GET", "gzip");
    EXPECT_FALSE(contains(answer, "Content-Encoding")) << size;
    EXPECT_FALSE(contains(answer, "Vary")) << size;
    EXPECT_EQ(length_of(answer), "Content-Length: " + std::to_string(size));
    server_->stop(kLong);
  }
}

TEST_F(CompressedTest, VariesTheLengthOfOnePage) {
  serve(20'000, true);
  std::set<std::string> lengths;
  for (int i = 0; i < 20; ++i) lengths.insert(length_of(ask_for("GET", "gzip")));
  EXPECT_GT(lengths.size(), 1U);
}

}  // namespace
}  // namespace acquit::http
