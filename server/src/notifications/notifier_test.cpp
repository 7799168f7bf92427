#include "notifications/notifier.h"

#include "net/stream.h"
#include "notifications/notifier_fixture.h"

namespace acquit::notifications {
namespace {

using base::ErrorCode;
using base::Milliseconds;
using base::sync_wait;

using NotifierTest = NotifierFixture;

TEST_F(NotifierTest, CallsTheShopBeforeTheBuyerGoesBack) {
  set_rule(kNoEdit);
  const auto id = pay();
  notify();
  const auto requests = shop_server_->requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method, http::Method::post);
  EXPECT_EQ(requests[0].path, "/test");
  EXPECT_EQ(requests[0].body, "number=067925&rule=end_of_payment&telling=first");
  EXPECT_EQ(requests[0].header("content-type"), "application/x-www-form-urlencoded");
  EXPECT_TRUE(requests[0].header("user-agent").starts_with("Acquit/"));
  const auto kept = deliveries(id);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept[0].succeeded);
  EXPECT_EQ(kept[0].http_status, 200);
  EXPECT_EQ(kept[0].telling, Telling::first);
  EXPECT_EQ(kept[0].attempt, 1);
  EXPECT_EQ(kept[0].target, shop_server_->url("/test"));
  EXPECT_EQ(kept[0].response, "OK");
  EXPECT_EQ(kept[0].at, env_->clock.now());
  const auto history = operations(id, "notification");
  ASSERT_EQ(history.size(), 1U);
  EXPECT_EQ(history[0].actor, base::Actor::shop());
  EXPECT_EQ(history[0].detail, "SENT, rule=URL de notification à la fin du paiement, duration=~0,0s, response=OK");
  env_->clock.advance(Milliseconds{3'600'000});
  dispatch();
  EXPECT_EQ(calls(), 1U);
  EXPECT_TRUE(subjects_to(kAlerts).empty());
}

TEST_F(NotifierTest, ChoosesTheUrlByModeRuleAndPayment) {
  struct Row {
    Mode mode;
    std::string own_path;
    std::function<void(merchants::NotificationRule&)> edit;
    std::string path;  // Empty: no call.
  };
  const Row rows[] = {
      {Mode::test, "", kNoEdit, "/test"},
      {Mode::production, "", kNoEdit, "/production"},
      {Mode::test, "/own", kNoEdit, "/own"},
      {Mode::production, "/own", [](auto& rule) { rule.url_production.clear(); }, "/own"},
      {Mode::test, "", [](auto& rule) { rule.url_test.clear(); }, ""},
      {Mode::production, "", [](auto& rule) { rule.url_production.clear(); }, ""},
      {Mode::test, "", [](auto& rule) { rule.enabled = false; }, ""},
      {Mode::test, "/own", [](auto& rule) { rule.enabled = false; }, ""},
  };
  for (const Row& row : rows) {
    rule_.enabled = true;
    set_rule(row.edit);
    const std::size_t before = calls();
    const auto id = pay(row.mode, row.own_path.empty() ? std::string() : shop_server_->url(row.own_path));
    notify();
    EXPECT_EQ(calls(), before + (row.path.empty() ? 0 : 1)) << row.own_path << row.path;
    EXPECT_EQ(deliveries(id).size(), row.path.empty() ? 0U : 1U);
    if (!row.path.empty()) EXPECT_EQ(shop_server_->requests().back().path, row.path);
  }
}

TEST_F(NotifierTest, CallsEachRulesOwnUrlByModeWhereItIsOn) {
  struct Row {
    Rule rule;
    std::string label;
  };
  const Row rows[] = {
      {merchants::Rule::end_of_payment, "URL de notification à la fin du paiement"},
      {merchants::Rule::back_office_operation, "URL de notification sur une opération provenant du Back Office"},
      {merchants::Rule::batch_authorisation, "URL de notification sur autorisation par batch"},
      {Rule::subscription, "URL de notification à la création d’un abonnement"},
      {merchants::Rule::batch_change, "URL de notification sur modification par batch"},
      {merchants::Rule::cancellation, "URL de notification sur annulation"},
  };
  const auto set = [&](Rule rule, bool enabled) { write_rule(rule_of(rule, enabled)); };
  const auto set_all = [&](bool enabled) {
    for (const Row& row : rows) set(row.rule, enabled);
  };
  for (const Row& row : rows) {
    const std::string name(merchants::to_string(row.rule));
    for (const Mode mode : {Mode::test, Mode::production}) {
      set_all(false);
      const auto id = pay(mode);
      dispatch();
      set(row.rule, true);
      const std::size_t before = calls();
      happen(id, row.rule);
      dispatch();
      ASSERT_EQ(calls(), before + 1) << name << " is on";
      const http::Request called = shop_server_->requests().back();
      EXPECT_EQ(called.path, (mode == Mode::test ? "/test/" : "/production/") + name);
      EXPECT_TRUE(called.body.ends_with("rule=" + name + "&telling=first")) << called.body;
      ASSERT_EQ(deliveries(id).size(), 1U);
      EXPECT_EQ(deliveries(id)[0].rule, row.rule);
      EXPECT_EQ(deliveries(id)[0].telling, Telling::first);
      const auto history = operations(id, "notification");
      ASSERT_EQ(history.size(), 1U);
      EXPECT_TRUE(history[0].detail.starts_with("SENT, rule=" + row.label + ",")) << history[0].detail;
      set_all(true);
      set(row.rule, false);
      happen(id, row.rule);
      dispatch();
      EXPECT_EQ(calls(), before + 1) << name << " is off, though the others are on";
    }
  }
}

