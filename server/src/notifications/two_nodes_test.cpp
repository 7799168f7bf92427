// What two nodes make of one message at the same moment. On PostgreSQL, the only engine that nodes share.
#include <semaphore>

#include "db/statement.h"
#include "notifications/notifier_fixture.h"

ACQUIT_EMBEDDED(sql_notifications_testing)

namespace acquit::notifications {
namespace {

using db::testing::start;

const db::Statement kHoldDeliveries =
    db::load_statement(embedded::sql_notifications_testing(), "testing.hold_deliveries");
const db::Statement kWaitingForLocks =
    db::load_statement(embedded::sql_notifications_testing(), "testing.waiting_for_locks");

class TwoNodes : public NotifierFixture {
 public:
  TwoNodes() : NotifierFixture(db::Engine::postgresql) {}

 protected:
  void SetUp() override {
    if (!env_) GTEST_SKIP() << "PostgreSQL is not installed here";
    second_database_ = must(db::Database::open(env_->place().options(), env_->loop));
    holding_database_ = must(db::Database::open(env_->place().options(), env_->loop));
    second_clock_.advance(std::chrono::seconds{1});
    second_context_.emplace(payments::Services{.database = *second_database_,
                                               .store = *env_->node().store,
                                               .merchant_store = *env_->node().merchant_store,
                                               .directory = *env_->node().directory,
                                               .vault = *env_->node().vault,
                                               .outbox = *env_->node().outbox,
                                               .acquirers = env_->acquirers,
                                               .clock = second_clock_,
                                               .random = env_->random});
    second_.emplace(
        *second_context_, *client_, [this](std::string_view) -> const Formatter* { return &formatter_; }, *translator_,
        *mailer_, NotifierOptions{});
  }
  /// Nothing is written to `deliveries` from when this returns until opened_ is released.
  std::future<base::Result<std::int64_t>> hold_deliveries() {
    auto held = start(holding_database_->write(db::LaneKey{}, [this](db::Tx& tx) -> base::Result<std::int64_t> {
      ACQUIT_TRY(const std::int64_t rows, tx.change(kHoldDeliveries, {}));
      held_.release();
      opened_.acquire();
      return rows;
    }));
    held_.acquire();
    return held;
  }
  void wait_for_waiting(std::int64_t count) {
    for (std::int64_t waiting = 0; waiting != count;) {
      waiting = must(base::sync_wait(env_->node().database->read([](db::ReadTx& tx) -> base::Result<std::int64_t> {
        ACQUIT_TRY(const db::Rows rows, tx.query(kWaitingForLocks, {}));
        return rows.at(0).integer(0);
      })));
    }
  }

  std::binary_semaphore held_{0};
  std::binary_semaphore opened_{0};
  base::ManualClock second_clock_;
  std::unique_ptr<db::Database> second_database_;
  std::unique_ptr<db::Database> holding_database_;
  std::optional<payments::Services> second_context_;
  std::optional<Notifier> second_;
};

TEST_F(TwoNodes, KeepOneRecordOfAMessageThatBothHandled) {
  set_rule(kNoEdit);
  shop_server_->answer_always(500);
  const auto id = pay();
  auto held = hold_deliveries();
  auto one = start(notifier_->send_notification(*message_));
  auto two = start(second_->send_notification(*message_));
  wait_for_waiting(2);
  opened_.release();
  ASSERT_TRUE(held.get());
  EXPECT_TRUE(one.get().again_at);
  EXPECT_TRUE(two.get().again_at);
  EXPECT_EQ(calls(), 2U) << "neither knew of the other";
  EXPECT_EQ(deliveries(id).size(), 1U);
  EXPECT_EQ(operations(id, "notification").size(), 1U);
  env_->clock.advance(std::chrono::seconds{1});  // Whichever node wrote the mail: it is due by now.
  dispatch();
  EXPECT_EQ(subjects_to(kAlerts).size(), 1U);
}

}  // namespace
}  // namespace acquit::notifications
