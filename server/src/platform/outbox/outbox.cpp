#include "platform/outbox/outbox.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/parallel.h"
#include "db/statement.h"
#include "platform/outbox/message_table.h"

ACQUIT_EMBEDDED(sql_outbox)

namespace acquit::platform {
namespace {

// Longer than any handler takes (a notification waits 30 s); after it another node may take the message.
constexpr base::Milliseconds kLease{60'000};
// For what others have written: other servers and the operator's commands. Our own commits ring.
constexpr base::Milliseconds kLookEvery{1'000};
constexpr base::Milliseconds kLookWhileCrowded{250};    // A shop may have got more places meanwhile.
constexpr base::Milliseconds kLookSoon{5};              // No more often than so, however often it rings.
constexpr base::Milliseconds kLookAfterFailure{2'000};  // The database is away: no need to say so four times a second.
// One shop has a quarter of a topic's places at most.
constexpr int kShopShare = 4;
constexpr std::size_t kUnwrittenMax = 10'000;
constexpr std::size_t kClaimsAtOnce = 64;  // Each for one shop; they share commits.
// A message whose handler failed to write its verdict, or has no handler on this node.
constexpr base::Milliseconds kTryAgainIn{30'000};

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_outbox(), "outbox." + std::string(name), {kMessageTable});
}
const db::Statement kAdd = statement("add");
const db::Statement kClaim = statement("claim");
const db::Statement kDueShops = statement("due_shops");
const db::Statement kDueShopsSpread = statement("due_shops_spread");
const db::Statement kNextDue = statement("next_due");
const db::Statement kNextDueSpread = statement("next_due_spread");
const db::Statement kRemove = statement("remove");
const db::Statement kAgain = statement("again");
const db::Statement kSavePayload = statement("save_payload");
const db::Statement kWaiting = statement("waiting");

db::LaneKey lane(base::ShopId shop) {
  return {.value = static_cast<std::uint64_t>(shop.value()), .shop = shop.value()};
}

}  // namespace

base::Result<OutboxMessage> Outbox::insert(db::Tx& tx, OutboxMessage message, base::Time due_at) const {
  StoredMessage stored{.message = std::move(message), .due_at = due_at, .created_at = clock_.now()};
  ACQUIT_CHECK(tx.run(kAdd, kMessageTable.bind(stored)));
  return std::move(stored.message);
}

base::Result<OutboxMessage> Outbox::add(db::Tx& tx, base::ShopId shop, std::string_view topic, std::string subject,
                                        std::string payload, base::Time due_at) {
  tx.ring_at_end(bell_);
  return insert(tx,
                {.id = OutboxId::make(clock_, random_),
                 .shop = shop,
                 .topic = std::string(topic),
                 .subject = std::move(subject),
                 .payload = std::move(payload),
                 .attempts = 0},
                due_at);
}

base::Result<OutboxMessage> Outbox::add_leased(db::Tx& tx, base::ShopId shop, std::string_view topic,
                                               std::string subject, std::string payload) const {
  return insert(tx,
                {.id = OutboxId::make(clock_, random_),
                 .shop = shop,
                 .topic = std::string(topic),
                 .subject = std::move(subject),
                 .payload = std::move(payload),
                 .attempts = 1},
                clock_.now() + kLease);
}

base::Result<void> Outbox::remove(db::Tx& tx, const OutboxMessage& message) const {
  return tx.run(kRemove, {message.shop.value(), message.id.hex()});
}

base::Result<std::vector<OutboxMessage>> Outbox::waiting(db::ReadTx& tx, base::ShopId shop, std::string_view topic,
                                                         std::string_view subject) const {
  ACQUIT_TRY(std::vector<StoredMessage> stored, kMessageTable.read(tx.query(kWaiting, {shop.value(), topic, subject})));
  std::vector<OutboxMessage> messages;
  messages.reserve(stored.size());
  for (StoredMessage& one : stored) messages.push_back(std::move(one.message));
  return messages;
}

base::Task<base::Result<void>> Outbox::save_payload(const OutboxMessage& message, std::string payload) {
  co_return co_await database_.write(lane(message.shop), [&](db::Tx& tx) {
    return tx.run(kSavePayload, {message.shop.value(), message.id.hex(), payload});
  });
}

void Outbox::handle(std::string name, Handler handler, int at_once, Judged judged) {
  const int share = std::max(1, at_once / kShopShare);
  const base::Places::Limits limits{.total = at_once, .each = share, .judged = judged == Judged::by_shop};
  const std::lock_guard lock(mutex_);
  topics_.insert_or_assign(std::move(name),
                           Topic{.handler = std::move(handler), .places = base::Places(limits), .share = share});
}

base::Task<void> Outbox::process(OutboxMessage message) {
  const std::string topic = message.topic;
  const std::string shop = base::to_string(message.shop);
  const base::Monotonic began = clock_.monotonic();
  const base::Went went = co_await handle_message(std::move(message));
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  if (found == topics_.end()) co_return;
  found->second.places.judge(shop, std::chrono::duration_cast<base::Milliseconds>(now - began), went, now);
}

base::Task<base::Went> Outbox::handle_message(OutboxMessage message) {
  const auto topic = topics_.find(message.topic);  // Without the lock: topics and handlers stand since the start.
  OutboxVerdict verdict{.again_at = clock_.now() + kTryAgainIn, .payload = std::nullopt, .went = base::Went::nowhere};
  if (auto kept = unwritten(message)) {
    verdict = *std::move(kept);
  } else if (topic != topics_.end()) {
    verdict = co_await topic->second.handler(message);
  } else {
    base::log::error("outbox_topic_unknown", {{"topic", message.topic}, {"id", message.id.hex()}});
  }
  const auto written = co_await database_.write(lane(message.shop), [&](db::Tx& tx) -> base::Result<void> {
    if (!verdict.again_at) return remove(tx, message);
    const std::string& payload = verdict.payload ? *verdict.payload : message.payload;
    tx.ring_at_end(bell_);
    return tx.run(kAgain,
                  {message.shop.value(), message.id.hex(), base::to_ms(*verdict.again_at), message.attempts, payload});
  });
  // Not written: the claim's lease ends and the message comes round again.
  const base::Went went = verdict.went;
  if (!written) {
    base::log::failed("outbox_verdict", written.error());
    keep_unwritten(message, std::move(verdict));
  }
  co_return went;
}

// Good only for the very next claim: if another node had the message in between, its verdict is the newer one.
std::optional<OutboxVerdict> Outbox::unwritten(const OutboxMessage& message) {
  const std::lock_guard lock(mutex_);
  auto kept = unwritten_.extract(message.id);
  if (kept.empty() || kept.mapped().attempts + 1 != message.attempts) return std::nullopt;
  return std::move(kept.mapped().verdict);
}

void Outbox::keep_unwritten(const OutboxMessage& message, OutboxVerdict verdict) {
  verdict.went = base::Went::nowhere;  // It was counted already.
  const std::lock_guard lock(mutex_);
  if (unwritten_.size() >= kUnwrittenMax) unwritten_.erase(unwritten_.begin());  // Ids sort by age.
  unwritten_.insert_or_assign(message.id, Unwritten{.attempts = message.attempts, .verdict = std::move(verdict)});
}

// Shops that hold the fewest places come first, then those that wait longest.
std::vector<Outbox::Due> Outbox::reserve(const std::string& name, const db::Rows& due_shops) {
  struct Wanted {
    int taken;
    std::int64_t first_due;
    base::ShopId shop;
    int messages;
    auto operator<=>(const Wanted&) const = default;
  };
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  Topic& topic = topics_.find(name)->second;
  std::vector<Wanted> wanted;
  wanted.reserve(due_shops.size());
  for (const db::Row& row : due_shops) {
    const base::ShopId shop(row.integer(0));
    wanted.push_back({.taken = topic.places.taken_by(base::to_string(shop)),
                      .first_due = row.integer(1),
                      .shop = shop,
                      .messages = static_cast<int>(row.integer(2))});
  }
  std::ranges::sort(wanted);
  std::vector<Due> out;
  for (const Wanted& one : wanted) {
    const std::string shop = base::to_string(one.shop);
    const int room = topic.places.room(shop, now);
    // Some of its messages may stay behind, and a place may be free again in a moment.
    if (room <= one.messages) crowded_ = true;
    const int messages = std::min(room, one.messages);
    if (messages == 0) continue;
    for (int i = 0; i < messages; ++i) topic.places.begin(shop, now);
    out.push_back({.topic = name, .shop = one.shop, .messages = messages, .began = now});
  }
  return out;
}

void Outbox::end(const Due& due, int messages, base::Went went) {
  const base::Monotonic now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  base::Places& places = topics_.find(due.topic)->second.places;
  for (int i = 0; i < messages; ++i) places.end(base::to_string(due.shop), due.began, now, went);
  if (crowded_) bell_.ring();
}

base::Result<std::optional<base::Time>> Outbox::find_next_due(db::ReadTx& tx, const std::vector<std::string>& topics,
                                                              const db::Statement& next_due) {
  std::vector<db::Asked> asked;
  asked.reserve(topics.size());
  for (const std::string& name : topics) asked.push_back(tx.ask(next_due, {name}));
  std::optional<base::Time> first;
  for (db::Asked& one : asked) {
    ACQUIT_TRY(const auto row, one.first());
    if (!row || row->is_null(0)) continue;
    const base::Time due = base::time_from_ms(row->integer(0));
    if (!first || due < *first) first = due;
  }
  return first;
}

base::Task<base::Result<std::vector<Outbox::Due>>> Outbox::look() {
  std::vector<std::string> topics;
  std::vector<int> shares;
  {
    const std::lock_guard lock(mutex_);
    crowded_ = false;
    for (const auto& [name, topic] : topics_) {
      topics.push_back(name);
      shares.push_back(topic.share);
    }
  }
  const bool spread = database_.spread_by_shop();
  std::vector<db::Rows> found;
  ACQUIT_CO_TRY(
      const auto next_due, co_await database_.read([&](db::ReadTx& tx) -> base::Result<std::optional<base::Time>> {
        found.clear();
        const std::int64_t now = base::to_ms(clock_.now());
        std::vector<db::Asked> asked;
        for (std::size_t i = 0; i < topics.size(); ++i) {
          asked.push_back(tx.ask(spread ? kDueShopsSpread : kDueShops, {topics[i], now, shares[i]}));
        }
        bool any = false;
        for (db::Asked& one : asked) {
          ACQUIT_TRY(db::Rows rows, one.rows());
          any = any || !rows.empty();
          found.push_back(std::move(rows));
        }
        return any ? std::optional<base::Time>() : find_next_due(tx, topics, spread ? kNextDueSpread : kNextDue);
      }));
  {
    const std::lock_guard lock(mutex_);
    next_due_ = next_due;
  }
  std::vector<Due> all;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    for (Due& due : reserve(topics[i], found[i])) all.push_back(std::move(due));
  }
  co_return all;
}

base::Task<base::Result<int>> Outbox::claim(Due due) {
  const std::int64_t now = base::to_ms(clock_.now());
  auto rows = co_await database_.write(lane(due.shop), [&](db::Tx& tx) {
    return tx.query(kClaim, {due.topic, due.shop.value(), now, due.messages, now + kLease.count()});
  });
  const int claimed = rows ? static_cast<int>(rows->size()) : 0;
  end(due, due.messages - claimed, base::Went::nowhere);
  if (!rows) co_return std::unexpected(rows.error());
  for (db::Row& row : *rows) {
    auto stored = kMessageTable.read(std::move(row));
    if (!stored) {
      base::log::failed("outbox_message", stored.error());
      end(due, 1, base::Went::nowhere);
      continue;
    }
    ++in_flight_;
    base::spawn(process_claimed(std::move(stored->message), due), [this] { --in_flight_; });
  }
  co_return claimed;
}

base::Task<void> Outbox::process_claimed(OutboxMessage message, Due due) {
  const base::Went went = co_await handle_message(std::move(message));
  end(due, 1, went);
}

base::Task<void> Outbox::claim_into(const Due& due, Claimed& claimed) {
  const auto messages = co_await claim(due);
  const std::lock_guard lock(mutex_);
  if (messages) {
    claimed.messages += *messages;
  } else {
    claimed.error = messages.error();
  }
}

base::Task<base::Result<int>> Outbox::dispatch_due() {
  ACQUIT_CO_TRY(const std::vector<Due> due, co_await look());
  Claimed claimed;
  co_await base::for_each_at_once(executor_, due, kClaimsAtOnce,
                                  [&](const Due& one) { return claim_into(one, claimed); });
  if (claimed.error) co_return std::unexpected(*std::move(claimed.error));
  co_return claimed.messages;
}

// A look that found something is followed by another; one that found nothing knows when to come back.
base::Milliseconds Outbox::wait_after(const base::Result<int>& dispatched) {
  if (!dispatched) return kLookAfterFailure;
  if (*dispatched > 0) return kLookSoon;
  const std::lock_guard lock(mutex_);
  if (crowded_) return kLookWhileCrowded;
  if (!next_due_) return kLookEvery;
  const auto left = std::chrono::ceil<base::Milliseconds>(*next_due_ - clock_.now());
  return std::clamp(left, base::Milliseconds{0}, kLookEvery);
}

base::Task<void> Outbox::run() {
  while (!bell_.stopped()) {
    const base::Monotonic began = clock_.monotonic();
    const auto dispatched = co_await dispatch_due();
    if (!dispatched) base::log::failed("outbox_dispatch", dispatched.error());
    co_await bell_.wait(wait_after(dispatched));
    if (clock_.monotonic() - began < kLookSoon) co_await executor_.sleep(kLookSoon);
  }
}

}  // namespace acquit::platform
