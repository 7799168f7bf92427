#include "notifications/notifier.h"
#include "notifications/notifier_fixture.h"

namespace acquit::notifications {
namespace {

using base::ErrorCode;
using base::sync_wait;

using NotifierTest = NotifierFixture;

TEST_F(NotifierTest, EndsTheSeriesAfterASuccessByHand) {
  set_rule(kNoEdit);
  shop_server_->answer_next(http::Response::text(500, "broken"));
  const auto id = pay();
  notify();
  const auto called = sync_wait(notifier_->replay_notification(kShopId, id, "alice"));
  ASSERT_TRUE(called) << called.error().detail;
  EXPECT_TRUE(called->succeeded);
  EXPECT_EQ(called->source, "BO");
  EXPECT_EQ(shop_server_->requests().back().body, "trans_id=067925&source=BO");
  EXPECT_EQ(operations(id, "notification").back().actor, "alice");
  advance_to(today(23, 30));
  dispatch();
  EXPECT_EQ(calls(), 2U);
  EXPECT_EQ(deliveries(id).size(), 2U);
}

TEST_F(NotifierTest, LeavesWhatWaitsUnderOtherRulesAfterASuccessByHand) {
  set_rule(kNoEdit);
  write_rule(rule_of(Rule::back_office_operation, true));
  const auto id = pay();
  const auto other = pay();
  shop_server_->answer_always(500);
  happen(id, payments::kBackOffice);
  dispatch();
  const std::size_t before = calls();
  shop_server_->answer_always(200);
  ASSERT_TRUE(sync_wait(notifier_->replay_notification(kShopId, id, "alice")));
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

TEST_F(NotifierTest, CallsTheRulesUrlByHandWhateverTheFormAskedFor) {
  set_rule(kNoEdit);
  const auto id = pay(Mode::production, shop_server_->url("/own"));
  notify();
  EXPECT_EQ(shop_server_->requests().back().path, "/own");
  const auto called = sync_wait(notifier_->replay_notification(kShopId, id, "alice"));
  ASSERT_TRUE(called) << called.error().detail;
  EXPECT_EQ(shop_server_->requests().back().path, "/production");
  EXPECT_EQ(called->target, shop_server_->url("/production"));
  set_rule([](auto& rule) { rule.url_production.clear(); });
  const auto nowhere = sync_wait(notifier_->replay_notification(kShopId, id, "alice"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::wrong_state);
  EXPECT_TRUE(nowhere.error().detail.contains("no URL for mode PRODUCTION")) << nowhere.error().detail;
}

TEST_F(NotifierTest, LeavesTheSeriesAloneAfterAFailureByHand) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  const auto id = pay();
  notify();
  const auto called = sync_wait(notifier_->replay_notification(kShopId, id, "alice"));
  ASSERT_TRUE(called);
  EXPECT_FALSE(called->succeeded);
  dispatch();
  EXPECT_EQ(subjects_to(kAlerts), std::vector{alert_subject("1")}) << "who calls by hand sees the result";
  advance_to(today(22, 15));
  dispatch();
  EXPECT_EQ(calls(), 3U);
  EXPECT_EQ(subjects_to(kAlerts).back(), alert_subject("2"));
}

TEST_F(NotifierTest, RefusesACallByHandThatCannotBeMade) {
  set_rule([](auto& rule) { rule.enabled = false; });
  const auto id = pay();
  const auto code = [&](base::ShopId shop, const TransactionId& transaction) {
    const auto called = sync_wait(notifier_->replay_notification(shop, transaction, "alice"));
    return called ? ErrorCode::internal : called.error().code;
  };
  EXPECT_EQ(code(kShopId, id), ErrorCode::wrong_state);
  EXPECT_EQ(code(kShopId, TransactionId::make(clock_, random_)), ErrorCode::not_found);
  EXPECT_EQ(code(base::ShopId(12345678), id), ErrorCode::not_found);
}

}  // namespace
}  // namespace acquit::notifications
