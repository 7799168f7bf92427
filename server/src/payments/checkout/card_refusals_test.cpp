#include "payments/checkout/card_refusals.h"

#include <gtest/gtest.h>

#include "db/statement.h"
#include "payments/nouns/cause.h"
#include "payments/nouns/test_cards.h"
#include "payments/schedule/purge.h"
#include "payments/testing/use_case_fixture.h"

ACQUIT_EMBEDDED(sql_payments)
ACQUIT_EMBEDDED(sql_payments_testing)

namespace acquit::payments::testing {
namespace {

constexpr CardTryLimits kLimits{.per_card = 3, .per_address = 4, .per_shop = 100, .per_range = 100};
constexpr std::string_view kNumber = "4972500000000005";
constexpr std::string_view kHome = "192.0.2.1";

class RefusalBookTest : public UseCaseTest {
 protected:
  void SetUp() override {
    UseCaseTest::SetUp();
    if (env_) book_.emplace(env_->services(), kLimits);
  }

  static void note(RefusalBook& book, const StepResult& result, std::string_view address = kHome) {
    base::sync_wait(book.note(result, std::string(address)));
  }
  /// One try of the card that ends with `reply`, and is noted.
  void try_card(const Reply& reply, std::string_view number = kNumber, std::string_view address = kHome) {
    note(*book_, pay(request(), reply, card(number)), address);
  }
  static std::string begin(RefusalBook& book, std::string_view number = kNumber, std::string_view address = kHome,
                           merchants::Mode mode = merchants::Mode::test) {
    const auto place = book.begin(mode, kShop, card(number).card, std::string(address));
    return place ? "go" : std::string(to_string(place.error().limit));
  }
  int purged() {
    return must(base::sync_wait(purge(env_->services(), std::chrono::days{30}, [] { return false; }))).refusals;
  }
  static int catch_up(RefusalBook& book) { return must(base::sync_wait(book.catch_up())); }

