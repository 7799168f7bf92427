#include "notifications/mail_queue.h"
#include "notifications/notifier_fixture.h"
#include "platform/request_traces/request_traces.h"

namespace acquit::notifications {
namespace {

using base::Milliseconds;
using base::sync_wait;

using NotifierMailsTest = NotifierFixture;

TEST_F(NotifierMailsTest, SendsATicketToTheBuyerAndAMailToEachMerchantAddress) {
  set_rule(kNoEdit);
  const auto id = pay();
  dispatch();
  ASSERT_EQ(subjects_to("jeanne@example.com").size(), 1U);
  EXPECT_TRUE(subjects_to("jeanne@example.com")[0].starts_with("[MODE TEST] Votre paiement de 51,24"));
  EXPECT_EQ(subjects_to("compta@shop.example").size(), 1U);
  EXPECT_EQ(subjects_to("patron@shop.example").size(), 1U);
  for (const auto& mail : sink_->mails()) {
    if (mail.to.at(0) == "jeanne@example.com") EXPECT_EQ(mail.header("Reply-To"), "contact@shop.example");
  }
  EXPECT_EQ(operations(id, "mail_buyer").at(0).detail, "to: jeanne@example.com");
  EXPECT_EQ(operations(id, "mail_merchant").at(0).detail, "to: compta@shop.example;patron@shop.example");
  EXPECT_EQ(operations(id, "mail_merchant").at(0).actor, base::Actor::job());
}

TEST_F(NotifierMailsTest, QueuesAMailOnceThoughItDiesBeforeItsVerdict) {
  set_rule(kNoEdit);
  const auto id = pay();
  const auto tickets = waiting(id, payments::kTopicBuyerTicket);
  ASSERT_EQ(tickets.size(), 1U);
  sync_wait(notifier_->send_buyer_ticket(tickets[0]));  // The verdict is never written.
  env_->clock.advance(Milliseconds{61'000});
  dispatch();
  EXPECT_EQ(subjects_to("jeanne@example.com").size(), 1U);
}

TEST_F(NotifierMailsTest, EndsItsOwnMessageAndNoOtherOneAboutTheSameTransaction) {
  set_rule(kNoEdit);
  const auto id = pay();
  change([&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_CHECK(env_->node().outbox->add(tx, kShopId, payments::kTopicMerchantMail, id.hex(), {}, env_->clock.now()));
    return {};
  });
  const auto mails = waiting(id, payments::kTopicMerchantMail);
  ASSERT_EQ(mails.size(), 2U);
  sync_wait(notifier_->send_merchant_mail(mails[0]));
  const auto left = waiting(id, payments::kTopicMerchantMail);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].id, mails[1].id);
}

TEST_F(NotifierMailsTest, SendsAMailAgainUntilTheServerTakesIt) {
  change([&](db::Tx& tx) {
    return queue_mail(env_->services(), tx, kShopId,
                      {.to = {"a@shop.example", "b@shop.example"}, .subject = "S", .text = "T"});
  });
  sink_->refuse(4);  // Both mails twice.
  dispatch();
  EXPECT_TRUE(sink_->mails().empty());
  env_->clock.advance(Milliseconds{60'000});
  dispatch();
  env_->clock.advance(Milliseconds{119'999});
  dispatch();
  EXPECT_TRUE(sink_->mails().empty());
  env_->clock.advance(Milliseconds{1});
  dispatch();
  EXPECT_EQ(sink_->mails().size(), 2U);
  env_->clock.advance(Milliseconds{24 * 3'600'000});
  dispatch();
  EXPECT_EQ(sink_->mails().size(), 2U);
}

TEST_F(NotifierMailsTest, GivesAMailUpAfterThreeDays) {
  change([&](db::Tx& tx) {
    return queue_mail(env_->services(), tx, kShopId, {.to = {"a@shop.example"}, .subject = "S"});
  });
  sink_->refuse(1'000'000);
  for (int hour = 0; hour < 80; ++hour) {
    dispatch();
    env_->clock.advance(Milliseconds{3'600'000});
  }
  sink_->refuse(0);
  dispatch();
  EXPECT_TRUE(sink_->mails().empty());
}

TEST_F(NotifierMailsTest, TellsTheShopsContactOfAWrongForm) {
  const auto config = must(sync_wait(env_->node().directory->find(kShopId)));
  change([&](db::Tx& tx) {
    return notifier_->queue_form_error_mail(
        tx, config->shop,
        {.code = "09",
         .field = "vads_amount",
         .rule = {.key = "rule.one_of", .arguments = {{"values", "4970100000000014"}}}});
  });
  dispatch();
  EXPECT_EQ(subjects_to("contact@shop.example"),
            std::vector<std::string>{"Boutique d’Été - Formulaire de paiement refusé en production (erreur 09)"});
  EXPECT_TRUE(last_text_to("contact@shop.example").contains("497010XXXXXX0014"));
  EXPECT_FALSE(sink_->mails().at(0).data.contains("4970100000000014"));
}

TEST_F(NotifierMailsTest, TellsOfManyWrongFormsInOneMailAnHourLater) {
  const auto config = must(sync_wait(env_->node().directory->find(kShopId)));
  const auto refuse = [&](const std::string& field, bool is_signed) {
    change([&](db::Tx& tx) -> base::Result<void> {
      const platform::RequestTrace trace{.shop = kShopId,
                                         .protocol = "vads",
                                         .code = "09",
                                         .field = field,
                                         .detail = {},
                                         .at = env_->clock.now(),
                                         .mode = "PRODUCTION",
                                         .is_signed = is_signed};
      ACQUIT_CHECK(platform::add_trace(tx, trace, env_->clock, env_->random));
      if (!is_signed) return {};
      return notifier_->queue_form_error_mail(tx, config->shop, {.code = "09", .field = field, .rule = {}});
    });
  };
  const auto mails = [&] {
    dispatch();
    return subjects_to("contact@shop.example");
  };
  refuse("vads_amount", true);
  EXPECT_EQ(mails().size(), 1U) << "the first is told at once";
  env_->clock.advance(std::chrono::minutes(1));
  for (int i = 0; i < 3; ++i) refuse("vads_amount", true);
  refuse("vads_currency", true);
  refuse("signature", false);
  EXPECT_EQ(mails().size(), 1U);
  env_->clock.advance(std::chrono::hours(1));
  ASSERT_EQ(mails().size(), 2U);
  EXPECT_EQ(mails()[1], "Boutique d’Été - Formulaires de paiement refusés en production : 4");
  const std::string text = last_text_to("contact@shop.example");
  EXPECT_TRUE(text.contains("09, vads_amount\u202F: 3")) << text;
  EXPECT_TRUE(text.contains("09, vads_currency\u202F: 1")) << text;
  EXPECT_FALSE(text.contains("signature\u202F: ")) << text;
  refuse("vads_amount", true);
  EXPECT_EQ(mails().size(), 2U) << "the next ones wait for an hour again";
  env_->clock.advance(std::chrono::hours(3));
  EXPECT_EQ(mails().size(), 3U);
  env_->clock.advance(std::chrono::hours(3));
  refuse("vads_amount", true);
  EXPECT_EQ(mails().size(), 4U) << "after a quiet time the first is told at once";
}

}  // namespace
}  // namespace acquit::notifications
