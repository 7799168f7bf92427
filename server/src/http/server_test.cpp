#include "http/server.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>

#include "http/router.h"
#include "http/testing/server_fixture.h"

namespace acquit::http {
namespace {

base::Task<Response> not_now(Request) { co_return Response::text(503, "not now"); }

class ServerTest : public ServerFixture {};

TEST_F(ServerTest, SaysWhenToComeAgainIfSomethingIsMissing) {
  start(not_now);
  const std::string answer = ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
  EXPECT_TRUE(contains(answer, "\r\nRetry-After: 5\r\n")) << answer;
}

TEST_F(ServerTest, AnswersARequestWithOurHeaders) {
  start(echo);
  const std::string answer =
      ask("POST /a%20b?c HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n")) << answer;
  EXPECT_TRUE(contains(answer, "\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_TRUE(contains(answer, "\r\nReferrer-Policy: no-referrer\r\n"));
  EXPECT_TRUE(contains(answer, "\r\nX-Request-Id: "));
  EXPECT_TRUE(contains(answer, "\r\nConnection: close\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST /a b c hi")) << answer;
}

TEST_F(ServerTest, TellsTheHandlerWhoAsks) {
  Request seen;
  start(
      [&](Request request) -> Task<Response> {
        seen = request;
        return echo(std::move(request));
      },
      {.trusted_proxies = {"127.0.0.1"}});
  const std::string answer =
      ask("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nConnection: "
          "close\r\n\r\n");
  EXPECT_EQ(seen.remote_address, "192.0.2.7");
  EXPECT_TRUE(seen.secure);
  EXPECT_EQ(seen.request_id.size(), 16U);
  EXPECT_TRUE(contains(answer, "X-Request-Id: " + seen.request_id + "\r\n"));
  EXPECT_TRUE(contains(answer, "Strict-Transport-Security: ")) << "the browser spoke TLS with the proxy";
  EXPECT_GT(seen.deadline, base::OsClock().monotonic());
}

TEST_F(ServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  start([this](Request request) -> Task<Response> {
    return [](net::Loop& loop, Request asked) -> Task<Response> {
      if (asked.path == "/1") co_await loop.sleep(Milliseconds(20));
      co_return Response::text(200, asked.path);
    }(loop_, std::move(request));
  });
  RawClient raw = client();
  std::string many;
  for (int i = 1; i <= 100; ++i) many += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  raw.send(many);
  for (int i = 1; i <= 100; ++i) {
    const std::string end = "\r\n\r\n/" + std::to_string(i);
    ASSERT_TRUE(raw.read_until(end).starts_with("HTTP/1.1 200 OK")) << i;
  }
  raw.send("GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(raw.read_all().ends_with("\r\n\r\n/last"));
}

TEST_F(ServerTest, AnswersHeadWithoutBody) {
  start(echo);
  const std::string answer = ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(contains(answer, "Content-Length: 8\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, SendsLargeBodiesWhole) {
  const std::string large(5'000'000, 'x');
  start([&](Request) -> Task<Response> {
    return [](std::string b) -> Task<Response> { co_return Response::text(200, std::move(b)); }(large);
  });
  const std::string answer = ask("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, large.size());
}

TEST_F(ServerTest, SaysContinueToWhoWaitsForIt) {
  start(echo);
  RawClient raw = client();
  raw.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(raw.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  raw.send("body");
  EXPECT_TRUE(raw.read_until("body").starts_with("HTTP/1.1 200 OK"));
}

TEST_F(ServerTest, RefusesByLimitAndSaysWhich) {
  start(echo, {.header_max = 1024, .body_max = 100});
  const struct {
    std::string request;
    std::string_view status;
    std::string_view rule;
  } rows[] = {
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n", "413", "body is too large"},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" + std::string(1024, 'x'), "413",
       "body"},
      {"GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(200'000, 'x'), "431", "headers are too long"},
      {"GET /" + std::string(200'000, 'x'), "414", "address is too long"},
      {"GET /../x HTTP/1.1\r\nHost: x\r\n\r\n", "400", ".. segment"},
      {"GET / HTTP/1.1\r\n\r\n", "400", "Host"},
      {"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", "400", "several lines"},
      {"GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n\tb\r\n\r\n", "400", "several lines"},
      {"GET / HTTP/1.1\r\nHost: x\r\nX:\r\n \r\n\r\n", "400", "several lines"},
      {"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n", "400", "several lines"},
      {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "501", "method"},
      {"\x16\x03\x01 garbage \r\n\r\n", "400", "bad request"},
  };
  for (const auto& row : rows) {
    const std::string answer = ask(row.request);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::string(row.status))) << answer;
    EXPECT_TRUE(contains(answer, row.rule)) << answer;
    EXPECT_TRUE(contains(answer, "Connection: close\r\n")) << answer;
    EXPECT_TRUE(contains(answer, "X-Request-Id: ")) << answer;
  }
}

TEST_F(ServerTest, GivesRefusalsThePolicyToo) {
  start(echo, {.policy = "default-src 'none'", .body_max = 1});
  for (const std::string request : {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
                                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"}) {
    EXPECT_TRUE(contains(ask(request), "\r\nContent-Security-Policy: default-src 'none'\r\n")) << request;
  }
}

TEST_F(ServerTest, TakesHeadersWithEmptyValues) {
  start(echo);
  const std::string answer = ask("GET / HTTP/1.1\r\nHost: x\r\nX:\r\nY: \r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
}

TEST_F(ServerTest, CutsOffSlowClients) {
  constexpr Milliseconds kSoon{40};
  const struct {
    ServerOptions options;
    std::string sent;
    std::string_view answer;
  } rows[] = {
      {{.idle_time = kSoon}, "", ""},
      {{.header_time = kSoon}, "GET / HTTP/1.1\r\nHost", "HTTP/1.1 408"},
      {{.body_time = kSoon}, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf", "HTTP/1.1 408"},
  };
  for (const auto& row : rows) {
    start(echo, row.options);
    RawClient raw = client();
    if (!row.sent.empty()) raw.send(row.sent);
    const std::string answer = raw.read_all();
    EXPECT_TRUE(row.answer.empty() ? answer.empty() : answer.starts_with(row.answer)) << answer;
    server_->stop(kLong);
  }
}

TEST_F(ServerTest, CutsOffWhoDripsHeaderBytes) {
  start(echo, {.header_time = Milliseconds(60)});
  RawClient raw = client();
  const base::OsClock clock;
  const base::Monotonic begin = clock.monotonic();
  raw.send("GET / HTTP/1.1\r\n");
  while (sync_wait(raw.stream().write("X: y\r\n", kLong)) && clock.monotonic() - begin < kLong) {
    if (auto got = sync_wait(raw.stream().read_some(4096, Milliseconds(5)))) {
      EXPECT_TRUE(got->starts_with("HTTP/1.1 408")) << *got;
      break;
    }
  }
  EXPECT_LT(clock.monotonic() - begin, kLong / 2);
}

TEST_F(ServerTest, CutsOffWhoDoesNotReadTheAnswer) {
  std::promise<void> asked;
  start(
      [&](Request) -> Task<Response> {
        asked.set_value();
        return []() -> Task<Response> { co_return Response::text(200, std::string(50'000'000, 'x')); }();
      },
      {.write_time = Milliseconds(40)});
  RawClient raw = client();
  raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  asked.get_future().wait();
  const base::OsClock clock;
  const base::Monotonic begin = clock.monotonic();
  server_->stop(kLong);  // Returns before the grace is over, since the connection is cut.
  EXPECT_LT(clock.monotonic() - begin, kLong / 2);
  EXPECT_LT(raw.read_all().size(), 50'000'000U);
}

TEST_F(ServerTest, TurnsExceptionsAndBadResponsesIntoInternalErrors) {
  start([](Request request) -> Task<Response> {
    if (request.path == "/at-once") throw std::runtime_error("at once");
    return [](Request asked) -> Task<Response> {
      if (asked.path == "/split") co_return Response{}.with_header("location", "/\r\nSet-Cookie: evil=1");
      if (asked.path == "/odd") throw 42;
      throw std::runtime_error("later");
    }(std::move(request));
  });
  for (const std::string path : {"/at-once", "/later", "/odd", "/split"}) {
    const std::string answer = ask("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500")) << answer;
    EXPECT_FALSE(contains(answer, "evil")) << answer;
    EXPECT_TRUE(contains(answer, "internal error; request ")) << answer;
  }
}

TEST_F(ServerTest, LetsARequestInFlightEndWhenItStops) {
  std::promise<void> asked;
  base::Completion<bool> go_on(loop_);
  start([&](Request) -> Task<Response> {
    asked.set_value();
    return [](base::Completion<bool> wait) -> Task<Response> {
      co_await wait;
      co_return Response::text(200, "done");
    }(go_on);
  });
  RawClient idle = client();
  RawClient raw = client();
  raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  asked.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server_->stop(kLong); });
  EXPECT_EQ(idle.read_all(), "");  // The stop is under way.
  go_on.set(true);
  const std::string answer = raw.read_all();
  EXPECT_TRUE(answer.ends_with("\r\n\r\ndone")) << answer;
  EXPECT_TRUE(contains(answer, "Connection: close"));
  stopped.wait();
  EXPECT_FALSE(sync_wait(net::connect(loop_, server_->url().substr(7), kLong)));
}

TEST_F(ServerTest, DoesNotWaitForeverWhenItStops) {
  std::promise<void> asked;
  base::Completion<bool> never(loop_);
  start([&](Request) -> Task<Response> {
    asked.set_value();
    return [](base::Completion<bool> wait) -> Task<Response> {
      co_await wait;
      co_return Response::text(200, "late");
    }(never);
  });
  RawClient raw = client();
  raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  asked.get_future().wait();
  server_->stop(Milliseconds(10));
  EXPECT_EQ(raw.read_all(), "");
  never.set(true);
}

TEST_F(ServerTest, ServesARouter) {
  Router router;
  router.add({.pattern = "/pay/{token}"}, Open(), [](Request request) -> Task<Response> {
    return [](Request asked) -> Task<Response> {
      co_return Response::html(200, asked.path_params.at("token"));
    }(std::move(request));
  });
  router.add({.method = Method::post, .pattern = "/small", .body_max = 5}, Open(), echo);
  start([&](Request request) { return router.route(std::move(request)); },
        {.body_max_of = [&](Method method, std::string_view path) { return router.body_max_of(method, path); }});
  // Of what is too long for its route nothing is read, announced or in chunks.
  const std::string head_of_post = "POST /small HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
  EXPECT_TRUE(ask(head_of_post + "Content-Length: 5\r\n\r\n12345").starts_with("HTTP/1.1 200"));
  for (const std::string rest : {"Content-Length: 6\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n6\r\n"}) {
    const std::string refused = ask(head_of_post + rest);
    EXPECT_TRUE(refused.starts_with("HTTP/1.1 413")) << refused;
    EXPECT_TRUE(contains(refused, "the body is too large: at most 5 bytes")) << refused;
  }
  EXPECT_TRUE(ask("GET /pay/abc HTTP/1.0\r\n\r\n").ends_with("\r\n\r\nabc"));
  EXPECT_TRUE(ask("GET /nothing HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 404"));
  const std::string head = ask("HEAD /pay/abc HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(contains(head, "Content-Length: 3\r\n")) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  server_->stop(kLong);
}

TEST_F(ServerTest, SaysWhatIsWrongWithItsConfiguration) {
  const struct {
    ServerOptions options;
    std::string_view says;
  } rows[] = {
      {{.listen = "nonsense"}, "host:port"},
      {{.listen = "127.0.0.1:0", .certificate_file = "/nowhere/c.pem"}, "both"},
      {{.listen = "127.0.0.1:0", .certificate_file = "/nowhere/c.pem", .key_file = "/nowhere/k.pem"}, "/nowhere/c.pem"},
      {{.listen = "127.0.0.1:0", .trusted_proxies = {"proxy"}}, "proxy"},
  };
  for (const auto& row : rows) {
    const auto server = Server::start(row.options, loop_, random_, echo);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, base::ErrorCode::configuration_invalid);
    EXPECT_TRUE(contains(server.error().detail, row.says)) << server.error().detail;
  }
}

}  // namespace
}  // namespace acquit::http
