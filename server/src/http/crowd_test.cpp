// Crowds and floods: who gets in, who has to go, and what all of them may hold.

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "base/testing/eventually.h"
#include "http/testing/server_fixture.h"

namespace acquit::http {
namespace {

constexpr std::string_view kAsk = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

using Clients = std::vector<std::unique_ptr<RawClient>>;

class CrowdTest : public ServerFixture {
 protected:
  // A connection that was answered once and now idles.
  std::unique_ptr<RawClient> idle_client() {
    auto raw = std::make_unique<RawClient>(loop_, server_->url());
    raw->send(std::string(kAsk));
    EXPECT_TRUE(raw->read_until("GET /  ").starts_with("HTTP/1.1 200"));
    return raw;
  }
  // The same, once the server waits for the next request of all of them.
  std::unique_ptr<RawClient> idle_client(std::size_t idle) {
    auto raw = idle_client();
    EXPECT_TRUE(base::testing::eventually([&] { return server_->counters().idle == idle; }));
    return raw;
  }
  void wait_for_bytes(std::size_t bytes) {
    EXPECT_TRUE(base::testing::eventually([&] { return server_->counters().buffered_bytes >= bytes; }));
  }
};

TEST_F(CrowdTest, TheLongestIdleMakesRoomForWhoComes) {
  start(echo, {.connections_max = 3});
  const auto first = idle_client(1);
  const auto second = idle_client(2);
  const auto third = idle_client(3);
  const auto fourth = idle_client(3);
  EXPECT_EQ(first->read_all(), "");
  second->send(std::string(kAsk));
  EXPECT_TRUE(second->read_until("GET /  ").starts_with("HTTP/1.1 200"));
  EXPECT_EQ(server_->counters().evicted, 1U);
}

TEST_F(CrowdTest, WhoSendsSlowlyMakesRoomAndIsToldSo) {
  start(echo, {.connections_max = 1});
  RawClient slow = client();
  slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + std::string(10'000, 'x'));
  wait_for_bytes(10'000);
  (void)idle_client();
  const std::string answer = slow.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
  EXPECT_TRUE(contains(answer, "\r\nRetry-After: 1\r\n")) << answer;
  EXPECT_TRUE(contains(answer, "this one was the slowest")) << answer;
}

TEST_F(CrowdTest, WhoIsBeingAnsweredStaysAndTheNextIsRefused) {
  std::promise<void> asked;
  const base::Completion<bool> go_on(loop_);
  start(
      [&](Request) -> Task<Response> {
        asked.set_value();
        return [](base::Completion<bool> wait) -> Task<Response> {
          co_await wait;
          co_return Response::text(200, "done");
        }(go_on);
      },
      {.connections_max = 1});
  RawClient first = client();
  first.send(std::string(kAsk));
  asked.get_future().wait();
  RawClient second = client();
  const std::string refusal = second.read_all();
  EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503")) << refusal;
  EXPECT_TRUE(contains(refusal, "\r\nRetry-After: 1\r\n")) << refusal;
  go_on.set(true);
  EXPECT_TRUE(first.read_until("done").starts_with("HTTP/1.1 200"));
  EXPECT_EQ(server_->counters().refused, 1U);
}

TEST_F(CrowdTest, OneAddressSendsAwayItsOwn) {
  start(echo, {.connections_max = 100, .connections_per_subscriber = 2});
  const auto first = idle_client(1);
  const auto second = idle_client(2);
  const auto third = idle_client(2);
  EXPECT_EQ(first->read_all(), "");
  EXPECT_EQ(server_->counters().evicted, 1U);
}

TEST_F(CrowdTest, ATrustedProxyHasNoShareOfItsOwn) {
  start(echo, {.trusted_proxies = {"127.0.0.1"},
               .connections_max = 100,
               .connections_per_subscriber = 1,
               .buffered_per_subscriber = 1});
  Clients clients;
  for (int i = 0; i < 5; ++i) clients.push_back(idle_client());
  EXPECT_EQ(server_->counters().evicted, 0U);
  EXPECT_EQ(server_->counters().connections, 5U);
}

TEST_F(CrowdTest, HalfSentBodiesOfOneAddressTakeItsShareAndNoMore) {
  constexpr std::size_t kShare = 512 * 1024;
  start(echo, {.buffered_max = 16 * kShare, .buffered_per_subscriber = kShare});
  Clients clients;
  int refused = 0;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<RawClient>(loop_, server_->url()));
    clients.back()->send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 200000\r\n\r\n");
    clients.back()->read_until("\r\n\r\n");
    clients.back()->send(std::string(60'000, 'x'));
    const std::size_t before = server_->counters().buffered_bytes;
    EXPECT_LE(before, kShare);
  }
  for (const auto& raw : clients) {
    // Whoever is still waited for is answered once the rest is there.
    (void)sync_wait(raw->stream().write(std::string(140'000, 'x'), kLong));
    const std::string answer = raw->read_until("\r\n");
    if (answer.starts_with("HTTP/1.1 503")) ++refused;
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 8);
  EXPECT_LE(server_->counters().buffered_bytes, kShare);
}

TEST_F(CrowdTest, TheSlowestGiveTheirMemoryToWhoComes) {
  constexpr std::size_t kAll = 192 * 1024;
  start(echo, {.buffered_max = kAll, .buffered_per_subscriber = 16 * kAll});
  RawClient slow = client();
  slow.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n" + std::string(64'000, 'x'));
  wait_for_bytes(64'000);
  const std::string body(80'000, 'y');
  const std::string answer =
      ask("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 80000\r\n\r\n" + body);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer.substr(0, 300);
  EXPECT_TRUE(slow.read_all().starts_with("HTTP/1.1 503"));
}

TEST_F(CrowdTest, GivesBackAllThatItCounted) {
  start(echo);
  for (int i = 0; i < 3; ++i) {
    ask("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" +
        std::string(100'000, 'z'));
  }
  server_->stop(kLong);
  EXPECT_EQ(server_->counters().buffered_bytes, 0U);
  EXPECT_EQ(server_->counters().connections, 0U);
}

}  // namespace
}  // namespace acquit::http
