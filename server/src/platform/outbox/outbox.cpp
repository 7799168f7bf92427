#include "platform/outbox/outbox.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_outbox)

namespace acquit::platform {
namespace {

// Longer than any handler takes (a notification waits 30 s); after it another node may take the message.
constexpr base::Milliseconds kLease{60'000};
constexpr base::Milliseconds kLookEvery{250};
constexpr base::Milliseconds kLookSoon{5};
constexpr base::Milliseconds kLookAfterFailure{2'000};  // The database is away: no need to say so four times a second.
// One shop has a quarter of a topic's places, and nearly twice that at most: no claim is larger than the quarter.
constexpr int kShopShare = 4;
// A message whose handler failed to write its verdict, or has no handler on this node.
constexpr base::Milliseconds kTryAgainIn{30'000};

db::Statement statement(std::string_view name) {
  return db::load_statement(embedded::sql_outbox(), "outbox." + std::string(name));
}
const db::Statement kAdd = statement("add");
const db::Statement kClaim = statement("claim");
const db::Statement kAnyDue = statement("any_due");
const db::Statement kRemove = statement("remove");
const db::Statement kAgain = statement("again");
const db::Statement kSavePayload = statement("save_payload");
const db::Statement kWaiting = statement("waiting");

db::LaneKey lane(base::ShopId shop) { return {static_cast<std::uint64_t>(shop.value())}; }

base::Result<OutboxMessage> to_message(const db::Row& row) {
  const auto id = OutboxId::parse(row.text(0));
  if (!id) return base::fail(base::ErrorCode::internal, "outbox holds the id " + row.text(0));
  return OutboxMessage{.id = *id,
                       .shop = base::ShopId(row.integer(1)),
                       .topic = row.text(2),
                       .subject = row.text(3),
                       .payload = row.text(4),
                       .attempts = static_cast<int>(row.integer(5))};
}

}  // namespace

base::Result<OutboxMessage> Outbox::insert(db::Tx& tx, OutboxMessage m, base::Time due_at) const {
  ACQUIT_CHECK(tx.run(kAdd, {m.id.hex(), m.shop.value(), m.topic, m.subject, m.payload, m.attempts, base::to_ms(due_at),
                             base::to_ms(clock_.now())}));
  return m;
}

base::Result<OutboxMessage> Outbox::add(db::Tx& tx, base::ShopId shop, std::string_view topic, std::string subject,
                                        std::string payload, base::Time due_at) const {
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

base::Result<void> Outbox::remove(db::Tx& tx, OutboxId id) const { return tx.run(kRemove, {id.hex()}); }

base::Result<std::vector<OutboxMessage>> Outbox::waiting(db::ReadTx& tx, base::ShopId shop, std::string_view topic,
                                                         std::string_view subject) const {
  ACQUIT_TRY(const db::Rows rows, tx.query(kWaiting, {shop.value(), topic, subject}));
  std::vector<OutboxMessage> out;
  out.reserve(rows.size());
  for (const db::Row& row : rows) {
    ACQUIT_TRY(OutboxMessage message, to_message(row));
    out.push_back(std::move(message));
  }
  return out;
}

base::Task<base::Result<void>> Outbox::save_payload(const OutboxMessage& message, std::string payload) {
  co_return co_await database_.write(lane(message.shop),
                                     [&](db::Tx& tx) { return tx.run(kSavePayload, {message.id.hex(), payload}); });
}

void Outbox::handle(std::string topic, Handler handler, int at_once) {
  const std::lock_guard lock(mutex_);
  topics_[std::move(topic)] = Topic{.handler = std::move(handler), .at_once = at_once, .in_flight = 0, .by_shop = {}};
}

base::Task<void> Outbox::process(OutboxMessage message) {
  const auto topic = topics_.find(message.topic);  // Without the lock: topics and handlers stand since the start.
  OutboxVerdict verdict{.again_at = clock_.now() + kTryAgainIn, .payload = std::nullopt};
  if (topic != topics_.end()) {
    verdict = co_await topic->second.handler(message);
  } else {
    base::log::error("outbox_topic_unknown", {{"topic", message.topic}, {"id", message.id.hex()}});
  }
  const auto written = co_await database_.write(lane(message.shop), [&](db::Tx& tx) -> base::Result<void> {
    if (!verdict.again_at) return tx.run(kRemove, {message.id.hex()});
    const std::string& payload = verdict.payload ? *verdict.payload : message.payload;
    return tx.run(kAgain, {message.id.hex(), base::to_ms(*verdict.again_at), message.attempts, payload});
  });
  // Not written: the claim's lease ends and the message comes round again.
  if (!written) base::log::failed("outbox_verdict", written.error());
}

// Topics that have a place free.
std::vector<Outbox::Room> Outbox::rooms() const {
  const std::lock_guard lock(mutex_);
  std::vector<Room> rooms;
  for (const auto& [name, topic] : topics_) {
    const int share = std::max(1, topic.at_once / kShopShare);
    const int places = std::min(share, topic.at_once - topic.in_flight);
    if (places <= 0) continue;
    Room room{.topic = name, .places = places, .full_shops = ","};
    for (const auto& [shop, count] : topic.by_shop) {
      if (count >= share) room.full_shops += base::to_string(shop) + ",";
    }
    rooms.push_back(std::move(room));
  }
  return rooms;
}

void Outbox::begin(const OutboxMessage& message) {
  ++in_flight_;
  const std::lock_guard lock(mutex_);
  Topic& topic = topics_.find(message.topic)->second;
  ++topic.in_flight;
  ++topic.by_shop[message.shop];
}

void Outbox::end(const std::string& name, base::ShopId shop) {
  {
    const std::lock_guard lock(mutex_);
    Topic& topic = topics_.find(name)->second;
    --topic.in_flight;
    if (--topic.by_shop[shop] == 0) topic.by_shop.erase(shop);
  }
  --in_flight_;
}

base::Task<base::Result<int>> Outbox::dispatch_due() {
  const std::int64_t now = base::to_ms(clock_.now());
  std::vector<Room> due = rooms();
  ACQUIT_CO_CHECK(co_await database_.read([&](db::ReadTx& tx) -> base::Result<void> {
    std::vector<Room> some;
    for (Room& room : due) {
      ACQUIT_TRY(const auto row, tx.find(kAnyDue, {room.topic, now, room.full_shops}));
      if (row) some.push_back(std::move(room));
    }
    due = std::move(some);
    return {};
  }));
  int claimed = 0;
  for (const Room& room : due) {
    ACQUIT_CO_TRY(const db::Rows rows, co_await database_.write(db::LaneKey{}, [&](db::Tx& tx) {
      return tx.query(kClaim, {room.topic, now, now + kLease.count(), room.places, room.full_shops});
    }));
    for (const db::Row& row : rows) {
      ACQUIT_CO_TRY(OutboxMessage message, to_message(row));
      begin(message);
      const std::string topic = message.topic;
      const base::ShopId shop = message.shop;
      base::spawn(process(std::move(message)), [this, topic, shop] { end(topic, shop); });
    }
    claimed += static_cast<int>(rows.size());
    more_ = more_ || std::cmp_equal(rows.size(), room.places);
  }
  co_return claimed;
}

base::Task<void> Outbox::run() {
  while (!stopped_) {
    const auto dispatched = co_await dispatch_due();
    if (!dispatched) base::log::failed("outbox_dispatch", dispatched.error());
    base::Milliseconds waited{0};
    base::Milliseconds wait = std::exchange(more_, false) ? kLookSoon : kLookEvery;
    if (!dispatched) wait = kLookAfterFailure;
    while (waited < wait && !stopped_ && !nudged_.exchange(false)) {
      co_await executor_.sleep(kLookSoon);
      waited += kLookSoon;
    }
  }
}

}  // namespace acquit::platform
