// Session: one TCP connection to an acquirer, from the connect to its end: many requests in flight, answers by key.
//
// Shared by its owner and its coroutines. Safe from any thread. Every request ends: with its answer, with
// connector_unavailable if its bytes surely never left, or with outcome_unknown if they may have, also if the answer
// can't be read. What is wrong within a message ends its own exchange only; the connection ends where nothing says any
// more where the next message begins. Once closed it stays so.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/bell.h"
#include "base/bounded_log.h"
#include "base/executor.h"
#include "base/result.h"
#include "base/task.h"
#include "connectors/iso8583/exchanges.h"
#include "connectors/iso8583/message.h"
#include "connectors/iso8583/options.h"
#include "connectors/iso8583/send_queue.h"
#include "net/loop.h"
#include "net/stream.h"

namespace acquit::iso8583 {

class Session : public std::enable_shared_from_this<Session> {
 public:
  /// What the sessions of a client have in common; they may outlive it, hence shared.
  struct Shared {
    std::shared_ptr<LinkCounters> counters;
    std::shared_ptr<Exchanges> exchanges;
    std::shared_ptr<base::BoundedLog> log;
  };
  /// Takes over `stream` and begins to read.
  static std::shared_ptr<Session> start(net::Loop& loop, const base::Clock& clock, const Iso8583Options& options,
                                        Shared shared, std::shared_ptr<net::Stream> stream);

  Session(net::Loop& loop, const base::Clock& clock, const Iso8583Options& options, Shared shared,
          std::shared_ptr<net::Stream> stream);  // For start() only.

  /// Sends `message` and waits for its answer. Errors: connector_unavailable (also where there is no room),
  /// outcome_unknown, what encode() refuses,
  /// and invariant_broken if a message of the same key is in flight. The caller holds the session meanwhile.
  [[nodiscard]] base::Task<base::Result<Message>> request(Message message);

  /// Gives up what waits longer than the time limit; called once next_deadline() is there.
  void expire();
  /// When the first of those that wait is to be given up; nothing if nobody waits.
  [[nodiscard]] std::optional<base::Monotonic> next_deadline();
  /// co_await wait(limit): until there is a first deadline, or the connection has ended; at most so long.
  [[nodiscard]] auto wait(base::Milliseconds limit) { return bell_.wait(limit); }
  /// Ends the connection; waiting requests are answered soon after.
  void close();

  /// True from the end of the connection on.
  [[nodiscard]] bool closed() const;
  /// True once closed and none of its coroutines runs any more.
  [[nodiscard]] bool finished() const;
  /// Why it ended, in words; empty while it has not.
  [[nodiscard]] std::string end_reason() const;
  [[nodiscard]] std::size_t in_flight() const;
  /// How many more requests it takes.
  [[nodiscard]] std::size_t room() const;
  /// When something last came from the acquirer.
  [[nodiscard]] base::Monotonic last_received() const;
  /// True once after a request was given up on while nothing at all came: the link may be dead, and should be tried.
  [[nodiscard]] bool take_doubt();

 private:
  struct Waiting {
    base::Completion<base::Result<Message>> answer;
    bool handed_over = false;  // To the stream: the acquirer may have it.
  };
  using Key = std::uint64_t;
  struct Deadline {
    base::Monotonic at;
    Key key;
  };

  static base::Task<void> read_all(std::shared_ptr<Session> self);
  base::Result<void> enqueue(Key key, std::string bytes, const base::Completion<base::Result<Message>>& answer);
  base::Result<void> take_messages(FrameReader& frames);
  void take_message(std::string_view bytes);
  void take_answer(Key key, base::Result<Message> answer);
  void answer_host(const Message& request);
  bool admit(Key key);
  void end(std::string reason);

  net::Loop& loop_;
  const base::Clock& clock_;
  const Iso8583Options options_;
  const Shared shared_;
  const std::shared_ptr<net::Stream> stream_;
  std::shared_ptr<SendQueue> send_queue_;

  mutable std::mutex mutex_;
  std::unordered_map<Key, Waiting> waiting_;
  std::deque<Deadline> deadlines_;  // In order, since all requests have the same limit; answered ones stay in it.
  base::Monotonic last_received_;
  std::string end_reason_;
  base::Bell bell_{loop_};  // For who looks after the session.
  bool doubtful_ = false;
  bool closed_ = false;
};

}  // namespace acquit::iso8583
