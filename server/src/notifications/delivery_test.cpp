#include "notifications/delivery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "db/testing/temporary_database.h"
#include "notifications/delivery_table.h"
#include "platform/partitions/partitions.h"

ACQUIT_EMBEDDED(sql_notifications)

namespace acquit::notifications {
namespace {

using base::sync_wait;

constexpr base::ShopId kShop{69876357};
constexpr db::LaneKey kLane{7};

class DeliveryStoreTest : public ::testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = db::testing::TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "no " << db::testing::engine_name(GetParam()) << " here";
    auto opened = db::Database::open(place_->options(), executor_);
    ASSERT_TRUE(opened) << opened.error().detail;
    database_ = *std::move(opened);
  }
  Delivery sample(std::int64_t second) {
    return {.shop = kShop,
            .id = DeliveryId::make(clock_, random_),
            .transaction = transaction_,
            .rule = merchants::Rule::batch_change,
            .telling = Telling::again,
            .attempt = 2,
            .target = "https://shop.example/?a=1",
            .succeeded = false,
            .http_status = 404,
            .duration = base::Milliseconds{1432},
            .response = "é <br>",
            .at = base::time_from_ms(1'700'000'000'000 + second * 1000)};
  }
  bool add(const Delivery& delivery) {
    const auto added = sync_wait(database_->write(kLane, [&](db::Tx& tx) { return store_.add(tx, delivery); }));
    EXPECT_TRUE(added) << added.error().detail;
    return added.value_or(false);
  }
  std::vector<Delivery> all(base::ShopId shop) {
    return *sync_wait(database_->read([&](db::ReadTx& tx) { return store_.of_transaction(tx, shop, transaction_); }));
  }
  std::optional<Delivery> find(base::ShopId shop, const DeliveryId& id, base::Time now) {
    return *sync_wait(database_->read([&](db::ReadTx& tx) { return store_.find(tx, shop, id, now); }));
  }

  std::vector<FailedCall> failed(const FailedSearch& search) {
    const auto found = sync_wait(database_->read([&](db::ReadTx& tx) { return store_.failed(tx, search); }));
    EXPECT_TRUE(found) << found.error().detail;
    return found.value_or(std::vector<FailedCall>{});
  }
  std::int64_t count_failed(const FailedSearch& search) {
    const auto count = sync_wait(database_->read([&](db::ReadTx& tx) { return store_.count_failed(tx, search); }));
    EXPECT_TRUE(count) << count.error().detail;
    return count.value_or(-1);
  }

  base::InlineExecutor executor_;
  base::ManualClock clock_;
  base::SeededRandom random_{3};
  payments::TransactionId transaction_ = payments::TransactionId::make(clock_, random_);
  std::unique_ptr<db::testing::TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
  DeliveryStore store_;
};

TEST_P(DeliveryStoreTest, KeepsWhatWasAddedInTheOrderOfTime) {
  const Delivery second = sample(2);
  const Delivery first = sample(1);
  ASSERT_TRUE(add(second));
  ASSERT_TRUE(add(first));
  const auto kept = all(kShop);
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept[0].id, first.id);
  EXPECT_EQ(kept[1].rule, merchants::Rule::batch_change);
  EXPECT_EQ(kept[1].telling, Telling::again);
  EXPECT_EQ(kept[1].attempt, 2);
  EXPECT_EQ(kept[1].target, second.target);
  EXPECT_FALSE(kept[1].succeeded);
  EXPECT_EQ(kept[1].http_status, 404);
  EXPECT_EQ(kept[1].duration, second.duration);
  EXPECT_EQ(kept[1].response, second.response);
  EXPECT_EQ(kept[1].at, second.at);
}

TEST_P(DeliveryStoreTest, LeavesTheFirstOfTwoWithTheSameId) {
  const Delivery first = sample(1);
  Delivery again = first;
  again.response = "other";
  again.at += std::chrono::seconds(40);
  EXPECT_TRUE(add(first));
  EXPECT_FALSE(add(again));
  const auto found = find(kShop, first.id, again.at);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->response, first.response);
  EXPECT_EQ(all(kShop).size(), 1U);
}

TEST_P(DeliveryStoreTest, FindsARepetitionWithinAMonthOnly) {
  const Delivery delivery = sample(1);
  ASSERT_TRUE(add(delivery));
  EXPECT_TRUE(find(kShop, delivery.id, delivery.at + kRepeatsWithin));
  EXPECT_FALSE(find(kShop, delivery.id, delivery.at + kRepeatsWithin + base::Milliseconds{1}));
}

TEST_P(DeliveryStoreTest, ShowsNothingToAnotherShop) {
  const Delivery delivery = sample(1);
  ASSERT_TRUE(add(delivery));
  constexpr base::ShopId kOther{11111111};
  EXPECT_TRUE(all(kOther).empty());
  EXPECT_FALSE(find(kOther, delivery.id, delivery.at));
}

