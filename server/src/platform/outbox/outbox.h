// Outbox: what has to be sent after a commit, written in that commit; nothing is lost between state and message.
//
// add() writes a message inside the caller's transaction. The dispatcher claims due messages (a claim moves their due
// time past its lease, so a crash only delays them), calls the topic's handler outside any transaction, and removes the
// message or moves it to its next time. A verdict that the database does not take is kept in memory and written when
// the message comes round again, without calling the handler; only after a crash, or where another server was faster,
// does a handler run twice for one message, which it must bear. Topics do not wait
// for each other; within a topic a shop whose messages fail or take long leaves the others their places
// (base/places.h). Safe from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bell.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/id.h"
#include "base/places.h"
#include "base/random.h"
#include "base/result.h"
#include "base/task.h"
#include "db/database.h"
#include "db/statement.h"

namespace acquit::platform {

struct OutboxTag {
  static constexpr std::string_view prefix = "out";
};
using OutboxId = base::Id<OutboxTag>;

struct OutboxMessage {
  OutboxId id;
  base::ShopId shop{0};
  std::string topic;
  std::string subject;  ///< What it is about: an id of the topic's choice.
  std::string payload;  ///< In the topic's own form; never card data.
  int attempts = 0;     ///< This one included.
};

/// What a handler makes of a message: done, or to be tried again at `again_at`, perhaps with another payload.
struct OutboxVerdict {
  std::optional<base::Time> again_at;
  std::optional<std::string> payload;
  base::Went went = base::Went::well;  ///< How it went at the shop that the message is for.
};

class Outbox {
 public:
  using Handler = std::function<base::Task<OutboxVerdict>(const OutboxMessage&)>;

  Outbox(db::Database& database, base::Executor& executor, const base::Clock& clock, base::Random& random)
      : database_(database), executor_(executor), clock_(clock), random_(random), bell_(executor) {}

  /// Whether a shop whose messages fail or take long gets fewer places: not where all shops wait for the same bank.
  enum class Judged : std::uint8_t { no, by_shop };

  /// At start, before run(). At most `at_once` messages of the topic are handled at a time on this node, and a quarter
  /// of them for one shop.
  void handle(std::string topic, Handler handler, int at_once = 64, Judged judged = Judged::no);

  /// A message to be sent at `due_at` by the dispatcher.
  [[nodiscard]] base::Result<OutboxMessage> add(db::Tx& tx, base::ShopId shop, std::string_view topic,
                                                std::string subject, std::string payload, base::Time due_at);
  /// A message that the caller sends itself right after the commit by process(); the dispatcher takes it over if that
  /// never happens.
  [[nodiscard]] base::Result<OutboxMessage> add_leased(db::Tx& tx, base::ShopId shop, std::string_view topic,
                                                       std::string subject, std::string payload) const;
  /// Takes one message back that was not sent yet, or ends it in the handler's own commit, before its verdict.
  [[nodiscard]] base::Result<void> remove(db::Tx& tx, const OutboxMessage& message) const;
  /// What waits about a subject, or is being sent; the oldest first.
  [[nodiscard]] base::Result<std::vector<OutboxMessage>> waiting(db::ReadTx& tx, base::ShopId shop,
                                                                 std::string_view topic,
                                                                 std::string_view subject) const;

  /// Writes another payload while the message is being handled: what a handler must still know after a crash.
  [[nodiscard]] base::Task<base::Result<void>> save_payload(const OutboxMessage& message, std::string payload);
  /// Calls the handler and writes its verdict.
  [[nodiscard]] base::Task<void> process(OutboxMessage message);
  /// Claims and processes what is due, once; the number of messages. For jobs and tests.
  [[nodiscard]] base::Task<base::Result<int>> dispatch_due();
  /// Dispatches for ever, until stop(). Spawn it once.
  [[nodiscard]] base::Task<void> run();
  void stop() { bell_.stop(); }
  /// Messages being processed at this moment.
  [[nodiscard]] int in_flight() const { return in_flight_; }

 private:
  struct Topic {
    Handler handler;
    base::Places places;
    int share = 1;
  };
  // What one look found due for a shop, as many as there are places for.
  struct Due {
    std::string topic;
    base::ShopId shop{0};
    int messages = 0;
    base::Monotonic began;
  };
  [[nodiscard]] base::Result<OutboxMessage> insert(db::Tx& tx, OutboxMessage message, base::Time due_at) const;
  // Reserves the places of what it gives.
  [[nodiscard]] base::Task<base::Result<std::vector<Due>>> look();
  static base::Result<std::optional<base::Time>> find_next_due(db::ReadTx& tx, const std::vector<std::string>& topics,
                                                               const db::Statement& next_due);
  [[nodiscard]] base::Milliseconds wait_after(const base::Result<int>& dispatched);
  [[nodiscard]] std::vector<Due> reserve(const std::string& topic, const db::Rows& due_shops);
  // Gives back the places that it finds no message for.
  [[nodiscard]] base::Task<base::Result<int>> claim(Due due);
  struct Claimed {
    int messages = 0;
    std::optional<base::Error> error;
  };
  base::Task<void> claim_into(const Due& due, Claimed& claimed);
  base::Task<void> process_claimed(OutboxMessage message, Due due);
  [[nodiscard]] base::Task<base::Went> handle_message(OutboxMessage message);
  [[nodiscard]] std::optional<OutboxVerdict> unwritten(const OutboxMessage& message);
  void keep_unwritten(const OutboxMessage& message, OutboxVerdict verdict);
  void end(const Due& due, int messages, base::Went went);

  db::Database& database_;
  base::Executor& executor_;
  const base::Clock& clock_;
  base::Random& random_;
  mutable std::mutex mutex_;  // Of the places in topics_.
  std::map<std::string, Topic, std::less<>> topics_;
  struct Unwritten {
    int attempts = 0;  // Of the claim that it is about.
    OutboxVerdict verdict;
  };
  std::map<OutboxId, Unwritten> unwritten_;  // Under mutex_. What the database did not take, to be written later.
  base::Bell bell_;  // Rings when something may be due, when a place is free that was missing, and for the stop.
  std::atomic<int> in_flight_ = 0;
  bool crowded_ = false;  // Under mutex_. Places ran out before messages did.
  // When the first of those that were not due yet will be, as the last look saw it that found nothing due.
  std::optional<base::Time> next_due_;
};

}  // namespace acquit::platform
