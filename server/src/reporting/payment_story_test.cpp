#include "reporting/payment_story.h"

#include <gtest/gtest.h>

#include "payments/testing/use_case_fixture.h"

namespace acquit::reporting {
namespace {

using payments::testing::must;

class PaymentStoryTest : public payments::testing::UseCaseTest {};
ACQUIT_ON_BOTH_ENGINES(PaymentStoryTest);

TEST_P(PaymentStoryTest, TellsEachTransactionWithWhatWasDoneAndWhatIsToBeTold) {
  const payments::Transaction paid = pay(request()).transaction;
  const notifications::DeliveryStore deliveries;
  env_->write([&](db::Tx& tx) -> base::Result<bool> {
    ACQUIT_CHECK(deliveries.add(tx, {.shop = payments::testing::kShop,
                                     .id = notifications::DeliveryId::make(env_->clock, env_->random),
                                     .transaction = paid.id,
                                     .target = "https://shop.example/ipn",
                                     .succeeded = false,
                                     .http_status = 500,
                                     .response = "no",
                                     .at = env_->clock.now()}));
    return true;
  });
  const PaymentStory story = env_->read([&](db::ReadTx& tx) -> base::Result<PaymentStory> {
    ACQUIT_TRY(auto whole, env_->services().store.find_whole(tx, payments::testing::kShop, paid.payment));
    return story_of(env_->services(), tx, *std::move(whole));
  });
  EXPECT_EQ(story.payment.id, paid.payment);
  ASSERT_EQ(story.transactions.size(), 1U);
  const TransactionStory& one = story.transactions.front();
  EXPECT_EQ(one.transaction.id, paid.id);
  ASSERT_FALSE(one.operations.empty());
  EXPECT_EQ(one.operations.back().after, paid.state);
  ASSERT_EQ(one.deliveries.size(), 1U);
  EXPECT_EQ(one.deliveries.front().target, "https://shop.example/ipn");
  ASSERT_EQ(one.waiting.size(), 1U);
  EXPECT_EQ(one.waiting.front().topic, payments::kTopicNotification);
}

}  // namespace
}  // namespace acquit::reporting
