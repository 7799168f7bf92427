// A busy shop is told from one where cards are tested: after a restart, and by every node.
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <span>

#include "db/statement.h"
#include "payments/checkout/card_refusals.h"
#include "payments/schedule/purge.h"
#include "payments/testing/use_case_fixture.h"

ACQUIT_EMBEDDED(sql_payments_testing)

namespace acquit::payments::testing {
namespace {

constexpr CardTryLimits kLimits{.per_card = 100'000, .per_address = 100'000, .per_shop = 40, .per_range = 16};
constexpr std::string_view kNumber = "4972500000000005";
constexpr merchants::Mode kTest = merchants::Mode::test;
constexpr merchants::Mode kProduction = merchants::Mode::production;

class BusyShopTest : public UseCaseTest {
 protected:
  void SetUp() override {
    UseCaseTest::SetUp();
    if (env_) book_.emplace(env_->services(), kLimits);
  }

  const StepResult& accepted(merchants::Mode mode = kProduction) {
    std::optional<StepResult>& result = mode == kTest ? accepted_in_test_ : accepted_;
    if (!result) result = paid(mode, Reply{});
    return *result;
  }
  const StepResult& refused() {
    if (!refused_) refused_ = paid(kProduction, decline("05"));
    return *refused_;
  }
  StepResult paid(merchants::Mode mode, const Reply& reply) {
    NewPayment wanted = request();
    wanted.mode = mode;
    return pay(wanted, reply, card(kNumber));
  }

  static void note(RefusalBook& book, const StepResult& result, int times = 1) {
    for (int i = 0; i < times; ++i) base::sync_wait(book.note(result, {}));
  }
  static int catch_up(RefusalBook& book) { return must(base::sync_wait(book.catch_up())); }
  static bool crowded(RefusalBook& book, merchants::Mode mode = kProduction) {
    // The first try of a crowd has no wait.
    for (int i = 0; i < 2; ++i) {
      const auto place = book.begin(mode, kShop, card(kNumber).card, {});
      if (!place || place->wait().count() > 0) return true;
    }
    return false;
  }

  /// Fifty payments a minute, of which a tenth is refused; node after node takes one.
  void sell(std::span<RefusalBook* const> nodes, int minutes) {
    for (int payment = 0; payment < 50 * minutes; ++payment) {
      RefusalBook& node = *nodes[static_cast<std::size_t>(payment / 3) % nodes.size()];
      note(node, payment % 10 == 3 ? refused() : accepted());
      ASSERT_FALSE(crowded(node)) << "payment " << payment;
      env_->clock.advance(base::Milliseconds(1'200));
      if (payment % 4 != 0) continue;
      for (RefusalBook* each : nodes) catch_up(*each);
    }
  }
  /// What was told so far: times by range.
  std::map<std::string, std::vector<std::int64_t>> told() {
    const db::Statement rows = db::load_statement(embedded::sql_payments_testing(), "testing.card_acceptances");
    std::map<std::string, std::vector<std::int64_t>> out;
    for (const db::Row& row : env_->read([&](db::ReadTx& tx) { return tx.query(rows, {}); })) {
      out[row.text(0)].push_back(row.integer(1));
    }
    return out;
  }

  std::optional<RefusalBook> book_;
  std::optional<StepResult> accepted_;
  std::optional<StepResult> accepted_in_test_;
  std::optional<StepResult> refused_;
};

TEST_P(BusyShopTest, SellsOnAfterARestart) {
  const std::array before{&*book_};
  sell(before, 12);
  RefusalBook restarted(env_->services(), kLimits);
  catch_up(restarted);
  EXPECT_FALSE(crowded(restarted));
  const std::array after{&restarted};
  sell(after, 3);
}

TEST_P(BusyShopTest, SellsOnWhenTheNodeThatKnewItIsGone) {
  RefusalBook second(*env_->second_node().services, kLimits);
  const std::array both{&*book_, &second};
  sell(both, 12);
  const std::array one{&second};
  sell(one, 3);
  RefusalBook third(env_->services(), kLimits);
  catch_up(third);
  EXPECT_FALSE(crowded(third));
}

TEST_P(BusyShopTest, SellsOnWhereOneNodeHasTheSalesAndAnotherTheRefusals) {
  RefusalBook second(*env_->second_node().services, kLimits);
  note(*book_, accepted(), 60);
  for (int i = 0; i < 50; ++i) {
    note(second, refused());
    catch_up(*book_);
    catch_up(second);
    ASSERT_FALSE(crowded(second)) << i;
  }
}

TEST_P(BusyShopTest, IsSlowedWhenItsCardsAreTestedAndAfterARestartToo) {
  const std::array node{&*book_};
  sell(node, 1);
  RefusalBook second(*env_->second_node().services, kLimits);
  note(*book_, refused(), 60);
  EXPECT_TRUE(crowded(*book_));
  catch_up(*book_);
  catch_up(second);
  EXPECT_TRUE(crowded(second)) << "the other node";
  env_->clock.advance(base::Milliseconds(1'000));
  RefusalBook restarted(env_->services(), kLimits);
  catch_up(restarted);
  EXPECT_TRUE(crowded(restarted));
  env_->clock.advance(std::chrono::minutes(59));
  RefusalBook later(env_->services(), kLimits);
  catch_up(later);
  EXPECT_FALSE(crowded(later)) << "its hour is over";
}

TEST_P(BusyShopTest, IsNotHiddenByWhatIsAcceptedInTest) {
  note(*book_, accepted(kTest), 200);
  note(*book_, refused(), 50);
  EXPECT_TRUE(crowded(*book_));
  EXPECT_FALSE(crowded(*book_, kTest)) << "nor does it slow its own tests";
  catch_up(*book_);
  RefusalBook restarted(env_->services(), kLimits);
  catch_up(restarted);
  EXPECT_TRUE(crowded(restarted));
  EXPECT_FALSE(crowded(restarted, kTest));
}

TEST_P(BusyShopTest, TellsItsSalesInOneRowAndOnlyWhereMuchIsRefused) {
  note(*book_, refused(), 3);
  note(*book_, accepted(), 70);
  catch_up(*book_);
  EXPECT_TRUE(told().empty()) << "a quarter of what is borne";
  note(*book_, refused());
  catch_up(*book_);
  EXPECT_EQ(told(), (std::map<std::string, std::vector<std::int64_t>>{{"497250", {70}}}));
  note(*book_, refused(), 6);
  note(*book_, accepted(), 5);
  catch_up(*book_);
  EXPECT_EQ(told(), (std::map<std::string, std::vector<std::int64_t>>{{"", {75}}, {"497250", {5, 70}}}));
  EXPECT_EQ(catch_up(*book_), 0) << "its own are known to it, and none is told twice";
  EXPECT_EQ(told().at("").size(), 1U);
}

TEST_P(BusyShopTest, ForgetsWhatWasToldAfterADay) {
  note(*book_, refused(), 10);
  note(*book_, accepted());
  catch_up(*book_);
  ASSERT_EQ(told().size(), 2U);
  env_->clock.advance(std::chrono::hours(24) + base::Milliseconds(1));
  EXPECT_EQ(must(base::sync_wait(purge(env_->services(), std::chrono::days{0}, [] { return false; }))).acceptances, 2);
  EXPECT_TRUE(told().empty());
}

ACQUIT_ON_BOTH_ENGINES(BusyShopTest);

}  // namespace
}  // namespace acquit::payments::testing
