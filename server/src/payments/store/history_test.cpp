// A transaction's history where it lies in several months: on PostgreSQL, in several partitions.
#include <gmock/gmock.h>

#include "payments/store/payment_tables.h"
#include "payments/testing/use_case_fixture.h"
#include "platform/partitions/partitions.h"

ACQUIT_EMBEDDED(sql_payments)

namespace acquit::payments::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class History : public UseCaseTest {
 protected:
  void SetUp() override {
    UseCaseTest::SetUp();
    if (env_) must(base::sync_wait(platform::make_partitions(*env_->node().database, kStart)));
  }
};
ACQUIT_ON_BOTH_ENGINES(History);

TEST_P(History, IsOneAcrossMonths) {
  env_->advance_to(kStart + std::chrono::days{14});  // 29 June.
  NewPayment wanted = request(900);
  wanted.capture_delay_days = 4;
  const Transaction paid = pay(wanted).transaction;
  env_->advance_to(paid.capture.at);  // 3 July.
  run_jobs();
  env_->deliver();
  EXPECT_EQ(
      history(paid.id),
      (std::vector<std::string>{"create by shop: initiated > initiated", "authorise by buyer: initiated > authorising",
                                "approve by buyer: authorising > authorised", "capture by job: authorised > captured",
                                "acknowledged by job: captured > captured"}));
  EXPECT_EQ(balance(paid, Account::buyer), -900);
  EXPECT_EQ(balance(paid, Account::held), 0);
  EXPECT_EQ(balance(paid, Account::receivable), 900);
}

class HistoryPlan : public History {
 protected:
  std::string plan_of(const std::string& name, db::Params params) {
    const db::Statement statement = db::load_statement(embedded::sql_payments(), "payments." + name,
                                                       {kPaymentTable, kTransactionTable, kOperationTable});
    return env_->read([&](db::ReadTx& tx) { return db::testing::plan_of(tx, statement, params); });
  }
  static auto reads_indexes_of(const std::string& table) {
    return AllOf(HasSubstr("on " + table + "_2026_06"), HasSubstr("on " + table + "_2026_09"),
                 HasSubstr("on " + table + "_default"), Not(HasSubstr("Seq Scan")));
  }
};
INSTANTIATE_TEST_SUITE_P(Postgresql, HistoryPlan, ::testing::Values(db::Engine::postgresql), engine_of);

TEST_P(HistoryPlan, ReadsNoPartitionWhole) {
  env_->place().execute("analyze");  // Now it is known that the tables are empty, and so fastest read whole.
  EXPECT_THAT(plan_of("operations", {kShop.value(), "t"}), reads_indexes_of("operations"));
  EXPECT_THAT(plan_of("has_operation", {kShop.value(), "t", kAcknowledged}), reads_indexes_of("operations"));
  EXPECT_THAT(plan_of("balance", {kShop.value(), "t", "held"}), reads_indexes_of("postings"));
}

}  // namespace
}  // namespace acquit::payments::testing
