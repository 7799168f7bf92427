// The client against a host that says what each test wants.
#include "connectors/iso8583/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "base/manual_clock.h"
#include "connectors/iso8583/map.h"
#include "connectors/iso8583/running.h"
#include "net/stream.h"

namespace acquit::iso8583 {
namespace {

using base::ErrorCode;
using base::Milliseconds;
using base::sync_wait;

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 4000; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(Milliseconds(5));  // tidy: between two looks at a condition, bounded
  }
  return false;
}

Message approval(const Message& request) { return answer_to(request).set(39, "00"); }

// Answers each message with what the script says, and remembers all that came.
class ScriptedHost {
 public:
  using Script = std::function<std::vector<Message>(const Message&)>;

  ScriptedHost(net::Loop& loop, Script script) : running_(loop), script_(std::move(script)) {
    listener_ = net::Listener::start(loop, "127.0.0.1:0", [this](std::shared_ptr<net::Stream> stream) {
                  {
                    const std::lock_guard lock(mutex_);
                    streams_.push_back(stream);
                  }
                  running_.began();
                  // Runs at once, up to its first wait: a request that is already there is answered under the lock.
                  base::spawn(serve(*this, std::move(stream)));
                }).value();
  }
  ~ScriptedHost() {
    listener_->stop();
    {
      const std::lock_guard lock(mutex_);
      for (const auto& stream : streams_) stream->close();
    }
    sync_wait(running_.wait_for_none());
  }

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(listener_->port()); }
  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return streams_.size();
  }
  // How often a message of this type, and with this DE 70 if it is given, came.
  [[nodiscard]] std::size_t count(const std::string& mti, const std::string& network_code = "") const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(received_, [&](const Message& message) {
      return message.mti() == mti && (network_code.empty() || message.get(70) == network_code);
    }));
  }

 private:
  static base::Task<void> serve(ScriptedHost& host, std::shared_ptr<net::Stream> stream) {
    FrameReader frames(LengthHeader::two_bytes, 4096);
    for (bool alive = true; alive;) {
      const auto bytes = co_await stream->read_some(4096, Milliseconds(60'000));
      if (!bytes) break;
      frames.append(*bytes);
      std::string replies;
      for (auto frame = frames.next().value(); frame; frame = frames.next().value()) {
        replies += host.react(decode(*frame, {}).value());
      }
      if (!replies.empty()) alive = (co_await stream->write(std::move(replies), Milliseconds(10'000))).has_value();
    }
    host.running_.ended();
  }
  std::string react(const Message& request) {
    const std::lock_guard lock(mutex_);
    received_.push_back(request);
    std::string bytes;
    for (const Message& message : script_(request)) bytes += to_wire(message, {}).value();
    return bytes;
  }

  Running running_;
  Script script_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<net::Stream>> streams_;
  std::vector<Message> received_;
  std::unique_ptr<net::Listener> listener_;
};

class ClientTest : public testing::Test {
 protected:
  ClientTest() { loop_.run_in_background(); }
  ~ClientTest() override {
    if (client_) sync_wait(client_->stop());
    host_.reset();
    loop_.stop();
  }

  void begin(ScriptedHost::Script script, Iso8583Options options) {
    host_.emplace(loop_, std::move(script));
    options.address = host_->address();
    options.reconnect_first = Milliseconds(5);
    options.reconnect_most = Milliseconds(20);
    client_.emplace(loop_, clock_, random_, options);
    ASSERT_TRUE(client_->start());
  }
  bool wait_until_ready() { return sync_wait(client_->wait_until_ready(Milliseconds(20'000))); }

  connectors::Authorisation authorisation() {
    return {.trace = client_->new_trace(),
            .terminal = {.acquirer_id = "1", .terminal_id = "1", .merchant_number = "1", .category_code = "5999"},
            .card = {.pan = base::Pan("4970100000000055"), .expiry_year = 2099, .expiry_month = 12},
            .security_code = std::nullopt,
            .amount = base::Money(100, base::Currency::from_code("EUR").value()),
            .reference = "REF000000001",
            .proof = std::nullopt};
  }

  net::Loop loop_{2};
  base::OsClock clock_;
  base::SeededRandom random_{7};
  // What scripts use: they still run when the test's body is over.
  std::atomic<int> refusals_ = 0;
  std::atomic<bool> dead_ = false;
  std::vector<Message> held_;
  std::optional<ScriptedHost> host_;
  std::optional<Iso8583Acquirer> client_;
};

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

TEST_F(ClientTest, TakesNoMoreThanItMayHaveInFlight) {
  begin(
      [](const Message& request) {
        return request.mti() == "0100" ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(300), .max_in_flight = 2});
  ASSERT_TRUE(wait_until_ready());
  std::atomic<int> unknown = 0;
  const auto pay = [](Iso8583Acquirer& client, connectors::Authorisation request,
                      std::atomic<int>& count) -> base::Task<void> {
    const auto answer = co_await client.authorise(std::move(request));
    if (!answer && answer.error().code == ErrorCode::outcome_unknown) ++count;
  };
  for (int i = 0; i < 2; ++i) base::spawn(pay(*client_, authorisation(), unknown));
  const auto third = sync_wait(client_->authorise(authorisation()));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::connector_unavailable);
  EXPECT_TRUE(eventually([&] { return unknown == 2; }));
  EXPECT_EQ(host_->count("0100"), 2u);
}

TEST_F(ClientTest, RefusesTheSameTraceTwiceAtOnce) {
  begin(
      [](const Message& request) {
        return request.mti() == "0100" ? std::vector<Message>{} : std::vector{approval(request)};
      },
      {.request_time_limit = Milliseconds(300)});
  ASSERT_TRUE(wait_until_ready());
  const auto request = authorisation();
  std::atomic<bool> ended = false;
  const auto pay = [](Iso8583Acquirer& client, connectors::Authorisation once) -> base::Task<void> {
    (void)co_await client.authorise(std::move(once));
  };
  base::spawn(pay(*client_, request), [&] { ended = true; });
  const auto second = sync_wait(client_->authorise(request));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::connector_unavailable);
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
