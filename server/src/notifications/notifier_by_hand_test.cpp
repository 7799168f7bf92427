#include "notifications/notifier.h"
#include "notifications/notifier_fixture.h"

namespace acquit::notifications {
namespace {

using base::ErrorCode;
using base::sync_wait;

class NotifierByHand : public NotifierFixture {
 protected:
  base::Result<Delivery> by_hand(const TransactionId& id, Rule rule = Rule::end_of_payment) {
    auto called = sync_wait(notifier_->replay_notification(
        {.shop = kShopId, .transaction = id, .actor = base::Actor::user("alice"), .rule = rule}));
    if (!called) return std::unexpected(std::move(called).error());
    EXPECT_FALSE(called->unnoted);
    return std::move(called->delivery);
  }
};

TEST_F(NotifierByHand, EndsTheSeriesAfterASuccessByHand) {
  set_rule(kNoEdit);
  shop_server_->answer_next(http::Response::text(500, "broken"));
  const auto id = pay();
  notify();
  const auto called = by_hand(id);
  ASSERT_TRUE(called) << called.error().detail;
  EXPECT_TRUE(called->succeeded);
  EXPECT_EQ(called->telling, Telling::by_hand);
  EXPECT_EQ(shop_server_->requests().back().body, "number=067925&rule=end_of_payment&telling=by_hand");
  EXPECT_EQ(operations(id, "notification").back().actor, base::Actor::user("alice"));
  advance_to(today(23, 30));
  dispatch();
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(deliveries(id).size(), 2U);
}

TEST_F(NotifierByHand, LeavesWhatWaitsUnderOtherRulesAfterASuccessByHand) {
  set_rule(kNoEdit);
  write_rule(rule_of(Rule::back_office_operation, true));
  const auto id = pay();
  const auto other = pay();
  shop_server_->answer_always(500);
  happen(id, merchants::Rule::back_office_operation);
  dispatch();
  const std::size_t before = calls();
  shop_server_->answer_always(200);
  ASSERT_TRUE(by_hand(id));
  const auto left = waiting(id, payments::kTopicNotification);
  ASSERT_EQ(left.size(), 1U) << "the end of payment is told; the operation is not";
  EXPECT_TRUE(left[0].payload.starts_with("rule=back_office_operation&")) << left[0].payload;
  EXPECT_EQ(waiting(other, payments::kTopicNotification).size(), 1U) << "of another payment";
  advance_to(today(22, 15));
  dispatch();
  EXPECT_EQ(calls(), before + 3) << "by hand, the operation again, the other payment";
  EXPECT_EQ(deliveries(id).back().rule, Rule::back_office_operation);
  EXPECT_TRUE(deliveries(id).back().succeeded);
}

TEST_F(NotifierByHand, CallsTheRulesUrlByHandWhateverTheFormAskedFor) {
  set_rule(kNoEdit);
  const auto id = pay(Mode::production, shop_server_->url("/own"));
  notify();
  EXPECT_EQ(shop_server_->requests().back().path, "/own");
  const auto called = by_hand(id);
  ASSERT_TRUE(called) << called.error().detail;
  EXPECT_EQ(shop_server_->requests().back().path, "/production");
  EXPECT_EQ(called->target, shop_server_->url("/production"));
  set_rule([](auto& rule) { rule.url_production.clear(); });
  const auto nowhere = by_hand(id);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::wrong_state);
  EXPECT_TRUE(nowhere.error().detail.contains("no URL for mode PRODUCTION")) << nowhere.error().detail;
}

TEST_F(NotifierByHand, LeavesTheSeriesAloneAfterAFailureByHand) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  const auto id = pay();
  notify();
  const auto called = by_hand(id);
  ASSERT_TRUE(called);
  EXPECT_FALSE(called->succeeded);
  dispatch();
  EXPECT_EQ(subjects_to(kAlerts), std::vector{alert_subject("1")}) << "who calls by hand sees the result";
  advance_to(today(22, 15));
  dispatch();
  EXPECT_EQ(calls(), 3U);
  EXPECT_EQ(subjects_to(kAlerts).back(), alert_subject("2"));
}

TEST_F(NotifierByHand, RefusesACallByHandThatCannotBeMade) {
  set_rule([](auto& rule) { rule.enabled = false; });
  const auto id = pay();
  const auto code = [&](base::ShopId shop, const TransactionId& transaction) {
    const auto called = sync_wait(notifier_->replay_notification(
        {.shop = shop, .transaction = transaction, .actor = base::Actor::user("alice")}));
    return called ? ErrorCode::internal : called.error().code;
  };
  EXPECT_EQ(code(kShopId, id), ErrorCode::wrong_state);
  EXPECT_EQ(code(kShopId, TransactionId::make(env_->clock, env_->random)), ErrorCode::not_found);
  EXPECT_EQ(code(base::ShopId(12345678), id), ErrorCode::not_found);
}

TEST_F(NotifierByHand, SaysOfACallByHandThatItWasMadeWhereTheNoteFails) {
  set_rule(kNoEdit);
  const auto id = pay();
  sql("create trigger full before insert on deliveries begin select raise(abort, 'no room'); end");
  const auto called = sync_wait(
      notifier_->replay_notification({.shop = kShopId, .transaction = id, .actor = base::Actor::user("alice")}));
  ASSERT_TRUE(called) << "the shop took it, so it is no failure: " << called.error().detail;
  EXPECT_TRUE(called->delivery.succeeded);
  ASSERT_TRUE(called->unnoted);
  EXPECT_TRUE(called->unnoted->detail.contains("no room")) << called->unnoted->detail;
  EXPECT_EQ(calls(), 1U);
  EXPECT_TRUE(deliveries(id).empty());
  EXPECT_EQ(waiting(id, payments::kTopicNotification).size(), 1U) << "the series is not ended by what nobody noted";
}

TEST_F(NotifierByHand, CallsTheUrlOfAnotherRuleByHand) {
  set_rule(kNoEdit);
  write_rule(rule_of(Rule::back_office_operation, true));
  const auto id = pay();
  const auto called = by_hand(id, Rule::back_office_operation);
  ASSERT_TRUE(called) << called.error().detail;
  EXPECT_EQ(shop_server_->requests().back().path, "/test/back_office_operation");
  EXPECT_EQ(called->rule, Rule::back_office_operation);
  EXPECT_EQ(called->telling, Telling::by_hand);
  const auto off = by_hand(id, Rule::batch_change);
  ASSERT_FALSE(off);
  EXPECT_TRUE(off.error().detail.contains("rule batch_change is not enabled")) << off.error().detail;
}

}  // namespace
}  // namespace acquit::notifications
