#include "notifications/notifier.h"

#include "base/log.h"
#include "http/shown_url.h"
#include "notifications/being_told.h"
#include "notifications/mail_queue.h"
#include "notifications/notices.h"
#include "payments/ending/announcements.h"
#include "platform/mail/address.h"

namespace acquit::notifications {
namespace {

using base::ErrorCode;
using payments::TransactionId;
using platform::OutboxMessage;
using platform::OutboxVerdict;

constexpr base::Milliseconds kTryAgainIn{30'000};
constexpr std::chrono::days kDay{1};
const OutboxVerdict kDone{.again_at = std::nullopt, .payload = std::nullopt};
constexpr std::string_view kEventNotification = "notification";

/// Where a call by hand goes: the rule's URL, whatever the form asked for.
base::Result<std::string> target_by_hand(const Subject& subject, merchants::Rule kind) {
  const auto no = [kind](const std::string& why) {
    const std::string name(merchants::to_string(kind));
    return base::fail(ErrorCode::wrong_state, "the shop's rule " + name + " " + why, "notification");
  };
  const merchants::NotificationRule* const rule = subject.shop->find_rule(kind);
  if (rule == nullptr || !rule->enabled) return no("is not enabled");
  const merchants::Mode mode = subject.payment.mode;
  if (rule->url(mode).empty()) return no("has no URL for mode " + std::string(merchants::to_string(mode)));
  return rule->url(mode);
}

base::Actor actor_of(const Series& series) {
  const bool by_buyer = series.rule == merchants::Rule::end_of_payment || series.rule == merchants::Rule::cancellation;
  return by_buyer && series.replay == 0 ? base::Actor::shop() : base::Actor::job();
}

/// When a series goes on after `delivery`; nothing if it does not.
std::optional<base::Time> next_call(const merchants::NotificationRule& rule, const Series& series,
                                    const Delivery& delivery) {
  if (delivery.succeeded || !rule.automatic_replay || series.is_last()) return std::nullopt;
  return next_quarter(delivery.at);
}

void log_call(const Delivery& delivery) {
  const auto level = delivery.succeeded ? base::LogLevel::debug : base::LogLevel::warning;
  base::log::write(level, "notification_called",
                   {{"shop", base::to_string(delivery.shop)},
                    {"transaction", delivery.transaction.hex()},
                    {"telling", to_string(delivery.telling)},
                    {"attempt", delivery.attempt},
                    {"succeeded", delivery.succeeded},
                    {"http_status", delivery.http_status},
                    {"duration_ms", delivery.duration.count()}});
}

// Calls that the database did not take; beyond that they are made again.
constexpr std::size_t kUnwrittenMax = 10'000;
// Calls wait for shops, up to half a minute each.
constexpr int kCallsAtOnce = 256;
constexpr int kMailsAtOnce = 32;

}  // namespace

void Notifier::register_handlers() {
  using enum platform::Outbox::Judged;
  const auto handle = [this](std::string_view topic, auto member, int at_once, auto judged) {
    services_.outbox.handle(
        std::string(topic), [this, member](const OutboxMessage& message) { return (this->*member)(message); }, at_once,
        judged);
  };
  handle(payments::kTopicNotification, &Notifier::send_notification, kCallsAtOnce, by_shop);
  handle(payments::kTopicBuyerTicket, &Notifier::send_buyer_ticket, kMailsAtOnce, no);
  handle(payments::kTopicMerchantMail, &Notifier::send_merchant_mail, kMailsAtOnce, no);
  handle(kTopicFormDigest, &Notifier::send_form_digest, kMailsAtOnce, no);
  handle(kTopicMail, &Notifier::send_mail, kMailsAtOnce, by_shop);
}

OutboxVerdict Notifier::later(std::string_view what, const base::Error& error) const {
  base::log::failed(what, error);
  if (error.code == ErrorCode::not_found) return kDone;  // It will not appear; an old TEST payment may be purged.
  return soon();
}

OutboxVerdict Notifier::soon() const {
  return {.again_at = services_.clock.now() + kTryAgainIn, .payload = std::nullopt, .went = base::Went::nowhere};
}

base::Task<base::Result<Notifier::Known>> Notifier::load(base::ShopId shop, TransactionId transaction,
                                                         std::optional<DeliveryId> earlier) {
  ACQUIT_CO_TRY(auto config, co_await services_.directory.find(shop));
  co_return co_await services_.database.read([&](db::ReadTx& tx) -> base::Result<Known> {
    ACQUIT_TRY(payments::Transaction found, services_.store.load_transaction(tx, shop, transaction));
    ACQUIT_TRY(std::optional<payments::Payment> payment, services_.store.find_payment(tx, shop, found.payment));
    if (!payment) return base::fail(ErrorCode::not_found, "no payment for the transaction " + transaction.hex());
    std::optional<Delivery> delivery;
    if (earlier) {
      ACQUIT_TRY(delivery, deliveries_.find(tx, shop, *earlier, services_.clock.now()));
    }
    return Known{.subject = {{*std::move(payment), std::move(found)}, config}, .earlier = std::move(delivery)};
  });
}

base::Result<const Formatter*> Notifier::formatter_of(const Subject& subject) const {
  const Formatter* const formatter = formatters_(subject.payment.protocol);
  if (formatter != nullptr) return formatter;
  return base::fail(ErrorCode::unsupported, "nobody words notifications of the protocol " + subject.payment.protocol);
}

base::Task<base::Result<CallOutcome>> Notifier::call(Occasion occasion) {
  ACQUIT_CO_TRY(const Formatter* const formatter, formatter_of(occasion.subject));
  ACQUIT_CO_TRY(Call call, formatter->call(occasion));
  call.request.time_limit = std::min(call.request.time_limit, options_.call_limit);
  const base::Monotonic began = services_.clock.monotonic();
  const auto answer = co_await client_.send(std::move(call.request));
  const auto took = std::chrono::duration_cast<base::Milliseconds>(services_.clock.monotonic() - began);
  co_return to_outcome(call, answer, took);
}

std::string Notifier::history(const Subject& subject, merchants::Rule rule, const CallOutcome& outcome) const {
  return history_line(outcome, rule_label(translator_, language_of(subject.shop->shop.language), rule));
}

base::Task<base::Result<void>> Notifier::write(const Record& record) {
  const Delivery& delivery = record.delivery;
  const auto lane = payments::Services::lane(delivery.shop, delivery.transaction);
  co_return co_await services_.database.write(lane, [&](db::Tx& tx) -> base::Result<void> {
    ACQUIT_TRY(const auto transaction, services_.store.lock_transaction(tx, delivery.shop, delivery.transaction));
    ACQUIT_TRY(const bool added, deliveries_.add(tx, delivery));
    if (!added) return {};  // Another node had the same message and was faster.
    ACQUIT_CHECK(services_.store.add_operation(tx, transaction, kEventNotification, record.actor,
                                               base::Money::zero(transaction.amount.currency()), record.history));
    if (record.alert) {
      bool wanted = true;
      if (!record.once_a_day.empty()) {
        ACQUIT_TRY(wanted, may_tell(tx, delivery.shop, record.once_a_day, delivery.at, kDay));
      }
      if (wanted) ACQUIT_CHECK(queue_mail(services_, tx, delivery.shop, *record.alert));
    }
    if (!record.ends_series) return {};
    return end_series(tx, delivery);
  });
}

base::Result<void> Notifier::end_series(db::Tx& tx, const Delivery& delivery) const {
  ACQUIT_TRY(const auto waiting,
             services_.outbox.waiting(tx, delivery.shop, payments::kTopicNotification, delivery.transaction.hex()));
  for (const OutboxMessage& message : waiting) {
    const auto series = parse_series(message.payload);
    if (!series || series->rule != delivery.rule) continue;
    ACQUIT_CHECK(services_.outbox.remove(tx, message));
  }
  return {};
}

base::Task<base::Result<Notifier::Record>> Notifier::call_for(const Subject& subject, const Series& series,
                                                              const platform::OutboxId& message,
                                                              const std::string& url) {
  ACQUIT_CO_TRY(const CallOutcome outcome, co_await call({.subject = subject,
                                                          .rule = series.rule,
                                                          .telling = series.telling(),
                                                          .url = url,
                                                          .id = message.hex(),
                                                          .at = services_.clock.now()}));
  Record record{.delivery = {.shop = subject.payment.shop,
                             .id = delivery_id(message, series.replay),
                             .transaction = subject.transaction.id,
                             .rule = series.rule,
                             .telling = series.telling(),
                             .attempt = series.attempt(),
                             .target = http::shown_url(url),
                             .succeeded = outcome.succeeded(),
                             .http_status = outcome.http_status,
                             .duration = outcome.duration,
                             .response = outcome.response,
                             .at = services_.clock.now()},
                .actor = actor_of(series),
                .history = history(subject, series.rule, outcome),
                .alert = std::nullopt,
                .ends_series = outcome.stops};
  const Delivery& delivery = record.delivery;
  log_call(delivery);
  const merchants::NotificationRule& rule = *subject.shop->find_rule(series.rule);
  const std::optional<base::Time> again = outcome.stops ? std::nullopt : next_call(rule, series, delivery);
  const Alert alert{.subject = subject,
                    .series = series,
                    .outcome = outcome,
                    .url = delivery.target,
                    .at = delivery.at,
                    .again = again};
  if (delivery.is_doubtful()) {
    record.alert = doubtful_mail(translator_, alert);
    record.once_a_day = "redirect " + std::string(merchants::to_string(series.rule)) + " " +
                        std::string(merchants::to_string(subject.payment.mode));
  } else if (!delivery.succeeded) {
    record.alert = alert_mail(translator_, alert);
  }
  if (record.alert) record.alert->to = mail::split_addresses(rule.alert_addresses);
  co_return record;
}

std::optional<Notifier::Record> Notifier::unwritten(const DeliveryId& id) {
  const std::lock_guard lock(mutex_);
  auto kept = unwritten_.extract(id);
  return kept.empty() ? std::nullopt : std::optional(std::move(kept.mapped()));
}

void Notifier::keep_unwritten(Record record) {
  const std::lock_guard lock(mutex_);
  if (unwritten_.size() < kUnwrittenMax) unwritten_.insert_or_assign(record.delivery.id, std::move(record));
}

base::Task<OutboxVerdict> Notifier::send_notification(const OutboxMessage& message) {
  const auto series = parse_series(message.payload);
  const auto transaction = TransactionId::parse(message.subject);
  if (!series || !transaction) {
    base::log::error("notification_unreadable", {{"id", message.id.hex()}, {"payload", message.payload}});
    co_return kDone;
  }
  const DeliveryId id = delivery_id(message.id, series->replay);
  const auto known = co_await load(message.shop, *transaction, id);
  if (!known) co_return later("notification", known.error());
  const Subject& subject = known->subject;
  const auto url = target_of(subject, series->rule);
  if (!url) co_return kDone;
  std::optional<Record> record = unwritten(id);
  const bool was_called = known->earlier.has_value();
  if (!record && !was_called) {
    auto called = co_await call_for(subject, *series, message.id, *url);
    if (!called) {
      base::log::failed("notification_not_made", called.error());
      co_return soon();
    }
    record = *std::move(called);
  }
  const Delivery& delivery = was_called ? *known->earlier : record->delivery;
  // Where the shop stopped the series, the commit that says so took the message away.
  const auto again = record && record->ends_series
                         ? std::nullopt
                         : next_call(*subject.shop->find_rule(series->rule), *series, delivery);
  // What is repeated later on is not news about the shop.
  const base::Went went = was_called ? base::Went::nowhere : delivery.succeeded ? base::Went::well : base::Went::badly;
  if (!was_called) {
    const auto written = co_await write(*record);
    if (!written) {
      keep_unwritten(*std::move(record));
      OutboxVerdict verdict = later("notification", written.error());
      verdict.went = went;
      co_return verdict;
    }
  }
  if (!again) co_return OutboxVerdict{.again_at = std::nullopt, .payload = std::nullopt, .went = went};
  co_return OutboxVerdict{.again_at = again, .payload = to_payload(series->next()), .went = went};
}

base::Task<base::Result<CallByHand>> Notifier::replay_notification(ByHand wanted) {
  ACQUIT_CO_TRY(const Known known, co_await load(wanted.shop, wanted.transaction, std::nullopt));
  const Subject& subject = known.subject;
  ACQUIT_CO_TRY(const std::string url, target_by_hand(subject, wanted.rule));
  const DeliveryId id = DeliveryId::make(services_.clock, services_.random);
  ACQUIT_CO_TRY(const CallOutcome outcome, co_await call({.subject = subject,
                                                          .rule = wanted.rule,
                                                          .telling = Telling::by_hand,
                                                          .url = url,
                                                          .id = id.hex(),
                                                          .at = services_.clock.now()}));
  const Record record{.delivery = {.shop = wanted.shop,
                                   .id = id,
                                   .transaction = wanted.transaction,
                                   .rule = wanted.rule,
                                   .telling = Telling::by_hand,
                                   .attempt = 1,
                                   .target = http::shown_url(url),
                                   .succeeded = outcome.succeeded(),
                                   .http_status = outcome.http_status,
                                   .duration = outcome.duration,
                                   .response = outcome.response,
                                   .at = services_.clock.now()},
                      .actor = std::move(wanted.actor),
                      .history = history(subject, wanted.rule, outcome),
                      .alert = std::nullopt,
                      .ends_series = outcome.succeeded()};
  log_call(record.delivery);
  CallByHand made{.delivery = record.delivery};
  // No message comes round that could note it later, and whoever asked must not take the call for one that failed.
  if (auto written = co_await write(record); !written) made.unnoted = std::move(written).error();
  co_return made;
}

}  // namespace acquit::notifications
