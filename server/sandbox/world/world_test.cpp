#include "sandbox/world/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/form_fields.h"
#include "http/client.h"
#include "net/loop.h"
#include "net/testing/certificates.h"
#include "platform/mail/smtp.h"
#include "sandbox/shop/vads_form.h"

namespace acquit::sandbox {
namespace {

using base::Milliseconds;
using base::sync_wait;
using http::Method;
using testing::HasSubstr;
constexpr std::string_view kKey = "1122334455667788";

// The value of that hidden input of a page.
std::string input_of(const std::string& page, const std::string& name) {
  const std::string before = "name=\"" + name + "\" value=\"";
  const std::size_t begin = page.find(before);
  if (begin == std::string::npos) return "(missing)";
  const std::size_t value = begin + before.size();
  return page.substr(value, page.find('"', value) - value);
}

class WorldTest : public testing::Test {
 public:
  ~WorldTest() override {
    client_.reset();
    loop_.stop();
  }

 protected:
  WorldTest() {
    loop_.run_in_background();
    client_ = http::Client::make({.allow_private_addresses = true}, loop_);
    world_ = *World::start({.listen = "127.0.0.1:0", .server = "http://127.0.0.1:9"});
  }
  base::Result<http::IncomingResponse> call(Method method, const std::string& path, std::string body = {},
                                            http::Headers headers = {}) {
    return sync_wait(client_->send({.method = method,
                                    .url = world_->url() + path,
                                    .headers = std::move(headers),
                                    .body = std::move(body),
                                    .time_limit = limit_}));
  }
  http::IncomingResponse get(const std::string& path) {
    return call(Method::get, path).value_or(http::IncomingResponse{.status = -1});
  }
  http::IncomingResponse post(const std::string& path, std::string body) {
    return call(Method::post, path, std::move(body)).value_or(http::IncomingResponse{.status = -1});
  }
  // Buys a vase; the page that goes on to the payment server.
  std::string checkout(const std::string& more = {}) {
    const auto page = post("/shop/checkout", "quantity_onde=1" + more);
    EXPECT_EQ(page.status, 200);
    return page.body;
  }
  static base::FormFields result(const std::string& page, std::string_view status, std::string_view code) {
    base::FormFields fields = {{"vads_order_id", input_of(page, "vads_order_id")},
                               {"vads_trans_status", std::string(status)},
                               {"vads_result", std::string(code)},
                               {"vads_trans_uuid", "0123"},
                               {"vads_order_info", ""}};
    fields.emplace_back("signature", vads_signature(fields, kKey));
    return fields;
  }

