#include "platform/outbox/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <semaphore>
#include <thread>

#include "base/manual_clock.h"
#include "base/testing/eventually.h"
#include "db/statement.h"
#include "db/testing/temporary_database.h"
#include "platform/outbox/message_table.h"

ACQUIT_EMBEDDED(sql_outbox)

namespace acquit::platform {
namespace {

using base::testing::eventually;
using db::testing::TemporaryDatabase;
using std::chrono::seconds;

constexpr base::ShopId kShop{69876357};

// Two servers' outboxes on one database; their handlers note what they get and answer as told.
class OutboxTest : public testing::TestWithParam<db::Engine> {
 protected:
  void SetUp() override {
    place_ = TemporaryDatabase::make_migrated(GetParam());
    if (!place_) GTEST_SKIP() << "PostgreSQL is not installed here";
    database_ = db::Database::open(place_->options(), executor_).value();
    other_database_ = db::Database::open(place_->options(), executor_).value();
    here_.emplace(*database_, executor_, clock_, random_);
    there_.emplace(*other_database_, executor_, clock_, random_);
    for (Outbox* const outbox : {&*here_, &*there_}) {
      outbox->handle("mail", [this](const OutboxMessage& message) { return note(message); });
    }
  }
  void TearDown() override {
    if (!place_) return;
    for (const auto& held : hanging_) held.set(true);
    EXPECT_TRUE(eventually([&] { return here_->in_flight() == 0; })) << "a handler never ends";
  }
  base::Task<OutboxVerdict> note(OutboxMessage message) {
    const std::lock_guard lock(mutex_);
    seen_.push_back(std::move(message));
    co_return verdict_;
  }
  // Until the test ends: as good as dead.
  base::Task<OutboxVerdict> hang() {
    const base::Completion<bool> held(executor_);
    {
      const std::lock_guard lock(mutex_);
      hanging_.push_back(held);
    }
    co_await held;
    co_return OutboxVerdict{};
  }
  template <class F>
  auto write(F work) {
    return base::sync_wait(database_->write(db::LaneKey{}, work)).value();
  }
  void sql(const std::string& text) {
    const db::Statement statement{.name = "test " + text, .sqlite = text, .postgresql = text};
    ASSERT_TRUE(base::sync_wait(database_->write(db::LaneKey{}, [&](db::Tx& tx) { return tx.run(statement, {}); })));
  }
  OutboxMessage add(std::string subject, base::Time due_at, std::string_view topic = "mail") {
    return write([&](db::Tx& tx) { return here_->add(tx, kShop, topic, subject, "payload of " + subject, due_at); });
  }
  int dispatch(Outbox& outbox) {
    const int claimed = base::sync_wait(outbox.dispatch_due()).value();
    EXPECT_TRUE(eventually([&] { return outbox.in_flight() == 0; })) << "a handler never ends";
    return claimed;
  }
  std::vector<OutboxMessage> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  base::Task<OutboxVerdict> save_and_hang(OutboxMessage message) {
    EXPECT_TRUE(co_await here_->save_payload(message, "half done"));
    saved_.release();
    co_return co_await hang();
  }

  base::InlineExecutor executor_;
  base::ManualClock clock_;
  base::SeededRandom random_{5};
  std::unique_ptr<TemporaryDatabase> place_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<db::Database> other_database_;
  std::optional<Outbox> here_;
  std::optional<Outbox> there_;
  std::mutex mutex_;
  std::vector<OutboxMessage> seen_;
  OutboxVerdict verdict_;
  std::vector<base::Completion<bool>> hanging_;
  std::binary_semaphore saved_{0};
};
INSTANTIATE_TEST_SUITE_P(BothEngines, OutboxTest, testing::Values(db::Engine::sqlite, db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(OutboxTest, HandsOverWhatIsDueOnce) {
  const OutboxMessage added = add("a", clock_.now());
  add("later", clock_.now() + seconds(10));
  EXPECT_EQ(dispatch(*here_), 1);
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].id, added.id);
  EXPECT_EQ(seen()[0].shop, kShop);
  EXPECT_EQ(seen()[0].topic, "mail");
  EXPECT_EQ(seen()[0].subject, "a");
  EXPECT_EQ(seen()[0].payload, "payload of a");
  EXPECT_EQ(seen()[0].attempts, 1);
  EXPECT_EQ(dispatch(*here_), 0);
  clock_.advance(seconds(10));
  EXPECT_EQ(dispatch(*here_), 1);
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(dispatch(*here_), 0) << "done is gone";
}

TEST_P(OutboxTest, IsEmptyAgainWhereTheWriteThatAddedFailed) {
  const auto failed = base::sync_wait(database_->write(db::LaneKey{}, [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_CHECK(here_->add(tx, kShop, "mail", "a", {}, clock_.now()));
    return base::fail(base::ErrorCode::wrong_state);
  }));
  EXPECT_FALSE(failed);
  EXPECT_EQ(dispatch(*here_), 0);
}

TEST_P(OutboxTest, TriesAgainWhenTheHandlerSaysSoWithThePayloadItGave) {
  add("a", clock_.now());
  verdict_ = {.again_at = clock_.now() + seconds(5), .payload = "second"};
  dispatch(*here_);
  EXPECT_EQ(dispatch(*here_), 0);
  clock_.advance(seconds(5));
  verdict_ = {.again_at = clock_.now() + seconds(5), .payload = std::nullopt};
  dispatch(*here_);
  clock_.advance(seconds(5));
  dispatch(*here_);
  const auto all = seen();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].payload, "second");
  EXPECT_EQ(all[2].payload, "second") << "kept where none is given";
  EXPECT_EQ(all[2].attempts, 3);
}

