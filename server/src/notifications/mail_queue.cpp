#include "notifications/mail_queue.h"

#include <algorithm>
#include <utility>

#include "base/form_fields.h"
#include "base/number.h"

namespace acquit::notifications {
namespace {

constexpr std::size_t kIdBytes = 16;
constexpr base::Milliseconds kFirstWait{60'000};
constexpr base::Milliseconds kLongestWait{3'600'000};
constexpr base::Milliseconds kGiveUpAfter{3 * 24 * 3'600'000};

}  // namespace

std::string to_payload(const QueuedMail& queued) {
  const mail::Mail& mail = queued.mail;
  return base::to_form({{"id", mail.id},
                        {"from_name", mail.from_name},
                        {"reply_to", mail.reply_to},
                        {"to", mail.to.empty() ? std::string() : mail.to.front()},
                        {"subject", mail.subject},
                        {"text", mail.text},
                        {"html", mail.html},
                        {"queued_at", std::to_string(base::to_ms(queued.queued_at))},
                        {"refusals", std::to_string(queued.refusals)}});
}

std::optional<QueuedMail> parse_queued_mail(std::string_view payload) {
  const auto fields = base::parse_form(payload);
  if (!fields) return std::nullopt;
  const auto take = [&](std::string_view name) { return std::string(base::field_of(*fields, name)); };
  const auto queued_at = base::parse_int<std::int64_t>(take("queued_at"));
  const auto refusals = base::parse_int<int>(take("refusals"));
  if (!queued_at || !refusals || *refusals < 0) return std::nullopt;
  return QueuedMail{.mail = {.id = take("id"),
                             .from_name = take("from_name"),
                             .reply_to = take("reply_to"),
                             .to = {take("to")},
                             .subject = take("subject"),
                             .text = take("text"),
                             .html = take("html")},
                    .queued_at = base::time_from_ms(*queued_at),
                    .refusals = *refusals};
}

base::Result<void> queue_mail(const payments::Services& services, db::Tx& tx, base::ShopId shop,
                              const mail::Mail& mail) {
  const base::Time now = services.clock.now();
  for (const std::string& recipient : mail.to) {
    QueuedMail queued{.mail = mail, .queued_at = now, .refusals = 0};
    queued.mail.id = services.random.hex(kIdBytes);
    queued.mail.to = {recipient};
    const std::string subject = queued.mail.id;
    ACQUIT_CHECK(services.outbox.add(tx, shop, kTopicMail, subject, to_payload(queued), now));
  }
  return {};
}

std::optional<base::Time> next_mail_try(base::Time queued_at, int refusals, base::Time now) {
  base::Milliseconds wait = kFirstWait;
  for (int i = 1; i < refusals && wait < kLongestWait; ++i) wait *= 2;
  const base::Time next = now + std::min(wait, kLongestWait);
  return next - queued_at > kGiveUpAfter ? std::nullopt : std::optional(next);
}

}  // namespace acquit::notifications
