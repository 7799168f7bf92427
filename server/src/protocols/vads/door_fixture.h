// What the tests of the form's door share, and those of the buyer's pages behind it: an environment without shops, and
// the doors of the protocols, called without a socket. The clock stands still until the test moves it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "base/ascii.h"
#include "payments/checkout/payment_token.h"
#include "payments/testing/environment.h"
#include "platform/request_traces/request_traces.h"
#include "protocols/testing/doors.h"
#include "protocols/vads/sample_form.h"
#include "protocols/vads/vads_protocol.h"
#include "tests/support/must.h"

namespace acquit::vads::testing {

using support::must;

class DoorFixture : public ::testing::Test {
 protected:
  /// Without the engine nothing is made, env_ is null and the test has to skip itself. PostgreSQL may be so far away,
  /// there and back each.
  explicit DoorFixture(db::Engine engine = db::Engine::sqlite, base::Milliseconds each_way = {},
                       protocols::Protocols protocols = only_this())
      : env_(payments::testing::Environment::make(
            {.engine = engine, .start = base::ManualClock().now(), .shops = false, .each_way = each_way})) {
    if (env_) doors_ = std::make_unique<protocols::Doors>(env_->services(), env_->loop, std::move(protocols));
  }

  static protocols::Protocols only_this() {
    protocols::Protocols list;
    list.push_back(std::make_unique<VadsProtocol>());
    return list;
  }
  void add_shop(const merchants::ShopConfig& config) { env_->add_shop(config); }
  void change(std::function<base::Result<void>(db::Tx&)> work) {
    must(base::sync_wait(env_->node().database->write(db::LaneKey{}, std::move(work))));
  }

  http::Response call(http::Request request) {
    request.request_id = "r-1";
    return base::sync_wait(doors_->router.route(std::move(request)));
  }
  http::Response post(std::string body) {
    return call({.method = http::Method::post, .path = "/vads-payment/", .body = std::move(body)});
  }
  /// As a browser sends a form of parts ("multipart/form-data").
  static std::string parts_of(const base::FormFields& fields, const std::string& more = {}) {
    std::string out;
    for (const auto& [name, value] : fields)
      out += "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    return out + more + "--b--\r\n";
  }
  http::Response post_parts(const std::string& path, std::string body) {
    return call({.method = http::Method::post,
                 .path = path,
                 .headers = {{"content-type", "multipart/form-data; boundary=b"}},
                 .body = std::move(body)});
  }
  static base::FormFields signed_fields(base::FormFields fields) {
    return *base::parse_form(signed_body(std::move(fields)));
  }
  /// A step of the payment at `place` ("/pay/…").
  http::Response step(const std::string& path, const base::FormFields& fields) {
    return call({.method = http::Method::post, .path = path, .body = base::to_form(fields)});
  }
  http::Response look(const std::string& address) {
    const std::size_t end = std::min(address.find('?'), address.size());
    return call({.method = http::Method::get,
                 .path = address.substr(0, end),
                 .query = end == address.size() ? std::string() : address.substr(end + 1)});
  }
  /// The page that a post's answer sends the browser to; the answer itself if it sends it nowhere.
  http::Response follow(const http::Response& answer) {
    return answer.status == 303 ? look(header(answer, "location")) : answer;
  }
  http::Response get(std::string query) {
    return call({.method = http::Method::get, .path = "/vads-payment/", .query = std::move(query)});
  }
  static std::string header(const http::Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (base::ascii_lower(key) == name) return value;
    }
    return {};
  }

  /// The hidden fields of all forms of a page, as a browser reads them.
  static base::FormFields hidden_fields(std::string_view page) {
    constexpr std::string_view kInput = "<input type=\"hidden\" name=\"";
    constexpr std::string_view kValue = "\" value=\"";
    base::FormFields out;
    for (std::size_t at = page.find(kInput); at != std::string_view::npos; at = page.find(kInput, at)) {
      at += kInput.size();
      const std::size_t middle = page.find(kValue, at);
      const std::size_t end = page.find("\">", middle);
      out.emplace_back(unescaped(page.substr(at, middle - at)),
                       unescaped(page.substr(middle + kValue.size(), end - middle - kValue.size())));
    }
    return out;
  }
  static std::string unescaped(std::string_view text) {
    std::string out(text);
    for (const auto& [from, to] : {std::pair<std::string_view, std::string_view>("&lt;", "<"),
                                   {"&gt;", ">"},
                                   {"&quot;", "\""},
                                   {"&#39;", "'"},
                                   {"&apos;", "'"},
                                   {"&amp;", "&"}}) {
      for (std::size_t at = out.find(from); at != std::string::npos; at = out.find(from, at + to.size()))
        out.replace(at, from.size(), to);
    }
    return out;
  }
  static std::string value_of(const base::FormFields& fields, std::string_view name) {
    const std::string* const value = base::find_field(fields, name);
    return value == nullptr ? "(absent)" : *value;
  }
  /// Signed with `key` as sample_shop signs.
  static bool is_signed(const base::FormFields& fields, std::string_view key) {
    return value_of(fields, "signature") ==
           sign(fields, base::SecretKey(std::string(key)), merchants::SignatureAlgorithm::hmac_sha256);
  }

  std::int64_t count(const std::string& table) {
    const std::string sql = "select count(*) from " + table;
    auto& statement =
        counts_.try_emplace(table, db::Statement{.name = "test." + table, .sqlite = sql, .postgresql = sql})
            .first->second;
    return must(base::sync_wait(env_->node().database->read([&](db::ReadTx& tx) -> base::Result<std::int64_t> {
      ACQUIT_TRY(const auto row, tx.find(statement, {}));
      return row->integer(0);
    })));
  }
  /// All that a payment would leave.
  std::map<std::string, std::int64_t> stored() {
    std::map<std::string, std::int64_t> out;
    for (const std::string table : {"payments", "transactions", "operations", "postings", "vault_cards"})
      out[table] = count(table);
    return out;
  }
  std::vector<platform::RequestTrace> traces(base::ShopId shop, int limit = 1) {
    return must(base::sync_wait(
        env_->node().database->read([&](db::ReadTx& tx) { return platform::latest_traces(tx, shop, limit); })));
  }
  /// The payment that an answer sends the buyer to.
  payments::Payment payment_of(const http::Response& response) {
    const std::string location = header(response, "location");
    const auto holder = payments::read_payment_token(*env_->node().vault, location.substr(location.rfind('/') + 1));
    if (!holder) throw std::runtime_error("no payment in the location '" + location + "'");
    const payments::PaymentName& name = *holder;
    return *must(base::sync_wait(env_->node().database->read(
        [&](db::ReadTx& tx) { return env_->node().store->find_payment(tx, name.shop, name.payment); })));
  }

  std::unique_ptr<payments::testing::Environment> env_;
  std::unique_ptr<protocols::Doors> doors_;
  std::map<std::string, db::Statement> counts_;
};

}  // namespace acquit::vads::testing
