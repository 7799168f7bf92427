#include "platform/outbox/outbox.h"

#include <utility>
#include <vector>

#include "base/log.h"
#include "db/statement.h"

ACQUIT_EMBEDDED(sql_outbox)

namespace acquit::platform {
namespace {

// Longer than any handler takes (a notification waits 30 s); after it another node may take the message.
constexpr base::Milliseconds kLease{60'000};
constexpr base::Milliseconds kLookEvery{250};
constexpr base::Milliseconds kLookSoon{5};
constexpr int kClaimMax = 64;
constexpr int kInFlightMax = 256;
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
const db::Statement kRemoveSubject = statement("remove_subject");

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

base::Result<void> Outbox::remove(db::Tx& tx, base::ShopId shop, std::string_view topic,
                                  std::string_view subject) const {
  return tx.run(kRemoveSubject, {shop.value(), topic, subject});
}

base::Task<base::Result<void>> Outbox::save_payload(const OutboxMessage& message, std::string payload) {
  co_return co_await database_.write(lane(message.shop),
                                     [&](db::Tx& tx) { return tx.run(kSavePayload, {message.id.hex(), payload}); });
}

base::Task<void> Outbox::process(OutboxMessage message) {
  const auto handler = handlers_.find(message.topic);
  OutboxVerdict verdict{.again_at = clock_.now() + kTryAgainIn, .payload = std::nullopt};
  if (handler == handlers_.end()) {
    base::log::error("outbox_topic_unknown", {{"topic", message.topic}, {"id", message.id.hex()}});
  } else {
    verdict = co_await handler->second(message);
  }
  const auto written = co_await database_.write(lane(message.shop), [&](db::Tx& tx) -> base::Result<void> {
    if (!verdict.again_at) return tx.run(kRemove, {message.id.hex()});
    const std::string& payload = verdict.payload ? *verdict.payload : message.payload;
    return tx.run(kAgain, {message.id.hex(), base::to_ms(*verdict.again_at), message.attempts, payload});
  });
  // Not written: the claim's lease ends and the message comes round again.
  if (!written) base::log::failed("outbox_verdict", written.error());
}

base::Task<base::Result<int>> Outbox::dispatch_due() {
  const std::int64_t now = base::to_ms(clock_.now());
  ACQUIT_CO_TRY(const auto due, co_await database_.read([&](db::ReadTx& tx) { return tx.find(kAnyDue, {now}); }));
  if (!due) co_return 0;
  ACQUIT_CO_TRY(const db::Rows rows, co_await database_.write(db::LaneKey{}, [&](db::Tx& tx) {
    return tx.query(kClaim, {now, now + kLease.count(), kClaimMax});
  }));
  for (const db::Row& row : rows) {
    ACQUIT_CO_TRY(OutboxMessage message, to_message(row));
    ++in_flight_;
    base::spawn(process(std::move(message)), [this] { --in_flight_; });
  }
  co_return static_cast<int>(rows.size());
}

base::Task<void> Outbox::run() {
  while (!stopped_) {
    int claimed = 0;
    if (in_flight_ < kInFlightMax) {
      auto dispatched = co_await dispatch_due();
      if (!dispatched) base::log::failed("outbox_dispatch", dispatched.error());
      claimed = dispatched.value_or(0);
    }
    base::Milliseconds waited{0};
    const base::Milliseconds wait = claimed == kClaimMax ? kLookSoon : kLookEvery;
    while (waited < wait && !stopped_ && !nudged_.exchange(false)) {
      co_await executor_.sleep(kLookSoon);
      waited += kLookSoon;
    }
  }
}

}  // namespace acquit::platform
