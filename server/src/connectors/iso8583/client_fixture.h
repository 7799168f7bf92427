// What tests of the client share: a host that says what each test wants, and a client that speaks to it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/running.h"
#include "base/testing/eventually.h"
#include "connectors/iso8583/client.h"
#include "connectors/iso8583/map.h"
#include "net/stream.h"

namespace acquit::iso8583 {

using base::ErrorCode;
using base::Milliseconds;
using base::sync_wait;
using base::testing::eventually;

inline Message approval(const Message& request) { return answer_to(request).set(38, "A12345").set(39, "00"); }

// Answers each message with what the script says, and remembers all that came. A spoiler may change the bytes of an
// answer before they are framed.
class ScriptedHost {
 public:
  using Script = std::function<std::vector<Message>(const Message&)>;
  using Spoiler = std::function<void(std::string&)>;

  ScriptedHost(net::Loop& loop, Script script, Spoiler spoiler, std::shared_ptr<net::Tls> tls = nullptr)
      : running_(loop), script_(std::move(script)), spoiler_(std::move(spoiler)) {
    listener_ = net::Listener::start(
                    loop, "127.0.0.1:0", [this](std::shared_ptr<net::Stream> stream) { accept(std::move(stream)); },
                    std::move(tls))
                    .value();
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
  // The link, in the order of their coming, whose message a script is asked about; for scripts only.
  [[nodiscard]] std::size_t link() const { return link_; }
  void hang_up(std::size_t link) {
    const std::lock_guard lock(mutex_);
    streams_.at(link)->close();
  }
  // How often a message of this type, and with this DE 70 if it is given, came.
  [[nodiscard]] std::size_t count(const std::string& mti, const std::string& network_code = "") const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(received_, [&](const Message& message) {
      return message.mti() == mti && (network_code.empty() || message.get(70) == network_code);
    }));
  }

 private:
  void accept(std::shared_ptr<net::Stream> stream) {
    std::size_t link = 0;
    {
      const std::lock_guard lock(mutex_);
      link = streams_.size();
      streams_.push_back(stream);
    }
    running_.began();
    // Runs at once, up to its first wait: a request that is already there is answered under the lock.
    base::spawn(serve(*this, std::move(stream), link));
  }
  static base::Task<void> serve(ScriptedHost& host, std::shared_ptr<net::Stream> stream, std::size_t link) {
    FrameReader frames(LengthHeader::two_bytes, 4096);
    for (bool alive = true; alive;) {
      const auto bytes = co_await stream->read_some(4096, Milliseconds(60'000));
      if (!bytes) {
        stream->close();
        break;
      }
      frames.append(*bytes);
      std::string replies;
      for (auto frame = frames.next().value(); frame; frame = frames.next().value()) {
        replies += host.react(decode(*frame, {}).value(), link);
      }
      if (!replies.empty()) alive = (co_await stream->write(std::move(replies), Milliseconds(10'000))).has_value();
    }
    host.running_.ended();
  }
  std::string react(const Message& request, std::size_t link) {
    const std::lock_guard lock(mutex_);
    link_ = link;
    received_.push_back(request);
    std::string bytes;
    for (const Message& message : script_(request)) {
      std::string payload = encode(message, {}).value();
      if (spoiler_) spoiler_(payload);
      bytes += frame(payload, LengthHeader::two_bytes).value();
    }
    return bytes;
  }

  base::Running running_;
  Script script_;
  Spoiler spoiler_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<net::Stream>> streams_;
  std::vector<Message> received_;
  std::size_t link_ = 0;
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

  void begin(ScriptedHost::Script script, Iso8583Options options, ScriptedHost::Spoiler spoiler = {},
             std::shared_ptr<net::Tls> tls = nullptr) {
    host_.emplace(loop_, std::move(script), std::move(spoiler), std::move(tls));
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
  /// Asks for `count` payments at once; how many were approved, and how many ended without an outcome.
  std::pair<int, int> pay(int count) {
    std::atomic<int> approved = 0;
    std::atomic<int> unknown = 0;
    std::latch done(count);
    const auto one = [](Iso8583Acquirer& client, connectors::Authorisation request, std::atomic<int>& yes,
                        std::atomic<int>& open) -> base::Task<void> {
      const auto answer = co_await client.authorise(std::move(request));
      if (answer && answer->response_code == "00") ++yes;
      if (!answer && answer.error().code == ErrorCode::outcome_unknown) ++open;
    };
    for (int i = 0; i < count; ++i) {
      base::spawn(one(*client_, authorisation(), approved, unknown), [&] { done.count_down(); });
    }
    done.wait();
    return {approved, unknown};
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

}  // namespace acquit::iso8583
