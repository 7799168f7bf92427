// What the tests of the form's door share, and those of the buyer's pages behind it: a migrated database, a bank that
// says yes, and the routes of the protocols, called without a socket. The clock stands still until the test moves it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "base/ascii.h"
#include "base/executor.h"
#include "base/manual_clock.h"
#include "db/testing/far_server.h"
#include "db/testing/temporary_database.h"
#include "db/testing/uncertain_database.h"
#include "http/client.h"
#include "net/loop.h"
#include "payments/checkout/payment_token.h"
#include "platform/request_traces/request_traces.h"
#include "protocols/registry.h"
#include "protocols/vads/sample_form.h"
#include "protocols/vads/vads_protocol.h"
#include "tests/support/must.h"

namespace acquit::vads::testing {

using support::must;

/// Approves everything, until it is told to answer otherwise; "busy": nothing leaves us.
class KindAcquirer final : public connectors::Acquirer {
 public:
  explicit KindAcquirer(const base::Clock& clock) : clock_(clock) {}
  connectors::Trace new_trace() override {
    return {.stan = ++stan_, .sent_at = std::chrono::floor<std::chrono::seconds>(clock_.now())};
  }
  base::Task<base::Result<connectors::AuthorisationAnswer>> authorise(connectors::Authorisation) override {
    if (code_ == "busy") co_return base::fail(base::ErrorCode::line_busy, "the line is full");
    const bool yes = code_ == "00";
    co_return connectors::AuthorisationAnswer{
        .verdict = yes ? connectors::Verdict::approved : connectors::Verdict::declined_retry,
        .response_code = code_,
        .authorisation_code = yes ? "3fe1a2" : ""};
  }
  base::Task<base::Result<connectors::MessageAnswer>> reverse(connectors::Reversal) override {
    co_return connectors::MessageAnswer{.response_code = "00", .receipt = connectors::Receipt::accepted};
  }
  base::Task<base::Result<connectors::MessageAnswer>> advise(connectors::Advice) override {
    co_return connectors::MessageAnswer{.response_code = "00", .receipt = connectors::Receipt::accepted};
  }
  [[nodiscard]] std::vector<connectors::LateApproval> late_approvals() const override { return {}; }
  void on_late_approval(std::function<void()>) override {}
  void forget(const connectors::LateApproval&) override {}

  void answer(std::string code) { code_ = std::move(code); }

 private:
  const base::Clock& clock_;
  std::string code_ = "00";
  int stan_ = 0;
};

class DoorFixture : public ::testing::Test {
 public:
  ~DoorFixture() override {
    client_.reset();
    mail_client_.reset();
    loop_.stop();
    database_.reset();
  }

 protected:
  /// Without the engine nothing is made, database_ is null and the test has to skip itself. PostgreSQL may be so far
  /// away, there and back each.
  explicit DoorFixture(db::Engine engine = db::Engine::sqlite, base::Milliseconds each_way = {},
                       protocols::Protocols protocols = only_this())
      : protocols_(std::move(protocols)) {
    loop_.run_in_background();
    place_ = db::testing::TemporaryDatabase::make_migrated(engine);
    if (!place_) return;
    db::Options options = place_->options();
    if (each_way.count() > 0) {
      far_ = std::make_unique<db::testing::FarServer>(*db::testing::PostgresServer::shared(), each_way);
      options.url = far_->url(options.url);
    }
    database_ = std::make_unique<db::testing::UncertainDatabase>(must(db::Database::open(options, loop_)), loop_);
    vault_ = must(base::sync_wait(platform::Vault::load(
        *database_, {.key = base::SecretKey(std::string(32, 'k')), .id = "0011223344556677"}, clock_, random_)));
    merchant_store_.emplace(*vault_, clock_);
    directory_.emplace(*database_, *merchant_store_, clock_);
    outbox_.emplace(*database_, loop_, clock_, random_);
    acquirers_["acquirer"] = {.test = &acquirer_, .production = &acquirer_};
    context_.emplace(payments::Context{.database = *database_,
                                       .store = store_,
                                       .merchant_store = *merchant_store_,
                                       .directory = *directory_,
                                       .vault = *vault_,
                                       .outbox = *outbox_,
                                       .acquirers = acquirers_,
                                       .clock = clock_,
                                       .random = random_});
    client_ = http::Client::make({.allow_private_addresses = true}, loop_);
    mail_client_ = std::make_unique<mail::SmtpClient>(loop_);
    mailer_.emplace(mail::MailerOptions{.from = "no-reply@pay.example"}, *mail_client_, clock_, random_);
    translator_ = must(i18n::Translator::load());
    pages_ = must(pages::Pages::load(*translator_));
    notifier_.emplace(*context_, *client_, protocols_.formatters(), *translator_, *mailer_);
    notifier_->register_handlers();
    refusals_.emplace(*context_,
                      payments::CardTryLimits{.per_card = 3, .per_address = 4, .per_shop = 6, .per_range = 5});
    answers_.emplace(*pages_, *vault_, clock_);
    protocols_.add_routes(router_, {.context = *context_,
                                    .refusals = *refusals_,
                                    .executor = loop_,
                                    .notifier = *notifier_,
                                    .answers = *answers_});
  }

