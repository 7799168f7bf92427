#include "base/list.h"
#include "base/log.h"
#include "base/number.h"
#include "notifications/mail_queue.h"
#include "notifications/notices.h"
#include "notifications/notifier.h"
#include "payments/ending/announcements.h"
#include "platform/mail/address.h"
#include "platform/request_traces/request_traces.h"

namespace acquit::notifications {
namespace {

using base::ErrorCode;
using payments::TransactionId;
using platform::OutboxMessage;
using platform::OutboxVerdict;

const OutboxVerdict kDone{.again_at = std::nullopt, .payload = std::nullopt};

// Of one shop about its refused forms.
constexpr std::chrono::hours kFormMailsEvery{1};
constexpr std::string_view kNoticeFormError = "form_error";

// Trying again can't mend these.
bool is_hopeless(const base::Error& error) {
  return error.code == ErrorCode::field_format || error.code == ErrorCode::field_missing;
}

}  // namespace

base::Task<OutboxVerdict> Notifier::queue_about(const OutboxMessage& message, std::string_view event, MailsOf compose) {
  const auto transaction = TransactionId::parse(message.subject);
  if (!transaction) {
    base::log::error("mail_unreadable", {{"id", message.id.hex()}, {"topic", message.topic}});
    co_return kDone;
  }
  const auto loaded = co_await load(message.shop, *transaction, std::nullopt);
  if (!loaded) co_return later("mail_compose", loaded.error());
  const mail::Mail mail = compose(loaded->subject);
  if (mail.to.empty()) co_return kDone;
  const auto lane = payments::Services::lane(message.shop);
  const auto queued = co_await services_.database.write(lane, [&](db::Tx& tx) -> base::Result<void> {
    const payments::Transaction& about = loaded->subject.transaction;
    ACQUIT_CHECK(queue_mail(services_, tx, message.shop, mail));
    ACQUIT_CHECK(services_.store.add_operation(tx, about, event, base::Actor::job(),
                                               base::Money::zero(about.amount.currency()),
                                               "to: " + base::join(mail.to, ";")));
    // In the same commit, so that a crash before the verdict does not queue the mail twice.
    return services_.outbox.remove(tx, message);
  });
  if (!queued) co_return later("mail_queue", queued.error());
  co_return kDone;
}

base::Task<OutboxVerdict> Notifier::send_buyer_ticket(const OutboxMessage& message) {
  return queue_about(message, "mail_buyer", [this](const Subject& subject) {
    const Formatter* const formatter = formatters_(subject.payment.protocol);
    const merchants::Shop& shop = subject.shop->shop;
    const ShopFace face = formatter == nullptr
                              ? ShopFace{.name = shop.name, .url = shop.url}
                              : ShopFace{.name = formatter->shop_name(subject), .url = formatter->shop_url(subject)};
    mail::Mail mail = buyer_ticket(translator_, subject, face);
    if (!mail::is_address(mail.reply_to)) mail.reply_to.clear();
    if (mail::is_address(subject.payment.buyer.email)) mail.to = {subject.payment.buyer.email};
    return mail;
  });
}

base::Task<OutboxVerdict> Notifier::send_merchant_mail(const OutboxMessage& message) {
  return queue_about(message, "mail_merchant", [this](const Subject& subject) {
    mail::Mail mail = merchant_mail(translator_, subject);
    mail.to = mail::split_addresses(subject.shop->shop.merchant_mail);
    return mail;
  });
}

base::Task<OutboxVerdict> Notifier::send_mail(const OutboxMessage& message) {
  auto queued = parse_queued_mail(message.payload);
  if (!queued) {
    base::log::error("mail_unreadable", {{"id", message.id.hex()}, {"topic", message.topic}});
    co_return kDone;
  }
  const auto sent = co_await mailer_.send(queued->mail);
  if (sent) co_return kDone;
  ++queued->refusals;
  base::log::failed("mail_send", sent.error());
  const auto again = is_hopeless(sent.error())
                         ? std::nullopt
                         : next_mail_try(queued->queued_at, queued->refusals, services_.clock.now());
  if (!again) {
    base::log::error("mail_given_up",
                     {{"shop", base::to_string(message.shop)}, {"id", message.id.hex()}, {"tries", queued->refusals}});
    co_return OutboxVerdict{.again_at = std::nullopt, .payload = std::nullopt, .went = base::Went::badly};
  }
  co_return OutboxVerdict{.again_at = again, .payload = to_payload(*queued), .went = base::Went::badly};
}

base::Result<void> Notifier::queue_form_error_mail(db::Tx& tx, const merchants::Shop& shop,
                                                   const RefusedForm& error) const {
  const base::Time now = services_.clock.now();
  ACQUIT_TRY(const bool alone, may_tell(tx, shop.id, kNoticeFormError, now, kFormMailsEvery));
  if (alone) {
    mail::Mail mail = form_error_mail(translator_, shop, error, now);
    mail.to = mail::split_addresses(shop.contact_email);
    return queue_mail(services_, tx, shop.id, mail);
  }
  ACQUIT_TRY(const bool opens_digest, may_tell(tx, shop.id, kTopicFormDigest, now, kFormMailsEvery));
  if (!opens_digest) return {};
  ACQUIT_CHECK(services_.outbox.add(tx, shop.id, kTopicFormDigest, base::to_string(shop.id),
                                    std::to_string(base::to_ms(now)), now + kFormMailsEvery));
  return {};
}

base::Task<OutboxVerdict> Notifier::send_form_digest(const OutboxMessage& message) {
  const auto since_ms = base::parse_int<std::int64_t>(message.payload);
  if (!since_ms) {
    base::log::error("mail_unreadable", {{"id", message.id.hex()}, {"topic", message.topic}});
    co_return kDone;
  }
  const auto shop = co_await services_.directory.find(message.shop);
  if (!shop) co_return later("form_digest", shop.error());
  const base::Time since = base::time_from_ms(*since_ms);
  const auto counts = co_await services_.database.read([&](db::ReadTx& tx) {
    return platform::count_signed_traces(tx, message.shop, merchants::to_string(merchants::Mode::production), since);
  });
  if (!counts) co_return later("form_digest", counts.error());
  if (counts->empty()) co_return kDone;
  mail::Mail mail = form_digest_mail(translator_, (*shop)->shop, *counts, since);
  mail.to = mail::split_addresses((*shop)->shop.contact_email);
  const auto lane = payments::Services::lane(message.shop);
  const auto queued = co_await services_.database.write(lane, [&](db::Tx& tx) -> base::Result<void> {
    // What comes next waits for an hour again.
    ACQUIT_CHECK(may_tell(tx, message.shop, kNoticeFormError, services_.clock.now(), base::Milliseconds{0}));
    ACQUIT_CHECK(queue_mail(services_, tx, message.shop, mail));
    return services_.outbox.remove(tx, message);
  });
  if (!queued) co_return later("form_digest", queued.error());
  co_return kDone;
}

}  // namespace acquit::notifications
