// The inside of an Iso8583Acquirer: its links, its waiting line, and what it knows of each exchange. For client*.cpp
// only.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/running.h"
#include "connectors/iso8583/client.h"
#include "connectors/iso8583/map.h"
#include "connectors/iso8583/session.h"
#include "connectors/iso8583/waiting_line.h"

namespace acquit::iso8583 {

using base::ErrorCode;
using base::fail;
using base::Milliseconds;
using base::Result;
using base::Task;

// What the links' coroutines share. Each link is one coroutine, keep_up(), that connects, watches and connects again.
class Iso8583Acquirer::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(net::Loop& loop, const base::Clock& clock, base::Random& random, Iso8583Options options)
      : loop_(loop),
        clock_(clock),
        random_(random),
        options_(std::move(options)),
        tick_(std::clamp(options_.request_time_limit / 20, Milliseconds(5), Milliseconds(50))),
        links_(options_.links),
        node_(options_.node),
        next_stan_(random.below(kStansOfANode)) {}

  Result<void> start();
  Task<void> stop();
  void abandon();
  [[nodiscard]] bool ready() const;
  Task<bool> wait_until_ready(Milliseconds limit);
  [[nodiscard]] const LinkCounters& counters() const { return *shared_.counters; }
  [[nodiscard]] Exchanges& exchanges() const { return *shared_.exchanges; }
  void use_node(int node) { node_ = node; }
  connectors::Trace new_trace();
  Task<Result<Message>> ask(Result<Message> message, std::optional<connectors::LateApproval> authorisation = {});
  Task<Result<connectors::MessageAnswer>> ask_for_receipt(Result<Message> message);

 private:
  Task<Result<Message>> exchange(Message message);
  Result<Message> believed(const Message& request, Message answer);

  static constexpr std::uint64_t kStansOfANode = 9'999;

  struct Link {
    std::shared_ptr<Session> session;
    bool signed_on = false;
    [[nodiscard]] bool usable() const { return signed_on && !session->closed(); }
  };

  static Task<void> keep_up(std::shared_ptr<Core> self, std::size_t index);
  static Task<void> sign_on(std::shared_ptr<Core> self, std::size_t index, std::shared_ptr<Session> session);
  static Task<void> echo(std::shared_ptr<Core> self, std::shared_ptr<Session> session);
  Task<bool> tend(std::size_t index, std::shared_ptr<net::Stream> stream);
  Milliseconds until_due(Session& session, base::Monotonic tried) const;
  Task<void> pause(int failures);
  void tell_security(const net::TlsSession& session) const;
  Task<Result<Message>> network_request(const std::shared_ptr<Session>& session, NetworkCode code);
  struct Choice {
    std::shared_ptr<Session> session;  // With room; null if there is none.
    bool link = false;                 // Some link is up.
  };
  Choice choose();
  std::size_t room() const;
  static Task<void> tend_line(std::shared_ptr<Core> self);
  Task<bool> wait_in_line(base::Monotonic until);
  std::vector<std::shared_ptr<Session>> sessions() const;
  [[nodiscard]] bool stopping() const;
  [[nodiscard]] bool is_running() const;

  net::Loop& loop_;
  const base::Clock& clock_;
  base::Random& random_;
  const Iso8583Options options_;
  const Milliseconds tick_;
  const Session::Shared shared_{.counters = std::make_shared<LinkCounters>(),
                                .exchanges = std::make_shared<Exchanges>(),
                                .log = std::make_shared<base::BoundedLog>(clock_)};

  mutable std::mutex mutex_;
  std::vector<Link> links_;
  std::size_t next_link_ = 0;
  bool started_ = false;
  bool stopping_ = false;
  base::Bell stop_bell_{loop_};
  base::Running running_{loop_};
  WaitingLine line_{loop_, options_.waiting_max};
  bool tending_line_ = false;
  std::atomic<int> node_;
  std::atomic<std::uint64_t> next_stan_;
};

}  // namespace acquit::iso8583
