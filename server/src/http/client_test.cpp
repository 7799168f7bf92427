#include "http/client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "http/testing/client_fixture.h"

namespace acquit::http {
namespace {

class ClientTest : public ClientFixture {};

TEST_F(ClientTest, SendsWhatItIsGivenAndNothingElse) {
  const auto response =
      send({.url = url("/a?b=c"), .headers = {{"content-type", "application/json"}, {"x-empty", ""}}, .body = "{}"});
  ASSERT_TRUE(response) << response.error().detail;
  EXPECT_EQ(response->status, 200);
  EXPECT_TRUE(contains(response->body, "POST /a b=c\n")) << response->body;
  EXPECT_TRUE(contains(response->body, "user-agent: Acquit/0.1.0\n")) << response->body;
  EXPECT_TRUE(contains(response->body, "content-type: application/json\n")) << response->body;
  EXPECT_TRUE(contains(response->body, "x-empty: \n")) << response->body;
  EXPECT_FALSE(contains(response->body, "expect")) << response->body;
  EXPECT_TRUE(response->body.ends_with("\n\n{}")) << response->body;
}

TEST_F(ClientTest, SendsThePasswordOfAUrlAsBasicAuthentication) {
  const std::string host = url("").substr(std::string_view("http://").size());
  const struct {
    std::string login;
    std::string_view header;
  } rows[] = {
      {"user:secret@", "authorization: Basic dXNlcjpzZWNyZXQ=\n"},
      {"us%40er:se%3Acr%20et@", "authorization: Basic dXNAZXI6c2U6Y3IgZXQ=\n"},
      {"token@", "authorization: Basic dG9rZW46\n"},
      {"", ""},
  };
  for (const auto& row : rows) {
    const auto response = send({.url = "http://" + row.login + host + "/a?b=c"});
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_TRUE(contains(response->body, "POST /a b=c\n")) << response->body;
    EXPECT_TRUE(contains(response->body, row.header)) << response->body;
    EXPECT_EQ(contains(response->body, "authorization"), !row.header.empty()) << response->body;
  }
}

TEST_F(ClientTest, SaysNoPasswordInAnError) {
  const auto unreadable = send({.url = "http://user:sec/ret@127.0.0.1:1/"});
  ASSERT_FALSE(unreadable);
  EXPECT_FALSE(contains(unreadable.error().detail, "ret")) << unreadable.error().detail;
  const auto closed = send({.url = "http://user:secret@127.0.0.1:1/"});
  ASSERT_FALSE(closed);
  EXPECT_FALSE(contains(closed.error().detail, "secret")) << closed.error().detail;
}

TEST_F(ClientTest, SpeaksAllMethods) {
  for (const Method method :
       {Method::get, Method::post, Method::put, Method::patch, Method::delete_, Method::options}) {
    const auto response = send({.method = method, .url = url("/")});
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_TRUE(response->body.starts_with(to_string(method))) << response->body;
    EXPECT_FALSE(contains(response->body, "content-type")) << response->body;
  }
  const auto head = send({.method = Method::head, .url = url("/")});
  ASSERT_TRUE(head) << head.error().detail;
  EXPECT_EQ(head->body, "");
}

TEST_F(ClientTest, GivesEveryStatusAndHeader) {
  const auto response = send({.method = Method::get, .url = url("/cookies")});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(
      std::ranges::count(response->headers, std::string("set-cookie"), &std::pair<std::string, std::string>::first), 2);
}

TEST_F(ClientTest, FollowsNoRedirect) {
  const auto response = send({.url = url("/see-other"), .body = "once"});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 303);
  EXPECT_EQ(requests_, 1);
}

TEST_F(ClientTest, CutsALargeAnswer) {
  const auto response = send({.method = Method::get, .url = url("/large"), .body_max = 1000});
  ASSERT_TRUE(response) << response.error().detail;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, std::string(1000, 'x'));
}

TEST_F(ClientTest, EndsAtTheTimeLimit) {
  const auto response = send({.url = url("/never"), .time_limit = kShort});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::timed_out);
}

TEST_F(ClientTest, SaysHowItFailedBeforeAnythingWasSent) {
  const std::string refusing = url("/");
  server_->stop(kLong);
  const struct {
    std::string url;
    ErrorCode code;
    std::string_view says;
  } rows[] = {
      {refusing, ErrorCode::connection_failed, "connection refused by 127.0.0.1:"},
      {"http://" + std::string(64, 'a') + ".invalid/", ErrorCode::connection_failed, "name not found: aaaa"},
      {"file:///etc/passwd", ErrorCode::address_not_allowed, "file"},
      {"ftp://127.0.0.1/", ErrorCode::address_not_allowed, "ftp"},
      {"gopher://127.0.0.1/", ErrorCode::address_not_allowed, "gopher"},
      {"smtp://127.0.0.1/", ErrorCode::address_not_allowed, "smtp"},
      {"http://", ErrorCode::field_format, "URL"},
      {"", ErrorCode::field_format, "URL"},
      {"http://a/\r\nX: y", ErrorCode::field_format, "URL"},
  };
  for (const auto& row : rows) {
    const auto response = send({.url = row.url});
    ASSERT_FALSE(response) << row.url;
    EXPECT_EQ(response.error().code, row.code) << row.url << " " << response.error().detail;
    EXPECT_TRUE(contains(response.error().detail, row.says)) << response.error().detail;
  }
}

TEST_F(ClientTest, RefusesHeadersThatWouldSplitTheRequest) {
  for (const auto& header : Headers{{"x", "a\r\nb: c"}, {"x\r\nb", "c"}, {"x:y", "z"}, {"", "z"}}) {
    EXPECT_EQ(send({.url = url("/"), .headers = {header}}).error().code, ErrorCode::field_format);
  }
  EXPECT_EQ(requests_, 0);
}