// Seconds of calls, and what is found of them within [10, 20).
TEST_P(DeliveryStoreTest, FindsWhatFailedInATimeAndWasNeverTakenLater) {
  const auto at = [](std::int64_t second) { return base::time_from_ms(1'700'000'000'000 + second * 1000); };
  struct Call {
    std::int64_t second;
    bool succeeded;
    merchants::Rule rule = merchants::Rule::end_of_payment;
  };
  const struct {
    const char* what;
    std::vector<Call> calls;
    std::vector<std::int64_t> found;  // The last failure within the time.
  } rows[] = {
      {"taken", {{12, true}}, {}},
      {"failed", {{12, false}}, {12}},
      {"failed twice", {{12, false}, {15, false}}, {15}},
      {"at the first moment and at the last", {{10, false}}, {10}},
      {"after it", {{20, false}}, {}},
      {"before it", {{9, false}}, {}},
      {"taken later", {{12, false}, {15, true}}, {}},
      {"taken much later", {{12, false}, {500, true}}, {}},
      {"taken before it failed", {{11, true}, {12, false}}, {12}},
      {"taken under another rule", {{12, false}, {15, true, merchants::Rule::batch_change}}, {12}},
      {"failed under two rules", {{12, false}, {13, false, merchants::Rule::batch_change}}, {12, 13}},
  };
  for (const auto& row : rows) {
    transaction_ = payments::TransactionId::make(clock_, random_);
    for (const Call& call : row.calls) {
      Delivery delivery = sample(call.second);
      delivery.succeeded = call.succeeded;
      delivery.rule = call.rule;
      ASSERT_TRUE(add(delivery));
    }
    const FailedSearch search{.shop = kShop, .from = at(10), .until = at(20)};
    std::vector<base::Time> wanted;
    for (const std::int64_t second : row.found) wanted.push_back(at(second));
    std::vector<base::Time> found;
    for (const FailedCall& call : failed(search)) {
      if (call.transaction == transaction_) found.push_back(call.at);
    }
    EXPECT_EQ(found, wanted) << row.what;
  }
}

TEST_P(DeliveryStoreTest, CountsWhatFailedOfOneShopOrOfAllBeyondTheLimit) {
  for (int i = 0; i < 3; ++i) {
    transaction_ = payments::TransactionId::make(clock_, random_);
    Delivery delivery = sample(3 - i);
    delivery.shop = i == 0 ? base::ShopId{11111111} : kShop;
    ASSERT_TRUE(add(delivery));
  }
  FailedSearch search{.from = base::time_from_ms(0), .until = base::time_from_ms(1'800'000'000'000), .limit = 2};
  const auto all = failed(search);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_LT(all[0].at, all[1].at) << "what failed first comes first";
  EXPECT_EQ(count_failed(search), 3);
  search.shop = kShop;
  EXPECT_EQ(count_failed(search), 2);
  search.shop = base::ShopId{22222222};
  EXPECT_EQ(count_failed(search), 0);
  EXPECT_TRUE(failed(search).empty());
}

class DeliveryPlan : public DeliveryStoreTest {
 protected:
  std::string plan_of(const std::string& name, db::Params params) {
    const db::Statement statement =
        db::load_statement(embedded::sql_notifications(), "notifications." + name, {kDeliveryTable});
    const auto plan =
        sync_wait(database_->read([&](db::ReadTx& tx) { return db::testing::plan_of(tx, statement, params); }));
    return plan ? *plan : plan.error().detail;
  }
};
INSTANTIATE_TEST_SUITE_P(Postgresql, DeliveryPlan, ::testing::Values(db::Engine::postgresql),
                         [](const auto& info) { return db::testing::engine_name(info.param); });

TEST_P(DeliveryPlan, ReadsIndexesAndOfRepetitionsTheLastMonthsOnly) {
  using ::testing::AllOf;
  using ::testing::HasSubstr;
  using ::testing::Not;
  constexpr base::Time kJanuary{std::chrono::sys_days{std::chrono::year{2026} / 1 / 10}};
  ASSERT_EQ(sync_wait(platform::make_partitions(*database_, kJanuary)), 12);
  place_->execute("analyze");  // Now it is known that the tables are empty, and so fastest read whole.
  const std::int64_t since = base::to_ms(kJanuary + std::chrono::days{60} - kRepeatsWithin);  // From 8 February.
  const auto of_last_months = AllOf(HasSubstr("on deliveries_2026_02"), HasSubstr("on deliveries_default"),
                                    Not(HasSubstr("2026_01")), Not(HasSubstr("Seq Scan")));
  EXPECT_THAT(plan_of("find", {kShop.value(), "d", since}), of_last_months);
  EXPECT_THAT(plan_of("insert", {since, kShop.value(), "d", "t", "r", "s", "url", 1, "u", 1, 200, 5, "", since}),
              of_last_months);
  EXPECT_THAT(
      plan_of("of_transaction", {kShop.value(), "t"}),
      AllOf(HasSubstr("on deliveries_2026_01"), HasSubstr("on deliveries_default"), Not(HasSubstr("Seq Scan"))));
  for (const char* const name : {"failed", "count_failed"}) {
    const std::vector<db::Param> values{since, since + 1, 0, 10};
    const std::size_t count = std::string_view(name) == "failed" ? 4 : 3;
    EXPECT_THAT(plan_of(name, std::span(values).first(count)), Not(HasSubstr("Seq Scan")));
  }
}

TEST(DeliveryId, IsTheSameForTheSameCallOnly) {
  const base::ManualClock clock;
  base::SeededRandom random{5};
  const auto message = platform::OutboxId::make(clock, random);
  const auto other = platform::OutboxId::make(clock, random);
  EXPECT_EQ(delivery_id(message, 1), delivery_id(message, 1));
  EXPECT_NE(delivery_id(message, 1), delivery_id(message, 2));
  EXPECT_NE(delivery_id(message, 1), delivery_id(other, 1));
}

INSTANTIATE_TEST_SUITE_P(Engines, DeliveryStoreTest, ::testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& info) { return db::testing::engine_name(info.param); });

}  // namespace
}  // namespace acquit::notifications
