// Waiting for a link, and for room on one.
#include <gmock/gmock.h>

#include "base/manual_clock.h"
#include "connectors/iso8583/client_fixture.h"
#include "connectors/iso8583/log_budget.h"

namespace acquit::iso8583 {
namespace {

TEST_F(ClientTest, LetsThoseWaitForWhomThereIsNoRoom) {
  begin([](const Message& request) { return std::vector{approval(request)}; }, {.max_in_flight = 2});
  ASSERT_TRUE(wait_until_ready());
  EXPECT_EQ(pay(50), std::pair(50, 0));
  EXPECT_EQ(host_->connections(), 1u);
}

TEST_F(ClientTest, SendsNothingOfWhatWaitedInVain) {
  begin(
      [](const Message& request) {
        return request.mti() == "0100" ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(2'000), .max_in_flight = 1, .wait_limit = Milliseconds(50)});
  ASSERT_TRUE(wait_until_ready());
  std::atomic<bool> ended = false;
  const auto one = [](Iso8583Acquirer& client, connectors::Authorisation request) -> base::Task<void> {
    (void)co_await client.authorise(std::move(request));
  };
  base::spawn(one(*client_, authorisation()), [&] { ended = true; });
  const auto second = sync_wait(client_->authorise(authorisation()));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::connector_unavailable);
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
  EXPECT_EQ(host_->count("0100"), 1u);
}

TEST_F(ClientTest, TakesNoMoreInLineThanThereArePlaces) {
  begin(
      [](const Message& request) {
        return request.mti() == "0100" ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(2'000), .max_in_flight = 1, .waiting_max = 0});
  ASSERT_TRUE(wait_until_ready());
  std::atomic<bool> ended = false;
  const auto one = [](Iso8583Acquirer& client, connectors::Authorisation request) -> base::Task<void> {
    (void)co_await client.authorise(std::move(request));
  };
  base::spawn(one(*client_, authorisation()), [&] { ended = true; });
  EXPECT_EQ(sync_wait(client_->authorise(authorisation())).error().code, ErrorCode::connector_unavailable);
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
}

TEST_F(ClientTest, WaitsForALinkThatIsAwayForAMoment) {
  begin(
      [this](const Message& request) {
        return std::vector{answer_to(request).set(38, "A12345").set(39, ++refusals_ <= 3 ? "91" : "00")};
      },
      {});
  EXPECT_EQ(pay(5), std::pair(5, 0)) << "not signed on yet";
}

TEST_F(ClientTest, SaysThatNoLinkIsThereAfterAShortWait) {
  begin([](const Message& request) { return std::vector{answer_to(request).set(39, "91")}; },
        {.wait_limit = Milliseconds(50)});
  EXPECT_EQ(sync_wait(client_->authorise(authorisation())).error().code, ErrorCode::connector_unavailable);
}

TEST(LogBudget, LetsSoManyLinesThroughInAMinuteAndCountsTheOthers) {
  const base::ManualClock clock;
  const base::Monotonic start = clock.monotonic();
  LogBudget budget;
  for (int i = 0; i < LogBudget::kLines; ++i) EXPECT_EQ(budget.take(start), 0u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(budget.take(start + std::chrono::seconds(59)), std::nullopt);
  EXPECT_EQ(budget.take(start + std::chrono::seconds(60)), 1000u);
  EXPECT_EQ(budget.take(start + std::chrono::seconds(60)), 0u);
}

}  // namespace
}  // namespace acquit::iso8583
