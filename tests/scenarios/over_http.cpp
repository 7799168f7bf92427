// The buyer and his shop as they come by HTTP: forms of vads, the pay page, and calls of the shop's URLs.
#include "base/ascii.h"
#include "base/form_fields.h"
#include "http/server.h"
#include "notifications/testing/shop_server.h"
#include "payments/checkout/payment_token.h"
#include "payments/nouns/calendar.h"
#include "protocols/all/all.h"
#include "protocols/vads/sample_form.h"
#include "tests/scenarios/world.h"
#include "web/pay_flow/testing/pay_pages.h"

namespace acquit::scenarios {
namespace {

using payments::testing::must;

// Nothing is refused by a code here: what a page says instead is for people.
std::unexpected<base::Error> unexpected_answer(const http::IncomingResponse& answer) {
  return base::fail(base::ErrorCode::internal,
                    "HTTP answers " + std::to_string(answer.status) + ": " + answer.body.substr(0, 2000));
}

std::string location_of(const http::IncomingResponse& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (base::ascii_lower(name) == "location") return value;
  }
  return {};
}

class OverHttp final : public World {
 public:
  explicit OverHttp(db::Engine engine) : shop_server_(outside_, random_) {
    outside_.run_in_background();
    open_on(engine, [this](merchants::ShopConfig& shop) { tell_at_the_shops_server(shop); });
    if (!env_) return;
    doors_ = std::make_unique<protocols::Doors>(env_->services(), env_->loop, protocols::all());
    pay_pages_ = std::make_unique<web::PayPages>(*doors_);
    server_ =
        must(http::Server::start({.listen = "127.0.0.1:0"}, env_->loop, env_->random,
                                 [this](http::Request request) { return doors_->router.route(std::move(request)); }));
    browser_ = http::Client::make({.allow_private_addresses = true}, env_->loop);
  }
  ~OverHttp() override {
    if (browser_) browser_->stop();
    if (server_) server_->stop(base::Milliseconds{10'000});
    server_.reset();
    pay_pages_.reset();
    doors_.reset();
    browser_.reset();
    env_.reset();
  }
  OverHttp(const OverHttp&) = delete;
  OverHttp& operator=(const OverHttp&) = delete;

  base::Result<payments::PaymentId> order(const Order& order) override {
    const auto answer = post("/vads-payment/", signed_form(order));
    const std::string location = location_of(answer);
    if (answer.status != 303 || !location.starts_with("/pay/")) return unexpected_answer(answer);
    const auto holder =
        payments::read_payment_token(*env_->node().vault, location.substr(location.rfind('/') + 1)).value();
    const payments::PaymentName& name = holder;
    pages_[name.payment.hex()] = location;
    return name.payment;
  }

  base::Result<void> present(const payments::PaymentId& payment, const TypedCard& card) override {
    const std::string month = (card.expiry_month < 10 ? "0" : "") + std::to_string(card.expiry_month);
    base::FormFields form{{"card_number", card.number},
                          {"expiry", month + "/" + std::to_string(card.expiry_year % 100)},
                          {"security_code", "123"},
                          {"card_holder", "A Buyer"},
                          {"browser_js", "true"}};
    if (!card.brand.empty()) form.emplace_back("brand", card.brand);
    return step(payment, "/card", base::to_form(form));
  }

  base::Result<void> leave(const payments::PaymentId& payment) override { return step(payment, "/cancel", {}); }

  std::vector<std::string> told() override {
    std::vector<std::string> out;
    for (const http::Request& call : shop_server_.requests()) {
      const base::FormFields fields = base::parse_form(call.body).value();
      out.push_back(call.path.substr(1));
      if (!is_signed(fields)) out.back() += " (not signed by us)";
    }
    return out;
  }

 private:
  // Each rule at a path of its own name; and no mails, which nobody reads here.
  void tell_at_the_shops_server(merchants::ShopConfig& shop) {
    shop.shop.buyer_ticket = false;
    shop.shop.merchant_mail.clear();
    shop.rules.clear();
    for (const merchants::Rule rule : merchants::kAllRules) {
      const std::string url = shop_server_.url("/" + std::string(to_string(rule)));
      shop.rules.push_back({.rule = rule,
                            .enabled = true,
                            .url_test = url,
                            .url_production = url,
                            .alert_addresses = {},
                            .automatic_replay = true});
    }
  }

  std::string signed_form(const Order& order) {
    base::FormFields fields = vads::testing::good_fields();
    const auto set = [&](std::string_view name, const std::string& value) { vads::testing::set(fields, name, value); };
    set("vads_trans_id", std::to_string(100'000 + orders_++));
    set("vads_trans_date", payments::to_compact(env_->clock.now()));
    set("vads_amount", std::to_string(order.amount.minor()));
    set("vads_ctx_mode", std::string(to_string(order.mode)));
    set("vads_payment_config", order.plan);
    set("vads_capture_delay", std::to_string(order.delay_days));
    set("vads_validation_mode", order.manual_validation ? "1" : "0");
    if (order.source != payments::Source::ecommerce) set("vads_payment_src", std::string(to_string(order.source)));
    return vads::testing::signed_body(fields, key_of(order.mode).reveal(), env_->shop().shop.algorithm);
  }
  const base::SecretKey& key_of(merchants::Mode mode) const { return env_->shop().key(vads::kFormKey, mode); }
  [[nodiscard]] bool is_signed(const base::FormFields& fields) const {
    const auto mode = merchants::parse_mode(base::field_of(fields, "vads_ctx_mode"));
    return mode &&
           base::field_of(fields, "signature") == vads::sign(fields, key_of(*mode), env_->shop().shop.algorithm);
  }

  // A form of the pay page. Whatever becomes of it, the payment's page can be shown then.
  base::Result<void> step(const payments::PaymentId& payment, const std::string& form, std::string body) {
    const std::string page = pages_.at(payment.hex());
    const auto answer = post(page + form, std::move(body));
    if (answer.status != 303) return unexpected_answer(answer);
    const auto shown = send({.method = http::Method::get, .url = server_->url() + location_of(answer)});
    if (shown.status != 200) return unexpected_answer(shown);
    return {};
  }
  http::IncomingResponse post(const std::string& path, std::string body) {
    return send({.url = server_->url() + path,
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                 .body = std::move(body)});
  }
  http::IncomingResponse send(http::OutgoingRequest request) {
    return must(base::sync_wait(browser_->send(std::move(request))));
  }

  net::Loop outside_{1};
  base::SeededRandom random_{2};
  notifications::ShopServer shop_server_;
  std::unique_ptr<protocols::Doors> doors_;
  std::unique_ptr<web::PayPages> pay_pages_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<http::Client> browser_;
  std::map<std::string, std::string> pages_;  ///< "/pay/…" by payment.
  int orders_ = 0;
};

}  // namespace

std::unique_ptr<World> make_over_http(db::Engine engine) {
  auto world = std::make_unique<OverHttp>(engine);
  if (!world->env_) return nullptr;
  return world;
}

}  // namespace acquit::scenarios
