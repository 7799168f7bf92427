// What the tests of notifications share: a database, a shop that answers over HTTP as it is told, a mail server, and a
// notifier between them. Clock and random numbers are set by the test.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "base/manual_clock.h"
#include "base/testing/eventually.h"
#include "notifications/notifier.h"
#include "notifications/sample_payment.h"
#include "notifications/testing/shop_server.h"
#include "payments/ending/announcements.h"
#include "payments/testing/environment.h"
#include "platform/mail/testing/smtp_sink.h"
#include "tests/support/must.h"

namespace acquit::notifications {

using merchants::Mode;
using merchants::Rule;
using payments::TransactionId;

using support::must;

class PlainFormatter final : public Formatter {
 public:
  base::Result<Call> call(const Occasion& occasion) const override {
    return Call{.request = {.url = occasion.url,
                            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                            .body = "number=" + std::string(payments::number_of(occasion.subject.payment.key)) +
                                    "&rule=" + std::string(merchants::to_string(occasion.rule)) +
                                    "&telling=" + std::string(to_string(occasion.telling))},
                .judge = judge,
                .accepted = "2xx, 3xx"};
  }
  std::string shop_name(const Subject& subject) const override { return subject.shop->shop.name; }
  std::string shop_url(const Subject& subject) const override { return subject.shop->shop.url; }
  /// Redirects too, but for one; and 410 is a farewell.
  static Verdict judge(const http::IncomingResponse& answer) {
    if (answer.status == 410) return Verdict::stop;
    return answer.status < 400 && answer.status != 304 ? Verdict::taken : Verdict::again;
  }
};

inline constexpr base::ShopId kShopId{69876357};

inline constexpr auto kNoEdit = [](merchants::NotificationRule&) {};
inline constexpr std::array kOtherRules{Rule::back_office_operation, Rule::batch_authorisation, Rule::subscription,
                                        Rule::batch_change, Rule::cancellation};
inline constexpr std::string_view kAlerts = "it@shop.example";

class NotifierFixture : public testing::Test {
 public:
  NotifierFixture() : NotifierFixture(db::Engine::sqlite) {}
  /// Without the engine here there is no env_, and nothing else: skip the test, visibly.
  explicit NotifierFixture(db::Engine engine)
      : env_(payments::testing::Environment::make(
            {.engine = engine, .start = base::ManualClock().now(), .shops = false})) {
    if (!env_) return;
    shop_server_.emplace(env_->loop, env_->random);
    sink_.emplace(env_->loop);
    client_ = http::Client::make({.allow_private_addresses = true}, env_->loop);
    mail_client_ = std::make_unique<mail::SmtpClient>(env_->loop);
    mailer_.emplace(mail::MailerOptions{.server = {.url = sink_->url(), .require_tls = false},
                                        .from = "no-reply@pay.example",
                                        .from_name = "Acquit"},
                    *mail_client_, env_->clock, env_->random);
    translator_ = must(i18n::Translator::load());
    restart();
    add_shop();
  }

  ~NotifierFixture() override {
    shop_server_.reset();
    client_.reset();
    mail_client_.reset();
    sink_.reset();
    env_.reset();
  }

 protected:
  /// A notifier as after a start of the process.
  void restart(NotifierOptions options = {}) {
    notifier_.emplace(
        env_->services(), *client_,
        [this](std::string_view protocol) -> const Formatter* { return protocol == "vads" ? &formatter_ : nullptr; },
        *translator_, *mailer_, options);
    notifier_->register_handlers();
  }

  template <class F>
  auto write(F work) {
    return must(base::sync_wait(env_->node().database->write(payments::Services::lane(kShopId), std::move(work))));
  }
  void change(std::function<base::Result<void>(db::Tx&)> work) {
    must(base::sync_wait(env_->node().database->write(payments::Services::lane(kShopId), std::move(work))));
  }

  /// Something that only a database that misbehaves would do.
  void sql(const std::string& text) {
    const db::Statement statement{.name = "test " + text, .sqlite = text, .postgresql = text};
    change([&](db::Tx& tx) { return tx.run(statement, {}); });
  }

  void add_shop() {
    merchants::ShopConfig config;
    config.shop = {.id = kShopId,
                   .group_id = 1,
                   .name = "Boutique d’Été",
                   .url = "https://shop.example",
                   .contact_email = "contact@shop.example",
                   .language = "fr",
                   .available_languages = {},
                   .timezone = "Europe/Paris",
                   .country = "FR",
                   .category_code = "5999",
                   .active = true,
                   .return_mode = "GET",
                   .frame_ancestors = {},
                   .buyer_ticket = true,
                   .merchant_mail = "compta@shop.example;patron@shop.example"};
    config.keys =
        merchants::both_keys("form", base::SecretKey("1122334455667788"), base::SecretKey("8877665544332211"));
    config.rules = {rule_};
    for (const Rule rule : kOtherRules) config.rules.push_back(rule_of(rule, false));
    env_->add_shop(config);
  }
  /// The rule of the end of payment as the test wants it.
  void set_rule(const std::function<void(merchants::NotificationRule&)>& edit) {
    rule_.url_test = shop_server_->url("/test");
    rule_.url_production = shop_server_->url("/production");
    edit(rule_);
    change([&](db::Tx& tx) { return env_->node().merchant_store->update_rule(tx, kShopId, rule_); });
    env_->node().directory->forget(kShopId);
  }

