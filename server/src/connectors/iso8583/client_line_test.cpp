// Waiting for a link, and for room on one.
#include <gmock/gmock.h>

#include <array>
#include <future>

#include "connectors/iso8583/client_fixture.h"

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
  EXPECT_EQ(second.error().code, ErrorCode::line_busy);
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
  EXPECT_EQ(sync_wait(client_->authorise(authorisation())).error().code, ErrorCode::line_busy);
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
}

// Half of those in flight lose their link; nobody who comes then is kept waiting for it.
TEST_F(ClientTest, LosesOnlyWhatIsInFlightOnTheLinkThatGoes) {
  // The script's own: it still runs when the test's body is over.
  const auto shared = std::make_shared<std::array<std::vector<Message>, 2>>();
  begin(
      [this, shared](const Message& request) {
        auto& held = *shared;
        const std::size_t link = host_->link();
        if (request.mti() == "0100" && !dead_) {
          held.at(link).push_back(approval(request));
          return std::vector<Message>{};
        }
        std::vector<Message> answers;
        if (request.mti() == "0100" && link < held.size()) answers = std::exchange(held.at(link), {});
        answers.push_back(approval(request));
        return answers;
      },
      {.links = 2});
  ASSERT_TRUE(eventually([&] { return client_->counters().connects == 2; }));
  auto in_flight = std::async(std::launch::async, [this] { return pay(24); });
  ASSERT_TRUE(eventually([&] { return host_->count("0100") == 24; }));
  dead_ = true;
  host_->hang_up(0);
  const auto [paid, unknown] = pay(50);
  EXPECT_EQ(paid + unknown, 50) << "no new payment is refused; some may have left on the link that was just going";
  EXPECT_EQ(in_flight.get(), std::pair(12, 12)) << "those of the lost link are unknown, and no others";
  EXPECT_EQ(pay(50), std::pair(50, 0)) << "its loss is noticed: nothing goes there any more";
  EXPECT_TRUE(eventually([&] { return client_->counters().connects == 3; })) << "the link comes back";
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
  EXPECT_EQ(sync_wait(client_->authorise(authorisation())).error().code, ErrorCode::line_busy);
}

// Counts how often anybody asks for the time: each look at a link does.
class CountingClock final : public base::Clock {
 public:
  [[nodiscard]] base::Time now() const override { return clock_.now(); }
  [[nodiscard]] base::Monotonic monotonic() const override {
    ++asked_;
    return clock_.monotonic();
  }
  [[nodiscard]] std::uint64_t asked() const { return asked_; }

 private:
  base::OsClock clock_;
  mutable std::atomic<std::uint64_t> asked_ = 0;
};

TEST_F(ClientTest, LooksAtAnIdleLinkNoMoreOftenThanItIsTried) {
  const CountingClock counting;
  begin([](const Message& request) { return std::vector{approval(request)}; }, {});
  Iso8583Acquirer idle(
      loop_, counting, random_,
      {.address = host_->address(), .request_time_limit = Milliseconds(100), .echo_interval = Milliseconds(300)});
  ASSERT_TRUE(idle.start());
  ASSERT_TRUE(sync_wait(idle.wait_until_ready(Milliseconds(20'000))));
  const std::uint64_t before = counting.asked();
  ASSERT_TRUE(eventually([&] { return host_->count("0800", "301") >= 5; }));
  // Sixty looks lie between two tries where somebody looks every five milliseconds.
  EXPECT_LT(counting.asked() - before, 5u * 30u);
  sync_wait(idle.stop());
}

}  // namespace
}  // namespace acquit::iso8583
