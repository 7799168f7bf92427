#include "app/results_door.h"

#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "base/testing/eventually.h"
#include "http/client.h"
#include "net/testing/certificates.h"

namespace acquit::app {
namespace {

using base::sync_wait;
using http::Method;

class ResultsDoorTest : public testing::Test {
 protected:
  ResultsDoorTest() { loop_.run_in_background(); }
  ~ResultsDoorTest() override {
    door_.stop(base::Milliseconds{10'000});
    loop_.stop();
  }
  std::vector<std::string> settings(const net::TlsFiles& us) {
    return {"threeds.results_listen=127.0.0.1:0", "threeds.results_url=https://results.example",
            "threeds.results_certificate_file=" + us.certificate_file, "threeds.results_key_file=" + us.key_file,
            "threeds.results_ca_file=" + authority_.ca_file()};
  }
  base::Result<void> open(const std::vector<std::string>& overrides) {
    return door_.open(
        platform::Config::load("", overrides).value(),
        [](http::Router& router) {
          router.add({.method = Method::post, .pattern = "/3ds/results/{shop}/{secret}"}, http::Open(),
                     [](const http::Request&) { return take(); });
        },
        buyers_);
  }
  static base::Task<http::Response> take() { co_return http::Response::text(200, "taken"); }
  int at_the_buyers_door(const std::string& path) {
    return sync_wait(buyers_.route({.method = Method::post, .path = path})).status;
  }

  net::Loop loop_{2};
  base::OsClock clock_;
  base::SeededRandom random_{1};
  net::testing::TestAuthority authority_;
  http::Router buyers_;
  ResultsDoor door_{loop_, clock_, random_};
};

TEST_F(ResultsDoorTest, TakesResultsWithACertificateAndTurnsThemAwayElsewhere) {
  ASSERT_TRUE(open(settings(authority_.issue("us"))));
  const net::TlsFiles directory = authority_.issue("directory");
  const auto send = [&](const net::TlsFiles& files) {
    const auto tls = net::Tls::make(
        net::Tls::Side::client,
        {.ca_file = authority_.ca_file(), .certificate_file = files.certificate_file, .key_file = files.key_file});
    const auto client = http::Client::make({.allow_private_addresses = true, .tls = tls.value()}, loop_);
    return sync_wait(client->send({.url = door_.url() + "/3ds/results/1/secret", .body = "{}"}));
  };
  const auto taken = send(directory);
  ASSERT_TRUE(taken) << taken.error().detail;
  EXPECT_EQ(taken->body, "taken");
  EXPECT_FALSE(send({}));
  // The client may know first.
  EXPECT_TRUE(base::testing::eventually([&] { return door_.handshakes_failed() == 1; }));
  EXPECT_EQ(at_the_buyers_door("/3ds/results/1/secret"), 403);
  EXPECT_EQ(at_the_buyers_door("/3ds/results"), 403);
  EXPECT_EQ(door_.turned_away(), 2U);
}

TEST_F(ResultsDoorTest, IsTheBuyersDoorWhereThereIsNoOther) {
  ASSERT_TRUE(open({}));
  EXPECT_FALSE(door_.is_open());
  EXPECT_EQ(at_the_buyers_door("/3ds/results/1/secret"), 200);
  EXPECT_TRUE(door_.reload());
  door_.watch_certificate();
}

TEST_F(ResultsDoorTest, NamesTheKeyOfAFileThatIsWrong) {
  const net::TlsFiles us = authority_.issue("us");
  const net::TlsFiles other = authority_.issue("other");
  const struct {
    std::string pair;
    std::string_view key;
  } rows[] = {
      {"threeds.results_certificate_file=none.pem", "threeds.results_certificate_file"},
      {"threeds.results_key_file=" + other.key_file, "threeds.results_key_file"},
      {"threeds.results_ca_file=none.pem", "threeds.results_ca_file"},
  };
  for (const auto& row : rows) {
    auto overrides = settings(us);
    overrides.push_back(row.pair);
    buyers_ = http::Router();
    const auto opened = ResultsDoor(loop_, clock_, random_)
                            .open(platform::Config::load("", overrides).value(), [](http::Router&) {}, buyers_);
    ASSERT_FALSE(opened) << row.pair;
    EXPECT_EQ(opened.error().field, row.key);
    EXPECT_TRUE(opened.error().detail.starts_with(std::string(row.key) + ": ")) << opened.error().detail;
  }
}

TEST_F(ResultsDoorTest, KnowsWhenItsCertificateEnds) {
  ASSERT_TRUE(open(settings(authority_.issue("us", {.ends_in_s = 5 * 24 * 3'600 + 60}))));
  EXPECT_EQ(door_.certificate_days_left(), 5);
}

}  // namespace
}  // namespace acquit::app
