// A public address with a path: the buyer's way leads nowhere beside it.
#include <gmock/gmock.h>

#include <regex>

#include "http/below.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

using ::testing::StartsWith;

constexpr std::string_view kPath = "/shop/pay";

class PublicPathTest : public FlowFixture {
 protected:
  PublicPathTest() {
    add_shop(form::sample_shop());
    doors_->pages = must(pages::Pages::load(doors_->translator, std::string(kPath)));
    handler_ = http::below(std::string(kPath),
                           [this](http::Request request) { return doors_->router.route(std::move(request)); });
  }
  http::Response ask(http::Method method, const std::string& address, std::string body = {}) {
    const std::size_t question = address.find('?');
    http::Request request{.method = method, .path = address.substr(0, question), .body = std::move(body)};
    if (question != std::string::npos) request.query = address.substr(question + 1);
    request.request_id = "r-1";
    return base::sync_wait(handler_(std::move(request)));
  }
  /// What begins with "/" in the page: where it leads to, or what it loads.
  static std::vector<std::string> addresses(const std::string& page) {
    static const std::regex kAddress("(?:action|href|src)=\"(/[^\"]*)\"");
    std::vector<std::string> found;
    for (std::sregex_iterator at(page.begin(), page.end(), kAddress), end; at != end; ++at) {
      found.push_back(unescaped((*at)[1].str()));
    }
    return found;
  }

  http::Handler handler_;
};

TEST_F(PublicPathTest, LeadsFromTheFormToTheResultBelowIt) {
  const http::Response entered =
      ask(http::Method::post, std::string(kPath) + "/vads-payment/", form::signed_body(form::good_fields()));
  std::string place = header(entered, "location");
  ASSERT_THAT(place, StartsWith(std::string(kPath) + "/pay/"));
  const http::Response card = ask(http::Method::get, place);
  ASSERT_EQ(card.status, 200);
  const auto links = addresses(card.body);
  EXPECT_GT(links.size(), 5U);
  for (const std::string& link : links) {
    EXPECT_THAT(link, StartsWith(std::string(kPath) + "/pay/"));
    EXPECT_NE(ask(http::Method::get, link).status, 404) << link;
  }
  const http::Response paid = ask(http::Method::post, place + "/card",
                                  base::to_form({{"card_number", "4970100000000055"},
                                                 {"expiry", "12/30"},
                                                 {"security_code", "123"},
                                                 {"card_holder", "A Buyer"}}));
  ASSERT_EQ(paid.status, 303) << paid.body;
  place = header(paid, "location");
  ASSERT_THAT(place, StartsWith(std::string(kPath) + "/pay/"));
  EXPECT_EQ(ask(http::Method::get, place).status, 200);
}

TEST_F(PublicPathTest, IsTakenOffByTheProxyOrNot) {
  for (const std::string path : {"/vads-payment/", "/shop/pay/vads-payment/"}) {
    const auto fields = form::good_fields();
    const http::Response entered = ask(http::Method::post, path, form::signed_body(fields));
    EXPECT_EQ(entered.status, 303) << path;
  }
}

}  // namespace
}  // namespace acquit::web