TEST_P(OutboxTest, IsTakenOverWhenTheLeaseOfACrashedServerEnds) {
  add("a", clock_.now());
  // Claims, and dies before the handler ends.
  here_->handle("mail", [this](const OutboxMessage&) { return hang(); });
  EXPECT_EQ(base::sync_wait(here_->dispatch_due()).value(), 1);
  EXPECT_EQ(dispatch(*there_), 0) << "leased";
  clock_.advance(seconds(60) - base::Milliseconds(1));
  EXPECT_EQ(dispatch(*there_), 0);
  clock_.advance(base::Milliseconds(1));
  EXPECT_EQ(dispatch(*there_), 1);
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].attempts, 2);
}

TEST_P(OutboxTest, RemembersWhatAHandlerSavedBeforeACrash) {
  add("a", clock_.now());
  here_->handle("mail", [this](const OutboxMessage& message) { return save_and_hang(message); });
  EXPECT_EQ(base::sync_wait(here_->dispatch_due()).value(), 1);
  saved_.acquire();
  clock_.advance(seconds(60));
  dispatch(*there_);
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].payload, "half done");
}

TEST_P(OutboxTest, WritesAVerdictLaterThatTheDatabaseDidNotTakeAndCallsNoHandlerAgain) {
  add("a", clock_.now());
  if (GetParam() == db::Engine::postgresql) {
    sql("create function busy() returns trigger language plpgsql as 'begin raise exception ''busy''; end'");
    sql("create trigger busy before delete on outbox for each statement execute function busy()");
  } else {
    sql("create trigger busy before delete on outbox begin select raise(abort, 'busy'); end");
  }
  EXPECT_EQ(dispatch(*here_), 1);
  EXPECT_EQ(seen().size(), 1U);
  sql(GetParam() == db::Engine::postgresql ? "drop trigger busy on outbox" : "drop trigger busy");
  clock_.advance(seconds(60));
  EXPECT_EQ(dispatch(*here_), 1);
  EXPECT_EQ(seen().size(), 1U) << "handled once";
  clock_.advance(seconds(60));
  EXPECT_EQ(dispatch(*here_), 0) << "done is gone";
}

// The first server's verdict could not be written; meanwhile another had the message, and knows more.
TEST_P(OutboxTest, ForgetsAVerdictThatAnotherServersWasLaterThan) {
  add("a", clock_.now());
  if (GetParam() == db::Engine::postgresql) {
    sql("create function busy() returns trigger language plpgsql as "
        "'begin if new.payload = ''older'' then raise exception ''busy''; end if; return new; end'");
    sql("create trigger busy before update on outbox for each row execute function busy()");
  } else {
    sql("create trigger busy before update on outbox when new.payload = 'older' begin select raise(abort, 'busy'); "
        "end");
  }
  verdict_ = {.again_at = clock_.now(), .payload = "older"};
  EXPECT_EQ(dispatch(*here_), 1);
  clock_.advance(seconds(60));
  verdict_ = {.again_at = clock_.now(), .payload = "newer"};
  EXPECT_EQ(dispatch(*there_), 1);
  verdict_ = {};
  EXPECT_EQ(dispatch(*here_), 1);
  ASSERT_EQ(seen().size(), 3U) << "asked again, not answered with what was kept";
  EXPECT_EQ(seen()[2].payload, "newer");
}

TEST_P(OutboxTest, BearsAMessageThatIsProcessedTwice) {
  const OutboxMessage message = add("a", clock_.now());
  base::sync_wait(here_->process(message));
  base::sync_wait(there_->process(message));
  EXPECT_EQ(seen().size(), 2U);
  EXPECT_EQ(dispatch(*here_), 0);
}