TEST_F(ClientTest, ReachesNoPrivateAddressInProduction) {
  client_ = Client::make({}, loop_);
  const std::string port = server_->url().substr(server_->url().rfind(':'));
  for (const std::string host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]",
                                 "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "192.168.0.1"}) {
    const auto response = send({.url = "http://" + host + port + "/", .time_limit = kLong});
    ASSERT_FALSE(response) << host;
    EXPECT_EQ(response.error().code, ErrorCode::address_not_allowed) << host << ": " << response.error().detail;
  }
  EXPECT_EQ(requests_, 0);
}

TEST_F(ClientTest, NeverSendsARequestTwice) {
  std::atomic<int> seen{0};
  // The first request of a connection is answered; the second one is read and the connection ends without a word.
  const std::string address = listen([&seen](std::shared_ptr<net::Stream> stream) -> Task<void> {
    return [](std::shared_ptr<net::Stream> s, std::atomic<int>& count) -> Task<void> {
      for (int turn = 0; turn < 2; ++turn) {
        std::string text;
        while (!text.ends_with("body")) {
          auto got = co_await s->read_some(4096, kLong);
          if (!got) co_return;
          text += *got;
        }
        ++count;
        if (turn == 0) (void)co_await s->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", kLong);
      }
      s->close();
    }(std::move(stream), seen);
  });
  ASSERT_TRUE(send({.url = "http://" + address + "/", .body = "body"}));
  const auto second = send({.url = "http://" + address + "/", .body = "body"});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::protocol_violation) << second.error().detail;
  EXPECT_EQ(seen, 2);
}

TEST_F(ClientTest, TakesGarbageForAViolation) {
  for (const std::string answer :
       {"garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", ""}) {
    const std::string address = listen([answer](std::shared_ptr<net::Stream> stream) -> Task<void> {
      return [](std::shared_ptr<net::Stream> s, std::string words) -> Task<void> {
        (void)co_await s->read_some(4096, kLong);
        (void)co_await s->write(std::move(words), kLong);
        s->close();
      }(std::move(stream), answer);
    });
    const auto response = send({.url = "http://" + address + "/"});
    ASSERT_FALSE(response) << answer;
    EXPECT_EQ(response.error().code, ErrorCode::protocol_violation) << response.error().detail;
  }
}

TEST_F(ClientTest, SendsManyOverFewConnections) {
  client_ = Client::make({.allow_private_addresses = true, .connections_max = 2}, loop_);
  std::vector<std::future<base::Result<IncomingResponse>>> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(begin(client_->send({.url = url("/"), .body = "x"})));
  }
  for (auto& one : all) EXPECT_TRUE(one.get());
}

TEST_F(ClientTest, TellsWhoWaitsInVainForAConnection) {
  client_ = Client::make({.allow_private_addresses = true, .connections_max = 1}, loop_);
  auto first = begin(client_->send({.url = url("/never"), .time_limit = kLong}));
  ASSERT_TRUE(eventually([&] { return requests_ > 0; }));
  EXPECT_EQ(send({.url = url("/"), .time_limit = kShort}).error().code, ErrorCode::lane_full);
  never_.set(true);
  EXPECT_TRUE(first.get());
}

TEST_F(ClientTest, LetsNoPeerThatHangsTakeEveryConnection) {
  client_ = Client::make({.allow_private_addresses = true, .connections_max = 8, .connections_per_peer = 2}, loop_);
  ASSERT_TRUE(send({.url = url("/"), .time_limit = kLong}));
  std::atomic<int> connections = 0;
  const std::string silent = listen(CountAndHang{connections});
  std::vector<std::future<base::Result<IncomingResponse>>> hanging;
  for (int i = 0; i < 5; ++i) {
    hanging.push_back(begin(client_->send({.url = "http://" + silent + "/"})));
  }
  ASSERT_TRUE(eventually([&] { return connections >= 2; }));
  ASSERT_TRUE(send({.url = url("/"), .time_limit = kLong}));
  EXPECT_EQ(connections, 2) << "the others wait in line";
  client_.reset();
  for (auto& one : hanging) EXPECT_EQ(one.get().error().code, ErrorCode::cancelled);
}

TEST_F(ClientTest, LetsNoManyPeersThatHangTakeEveryConnection) {
  client_ = Client::make({.allow_private_addresses = true, .connections_max = 16, .connections_per_peer = 8}, loop_);
  ASSERT_TRUE(send({.url = url("/"), .time_limit = kLong}));
  std::atomic<int> connections = 0;
  std::vector<std::future<base::Result<IncomingResponse>>> hanging;
  for (int peer = 0; peer < 4; ++peer) {
    const std::string silent = listen(CountAndHang{connections});
    for (int i = 0; i < 8; ++i) hanging.push_back(begin(client_->send({.url = "http://" + silent + "/"})));
  }
  ASSERT_TRUE(eventually([&] { return connections >= 4; }));
  EXPECT_TRUE(send({.url = url("/"), .time_limit = kLong}));
  client_.reset();
  for (auto& one : hanging) EXPECT_EQ(one.get().error().code, ErrorCode::cancelled);
}

TEST_F(ClientTest, AnswersAllThatIsPendingWhenItGoes) {
  auto pending = begin(client_->send({.url = url("/never"), .time_limit = kLong}));
  ASSERT_TRUE(eventually([&] { return requests_ > 0; }));
  client_->stop();
  EXPECT_EQ(pending.get().error().code, ErrorCode::cancelled);
  EXPECT_EQ(send({.url = url("/")}).error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace acquit::http