  net::Loop loop_{1};
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<World> world_;
  Milliseconds limit_{10'000};
};

TEST_F(WorldTest, ShowsEveryPage) {
  for (const char* path : {"/", "/shop", "/shop?currency=JPY", "/shop/orders", "/inbox", "/bank", "/faults"}) {
    const auto page = get(path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_THAT(page.body, HasSubstr("<html lang=\"fr\">")) << path;
  }
  for (const char* path : {"/inbox.json", "/shop/notifications.json", "/acquirer/transactions"}) {
    EXPECT_EQ(get(path).body, "[]") << path;
  }
  EXPECT_THAT(get("/").body, HasSubstr("4970\u00a01000\u00a00000\u00a00055"));
  EXPECT_EQ(get("/inbox/7").status, 404);
}

TEST_F(WorldTest, ADirectoryByTlsAnswersOnlyWhoShowsACertificate) {
  net::testing::TestAuthority authority;
  const net::TlsFiles bank = authority.issue("directory");
  world_ = *World::start({.listen = "127.0.0.1:0",
                          .directory_certificate = bank.certificate_file,
                          .directory_key = bank.key_file,
                          .directory_ca = bank.ca_file});
  const std::string ready = world_->ready_json();
  const std::size_t begin = ready.find("https://");
  ASSERT_NE(begin, std::string::npos) << ready;
  const std::string directory = ready.substr(begin, ready.find('"', begin) - begin);
  const auto ask = [&](const net::TlsFiles& us) {
    const auto tls = net::Tls::make(net::Tls::Side::client, us);
    const auto client = http::Client::make({.allow_private_addresses = true, .tls = tls.value()}, loop_);
    return sync_wait(client->send({.url = directory, .body = "{}", .time_limit = limit_}));
  };
  const auto answer = ask(authority.issue("us"));
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_THAT(answer->body, HasSubstr("Erro"));
  EXPECT_FALSE(ask({.ca_file = bank.ca_file}));
  EXPECT_EQ(post("/threeds/ds", "{}").status, 404) << "there is no way past it";
}

TEST_F(WorldTest, TheShopPostsASignedFormToThePaymentServer) {
  const std::string page = checkout("&currency=TND");
  EXPECT_THAT(page, HasSubstr(R"(action="http://127.0.0.1:9/vads-payment/")"));
  EXPECT_EQ(input_of(page, "vads_amount"), "115500");
  EXPECT_EQ(input_of(page, "vads_currency"), "788");
  EXPECT_EQ(input_of(page, "vads_url_return"), world_->url() + "/shop/return");
  EXPECT_EQ(input_of(page, "signature").size(), 44U);
}

TEST_F(WorldTest, TheShopNeedsThePaymentServersAddress) {
  EXPECT_EQ(post("/control/server", R"({"url":""})").status, 200);
  EXPECT_EQ(post("/shop/checkout", "quantity_onde=1").status, 503);
  EXPECT_EQ(post("/control/server", R"({"url":"ftp://x"})").status, 400);
  EXPECT_EQ(post("/control/server", R"({"uri":"http://x"})").status, 400);
  EXPECT_EQ(post("/control/server", R"({"url":"http://pay.example/"})").body, R"({"url":"http://pay.example"})");
  EXPECT_THAT(checkout(), HasSubstr(R"(action="http://pay.example/vads-payment/")"));
}

TEST_F(WorldTest, ANotificationPaysTheOrderAndTheReturnSaysSo) {
  const std::string page = checkout();
  const base::FormFields fields = result(page, "AUTHORISED", "00");
  EXPECT_EQ(post("/shop/notification", base::to_form(fields)).body,
            "<span style=\"display:none\">OK-Accepted payment, order has been updated.\n</span>");
  for (const auto& answer :
       {get("/shop/return?" + base::to_form(fields)), post("/shop/return", base::to_form(fields))}) {
    EXPECT_THAT(answer.body, HasSubstr(R"(<dd id="status">Payée</dd>)"));
    EXPECT_THAT(answer.body, HasSubstr("Signature du retour vérifiée"));
    EXPECT_THAT(answer.body, Not(HasSubstr("no-notification")));
  }
  EXPECT_THAT(get("/shop/orders").body, HasSubstr(R"(<span class="tag good">Payée</span>)"));
  EXPECT_THAT(get("/shop/notifications.json").body, HasSubstr(R"("verified":true)"));
}

TEST_F(WorldTest, AReturnWithoutNotificationWarnsTheIntegrator) {
  const std::string page = checkout();
  const auto answer = get("/shop/return?" + base::to_form(result(page, "AUTHORISED", "00")));
  EXPECT_THAT(answer.body, HasSubstr("no-notification"));
  EXPECT_THAT(answer.body, HasSubstr("En attente de paiement"));
}

TEST_F(WorldTest, AForgedReturnIsNotBelieved) {
  base::FormFields fields = result(checkout(), "REFUSED", "05");
  fields[2].second = "00";
  const auto answer = get("/shop/return?" + base::to_form(fields));
  EXPECT_THAT(answer.body, HasSubstr("Retour non vérifié"));
  EXPECT_THAT(answer.body, HasSubstr("Signature du retour fausse"));
}

TEST_F(WorldTest, AReturnWithoutDataFindsTheOrderByItsCookie) {
  const std::string page = checkout();
  const std::string id = input_of(page, "vads_order_id");
  const auto answer = call(Method::get, "/shop/return", {}, {{"cookie", "a=b; shop_order=" + id}});
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body, HasSubstr("<dd id=\"order\">" + id + "</dd>"));
  EXPECT_THAT(get("/shop/return").body, HasSubstr("Aucune commande"));
}

TEST_F(WorldTest, TheShopMisbehavesAsOrdered) {
  struct Row {
    std::string kind;
    base::ErrorCode error;
    int status;
  };
  const std::string body = base::to_form(result(checkout(), "AUTHORISED", "00"));
  for (const Row& row :
       {Row{"refuse", {}, 500}, Row{"garbage", {}, 200}, Row{"duplicate", {}, 200},
        Row{"disconnect", base::ErrorCode::protocol_violation, 0}, Row{"silent", base::ErrorCode::timed_out, 0}}) {
    SCOPED_TRACE(row.kind);
    EXPECT_EQ(post("/control/faults", R"({"target":"shop","kind":")" + row.kind + R"("})").status, 200);
    limit_ = Milliseconds(row.kind == "silent" ? 300 : 10'000);
    const auto answer = call(Method::post, "/shop/notification", body);
    limit_ = Milliseconds(10'000);
    if (row.status == 0) {
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().code, row.error);
    } else {
      ASSERT_TRUE(answer);
      EXPECT_EQ(answer->status, row.status);
    }
    // Only a refused notification was not obeyed.
    EXPECT_THAT(post("/shop/notification", body).body,
                HasSubstr(row.kind == "refuse" ? "OK-Accepted payment, order has been updated."
                                               : "OK-Accepted payment, already registered."));
  }
}

TEST_F(WorldTest, ListsAndClearsFaults) {
  EXPECT_EQ(get("/control/faults").body, R"({"pending":[]})");
  for (const char* target : {"acquirer", "acs", "shop", "smtp"}) {
    EXPECT_EQ(post("/control/faults", std::string(R"({"target":")") + target + R"(","kind":"slow","count":2})").status,
              200);
  }
  EXPECT_EQ(get("/control/faults").body,
            R"({"pending":[{"target":"acquirer","kind":"slow","count":2},)"
            R"({"target":"acs","kind":"slow","step":"areq","count":2},)"
            R"({"target":"shop","kind":"slow","count":2},{"target":"smtp","kind":"slow","count":2}]})");
  EXPECT_THAT(get("/faults").body, HasSubstr("Tout annuler"));
  EXPECT_EQ(call(Method::delete_, "/control/faults")->body, R"({"pending":[]})");
  const auto wrong = post("/control/faults", R"({"target":"bank","kind":"slow"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr("allowed: acquirer, acs, shop, smtp"));
}

TEST_F(WorldTest, QueuesOrdersForTheIssuerStepByStep) {
  for (const char* order :
       {R"({"target":"acs","kind":"garbage"})", R"({"target":"acs","kind":"duplicate"})",
        R"({"target":"acs","kind":"refuse","count":3})", R"({"target":"acs","kind":"silent","step":"challenge"})"}) {
    EXPECT_EQ(post("/control/faults", order).status, 200) << order;
  }
  EXPECT_EQ(get("/control/faults").body, R"({"pending":[{"target":"acs","kind":"garbage","step":"areq","count":1},)"
                                         R"({"target":"acs","kind":"refuse","step":"areq","count":3},)"
                                         R"({"target":"acs","kind":"silent","step":"challenge","count":1},)"
                                         R"({"target":"acs","kind":"duplicate","step":"rreq","count":1}]})");
  EXPECT_THAT(get("/faults").body, HasSubstr(R"(<td class="code">challenge</td>)"));
  const auto wrong = post("/control/faults", R"({"target":"acs","kind":"slow","step":"pres"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(wrong.body, HasSubstr(R"("field":"step")"));
  EXPECT_EQ(call(Method::delete_, "/control/faults")->body, R"({"pending":[]})");
}

TEST_F(WorldTest, AMailIsShownWithItsHtmlHarmless) {
  const std::string ready = world_->ready_json();
  const std::size_t smtp = ready.find(R"("smtp":")") + 8;
  const std::string address = ready.substr(smtp, ready.find('"', smtp) - smtp);
  ASSERT_TRUE(sync_wait(mail::SmtpClient(loop_).send(
      {.url = "smtp://" + address, .require_tls = false},
      {.from = "shop@a.example",
       .to = {"buyer@b.example"},
       .message = "Subject: <b>Ticket</b>\r\nContent-Type: text/html\r\n\r\n<script>x(\"\")</script>\r\n"})));
  const std::string page = get("/inbox/1").body;
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;Ticket&lt;/b&gt;"));
  EXPECT_THAT(page, HasSubstr("srcdoc=\"&lt;base target=&quot;_blank&quot;&gt;&lt;script&gt;x(&quot;&quot;)"));
  EXPECT_THAT(page, Not(HasSubstr("<script>")));
  EXPECT_THAT(get("/inbox").body, HasSubstr("buyer@b.example"));
  EXPECT_EQ(call(Method::delete_, "/inbox")->status, 204);
  EXPECT_EQ(get("/inbox.json").body, "[]");
}

TEST(World, SaysWhichAddressIsTaken) {
  const auto world = *World::start({.listen = "127.0.0.1:0"});
  const auto second = World::start({.listen = world->url().substr(7)});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, base::ErrorCode::connection_failed);
  EXPECT_FALSE(World::start({.listen = "127.0.0.1:0", .server = "pay.example"}));
}

}  // namespace
}  // namespace acquit::sandbox