TEST_F(NotifierTest, LetsThePaymentsOwnUrlComeBeforeThatOfEveryRule) {
  for (const Rule rule : kOtherRules) {
    write_rule(rule_of(rule, true));
    const auto id = pay(Mode::test, shop_server_->url("/own"));
    happen(id, rule);
    dispatch();
    EXPECT_EQ(shop_server_->requests().back().path, "/own") << merchants::to_string(rule);
    EXPECT_EQ(deliveries(id).back().rule, rule);
  }
}

TEST_F(NotifierTest, LetsTheProtocolDecideByTheAnswer) {
  set_rule([](auto& rule) { rule.automatic_replay = false; });
  for (const int status : {200, 204, 206, 301, 308, 207, 304, 400, 401, 404, 500, 503}) {
    http::Response response = http::Response::text(status, "KO");
    if (status / 100 == 3) response.with_header("location", shop_server_->url("/elsewhere"));
    shop_server_->answer_next(response);
    const std::size_t before = calls();
    const auto id = pay();
    notify();
    EXPECT_EQ(deliveries(id).at(0).http_status, status);
    const auto verdict = PlainFormatter::judge({.status = status, .headers = {}, .body = {}});
    EXPECT_EQ(deliveries(id).at(0).succeeded, verdict == Verdict::taken) << status;
    EXPECT_EQ(calls(), before + 1) << "a redirect was followed";
  }
}

TEST_F(NotifierTest, ReplaysFourTimesAtTheQuarterHoursAndWarnsEachTime) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  const auto id = pay();
  notify();
  dispatch();
  EXPECT_EQ(subjects_to(kAlerts), std::vector{alert_subject("1")});
  const std::pair<base::Time, std::string> replays[] = {
      {today(22, 15), "2"}, {today(22, 30), "3"}, {today(22, 45), "4"}, {today(23, 0), "last"}};
  std::size_t expected = 1;
  for (const auto& [time, name] : replays) {
    advance_to(time - Milliseconds{1});
    dispatch();
    EXPECT_EQ(calls(), expected) << "too early";
    advance_to(time);
    dispatch();
    EXPECT_EQ(calls(), ++expected) << name;
    EXPECT_EQ(subjects_to(kAlerts).back(), alert_subject(name));
    EXPECT_EQ(deliveries(id).back().at, time);
  }
  env_->clock.advance(Milliseconds{24 * 3'600'000});
  dispatch();
  EXPECT_EQ(calls(), 5U);
  EXPECT_EQ(subjects_to(kAlerts).size(), 5U);
  std::string seen;
  for (const Delivery& delivery : deliveries(id))
    seen += std::to_string(delivery.attempt) + std::string(to_string(delivery.telling)) + " ";
  EXPECT_EQ(seen, "1first 2again 3again 4again 5again ");
  EXPECT_EQ(shop_server_->requests().back().body, "number=067925&rule=end_of_payment&telling=again");
  EXPECT_EQ(operations(id, "notification").back().actor, base::Actor::job());
  EXPECT_EQ(operations(id, "notification").back().detail,
            "FAILED, rule=URL de notification à la fin du paiement, duration=~0,0s, http=500, response=OK");
}

TEST_F(NotifierTest, EndsASeriesWithTheFirstSuccess) {
  set_rule(kNoEdit);
  shop_server_->answer_next(http::Response::text(503, "later"));
  const auto id = pay();
  notify();
  advance_to(today(22, 15));
  dispatch();
  advance_to(today(23, 30));
  dispatch();
  EXPECT_EQ(calls(), 2U);
  EXPECT_TRUE(deliveries(id).back().succeeded);
  EXPECT_EQ(subjects_to(kAlerts), std::vector{alert_subject("1")});
}

TEST_F(NotifierTest, DoesNotReplayWhereTheRuleDoesNotWantIt) {
  set_rule([](auto& rule) {
    rule.automatic_replay = false;
    rule.alert_addresses = "it@shop.example; boss@shop.example;not an address";
  });
  shop_server_->answer_always(404);
  pay(Mode::production);
  notify();
  advance_to(today(23, 30));
  dispatch();
  EXPECT_EQ(calls(), 1U);
  const std::string subject = alert_subject("1").substr(std::string_view("[MODE TEST] ").size());
  EXPECT_EQ(subjects_to(kAlerts), std::vector{subject});
  EXPECT_EQ(subjects_to("boss@shop.example"), std::vector{subject});
}

TEST_F(NotifierTest, StopsReplayingWhenTheRuleIsSwitchedOff) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  pay();
  notify();
  set_rule([](auto& rule) { rule.enabled = false; });
  advance_to(today(23, 30));
  dispatch();
  EXPECT_EQ(calls(), 1U);
}