  /// One of the other rules; each has URLs of its own.
  [[nodiscard]] merchants::NotificationRule rule_of(Rule rule, bool enabled) const {
    const std::string name(merchants::to_string(rule));
    return {.rule = rule,
            .enabled = enabled,
            .url_test = shop_server_->url("/test/" + name),
            .url_production = shop_server_->url("/production/" + name),
            .alert_addresses = "it@shop.example",
            .automatic_replay = true};
  }
  /// Writes `rule` as it is.
  void write_rule(const merchants::NotificationRule& rule) {
    change([&](db::Tx& tx) { return env_->node().merchant_store->update_rule(tx, kShopId, rule); });
    env_->node().directory->forget(kShopId);
  }
  /// Something else that happens to a transaction; its notification is due at once.
  void happen(const TransactionId& id, merchants::Rule rule) {
    change([&](db::Tx& tx) -> base::Result<void> {
      ACQUIT_TRY(const auto transaction, env_->node().store->load_transaction(tx, kShopId, id));
      return payments::announce(env_->services(), tx, transaction, rule);
    });
  }
  /// What waits in the outbox about a transaction.
  std::vector<platform::OutboxMessage> waiting(const TransactionId& id, std::string_view topic) {
    return must(base::sync_wait(env_->node().database->read(
        [&](db::ReadTx& tx) { return env_->node().outbox->waiting(tx, kShopId, topic, id.hex()); })));
  }

  /// A paid payment; its notification and mails wait in the outbox.
  TransactionId pay(Mode mode = Mode::test, const std::string& own_url = {}) {
    payments::Payment paid = sample_payment(env_->clock, env_->random, mode);
    paid.key = "0" + std::to_string(67925 + paid_++) + "/2023-11-14";  // A shop may use each only once.
    paid.notification_url = own_url;
    const payments::Transaction born = sample_transaction(env_->clock, env_->random, paid);
    const auto config = must(base::sync_wait(env_->node().directory->find(kShopId)));
    message_ = write([&](db::Tx& tx) -> base::Result<std::optional<platform::OutboxMessage>> {
      ACQUIT_CHECK(env_->node().store->add_payment(tx, paid));
      ACQUIT_CHECK(env_->node().store->add_transaction(tx, born, base::Actor::buyer(), {}));
      payments::Payment ending = paid;
      return payments::end_payment(env_->services(), tx, *config, ending, born, merchants::Rule::end_of_payment);
    });
    return born.id;
  }
  /// What the pay page does before it sends the buyer back.
  void notify() { base::sync_wait(env_->node().outbox->process(*message_)); }
  /// Lets the dispatcher work until nothing is due any more.
  void dispatch() {
    while (must(base::sync_wait(env_->node().outbox->dispatch_due())) > 0) wait_for_handlers();
  }
  void wait_for_handlers() const {
    EXPECT_TRUE(base::testing::eventually([&] { return env_->node().outbox->in_flight() == 0; }))
        << "a handler never ends";
  }
  void advance_to(base::Time time) {
    ASSERT_GE(time, env_->clock.now());
    env_->clock.advance(time - env_->clock.now());
  }

  std::vector<Delivery> deliveries(const TransactionId& id) {
    return must(base::sync_wait(
        env_->node().database->read([&](db::ReadTx& tx) { return DeliveryStore{}.of_transaction(tx, kShopId, id); })));
  }
  std::vector<payments::Operation> operations(const TransactionId& id, std::string_view event) {
    auto all = must(base::sync_wait(env_->node().database->read(
        [&](db::ReadTx& tx) { return env_->node().store->operations_of(tx, kShopId, id); })));
    std::erase_if(all, [&](const payments::Operation& operation) { return operation.event != event; });
    return all;
  }
  [[nodiscard]] std::vector<std::string> subjects_to(std::string_view address) const {
    std::vector<std::string> out;
    for (const auto& mail : sink_->mails()) {
      if (mail.to == std::vector{std::string(address)})
        out.push_back(mail::testing::decode_words(mail.header("Subject")));
    }
    return out;
  }

  [[nodiscard]] std::size_t calls() const { return shop_server_->requests().size(); }
  /// 2023-11-14 22:13:20 UTC is where the clock begins.
  static base::Time today(int hour, int minute) {
    return base::Time{std::chrono::sys_days{std::chrono::year{2023} / 11 / 14}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute};
  }
  /// The plain text of the last mail to `address`.
  [[nodiscard]] std::string last_text_to(std::string_view address) const {
    std::string out;
    for (const auto& mail : sink_->mails()) {
      if (mail.to != std::vector{std::string(address)}) continue;
      const std::size_t begin = mail.data.find("quoted-printable\r\n\r\n");
      out =
          mail::testing::decode_quoted_printable(mail.data.substr(begin, mail.data.find("\r\n--part-", begin) - begin));
    }
    return out;
  }
  static std::string alert_subject(std::string_view attempt) {
    return "[MODE TEST] Boutique d’Été - Réf. tr. 067925 / ÉCHEC lors de l’appel de votre URL de notification "
           "[tentative infructueuse #" +
           std::string(attempt) + "]";
  }

  std::unique_ptr<payments::testing::Environment> env_;
  PlainFormatter formatter_;
  merchants::NotificationRule rule_{.rule = Rule::end_of_payment,
                                    .enabled = true,
                                    .url_test = {},
                                    .url_production = {},
                                    .alert_addresses = "it@shop.example",
                                    .automatic_replay = true};
  std::optional<ShopServer> shop_server_;
  std::optional<mail::testing::SmtpSink> sink_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<mail::SmtpClient> mail_client_;
  std::optional<mail::Mailer> mailer_;
  std::optional<i18n::Translator> translator_;
  std::optional<Notifier> notifier_;
  std::optional<platform::OutboxMessage> message_;
  int paid_ = 0;
};

}  // namespace acquit::notifications
