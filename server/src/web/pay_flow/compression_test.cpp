// What leaves compressed: the files of the pages, and the pages, which say so themselves.
#include <gmock/gmock.h>

#include "http/compressed.h"
#include "web/pay_flow/flow_fixture.h"

namespace acquit::web {
namespace {

class CompressionTest : public FlowFixture {
 protected:
  CompressionTest() {
    add_shop(form::sample_shop());
    handler_ = http::compressed(env_->random,
                                [this](http::Request request) { return doors_->router.route(std::move(request)); });
  }
  http::Response ask(const std::string& path, http::Headers headers) {
    return base::sync_wait(handler_({.path = path, .headers = std::move(headers), .request_id = "r-1"}));
  }

  http::Handler handler_;
};

TEST_F(CompressionTest, SendsEveryFileOfThePagesInTheCodingAskedFor) {
  for (const pages::Asset& asset : pages::asset_table()) {
    const struct {
      std::string accept;
      std::string coding;
      std::string_view body;
    } rows[] = {{"gzip, deflate, br", "br", asset.brotli}, {"gzip", "gzip", asset.gzip}, {"", "", asset.content}};
    for (const auto& row : rows) {
      const http::Response response = ask(asset.path, {{"accept-encoding", row.accept}});
      EXPECT_EQ(header(response, "content-encoding"), row.coding) << asset.name;
      EXPECT_EQ(response.body, row.body) << asset.name;
      EXPECT_EQ(header(response, "cache-control"), "public, max-age=31536000, immutable") << asset.name;
      const std::string tag = header(response, "etag");
      EXPECT_EQ(ask(asset.path, {{"accept-encoding", row.accept}, {"if-none-match", tag}}).status, 304) << asset.name;
    }
  }
}

TEST_F(CompressionTest, GzipsPagesAndErrorPages) {
  const http::Response entered = post(form::signed_body(form::good_fields()));
  for (const std::string& path : {header(entered, "location"), std::string("/pay/nonsense")}) {
    const http::Response plain = ask(path, {});
    const http::Response response = ask(path, {{"accept-encoding", "gzip, br"}});
    EXPECT_EQ(header(response, "content-encoding"), "gzip") << path;
    EXPECT_EQ(header(response, "cache-control"), "no-store") << path;
    EXPECT_LT(response.body.size(), plain.body.size()) << path;
  }
}

}  // namespace
}  // namespace acquit::web