TEST_F(NotifierTest, IsNotLostWhenThePayPageDiesAfterTheCommit) {
  set_rule(kNoEdit);
  pay();
  dispatch();
  EXPECT_EQ(calls(), 0U) << "the pay page still holds it";
  restart();
  env_->clock.advance(Milliseconds{60'001});
  dispatch();
  EXPECT_EQ(calls(), 1U);
}

TEST_F(NotifierTest, CallsOnceForAMessageHandledTwice) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  const auto id = pay();
  const auto first = sync_wait(notifier_->send_notification(*message_));
  restart();  // Died before the verdict was written.
  const auto second = sync_wait(notifier_->send_notification(*message_));
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(first.again_at, today(22, 15));
  EXPECT_EQ(second.again_at, first.again_at);
  EXPECT_EQ(second.payload, first.payload);
  EXPECT_EQ(first.payload, "rule=end_of_payment&replay=1");
  dispatch();
  EXPECT_EQ(deliveries(id).size(), 1U);
  EXPECT_EQ(operations(id, "notification").size(), 1U);
  EXPECT_EQ(subjects_to(kAlerts).size(), 1U);
}

TEST_F(NotifierTest, CountsCallsAndNotClaims) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  pay();
  platform::OutboxMessage claimed_often = *message_;
  claimed_often.attempts = 9;
  sync_wait(env_->node().outbox->process(claimed_often));
  dispatch();
  EXPECT_EQ(subjects_to(kAlerts), std::vector{alert_subject("1")});
}

TEST_F(NotifierTest, DoesNotWaitForAShopThatHangs) {
  restart({.call_limit = Milliseconds{50}});
  set_rule(kNoEdit);
  shop_server_->hang_once();
  const auto id = pay();
  notify();
  const auto kept = deliveries(id);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_FALSE(kept[0].succeeded);
  EXPECT_EQ(kept[0].http_status, 0);
  EXPECT_TRUE(kept[0].response.contains("no answer in time")) << kept[0].response;
  dispatch();
  EXPECT_EQ(subjects_to(kAlerts), std::vector{alert_subject("1")});
  advance_to(today(22, 15));
  dispatch();
  EXPECT_TRUE(deliveries(id).back().succeeded);
}

TEST_F(NotifierTest, ExplainsAShopThatCannotBeReached) {
  auto listener = must(net::Listener::start(env_->loop, "127.0.0.1:0", [](const auto& stream) { stream->close(); }));
  const std::string ends_early = "http://127.0.0.1:" + std::to_string(listener->port());
  auto closed = must(net::Listener::start(env_->loop, "127.0.0.1:0", [](const auto&) {}));
  const std::string refuses = "http://127.0.0.1:" + std::to_string(closed->port());
  closed->stop();
  struct Row {
    std::string url;
    std::string advice;
  };
  const Row rows[] = {{refuses, "refuse la connexion"},
                      {ends_early, "coupée avant une réponse complète"},
                      {"https" + shop_server_->url("/tls").substr(4), "connexion sécurisée"},
                      {"ftp://shop.example/", "n’est pas appelable"}};
  for (const Row& row : rows) {
    set_rule([&](auto& rule) { rule.url_test = row.url; });
    pay();
    notify();
    dispatch();
    const std::string body = last_text_to(kAlerts);
    EXPECT_TRUE(body.contains(row.advice)) << row.url << body;
  }
  listener->stop();
}

TEST_F(NotifierTest, KeepsNoCardNumberOfAnAnswer) {
  set_rule(kNoEdit);
  shop_server_->answer_next(http::Response::text(500, "dump: pan=4970100000000014\xFF"));
  const auto id = pay();
  notify();
  dispatch();
  EXPECT_EQ(deliveries(id).at(0).response, "dump: pan=497010XXXXXX0014\uFFFD");
  EXPECT_FALSE(operations(id, "notification").at(0).detail.contains("4970100000000014"));
  for (const auto& mail : sink_->mails()) EXPECT_FALSE(mail.data.contains("4970100000000014"));
}

TEST_F(NotifierTest, DropsWhatItCannotReadAndKeepsWhatMayPass) {
  set_rule(kNoEdit);
  const auto id = pay();
  platform::OutboxMessage message = *message_;
  message.payload = "nonsense";
  EXPECT_FALSE(sync_wait(notifier_->send_notification(message)).again_at);
  message = *message_;
  message.subject = TransactionId::make(env_->clock, env_->random).hex();
  EXPECT_FALSE(sync_wait(notifier_->send_notification(message)).again_at);
  notifier_.emplace(
      env_->services(), *client_, [](std::string_view) -> const Formatter* { return nullptr; }, *translator_, *mailer_);
  EXPECT_EQ(sync_wait(notifier_->send_notification(*message_)).again_at, env_->clock.now() + Milliseconds{30'000});
  EXPECT_EQ(calls(), 0U);
  EXPECT_TRUE(deliveries(id).empty());
}

}  // namespace
}  // namespace acquit::notifications
