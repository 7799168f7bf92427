// What is noted of a call: never a password, that a redirect is doubtful, and later what the database did not take.
#include "notifications/notifier_fixture.h"

namespace acquit::notifications {
namespace {

using NotifierNotes = NotifierFixture;

TEST_F(NotifierNotes, ShowsNoPasswordOfAUrlInHistoryNorMail) {
  const auto with_password = [](const std::string& url) { return "http://shop:geheim@" + url.substr(7); };
  set_rule([&](auto& rule) { rule.url_test = with_password(rule.url_test); });
  shop_server_->answer_always(500);
  const auto id = pay();
  notify();
  ASSERT_EQ(calls(), 1U);
  EXPECT_EQ(shop_server_->requests()[0].header("authorization"), "Basic c2hvcDpnZWhlaW0=");
  const auto kept = deliveries(id);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept[0].target.starts_with("http://shop:***@127.0.0.1:")) << kept[0].target;
  EXPECT_FALSE(operations(id, "notification").at(0).detail.contains("geheim"));
  dispatch();
  const std::string mail = last_text_to(kAlerts);
  EXPECT_TRUE(mail.contains("http://shop:***@127.0.0.1:")) << mail;
  EXPECT_FALSE(mail.contains("geheim")) << mail;
}

TEST_F(NotifierNotes, MarksARedirectAsDoubtfulAndWarnsOfItOnceADay) {
  set_rule(kNoEdit);
  const auto redirected = [&](Mode mode) {
    shop_server_->answer_next(
        http::Response::text(301, "Moved").with_header("location", "https://www.shop.example/ipn"));
    const auto id = pay(mode);
    notify();
    dispatch();
    return id;
  };
  const auto id = redirected(Mode::test);
  const auto kept = deliveries(id);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(kept[0].succeeded);
  EXPECT_TRUE(kept[0].is_doubtful());
  const std::string history = operations(id, "notification").at(0).detail;
  EXPECT_TRUE(history.starts_with("SENT, doubtful, ")) << history;
  EXPECT_TRUE(history.contains("http=301, location=https://www.shop.example/ipn, response=Moved")) << history;
  EXPECT_TRUE(waiting(id, payments::kTopicNotification).empty()) << "it counts as taken";
  ASSERT_EQ(subjects_to(kAlerts).size(), 1U);
  EXPECT_TRUE(last_text_to(kAlerts).contains("https://www.shop.example/ipn")) << last_text_to(kAlerts);

  redirected(Mode::test);
  EXPECT_EQ(subjects_to(kAlerts).size(), 1U) << "once a day";
  redirected(Mode::production);
  EXPECT_EQ(subjects_to(kAlerts).size(), 2U) << "another URL";
  env_->clock.advance(std::chrono::hours(24));
  redirected(Mode::test);
  EXPECT_EQ(subjects_to(kAlerts).size(), 3U);
}

// The database fails between the shop's answer and the note of it.
TEST_F(NotifierNotes, NotesLaterWhatTheDatabaseDidNotTakeAndDoesNotCallAgain) {
  set_rule(kNoEdit);
  for (const int status : {200, 500}) {
    shop_server_->answer_always(status);
    const std::size_t before = calls();
    const auto id = pay();
    sql("create trigger busy before insert on deliveries begin select raise(abort, 'busy'); end");
    notify();
    EXPECT_EQ(calls(), before + 1);
    EXPECT_TRUE(deliveries(id).empty());
    sql("drop trigger busy");
    env_->clock.advance(std::chrono::seconds(30));
    dispatch();
    EXPECT_EQ(calls(), before + 1) << "it was called already";
    const auto kept = deliveries(id);
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].http_status, status);
    EXPECT_EQ(kept[0].at, env_->clock.now() - std::chrono::seconds(30));
    EXPECT_EQ(operations(id, "notification").size(), 1U);
    EXPECT_EQ(waiting(id, payments::kTopicNotification).size(), status == 200 ? 0U : 1U) << "a failure is repeated";
  }
}

}  // namespace
}  // namespace acquit::notifications
