#include "payments/schedule/purge.h"

#include "payments/testing/use_case_fixture.h"
#include "platform/request_traces/request_traces.h"

namespace acquit::payments::testing {
namespace {

using std::chrono::days;

class Purge : public UseCaseTest {
 protected:
  Purged purge_now(days retention = days{30}) { return purge_at(env_->services(), retention); }
  static Purged purge_at(const Services& services, days retention) {
    return must(base::sync_wait(purge(services, retention, [] { return false; })));
  }
  NewPayment in_production(std::int64_t minor = 1000) {
    NewPayment wanted = request(minor);
    wanted.mode = merchants::Mode::production;
    return wanted;
  }
  /// Refused, then paid, handed over and partly given back, with a row in every table.
  PaymentId eventful(const NewPayment& wanted) {
    const Transaction refused = pay(wanted, decline("51")).transaction;
    const Transaction paid = pay_again(refused.payment).transaction;
    env_->add_proof_and_delivery(paid);
    env_->advance_to(paid.capture.at);
    run_jobs();
    env_->deliver();
    const Transaction back = must(refund_of(paid.id, 300));
    env_->advance_to(back.capture.at);
    run_jobs();
    env_->deliver();
    return paid.payment;
  }
};
ACQUIT_ON_BOTH_ENGINES(Purge);

TEST_P(Purge, RemovesAnOldTestPaymentWithAllThatBelongsToItAndNothingOfProduction) {
  const PaymentId production = eventful(in_production());
  const auto kept = env_->row_counts();
  for (const auto& [table, rows] : kept) ASSERT_GT(rows, 0) << table;
  const PaymentId test = eventful(request());
  for (const auto& [table, rows] : env_->row_counts()) ASSERT_GT(rows, kept.at(table)) << table;
  env_->clock.advance(days{31});
  const auto before = history(transactions(production).back().id);
  EXPECT_EQ(purge_now().payments, 1);
  EXPECT_EQ(env_->row_counts(), kept);
  EXPECT_TRUE(transactions(test).empty());
  EXPECT_EQ(transactions(production).size(), 3U);
  EXPECT_EQ(history(transactions(production).back().id), before);
  EXPECT_TRUE(env_->unbalanced().empty());
  EXPECT_EQ(purge_now().payments, 0);
}

TEST_P(Purge, KeepsWhatIsYoungerThanTheRetention) {
  const Transaction paid = captured();
  env_->advance_to(kStart + days{30});
  EXPECT_EQ(purge_now().payments, 0) << "exactly so old";
  EXPECT_EQ(purge_now(days{0}).payments, 0) << "0 is never";
  env_->clock.advance(base::Milliseconds{1});
  EXPECT_EQ(purge_now(days{31}).payments, 0);
  EXPECT_EQ(load(paid.id).state, State::captured);
  EXPECT_EQ(purge_now().payments, 1);
}

TEST_P(Purge, LeavesAPaymentOfWhichSomethingIsStillDue) {
  NewPayment later = request();
  later.capture_delay_days = 40;
  const Transaction waits = pay(later).transaction;
  NewPayment instalments = request(9000);
  instalments.plan = Plan::parse("MULTI:first=3000;count=3;period=30").value();
  const PaymentId runs = pay(instalments).payment.id;
  const std::size_t parts = transactions(runs).size();
  env_->clock.advance(days{35});
  run_jobs();
  env_->deliver();
  EXPECT_EQ(purge_now().payments, 0);
  EXPECT_EQ(transactions(runs).size(), parts);
  env_->clock.advance(days{60});
  for (int i = 0; i < 4; ++i) {
    run_jobs();
    env_->deliver();
  }
  EXPECT_EQ(load(waits.id).state, State::captured);
  EXPECT_EQ(purge_now().payments, 2);
}

TEST_P(Purge, LeavesAnAuthorisationThatIsNotYetTakenBack) {
  const Transaction unknown = pay(request(), kUnknown).transaction;
  env_->clock.advance(days{40});
  EXPECT_EQ(purge_now().payments, 0);
  EXPECT_EQ(env_->outbox(kTopicReversal).size(), 1U) << "the acquirer may hold money";
  env_->deliver();
  EXPECT_EQ(load(unknown.id).state, State::refused);
}

TEST_P(Purge, WorksInBatchesUntilAllIsDoneOrItIsStopped) {
  for (int i = 0; i < 120; ++i) must(create(request()));
  env_->clock.advance(std::chrono::hours{1});
  run_jobs();  // Ends what the buyers left.
  env_->clock.advance(days{31});
  bool asked = false;
  const Purged first =
      must(base::sync_wait(purge(env_->services(), days{30}, [&] { return std::exchange(asked, true); })));
  EXPECT_EQ(first.payments, 50);
  EXPECT_EQ(purge_now().payments, 70);
  EXPECT_EQ(env_->row_counts().at("payments"), 0);
}

TEST_P(Purge, BearsTwoServersAtOnce) {
  for (int i = 0; i < 110; ++i) must(create(request()));
  env_->clock.advance(std::chrono::hours{1});
  run_jobs();
  env_->clock.advance(days{31});
  auto other = db::testing::start(purge(*env_->second_node().services, days{30}, [] { return false; }));
  const Purged here = purge_now();
  const Purged there = must(other.get());
  EXPECT_EQ(here.payments + there.payments + purge_now().payments, 110);
  EXPECT_EQ(env_->row_counts().at("operations"), 0);
}

TEST_P(Purge, RemovesTracesOfRefusedRequestsAfterNinetyDaysFromShopToShop) {
  const base::ShopId shops[] = {kShop, kOtherShop, base::ShopId(99'999'999)};
  const auto trace = [&](base::ShopId shop, std::string_view detail) {
    const platform::RequestTrace wrong{.shop = shop,
                                       .protocol = "vads",
                                       .code = "09",
                                       .field = "vads_amount",
                                       .detail = std::string(detail),
                                       .at = env_->clock.now()};
    env_->write([&](db::Tx& tx) -> base::Result<bool> {
      ACQUIT_CHECK(platform::add_trace(tx, wrong, env_->clock, env_->random));
      return true;
    });
  };
  for (int i = 0; i < 501; ++i) trace(shops[0], "old");
  trace(shops[2], "old");
  env_->clock.advance(base::Milliseconds{1});
  for (const base::ShopId shop : shops) trace(shop, "young");
  env_->clock.advance(days{90});
  EXPECT_EQ(purge_now(days{0}).traces, 502) << "whatever becomes of TEST payments";
  for (const base::ShopId shop : shops) {
    const auto left = env_->read([&](db::ReadTx& tx) { return platform::latest_traces(tx, shop, 10); });
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].detail, "young");
  }
}

}  // namespace
}  // namespace acquit::payments::testing
