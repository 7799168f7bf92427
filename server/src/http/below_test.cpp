#include "http/below.h"

#include <gtest/gtest.h>

#include "base/executor.h"
#include "http/address.h"

namespace acquit::http {
namespace {

// Says what it was asked for, and sends on to `location`.
Handler redirect_to(std::string location) {
  return [location = std::move(location)](Request request) {
    auto answer = [](std::string path, std::string to) -> base::Task<Response> {
      Response response = Response::see_other(std::move(to));
      response.body = std::move(path);
      co_return response;
    };
    return answer(std::move(request.path), location);
  };
}

Response ask(const Handler& handler, std::string path) {
  return base::sync_wait(handler({.method = Method::get, .path = std::move(path)}));
}

std::string location_of(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "location" || name == "Location") return value;
  }
  return {};
}

TEST(Below, TakesThePathOffWhatIsAskedWhetherOrNotTheProxyDid) {
  const Handler handler = below("/shop/pay", redirect_to("/x"));
  const struct {
    const char* asked;
    const char* seen;
  } rows[] = {{"/shop/pay/vads-payment/", "/vads-payment/"},
              {"/vads-payment/", "/vads-payment/"},
              {"/shop/pay", "/"},
              {"/shop/pay/", "/"},
              {"/shop/payer", "/shop/payer"},
              {"/shop/pay/shop/pay/x", "/shop/pay/x"},
              {"/other/shop/pay/x", "/other/shop/pay/x"}};
  for (const auto& row : rows) EXPECT_EQ(ask(handler, row.asked).body, row.seen) << row.asked;
}

TEST(Below, PutsThePathBeforeWhereItsOwnPagesLeadTo) {
  const struct {
    const char* said;
    const char* sent;
  } rows[] = {{"/pay/token?method=CB", "/shop/pay/pay/token?method=CB"},
              {"https://elsewhere.example/pay", "https://elsewhere.example/pay"},
              {"//elsewhere.example/pay", "//elsewhere.example/pay"}};
  for (const auto& row : rows) EXPECT_EQ(location_of(ask(below("/shop/pay", redirect_to(row.said)), "/")), row.sent);
  EXPECT_EQ(location_of(ask(below("", redirect_to("/x")), "/")), "/x");
}

TEST(Below, FindsThePathOfAnAddress) {
  const struct {
    const char* url;
    const char* path;
  } rows[] = {{"https://pay.example", ""},
              {"https://pay.example/", ""},
              {"https://pay.example:8443/pay", "/pay"},
              {"http://pay.example/shop/pay/", "/shop/pay"},
              {"http://[::1]:80/a?b=/c", "/a"}};
  for (const auto& row : rows) EXPECT_EQ(path_of(row.url), row.path) << row.url;
}

TEST(SpecialHost, IsALiteralAddressThatTheWorldDoesNotKnow) {
  for (const char* const host :
       {"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.20.0.1",
        "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "fd00::1", "::", "::ffff:10.0.0.1"}) {
    EXPECT_TRUE(is_special_host(host)) << host;
  }
  for (const char* const host : {"pay.example", "8.8.8.8", "2a00:1450::1", "localhost.example", "10.1.2"}) {
    EXPECT_FALSE(is_special_host(host)) << host;
  }
}

TEST(AddressBelow, BearsASlashAtTheEndOfOurs) {
  EXPECT_EQ(address_below("https://pay.example", "/3ds"), "https://pay.example/3ds");
  EXPECT_EQ(address_below("https://pay.example/a/", "/3ds"), "https://pay.example/a/3ds");
}

}  // namespace
}  // namespace acquit::http