  std::optional<RefusalBook> book_;
};

TEST_P(RefusalBookTest, CountsWhatTheIssuerRefuses) {
  struct Row {
    Reply reply;
    bool counts;
  };
  const std::vector<Row> rows{
      {decline("05"), true},
      {decline("51"), true},
      {decline("14"), true},
      {decline("00"), false},
      // Nobody was asked, or nobody decided: honest buyers would be locked out while a bank is away.
      {says("91", connectors::Verdict::unavailable), false},
      {says("96", connectors::Verdict::unavailable), false},
      {says("30", connectors::Verdict::our_fault), false},
      {says("94", connectors::Verdict::duplicate), false},
      {says("08", connectors::Verdict::unclear), false},
      {says("10", connectors::Verdict::approved_partially), false},
      // The code is the acquirer's own business; what it means is said apart.
      {says("91", connectors::Verdict::declined_final), true},
      {says("1A", connectors::Verdict::soft_decline), true},
      {kUnknown, false},
  };
  for (const Row& row : rows) {
    RefusalBook book(env_->services(), kLimits);
    for (int i = 0; i < kLimits.per_card; ++i) {
      note(book, pay(request(), row.reply, card("497250000000" + std::to_string(1000 + i))));
    }
    note(book, pay(request(), row.reply, card(kNumber)));
    EXPECT_EQ(begin(book, "4972500000009999"), row.counts ? "address" : "go") << row.reply.code;
  }
}

// Nobody asked the acquirer: who said no?
TEST_P(RefusalBookTest, CountsWithoutTheAcquirerOnlyWhatTheListOrTheIssuerRefuses) {
  const std::pair<std::optional<Cause>, bool> rows[] = {{Cause::blocked_card, true},
                                                        {Cause::authentication_failed, true},
                                                        {Cause::authentication_rejected, true},
                                                        {Cause::first_instalment_refused, false},
                                                        {Cause::session_expired, false},
                                                        {Cause::authentication_impossible, false},
                                                        {Cause::authentication_cancelled, false},
                                                        {std::nullopt, false}};
  StepResult result = pay(request(), decline("05"), card(kNumber));
  result.verdict.reset();
  for (const auto& [cause, counts] : rows) {
    result.transaction.state = State::refused;
    result.transaction.cause = cause;
    EXPECT_EQ(is_refusal_of_the_card(result), counts) << (cause ? to_string(*cause) : "no cause");
    result.transaction.state = State::abandoned;
    EXPECT_FALSE(is_refusal_of_the_card(result));
  }
}

TEST_P(RefusalBookTest, OutlivesARestart) {
  for (int i = 0; i < kLimits.per_card; ++i) try_card(decline("05"));
  env_->clock.advance(std::chrono::minutes(20));
  RefusalBook restarted(env_->services(), kLimits);
  EXPECT_EQ(begin(restarted), "go") << "it has not read yet";
  EXPECT_EQ(catch_up(restarted), kLimits.per_card);
  EXPECT_EQ(begin(restarted), "card");
  env_->clock.advance(std::chrono::minutes(40));
  EXPECT_EQ(begin(restarted), "go") << "the hour began with the first refusal, not with the restart";
}

TEST_P(RefusalBookTest, IsSharedByTheNodes) {
  RefusalBook second(*env_->second_node().services, kLimits);
  try_card(decline("05"));
  try_card(decline("05"), kNumber, "192.0.2.2");
  EXPECT_EQ(catch_up(second), 2);
  note(second, pay(request(), decline("05"), card(kNumber)), "192.0.2.3");
  EXPECT_EQ(begin(second, kNumber, "192.0.2.4"), "card");
  EXPECT_EQ(begin(*book_, kNumber, "192.0.2.4"), "go");
  EXPECT_EQ(catch_up(*book_), 1) << "its own are known to it";
  EXPECT_EQ(begin(*book_, kNumber, "192.0.2.4"), "card");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(catch_up(*book_) + catch_up(second), 0) << "and none is counted twice";
}

TEST_P(RefusalBookTest, CatchesUpHoweverManyWereRefusedAtOneMoment) {
  const db::Statement add = db::load_statement(embedded::sql_payments(), "card_refusals.add");
  const std::int64_t at = base::to_ms(env_->clock.now());
  constexpr int kMany = 5'001;  // One more than are read at once.
  env_->write([&](db::Tx& tx) -> base::Result<int> {
    for (int i = 0; i < kMany; ++i) {
      ACQUIT_CHECK(tx.run(add, {kShop.value(), std::to_string(i), at, "card", "", "497250", "TEST"}));
    }
    return kMany;
  });
  EXPECT_EQ(catch_up(*book_), kMany);
  try_card(decline("05"));
  RefusalBook second(*env_->second_node().services, kLimits);
  EXPECT_EQ(catch_up(second), kMany + 1);
}

TEST_P(RefusalBookTest, LimitsNoTestCardInTest) {
  for (int i = 0; i < 10; ++i) try_card(decline("51"), "4970100000000113");
  EXPECT_EQ(begin(*book_, "4970100000000113"), "go");
  EXPECT_EQ(begin(*book_), "go") << "nor does it use up what the address may try";
  for (int i = 0; i < 10; ++i) {
    NewPayment real = request();
    real.mode = merchants::Mode::production;
    note(*book_, pay(real, decline("51"), card("4970100000000113")));
  }
  EXPECT_EQ(begin(*book_, "4970100000000113", kHome, merchants::Mode::production), "address");
}

TEST_P(RefusalBookTest, KeepsNeitherCardNorAddressInClear) {
  try_card(decline("05"));
  const db::Statement refusals = db::load_statement(embedded::sql_payments_testing(), "testing.card_refusals");
  const auto row = env_->read([&](db::ReadTx& tx) { return tx.find(refusals, {}); });
  ASSERT_TRUE(row);
  EXPECT_FALSE(row->text(0).contains(kNumber));
  EXPECT_FALSE(row->text(0).contains(kHome));
  EXPECT_TRUE(row->text(0).ends_with("497250"));
}

TEST_P(RefusalBookTest, ForgetsAfterADay) {
  try_card(decline("05"));
  env_->clock.advance(std::chrono::hours(24));
  try_card(decline("05"));
  EXPECT_EQ(purged(), 0);
  env_->clock.advance(base::Milliseconds(1));
  EXPECT_EQ(purged(), 1);
}

TEST(TestCards, AreTheNumbersThatStandForCards) {
  EXPECT_TRUE(is_test_card("4970100000000055"));
  EXPECT_FALSE(is_test_card("4970100000000056"));
  EXPECT_FALSE(is_test_card("497010000000005"));
  EXPECT_FALSE(is_test_card(""));
}

ACQUIT_ON_BOTH_ENGINES(RefusalBookTest);

}  // namespace
}  // namespace acquit::payments::testing
