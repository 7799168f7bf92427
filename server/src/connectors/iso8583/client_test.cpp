// The client against a host that says what each test wants.
#include "connectors/iso8583/client.h"

#include <gmock/gmock.h>

#include <set>

#include "base/manual_clock.h"
#include "connectors/iso8583/client_fixture.h"

namespace acquit::iso8583 {
namespace {

TEST_F(ClientTest, SignsOnBeforeItSendsAndOffBeforeItLeaves) {
  begin([](const Message& request) { return std::vector{approval(request)}; }, {});
  ASSERT_TRUE(wait_until_ready());
  EXPECT_EQ(host_->count("0800", "001"), 1u);
  ASSERT_TRUE(sync_wait(client_->authorise(authorisation())));
  sync_wait(client_->stop());
  EXPECT_EQ(host_->count("0100"), 1u);
  EXPECT_EQ(host_->count("0800", "002"), 1u);
  EXPECT_FALSE(client_->ready());
}

TEST_F(ClientTest, TriesAnIdleLinkByAnEcho) {
  begin([](const Message& request) { return std::vector{approval(request)}; }, {.echo_interval = Milliseconds(20)});
  EXPECT_TRUE(eventually([&] { return host_->count("0800", "301") >= 3; }));
  EXPECT_EQ(host_->connections(), 1u);
}

TEST_F(ClientTest, LeavesALinkWhoseEchoNobodyAnswers) {
  begin(
      [](const Message& request) {
        return request.get(70) == "301" ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(50), .echo_interval = Milliseconds(20)});
  EXPECT_TRUE(eventually([&] { return host_->connections() >= 3; }));
}

TEST_F(ClientTest, LeavesALinkThatSwallowsRequestsHoweverBusyItIs) {
  begin(
      [this](const Message& request) {
        if (request.mti() == "0100") dead_ = true;
        const bool swallowed = dead_ && request.get(70) != "001";
        return swallowed ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(50), .echo_interval = Milliseconds(3'600'000)});
  ASSERT_TRUE(wait_until_ready());
  EXPECT_TRUE(eventually([&] {
    (void)sync_wait(client_->authorise(authorisation()));
    return host_->connections() >= 2;
  }));
}

TEST_F(ClientTest, ComesAgainUntilItsSignOnIsAccepted) {
  begin([this](
            const Message& request) { return std::vector{answer_to(request).set(39, ++refusals_ <= 3 ? "91" : "00")}; },
        {});
  ASSERT_TRUE(wait_until_ready());
  EXPECT_EQ(host_->connections(), 4u);
}

TEST_F(ClientTest, AnswersTheHostsOwnEcho) {
  begin(
      [](const Message& request) {
        if (request.mti() == "0810") return std::vector<Message>{};
        return std::vector{Message("0800").set(7, "0101000000").set(11, "000777").set(70, "301"), approval(request)};
      },
      {});
  ASSERT_TRUE(wait_until_ready());
  EXPECT_TRUE(eventually([&] { return host_->count("0810", "301") == 1; }));
}

TEST_F(ClientTest, DoesNotKnowTheOutcomeOfAnAnswerWithoutACode) {
  begin(
      [](const Message& request) {
        return std::vector{request.mti() == "0100" ? answer_to(request) : approval(request)};
      },
      {});
  ASSERT_TRUE(wait_until_ready());
  const auto answer = sync_wait(client_->authorise(authorisation()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::outcome_unknown);
  EXPECT_EQ(answer.error().field, "DE 39");
}

TEST_F(ClientTest, RefusesTheSameTraceTwiceAtOnce) {
  begin(
      [](const Message& request) {
        return request.mti() == "0100" ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(2'000)});
  ASSERT_TRUE(wait_until_ready());
  const auto request = authorisation();
  std::atomic<bool> ended = false;
  const auto pay = [](Iso8583Acquirer& client, connectors::Authorisation once) -> base::Task<void> {
    (void)co_await client.authorise(std::move(once));
  };
  base::spawn(pay(*client_, request), [&] { ended = true; });
  const auto second = sync_wait(client_->authorise(request));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unsendable);
  EXPECT_EQ(second.error().field, "DE 11");
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
}

TEST_F(ClientTest, WaitsForWhatIsInFlightBeforeItStops) {
  begin(
      [this](const Message& request) {
        if (request.mti() == "0100") {
          held_.push_back(approval(request));
          return std::vector<Message>{};
        }
        std::vector<Message> answers = std::exchange(held_, {});  // The echo lets the held answer go.
        answers.push_back(approval(request));
        return answers;
      },
      {.echo_interval = Milliseconds(100)});
  ASSERT_TRUE(wait_until_ready());
  std::atomic<bool> answered = false;
  const auto pay = [](Iso8583Acquirer& client, connectors::Authorisation request,
                      std::atomic<bool>& done) -> base::Task<void> {
    done = (co_await client.authorise(std::move(request))).has_value();
  };
  base::spawn(pay(*client_, authorisation(), answered));
  ASSERT_TRUE(eventually([&] { return host_->count("0100") == 1; }));
  sync_wait(client_->stop());
  EXPECT_TRUE(eventually([&] { return answered.load(); }));
}

TEST_F(ClientTest, RefusesAFormatThatCannotBeCutIntoMessages) {
  Iso8583Acquirer client(loop_, clock_, random_,
                         {.address = "127.0.0.1:1", .format = {.length_header = LengthHeader::none}});
  EXPECT_EQ(client.start().error().code, ErrorCode::configuration_invalid);
}

TEST_F(ClientTest, StopsWhileNobodyListens) {
  client_.emplace(loop_, clock_, random_, Iso8583Options{.address = "127.0.0.1:1"});
  ASSERT_TRUE(client_->start());
  sync_wait(client_->stop());
  EXPECT_FALSE(client_->ready());
}

TEST(Traces, AreUniqueOnEachNodeAndBetweenNodes) {
  net::Loop loop(1);
  const base::ManualClock clock(base::time_from_ms(1'700'000'000'999));
  base::SeededRandom random(1);
  std::set<int> seen;
  for (const int node : {0, 1, 99}) {
    Iso8583Acquirer acquirer(loop, clock, random, {.address = "127.0.0.1:1", .node = node});
    for (int i = 0; i < 9'999; ++i) {
      const connectors::Trace trace = acquirer.new_trace();
      ASSERT_TRUE(trace.stan >= 1 && trace.stan <= 999'999);
      ASSERT_TRUE(seen.insert(trace.stan).second) << trace.stan;
      ASSERT_EQ(base::to_ms(trace.sent_at), 1'700'000'000'000);
    }
  }
}

TEST(Traces, BeginAnywhereAfterARestart) {
  net::Loop loop(1);
  const base::ManualClock clock;
  base::SeededRandom random(1);
  Iso8583Acquirer first(loop, clock, random, {.address = "127.0.0.1:1"});
  Iso8583Acquirer second(loop, clock, random, {.address = "127.0.0.1:1"});
  EXPECT_NE(first.new_trace().stan, second.new_trace().stan);
}

}  // namespace
}  // namespace acquit::iso8583