TEST_P(OutboxTest, LeavesALeasedMessageToItsCallerForAWhile) {
  const auto leased = write([&](db::Tx& tx) { return here_->add_leased(tx, kShop, "mail", "a", "p"); });
  EXPECT_EQ(leased.attempts, 1);
  EXPECT_EQ(dispatch(*there_), 0);
  base::sync_wait(here_->process(leased));
  clock_.advance(seconds(61));
  EXPECT_EQ(dispatch(*there_), 0) << "the caller did it";
  write([&](db::Tx& tx) { return here_->add_leased(tx, kShop, "mail", "b", "p"); });
  clock_.advance(seconds(61));
  EXPECT_EQ(dispatch(*there_), 1) << "the caller never came";
}

TEST_P(OutboxTest, KeepsAMessageThatThisServerHasNoHandlerFor) {
  add("a", clock_.now(), "unheard");
  EXPECT_EQ(dispatch(*here_), 0);
  there_->handle("unheard", [this](const OutboxMessage& message) { return note(message); });
  EXPECT_EQ(dispatch(*there_), 1);
  EXPECT_EQ(seen().size(), 1U);
}

TEST_P(OutboxTest, LetsNoTopicWaitForAnother) {
  here_->handle("slow", [this](const OutboxMessage&) { return hang(); }, 4);
  for (int i = 0; i < 10; ++i) add("slow " + std::to_string(i), clock_.now() - seconds(1), "slow");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(base::sync_wait(here_->dispatch_due()).value(), i < 1 ? 1 : 0) << i;
  add("a", clock_.now());
  EXPECT_EQ(base::sync_wait(here_->dispatch_due()).value(), 1);
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].subject, "a");
}

TEST_P(OutboxTest, LeavesRoomForOtherShopsBesideOneThatHangs) {
  here_->handle(
      "slow", [this](const OutboxMessage& message) { return message.shop == kShop ? hang() : note(message); }, 8);
  for (int i = 0; i < 50; ++i) add("slow " + std::to_string(i), clock_.now() - seconds(1), "slow");
  write([&](db::Tx& tx) { return here_->add(tx, base::ShopId(7), "slow", "other", {}, clock_.now()); });
  for (int i = 0; i < 10; ++i) base::sync_wait(here_->dispatch_due()).value();
  ASSERT_EQ(seen().size(), 1U);
  EXPECT_EQ(seen()[0].subject, "other");
  // The other one's outcome is still being written.
  EXPECT_TRUE(eventually([&] { return here_->in_flight() <= 2; }));
  EXPECT_EQ(here_->in_flight(), 2) << "a quarter of eight";
}

TEST_P(OutboxTest, TakesBackWhatWasNotSent) {
  add("a", clock_.now());
  add("a", clock_.now());
  add("b", clock_.now());
  const auto waiting = write([&](db::Tx& tx) { return here_->waiting(tx, kShop, "mail", "a"); });
  ASSERT_EQ(waiting.size(), 2U);
  write([&](db::Tx& tx) { return here_->remove(tx, waiting[0]); });
  EXPECT_EQ(dispatch(*here_), 2) << "others about the same subject stay";
  EXPECT_NE(seen().at(0).id, waiting[0].id);
  EXPECT_NE(seen().at(1).id, waiting[0].id);
}

TEST_P(OutboxTest, TouchesTheMessagesOfItsShopOnlyWhateverTheirIds) {
  const OutboxMessage mine = add("a", clock_.now());
  constexpr base::ShopId kOther{7};
  sql(R"(
insert into outbox (shop_id, outbox_id, topic, subject_id, payload, attempts, due_at, created_at)
select 7, outbox_id, topic, subject_id, payload, attempts, due_at, created_at from outbox)");
  EXPECT_TRUE(base::sync_wait(here_->save_payload(mine, "changed")));
  const auto waiting = [&](base::ShopId shop) {
    return write([&](db::Tx& tx) { return here_->waiting(tx, shop, "mail", "a"); });
  };
  EXPECT_EQ(waiting(kShop).at(0).payload, "changed");
  EXPECT_EQ(waiting(kOther).at(0).payload, "payload of a");
  write([&](db::Tx& tx) { return here_->remove(tx, mine); });
  EXPECT_EQ(waiting(kShop).size(), 0U);
  ASSERT_EQ(waiting(kOther).size(), 1U);
  EXPECT_EQ(waiting(kOther)[0].id, mine.id);
  EXPECT_EQ(dispatch(*here_), 1);
}

