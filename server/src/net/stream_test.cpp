#include "net/stream.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "base/executor.h"
#include "base/testing/begin.h"

namespace acquit::net {
namespace {

using base::ErrorCode;
using base::sync_wait;
using base::Task;
using base::testing::begin;
constexpr base::Milliseconds kLong{10'000};
constexpr base::Milliseconds kShort{20};

// A listener on a free port, and a pair of connected streams.
class StreamTest : public testing::Test {
 protected:
  StreamTest() {
    loop_.run_in_background();
    auto listener = Listener::start(loop_, "127.0.0.1:0",
                                    [this](std::shared_ptr<Stream> stream) { accepted_.set_value(std::move(stream)); });
    EXPECT_TRUE(listener);
    listener_ = *std::move(listener);
  }
  ~StreamTest() override {
    listener_->stop();
    for (const auto& stream : {near_, far_}) {
      if (stream) stream->close();
    }
    loop_.stop();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(listener_->port()); }
  void join() {
    auto near = sync_wait(connect(loop_, address(), kLong));
    ASSERT_TRUE(near) << near.error().detail;
    near_ = *std::move(near);
    far_ = accepted_.get_future().get();
  }

  Loop loop_{2};
  std::promise<std::shared_ptr<Stream>> accepted_;
  std::unique_ptr<Listener> listener_;
  std::shared_ptr<Stream> near_;
  std::shared_ptr<Stream> far_;
};

TEST_F(StreamTest, CarriesBytesBothWays) {
  join();
  ASSERT_TRUE(sync_wait(near_->write("question", kLong)));
  EXPECT_EQ(sync_wait(far_->read_exactly(8, kLong)), "question");
  ASSERT_TRUE(sync_wait(far_->write("answer", kLong)));
  EXPECT_EQ(sync_wait(near_->read_some(3, kLong)), "ans");
  EXPECT_EQ(sync_wait(near_->read_some(100, kLong)), "wer");
}

TEST_F(StreamTest, CarriesMoreThanTheKernelBuffers) {
  join();
  const std::string large(20'000'000, 'x');
  auto written = begin(near_->write(large, kLong));
  EXPECT_EQ(sync_wait(far_->read_exactly(large.size(), kLong)), large);
  EXPECT_TRUE(written.get());
}

TEST_F(StreamTest, ReadsAndWritesAtTheSameTime) {
  join();
  constexpr int kRounds = 2000;
  const auto echo = [](std::shared_ptr<Stream> stream) -> Task<void> {
    for (;;) {
      auto got = co_await stream->read_some(4096, kLong);
      if (!got || !co_await stream->write(*std::move(got), kLong)) co_return;
    }
  };
  std::latch echoed(1);
  base::spawn(echo(far_), [&] { echoed.count_down(); });
  std::latch sent(1);
  base::spawn(
      [](std::shared_ptr<Stream> stream) -> Task<void> {
        for (int i = 0; i < kRounds; ++i) (void)co_await stream->write("0123456789", kLong);
      }(near_),
      [&] { sent.count_down(); });
  for (int i = 0; i < kRounds; ++i) ASSERT_EQ(sync_wait(near_->read_exactly(10, kLong)), "0123456789");
  sent.wait();
  near_->close();
  echoed.wait();
}

TEST_F(StreamTest, TimesOutAndLosesNothing) {
  join();
  ASSERT_TRUE(sync_wait(far_->write("half", kLong)));
  const auto late = sync_wait(near_->read_exactly(8, kShort));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::timed_out);
  ASSERT_TRUE(sync_wait(far_->write("+end", kLong)));
  EXPECT_EQ(sync_wait(near_->read_exactly(8, kLong)), "half+end");
}

TEST_F(StreamTest, WriteTimesOutWhenThePeerReadsNothing) {
  join();
  const auto stuck = sync_wait(near_->write(std::string(50'000'000, 'x'), kShort));
  ASSERT_FALSE(stuck);
  EXPECT_EQ(stuck.error().code, ErrorCode::timed_out);
}

TEST_F(StreamTest, CloseFromAnotherThreadEndsBothEnds) {
  join();
  auto here = begin(near_->read_some(1, kLong));
  auto there = begin(far_->read_some(1, kLong));
  near_->close();
  near_->close();
  for (auto* end : {&here, &there}) {
    const auto result = end->get();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::connection_failed);
  }
  EXPECT_EQ(sync_wait(near_->write("x", kLong)).error().code, ErrorCode::connection_failed);
}

TEST_F(StreamTest, KnowsItsPeer) {
  join();
  EXPECT_EQ(near_->peer(), address());
}

TEST_F(StreamTest, SaysHowConnectingFailed) {
  const std::string closed = address();
  listener_->stop();
  const struct {
    std::string address;
    std::string_view says;
  } rows[] = {
      {closed, "refused"},
      {std::string(64, 'a') + ".invalid:80", "name not found: aaaa"},  // Too long a label: no query is made.
      {"nonsense", "host:port"},
  };
  for (const auto& row : rows) {
    const auto stream = sync_wait(connect(loop_, row.address, kLong));
    ASSERT_FALSE(stream) << row.address;
    EXPECT_EQ(stream.error().code, ErrorCode::connection_failed);
    EXPECT_NE(stream.error().detail.find(row.says), std::string::npos) << stream.error().detail;
  }
}

TEST_F(StreamTest, ListenerRefusesABadAddressAndATakenPort) {
  const auto ignore = [](const std::shared_ptr<Stream>&) {};
  EXPECT_EQ(Listener::start(loop_, "127.0.0.1", ignore).error().code, ErrorCode::configuration_invalid);
  EXPECT_EQ(Listener::start(loop_, address(), ignore).error().code, ErrorCode::connection_failed);
}

}  // namespace
}  // namespace acquit::net
