// The outbox topic `mail`: mails that must not be lost, one message for each recipient, sent again until the server
// takes them or three days have passed.
//
// queue_mail writes in the caller's transaction. Pure but for that; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "db/tx.h"
#include "payments/store/services.h"
#include "platform/mail/mail.h"

namespace acquit::notifications {

inline constexpr std::string_view kTopicMail = "mail";
/// Its payload is the time, in milliseconds, since when a shop's refused forms were not told one by one.
inline constexpr std::string_view kTopicFormDigest = "form_digest";

struct QueuedMail {
  mail::Mail mail;  ///< To one recipient.
  base::Time queued_at;
  int refusals = 0;  ///< How often the server was asked in vain.
};
[[nodiscard]] std::string to_payload(const QueuedMail& queued);
[[nodiscard]] std::optional<QueuedMail> parse_queued_mail(std::string_view payload);

/// Each recipient of `mail` by himself, so that a bad address keeps nothing from the others.
[[nodiscard]] base::Result<void> queue_mail(const payments::Services& services, db::Tx& tx, base::ShopId shop,
                                            const mail::Mail& mail);

/// When to try again after `refusals` refusals: in 1 minute, doubling to 1 hour; nothing once that would be more than
/// three days after it was queued.
[[nodiscard]] std::optional<base::Time> next_mail_try(base::Time queued_at, int refusals, base::Time now);

}  // namespace acquit::notifications