  static protocols::Protocols only_this() {
    protocols::Protocols list;
    list.push_back(std::make_unique<VadsProtocol>());
    return list;
  }
  void add_shop(const merchants::ShopConfig& config) {
    const std::int64_t group = config.shop.group_id;
    change(
        [&](db::Tx& tx) { return merchant_store_->add_shop(tx, {group, "Company"}, {group, group, "Group"}, config); });
  }
  void change(std::function<base::Result<void>(db::Tx&)> work) {
    must(base::sync_wait(database_->write(db::LaneKey{}, std::move(work))));
  }

  http::Response call(http::Request request) {
    request.request_id = "r-1";
    return base::sync_wait(router_.route(std::move(request)));
  }
  http::Response post(std::string body) {
    return call({.method = http::Method::post, .path = "/vads-payment/", .body = std::move(body)});
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
    return must(base::sync_wait(database_->read([&](db::ReadTx& tx) -> base::Result<std::int64_t> {
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
    return must(
        base::sync_wait(database_->read([&](db::ReadTx& tx) { return platform::latest_traces(tx, shop, limit); })));
  }
  /// The payment that an answer sends the buyer to.
  payments::Payment payment_of(const http::Response& response) {
    const std::string location = header(response, "location");
    const auto holder = payments::read_payment_token(*vault_, location.substr(location.rfind('/') + 1));
    if (!holder) throw std::runtime_error("no payment in the location '" + location + "'");
    const payments::PaymentName& name = *holder;
    return *must(base::sync_wait(
        database_->read([&](db::ReadTx& tx) { return store_.find_payment(tx, name.shop, name.payment); })));
  }

  net::Loop loop_{2};
  base::ManualClock clock_;
  base::SeededRandom random_{7};
  payments::PaymentStore store_{clock_, random_};
  payments::Acquirers acquirers_;
  KindAcquirer acquirer_{clock_};
  protocols::Registry protocols_;
  http::Router router_;
  std::map<std::string, db::Statement> counts_;
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::testing::FarServer> far_;  // Before the database, which connects through it.
  std::unique_ptr<db::testing::UncertainDatabase> database_;
  std::unique_ptr<platform::Vault> vault_;
  std::optional<merchants::MerchantStore> merchant_store_;
  std::optional<merchants::Directory> directory_;
  std::optional<platform::Outbox> outbox_;
  std::optional<payments::Context> context_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<mail::SmtpClient> mail_client_;
  std::optional<mail::Mailer> mailer_;
  std::optional<i18n::Translator> translator_;
  std::optional<pages::Pages> pages_;
  std::optional<pages::Answers> answers_;
  std::optional<notifications::Notifier> notifier_;
  std::optional<payments::RefusalBook> refusals_;
};

}  // namespace acquit::vads::testing