TEST_P(OutboxTest, ShowsWhatWaitsAboutASubjectOfAShop) {
  add("a", clock_.now());
  add("a", clock_.now() + seconds(60), "other");
  const auto subjects = [&](base::ShopId shop, std::string_view topic, std::string_view subject) {
    return write([&](db::Tx& tx) { return here_->waiting(tx, shop, topic, subject); }).size();
  };
  EXPECT_EQ(subjects(kShop, "mail", "a"), 1U);
  EXPECT_EQ(subjects(kShop, "other", "a"), 1U);
  EXPECT_EQ(subjects(kShop, "mail", "b"), 0U);
  EXPECT_EQ(subjects(base::ShopId(1), "mail", "a"), 0U);
}

TEST_P(OutboxTest, GivesEachMessageToOneOfTwoServers) {
  constexpr int kMessages = 200;
  for (int i = 0; i < kMessages; ++i) add(std::to_string(i), clock_.now());
  {
    const auto work = [this](Outbox& outbox) {
      while (dispatch(outbox) > 0) {
      }
    };
    const std::jthread one([&] { work(*here_); });
    const std::jthread two([&] { work(*there_); });
  }
  EXPECT_EQ(dispatch(*here_), 0);
  std::map<std::string, int> times;
  for (const OutboxMessage& message : seen()) ++times[message.subject];
  EXPECT_EQ(times.size(), static_cast<std::size_t>(kMessages));
  for (const auto& [subject, count] : times) EXPECT_EQ(count, 1) << subject;
}

class SpreadOutboxTest : public OutboxTest {
 protected:
  void SetUp() override {
    OutboxTest::SetUp();
    if (!place_) return;
    db::Options options = place_->options();
    options.spread_by_shop = true;
    spread_database_ = db::Database::open(options, executor_).value();
    spread_.emplace(*spread_database_, executor_, clock_, random_);
    spread_->handle("mail", [this](const OutboxMessage& message) { return note(message); }, 8);
  }
  void TearDown() override {
    OutboxTest::TearDown();
    spread_.reset();
  }
  std::unique_ptr<db::Database> spread_database_;
  std::optional<Outbox> spread_;
};
INSTANTIATE_TEST_SUITE_P(Postgresql, SpreadOutboxTest, testing::Values(db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

TEST_P(SpreadOutboxTest, HandsOverWhatIsDueOfEveryShop) {
  for (int i = 0; i < 5; ++i) add("a", clock_.now());
  add("later", clock_.now() + seconds(10));
  write([&](db::Tx& tx) { return here_->add(tx, base::ShopId(7), "mail", "other", {}, clock_.now()); });
  EXPECT_EQ(dispatch(*spread_), 3) << "a quarter of eight of one shop, and the other's";
  EXPECT_EQ(dispatch(*spread_), 2);
  EXPECT_EQ(dispatch(*spread_), 1);
  EXPECT_EQ(dispatch(*spread_), 0) << "not due yet";
  EXPECT_EQ(seen().size(), 6U);
}

class OutboxPlans : public OutboxTest {
 protected:
  std::string plan_of(const std::string& name, db::Params params) {
    const db::Statement statement = db::load_statement(embedded::sql_outbox(), "outbox." + name, {kMessageTable});
    return base::sync_wait(database_->read([&](db::ReadTx& tx) { return db::testing::plan_of(tx, statement, params); }))
        .value();
  }
};
INSTANTIATE_TEST_SUITE_P(Postgresql, OutboxPlans, testing::Values(db::Engine::postgresql),
                         [](const auto& engine) { return db::testing::engine_name(engine.param); });

// Of the indexes that begin with the shop PostgreSQL takes any while the table is empty, and keeps to it.
TEST_P(OutboxPlans, FindAMessageByItsIdAndASubjectByItsOwnIndex) {
  const std::string by_id = "outbox_pkey", by_subject = "outbox_by_subject";
  EXPECT_THAT(plan_of("remove", {1, "x"}), testing::HasSubstr(by_id));
  EXPECT_THAT(plan_of("again", {1, "x", 1, 1, ""}), testing::HasSubstr(by_id));
  EXPECT_THAT(plan_of("save_payload", {1, "x", ""}), testing::HasSubstr(by_id));
  EXPECT_THAT(plan_of("waiting", {1, "mail", "a"}), testing::HasSubstr(by_subject));
  EXPECT_THAT(plan_of("claim", {"mail", 1, 1, 1, 1}), testing::HasSubstr("outbox_due"));
  EXPECT_THAT(plan_of("due_shops_spread", {"mail", 1, 1}), testing::HasSubstr("outbox_due"));
}

}  // namespace
}  // namespace acquit::platform
